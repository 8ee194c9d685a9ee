"""Dated questions about the future, resolved by the same code on the record and on every world."""

# ruff: noqa: RUF009 - a column is a dataclass field, and a function declares it

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.daily import CASUALTIES, COUNTS, LEVELS, DailyTable
from sim.analysis.record import SHIPPED
from sim.analysis.rows import Row, cell, choice, number, read_rows, row_of, whole, words
from sim.analysis.summary import longest_quiet
from sim.errors import InputError

COMPARISONS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq}
STATISTICS = ("total", "peak", "low", "last", "quiet_run")
"""Sum over the days; largest sum over `window_days` (a day by default); smallest value; value on the last day; longest
run of days without an event."""

Series = NDArray[Any]


def _day_or_date(text: str) -> int | date:
    return int(text) if text.isdecimal() else date.fromisoformat(text)


@dataclass(frozen=True, kw_only=True)
class Question(Row):
    """A yes-or-no question: does a statistic of a daily series compare so with the threshold?

    Attributes:
        id: short name.
        text: the question in words; `{end}` stands for the last day asked about.
        measure: daily series that is looked at.
        statistic: what is made of its days, one of STATISTICS.
        comparison: how it is compared with the threshold.
        threshold: number it is compared with.
        opens: first day asked about, a number from 0 or a date; the first day of the table if not said.
        closes: last day asked about, likewise.
        window_days: length in days of the window of `peak`.
        after: daily series; only days count on which one of its events lies `after_from` to `after_to` days back.
        after_from: shortest such distance; 0 lets the same day count.
        after_to: longest such distance; any if not said.
        base_rates: names of base rates that an outsider would ask, apart by spaces.
    """

    id: str = words()
    text: str = words()
    measure: str = choice((*COUNTS, *CASUALTIES, *LEVELS))
    statistic: str = choice(STATISTICS)
    comparison: str = choice(COMPARISONS)
    threshold: float = number()
    opens: int | date | None = cell(_day_or_date, "a day number from 0, or a date such as 2020-11-03", None)
    closes: int | date | None = cell(_day_or_date, "a day number from 0, or a date such as 2020-11-03", None)
    window_days: int = whole(1)
    after: str = choice((*COUNTS, *CASUALTIES), "")
    after_from: int = whole(0)
    after_to: int | None = whole(None)
    base_rates: tuple[str, ...] = cell(lambda text: tuple(text.split()), "names of base rates", ())

    def fault(self) -> str:
        """A window of some days, and `after` with what sums."""
        if self.window_days < 1:
            return "column 'window_days': a window has at least 1 day"
        if self.after and self.statistic not in ("total", "peak"):
            return f"column 'after': goes with total and peak, not with {self.statistic}"
        if self.after_to is not None and self.after_to < self.after_from:
            return f"column 'after_to': {self.after_to} lies before after_from {self.after_from}"
        return ""

    def days(self, start: date, n_days: int) -> range:
        """Return the days asked about, in a table of `n_days` from `start`; empty if they are not all in it."""
        first = 0 if self.opens is None else _number(self.opens, start)
        last = n_days - 1 if self.closes is None else _number(self.closes, start)
        return range(first, last + 1) if first >= 0 and last < n_days else range(0)

    def in_days(self, start: date) -> Question:
        """Return the question with its dates as day numbers from `start`, to be asked of other periods."""
        opens, closes = (None if end is None else _number(end, start) for end in (self.opens, self.closes))
        return replace(self, opens=opens, closes=closes)

    def asked(self, start: date, n_days: int) -> str:
        """Return the question in words, for a table of `n_days` from `start`."""
        days = self.days(start, n_days)
        end = start + timedelta(days=days[-1] if days else n_days - 1)
        return self.text.replace("{end}", f"{end.day} {end:%B %Y}")


def load_questions(path: Path | None = None) -> tuple[Question, ...]:
    """Read `questions.csv` of a record's folder; the shipped ones by default.

    Raises:
        InputError: the file cannot be read (file, line, column, allowed values), or two questions share an id.
    """
    return _distinct(read_rows((SHIPPED if path is None else Path(path)) / "questions.csv", Question), "questions.csv")


def written_questions(written: Sequence[Mapping[str, object]], place: str) -> tuple[Question, ...]:
    """Make questions from mappings, such as those under `questions:` of a scenario; `place` is named in errors.

    A list of base rates may be written as a list; a value that is None counts as left out.

    Raises:
        InputError: a question has an unknown key or a value that is not allowed, or two questions share an id.
    """
    questions = []
    for cells in written:
        said = {
            name: " ".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in cells.items()
            if value is not None
        }
        questions.append(row_of(Question, said, f"{place}, question '{cells.get('id', '')}'"))
    return _distinct(tuple(questions), place)


def _distinct(questions: tuple[Question, ...], place: str) -> tuple[Question, ...]:
    ids = [question.id for question in questions]
    for name in ids:
        if ids.count(name) > 1:
            raise InputError(f"{place}: two questions have the id '{name}'")
    return questions


def askable(questions: Sequence[Question], daily: DailyTable) -> tuple[Question, ...]:
    """Return the questions whose days all lie in the table."""
    return tuple(question for question in questions if question.days(daily.start, daily.n_days))


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


def answers(questions: Sequence[Question], daily: DailyTable) -> dict[str, bool]:
    """Answer questions on a table of a single world, such as the record.

    Raises:
        ValueError: the table has more worlds than one.
        InputError: as in :func:`resolve`.
    """
    if daily.n_worlds != 1:
        raise ValueError(f"a single world is needed, the table has {daily.n_worlds}")
    return {question.id: bool(resolve(question, daily)[0]) for question in questions}


def shares(questions: Sequence[Question], daily: DailyTable) -> NDArray[np.float64]:
    """Return the share of worlds in which each question resolves to yes, shape (n_questions,).

    Raises:
        InputError: as in :func:`resolve`.
    """
    return np.array([resolve(question, daily).mean() for question in questions])


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


def _number(day: int | date, start: date) -> int:
    return day if isinstance(day, int) else (day - start).days
