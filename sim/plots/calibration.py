"""What a fit found, and whether the method can be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.plots.style import BLUE, FAINT, QUIET, SKY, VERMILION, canvas, finding, sign, styled

COLUMNS = 4
TICKS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
"""Where an axis of factors is labelled."""
NARROWED = 0.3
"""Contraction from which the record counts as having told something of a parameter."""
UNLIKELY = 0.05
"""Share of worlds beyond the record below which the model counts as not having got a statistic."""


def grid(parameters: int) -> tuple[int, int]:
    """Rows and columns of a figure with a panel for each parameter."""
    return -(-parameters // COLUMNS), COLUMNS


def size(parameters: int) -> tuple[float, float]:
    """Width and height of such a figure, in inches."""
    return 9.5, 1.7 * grid(parameters)[0] + 0.8


def _panels(axes: Any, parameters: int) -> Any:
    """One panel for each parameter; those left over in the last row are empty."""
    axes = np.ravel(canvas(size(parameters), *grid(parameters)) if axes is None else axes)
    for ax in axes[parameters:]:
        ax.set_axis_off()
    return axes[:parameters]


@styled
def posteriors(draws: NDArray[np.float64], table: Any, axes: Any = None) -> Any:
    """Posterior of each parameter over its uniform prior; `table` is that of `sim.analysis.checks.contraction`."""
    axes = _panels(axes, len(table))
    for ax, column, row in zip(axes, draws.T, table.itertuples(), strict=True):
        _posterior(ax, column, row)
    told = int((table["contraction"] >= NARROWED).sum())
    axes[0].get_figure().suptitle(
        f"The record tells something of {told} of {len(table)} parameters", x=0.01, ha="left", fontweight="bold"
    )
    sign(axes[0], [f"{len(draws)} posterior draws (blue) over the prior (grey)", "in brackets: share of variance gone"])
    return axes


def _posterior(ax: Axes, draws: NDArray[np.float64], row: Any) -> None:
    factor = row.prior_low > 0 and row.prior_high / row.prior_low > 20
    edges = (np.geomspace if factor else np.linspace)(row.prior_low, row.prior_high, 21)
    if factor:
        ax.set_xscale("log")
        ticks = [tick for tick in TICKS if row.prior_low <= tick <= row.prior_high]
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    shares = np.histogram(draws, edges)[0] / len(draws)
    ax.stairs(np.full(20, 1 / 20), edges, fill=True, color=FAINT)
    ax.stairs(shares, edges, fill=True, color=BLUE, alpha=0.75)
    ax.set_xlim(row.prior_low, row.prior_high)
    ax.set_yticks([])
    ax.set_title(
        f"{row.parameter.replace('_', ' ')} ({100 * max(row.contraction, 0):.0f} %)", fontsize=9, fontweight="normal"
    )


@styled
def predictive(table: Any, worlds: int, ax: Axes | None = None) -> Axes:
    """Statistics of worlds from the posterior beside those of the record, each on a scale of its own."""
    ax = canvas((8.0, 6.4)) if ax is None else ax
    place = np.arange(len(table))[::-1]
    centre, width = table["median"], np.maximum((table["high"] - table["low"]) / 2, 1e-9)
    reach = np.maximum(width, np.abs(table["observed"] - centre))
    low, high, seen = ((table[name] - centre) / reach for name in ("low", "high", "observed"))
    missed = table["tail"] < UNLIKELY
    ax.hlines(place, low, high, color=SKY, linewidth=5)
    ax.plot(np.zeros(len(table)), place, "|", color=BLUE, markersize=9, label="median world")
    ax.plot(seen[~missed], place[~missed], "D", color=QUIET, markersize=5, label="record, within reach")
    ax.plot(seen[missed], place[missed], "D", color=VERMILION, markersize=6, label="record, out of reach")
    for y, row in zip(place, table.itertuples(), strict=True):
        text = f"{row.observed:.3g}   ({row.low:.3g} to {row.high:.3g})"
        ax.annotate(text, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8, color=QUIET)
    ax.set_yticks(place, [name.replace("_", " ") for name in table["statistic"]])
    ax.set_xticks([])
    ax.set_xlim(-1.15, 1.15)
    ax.legend(loc="lower left", bbox_to_anchor=(0, -0.08), ncols=3)
    missing = ", ".join(name.replace("_", " ") for name in table["statistic"][missed]) or "none"
    finding(
        ax,
        f"Out of the model's reach: {missing}",
        "Bars: 90 % of worlds, each on its own scale; right: record (worlds)",
    )
    sign(ax, [f"{worlds:,} worlds from the posterior, before 28 September 2020"])
    return ax


@styled
def ranks(ranked: NDArray[np.int64], draws: int, names: tuple[str, ...], axes: Any = None) -> Any:
    """Ranks of true parameters among posterior draws of synthetic records; flat if the method is right."""
    axes = _panels(axes, len(names))
    bins = 10
    expected = len(ranked) / bins
    band = 1.96 * np.sqrt(expected * (1 - 1 / bins))
    for ax, column, name in zip(axes, ranked.T, names, strict=True):
        counts = np.histogram(column, np.linspace(0, draws + 1, bins + 1))[0]
        ax.axhspan(expected - band, expected + band, color=FAINT)
        ax.stairs(counts, np.linspace(0, 1, bins + 1), fill=True, color=BLUE, alpha=0.75)
        ax.set_title(name.replace("_", " "), fontsize=9, fontweight="normal")
        ax.set_xticks([0, 1], ["least", "most"])
        ax.set_ylim(0, None)
    axes[0].get_figure().suptitle(
        "Does the method find parameters it does not know?", x=0.01, ha="left", fontweight="bold"
    )
    sign(axes[0], [f"{len(ranked)} synthetic records", "rank of the true value among its posterior draws",
                   "grey: 95 % of chance"])  # fmt: skip
    return axes
