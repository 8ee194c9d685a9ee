"""Numbers and tables as the terminal and summaries show them."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pandas as pd

from sim.results.scores import each
from sim.results.words import percent


def points(difference: float) -> str:
    """A difference of shares in percentage points: ``+6.8``."""
    return f"{100 * difference:+.1f}"


def value(amount: float, is_share: bool) -> str:
    """A mean as tables write it: a share in per cent, anything else with two digits."""
    return percent(amount) if is_share else f"{amount:.2f}"


def plain_table(heads: list[str], rows: list[list[str]], text: int = 1) -> Any:
    """A table without lines; the first ``text`` columns are words, the others numbers; only heads are broken."""
    from rich.table import Table

    page = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for k, head in enumerate(heads):
        page.add_column(head, justify="left" if k < text else "right", no_wrap=k < text)
    for row in rows:
        page.add_row(*row[:text], *(cell.replace(" ", "\u00a0") for cell in row[text:]))
    return page


def largest(rows: pd.DataFrame, column: str) -> Any:
    """The row with the largest value of a column, its columns as attributes; the first of equals."""
    return next(each(rows.nlargest(1, column)))


def as_text(shown: Any, width: int = 110) -> str:
    """What rich would print, without colours."""
    from rich.console import Console

    page = StringIO()
    Console(file=page, width=width, color_system=None, force_terminal=False, legacy_windows=False).print(shown)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())
