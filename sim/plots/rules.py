"""Outcomes under rival rules and mindsets, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from sim.analysis.compare_rules import MINDSET
from sim.plots.style import BLUE, INK, blank, canvas, finding, make_room, nothing, save, sign, styled
from sim.results.words import share, worlds_text

SHADES = LinearSegmentedColormap.from_list("shares", ["#ffffff", BLUE])
SETTLED, OPEN = "bold", "normal"


@styled
def side_by_side(comparison: Any, ax: Axes | None = None) -> Axes:
    """Probability of each outcome (columns) under each scenario (rows); bold where it differs from the first row.

    A difference counts where its paired 95 % interval excludes zero.
    """
    ax = canvas((10.5, 6.0)) if ax is None else ax
    shares, settled = _shares(comparison)
    if shares.empty:
        nothing(ax, f"{_title(shares, comparison.worlds)}.")
        return ax
    make_room(ax, 2.6 + 0.27 * len(shares))
    ax.imshow(shares, cmap=SHADES, vmin=0.0, vmax=1.0, aspect="auto")
    worlds = comparison.worlds
    for (row, column), part in np.ndenumerate(shares.to_numpy()):
        ax.text(
            column, row, share(round(part * worlds), worlds).replace(" %", ""), ha="center", va="center", fontsize=8,
            color="white" if part > 0.6 else INK, fontweight=SETTLED if settled[row, column] else OPEN,
        )  # fmt: skip
    ax.set_xticks(range(shares.shape[1]), shares.columns, rotation=35, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(shares)), shares.index)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.axhline(0.5, color=INK, linewidth=1)
    finding(ax, _title(shares, worlds), "Share of worlds, %; bold: paired 95 % interval of the difference excludes 0")
    sign(ax, [f"{worlds_text(comparison.worlds)} under each, same luck", comparison.base.scenario.title])
    return ax


def _shares(comparison: Any) -> tuple[pd.DataFrame, np.ndarray]:
    """(scenarios, outcomes) shares, outcomes that never come left out, and where the difference is settled."""
    rows = comparison.differences
    rows = rows[rows["unit"] == "share of worlds"]
    titles = list(dict.fromkeys(rows["title"]))
    names = [side.name for side in comparison.others]
    other = rows.pivot(index="scenario", columns="title", values="other").loc[names, titles]
    base = rows[rows["scenario"] == names[0]].set_index("title").loc[titles, "base"]
    shares = pd.concat([base.to_frame(comparison.base.name).T, other])
    clear = rows.assign(clear=rows["low"] * rows["high"] > 0).pivot(index="scenario", columns="title", values="clear")
    settled = np.vstack([np.zeros(len(titles), dtype=bool), clear.loc[names, titles].to_numpy(dtype=bool)])
    seen = (shares > 0).any(axis=0).to_numpy()
    return shares.loc[:, seen], settled[:, seen]


def _title(shares: pd.DataFrame, worlds: int) -> str:
    """Which outcome ranges most among the mindsets; among the rules where there are none."""
    if shares.shape[1] == 0:
        return "No outcome comes in any world under any rule"
    minds = shares[shares.index.str.startswith(MINDSET)]
    rows, kind = (minds, "Mindsets") if len(minds) > 1 else (shares, "Rules")
    outcome = (rows.max(axis=0) - rows.min(axis=0)).idxmax()
    low, high = (str(place).removeprefix(MINDSET) for place in (rows[outcome].idxmin(), rows[outcome].idxmax()))
    least, most = (share(round(end * worlds), worlds) for end in (rows[outcome].min(), rows[outcome].max()))
    return f"{kind} move “{outcome}” most: {least} ({low}) to {most} ({high})"


@styled
def draw_all(comparison: Any, folder: Path) -> None:
    """Draw the comparison of rules into a folder as PNG and SVG."""
    figure = blank((10.5, 6.0))
    side_by_side(comparison, figure.subplots())
    save(figure, folder, "rules")
