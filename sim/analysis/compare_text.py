"""A comparison in words, tables and files."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.divergence import KINDS, commonest, in_words
from sim.analysis.indicators import INDICATORS, SHARE, USUAL
from sim.analysis.layout import as_text, plain_table, points, value
from sim.analysis.saving import save_analysis
from sim.results.drawing import plots
from sim.results.numbers import records
from sim.results.scores import LABELS, each
from sim.results.words import listed, percent, worlds_text

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison, Side

MOST_SENTENCES = 5
QUESTION_WIDTH = 36
NOTE = (
    "Intervals are 95 % for each number by itself; with some thirty numbers, one or two miss by chance alone."
    " Shares: Agresti-Min; means and days: paired t. ~: too narrow, as it rests on fewer than 30 worlds that differ."
)


def sentences(comparison: Comparison, side: Side) -> list[str]:
    """What the change to one scenario did: worlds that end differently, then the clearest differences of shares."""
    turned = len(comparison.changed(side)) / comparison.worlds
    lines = [
        f"{side.name}: {percent(turned)} of {worlds_text(comparison.worlds)} end differently from"
        f" {comparison.base.name} (embassy, force or truce)"
    ]
    table = comparison.differences
    settled = table[(table["scenario"] == side.name) & (table["low"] * table["high"] > 0)]
    shares = settled[settled["unit"] == SHARE]
    largest = shares.reindex(shares["difference"].abs().sort_values(ascending=False, kind="stable").index)
    return lines + [_turned(comparison, side, row) for row in each(largest.head(MOST_SENTENCES))]


def _turned(comparison: Comparison, side: Side, row: Any) -> str:
    """One difference of shares, and how the worlds that changed first went another way."""
    change = f"{points(row.difference)} points ({points(row.low)} to {points(row.high)})"
    moved = f"{percent(row.gained)} of worlds turn to it, {percent(row.lost)} away from it"
    line = f"{row.title}: {percent(row.base)} to {percent(row.other)}, {change}; {moved}"
    acts = comparison.first_acts(side, row.outcome).head(2)
    if acts.empty:
        return line
    knows = side.scenario if set(acts["actor"]) <= set(side.scenario.actors) else comparison.base.scenario
    return f"{line}. The first difference was most often: {'; '.join(in_words(act, knows) for act in each(acts))}"


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """Every number of a comparison, fit for JSON."""
    return {
        "worlds": comparison.worlds,
        "base": comparison.base.name,
        "scenarios": [side.name for side in comparison.others],
        "seed": comparison.base.scenario.seed,
        "notes": notes(comparison),
        "findings": comparison.sentences(),
        "differences": records(comparison.differences),
        "questions": records(comparison.questions),
        "days": records(comparison.days),
        "turned": {side.name: _turns(comparison, side) for side in comparison.others},
    }


def _turns(comparison: Comparison, side: Side) -> dict[str, Any]:
    changed = comparison.changed(side)
    return {
        "worlds": len(changed),
        "diverged": len(side.divergences),
        "examples": [int(world) for world in changed[:5]],
        "moves": {label: records(comparison.moves(side, label)) for label in LABELS},
        "first_differences": records(commonest(side.divergences, changed)),
    }


def notes(comparison: Comparison) -> list[str]:
    """What a reader has to know of the comparison: how intervals are made, and scenarios of other days."""
    base = comparison.base.scenario
    lines = [NOTE]
    for side in comparison.others:
        if side.scenario.horizon != base.horizon:
            lines.append(f"{side.name} lasts {side.scenario.horizon} days, {comparison.base.name} {base.horizon}.")
        if side.scenario.start != base.start:
            lines.append(f"{side.name} starts on {side.scenario.start}, {comparison.base.name} on {base.start}.")
    return lines + _unasked(comparison)


def _unasked(comparison: Comparison) -> list[str]:
    """Which questions of some scenario are left out, or are asked as another scenario has them."""
    asked = {question.id: question for question in comparison.asked}
    lines = []
    for side in (comparison.base, *comparison.others):
        for question in side.scenario.questions:
            if question.id not in asked:
                lines.append(f"Question '{question.id}' of {side.name} asks about days that not all have: left out.")
            elif asked[question.id] != question:
                lines.append(f"Question '{question.id}' of {side.name} is asked as the scenario before it has it.")
    return lines


def table(comparison: Comparison) -> Any:
    """The comparison for the terminal: findings, differences, dates, first acts."""
    from rich.console import Group
    from rich.text import Text

    names = ", ".join(side.name for side in comparison.others)
    head = Text(f"{comparison.base.name} against {names}: {worlds_text(comparison.worlds)}, same luck\n", "bold")
    parts: list[Any] = [head, *(Text(f"· {line}.") for line in comparison.sentences()), Text("")]
    for side in comparison.others:
        parts += [_difference_table(comparison, side), Text("")]
        parts += [_question_table(comparison, side), Text("")] if comparison.asked else []
        parts += [_act_table(comparison, side), Text("")]
        parts += [_day_table(comparison, side), Text("")]
    return Group(*parts, *(Text(line, "dim") for line in notes(comparison)))


def _difference_table(comparison: Comparison, side: Side) -> Any:
    heads = ["", comparison.base.name, side.name, "difference", "95 % interval", "rises in", "falls in"]
    rows = comparison.differences
    rows = rows[rows["scenario"] == side.name]
    never = (rows["base"] == 0) & (rows["other"] == 0)
    cells = []
    for row in each(rows[~never]):
        share = INDICATORS[row.outcome].is_share
        write = points if share else "{:+.2f}".format
        span = f"{write(row.low)} to {write(row.high)}{'~' if row.few else ''}"
        ends = [value(row.base, share), value(row.other, share), write(row.difference), span]
        cells.append([row.title, *ends, percent(row.gained), percent(row.lost)])
    cells += [[title, "never", "never", "", "", "", ""] for title in rows[never]["title"]]
    return plain_table(heads, cells)


def _question_table(comparison: Comparison, side: Side) -> Any:
    heads = ["question", comparison.base.name, side.name, "difference", "95 % interval", "rises in", "falls in"]
    rows = comparison.questions
    cells = [
        [
            "\n".join(wrap(row.text, QUESTION_WIDTH)),
            percent(row.base),
            percent(row.other),
            points(row.difference),
            f"{points(row.low)} to {points(row.high)}",
            percent(row.gained),
            percent(row.lost),
        ]
        for row in each(rows[rows["scenario"] == side.name])
    ]
    return plain_table(heads, cells)


def _act_table(comparison: Comparison, side: Side) -> Any:
    heads = ["first difference where the outcome changed", "actor", "act", "worlds", "share", "median day"]
    rows = comparison.first_acts(side).head(8)
    return plain_table(
        heads,
        [
            [KINDS[row.kind], row.actor, row.act, str(row.worlds), percent(row.share), str(row.day)]
            for row in each(rows)
        ],
        text=3,
    )


def _day_table(comparison: Comparison, side: Side) -> Any:
    heads = ["first day, where it comes under both", "worlds", "shift in days", "95 % interval"]
    rows = comparison.days
    shown = rows[(rows["scenario"] == side.name) & rows["shift"].notna()]
    cells = [
        [row.event, str(row.pairs), f"{row.shift:+.1f}", f"{row.low:+.1f} to {row.high:+.1f}"] for row in each(shown)
    ]
    return plain_table(heads, cells)


def side_by_side(comparison: Comparison) -> Any:
    """The usual indicators (columns) under every scenario (rows); a star marks a settled difference from the first."""
    from rich.console import Group
    from rich.text import Text

    names = [side.name for side in comparison.others]
    rows = comparison.differences.set_index(["scenario", "outcome"])
    first = rows.loc[names[0]]
    cells = [[comparison.base.name, *(value(first["base"][name], INDICATORS[name].is_share) for name in USUAL)]]
    cells += [[name, *(_starred(rows.loc[(name, column)], column) for column in USUAL)] for name in names]
    head = Text(f"{comparison.base.scenario.title}: {worlds_text(comparison.worlds)} under each, same luck\n", "bold")
    note = Text(f"\n* the paired interval of the difference from '{comparison.base.name}' excludes 0. {NOTE}", "dim")
    return Group(head, plain_table(["", *(INDICATORS[name].title for name in USUAL)], cells), note)


def _starred(row: Any, column: str) -> str:
    star = "*" if row["low"] * row["high"] > 0 else " "
    return f"{value(row['other'], INDICATORS[column].is_share)}{star}"


def save(comparison: Comparison, folder: str | Path, figures: str = "compare", page: Any = None) -> Path:
    """Write summary, numbers, tables and figures into a folder.

    Args:
        comparison: the comparison.
        folder: where to.
        figures: module of ``sim.plots`` whose ``draw_all`` draws the figures.
        page: what the terminal shows; :func:`table` by default.
    """
    sides = comparison.others
    found = [commonest(side.divergences, comparison.changed(side)).assign(scenario=side.name) for side in sides]
    tables = {
        "differences": comparison.differences,
        "questions": comparison.questions,
        "days": comparison.days,
        "first_differences": pd.concat(found, ignore_index=True),
    }
    names = listed([side.name for side in sides])
    head = f"# {comparison.base.name} against {names}\n\n" + "\n".join(f"- {line}." for line in comparison.sentences())
    text = f"{head}\n\n```text\n{as_text(page or table(comparison), 130)}\n```\n"
    return save_analysis(
        folder, to_dict(comparison), text, tables, lambda draft: plots(figures).draw_all(comparison, draft)
    )
