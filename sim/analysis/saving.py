"""The small folder that an analysis writes: summary, numbers, tables, figures; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.results.export import inert_cells
from sim.results.folder import write_json
from sim.results.report import inert
from sim.results.store import (
    Kind,
    Overwrite,
    facts_below,
    new_folder,
    path_of,
    refuse_taken,
    refuse_unwritable,
    settle,
    writing,
)

NUMBERS = "numbers.json"
FORMAT = "escalation-sim analysis"
ANALYSIS = Kind("analysis", NUMBERS, FORMAT)


def save_analysis(
    folder: str | Path,
    numbers: Mapping[str, Any],
    summary: str,
    tables: Mapping[str, pd.DataFrame],
    draw: Callable[[Path], Any],
) -> Path:
    """Write an analysis into a folder.

    Args:
        folder: new or empty, or one that holds an earlier analysis, whose files are replaced; others stay.
        numbers: content of ``numbers.json``.
        summary: content of ``summary.md``.
        tables: each is written as ``NAME.csv``.
        draw: draws the figures into a folder.

    Raises:
        InputError: the folder cannot be written, or holds something else.
    """
    with new_folder(Overwrite(folder), ANALYSIS) as draft:
        draw(draft)
        for name, rows in tables.items():
            inert_cells(rows).to_csv(draft / f"{name}.csv", index=False, lineterminator="\n")
        (draft / "summary.md").write_text(inert(summary), encoding="utf-8", newline="\n")
        write_json(draft / NUMBERS, {"format": FORMAT, "files": facts_below(draft)} | dict(numbers))
    return Path(folder)


def refuse_target(folder: str | Path) -> None:
    """Check, before anything is lived, that an analysis can be saved in a folder.

    Raises:
        InputError: it cannot; see :func:`save_analysis`.
    """
    given = path_of(folder)
    with writing(given):
        target = given.resolve()
        settle(target)
        refuse_taken(target, ANALYSIS, True, given)
        refuse_unwritable(target)
