"""Progress on stderr: a bar with worlds per second, silent when nobody looks; and one line when rules must compile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(total: int, unit: str = "worlds") -> Iterator[Progress | None]:
    """Show a bar while the block runs and hand it a function to call with (done, total).

    Says once, on stderr, that rules are being compiled when no compiled copy is on disk.
    """
    from sim.compiled import is_compiled

    if not is_compiled():
        print("Compiling the rules for this version, once; this takes about a minute ...", file=sys.stderr, flush=True)
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
