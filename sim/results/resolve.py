"""How a dated question is resolved: the same code answers it on the record and on every world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.results.daily_table import DailyTable, longest_quiet
from sim.scenario.question import COMPARISONS, Question

Series = NDArray[Any]


def resolve(question: Question, daily: DailyTable) -> NDArray[np.bool_]:
    """Answer a question in every world, shape (n_worlds,).

    Raises:
        InputError: the days asked about are not all in the table, or the table lacks a series.
    """
    days = question.days(daily.start, daily.n_days)
    if not days:
        raise InputError(
            f"question '{question.id}' asks about days that are not all in the {daily.n_days} from {daily.start}"
        )
    series = daily.series(question.measure)
    if question.after:
        series = series * _lies_after(daily.series(question.after) > 0, question)
    value = _statistic(question, series[:, days.start : days.stop])
    return np.asarray(COMPARISONS[question.comparison](value, question.threshold))


def _statistic(question: Question, series: Series) -> Series:
    match question.statistic:
        case "total":
            return series.sum(axis=1)
        case "peak":
            width = min(question.window_days, series.shape[1])
            return _sums(series, width).max(axis=1)
        case "low":
            return series.min(axis=1)
        case "last":
            return series[:, -1]
        case _:
            return longest_quiet(series)


def _sums(series: Series, width: int) -> Series:
    return np.lib.stride_tricks.sliding_window_view(series, width, axis=1).sum(axis=-1)


def _lies_after(events: NDArray[np.bool_], question: Question) -> NDArray[np.bool_]:
    """Mark the days that have an event between `after_from` and `after_to` days back."""
    n_worlds, n_days = events.shape
    before = np.concatenate([np.zeros((n_worlds, 1), dtype=np.int64), events.cumsum(axis=1)], axis=1)
    day = np.arange(n_days)
    newest = np.clip(day - question.after_from + 1, 0, n_days)
    oldest = np.zeros_like(day) if question.after_to is None else np.clip(day - question.after_to, 0, n_days)
    return before[:, newest] > before[:, oldest]
