"""Where the spread of outcomes comes from: luck, parameters, rule and mindset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.analysis.indicators import INDICATORS
from sim.analysis.layout import value
from sim.analysis.uncertainty_text import WORDS, rests_on, shares_of, whole_percents
from sim.plots.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    SKY,
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
from sim.results.scores import each

SIZE = (8.8, 5.0)
COLOURS = dict(zip(WORDS, (SKY, BLUE, ORANGE), strict=True))
NARROW = 0.035


@styled
def shares(found: Any, ax: Axes | None = None) -> Axes:
    """Shares of luck, parameters and structure in the variance of each outcome; each bar is 100 %."""
    ax = canvas(SIZE) if ax is None else ax
    rows = list(each(found.table[found.table["total"] > 0]))
    sign(ax, [rests_on(found), found.scenario.title])
    if not rows:
        nothing(ax, "No outcome varies.")
        return ax
    make_room(ax, 1.9 + 0.42 * len(rows))
    for place, row in enumerate(reversed(rows)):
        _bar(ax, place, row)
    ax.set_yticks(range(len(rows)), [row.title for row in reversed(rows)])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of the variance between worlds")
    percent_axis(ax.xaxis)
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0, pad=7)
    handles = [ax.barh([0], [0], color=COLOURS[name], label=word) for name, word in WORDS.items()]
    ax.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, -0.24), ncols=3)
    finding(ax, _title(found), "Law of total variance; each bar is 100 %; right: mean (counts: ± standard deviation)")
    return ax


def _bar(ax: Axes, place: int, row: Any) -> None:
    left = 0.0
    for name, share, whole in zip(WORDS, shares_of(row), whole_percents(shares_of(row)), strict=True):
        ax.barh(place, share, left=left, color=COLOURS[name], height=0.7)
        if share > NARROW:
            colour = "white" if name == "parameters" else INK
            ax.text(left + share / 2, place, f"{whole} %", ha="center", va="center", color=colour, fontsize=8.5)
        left += share
    share = INDICATORS[row.outcome].is_share
    mean = value(row.mean, share, row.error) if share else f"{row.mean:.3g} ± {np.sqrt(row.total):.2g}"
    ax.annotate(
        mean, (1.015, place), xycoords=("axes fraction", "data"), va="center",
        fontsize=8.5, color=QUIET, annotation_clip=False,
    )  # fmt: skip


def _title(found: Any) -> str:
    """Which of the three is largest, over all outcomes and for how many."""
    rows = [shares_of(row) for row in each(found.table[found.table["total"] > 0])]
    first = np.bincount(np.argmax(rows, axis=1), minlength=3)
    word = list(WORDS.values())[int(first.argmax())]
    count, average = int(first.max()), whole_percents(np.mean(rows, axis=0).tolist())[int(first.argmax())]
    return f"Largest part of the spread: {word}, for {count} of {len(rows)} outcomes ({average} % on average)"


@styled
def draw_all(found: Any, folder: Path) -> None:
    """Draw the shares into a folder as PNG and SVG."""
    figure = blank(SIZE)
    shares(found, figure.subplots())
    save(figure, folder, "uncertainty")
