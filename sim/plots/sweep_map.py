"""Maps: how outcomes move over two paths, with a line where the likeliest outcome changes."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import BLACK, QUIET, finding, fit_titles, percent_axis
from sim.plots.sweep_data import Path, Swept
from sim.results.words import listed

COLOUR_MAP = "cividis"
LABELLED = 49
"""Most cells in which the share is written."""
WHAT = {"embassy": "end of the embassy", "force": "use of force", "truce": "fate of the truce"}


def heat_size(swept: Swept) -> tuple[float, float]:
    """Inches: two panels a row."""
    columns = min(2, len(swept.moved))
    return 5.6 * columns + 0.4, 4.3 * -(-len(swept.moved) // columns) + 0.3


def heat(swept: Swept, figure: Figure) -> Any:
    """Draw a map of each outcome; returns the axes as an array."""
    columns = min(2, len(swept.moved))
    axes = figure.subplots(-(-len(swept.moved) // columns), columns, squeeze=False).ravel()
    across, up = swept.paths
    change = swept.likeliest()
    for place, ax in enumerate(axes):
        if place >= len(swept.moved):
            ax.set_axis_off()
            continue
        outcome = swept.moved[place]
        estimate = swept.shares(outcome.outcome).estimate
        shade = _cells(ax, across, up, estimate) if _is_grid(across, up) else _triangles(ax, across, up, estimate)
        if change:
            _boundary(ax, across, up, change[1])
        across.mark(ax.xaxis)
        up.mark(ax.yaxis)
        ax.grid(visible=False)
        bar = figure.colorbar(shade, ax=ax, label="share of worlds")
        percent_axis(bar.ax.yaxis, float(estimate.max()))
        finding(ax, swept.finding(outcome))
    swept.sign(figure, _legend(change))
    fit_titles(figure)
    return axes


def _legend(change: tuple[str, np.ndarray, list[str]] | None) -> str:
    if change is None:
        return "the likeliest outcome is the same at every point"
    column, places, names = change
    return f"white line: likeliest {WHAT[column]} changes ({listed([names[place] for place in np.unique(places)])})"


def _is_grid(across: Path, up: Path) -> bool:
    return len(across.levels) * len(up.levels) == len(across.values)


def _matrix(across: Path, up: Path, values: np.ndarray) -> np.ndarray:
    """Values by point as rows (up) and columns (across) of the grid."""
    matrix = np.empty((len(up.levels), len(across.levels)), values.dtype)
    matrix[np.searchsorted(up.levels, up.values), np.searchsorted(across.levels, across.values)] = values
    return matrix


def _edges(path: Path) -> np.ndarray:
    """Borders of the cells around the levels."""
    if len(path.levels) == 1:
        return path.levels[0] + np.array([-0.5, 0.5])
    middle = (path.levels[1:] + path.levels[:-1]) / 2.0
    return np.r_[2 * path.levels[0] - middle[0], middle, 2 * path.levels[-1] - middle[-1]]


def _cells(ax: Axes, across: Path, up: Path, estimate: np.ndarray) -> Any:
    matrix = _matrix(across, up, estimate)
    shade = ax.pcolormesh(_edges(across), _edges(up), matrix, cmap=COLOUR_MAP)
    if matrix.size <= LABELLED:
        middle = (matrix.min() + matrix.max()) / 2.0
        for (row, column), share in np.ndenumerate(matrix):
            ax.text(
                float(across.levels[column]), float(up.levels[row]), f"{100 * share:.0f}", ha="center", va="center",
                fontsize=8, color=BLACK if share > middle else "white",
            )  # fmt: skip
    return shade


def _triangles(ax: Axes, across: Path, up: Path, estimate: np.ndarray) -> Any:
    """Scattered points: shares between them are interpolated linearly, which the dots tell apart."""
    shade = ax.tripcolor(across.values, up.values, estimate, cmap=COLOUR_MAP, shading="gouraud")
    ax.plot(across.values, up.values, ".", color=QUIET, markersize=2.5)
    return shade


def _boundary(ax: Axes, across: Path, up: Path, places: np.ndarray) -> None:
    """Draw where the likeliest value changes: between cells of a grid, else between scattered points."""
    style: Any = {"colors": "white", "linewidths": 2.4}
    if not _is_grid(across, up):
        for value in np.unique(places):
            ax.tricontour(across.values, up.values, (places == value).astype(float), levels=[0.5], **style)
        return
    matrix, x, y = _matrix(across, up, places), _edges(across), _edges(up)
    rows, columns = np.nonzero(matrix[:, 1:] != matrix[:, :-1])
    ax.vlines(x[columns + 1], y[rows], y[rows + 1], **style)
    rows, columns = np.nonzero(matrix[1:] != matrix[:-1])
    ax.hlines(y[rows + 1], x[columns], x[columns + 1], **style)
