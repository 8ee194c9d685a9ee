"""What matters: elementary effects, Sobol' indices, tornado."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from sim.analysis.indicators import INDICATORS, SHARE
from sim.analysis.layout import largest, value
from sim.plots.style import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    QUIET,
    VERMILION,
    blank,
    canvas,
    finding,
    nothing,
    save,
    sign,
    styled,
)
from sim.results.scores import each
from sim.results.words import measured, percent

SIZE = (8.8, 5.4)
SHOWN = 12
END_COLOURS = {"low": BLUE, "high": VERMILION}
SHADES = LinearSegmentedColormap.from_list("indices", ["#ffffff", BLUE])


@styled
def screened(found: Any, ax: Axes | None = None, outcome: str | None = None) -> Axes:
    """Mean size of the elementary effects on an outcome with 95 % intervals, largest on top; tick: signed mean.

    Args:
        found: a :class:`sim.analysis.sensitivity.Sensitivity` with a screening.
        ax: where to draw; a new figure by default.
        outcome: column of the outcome; the first that varies by default.
    """
    ax = canvas(SIZE) if ax is None else ax
    table = found.screening.table
    varying = table[table["mu_star"] > 0]
    if varying.empty:
        nothing(ax, "No outcome varies between the points of the screening.")
        return ax
    outcome = outcome or varying["outcome"].iloc[0]
    rows = table[table["outcome"] == outcome].nlargest(SHOWN, "mu_star").iloc[::-1].reset_index(drop=True)
    place = np.arange(len(rows))
    ax.barh(place, rows["mu_star"], color=BLUE, alpha=0.75, height=0.62, label="mean size (mu*), 95 % interval")
    ax.hlines(place, (rows["mu_star"] - rows["conf"]).clip(0), rows["mu_star"] + rows["conf"], color=INK, linewidth=1.6)
    ax.plot(rows["mu"], place, "D", color=VERMILION, markersize=5, label="mean with its sign (mu)")
    _names(ax, rows["label"])
    _effect_axis(ax, outcome)
    ax.axvline(0, color=QUIET, linewidth=1)
    ax.legend(loc="lower right", ncols=3, borderaxespad=0.1)
    first = largest(rows, "mu_star")
    finding(
        ax,
        f"{first.title}: of {table['path'].nunique()} quantities, {first.label} moves it most",
        "Elementary effects over the whole range of a quantity (Morris)",
    )
    sign(ax, [f"{found.screening.points:,} points of {found.screening.worlds} worlds, same luck", *_of(found)])
    return ax


@styled
def total_indices(found: Any, ax: Axes | None = None) -> Axes:
    """Total Sobol' index of each quantity (rows) for each outcome (columns); pale where the interval is too wide."""
    ax = canvas(SIZE) if ax is None else ax
    table = found.indices.table
    outcomes = list(found.indices.outcomes.query("sd > 0")["outcome"])
    if not outcomes:
        nothing(ax, "No outcome varies between the points of the sample.")
        return ax
    total, half = (table.pivot(index="label", columns="outcome", values=name)[outcomes] for name in ("ST", "ST_conf"))
    order = total.max(axis=1).sort_values(ascending=False).index
    total, half = total.loc[order], half.loc[order]
    ax.imshow(total, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    for (row, column), index in np.ndenumerate(total.to_numpy()):
        wide = half.iloc[row, column] >= index
        text = f"{max(index, 0):.2f}" + ("" if wide else f"\n±{half.iloc[row, column]:.2f}")
        colour = "#9a9a9a" if wide else "white" if index > 0.6 else INK
        ax.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    titles = [fill(INDICATORS[name].title, 10) for name in outcomes]
    ax.set_xticks(range(len(outcomes)), titles, fontsize=8.5)
    ax.set_yticks(range(len(order)), [fill(name, 34) for name in order])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    finding(ax, _index_title(table), "Total Sobol' index ± half its 95 % interval; grey: interval wider than the index")
    sign(ax, _index_sample(found))
    return ax


@styled
def indices(found: Any, ax: Axes | None = None, outcome: str | None = None) -> Axes:
    """First-order and total indices of an outcome with 95 % intervals; the shade is what luck may still hold of ST.

    Args:
        found: a :class:`sim.analysis.sensitivity.Sensitivity` with indices.
        ax: where to draw; a new figure by default.
        outcome: column of the outcome; the first that varies by default.
    """
    ax = canvas(SIZE) if ax is None else ax
    varying = found.indices.outcomes.query("sd > 0")
    if varying.empty:
        nothing(ax, "No outcome varies between the points of the sample.")
        return ax
    outcome = outcome or varying["outcome"].iloc[0]
    facts = varying[varying["outcome"] == outcome].iloc[0]
    rows = found.indices.table[found.indices.table["outcome"] == outcome].sort_values("ST", ignore_index=True)
    _index_bars(ax, rows, float(facts["luck"]))
    first = largest(rows, "ST")
    finding(
        ax,
        f"{first.title}: {_part(first)} of its variance involves {first.label}",
        "Part of the variance between points (Sobol'); lines: 95 % interval",
    )
    sign(ax, _index_sample(found))
    return ax


def _part(row: Any) -> str:
    """A total index in per cent, with the digits that its interval bears."""
    return measured(float(np.clip(row.ST, 0, 1)), -row.ST_conf, row.ST_conf)


def _index_bars(ax: Axes, rows: pd.DataFrame, luck: float) -> None:
    place = np.arange(len(rows))
    for offset, name, colour, label in (
        (0.18, "ST", BLUE, "with interactions (ST)"),
        (-0.18, "S1", ORANGE, "alone (S1)"),
    ):
        size, half = rows[name].clip(lower=0), rows[f"{name}_conf"]
        ax.barh(place + offset, size, color=colour, height=0.34, label=label)
        ax.hlines(
            place + offset, (rows[name] - half).clip(lower=0), (rows[name] + half).clip(lower=0), color=INK, lw=1.4
        )
    if luck > 0:
        height = (-0.6, len(rows) - 0.3)
        ax.fill_betweenx(height, 0, luck, color=FAINT, linewidth=0, zorder=0)
        ax.plot(
            [luck, luck], height, color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)),
            label="luck not averaged out, at most",
        )  # fmt: skip
    _names(ax, rows["label"])
    ax.set_xlabel("part of the variance")
    ax.set_xlim(0, max(1.0, float((rows["ST"] + rows["ST_conf"]).max())))
    ax.legend(loc="lower right", ncols=3, borderaxespad=0.1)


