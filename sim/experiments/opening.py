"""Open a folder of results, whatever was written there."""

from __future__ import annotations

from pathlib import Path

from sim.experiments.dataset import Sweep, open_sweep
from sim.experiments.resume import is_sweep
from sim.results.run import Run
from sim.results.run import open_run as open_single


def open_run(folder: str | Path) -> Run | Sweep:
    """Open the folder of a run or of a sweep.

    Raises:
        InputError: it does not exist, holds neither, is one of another version, or is unfinished.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> lived = sim.run(short, worlds=20, out="out/short")
        >>> sim.open_run("out/short").worlds
        20
    """
    return open_sweep(folder) if is_sweep(Path(folder)) else open_single(folder)
