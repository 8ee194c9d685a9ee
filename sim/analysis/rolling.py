"""Forecasts from one start date after another, each from what was known on its morning, scored on what followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.baselines import Counts, Forecaster
from sim.analysis.record import Record
from sim.analysis.scores import score_counts
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

CHANNELS = ("rockets", "ieds")
WeekForecast = Callable[[Record, int, np.random.Generator], Mapping[str, Counts]]
"""From the record up to the start date (which is its end) and a number of weeks: draws of each channel of CHANNELS,
shape (draws, weeks)."""


def from_counts(forecaster: Forecaster, draws: int) -> WeekForecast:
    """Turn a forecaster of counts into one of both channels, each from its own past weeks."""

    def forecast(known: Record, ahead: int, rng: np.random.Generator) -> dict[str, Counts]:
        return {channel: forecaster(known.weekly(channel), ahead, draws, rng) for channel in CHANNELS}

    return forecast


def start_dates(first: date, last: date, step_weeks: int) -> tuple[date, ...]:
    """Return dates from first to last, `step_weeks` apart; the last one always among them."""
    days = range(0, (last - first).days, 7 * step_weeks)
    return (*(first + timedelta(days=day) for day in days), last)


def read_starts(text: str) -> tuple[date, ...]:
    """Return start dates from a text: dates with commas between them, or ``first:last:weeks`` for every so many weeks.

    Raises:
        InputError: the text is neither.
    """
    try:
        if ":" not in text:
            return tuple(sorted({date.fromisoformat(each.strip()) for each in text.split(",")}))
        ends, weeks = text.split(":")[:-1], int(text.rsplit(":", maxsplit=1)[-1])
        first, last = (date.fromisoformat(end) for end in ends)
        if weeks < 1 or first > last:
            raise ValueError
    except ValueError:
        raise InputError(
            f"'{text}' is no list of start dates; allowed: dates as 2020-10-12,2020-11-09, "
            "or first:last:weeks as 2020-03-02:2020-09-28:4"
        ) from None
    return start_dates(first, last, weeks)


def rolling_scores(
    record: Record, forecast: WeekForecast, starts: Sequence[date], ahead: int, seed: int
) -> pd.DataFrame:
    """Score forecasts of the `ahead` weeks (fewer at the end of the record) that follow each start date.

    Returns a row for each start, channel and week: `start`, `channel`, `week_ahead` (from 1), `observed` and the
    columns of :class:`sim.analysis.scores.CountScores`. Each start has its own chance, drawn from `seed` and its date.

    Raises:
        InputError: a start date is not the first day of a week of the record that has a week before it.
        MissingExtra: `scoringrules` is not installed.
    """
    import pandas as pd

    return pd.DataFrame([row for start in starts for row in _from_start(record, forecast, start, (ahead, seed))])


def _from_start(record: Record, forecast: WeekForecast, start: date, plan: tuple[int, int]) -> Iterator[dict[str, Any]]:
    known, future = record.before(start), record.since(start)
    if not (known.weeks and future.weeks and known.end == start == future.start):
        raise InputError(f"{start} is not the first day of a week of the record with a week before it")
    ahead, seed = plan
    rng = np.random.default_rng([seed, start.toordinal()])
    n_weeks = min(ahead, len(future.weeks))
    draws = forecast(known, n_weeks, rng)
    for channel in CHANNELS:
        observed, low, high = (future.weekly(channel + end)[:n_weeks] for end in ("", "_low", "_high"))
        scores = score_counts(draws[channel], observed, (low, high), rng)
        for week in range(n_weeks):
            row = {"start": start, "channel": channel, "week_ahead": week + 1, "observed": observed[week]}
            yield row | {name: values[week] for name, values in scores._asdict().items()}