@styled
def tornado(found: Any, ax: Axes | None = None, outcome: str | None = None) -> Axes:
    """An outcome with one quantity at a time at the low and the high end of its range, all else as the scenario says.

    Args:
        found: a :class:`sim.analysis.sensitivity.Sensitivity`.
        ax: where to draw; a new figure by default.
        outcome: column of the outcome; the first by default.
    """
    ax = canvas(SIZE) if ax is None else ax
    rows = found.tornado
    rows = rows[rows["outcome"] == (outcome or rows["outcome"].iloc[0])]
    reach = rows.groupby("label")["difference"].agg(lambda moves: moves.abs().max()).sort_values().tail(SHOWN)
    base = float(rows["base"].iloc[0])
    for place, label in enumerate(reach.index):
        _ends(ax, place, rows[rows["label"] == label], base)
    for end, colour in END_COLOURS.items():
        ax.barh([0], [0], left=base, color=colour, label=f"at the {end} end of its range")
    ax.axvline(base, color=QUIET, linewidth=1)
    _names(ax, pd.Series(reach.index))
    ax.margins(x=0.12)
    _value_axis(ax, rows["outcome"].iloc[0])
    ax.legend(loc="lower right", ncols=3, borderaxespad=0.1)
    finding(
        ax,
        _tornado_title(rows, str(reach.index[-1])),
        "Alone, all else as the scenario says; lines: paired 95 % interval",
    )
    sign(ax, [f"{found.plan.end_worlds:,} worlds at each end, same luck", *_of(found)])
    return ax


