"""Outcomes as rows of the table on the page, and worlds in which one of them comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sim.analysis.layout import points, points_span
from sim.results.numbers import plain
from sim.results.pick import representative
from sim.results.scores import each
from sim.results.summary import estimated

if TYPE_CHECKING:
    from sim.dashboard.living import Shown

MOST_EXAMPLES = 10


class Examples(NamedTuple):
    """Worlds with something in common: which they are, in words; how many; the numbers of some of them."""

    label: str
    size: int
    worlds: list[int]


def outcome_rows(shown: Shown) -> list[dict[str, Any]]:
    """One row an outcome question, in the order of the report, fit for JSON.

    Each holds share and interval as numbers (None for the interval of what the scenario itself settles) and in words;
    with a baseline also its share, the paired difference in percentage points and whether its sign is settled.
    """
    moves = {} if shown.comparison is None else {row.outcome: row for row in each(shown.comparison.differences)}
    return [_row(row, moves.get(row.outcome)) for row in each(shown.run.probabilities())]


def _row(row: Any, move: Any) -> dict[str, Any]:
    text, span = estimated(row)
    return {
        "outcome": row.outcome,
        "title": row.title,
        "definition": row.definition,
        "share": float(row.estimate),
        "low": plain(row.low),
        "high": plain(row.high),
        "text": text,
        "interval": span,
        "move": None if move is None else _move(move),
    }


def _move(move: Any) -> dict[str, Any]:
    return {
        "base": float(move.base),
        "text": points(move.difference, move.low, move.high),
        "interval": points_span(move.low, move.high) if move.settled != "both" else "both settle it",
        "settled": bool(move.low > 0 or move.high < 0),
    }


def examples(shown: Shown, outcome: str) -> list[Examples]:
    """Worlds in which an outcome comes, the most ordinary of them first; with a baseline also those that turn."""
    outcomes = shown.run.outcomes
    came = outcomes[outcome].to_numpy(dtype=bool)
    groups = [_group("in which it comes", outcomes, came)]
    if shown.comparison is None:
        return [*groups, _group("in which it does not come", outcomes, ~came)]
    before = shown.comparison.base.outcomes[outcome].to_numpy(dtype=bool)
    turned = {"that turn to it": came & ~before, "that turn away from it": before & ~came}
    return groups + [_group(label, outcomes, chosen) for label, chosen in turned.items()]


def _group(label: str, outcomes: pd.DataFrame, chosen: Any) -> Examples:
    found = outcomes[chosen]
    if found.empty:
        return Examples(label, 0, [])
    first = representative(found)
    rest = [int(world) for world in found["world"] if world != first]
    return Examples(label, len(found), [first, *rest[: MOST_EXAMPLES - 1]])
