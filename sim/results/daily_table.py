"""The daily table: what happened on each day of each world, in the same terms for the record and for lived worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.actions import BY_ID, Act
from sim.errors import InputError, unknown
from sim.scenario.measures import CASUALTIES, COUNTS, FIRE
from sim.world.names import Stage

CLOSING = (Stage.DECIDED, Stage.DRAWDOWN, Stage.CLOSED)

Series = NDArray[Any]


class Acts(NamedTuple):
    """Acts of many worlds, one entry an act, each array of shape (n_acts,).

    Attributes:
        world: row of the world, from 0.
        day: day of the act, from 0.
        act: row of the catalogue.
        number: how many acts the entry stands for.
        casualties: people killed or hurt, by name (`us_killed`, `us_hurt`, `iraqi_killed` ...); absent means none.
    """

    world: NDArray[np.int64]
    day: NDArray[np.int64]
    act: NDArray[np.int64]
    number: NDArray[np.int64]
    casualties: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class DailyTable:
    """Days of worlds from `start` on. Every series has shape (n_worlds, n_days).

    A series is either given, or counted from the acts when somebody asks for it.
    """

    start: date
    n_worlds: int
    n_days: int
    acts: Acts | None = None
    given: Mapping[str, Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, table in self.given.items():
            if table.shape != (self.n_worlds, self.n_days):
                raise ValueError(f"series '{name}' has shape {table.shape}, not {(self.n_worlds, self.n_days)}")

    def series(self, name: str) -> Series:
        """Return a series by name.

        Raises:
            InputError: there is no series of that name, or it was not given and there are no acts to count.
        """
        if name in self.given:
            return self.given[name]
        if self.acts is not None and name in COUNTS:
            return self._count(self.acts, COUNTS[name], self.acts.number)
        if self.acts is not None and name in CASUALTIES:
            people = [self.acts.casualties[party] for party in CASUALTIES[name] if party in self.acts.casualties]
            return self._count(self.acts, FIRE, sum(people, start=np.zeros_like(self.acts.day)))
        counted = [] if self.acts is None else [*COUNTS, *CASUALTIES]
        raise unknown("daily series", name, {*counted, *self.given})

    def _count(self, acts: Acts, ids: tuple[str, ...], weights: NDArray[np.int64]) -> Series:
        wanted = np.isin(acts.act, [BY_ID[name].act for name in ids])
        place = acts.world[wanted] * self.n_days + acts.day[wanted]
        counts = np.bincount(place, weights=weights[wanted], minlength=self.n_worlds * self.n_days)
        return counts.astype(np.int64).reshape(self.n_worlds, self.n_days)

    def window(self, first: int, n_days: int) -> DailyTable:
        """Return `n_days` days from day `first` on as a table of their own.

        Raises:
            InputError: they are not all within the table.
        """
        if not (first >= 0 and n_days > 0 and first + n_days <= self.n_days):
            raise InputError(f"days {first} to {first + n_days - 1} are not all among the {self.n_days} of the table")
        return replace(
            self,
            start=self.start + timedelta(days=first),
            n_days=n_days,
            acts=None if self.acts is None else _between(self.acts, first, first + n_days),
            given={name: table[:, first : first + n_days] for name, table in self.given.items()},
        )


def _between(acts: Acts, first: int, last: int) -> Acts:
    inside = (acts.day >= first) & (acts.day < last)
    casualties = {party: people[inside] for party, people in acts.casualties.items()}
    return Acts(acts.world[inside], acts.day[inside] - first, acts.act[inside], acts.number[inside], casualties)


def weekly(series: Series) -> Series:
    """Sum days to weeks, shape (n_worlds, n_days // 7); days beyond the last full week are left out."""
    n_worlds, n_days = series.shape
    n_weeks = n_days // 7
    return series[:, : 7 * n_weeks].reshape(n_worlds, n_weeks, 7).sum(axis=2)


def longest_quiet(counts: Series) -> NDArray[np.int64]:
    """Return the longest run of days without an event, the open runs at both ends included, shape (n_worlds,)."""
    day = np.arange(counts.shape[1])
    last = np.maximum.accumulate(np.where(counts > 0, day, -1), axis=1)
    return (day - last).max(axis=1)


def daily_from_worlds(start: date, series: Any, events: Any = None, offsets: Any = None) -> DailyTable:
    """Make the daily table of worlds that an ensemble has lived.

    A cut of troops counts when Washington chooses it. A dated step of the calendar had been announced before the first
    day: it moves the level of troops, and is no further cut.

    Args:
        start: first day of the worlds.
        series: (n_worlds, n_days) SERIES of :mod:`sim.world.records`.
        events: EVENT rows of all worlds, world by world; without them only what the series hold can be asked for.
        offsets: (n_worlds + 1,) int; the events of world k are ``events[offsets[k]:offsets[k + 1]]``.
    """
    n_worlds, n_days = series.shape
    levels = {"troops": series["troops"], "truce": series["truce"], "closing": np.isin(series["stage"], CLOSING)}
    if events is None:
        names = [name for name in (*COUNTS, *CASUALTIES) if name in series.dtype.names]
        return DailyTable(start, n_worlds, n_days, given={name: series[name] for name in names} | levels)
    due = (events["act"] == Act.US_CUT_TROOPS) & (events["scripted"] == 1)
    world, events = np.repeat(np.arange(n_worlds), np.diff(offsets))[~due], events[~due]
    parties = {party for parties in CASUALTIES.values() for party in parties}
    acts = Acts(
        world=world,
        day=events["day"].astype(np.int64),
        act=events["act"].astype(np.int64),
        number=np.ones(len(events), dtype=np.int64),
        casualties={party: events[party].astype(np.int64) for party in parties},
    )
    return DailyTable(start, n_worlds, n_days, acts, levels)
