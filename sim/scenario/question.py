"""A dated forecast question: what it asks of the days of a world. :mod:`sim.results.resolve` answers it."""

# ruff: noqa: RUF009 - a column is a dataclass field, and a function declares it

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sim.rows import Row, cell, choice, number, whole, words
from sim.scenario.measures import CASUALTIES, COUNTS, MEASURES

COMPARISONS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq}
STATISTICS = {
    "total": "{measure} in all",
    "peak": "most {measure} within {window}",
    "low": "lowest {measure}",
    "last": "{measure} on the last day",
    "quiet_run": "longest run of days without {measure}",
}
"""Sum over the days; largest sum over `window_days` (a day by default); smallest value; value on the last day; longest
run of days without an event."""
EVENTS = (*COUNTS, *CASUALTIES)
"""Measures that `after` may name."""


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

    Examples:
        >>> sim.load("baghdad-2020", ["horizon=5"]).questions
        ()
    """

    id: str = words()
    text: str = words()
    measure: str = choice(MEASURES)
    statistic: str = choice(STATISTICS)
    comparison: str = choice(COMPARISONS)
    threshold: float = number()
    opens: int | date | None = cell(_day_or_date, "a day number from 0, or a date such as 2020-11-03", None)
    closes: int | date | None = cell(_day_or_date, "a day number from 0, or a date such as 2020-11-03", None)
    window_days: int = whole(1)
    after: str = choice(EVENTS, "")
    after_from: int = whole(0)
    after_to: int | None = whole(None)
    base_rates: tuple[str, ...] = cell(lambda text: tuple(text.split()), "names of base rates", ())

    def fault(self) -> str:
        """A window of some days, and `after` with what sums."""
        if self.window_days < 1:
            return "window_days: a window has at least 1 day"
        if self.after and self.statistic not in ("total", "peak"):
            return f"after: goes with total and peak, not with {self.statistic}"
        if self.after_to is not None and self.after_to < self.after_from:
            return f"after_to: {self.after_to} lies before after_from {self.after_from}"
        return ""

    def ends(self, start: date, n_days: int) -> tuple[int, int]:
        """Return the numbers of the first and the last day asked about, in a table of `n_days` from `start`."""
        first = 0 if self.opens is None else _number(self.opens, start)
        return first, n_days - 1 if self.closes is None else _number(self.closes, start)

    def days(self, start: date, n_days: int) -> range:
        """Return the days asked about, in a table of `n_days` from `start`; empty if they are not all in it."""
        first, last = self.ends(start, n_days)
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

    def definition(self, start: date, n_days: int) -> str:
        """Return when the answer is yes, for a table of `n_days` from `start`.

        An example is ``rockets in all >= 3 (on 3 Nov 2020)``.
        """
        window = "a day" if self.window_days == 1 else f"{self.window_days} days"
        value = STATISTICS[self.statistic].format(measure=self.measure, window=window)
        first, last = (_short(start + timedelta(days=day)) for day in self.ends(start, n_days))
        span = f"on {first}" if first == last else f"{first} to {last}"
        return f"{value} {self.comparison} {self.threshold:g}{self._counting()} ({span})"

    def _counting(self) -> str:
        """Which days count, where not all do."""
        if not self.after:
            return ""
        distance = f"{self.after_from} or more" if self.after_to is None else f"{self.after_from} to {self.after_to}"
        return f", counted {distance} days after {self.after}"


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _number(day: int | date, start: date) -> int:
    return day if isinstance(day, int) else (day - start).days
