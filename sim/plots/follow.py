"""How much each day of a record surprised the model, by actor, with the acts that did it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    SKY,
    VERMILION,
    blank,
    canvas,
    date_axis,
    dates,
    finding,
    save,
    sign,
    styled,
)

COLOURS = {
    "us": (BLUE, "Washington"),
    "iran": (GREEN, "Tehran"),
    "iraq": (ORANGE, "Baghdad"),
    "sadr": (PURPLE, "Sadr"),
    "coalition": (SKY, "coalition"),
    "militias": (VERMILION, "groups"),
}
"""Colour and name of each account."""
WEEK = 7
MARKED = 6
"""Days that are named."""


@styled
def surprise(found: Any, ax: Axes | None = None) -> Axes:
    """Surprise in nats a week, stacked by actor; the days that surprised most are named."""
    ax = canvas((9.0, 4.8)) if ax is None else ax
    days = found.days
    n_weeks = -(-len(days) // WEEK)
    weeks = np.arange(len(days)) // WEEK
    starts = dates(found.scenario.start, len(days))[::WEEK]
    below = np.zeros(n_weeks)
    for name, (colour, label) in COLOURS.items():
        height = np.bincount(weeks, weights=np.maximum(0.0, days[name].to_numpy()), minlength=n_weeks)
        ax.bar(starts, height, WEEK * 0.92, bottom=below, color=colour, align="edge", label=label, linewidth=0)
        below += height
    _name_days(ax, found, below)
    ax.set_ylabel("surprise, nats a week")
    ax.set_ylim(0, 1.28 * below.max())
    date_axis(ax, starts[0], starts[-1] + WEEK)
    ax.legend(ncol=len(COLOURS), loc="upper left", frameon=False, fontsize=8)
    worst = found.surprises(1)["date"].iloc[0].date()
    finding(ax, f"The model was surprised most on {worst:%-d %B %Y}", "Minus the log probability of what is on record")
    sign(ax, [f"{len(found.acts)} acts from {found.scenario.start} to {found.until}", found.scenario.name])
    return ax


def _name_days(ax: Axes, found: Any, tops: np.ndarray) -> None:
    """Name the acts of the most surprising days above their weeks, no two in one week."""
    named: set[int] = set()
    first = dates(found.scenario.start, 1)[0]
    for day in found.surprises(3 * MARKED)["date"]:
        week = (day.date() - found.scenario.start).days // WEEK
        acts = found.acts[found.acts["date"] == day.date()]["act"]
        if len(named) < MARKED and not acts.empty and not any(abs(week - other) < 3 for other in named):
            named.add(week)
            side = "left" if week < 3 else "right" if week > len(tops) - 4 else "center"
            text = f"{day:%-d %b}: " + ", ".join(sorted({act.partition(".")[2].replace("_", " ") for act in acts})[:2])
            ax.annotate(
                text, (first + WEEK * (week + 0.5), tops[week]), xytext=(0, 5), textcoords="offset points", ha=side,
                va="bottom", fontsize=7.5, color=INK, rotation=18, arrowprops={"arrowstyle": "-", "color": QUIET},
            )  # fmt: skip


def write(found: Any, folder: Path) -> None:
    """Save the figure as ``surprise.png`` and ``surprise.svg``."""
    figure = blank((9.0, 4.8))
    surprise(found, figure.subplots())
    save(figure, folder, "surprise")
