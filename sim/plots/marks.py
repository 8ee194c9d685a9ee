"""The dates of the calendar as marks on an axis of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.plots.style import QUIET

CLOSEST = 22
"""Marks closer than this part of the horizon share a text."""


class Mark(NamedTuple):
    """A date and what falls on it."""

    when: date
    text: str


def calendar_marks(scenario: Any) -> list[Mark]:
    """The dated facts of a scenario that lie within its horizon, by date."""
    calendar = scenario.calendar
    marks = [Mark(calendar.election, "US election")] if calendar.election else []
    marks += [Mark(calendar.inauguration, "inauguration")] if calendar.inauguration else []
    marks += [Mark(when, "anniversary") for when in calendar.anniversaries]
    marks += [Mark(when, f"{level:,.0f} troops") for when, level in calendar.troop_steps]
    last = scenario.start + timedelta(days=scenario.horizon - 1)
    return sorted(mark for mark in marks if scenario.start < mark.when <= last)


def mark_calendar(ax: Axes, scenario: Any, names: bool = True) -> None:
    """Draw a dotted line at each date of the calendar; with ``names``, write what it is along the line."""
    marks = calendar_marks(scenario)
    for mark in marks:
        ax.axvline(date2num(mark.when), color=QUIET, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    for mark in joined(marks, scenario.horizon / CLOSEST) if names else []:
        ax.annotate(
            mark.text, (date2num(mark.when), 1), xycoords=("data", "axes fraction"), xytext=(3, -3),
            textcoords="offset points", rotation=90, ha="left", va="top", fontsize=7.5, color=QUIET,
        )  # fmt: skip


def joined(marks: list[Mark], gap: float) -> list[Mark]:
    """Marks with one text for those closer to each other than ``gap`` days, at the last of them."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and (mark.when - groups[-1][-1].when).days < gap:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [Mark(group[-1].when, "\n".join(mark.text for mark in group)) for group in groups]
