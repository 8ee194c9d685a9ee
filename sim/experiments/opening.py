"""Open a folder of results, whatever was written there."""

from __future__ import annotations

from pathlib import Path

from sim.experiments.dataset import Sweep, open_sweep
from sim.experiments.resume import is_sweep
from sim.results.run import Run
from sim.results.run import open_run as open_single
from sim.results.store import path_of


def open_run(folder: str | Path, trust: bool = False) -> Run | Sweep:
    """Open the folder of a run or of a sweep.

    Args:
        folder: the folder.
        trust: whether modules of policies that it names may be imported when its worlds are lived again, which runs
            their code; by default only those that this program has been asked for otherwise.

    Raises:
        InputError: it does not exist, holds neither, is one of another version, is unfinished, or is not what was
            written.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> lived = sim.run(short, worlds=20, out="out/short")
        >>> sim.open_run("out/short").worlds
        20
    """
    folder = path_of(folder)
    return open_sweep(folder, trust) if is_sweep(folder) else open_single(folder, trust)
