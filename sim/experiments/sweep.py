"""A sweep: begun or resumed, its missing parts computed here or by an executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, as_completed
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InputError, SimError
from sim.experiments.check import missing
from sim.experiments.dataset import Sweep
from sim.experiments.designs import Given
from sim.experiments.files import keeping
from sim.experiments.lock import locked
from sim.experiments.part import write_part
from sim.experiments.plan import Plan, SweepSettings, plan_of
from sim.experiments.resume import begin, finish, is_finished, read_manifest, refuse_strangers, stored_plan
from sim.results.folder import refuse_full_disk
from sim.results.run import LEAST_BYTES
from sim.results.store import Overwrite, target_of
from sim.results.temporary import Temporary

Progress = Callable[[int, int], None]
"""Called with the number of worlds that are done and the number in all."""
RESUME = "what is finished is kept: run the same again to go on"


def sweep(
    scenario: Any,
    design: Given = None,
    worlds: int | None = None,
    out: str | Path | Overwrite | None = None,
    settings: SweepSettings | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Live worlds of a scenario at every point of a design.

    A folder that holds part of the same sweep is finished; one that holds all of it is opened. The files are the same
    bytes however often the sweep was interrupted, and whoever computed its parts.

    Args:
        scenario: a :class:`sim.Scenario`, the name of a shipped one, or a path.
        design: what varies: values by path for a grid, as ``{"us.red_line": [1, 2], "us.rationality": "0.5:3:6"}``; a
            :class:`sim.Design`; a table of points or a file of one; by default the design of the scenario.
        worlds: worlds at each point; by default the design's, or else 500.
        out: folder to write; by default one that goes with the object. A sweep of something else that is there is
            replaced only when the folder is given as :class:`sim.results.Overwrite`.
        settings: depth, luck, threads, size of the files, executor.
        progress: called as worlds are lived.

    Raises:
        InputError: the design cannot be used, the folder holds something else or a sweep of something else, another
            process is writing it, or the disk refuses.
        SimError: workers of the executor died; the folder can be resumed.

    Examples:
        >>> sim.sweep("baghdad-2020", {"us.red_line": [1, 2, 3]}, worlds=20).points["us.red_line"].tolist()
        [1.0, 2.0, 3.0]
    """
    settings = settings or SweepSettings()
    return carry_out(plan_of(scenario, design, worlds, settings), out, settings, progress)


def carry_out(
    plan: Plan, out: str | Path | Overwrite | None, settings: SweepSettings, progress: Progress | None
) -> Sweep:
    """Begin or resume the sweep of a plan and finish it; arguments and errors as for :func:`sweep`."""
    if out is None:
        temporary = Temporary("sim-sweep-")
        _compute(temporary.path, plan, settings, progress)
        return Sweep(temporary.path, plan, temporary)
    folder, may_replace = target_of(out)
    folder = folder.absolute()
    if may_replace or not is_finished(folder, plan):
        _compute(folder, plan, settings, progress, may_replace)
    return Sweep(folder, plan)


def _compute(
    folder: Path, plan: Plan, settings: SweepSettings, progress: Progress | None, may_replace: bool = False
) -> None:
    """Begin or resume, compute what is missing, finish."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file; a sweep needs a folder")
    with keeping(folder):
        folder.mkdir(parents=True, exist_ok=True)
        refuse_strangers(folder, may_replace)
        with locked(folder):
            begin(folder, plan, may_replace)
            parts = missing(folder, plan, read_manifest(folder))
            refuse_full_disk(folder, LEAST_BYTES * sum(map(plan.layout.rows, parts)))
            total = len(plan.table) * plan.worlds
            tell = _Tally(total - sum(map(plan.layout.rows, parts)), total, progress).add
            if settings.executor is None:
                for part in parts:
                    write_part(folder, plan, part, settings.threads, tell)
            else:
                for worlds in _spread(folder, plan, parts, settings):
                    tell(worlds)
            finish(folder, plan)


class _Tally:
    """Adds up worlds for whoever shows the progress."""

    def __init__(self, done: int, total: int, progress: Progress | None) -> None:
        self._done = done
        self._total = total
        self._progress = progress

    def add(self, worlds: int) -> None:
        self._done += worlds
        if self._progress:
            self._progress(self._done, self._total)


def _spread(folder: Path, plan: Plan, parts: list[int], settings: SweepSettings) -> Iterator[int]:
    """Let an executor write the parts; gives the worlds of each as it is finished.

    Raises:
        SimError: its workers died, or it gave the work up.
    """
    executor: Executor = settings.executor  # type: ignore[assignment]
    threads = settings.threads or 1
    waiting = [executor.submit(work_on, str(folder), plan.key, part, threads) for part in parts]
    try:
        for future in as_completed(waiting):
            yield future.result()
    except BrokenExecutor as error:
        raise SimError(f"a worker process died ({error}); {RESUME}") from error
    except CancelledError as error:
        raise SimError(f"the executor gave up what it was to do; {RESUME}") from error
    finally:
        for future in waiting:
            future.cancel()


def work_on(folder: str, key: str, part: int, threads: int) -> int:
    """What a worker does: write one part of the sweep in a folder that it shares with whoever asks.

    Raises:
        InputError: this worker does not see the folder, or cannot write it.
        SimError: this worker would compute something else than was asked for.
    """
    return write_part(Path(folder), _plan_in(folder, key), part, threads)


@lru_cache(maxsize=4)
def _plan_in(folder: str, key: str) -> Plan:
    plan = stored_plan(Path(folder), trust=True)
    if plan.key != key:
        raise SimError(
            f"a worker has another version of the program, its rules or its libraries than '{folder}' was begun with"
        )
    return plan
