"""Uncertainty apart in words, tables and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.indicators import INDICATORS
from sim.analysis.layout import as_text, plain_table, value
from sim.analysis.saving import save_analysis
from sim.results.drawing import plots
from sim.results.numbers import records
from sim.results.scores import each
from sim.results.words import interval, percent, worlds_text

if TYPE_CHECKING:
    from sim.analysis.uncertainty import Uncertainty

WORDS = {"luck": "luck", "parameters": "parameters", "structure": "rule and mindset"}
NOTE = (
    "Luck: worlds of the same numbers, rule and mindsets. Parameters: the numbers; how much they matter depends on how"
    " widely they are drawn. Rule and mindset: which rule of choice and which mindsets hold; rules count the same,"
    " mindsets as the scenario says; where a mindset sets a number, that holds. The three variances sum to the whole"
    " (law of total variance); what finite samples lend to the last two is taken out. Intervals: 95 %, bootstrap over"
    " draws."
)
PLACES = {
    "ranges": "{part}their ranges",
    "scenario": "the scenario's own distributions",
    "both": "the scenario's own distributions and {part}the ranges of what is varied",
}


def whole_percents(shares: Sequence[float]) -> list[int]:
    """Shares in whole per cent that sum to 100 as they should (largest remainders); all 0 where nothing varies."""
    exact = 100.0 * np.asarray(shares, dtype=float)
    down = np.floor(exact).astype(int)
    missing = round(float(exact.sum())) - int(down.sum())
    for k in np.argsort(down - exact, kind="stable")[:missing]:
        down[k] += 1
    return [int(number) for number in down]


def shares_of(row: Any) -> list[float]:
    """The shares of luck, parameters and structure of one row of the table."""
    return [getattr(row, f"{name}_share") for name in WORDS]


def sentences(found: Uncertainty) -> list[str]:
    """Where the spread of each outcome comes from."""
    lines = []
    for row in each(found.table):
        if row.total == 0:
            lines.append(f"{row.title} never varies")
            continue
        told = [f"{share} % {word}" for share, word in zip(whole_percents(shares_of(row)), WORDS.values(), strict=True)]
        mean = value(row.mean, INDICATORS[row.outcome].is_share, row.error)
        lines.append(f"{row.title} ({mean}): {', '.join(told)}")
    return lines


def to_dict(found: Uncertainty) -> dict[str, Any]:
    """Every number of the analysis, fit for JSON."""
    return {
        "scenario": found.scenario.name,
        "seed": found.scenario.seed,
        "layout": asdict(found.layout),
        "source": found.source,
        "drawn": found.drawn,
        "held": found.held,
        "worlds": found.worlds,
        "findings": found.sentences(),
        "outcomes": records(found.table),
        "structures": records(found.by_structure),
    }


def rests_on(found: Uncertainty) -> str:
    """The layout in words."""
    rivals, layout = len(found.by_structure), found.layout
    part = "" if layout.width == 1 else f"{percent(layout.width)} of "
    places = PLACES[found.source].format(part=part)
    return (
        f"{worlds_text(found.worlds)}: {rivals} structure{'' if rivals == 1 else 's'} × {layout.draws} draws of"
        f" {found.drawn} quantities from {places} × {layout.worlds} worlds{_held(found)}"
    )


def _held(found: Uncertainty) -> str:
    """Which rules hold in every structure."""
    if not found.held:
        return ""
    return f"; in every structure, as the scenario states: {rules_text(found.held)}"


def rules_text(rules: Mapping[str, str]) -> str:
    """Rules by actor in words: ``us passive, sadr passive``."""
    return ", ".join(f"{actor} {rule.replace('_', ' ')}" for actor, rule in rules.items())


def table(found: Uncertainty) -> Any:
    """The analysis for the terminal: one row for each outcome."""
    from rich.console import Group
    from rich.text import Text

    heads = ["", "mean", "sd", "luck", "parameters", "rule and mindset"]
    cells = []
    for row in each(found.table):
        percents = whole_percents(shares_of(row))
        spans = [interval(getattr(row, f"{name}_low"), getattr(row, f"{name}_high")) for name in WORDS]
        shares = [f"{share} % ({span})" for share, span in zip(percents, spans, strict=True)]
        mean = value(row.mean, INDICATORS[row.outcome].is_share, row.error)
        cells.append([row.title, mean, f"{row.total**0.5:.3g}", *shares])
    head = Text(f"Where the spread comes from: {found.scenario.title}\n", "bold")
    return Group(head, plain_table(heads, cells), Text(f"\n{rests_on(found)}. {NOTE}", "dim"))


def save(found: Uncertainty, folder: str | Path) -> Path:
    """Write summary, numbers, tables and the figure into a folder."""
    lines = "\n".join(f"- {line}." for line in found.sentences())
    head = f"# Where the spread comes from: {found.scenario.name}"
    text = f"{head}\n\n{lines}\n\n```text\n{as_text(table(found), 130)}\n```\n"
    tables = {"shares": found.table, "structures": found.by_structure}
    draw = plots("uncertainty").draw_all
    return save_analysis(folder, to_dict(found), text, tables, lambda draft: draw(found, draft))
