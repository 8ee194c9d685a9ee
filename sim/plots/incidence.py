"""When first events come."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plots.marks import calendar_marks, mark_calendar
from sim.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    ONE_DAY,
    ORANGE,
    PURPLE,
    VERMILION,
    canvas,
    date_axis,
    dates,
    finding,
    footer,
    nothing,
    percent_axis,
    spread_out,
    styled,
)  # fmt: skip
from sim.results import findings
from sim.results.intervals import wilson
from sim.results.scores import FIRST_DAYS
from sim.results.words import share, worlds_text

LINES = {
    "truce_day": GREEN,
    "us_death_day": ORANGE,
    "strike_day": VERMILION,
    "closure_decided_day": BLUE,
    "closure_day": BLACK,
    "missile_day": PURPLE,
}
"""Columns with a line, and its colour."""


def cumulative(days: np.ndarray, horizon: int) -> np.ndarray:
    """(horizon,) number of worlds in which an event had come by the end of each day; -1 in ``days`` means never."""
    return np.cumsum(np.bincount(days[(days >= 0) & (days < horizon)], minlength=horizon))


@styled
def incidence(run: Any, ax: Axes | None = None) -> Axes:
    """Share of worlds in which each first event has come, day by day, with 95 % bands."""
    ax = canvas() if ax is None else ax
    outcomes, scenario = run.outcomes, run.scenario
    if scenario.horizon == 1:
        nothing(ax, ONE_DAY)
        return ax
    came = {column: cumulative(outcomes[column].to_numpy(), scenario.horizon) for column in LINES}
    drawn = {column: counts for column, counts in came.items() if counts[-1] > 0}
    if not drawn:
        nothing(ax, f"None of these events came in {worlds_text(run.worlds)}: {', '.join(FIRST_DAYS.values())}.")
        footer(ax, run)
        return ax
    days = dates(scenario.start, scenario.horizon)
    for column, counts in drawn.items():
        ax.fill_between(days, *wilson(counts, np.full_like(counts, run.worlds)), color=LINES[column], alpha=0.18, lw=0)
        ax.plot(days, counts / run.worlds, color=LINES[column], linewidth=1.9)
    _axes(ax, run, drawn)
    finding(ax, _title(run), "Share of worlds in which it has come; bands: 95 % interval")
    footer(ax, run)
    return ax


def _axes(ax: Axes, run: Any, drawn: dict[str, np.ndarray]) -> None:
    days = dates(run.scenario.start, run.scenario.horizon)
    high = max(float(wilson(counts[-1], run.worlds)[1]) for counts in drawn.values())
    ax.set_ylim(0, 1.06 * high)
    ax.set_ylabel("share of worlds")
    percent_axis(ax.yaxis, high)
    date_axis(ax, days[0], days[-1])
    mark_calendar(ax, run.scenario)
    ends = [counts[-1] / run.worlds for counts in drawn.values()]
    for column, y in zip(drawn, spread_out(ends, 0.055 * high), strict=True):
        ax.annotate(
            f"{FIRST_DAYS[column]} {share(int(drawn[column][-1]), run.worlds)}", (1.015, y),
            xycoords=("axes fraction", "data"), va="center",
            color=LINES[column], fontsize=8.5, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _title(run: Any) -> str:
    scenario = run.scenario
    last = scenario.horizon - 1
    election = [mark for mark in calendar_marks(scenario) if mark.text == "US election"]
    if election:
        return findings.incidence(
            run.outcomes, scenario.start, (election[0].when - scenario.start).days, "the election"
        )
    return findings.incidence(run.outcomes, scenario.start, last, "the horizon")
