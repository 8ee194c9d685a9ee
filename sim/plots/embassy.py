"""What becomes of the embassy, day by day."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from sim.plots.marks import mark_calendar
from sim.plots.style import (
    BLACK,
    GREEN,
    ONE_DAY,
    ORANGE,
    SKY,
    VERMILION,
    YELLOW,
    canvas,
    date_axis,
    dates,
    finding,
    footer,
    nothing,
    percent_axis,
    styled,
)  # fmt: skip
from sim.results import findings
from sim.world.names import Stage

LAYERS = {
    Stage.OPEN: ("open", "#d9d9d9"),
    Stage.REVERSED: ("closure reversed", GREEN),
    Stage.PARTIAL: ("part of the staff withdrawn", SKY),
    Stage.WARNED: ("warned: stop the attacks or we close", YELLOW),
    Stage.DECIDED: ("closure decided", ORANGE),
    Stage.DRAWDOWN: ("staff leaving", VERMILION),
    Stage.CLOSED: ("closed", BLACK),
}
"""Stages from the bottom of the stack to its top: what they are called and their colour."""


@styled
def stages(run: Any, ax: Axes | None = None) -> Axes:
    """Share of worlds in each stage of the embassy, stacked, day by day."""
    ax = canvas() if ax is None else ax
    if run.daily is None:
        nothing(ax, "No daily series was kept: run with depth 'daily' to see the stages.")
        return ax
    if run.scenario.horizon == 1:
        nothing(ax, ONE_DAY)
        return ax
    days = dates(run.scenario.start, run.scenario.horizon)
    shares = run.daily.shares("stage")
    seen = [stage for stage in LAYERS if shares[stage].any()]
    ax.stackplot(
        days, *(shares[stage] for stage in seen), colors=[LAYERS[stage][1] for stage in seen],
        labels=[LAYERS[stage][0] for stage in seen], linewidth=0.4, edgecolor="white",
    )  # fmt: skip
    ax.set_ylim(0, 1)
    ax.set_ylabel("share of worlds")
    percent_axis(ax.yaxis)
    date_axis(ax, days[0], days[-1])
    mark_calendar(ax, run.scenario, names=False)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), reverse=True)
    finding(
        ax,
        findings.embassy_of(run),
        "Stage on each day; staff withdrawn in part comes back in time",
    )
    footer(ax, run)
    return ax
