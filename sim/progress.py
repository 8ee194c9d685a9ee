"""Progress on stderr or in a notebook: a bar with worlds per second.

Silent when nobody looks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(total: int, unit: str = "worlds") -> Iterator[Progress | None]:
    """Show a bar while the block runs and hand it a function to call with (done, total).

    Examples:
        >>> with progress_bar(100) as progress:
        ...     run = sim.run("baghdad-2020", worlds=100, progress=progress)
    """
    if _is_notebook():
        with _in_notebook(total, unit) as show_there:
            yield show_there
        return
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(unit, total=total, rate="")

        def show(done: int, _total: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(task, completed=done, rate=f"{done / elapsed:,.0f}/s" if elapsed else "")

        yield show


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
