"""What the figures of a sweep draw: shares of worlds by point, and the paths as axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import unknown
from sim.experiments.moved import Moved, moved
from sim.plots.style import QUIET, percent_axis
from sim.results.scores import LABELS, OUTCOME_QUESTIONS
from sim.results.words import measured, worlds_text
from sim.scenario import paths

MOST_OUTCOMES = 4
MOST_LINES = 7
MOST_TICKS = 12


class Shares(NamedTuple):
    """Share of worlds at each point with its 95 % interval: three arrays (points,)."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Change(NamedTuple):
    """A label whose likeliest value changes.

    Attributes:
        column: the label.
        shares: (points, values) share of worlds with each value.
        likeliest: the values that are likeliest at some point.
    """

    column: str
    shares: np.ndarray
    likeliest: list[str]


class Path:
    """One varied path as an axis of a figure.

    Attributes:
        name: the path.
        values: (points,) numbers; places of the names where it has names.
        names: the names in the order of the design, or nothing.
    """

    def __init__(self, name: str, column: Any, unit: str) -> None:
        self.name = name
        self.names = [] if column.dtype.kind == "f" else list(dict.fromkeys(column))
        self.values = np.array([self.names.index(each) for each in column], float) if self.names else column.to_numpy()
        self.title = name if unit in ("", "1", "switch") else f"{name} ({unit})"

    @cached_property
    def levels(self) -> np.ndarray:
        """The different values, ascending."""
        return np.unique(self.values)

    def text(self, value: float) -> str:
        """A value in words."""
        return self.names[int(value)] if self.names else f"{value:.4g}"

    def mark(self, axis: Any, room: int = 24) -> None:
        """Label an axis of Matplotlib with the path and its values; names are broken into lines of ``room`` letters."""
        axis.set_label_text(self.title)
        if self.names:
            axis.set_ticks(range(len(self.names)), [fill(name, room) for name in self.names])
            limit = axis.axes.set_xlim if axis.axis_name == "x" else axis.axes.set_ylim
            limit(-0.5, len(self.names) - 0.5)
        elif len(self.levels) <= MOST_TICKS:
            axis.set_ticks(self.levels, [self.text(each) for each in self.levels])


class Swept:
    """A sweep as figures need it.

    Raises:
        InputError: an outcome that is asked for does not exist.
    """

    def __init__(self, sweep: Any, outcomes: Sequence[str] | None) -> None:
        self.sweep = sweep
        self.moved: list[Moved] = _chosen(moved(sweep), outcomes)
        units = {path: quantity.unit for path, quantity in paths(sweep.scenario).items()}
        self.paths = [Path(name, sweep.points[name], units.get(name, "")) for name in sweep.points.columns]

    @cached_property
    def by_name(self) -> Path | None:
        """Of two paths, the one whose values are better shown as lines: names, if they are few."""
        few = [path for path in self.paths if path.names and len(path.names) <= MOST_LINES]
        return few[-1] if len(self.paths) == 2 and few else None

    def shares(self, outcome: str) -> Shares:
        """Shares of one outcome by point."""
        table = self.sweep.probabilities()
        rows = table[table["outcome"] == outcome]
        return Shares(*(rows[name].to_numpy() for name in Shares._fields))

    def likeliest(self) -> Change | None:
        """The first label whose likeliest value changes across the points; None when none does."""
        for column in LABELS:
            table = self.sweep.shares(column)
            places = np.unique(table.to_numpy().argmax(axis=1))
            if len(places) > 1:
                return Change(column, table.to_numpy(), [str(table.columns[place]) for place in places])
        return None

    def where(self, point: int) -> str:
        """The values of a point in words."""
        return ", ".join(f"{path.name} {path.text(path.values[point])}" for path in self.paths)

    def finding(self, outcome: Moved) -> str:
        """How far an outcome moves, as a title."""
        low, high = (measured(each.estimate, each.low, each.high) for each in (outcome.lowest, outcome.highest))
        return f"{outcome.title}: {low} to {high}" if outcome.span else f"{outcome.title}: {low} at every point"

    def peak(self, outcome: Moved) -> str:
        """Where an outcome is likeliest, as a subtitle."""
        return f"highest at {self.where(outcome.highest.point)}" if outcome.span else ""

    def sign(self, figure: Figure, note: str = "") -> None:
        """Write what a figure rests on under its left corner."""
        plan = self.sweep.plan
        parts = [f"{len(plan.table):,} points × {worlds_text(plan.worlds)}", plan.scenario.title]
        text = " · ".join([*parts, f"seed {plan.scenario.seed}, {plan.luck} luck"])
        figure.supxlabel(f"{text}\n{note}" if note else text, x=0.01, ha="left", fontsize=7.5, color=QUIET)


def share_axis(ax: Axes, highest: float) -> None:
    """Let the y axis show shares of worlds from 0 to a little above the highest."""
    ax.set_ylim(0.0, min(1.02, max(0.05, 1.1 * highest)))
    ax.set_ylabel("share of worlds")
    percent_axis(ax.yaxis, highest)


def _chosen(found: list[Moved], outcomes: Sequence[str] | None) -> list[Moved]:
    if outcomes is None:
        return [each for each in found if each.span > 0][:MOST_OUTCOMES] or found[:1]
    by_name = {each.outcome: each for each in found}
    for outcome in outcomes:
        if outcome not in by_name:
            raise unknown("outcome", outcome, [question.column for question in OUTCOME_QUESTIONS])
    return [by_name[outcome] for outcome in outcomes]
