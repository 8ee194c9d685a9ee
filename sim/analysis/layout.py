"""Numbers and tables as the terminal and summaries show them."""

from __future__ import annotations

import math
from io import StringIO
from typing import Any

import pandas as pd

from sim.results.scores import each
from sim.results.words import COARSE, amount, decimals, measured


def points(difference: float, low: float, high: float) -> str:
    """A difference of shares in percentage points, with the digits that its interval bears: ``+6.8``, ``+12``."""
    return _signed(100 * difference, 0 if high - low >= COARSE else 1)


def points_span(low: float, high: float) -> str:
    """The interval of a difference of shares in percentage points: ``+5.9 to +7.7``."""
    return f"{points(low, low, high)} to {points(high, low, high)}"


def change(difference: float, low: float, high: float) -> str:
    """A difference of means, with the digits that its interval bears."""
    return _signed(difference, decimals((high - low) / 4.0))


def change_span(low: float, high: float) -> str:
    """The interval of a difference of means: ``-0.31 to -0.12``."""
    return f"{change(low, low, high)} to {change(high, low, high)}"


def value(mean: float, is_share: bool, error: float) -> str:
    """A mean as tables write it, with the digits that its standard error bears: a share in per cent, or a number."""
    return measured(mean, mean - 2.0 * error, mean + 2.0 * error) if is_share else amount(mean, error)


def fine(number: float, half: float) -> str:
    """A number of any size, with the digits that half its interval bears: two of that half."""
    if not math.isfinite(half) or half <= 0.0:
        return f"{number:.3g}"
    return f"{number:.{max(0, 1 - math.floor(math.log10(half)))}f}"


def _signed(number: float, digits: int) -> str:
    """A number with its sign; 0 has none."""
    text = f"{number:+.{digits}f}"
    return text if float(text) else f"{0:.{digits}f}"


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
