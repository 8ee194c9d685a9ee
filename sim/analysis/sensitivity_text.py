"""A sensitivity analysis in words, tables and files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.indicators import INDICATORS
from sim.analysis.layout import as_text, change_span, fine, largest, plain_table, points, points_span, value
from sim.analysis.saving import save_analysis
from sim.results.drawing import plots
from sim.results.numbers import records
from sim.results.scores import each
from sim.results.words import amount, measured

if TYPE_CHECKING:
    from sim.analysis.sensitivity import Sensitivity

SHOWN = 10
NOTES = (
    "mu*: mean size of the change of the outcome when the quantity moves over its whole range, wherever the others are"
    " (Morris; Campolongo et al. 2007). S1: part of the variance between points that the quantity explains alone; ST:"
    " with all its interactions (Saltelli et al. 2010). ±: half a 95 % bootstrap interval. Screening and indices hold"
    " what is varied at its numbers whatever an actor's mindset; the last table moves one quantity alone, from the"
    " scenario as it stands."
)


def sentences(found: Sensitivity) -> list[str]:
    """The quantity that matters most for each outcome."""
    if found.indices is None:
        return [_screened(rows) for _, rows in _screening_rows(found)]
    lines = []
    for row in each(found.indices.outcomes):
        rows = found.indices.table[found.indices.table["outcome"] == row.outcome]
        if row.sd > 0:
            lines.append(_explained(row, largest(rows, "ST")))
    return lines


def _screening_rows(found: Sensitivity) -> Any:
    return found.screening.table.groupby("outcome", sort=False) if found.screening is not None else ()


def _screened(rows: pd.DataFrame) -> str:
    first = largest(rows, "mu_star")
    if first.mu_star == 0:
        return f"{first.title} is the same at every point"
    return f"{first.title}: {first.label} moves it most, by {_amount(first)} on average over its range"


def _amount(row: Any) -> str:
    """The mean size of an effect in the outcome's unit: shares in percentage points."""
    if INDICATORS[row.outcome].is_share:
        return f"{points(row.mu_star, -row.conf, row.conf).lstrip('+')} points"
    return f"{amount(row.mu_star, row.conf / 2)} {INDICATORS[row.outcome].unit}"


def _explained(outcome: Any, first: Any) -> str:
    settled = "" if first.ST_conf < first.ST else ", but the sample is too small to be sure"
    alone, together = (_part(*index) for index in ((first.S1, first.S1_conf), (first.ST, first.ST_conf)))
    return (
        f"{outcome.title}: {first.label} matters most: {alone} of the variance alone,"
        f" {together} with its interactions (± {_part(first.ST_conf, first.ST_conf)}){settled}"
    )


def _part(index: float, half: float) -> str:
    """A part of the variance in per cent, with the digits that half its interval bears."""
    return measured(max(0.0, min(1.0, index)), -half, half)


def to_dict(found: Sensitivity) -> dict[str, Any]:
    """Every number of a sensitivity analysis, fit for JSON."""
    numbers: dict[str, Any] = {
        "scenario": found.scenario.name,
        "seed": found.scenario.seed,
        "plan": asdict(found.plan),
        "findings": found.sentences(),
        "warnings": found.warnings,
        "factors": [asdict(factor) for factor in found.factors],
        "tornado": records(found.tornado),
    }
    if found.screening is not None:
        numbers["screening"] = records(found.screening.table)
    if found.indices is not None:
        numbers |= {"indices": records(found.indices.table), "outcomes": records(found.indices.outcomes)}
    return numbers


def table(found: Sensitivity) -> Any:
    """The analysis for the terminal: findings, warnings, screening, indices, tornado."""
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = [Text(f"What matters in {found.scenario.title} ({len(found.factors)} quantities)\n", "bold")]
    parts += [Text(f"· {line}.") for line in found.sentences()]
    parts += [Text(f"! {line}.", "yellow") for line in found.warnings]
    if found.screening is not None:
        parts += [Text(""), _screening_table(found)]
    if found.indices is not None:
        parts += [Text(""), _index_table(found)]
    return Group(*parts, Text(""), _tornado_table(found), Text(f"\n{_rests_on(found)} {NOTES}", "dim"))


def _rests_on(found: Sensitivity) -> str:
    parts = []
    if found.screening is not None:
        screening = found.screening
        parts.append(f"Screening: {screening.points:,} points of {screening.worlds} worlds.")
    if found.indices is not None:
        count = found.indices.points * (found.indices.table["path"].nunique() + 2)
        parts.append(f"Indices: {count:,} points of {found.indices.worlds} worlds, same luck at every point.")
    return " ".join(parts)


def _screening_table(found: Sensitivity) -> Any:
    assert found.screening is not None
    rows = found.screening.table.sort_values(["share", "path"], ascending=[False, True]).head(SHOWN)
    cells = [
        [row.label, row.title, *(fine(number, row.conf) for number in (row.mu_star, row.conf, row.mu, row.sigma))]
        for row in each(rows)
    ]
    cells = [[*row[:2], f"{row[2]} ± {row[3]}", *row[4:]] for row in cells]
    return plain_table(["screening: quantity", "outcome", "mu*", "mu", "sigma"], cells, text=2)


def _index_table(found: Sensitivity) -> Any:
    assert found.indices is not None
    rows = found.indices.table.sort_values("ST", ascending=False, kind="stable").groupby("outcome", sort=False).head(3)
    order = rows.assign(place=rows["outcome"].map(list(INDICATORS).index)).sort_values("place", kind="stable")
    cells = [
        [row.title, row.label, f"{row.S1:.2f} ± {row.S1_conf:.2f}", f"{row.ST:.2f} ± {row.ST_conf:.2f}"]
        for row in each(order)
        if row.ST > 0
    ]
    return plain_table(["outcome", "three quantities that matter most", "S1", "ST"], cells, text=2)


def _tornado_table(found: Sensitivity) -> Any:
    rows = found.tornado
    largest = rows.loc[rows[rows["unit"] == "share of worlds"]["difference"].abs().sort_values(ascending=False).index]
    cells = []
    for row in each(largest.head(SHOWN)):
        share = INDICATORS[row.outcome].is_share
        span = points_span(row.low, row.high) if share else change_span(row.low, row.high)
        moved = f"{value(row.base, share, row.base_error)} to {value(row.mean, share, row.error)}"
        cells.append([row.label, f"{row.value:g}", row.title, moved, span])
    return plain_table(["alone, all else as it is", "set to", "outcome", "moves", "95 % interval"], cells, text=1)


def save(found: Sensitivity, folder: str | Path) -> Path:
    """Write summary, numbers, tables and figures into a folder."""
    tables = {"tornado": found.tornado}
    if found.screening is not None:
        tables["screening"] = found.screening.table
    if found.indices is not None:
        tables["indices"] = found.indices.table
    lines = [f"- {line}." for line in [*found.sentences(), *found.warnings]]
    text = f"# What matters in {found.scenario.name}\n\n" + "\n".join(lines)
    summary = f"{text}\n\n```text\n{as_text(table(found), 130)}\n```\n"
    return save_analysis(
        folder, to_dict(found), summary, tables, lambda draft: plots("sensitivity").draw_all(found, draft)
    )
