"""Small multiples: what each of many paths does, the others taken together."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.style import fit_titles
from sim.plots.sweep_curves import COLOURS
from sim.plots.sweep_data import Path, Swept, share_axis

BINS = 8
MOST_COLUMNS = 3
MOST_PANELS = 12
BAND = "line: mean of the points with that value; band: middle 80 % of them"


def multiples_size(swept: Swept) -> tuple[float, float]:
    """Inches: a panel for each path."""
    panels = min(len(swept.paths), MOST_PANELS)
    columns = min(panels, MOST_COLUMNS)
    return 3.7 * columns + 0.4, 2.9 * -(-panels // columns) + 1.0


def multiples(swept: Swept, figure: Figure) -> Any:
    """Draw a panel for each path, those that move the outcomes most first; returns the axes as an array."""
    shares = [swept.shares(outcome.outcome).estimate for outcome in swept.moved]
    order = sorted(swept.paths, key=lambda path: -max(_reach(path, share) for share in shares))[:MOST_PANELS]
    columns = min(len(order), MOST_COLUMNS)
    axes = figure.subplots(-(-len(order) // columns), columns, squeeze=False, sharey=True).ravel()
    highest = max(_along(path, share)[3].max() for path in order for share in shares)
    for place, ax in enumerate(axes):
        if place >= len(order):
            ax.set_axis_off()
            continue
        for colour, share in zip(COLOURS, shares, strict=False):
            _band(ax, order[place], share, colour)
        order[place].mark(ax.xaxis)
        share_axis(ax, highest)
        ax.set_ylabel("share of worlds" if place % columns == 0 else "")
        if order[place].names:
            ax.tick_params(axis="x", rotation=20)
    _explain(swept, figure, order)
    return axes


def _explain(swept: Swept, figure: Figure, order: list[Path]) -> None:
    """Title, legend, footer."""
    outcome = swept.moved[0]
    share = swept.shares(outcome.outcome).estimate
    strongest = max(swept.paths, key=lambda path: _reach(path, share))
    figure.suptitle(
        f"{outcome.title} moves most, and most with {strongest.name}",
        x=0.01, ha="left", fontsize=11.5, fontweight="bold",
    )  # fmt: skip
    handles = [
        Line2D([], [], color=colour, label=each.title) for colour, each in zip(COLOURS, swept.moved, strict=False)
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles))
    hidden = len(swept.paths) - len(order)
    swept.sign(figure, BAND + (f"; {hidden} paths that move less are not shown" if hidden else ""))
    fit_titles(figure)


def _along(path: Path, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Middle of each bin of a path, and mean, 10th and 90th percentile of the shares of its points."""
    levels = path.levels
    if len(levels) <= BINS or path.names:
        members = [path.values == level for level in levels]
    else:
        edges = np.quantile(path.values, np.linspace(0.0, 1.0, BINS + 1))
        place = np.clip(np.searchsorted(edges, path.values, side="right") - 1, 0, BINS - 1)
        members = [place == each for each in range(BINS) if (place == each).any()]
    middle = np.array([path.values[each].mean() for each in members])
    mean = np.array([share[each].mean() for each in members])
    low, high = (np.array([np.quantile(share[each], q) for each in members]) for q in (0.1, 0.9))
    return middle, mean, low, high


def _reach(path: Path, share: np.ndarray) -> float:
    """How far the mean share moves along a path."""
    mean = _along(path, share)[1]
    return float(mean.max() - mean.min())


def _band(ax: Axes, path: Path, share: np.ndarray, colour: str) -> None:
    middle, mean, low, high = _along(path, share)
    ax.fill_between(middle, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.plot(middle, mean, "o-", color=colour, markersize=3.5, lw=1.6)
