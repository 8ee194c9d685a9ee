"""How high the worlds climb, and when."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plots.marks import mark_calendar
from sim.plots.style import (
    BLUE,
    ONE_DAY,
    QUIET,
    SKY,
    VERMILION,
    canvas,
    date_axis,
    dates,
    finding,
    footer,
    nothing,
    percent_axis,
    styled,
)
from sim.results import findings
from sim.results.scores import each, shares
from sim.results.words import measured
from sim.rules.ladder import RUNGS

BANDS = ((0.05, 0.95, 0.22, "90 % of worlds"), (0.25, 0.75, 0.45, "half of the worlds"))


@styled
def fan(run: Any, ax: Axes | None = None) -> Axes:
    """Highest rung so far, day by day: median and bands of 50 and 90 %, with the calendar marked."""
    ax = canvas() if ax is None else ax
    if run.daily is None:
        nothing(ax, "No daily series was kept: run with depth 'daily' to see the climb.")
        return ax
    if run.scenario.horizon == 1:
        nothing(ax, ONE_DAY)
        return ax
    days = dates(run.scenario.start, run.scenario.horizon)
    for low, high, shade, label in BANDS:
        bottom, top = (run.daily.quantile("top_rung", q) for q in (low, high))
        ax.fill_between(days, bottom, top, step="post", color=SKY, alpha=shade, linewidth=0, label=label)
    ax.step(days, run.daily.quantile("top_rung", 0.5), where="post", color=BLUE, linewidth=2.2, label="median world")
    _rung_axis(ax, run.daily)
    date_axis(ax, days[0], days[-1])
    mark_calendar(ax, run.scenario)
    ax.legend(loc="lower right")
    finding(ax, findings.ladder(run.outcomes), "Highest rung of the ladder reached so far")
    footer(ax, run)
    return ax


def _rung_axis(ax: Axes, daily: Any) -> None:
    seen = np.flatnonzero(daily.counts["top_rung"].sum(axis=0)) + min(RUNGS)
    low, high = min(0, int(seen.min())), min(max(RUNGS), int(daily.quantile("top_rung", 0.95).max()) + 1)
    ax.set_ylim(low - 0.4, high + 0.6)
    ax.set_yticks(range(low, high + 1), [f"{RUNGS[rung]}  {rung}" for rung in range(low, high + 1)], fontsize=8)
    ax.tick_params(axis="y", length=0)


@styled
def highest(run: Any, ax: Axes | None = None) -> Axes:
    """Share of worlds by the highest rung they reached, with 95 % intervals."""
    ax = canvas() if ax is None else ax
    table = shares(run.outcomes, "top_rung")
    share = dict(zip(table["value"], table["estimate"], strict=True))
    rungs = np.arange(min(0, *share), max(RUNGS) + 1)
    heights = np.array([share.get(int(rung), 0.0) for rung in rungs])
    ax.barh(rungs, heights, height=0.72, color=[VERMILION if rung >= 9 else SKY for rung in rungs])
    ax.errorbar(
        table["estimate"], table["value"], xerr=[table["estimate"] - table["low"], table["high"] - table["estimate"]],
        fmt="none", ecolor=QUIET, elinewidth=1.2,
    )  # fmt: skip
    for row in each(table):
        ax.annotate(
            measured(row.estimate, row.low, row.high), (row.high, row.value), xytext=(5, 0), va="center",
            textcoords="offset points", fontsize=8.5, color=QUIET,
        )  # fmt: skip
    _highest_axes(ax, rungs, float(table["high"].max()))
    finding(ax, findings.highest_rung(run.outcomes), "Highest rung a world reached; red: US strikes and above")
    footer(ax, run, "whiskers: 95 % interval")
    return ax


def _highest_axes(ax: Axes, rungs: np.ndarray, high: float) -> None:
    ax.set_yticks(rungs, [f"{RUNGS[int(rung)]}  {rung}" for rung in rungs], fontsize=8)
    ax.set_xlim(0, 1.12 * high)
    ax.set_xlabel("share of worlds")
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
    percent_axis(ax.xaxis, high)
