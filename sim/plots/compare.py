"""What a change did under the same luck: differences with paired intervals, and where worlds first parted."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import fill, shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.actions import BY_ID
from sim.analysis.compare_text import clearest
from sim.analysis.divergence import ADDED, DROPPED, KINDS, REPLACED, RESULT
from sim.analysis.layout import points, value
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    SKY,
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
from sim.results.scores import each
from sim.results.trace import actor_names, day_of
from sim.results.words import share, worlds_text

SIZE = (8.4, 6.2)
KIND_COLOURS = {ADDED: VERMILION, DROPPED: BLUE, REPLACED: ORANGE, RESULT: GREEN}
ACTS_SIZE = (8.8, 5.4)
MOST_ACTS = 10


@styled
def differences(comparison: Any, ax: Axes | None = None, side: Any = None) -> Axes:
    """Difference of each outcome's probability with its paired 95 % interval, over the worlds that turned either way.

    Outcomes that come in no world under either scenario are left out; those that one of them settles itself are marked.
    """
    side = side or comparison.others[0]
    ax = canvas(SIZE) if ax is None else ax
    rows = comparison.differences
    rows = rows[(rows["scenario"] == side.name) & (rows["unit"] == "share of worlds")]
    rows = rows[(rows["base"] > 0) | (rows["other"] > 0)].sort_values(["difference", "outcome"], ignore_index=True)
    if rows.empty:
        nothing(ax, "None of the outcomes comes in any world under either scenario.")
    else:
        _forest(ax, rows)
        finding(
            ax,
            _title(comparison, side),
            f"Dot: difference with 95 % interval{_within(comparison)}; bars: worlds that turn to it or away",
        )
    sign(ax, _rests_on(comparison, side))
    return ax


def _forest(ax: Axes, rows: pd.DataFrame) -> None:
    make_room(ax, 1.9 + 0.29 * len(rows))
    place = np.arange(len(rows))
    ax.barh(place, rows["gained"], color=ORANGE, alpha=0.35, height=0.62, label="turn to it")
    ax.barh(place, -rows["lost"], color=SKY, alpha=0.45, height=0.62, label="turn away from it")
    ax.hlines(place, rows["low"], rows["high"], color=INK, linewidth=2)
    ax.plot(rows["difference"], place, "o", color=INK, markersize=4.5, label="difference, 95 % interval")
    ax.axvline(0, color=QUIET, linewidth=1)
    for y, row in zip(place, each(rows), strict=True):
        ax.annotate(
            _ends(row), (1.01, y), xycoords=("axes fraction", "data"),
            va="center", fontsize=8, color=QUIET, annotation_clip=False,
        )  # fmt: skip
    ax.set_yticks(place, rows["title"])
    ax.set_ylim(-1.6, len(rows) - 0.3)  # the lowest row holds the legend
    ax.set_xlabel("percentage points")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:+.3g}".replace("-", "−") if x else "0"))
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0, pad=7)
    ax.legend(loc="lower right", ncols=3, borderaxespad=0.1)


def _ends(row: Any) -> str:
    """The two shares of a row, and who settles them itself."""
    before, after = value(row.base, True, row.base_error), value(row.other, True, row.other_error)
    mark = {"base": "(set) ", "both": "(set) "}.get(row.settled, ""), {"other": " (set)", "both": " (set)"}
    return f"{mark[0]}{before} → {after}{mark[1].get(row.settled, '')}"


def _title(comparison: Any, side: Any) -> str:
    """The clearest difference that does not repeat what was set."""
    found = clearest(comparison, side)
    if found.empty:
        return f"{side.name}: no outcome's probability moves beyond its interval{_within(comparison)}"
    most = next(each(found))
    before, after = value(most.base, True, most.base_error), value(most.other, True, most.other_error)
    moved = points(most.difference, most.low, most.high)
    return f"{side.name} moves “{most.title}” most: {before} to {after} ({moved} points){_within(comparison)}"


def _within(comparison: Any) -> str:
    return f" {comparison.basis}" if comparison.basis else ""


def _rests_on(comparison: Any, side: Any) -> list[str]:
    return [
        f"{worlds_text(comparison.worlds)} under each, same luck",
        *([comparison.basis] if comparison.basis else []),
        f"{side.name} less {comparison.base.name}",
        f"seed {comparison.base.scenario.seed}",
    ]


@styled
def first_acts(comparison: Any, ax: Axes | None = None, side: Any = None, column: str | None = None) -> Axes:
    """The commonest first differences among worlds whose outcome changed, with the median date, or day of the run.

    Args:
        comparison: a :class:`sim.analysis.compare.Comparison`.
        ax: where to draw; a new figure by default.
        side: which scenario of the comparison; the first by default.
        column: the outcome that changed; embassy, force or truce by default.
    """
    side = side or comparison.others[0]
    ax = canvas(ACTS_SIZE) if ax is None else ax
    rows = comparison.first_acts(side, column)
    changed = len(comparison.changed(side, column))
    if rows.empty:
        nothing(ax, f"No world ends differently under {side.name}.")
    else:
        _bars(ax, rows.head(MOST_ACTS).iloc[::-1].reset_index(drop=True), comparison, side)
        finding(
            ax,
            f"{side.name}: {share(changed, comparison.worlds)} of worlds end differently{_within(comparison)};"
            f" the commonest first difference holds for {share(int(rows['worlds'].iloc[0]), changed)} of them",
            "First act of an actor's own that differs, in worlds that end differently; median date",
        )
    rests_on = [f"{changed:,} of {worlds_text(comparison.worlds)}", *_rests_on(comparison, side)[1:]]
    sign(ax, [" · ".join([*rests_on[:-1], f"{rests_on[-1]}\n{_set(comparison, side)}"])])
    return ax


def _set(comparison: Any, side: Any) -> str:
    """What was set otherwise, in a few words."""
    changes = comparison.changes(side)
    first = shorten(changes[0], 100, placeholder=" …") if changes else "nothing"
    return f"set otherwise: {first}{f' and {len(changes) - 1} more' if len(changes) > 1 else ''}"


def _bars(ax: Axes, rows: pd.DataFrame, comparison: Any, side: Any) -> None:
    changed = round(rows["worlds"].iloc[0] / rows["share"].iloc[0])
    names = actor_names(comparison.base.scenario) | actor_names(side.scenario)
    place = np.arange(len(rows))
    ax.barh(place, rows["share"], color=[KIND_COLOURS[kind] for kind in rows["kind"]], height=0.66)
    for y, row in zip(place, each(rows), strict=True):
        when = day_of(comparison.base.scenario.start, row.day)
        date = f"{when.day} {when:%b}" if comparison.dated else f"day {row.day}"
        ax.annotate(
            f"{share(row.worlds, changed)}, {date}", (row.share, y), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=QUIET,
        )  # fmt: skip
    titles = [f"{names[row.actor]} {BY_ID[row.act].title.partition(':')[0]}" for row in each(rows)]
    ax.set_yticks(place, [fill(shorten(title, 76, placeholder=" …"), 40) for title in titles], fontsize=8.5)
    ax.set_xlim(0, 1.6 * rows["share"].max())
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.set_xlabel("share of the worlds whose outcome changed")
    percent_axis(ax.xaxis)
    ax.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10], min_n_ticks=2))
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0, pad=7)
    kinds = [kind for kind in KINDS if (rows["kind"] == kind).any()]
    ax.legend(handles=[Patch(color=KIND_COLOURS[kind], label=KINDS[kind]) for kind in kinds], loc="lower right")


@styled
def draw_all(comparison: Any, folder: Path) -> None:
    """Draw differences and first acts of every scenario into a folder as PNG and SVG."""
    for side in comparison.others:
        name = re.sub(r"[^\w.-]+", "-", side.name).strip("-").lower()
        for kind, draw in (("differences", differences), ("first-acts", first_acts)):
            figure = blank(SIZE if kind == "differences" else ACTS_SIZE)
            draw(comparison, figure.subplots(), side)
            save(figure, folder, f"{kind}-{name}")
