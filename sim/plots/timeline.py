"""One world as a timeline by actor: who did what, and who answered whom."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.plots.marks import mark_calendar
from sim.plots.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    VERMILION,
    canvas,
    date_axis,
    dates,
    finding,
    make_room,
    nothing,
    sign,
    styled,
)  # fmt: skip
from sim.results.findings import story
from sim.results.scores import each

KINDS = (
    (-1, GREEN, "eases: talks, truce, reversal"),
    (2, "#b3b3b3", "words: protest, warning, red line"),
    (6, ORANGE, "pressure: posture, sanctions, closure"),
    (8, BLUE, "harassing or lethal attack"),
    (12, VERMILION, "strikes, killing of a commander, missiles"),
)
"""Highest rung of each kind of act, its colour and what it is."""
NOTABLE = 9
MOST_LABELS = 14
SHORT = {
    "us.strike_limited": "limited strike",
    "us.strike_campaign": "campaign of strikes",
    "us.kill_commander": "commander killed",
    "us.strike_iran": "strike on Iran",
    "us.letter_of_warning": "warning",
    "us.decide_closure": "closure decided",
    "us.pause_closure": "closure paused",
    "us.reverse_closure": "closure reversed",
    "us.complete_closure": "embassy closed",
    "us.partial_drawdown": "part of the staff leaves",
}
"""Short words for acts whose id does not read well."""
ROW_INCHES, MARGIN_INCHES = 0.32, 1.7
LETTER_DAYS = 0.0105
"""Width of a letter of a label, as a share of the axis."""


@styled
def timeline(chronicle: Any, ax: Axes | None = None) -> Axes:
    """Draw a :class:`sim.results.chronicle.Chronicle`: a row an actor, a mark an event, an arrow an answer."""
    ax = canvas((9.5, 5.2)) if ax is None else ax
    scenario = chronicle.scenario
    events = chronicle.events.assign(x=chronicle.events["day"] + dates(scenario.start, 1)[0])
    if events.empty:
        nothing(ax, f"Nothing happened in world {chronicle.world}.")
        return ax
    rows = _rows(events, scenario)
    make_room(ax, ROW_INCHES * len(rows) + MARGIN_INCHES)
    _arrows(ax, events, rows)
    for top, colour, _ in KINDS:
        mine = events[[_kind(rung) == top for rung in events["rung"]]]
        sizes = 14 + 5.0 * mine["rung"].clip(lower=0)
        fills = ["white" if private else colour for private in mine["private"]]
        ax.scatter(mine["x"], [rows[actor] for actor in mine["actor"]], s=sizes, c=fills, edgecolors=colour, zorder=3)
    _labels(ax, events, rows, scenario)
    _axes(ax, chronicle, rows)
    finding(ax, story(chronicle), "Each mark is an event, its size the rung; arrows lead from an event to the answer")
    sign(ax, [f"1 world, number {chronicle.world}", scenario.title, f"seed {scenario.seed}"])
    return ax


def _kind(rung: int) -> int:
    return next(top for top, _, _ in KINDS if rung <= top)


def _rows(events: pd.DataFrame, scenario: Any) -> dict[str, int]:
    """Place of each actor that does something, the first on top."""
    active = [actor for actor in scenario.actors if (events["actor"] == actor).any()]
    return {actor: len(active) - 1 - place for place, actor in enumerate(active)}


def _arrows(ax: Axes, events: pd.DataFrame, rows: dict[str, int]) -> None:
    """From each event to those that answer it."""
    by_row = events.set_index("event")
    for answer in each(events):
        if answer.cause not in by_row.index:
            continue
        cause: Any = by_row.loc[answer.cause]
        grave = answer.rung >= NOTABLE
        ax.annotate(
            "", (answer.x, rows[answer.actor]), (cause["x"], rows[cause["actor"]]), zorder=2,
            arrowprops={
                "arrowstyle": "-|>", "color": INK if grave else QUIET, "alpha": 0.9 if grave else 0.35,
                "linewidth": 1.3 if grave else 0.7, "shrinkA": 3, "shrinkB": 4, "connectionstyle": "arc3,rad=0.12",
                "mutation_scale": 8,
            },
        )  # fmt: skip


def _labels(ax: Axes, events: pd.DataFrame, rows: dict[str, int], scenario: Any) -> None:
    """Name the gravest events, as many as fit without running into each other."""
    width = LETTER_DAYS * scenario.horizon
    taken: list[tuple[int, float, float]] = []
    for event in each(_notable(events)):
        text, row = label(event), rows[event.actor]
        left, side = _place(event.day, width * len(text), scenario.horizon)
        right = left + width * len(text)
        if len(taken) == MOST_LABELS or any(row == r and left < b and right > a for r, a, b in taken):
            continue
        taken.append((row, left, right))
        ax.annotate(
            text, (event.x, row), xytext=(0, 8), textcoords="offset points", ha=side, fontsize=7.5, color=INK,
            zorder=4,
        )  # fmt: skip


def _place(day: float, width: float, horizon: int) -> tuple[float, str]:
    """Left end of a label in days, and its alignment: centred on its day unless it would leave the axis."""
    if day < width / 2:
        return day, "left"
    return (day - width, "right") if day > horizon - width / 2 else (day - width / 2, "center")


def _notable(events: pd.DataFrame) -> pd.DataFrame:
    """Events worth a label, gravest first: deaths, force, steps of the embassy, truces (one of a kind a day)."""
    deaths = events[["us_killed", "coalition_killed"]].sum(axis=1)
    steps = events["act"].astype(str).str.contains("closure|truce|partial_drawdown|letter_of_warning")
    marked = events[(events["rung"] >= NOTABLE) | (deaths > 0) | steps]
    first = marked[~marked.duplicated(["day", "act"]) | (deaths[marked.index] > 0)]
    return first.sort_values(["rung", "event"], ascending=[False, True])


def label(event: Any) -> str:
    """An event in two or three words, such as ``limited strike`` or ``salvo: 1 American killed``."""
    name = SHORT.get(event.act, str(event.act).partition(".")[2].replace("_", " "))
    return f"{name}: {event.us_killed} American{'s' * (event.us_killed > 1)} killed" if event.us_killed else name


def _axes(ax: Axes, chronicle: Any, rows: dict[str, int]) -> None:
    scenario = chronicle.scenario
    names = chronicle.names
    ax.set_yticks(list(rows.values()), [names[actor][0].upper() + names[actor][1:] for actor in rows])
    ax.set_ylim(-0.6, len(rows) - 0.2)
    ax.tick_params(axis="y", length=0)
    days = dates(scenario.start, scenario.horizon)
    date_axis(ax, days[0] - 1, days[-1] + 1)
    mark_calendar(ax, scenario, names=False)
    handles = [Line2D([], [], marker="o", linestyle="", color=colour, label=text) for _, colour, text in KINDS]
    handles.append(
        Line2D([], [], marker="o", ls="", color=QUIET, markerfacecolor="white", label="hollow: unseen by others")
    )
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2, handletextpad=0.2)
