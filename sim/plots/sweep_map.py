"""Maps: how outcomes move over two paths, with a line where the likeliest outcome changes."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import BLACK, QUIET, finding, percent_axis
from sim.plots.sweep_data import Change, Path, Swept
from sim.results.words import listed

COLOUR_MAP = "cividis"
FINE = 80
"""Cells of the smoothed field along each path."""
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
        draw = _cells if _is_grid(across, up) else _smooth
        shade = draw(ax, across, up, estimate)
        if change:
            _boundary(ax, across, up, change.shares)
        across.mark(ax.xaxis)
        up.mark(ax.yaxis)
        ax.grid(visible=False)
        bar = figure.colorbar(shade, ax=ax, label="share of worlds")
        percent_axis(bar.ax.yaxis, float(estimate.max()))
        finding(ax, swept.finding(outcome), swept.peak(outcome))
    swept.sign(figure, _legend(change, _is_grid(across, up)))
    return axes


def _legend(change: Change | None, is_grid: bool) -> str:
    between = "" if is_grid else "between the dots: smoothed; "
    if change is None:
        return f"{between}the likeliest outcome is the same at every point"
    return f"{between}white line: likeliest {WHAT[change.column]} changes ({listed(change.likeliest)})"


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


def _smooth(ax: Axes, across: Path, up: Path, estimate: np.ndarray) -> Any:
    """Scattered points: the dots are the shares, and between them are weighted means of those near by."""
    low, high = float(estimate.min()), float(estimate.max())
    extent = (across.values.min(), across.values.max(), up.values.min(), up.values.max())
    shade = ax.imshow(
        _smoothed(across, up, estimate[:, None])[..., 0], cmap=COLOUR_MAP, vmin=low, vmax=high, extent=extent,
        origin="lower", aspect="auto", interpolation="bilinear",
    )  # fmt: skip
    ax.scatter(
        across.values, up.values, c=estimate, cmap=COLOUR_MAP, vmin=low, vmax=high, s=22, edgecolors=QUIET, lw=0.6
    )
    return shade


def _fine(path: Path) -> np.ndarray:
    return np.linspace(path.values.min(), path.values.max(), FINE)


def _smoothed(across: Path, up: Path, shares: np.ndarray) -> np.ndarray:
    """Shares (points, k) as a field (FINE, FINE, k): means under a Gaussian as wide as the points lie apart."""
    here = np.stack([(path.values - path.values.min()) / np.ptp(path.values) for path in (across, up)])
    there = np.stack(np.meshgrid(np.linspace(0, 1, FINE), np.linspace(0, 1, FINE))).reshape(2, -1)
    apart = ((there[:, :, None] - here[:, None, :]) ** 2).sum(axis=0)
    weight = np.exp(-apart * here.shape[1])
    weight /= weight.sum(axis=1, keepdims=True)
    return (weight @ shares).reshape(FINE, FINE, -1)


def _boundary(ax: Axes, across: Path, up: Path, shares: np.ndarray) -> None:
    """Draw where the likeliest value changes: between cells of a grid, else in the smoothed field."""
    style: Any = {"colors": "white", "linewidths": 2.4}
    if not _is_grid(across, up):
        field = _smoothed(across, up, shares).argmax(axis=2)
        for value in np.unique(field)[1:]:  # every border has one of these on a side
            ax.contour(_fine(across), _fine(up), (field == value).astype(float), levels=[0.5], **style)
        return
    matrix, x, y = _matrix(across, up, shares.argmax(axis=1)), _edges(across), _edges(up)
    rows, columns = np.nonzero(matrix[:, 1:] != matrix[:, :-1])
    ax.vlines(x[columns + 1], y[rows], y[rows + 1], **style)
    rows, columns = np.nonzero(matrix[1:] != matrix[:-1])
    ax.hlines(y[rows + 1], x[columns], x[columns + 1], **style)
