"""Forecasts beside what followed, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.plots.attacks import CHANNELS
from sim.plots.style import (
    BLACK,
    BLUE,
    FAINT,
    ORANGE,
    QUIET,
    VERMILION,
    canvas,
    date_axis,
    finding,
    percent_axis,
    sign,
    styled,
)

NAMES = {
    "model": "simulator",
    "level": "its level alone",
    "climatology": "climatology",
    "poisson": "Poisson",
    "last_week": "last week",
    "last_month": "last 4 weeks",
    "last_quarter": "last 13 weeks",
    "hawkes": "Hawkes",
    "outside_view": "outside view",
    "past_frequency": "past frequency",
    "coin": "a coin",
}
"""What forecasts are called in figures and tables."""
WEEK = 7


@styled
def fans(record: Any, draws: Mapping[date, Mapping[str, NDArray[np.int64]]], axes: Any = None) -> Any:
    """Forecasts from some start dates over the recorded weeks, a row for each channel."""
    axes = canvas((9.5, 6.0), rows=len(CHANNELS)) if axes is None else axes
    weeks = np.array([date2num(week.week_start) for week in record.weeks]) + WEEK / 2
    for ax, (channel, (name, pale, strong)) in zip(axes, CHANNELS.items(), strict=True):
        for start, forecast in draws.items():
            _fan(ax, start, forecast[channel], pale, strong)
        ax.plot(weeks, record.weekly(channel), "D", color=BLACK, markersize=3, label="recorded")
        ax.set_ylabel(f"{name} per week")
        ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        ax.set_ylim(-0.4, None)
        date_axis(ax, weeks[0] - WEEK / 2, weeks[-1] + WEEK / 2)
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    worlds = len(next(iter(next(iter(draws.values())).values())))
    finding(axes[0], "Thirteen weeks ahead, from what was known on the morning", "Bands: 50 and 90 % of worlds")
    sign(axes[0], [f"{worlds:,} worlds from each start date"])
    return axes


def _fan(ax: Axes, start: date, counts: NDArray[np.int64], pale: str, strong: str) -> None:
    edges = float(date2num(start)) + WEEK * np.arange(counts.shape[1] + 1)
    fresh = not ax.lines
    for tail, shade in ((0.05, 0.35), (0.25, 0.8)):
        low, high = np.quantile(counts, [tail, 1 - tail], axis=0, method="inverted_cdf")
        low, high = np.r_[low, low[-1]] - 0.12, np.r_[high, high[-1]] + 0.12
        label = f"{100 - 200 * tail:.0f} % of worlds" if fresh else None
        ax.fill_between(edges, low, high, step="post", color=pale, alpha=shade, linewidth=0, label=label)
    mean = counts.mean(axis=0)
    ax.step(edges, np.r_[mean, mean[-1]], where="post", color=strong, lw=1.8, label="mean" if fresh else None)
    ax.axvline(edges[0], color=QUIET, lw=0.8, ls=":")


@styled
def scores(table: Any, starts: int, axes: Any = None) -> Any:
    """Mean CRPS of weekly counts by forecast and channel, with the standard error over start dates."""
    axes = canvas((9.5, 3.4), columns=len(CHANNELS)) if axes is None else axes
    for ax, (channel, (name, *_)) in zip(axes, CHANNELS.items(), strict=True):
        rows = table[table["channel"] == channel]
        means = rows.groupby("forecast")["crps"].mean().sort_values(ascending=False)
        error = rows.groupby(["forecast", "start"])["crps"].mean().groupby("forecast").sem()[means.index]
        place = np.arange(len(means))
        colours = [VERMILION if forecast == "model" else BLUE for forecast in means.index]
        ax.barh(place, means, color=colours, height=0.62)
        ax.errorbar(means, place, xerr=error, fmt="none", ecolor=QUIET, elinewidth=1, capsize=2)
        ax.set_yticks(place, [NAMES[forecast] for forecast in means.index])
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("mean CRPS, attacks a week (less is better)")
        rank = len(means) - int(np.flatnonzero(means.index == "model")[0])
        finding(ax, f"{name.capitalize()}: simulator {rank} of {len(means)}")
    sign(axes[0], [f"{starts} start dates, 13 weeks ahead", "whiskers: standard error over start dates"])
    return axes


@styled
def calibration(table: Any, axes: Any = None) -> Any:
    """Histograms of the randomised probability integral transform of the model's forecasts: flat if calibrated."""
    axes = canvas((9.5, 3.0), columns=len(CHANNELS)) if axes is None else axes
    bins = np.linspace(0, 1, 11)
    for ax, (channel, (name, _, strong)) in zip(axes, CHANNELS.items(), strict=True):
        rows = table[(table["channel"] == channel) & (table["forecast"] == "model")]
        expected = len(rows) / (len(bins) - 1)
        band = 1.96 * np.sqrt(expected * 0.9)
        ax.axhspan(max(expected - band, 0), expected + band, color=FAINT)
        ax.hist(rows["pit"], bins, color=strong, alpha=0.8)
        ax.set_xlabel("place of the recorded week in its forecast")
        ax.set_ylabel("weeks")
        ax.yaxis.set_major_locator(MaxNLocator(integer=True))
        held = 100 * rows["covered_90"].mean()
        finding(ax, f"{name.capitalize()}: 90 % intervals held {held:.0f} %")
    sign(axes[0], ["grey: 95 % of chance, were the weeks independent"])
    return axes


@styled
def questions(table: Any, worlds: int, ax: Axes | None = None) -> Axes:
    """Probability the model and the outside view gave to each question, and what came true."""
    ax = canvas((8.5, 8.0)) if ax is None else ax
    wide = table.pivot(index="text", columns="forecast", values="probability")
    wide["came_true"] = table.drop_duplicates("text").set_index("text")["came_true"]
    wide = wide.sort_values(["came_true", "model"])
    place = np.arange(len(wide))
    ax.hlines(place, wide["model"], wide["came_true"].astype(float), color=FAINT, linewidth=4)
    ax.plot(wide["outside_view"], place, "o", color=ORANGE, markersize=5, label="outside view")
    ax.plot(wide["model"], place, "o", color=BLUE, markersize=6, label="simulator")
    ax.plot(wide["came_true"].astype(float), place, "D", color=BLACK, markersize=4, label="what came")
    ax.set_yticks(place, wide.index, fontsize=8)
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.7, len(wide) - 0.3)
    ax.set_xlabel("probability of a yes")
    percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.06), ncols=3)
    brier = table.groupby("forecast")["brier"].mean()
    finding(ax, f"Mean Brier score {brier['model']:.3f}, outside view {brier['outside_view']:.3f}, a coin 0.250")
    sign(ax, [f"{worlds:,} worlds from 28 September 2020", f"{len(wide)} questions"])
    return ax
