"""A comparison in words, tables and files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.divergence import KINDS, commonest, in_words
from sim.analysis.indicators import INDICATORS, SHARE, USUAL
from sim.analysis.layout import as_text, change, change_span, plain_table, points, points_span, value
from sim.analysis.saving import save_analysis
from sim.results.drawing import plots
from sim.results.numbers import records
from sim.results.scores import LABELS, each
from sim.results.words import listed, share, worlds_text

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison, Side

MOST_SENTENCES = 5
MOST_CHANGES = 6
QUESTION_WIDTH = 36
NOTE = (
    "Intervals are 95 % for each number by itself; with some thirty numbers, one or two miss by chance alone."
    " Shares: Wilson's for those that turn to it and away from it, joined by squares (Newcombe); means and days: paired"
    " t. ~: too narrow, as it rests on fewer than 30 worlds that differ. set, cannot: a scenario itself settles it."
)


def sentences(comparison: Comparison, side: Side) -> list[str]:
    """What was changed in one scenario, and what that did.

    First what was set, which is the cause of all that follows; then worlds that end differently, and the clearest
    differences of shares. An outcome that one of the two scenarios settles itself is none: it repeats what was set.
    """
    turned = share(len(comparison.changed(side)), comparison.worlds)
    within = f" {comparison.basis}" if comparison.basis else ""
    lines = [
        f"{side.name}: {turned} of {worlds_text(comparison.worlds)} end differently from"
        f" {comparison.base.name} (embassy, force or truce){within}",
        *_causes(comparison, side),
    ]
    shares = clearest(comparison, side)
    return lines + [_turned(comparison, side, row) for row in each(shares.head(MOST_SENTENCES))]


def clearest(comparison: Comparison, side: Side) -> pd.DataFrame:
    """Differences of shares whose interval excludes 0 and that do not repeat what was set, largest first."""
    table = comparison.differences
    chosen = (table["scenario"] == side.name) & (table["unit"] == SHARE) & (table["settled"] == "")
    found = table[chosen & (table["low"] * table["high"] > 0)]
    return found.reindex(found["difference"].abs().sort_values(ascending=False, kind="stable").index)


def _causes(comparison: Comparison, side: Side) -> list[str]:
    """What was set otherwise, and which outcomes that settles."""
    lines, changes = [], comparison.changes(side)
    if changes:
        more = len(changes) - MOST_CHANGES
        told = "; ".join(changes[:MOST_CHANGES]) + (f"; and {more} more" if more > 0 else "")
        lines.append(f"Set otherwise in {side.name}: {told}")
    return lines + _settled(comparison, side)


def _settled(comparison: Comparison, side: Side) -> list[str]:
    """Outcomes that only one of the two scenarios settles itself, and why."""
    lines = []
    rows = comparison.differences.query("scenario == @side.name and settled in ('base', 'other')")
    for by, of in (("other", side), ("base", comparison.base)):
        found = comparison.settled(of)
        for comes in (True, False):
            told = [row for row in each(rows[rows["settled"] == by]) if found[row.outcome].comes == comes]
            if told:
                names = listed([f"{row.title} ({found[row.outcome].why})" for row in told])
                lines.append(f"{'Set' if comes else 'Cannot come'} in {of.name}: {names}")
    return lines


def _turned(comparison: Comparison, side: Side, row: Any) -> str:
    """One difference of shares, and what in the worlds that changed somebody first did otherwise."""
    difference = points(row.difference, row.low, row.high)
    change_text = f"{difference} points ({points_span(row.low, row.high)})"
    gained, lost = (share(round(part * comparison.worlds), comparison.worlds) for part in (row.gained, row.lost))
    ends = f"{value(row.base, True, row.base_error)} to {value(row.other, True, row.other_error)}"
    within = f"{comparison.basis}, " if comparison.basis else ""
    line = f"{row.title}: {within}{ends}, {change_text}; {gained} of worlds turn to it, {lost} away from it"
    acts = comparison.first_acts(side, row.outcome).head(2)
    if acts.empty:
        return line
    knows = side.scenario if set(acts["actor"]) <= set(side.scenario.actors) else comparison.base.scenario
    told = "; ".join(in_words(act, knows, comparison.dated) for act in each(acts))
    return f"{line}. What an actor first did otherwise was most often: {told}"


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """Every number of a comparison, fit for JSON."""
    return {
        "worlds": comparison.worlds,
        "horizon": comparison.horizon,
        "cut": {name: scenario.horizon for name, scenario in comparison.cut.items()},
        "base": comparison.base.name,
        "scenarios": [side.name for side in comparison.others],
        "seed": comparison.base.scenario.seed,
        "notes": notes(comparison),
        "changes": {side.name: comparison.changes(side) for side in comparison.others},
        "settled": {side.name: _reasons(comparison, side) for side in (comparison.base, *comparison.others)},
        "findings": comparison.sentences(),
        "differences": records(comparison.differences),
        "questions": records(comparison.questions),
        "days": records(comparison.days),
        "turned": {side.name: _turns(comparison, side) for side in comparison.others},
    }


def _reasons(comparison: Comparison, side: Side) -> dict[str, dict[str, Any]]:
    return {column: found._asdict() for column, found in comparison.settled(side).items()}


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
    for name, whole in comparison.cut.items():
        late = sum(event.day >= comparison.horizon for event in whole.events)
        without = f", without {late} scripted event{'' if late == 1 else 's'} of later days" if late else ""
        lines.append(f"{name} lasts {whole.horizon} days: all are cut after {comparison.horizon}{without}.")
    for side in comparison.others:
        if side.scenario.start != base.start:
            lines.append(
                f"{side.name} starts on {side.scenario.start}, {comparison.base.name} on {base.start}: days are counted"
                " from the start of each."
            )
        if not comparison.changes(side) and side.divergences.empty:
            lines.append(f"{side.name} has the same worlds as {comparison.base.name}.")
    return lines + _held(comparison) + _unasked(comparison)


def _held(comparison: Comparison) -> list[str]:
    """Which decision rules hold in every row of a comparison of rules."""
    held: Mapping[str, str] = getattr(comparison, "held", {})
    told = ", ".join(f"{actor} {rule.replace('_', ' ')}" for actor, rule in held.items())
    return (
        [f"In every row, as the scenario states: {told}; --actor names whose rule changes all the same."]
        if told
        else []
    )


def _unasked(comparison: Comparison) -> list[str]:
    """Which questions of some scenario are left out, or are asked as another scenario has them."""
    asked = {question.id: question for question in comparison.asked}
    lines = []
    for side in (comparison.base, *comparison.others):
        for question in comparison.cut.get(side.name, side.scenario).questions:
            if question.id not in asked:
                days = "days that not all have" if comparison.dated else "other days or dates of each scenario"
                lines.append(f"Question '{question.id}' of {side.name} asks about {days}: left out.")
            elif asked[question.id] != question:
                lines.append(f"Question '{question.id}' of {side.name} is asked as the scenario before it has it.")
    return lines


def table(comparison: Comparison) -> Any:
    """The comparison for the terminal: findings, differences, dates, first acts."""
    from rich.console import Group
    from rich.text import Text

    names = ", ".join(side.name for side in comparison.others)
    title = f"{comparison.base.name} against {names}: {_lived(comparison)}\n"
    head = Text(title, "bold")
    parts: list[Any] = [head, *(Text(f"· {line}.") for line in comparison.sentences()), Text("")]
    for side in comparison.others:
        parts += [_difference_table(comparison, side), Text("")]
        parts += [_question_table(comparison, side), Text("")] if comparison.asked else []
        parts += [_act_table(comparison, side), Text("")]
        parts += [_day_table(comparison, side), Text("")]
    return Group(*parts, *(Text(line, "dim") for line in notes(comparison)))


def _lived(comparison: Comparison) -> str:
    """What a table rests on."""
    parts = [worlds_text(comparison.worlds), "same luck", comparison.basis]
    return ", ".join(part for part in parts if part)


def _difference_table(comparison: Comparison, side: Side) -> Any:
    heads = [comparison.basis, comparison.base.name, side.name, "difference", "95 % interval", "rises in", "falls in"]
    rows = comparison.differences
    rows = rows[rows["scenario"] == side.name]
    never = (rows["base"] == 0) & (rows["other"] == 0)
    cells = []
    for row in each(rows[~never]):
        is_share = INDICATORS[row.outcome].is_share
        ends = _ends(row, is_share)
        parts = [share(round(part * comparison.worlds), comparison.worlds) for part in (row.gained, row.lost)]
        cells.append([row.title, *ends, *_moved(row, is_share, row.few), *parts])
    cells += [[row.title, *_never(row), "", "", "", ""] for row in each(rows[never])]
    return plain_table(heads, cells)


def _ends(row: Any, is_share: bool) -> list[str]:
    """The two means of a row; of what a scenario settles itself, that it does."""
    pairs = (("base", row.base, row.base_error), ("other", row.other, row.other_error))
    return [
        f"{'set' if mean else 'cannot'}: {value(mean, is_share, error)}"
        if row.settled in (name, "both")
        else value(mean, is_share, error)
        for name, mean, error in pairs
    ]


def _never(row: Any) -> list[str]:
    return ["cannot" if row.settled in (name, "both") else "never" for name in ("base", "other")]


def _moved(row: Any, is_share: bool, few: bool) -> list[str]:
    """The difference of a row and its interval; of what does not vary, that it does not."""
    if not math.isfinite(row.low):
        same = "both set it" if row.settled == "both" else "the same in all" if row.difference == 0 else "alike in all"
        return [points(row.difference, 0, 0) if is_share else change(row.difference, 0, 0), same]
    narrow = "~" if few else ""
    if is_share:
        return [points(row.difference, row.low, row.high), f"{points_span(row.low, row.high)}{narrow}"]
    return [change(row.difference, row.low, row.high), f"{change_span(row.low, row.high)}{narrow}"]


def _question_table(comparison: Comparison, side: Side) -> Any:
    heads = ["question", comparison.base.name, side.name, "difference", "95 % interval", "rises in", "falls in"]
    rows, n = comparison.questions, comparison.worlds
    cells = [
        [
            "\n".join(wrap(row.text, QUESTION_WIDTH)),
            share(round(row.base * n), n),
            share(round(row.other * n), n),
            *_moved(row, True, False),
            share(round(row.gained * n), n),
            share(round(row.lost * n), n),
        ]
        for row in each(rows[rows["scenario"] == side.name])
    ]
    return plain_table(heads, cells)


def _act_table(comparison: Comparison, side: Side) -> Any:
    heads = ["first act of their own that differs, where worlds end differently", "actor", "act", "worlds"]
    rows, changed = comparison.first_acts(side).head(8), len(comparison.changed(side))
    return plain_table(
        [*heads, "share", "median day"],
        [
            [KINDS[row.kind], row.actor, row.act, str(row.worlds), share(row.worlds, changed), str(row.day)]
            for row in each(rows)
        ],
        text=3,
    )


def _day_table(comparison: Comparison, side: Side) -> Any:
    heads = ["first day, in worlds in which it comes under both", "worlds", "shift in days", "95 % interval"]
    rows = comparison.days
    shown = rows[(rows["scenario"] == side.name) & rows["shift"].notna()]
    cells = [[row.event, str(row.pairs), *_shifted(row)] for row in each(shown)]
    return plain_table(heads, cells)


def _shifted(row: Any) -> list[str]:
    """A shift in days and its interval."""
    if not math.isfinite(row.low):
        return [change(row.shift, 0, 0), "alike in all"]
    return [change(row.shift, row.low, row.high), f"{change_span(row.low, row.high)}{'~' if row.few else ''}"]


def side_by_side(comparison: Comparison) -> Any:
    """The usual indicators (columns) under every scenario (rows); a star marks a settled difference from the first."""
    from rich.console import Group
    from rich.text import Text

    names = [side.name for side in comparison.others]
    rows = comparison.differences.set_index(["scenario", "outcome"])
    first = rows.loc[names[0]]
    own = [value(first["base"][k], INDICATORS[k].is_share, first["base_error"][k]) for k in USUAL]
    cells = [[comparison.base.name, *own]]
    cells += [[name, *(_starred(rows.loc[(name, column)], column) for column in USUAL)] for name in names]
    head = Text(f"{comparison.base.scenario.title}: {worlds_text(comparison.worlds)} under each, same luck\n", "bold")
    star = f"* the paired interval of the difference from '{comparison.base.name}' excludes 0, and is not too narrow."
    note = Text(f"\n{' '.join([star, *notes(comparison)])}", "dim")
    return Group(head, plain_table(["", *(INDICATORS[name].title for name in USUAL)], cells), note)


def _starred(row: Any, column: str) -> str:
    star = "*" if row["low"] * row["high"] > 0 and not row["few"] else " "
    return f"{value(row['other'], INDICATORS[column].is_share, row['other_error'])}{star}"


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
        "differences": comparison.differences.copy(),
        "questions": comparison.questions.copy(),
        "days": comparison.days.copy(),
        "first_differences": pd.concat(found, ignore_index=True),
    }
    for rows in tables.values():
        rows.insert(0, "horizon", comparison.horizon)
    names = listed([side.name for side in sides])
    head = f"# {comparison.base.name} against {names}\n\n" + "\n".join(f"- {line}." for line in comparison.sentences())
    text = f"{head}\n\n```text\n{as_text(page or table(comparison), 130)}\n```\n"
    return save_analysis(
        folder, to_dict(comparison), text, tables, lambda draft: plots(figures).draw_all(comparison, draft)
    )
