"""Outcomes in words: the labels of a world, and the yes-or-no questions asked of it, each defined once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.results.columns import value_counts
from sim.results.intervals import wilson
from sim.world.names import Embassy, TruceFate, Violence
from sim.world.records import OUTCOME


class Question(NamedTuple):
    """A yes-or-no question about a world.

    Attributes:
        column: boolean column of the outcomes.
        title: what happened, in a few words.
        definition: when the answer is yes, in one sentence.
    """

    column: str
    title: str
    definition: str


OUTCOME_QUESTIONS: tuple[Question, ...] = (
    Question("closing_decided", "Closure decided", "Washington decides to close the embassy and starts the clock."),
    Question("partial", "Partial withdrawal", "Washington withdraws part of the embassy staff for a time."),
    Question("reversed", "Closure reversed", "Washington takes back a closure that it had decided."),
    Question("closed", "Embassy closed", "The closure is complete at the horizon."),
    Question("embassy_stormed", "Compound stormed", "A group leads a crowd into an American compound."),
    Question("us_death", "American killed", "Hostile fire kills at least one American."),
    Question("us_struck", "US strike", "US forces strike a group in Iraq or kill a commander there."),
    Question("commander_killed", "Commander killed", "US forces kill the commander of a group or of Iran in Iraq."),
    Question("missiles_fired", "Iranian missiles", "Iran fires ballistic missiles from its own soil."),
    Question("exchange", "US-Iran exchange", "US forces strike in Iraq, and Iran fires missiles or is struck itself."),
    Question("war", "Sustained war", "Control is lost after both sides acted on rung 10 or above within five days."),
    Question(
        "battle_zone",
        "Battle zone",
        "War, a US-Iran exchange, or a campaign, killing or second strike by the US that is answered within 14 days by"
        " lethal or massed violence against Americans.",
    ),
    Question("truce_held", "Truce held", "Groups declare a truce, and neither its end nor a rocket breaks it."),
    Question("truce_broken", "Truce broken", "Groups declare a truce, and it ends or a rocket breaks it."),
    Question("coalition_left", "Coalition leaves", "Western partners draw down their own missions."),
    Question("aid_withheld", "Aid withheld", "Washington withholds World Bank and IMF aid."),
    Question("expulsion_ordered", "Expulsion ordered", "A binding vote orders US forces out of Iraq."),
    Question("expulsion_carried_out", "Expulsion carried out", "No US forces are left in Iraq after such an order."),
    Question("authority_lost", "Authority lost", "Baghdad's authority falls below the least with which it governs."),
)
"""In the order in which tables and figures show them."""

LABELS: dict[str, type[IntEnum]] = {"embassy": Embassy, "force": Violence, "truce": TruceFate}
"""Columns that hold one of several outcomes."""

FIRST_DAYS: dict[str, str] = {
    "strike_day": "first US strike",
    "us_death_day": "first American killed",
    "truce_day": "truce",
    "closure_decided_day": "closure decided",
    "closure_day": "embassy closed",
    "missile_day": "Iranian missiles",
    "war_day": "sustained war",
}
"""Columns with the day of a first event, -1 where it never came, and what the event is."""

DEATHS: dict[str, str] = {
    "us_killed": "American",
    "coalition_killed": "coalition",
    "iraqi_killed": "Iraqi forces and civilians",
    "militia_killed": "militia",
    "iranian_killed": "Iranian",
}
"""Columns with the dead of each party."""

FLAGS = tuple(question.column for question in OUTCOME_QUESTIONS if question.column in (OUTCOME.names or ()))


def label(member: IntEnum) -> str:
    """The name of a member of an enumeration in words: ``US_STRIKES`` is ``US strikes``."""
    return " ".join(word if word in ("US",) else word.lower() for word in member.name.split("_"))


def decode(rows: Any) -> pd.DataFrame:
    """Turn (n,) OUTCOME records into a table, one row a world.

    Labels become ordered categories (``embassy``) beside their codes (``embassy_code``), 0-1 columns become booleans,
    and the questions that follow from a label get a column each. Whole numbers are kept in 32 bits, worlds in 64.
    """
    columns: dict[str, Any] = {"world": rows["world"].astype(np.int64)}
    for name in (OUTCOME.names or ())[1:]:
        columns |= _column(name, np.asarray(rows[name]))
    columns["truce_held"] = columns["truce_code"] == TruceFate.HELD
    columns["truce_broken"] = columns["truce_code"] == TruceFate.BROKEN
    return pd.DataFrame(columns)


def _column(name: str, values: np.ndarray) -> dict[str, Any]:
    if name in LABELS:
        words = pd.Index([label(member) for member in LABELS[name]])
        return {
            name: pd.Categorical.from_codes(values.astype(np.int64), words, ordered=True),
            f"{name}_code": values.astype(np.int8),
        }
    if name in FLAGS:
        return {name: values != 0}
    if values.dtype.kind == "f":
        return {name: values}
    return {name: values.astype(np.int32)}


def each(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table; the columns are their attributes."""
    return iter(table.itertuples())


