"""What analyses measure of a world: the yes-or-no questions of the report, and a few counts and levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.idle import refuse_twice
from sim.errors import unknown
from sim.results.scores import DEATHS, OUTCOME_QUESTIONS

SHARE = "share of worlds"


class Indicator(NamedTuple):
    """One number of a world.

    Attributes:
        column: column of the outcomes.
        title: what it is, in a few words.
        unit: unit of its mean over worlds; :data:`SHARE` for a yes-or-no question.
    """

    column: str
    title: str
    unit: str

    @property
    def is_share(self) -> bool:
        """Whether the indicator is the answer to a yes-or-no question."""
        return self.unit == SHARE


INDICATORS: dict[str, Indicator] = {
    each.column: each
    for each in (
        *(Indicator(question.column, question.title, SHARE) for question in OUTCOME_QUESTIONS),
        Indicator("top_rung", "Highest rung", "rungs"),
        Indicator("rockets", "Rocket attacks", "attacks a world"),
        Indicator("ieds", "Convoy bombs", "attacks a world"),
        Indicator("us_strikes", "US strikes", "strikes a world"),
        Indicator("severity", "Severity (EscalAItion)", "points"),
        *(Indicator(column, f"Killed: {party}", "people a world") for column, party in DEATHS.items()),
        Indicator("authority_end", "Authority of Baghdad at the end", "0 to 1"),
    )
}
"""By column, in the order of tables."""

USUAL = ("closing_decided", "us_death", "us_struck", "battle_zone", "truce_broken", "top_rung", "rockets", "ieds")
"""Columns looked at when the user names none."""


def indicators(names: Iterable[str] | None = None) -> tuple[Indicator, ...]:
    """The indicators of some names; the usual ones by default.

    Raises:
        InputError: there is no such indicator, or one is named twice.
    """
    wanted = list(names or USUAL)
    refuse_twice("--outcome", wanted)
    for name in wanted:
        if name not in INDICATORS:
            raise unknown("outcome", name, INDICATORS)
    return tuple(INDICATORS[name] for name in wanted)


def measure(outcomes: pd.DataFrame, wanted: Sequence[Indicator]) -> NDArray[np.float64]:
    """The indicators of every world: (worlds, indicators); a yes is 1."""
    return np.column_stack([outcomes[each.column].to_numpy(dtype=np.float64) for each in wanted])
