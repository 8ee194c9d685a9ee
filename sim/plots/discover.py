"""Where it tips: the peeling trajectory, and the boxes over the worlds they were judged on."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.plots.style import (
    BLUE,
    FAINT,
    INK,
    QUIET,
    VERMILION,
    blank,
    canvas,
    finding,
    make_room,
    nothing,
    percent_axis,
    save,
    sign,
    styled,
)
from sim.results.words import measured, share, worlds_text

SIZE = (8.4, 5.2)
CELLS = 9
"""Cells along each side of the plane."""


@styled
def trajectory(found: Any, ax: Axes | None = None) -> Axes:
    """Coverage against density along the peeling, coloured by the number of limits; the ring is the chosen box."""
    ax = canvas(SIZE) if ax is None else ax
    rows = found.trajectory
    ax.plot(rows["coverage"], rows["density"], color=QUIET, linewidth=0.8, zorder=1)
    dots = ax.scatter(rows["coverage"], rows["density"], c=rows["limits"], cmap="cividis_r", s=26, zorder=2)
    chosen = rows[rows["chosen"]]
    ax.scatter(chosen["coverage"], chosen["density"], s=150, facecolors="none", edgecolors=VERMILION, linewidths=2)
    ax.axhline(rows["density"].iloc[0], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    ax.annotate(
        "over all", (0.0, rows["density"].iloc[0]), xycoords=("axes fraction", "data"), xytext=(4, 4),
        textcoords="offset points", fontsize=8.5, color=QUIET,
    )  # fmt: skip
    bar = ax.figure.colorbar(dots, ax=ax, pad=0.02)
    bar.set_label("number of limits")
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(0, 1.03)
    ax.set_ylim(0, min(1.03, 1.15 * float(rows["density"].max())))
    ax.set_xlabel("coverage: part of the cases inside the box")
    ax.set_ylabel("density: probability of the outcome inside")
    percent_axis(ax.xaxis)
    percent_axis(ax.yaxis, float(rows["density"].max()))
    finding(
        ax,
        _trade(found),
        "Boxes of the peeling on the worlds they were looked for in, from all (right) to the smallest; ring: chosen",
    )
    sign(ax, _rests_on(found, found.worlds // 2))
    return ax


def _trade(found: Any) -> str:
    chosen = found.trajectory[found.trajectory["chosen"]].iloc[0]
    first = found.trajectory["density"].iloc[0]
    worlds = found.worlds // 2
    inside, cases = round(chosen["mass"] * worlds), round(first * worlds)
    raised = f"from {share(cases, worlds)} to {share(round(chosen['density'] * inside), inside)}"
    return (
        f"“{found.title}”, where boxes were looked for: one of {share(inside, worlds)} of the worlds raises its"
        f" probability {raised} and holds {share(round(chosen['coverage'] * cases), cases)} of the cases"
    )


@styled
def box(found: Any, ax: Axes | None = None, number: int = 0) -> Axes:
    """The limits of a box, each drawn within the range of its quantity.

    Args:
        found: a :class:`sim.analysis.discover.Discovery`.
        ax: where to draw; a new figure by default.
        number: which box, from 0.
    """
    ax = canvas(SIZE) if ax is None else ax
    if not found.boxes:
        nothing(ax, found.rules()[0])
        sign(ax, _rests_on(found, found.worlds // 2))
        return ax
    chosen = found.boxes[number]
    make_room(ax, 1.7 + 0.8 * len(chosen.limits))
    known = {factor.path: factor for factor in found.factors}
    for place, limits in enumerate(reversed(chosen.limits)):
        _limit(ax, place, limits, known[limits.path])
    labels = [fill(known[limits.path].measured, 34) for limits in reversed(chosen.limits)]
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(-0.7, len(labels) - 0.3)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 1], ["low end of the range", "high end of the range"])
    for tick, side in zip(ax.get_xticklabels(), ("left", "right"), strict=True):
        tick.set_horizontalalignment(side)
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0, pad=7)
    finding(
        ax,
        f"“{found.title}” has a probability of {_density(chosen)} in this box, {_base(found)} over all",
        f"{_held(found, chosen)}; tick: the scenario's number",
    )
    sign(ax, [f"judged on {worlds_text(chosen.points)} inside it", *_rests_on(found, found.worlds - found.worlds // 2)])
    return ax


def _limit(ax: Axes, place: int, limits: Any, factor: Any) -> None:
    span = factor.high - factor.low
    low, high = (min(max((end - factor.low) / span, 0.0), 1.0) for end in (limits.low, limits.high))
    ax.barh(place, 1.0, color=FAINT, height=0.34)
    ax.barh(place, high - low, left=low, color=BLUE, height=0.34)
    for end, where in ((limits.low, low), (limits.high, high)):
        if np.isfinite(end):
            ax.annotate(
                f"{end:.3g}", (where, place + 0.17), xytext=(0, 2), textcoords="offset points", ha="center",
                va="bottom", fontsize=8.5, color=INK, fontweight="bold",
            )  # fmt: skip
    for end, where, side in ((factor.low, 0.0, "left"), (factor.high, 1.0, "right")):
        ax.annotate(
            f"{end:.4g}", (where, place - 0.17), xytext=(0, -3), textcoords="offset points", ha=side, va="top",
            fontsize=8, color=QUIET,
        )  # fmt: skip
    ax.plot((factor.value - factor.low) / span, place, "|", color=VERMILION, markersize=15, markeredgewidth=2)


@styled
def plane(found: Any, ax: Axes | None = None, number: int = 0) -> Axes:
    """Share of fresh worlds with the outcome over the two strongest limits of a box, and the box.

    Args:
        found: a :class:`sim.analysis.discover.Discovery` whose search looked at two quantities or more.
        ax: where to draw; a new figure by default.
        number: which box, from 0.
    """
    ax = canvas(SIZE) if ax is None else ax
    known = {factor.path: factor for factor in found.factors}
    limits = {each.path: each for each in found.boxes[number].limits} if found.boxes else {}
    ranked = [path for path in found.ranking["path"] if path in found.fresh.x and path not in limits]
    paths = [*limits, *ranked][:2]
    edges = [_edges(known[path]) for path in paths]
    across, up = (found.fresh.x[path].to_numpy() for path in paths)
    cells = [np.histogram2d(across[chosen], up[chosen], edges)[0] for chosen in (found.fresh.hits, slice(None))]
    shares = np.divide(cells[0], cells[1], out=np.full_like(cells[0], np.nan), where=cells[1] > 0)
    shade = ax.pcolormesh(*edges, shares.T, cmap="cividis", vmin=0)
    (left, right), (low, high) = (_within(limits.get(path), ends) for path, ends in zip(paths, edges, strict=True))
    frame = Rectangle(
        (left, low), right - left, high - low, fill=False, edgecolor=VERMILION, linewidth=3, clip_on=False
    )
    ax.add_patch(frame)
    ax.plot(*(known[path].value for path in paths), "D", color="white", markeredgecolor=INK, markersize=8)
    bar = ax.figure.colorbar(shade, ax=ax, pad=0.02)
    bar.set_label("share of worlds with the outcome")
    bar.outline.set_visible(False)
    percent_axis(bar.ax.yaxis, float(np.nanmax(shares)))
    ax.set_xlabel(known[paths[0]].measured)
    ax.set_ylabel(known[paths[1]].measured)
    ax.grid(visible=False)
    finding(
        ax,
        _plane_title(found, number),
        "Fresh worlds; frame: the box along these two; diamond: the scenario's own numbers",
    )
    sign(ax, _rests_on(found, len(found.fresh.hits)))
    return ax


def _plane_title(found: Any, number: int) -> str:
    if not found.boxes:
        return f"“{found.title}”: no box over the two most telling quantities"
    box = found.boxes[number]
    return f"“{found.title}”: {_density(box)} inside the box, {_base(found)} over all"


def _density(box: Any) -> str:
    return measured(box.density, box.low, box.high)


def _held(found: Any, box: Any) -> str:
    """Which parts of the ranges and of the cases a box holds."""
    hits, worlds = int(found.fresh.hits.sum()), len(found.fresh.hits)
    return f"{share(box.points, worlds)} of the ranges, {share(round(box.coverage * hits), hits)} of the cases"


def _base(found: Any) -> str:
    return share(int(found.fresh.hits.sum()), len(found.fresh.hits))


def _within(limits: Any, edges: NDArray[np.float64]) -> tuple[float, float]:
    if limits is None:
        return edges[0], edges[-1]
    return max(limits.low, edges[0]), min(limits.high, edges[-1])


def _edges(factor: Any) -> NDArray[np.float64]:
    """Edges of the cells along a side: none falls between two whole numbers, so that none stays empty."""
    if not factor.whole:
        return np.linspace(factor.low, factor.high, CELLS + 1)
    step = -(-(factor.high - factor.low + 1) // CELLS)
    return np.arange(factor.low - 0.5, factor.high + 0.5 + step, step)


def _rests_on(found: Any, worlds: int) -> list[str]:
    name = [found.scenario.title] if found.scenario else []
    return [worlds_text(worlds), *name, f"{len(found.factors)} quantities varied"]


@styled
def draw_all(found: Any, folder: Path) -> None:
    """Draw the trajectory and every box into a folder as PNG and SVG."""
    _draw(folder, "trajectory", lambda ax: trajectory(found, ax), SIZE)
    for number in range(max(len(found.boxes), 1)):
        _draw(folder, f"box-{number + 1}", lambda ax, number=number: box(found, ax, number), _box_size(found, number))
    if found.fresh.x.shape[1] > 1:
        for number in range(len(found.boxes)):
            _draw(folder, f"plane-{number + 1}", lambda ax, number=number: plane(found, ax, number), SIZE)


def _box_size(found: Any, number: int) -> tuple[float, float]:
    limits = len(found.boxes[number].limits) if found.boxes else 3
    return SIZE[0], 1.7 + 0.8 * limits


def _draw(folder: Path, name: str, draw: Any, size: tuple[float, float]) -> None:
    figure = blank(size)
    draw(figure.subplots())
    save(figure, folder, name)