def probabilities(outcomes: pd.DataFrame, why: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Answer each question: outcome, title, estimate, low, high (Wilson, 95 %), happened, worlds, settled, definition.

    Args:
        outcomes: one row a world.
        why: outcomes that the scenario settles, by column, and why: they have no interval, and ``settled`` says why; it
            is empty for all others.
    """
    reasons = [(why or {}).get(question.column, "") for question in OUTCOME_QUESTIONS]
    table = pd.DataFrame(
        {
            "outcome": [question.column for question in OUTCOME_QUESTIONS],
            "title": [question.title for question in OUTCOME_QUESTIONS],
            **counted([int(outcomes[question.column].sum()) for question in OUTCOME_QUESTIONS], len(outcomes)),
            "settled": reasons,
            "definition": [question.definition for question in OUTCOME_QUESTIONS],
        }
    )
    return without_interval(table)


def without_interval(table: pd.DataFrame) -> pd.DataFrame:
    """A table of shares whose rows that are ``settled`` have no interval."""
    ends = ["low", "high"]
    return table.assign(**{end: table[end].where(table["settled"] == "", np.nan) for end in ends})


def counted(happened: Sequence[int], worlds: int) -> dict[str, Any]:
    """Columns of a table of shares, one row a count of worlds: estimate, low, high (Wilson, 95 %), happened, worlds."""
    counts = np.array(happened, dtype=np.int64)
    low, high = wilson(counts, np.full(len(counts), worlds))
    columns = {"estimate": counts / max(worlds, 1), "low": low, "high": high, "happened": counts}
    return columns | {"worlds": np.full(len(counts), worlds)}


def shares(outcomes: pd.DataFrame, column: str) -> pd.DataFrame:
    """How the worlds divide among the values of a column: value, estimate, low, high (Wilson, 95 %), happened."""
    counts = outcomes[column].value_counts(sort=False).sort_index()
    low, high = wilson(counts.to_numpy(), np.full(len(counts), len(outcomes)))
    table = {
        "value": counts.index.tolist(),
        "estimate": counts.to_numpy() / max(len(outcomes), 1),
        "low": low,
        "high": high,
        "happened": counts.to_numpy(),
    }
    return pd.DataFrame(table)


def first_days(outcomes: pd.DataFrame, start: date) -> pd.DataFrame:
    """When first events came, among the worlds in which they did: event, estimate, worlds, early, median, late (dates).

    ``early`` and ``late`` bound the middle half of these worlds.
    """
    rows = []
    for column, event in FIRST_DAYS.items():
        days = outcomes.loc[outcomes[column] >= 0, column].to_numpy()
        dates = [start + timedelta(days=int(day)) for day in _quartiles(days)]
        early, median, late = dates or (None, None, None)
        rows.append((column, event, len(days) / max(len(outcomes), 1), len(days), early, median, late))
    return pd.DataFrame(rows, columns=["column", "event", "estimate", "worlds", "early", "median", "late"])


def _quartiles(days: np.ndarray) -> np.ndarray:
    if len(days) == 0:
        return days
    return np.quantile(days, [0.25, 0.5, 0.75], method="inverted_cdf")


def casualties(outcomes: pd.DataFrame) -> pd.DataFrame:
    """The dead of each party: party, mean, its standard error, median, high (95th percentile), most, any.

    ``most`` is of the worlds that were lived, ``any`` the share of worlds with a death.
    """
    rows = []
    for column, party in DEATHS.items():
        dead = value_counts(outcomes, column)
        high, most, none = int(dead.quantile(0.95)), int(dead.values[-1]), int(dead.worlds[dead.values == 0].sum())
        some = float(dead.worlds.sum() - none) / dead.worlds.sum()
        rows.append((column, party, dead.mean, dead.error, int(dead.median), high, most, some))
    return pd.DataFrame(rows, columns=["column", "party", "mean", "error", "median", "high", "most", "any"])
