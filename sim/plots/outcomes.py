"""How likely each outcome is."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plots.style import BLUE, QUIET, canvas, finding, footer, percent_axis, styled
from sim.results.findings import us_strike_of
from sim.results.scores import each
from sim.results.words import measured


@styled
def probabilities(run: Any, ax: Axes | None = None) -> Axes:
    """Probability of each outcome with its 95 % interval, likeliest on top.

    What the scenario itself settles has no dot and no interval; it is said whether it comes or cannot.
    """
    ax = canvas((8.0, 6.0)) if ax is None else ax
    table = run.probabilities().sort_values(["estimate", "outcome"], ignore_index=True)
    place = np.arange(len(table))
    free = table["settled"] == ""
    ax.hlines(place[free], table["low"][free], table["high"][free], color=BLUE, linewidth=2.2, alpha=0.55)
    ax.plot(table["estimate"][free], place[free], "o", color=BLUE, markersize=5.5, clip_on=False)
    for y, row in zip(place, each(table), strict=True):
        ax.annotate(
            _label(row), (row.high if not row.settled else 0.0, y), xytext=(6, 0), textcoords="offset points",
            va="center", fontsize=8.5, color=QUIET,
        )  # fmt: skip
    _axes(ax, table, place)
    finding(ax, us_strike_of(run), "Probability of each outcome within the horizon; bars: 95 % interval (Wilson)")
    footer(ax, run)
    return ax


def _label(row: Any) -> str:
    if not row.settled:
        return measured(row.estimate, row.low, row.high)
    return "set by the scenario" if row.estimate else "cannot come"


def _axes(ax: Axes, table: Any, place: np.ndarray) -> None:
    highest = min(1.0, float(table["high"].fillna(0.0).max()))
    ax.set_yticks(place, table["title"])
    ax.set_ylim(-0.7, len(table) - 0.3)
    ax.set_xlim(0.0, max(0.05, 1.12 * highest))
    ax.set_xlabel("share of worlds")
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0, pad=7)
    percent_axis(ax.xaxis, highest)
