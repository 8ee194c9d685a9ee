"""The daily table of the record: what was reported of each day."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.actions import BY_ID
from sim.analysis.record import TROOP_LEVEL, Event, Record
from sim.errors import InputError
from sim.results.daily_table import Acts, DailyTable, Series
from sim.scenario.measures import CASUALTIES, SWITCHES


def daily_from_record(record: Record, start: date | None = None, end: date | None = None) -> DailyTable:
    """Make the daily table of the record, a single world, from `start` up to but without `end`.

    The number of troops is NaN before the first report of it.

    Raises:
        InputError: the days asked for are not all within the weeks of the record.
    """
    first, last = start or record.start, end or record.end
    if not record.start <= first < last <= record.end:
        raise InputError(f"the record has the days from {record.start} up to {record.end}, not {first} up to {last}")
    n_days = (last - first).days
    events = [event for event in record.events if event.act and first <= event.date < last]
    levels: dict[str, Series] = {"troops": _troops(record.events, first, n_days)}
    levels |= {name: _state(record.events, acts, first, n_days) for name, acts in SWITCHES.items()}
    return DailyTable(
        first, 1, n_days, _acts(events, first), {name: level[np.newaxis] for name, level in levels.items()}
    )


def _acts(events: list[Event], first: date) -> Acts:
    parties = {party for parties in CASUALTIES.values() for party in parties}
    return Acts(
        world=np.zeros(len(events), dtype=np.int64),
        day=np.array([(event.date - first).days for event in events], dtype=np.int64),
        act=np.array([BY_ID[event.act].act for event in events], dtype=np.int64),
        number=np.array([event.count for event in events], dtype=np.int64),
        casualties={party: np.array([getattr(event, party) for event in events], dtype=np.int64) for party in parties},
    )


def _troops(events: tuple[Event, ...], first: date, n_days: int) -> NDArray[np.float64]:
    level = np.full(n_days, np.nan)
    for event in events:
        if event.action == TROOP_LEVEL and event.amount is not None:
            level[max((event.date - first).days, 0) :] = event.amount
    return level


def _state(events: tuple[Event, ...], acts: tuple[str, str], first: date, n_days: int) -> NDArray[np.int64]:
    """Mark the days from the act that begins a state until the day before the one that ends it."""
    begins, ends = acts
    state = np.zeros(n_days, dtype=np.int64)
    for event in events:
        if event.act in (begins, ends):
            state[max((event.date - first).days, 0) :] = event.act == begins
    return state
