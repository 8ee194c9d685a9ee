"""Attacks by week, beside the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator

from sim.plots.marks import mark_calendar
from sim.plots.style import BLACK, BLUE, ORANGE, SKY, canvas, date_axis, dates, finding, footer, nothing, styled
from sim.results import findings
from sim.results.daily import WEEK

CHANNELS = {"rockets": ("rocket attacks", SKY, BLUE), "ieds": ("convoy bombs", "#f3cf80", ORANGE)}
"""Channel -> what it is called, colour of the bands, colour of the median."""
LEAST_SCALE = 3.0
"""The axis reaches at least this many attacks a week, so that a quiet channel looks quiet."""


@styled
def weekly(run: Any, channel: str = "rockets", ax: Axes | None = None) -> Axes:
    """Attacks of one channel in each whole week: median, bands of 50 and 90 %, and what was recorded."""
    ax = canvas((8.0, 3.4)) if ax is None else ax
    name, pale, strong = CHANNELS[channel]
    if run.daily is None or not run.daily.counts[channel].size:
        nothing(ax, f"No whole week of {name} was kept: run at least 7 days with depth 'daily'.")
        return ax
    edges = dates(run.scenario.start, WEEK * len(run.daily.counts[channel]) + 1)[::WEEK]
    for low, high, shade in ((0.05, 0.95, 0.35), (0.25, 0.75, 0.8)):
        bounds = [_to_edges(run.daily.quantile(channel, q)) for q in (low, high)]
        label = f"{100 * (high - low):.0f} % of worlds"
        ax.fill_between(
            edges, bounds[0] - 0.12, bounds[1] + 0.12, step="post", color=pale, alpha=shade, linewidth=0, label=label
        )
    ax.step(
        edges,
        _to_edges(run.daily.quantile(channel, 0.5)),
        where="post",
        color=strong,
        linewidth=2.0,
        label="median world",
    )
    ax.step(
        edges, _to_edges(run.daily.mean(channel)), where="post", color=strong, lw=1.2, ls="--", label="mean of worlds"
    )
    _draw_record(ax, channel, run.scenario.start, len(edges) - 1)
    _axes(ax, run, name, edges)
    finding(ax, findings.weekly(run.daily, channel, name))
    return ax


def _to_edges(values: np.ndarray) -> np.ndarray:
    return np.r_[values, values[-1]].astype(float)


def _axes(ax: Axes, run: Any, name: str, edges: np.ndarray) -> None:
    ax.set_ylabel(f"{name} per week")
    ax.set_ylim(-0.3, max(LEAST_SCALE, ax.get_ylim()[1]))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    date_axis(ax, edges[0], edges[-1])
    mark_calendar(ax, run.scenario)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _draw_record(ax: Axes, channel: str, start: date, weeks_run: int) -> None:
    """Weeks of the record that lie in the run, with the bounds for attacks that were not reported."""
    weeks = recorded(start, start + timedelta(days=WEEK * weeks_run))
    if not weeks:
        return
    middle = [float(date2num(week.week_start)) + WEEK / 2 for week in weeks]
    low, count, high = (np.array([getattr(week, channel + end) for week in weeks]) for end in ("_low", "", "_high"))
    ax.errorbar(
        middle, count, yerr=[count - low, high - count], fmt="D", color=BLACK, markersize=4, elinewidth=1.0,
        capsize=2, label="recorded", zorder=5,
    )  # fmt: skip


def recorded(first: date, last: date) -> list[Any]:
    """The weeks of the record that lie between two dates."""
    from sim.analysis.record import load_record

    return [week for week in load_record().weeks if first <= week.week_start and week.last_day <= last]


@styled
def attacks(run: Any, axes: Any = None) -> Any:
    """Rocket attacks above, convoy bombs below; returns the two axes."""
    axes = canvas((8.0, 6.0), rows=2) if axes is None else axes
    for ax, channel in zip(axes, CHANNELS, strict=True):
        weekly(run, channel, ax)
    footer(axes[0], run, "whiskers of the record: bounds for attacks not reported")
    return axes
