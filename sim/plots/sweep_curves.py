"""Curves: how outcomes move along one path, with a line for each value of a second one if there is one."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import finding, spread_out
from sim.plots.sweep_data import Path, Shares, Swept, share_axis
from sim.plots.sweep_legend import legend_above

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000")
GAP = 0.045
"""Least distance between two labels, as a share of the height of the panel."""
BAND = "bands and bars: 95 % interval (Wilson)"


def curves_size(swept: Swept) -> tuple[float, float]:
    """Inches: one panel, or one for each outcome where a second path has the lines."""
    return (8.4, 4.8) if swept.by_name is None else (10.5, 3.7 * _rows(swept) + 0.6)


def curves(swept: Swept, figure: Figure) -> Any:
    """Draw the curves; returns the axes as an array."""
    names = swept.by_name
    if names is None:
        axes = figure.subplots(1, 1, squeeze=False).ravel()
        _outcomes_together(swept, axes[0])
    else:
        axes = figure.subplots(_rows(swept), min(2, len(swept.moved)), squeeze=False).ravel()
        for place, ax in enumerate(axes):
            _outcome_by_name(swept, names, place, ax)
        legend_above(figure, f"Lines: {names.name}", dict(zip(names.names, COLOURS, strict=False)))
    swept.sign(figure, BAND)
    return axes


def _rows(swept: Swept) -> int:
    return -(-len(swept.moved) // 2)


def _outcomes_together(swept: Swept, ax: Axes) -> None:
    """All outcomes along the one path."""
    path = swept.paths[0]
    shares = {outcome.title: swept.shares(outcome.outcome) for outcome in swept.moved}
    everywhere = np.ones(len(path.values), bool)
    lines = [(title, _line(ax, path, each, everywhere, place)) for place, (title, each) in enumerate(shares.items())]
    path.mark(ax.xaxis)
    share_axis(ax, max(float(each.high.max()) for each in shares.values()))
    _name_lines(ax, lines)
    finding(ax, swept.finding(swept.moved[0]), swept.peak(swept.moved[0]))


def _outcome_by_name(swept: Swept, names: Path, place: int, ax: Axes) -> None:
    """One outcome along one path, a line for each name of the other."""
    if place >= len(swept.moved):
        ax.set_axis_off()
        return
    path = next(path for path in swept.paths if path is not names)
    outcome = swept.moved[place]
    shares = swept.shares(outcome.outcome)
    for number in range(len(names.names)):
        _line(ax, path, shares, names.values == number, number)
    path.mark(ax.xaxis)
    share_axis(ax, float(shares.high.max()))
    finding(ax, swept.finding(outcome), swept.peak(outcome))


def _line(ax: Axes, path: Path, shares: Shares, only: np.ndarray, place: int) -> tuple[float, float, str]:
    """Draw one line with its band, dots alone where the path has names; returns its end and its colour."""
    order = np.argsort(path.values[only], kind="stable")
    x, colour = path.values[only][order], COLOURS[place % len(COLOURS)]
    estimate, low, high = (each[only][order] for each in shares)
    if path.names:
        x = x + 0.07 * (place - 1)
        ax.vlines(x, low, high, color=colour, lw=1.6)
        ax.plot(x, estimate, "o", color=colour, markersize=5)
    else:
        ax.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(x, estimate, "o-" if len(x) <= 25 else "-", color=colour, markersize=4, lw=1.8)
    return float(x[-1]), float(estimate[-1]), colour


def _name_lines(ax: Axes, lines: list[tuple[str, tuple[float, float, str]]]) -> None:
    """Write the name of each line at its right end, apart from one another."""
    height = ax.get_ylim()[1]
    wanted = [end / height for _, (_, end, _) in lines]
    for (name, (_, _, colour)), place in zip(lines, spread_out(wanted, GAP), strict=True):
        ax.annotate(
            name, (1.0, place), xycoords="axes fraction", xytext=(7, 0), textcoords="offset points",
            va="center", color=colour, fontsize=8.5, annotation_clip=False,
        )  # fmt: skip
