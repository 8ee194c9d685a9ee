"""Progress: a bar with worlds per second on a terminal or in a notebook, elsewhere a line a minute in the log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic as clock

from sim.log import FACTS, wants_bars

Progress = Callable[[int, int], None]
EVERY = 60.0
"""Seconds between two lines in the log."""
log = logging.getLogger("sim.progress")


@contextmanager
def progress_bar(total: int, unit: str = "worlds") -> Iterator[Progress | None]:
    """Show how far the work is while the block runs, and hand it a function to call with (done, total).

    A bar on a terminal or in a notebook; elsewhere a line a minute in the log ``sim.progress``, at level INFO.

    Args:
        total: how much there is to do, as far as is known; the function is told anew.
        unit: what is counted.

    Yields:
        The function, or None where nobody looks.

    Examples:
        >>> with progress_bar(100) as progress:
        ...     run = sim.run("baghdad-2020", worlds=100, progress=progress)
    """
    with _way()(total, unit) as show:
        yield show


def _way() -> Callable[[int, str], AbstractContextManager[Progress | None]]:
    """Where somebody looks."""
    if _is_notebook():
        return _in_notebook
    if sys.stderr is not None and sys.stderr.isatty() and wants_bars():
        return _on_terminal
    return _in_log if log.isEnabledFor(logging.INFO) else _nowhere


@contextmanager
def _nowhere(_total: int, _unit: str) -> Iterator[None]:
    yield None


@contextmanager
def _on_terminal(total: int, unit: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(unit, total=total, rate="")

        def show(done: int, most: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(task, completed=done, total=most, rate=f"{done / elapsed:,.0f}/s" if elapsed else "")

        yield show


@contextmanager
def _in_log(total: int, unit: str) -> Iterator[Progress]:
    """A line a minute, so that the log of a long job shows that it lives, and that of a short one stays empty."""
    started = said = clock()

    def show(done: int, most: int) -> None:
        nonlocal said, total
        total = most
        if clock() - said >= EVERY:
            said = clock()
            _say(done, most, unit, said - started)

    yield show
    level = logging.INFO if said > started else logging.DEBUG
    log.log(level, "done: %s in %s", _amount(total, unit), _time(clock() - started))


def _say(done: int, total: int, unit: str, seconds: float) -> None:
    """How far it is, how fast, and how long it will go on if it stays so."""
    left = seconds * (total - done) / done if done else None
    ahead = f", about {_time(left)} left" if left is not None else ""
    facts = {"done": done, "total": total, "unit": unit, "seconds": round(seconds, 1)}
    message = "%s after %s%s"
    log.info(message, _amount(done, unit, total), _time(seconds), ahead, extra={FACTS: facts})


def _amount(done: int, unit: str, total: int | None = None) -> str:
    """How much, in words: a share has its unit and no total."""
    if unit.startswith("%"):
        return f"{done} {unit}"
    return f"{done:,} {unit}" if total is None else f"{done:,} of {total:,} {unit}"


def _time(seconds: float) -> str:
    """A span of time in minutes, or in seconds where it is short."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"


def _is_notebook() -> bool:
    """Whether a Jupyter kernel runs this code. That IPython is loaded is not enough: a web server loads it too."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


@contextmanager
def _in_notebook(total: int, unit: str) -> Iterator[Progress]:
    """The browser's own bar in the output of a cell, taken away at the end; needs no widgets."""
    from time import perf_counter

    from IPython.display import HTML, display

    started, place = perf_counter(), display(HTML(""), display_id=True)

    def show(done: int, most: int) -> None:
        rate = done / max(perf_counter() - started, 1e-9)
        text = f"{done:,} of {most:,} {unit}, {rate:,.0f}/s"
        place.update(HTML(f'<progress value="{done}" max="{most}"></progress> {text}'))

    show(0, total)
    yield show
    place.update(HTML(""))
