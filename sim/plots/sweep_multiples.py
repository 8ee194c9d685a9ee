"""Small multiples: what each of many paths does, the others taken together."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.sweep_curves import COLOURS
from sim.plots.sweep_data import Path, Swept, share_axis
from sim.plots.sweep_legend import legend_above

BINS = 8
MOST_COLUMNS = 3
MOST_PANELS = 12
MOST_OUTCOMES = 3
ROOM = 16
"""Letters in a line of a name under an axis."""
BAND = "line: mean of the points with that value; band or bar: middle 80 % of them"


def multiples_size(swept: Swept) -> tuple[float, float]:
    """Inches: a panel for each path."""
    panels = min(len(swept.paths), MOST_PANELS)
    columns = min(panels, MOST_COLUMNS)
    return 3.7 * columns + 0.4, 2.9 * -(-panels // columns) + 1.0


def multiples(swept: Swept, figure: Figure) -> Any:
    """Draw a panel for each path, those that move the outcomes most first; returns the axes as an array."""
    shares = [swept.shares(outcome.outcome).estimate for outcome in swept.moved[:MOST_OUTCOMES]]
    order = sorted(swept.paths, key=lambda path: -max(_reach(path, share) for share in shares))[:MOST_PANELS]
    columns = min(len(order), MOST_COLUMNS)
    axes = figure.subplots(-(-len(order) // columns), columns, squeeze=False, sharey=True).ravel()
    highest = max(_along(path, share)[3].max() for path in order for share in shares)
    for place, ax in enumerate(axes):
        if place >= len(order):
            ax.set_axis_off()
            continue
        for number, share in enumerate(shares):
            _band(ax, order[place], share, number)
        order[place].mark(ax.xaxis, ROOM)
        share_axis(ax, highest)
        ax.set_ylabel("share of worlds" if place % columns == 0 else "")
    _explain(swept, figure, order)
    return axes


def _explain(swept: Swept, figure: Figure, order: list[Path]) -> None:
    """Title, legend, footer."""
    outcome = swept.moved[0]
    share = swept.shares(outcome.outcome).estimate
    strongest = max(swept.paths, key=lambda path: _reach(path, share))
    colours = {each.title: colour for colour, each in zip(COLOURS, swept.moved[:MOST_OUTCOMES], strict=False)}
    legend_above(figure, f"{outcome.title} moves most, and most with {strongest.name}", colours)
    hidden = len(swept.paths) - len(order)
    swept.sign(figure, BAND + (f"; {hidden} paths that move less are not shown" if hidden else ""))


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


def _band(ax: Axes, path: Path, share: np.ndarray, place: int) -> None:
    middle, mean, low, high = _along(path, share)
    if path.names:
        middle = middle + 0.09 * (place - 1)
        ax.vlines(middle, low, high, color=COLOURS[place], lw=1.4)
        ax.plot(middle, mean, "o", color=COLOURS[place], markersize=4)
        return
    ax.fill_between(middle, low, high, color=COLOURS[place], alpha=0.13, linewidth=0)
    ax.plot(middle, mean, "o-", color=COLOURS[place], markersize=3.5, lw=1.6)