def _ends(ax: Axes, place: int, rows: pd.DataFrame, base: float) -> None:
    """The two ends of one quantity; their values stand on either side, that of the larger move on its own side."""
    larger = next(each(rows.sort_values("difference", key=np.abs, ascending=False)))
    side = 1 if larger.difference >= 0 else -1
    limits = (0.0, 1.0) if larger.unit == SHARE else (-np.inf, np.inf)
    spans = {row.end: np.clip((base + row.low, base + row.high), *limits) for row in each(rows)}
    for row in each(rows):
        ax.barh(place, row.difference, left=base, color=END_COLOURS[row.end], alpha=0.8, height=0.6)
        ax.hlines(place, *spans[row.end], color=INK, linewidth=1.3)
        toward = side if row.end == larger.end else -side
        reach = np.concatenate([[base, base + row.difference], *spans.values()])
        where = np.nanmax(reach) if toward > 0 else np.nanmin(reach)
        ax.annotate(
            f"{row.value:g}", (where, place), xytext=(4 * toward, 0), textcoords="offset points",
            ha="left" if toward > 0 else "right", va="center", fontsize=8, color=QUIET,
        )  # fmt: skip


def _tornado_title(rows: pd.DataFrame, label: str) -> str:
    moved = rows[rows["label"] == label]
    share = moved["unit"].iloc[0] == SHARE
    ends = sorted((row.value, value(row.mean, share, row.error)) for row in each(moved))
    (low, at_low), (high, at_high) = ends
    return f"{moved['title'].iloc[0]}: {at_low} to {at_high} as {label} goes from {low:g} to {high:g}"


def _names(ax: Axes, labels: pd.Series) -> None:
    ax.set_yticks(range(len(labels)), [fill(label, 34) for label in labels], fontsize=8.5)
    ax.set_ylim(-1.5, len(labels) - 0.3)  # the lowest row holds the legend
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0, pad=7)


def _effect_axis(ax: Axes, outcome: str) -> None:
    ax.set_xlabel(
        "change in percentage points" if INDICATORS[outcome].is_share else f"change in {INDICATORS[outcome].unit}"
    )
    if INDICATORS[outcome].is_share:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.3g}".replace("-", "−")))


def _value_axis(ax: Axes, outcome: str) -> None:
    ax.set_xlabel(INDICATORS[outcome].unit)
    if INDICATORS[outcome].is_share:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g} %" if x >= 0 else ""))


def _index_title(table: pd.DataFrame) -> str:
    settled = table[table["ST"] > table["ST_conf"]]
    if settled.empty:
        return "The sample is too small: no index is larger than its interval"
    most = settled.groupby("label")["ST"].sum().idxmax()
    count = settled[(settled["label"] == most) & (settled["ST"] > 0.1)]["outcome"].nunique()
    return (
        f"{most} matters most over all: a tenth or more of the variance of {count} outcome{'' if count == 1 else 's'}"
    )


def _index_sample(found: Any) -> list[str]:
    count = found.indices.points * (found.indices.table["path"].nunique() + 2)
    return [f"{count:,} points of {found.indices.worlds} worlds, same luck", *_of(found)]


def _of(found: Any) -> list[str]:
    width = "" if found.plan.width == 1 else f", {percent(found.plan.width)} of each"
    return [found.scenario.title, f"declared ranges{width}"]


@styled
def draw_all(found: Any, folder: Path) -> None:
    """Draw every figure of a sensitivity analysis into a folder as PNG and SVG, one a method and outcome."""
    per_outcome: list[tuple[str, Any]] = [("tornado", tornado)]
    if found.indices is not None:
        _draw(found, folder, "indices", total_indices, None)
        per_outcome.append(("indices", indices))
    if found.screening is not None:
        per_outcome.append(("screening", screened))
    for outcome in _varying(found):
        for name, draw in per_outcome:
            _draw(found, folder, f"{name}-{outcome}", draw, outcome)


def _varying(found: Any) -> list[str]:
    if found.indices is not None:
        return list(found.indices.outcomes.query("sd > 0")["outcome"])
    table = found.screening.table
    return list(table[table["mu_star"] > 0]["outcome"].unique())


def _draw(found: Any, folder: Path, name: str, draw: Any, outcome: str | None) -> None:
    figure = blank(SIZE)
    draw(found, figure.subplots(), outcome) if outcome else draw(found, figure.subplots())
    save(figure, folder, name)
