"""A record that was lived, told: in words on the screen, and as a folder of tables with a figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.saving import save_analysis
from sim.evidence.follow import GROUPS, Following
from sim.results.drawing import plots
from sim.results.words import interval, percent
from sim.scenario.quantities import STATES

if TYPE_CHECKING:
    import pandas as pd

DAYS, QUESTIONS, ACTS = 8, 40, 12
"""Rows that are told of each kind."""
ODDS = 3.0
"""Times by which an act is expected more or less often than it is on record before it is told."""


def text(found: Following) -> str:
    """Everything that was found, as the screen shows it."""
    return "\n".join([*_head(found), *_surprises(found), *_minds(found), *_misfits(found), *_forecast(found)])


def _head(found: Following) -> Iterator[str]:
    last = found.days["date"].iloc[-1].date()
    yield f"{found.scenario.title or found.scenario.name}"
    yield (
        f"Lived from {found.scenario.start} to {last}: {len(found.acts)} acts on record, "
        f"{found.settings.particles} particles for each of {found.combinations} combinations of mindsets."
    )
    yield f"Log likelihood {found.log_likelihood:.1f}, {found.log_likelihood / len(found.days):.2f} a day."


def _surprises(found: Following) -> Iterator[str]:
    yield "\nWhat surprised the model most"
    accounts = [*STATES, GROUPS]
    for row in found.surprises(DAYS).to_dict("records"):
        most = max(accounts, key=lambda name: row[name])
        acts = found.acts[found.acts["date"] == row["date"].date()].to_dict("records")
        happened = ", ".join(f"{act['actor']} {act['act']}" for act in acts) or "none landed; later ones were decided"
        chance = percent(float(np.exp(row["log_likelihood"])))
        yield f"  {row['date'].date()}  chance {chance:>7}, mostly {most}: {happened}"


def _minds(found: Following) -> Iterator[str]:
    if found.mindsets.empty:
        return
    yield "\nWhat the actors seem to be after: probability before and after the record"
    for row in found.mindsets.to_dict("records"):
        yield f"  {row['actor']:<10} {row['mindset']:<28} {percent(row['before']):>7} -> {percent(row['after'])}"


def _misfits(found: Following) -> Iterator[str]:
    yield "\nActs decided much more or less often than they are on record"
    table = found.expected.assign(ratio=(found.expected["expected"] + 0.5) / (found.expected["recorded"] + 0.5))
    table = table[(table["ratio"] > ODDS) | (table["ratio"] < 1 / ODDS)]
    table = table.iloc[np.argsort(-np.abs(np.log(table["ratio"])), kind="stable")][:ACTS]
    for row in table.to_dict("records"):
        yield f"  {row['act']:<24} expected {row['expected']:5.1f}, on record {row['recorded']}"


def _forecast(found: Following) -> Iterator[str]:
    ahead = found.forecast
    if ahead is None or ahead.answers.empty:
        return
    yield (
        f"\nFrom {ahead.start} on, {ahead.days} days, {ahead.worlds:,} futures worth {ahead.size:,.0f}"
        " (95 % interval of that number alone)"
    )
    for row in ahead.answers.head(QUESTIONS).to_dict("records"):
        yield f"  {percent(row['probability']):>7} ({interval(row['low'], row['high'])})  {row['text']}"


def to_dict(found: Following) -> dict[str, Any]:
    """Every number, fit for JSON."""
    ahead = found.forecast
    return {
        "scenario": found.scenario.name,
        "from": found.scenario.start.isoformat(),
        "until": found.until.isoformat(),
        "particles": found.settings.particles,
        "seed": found.settings.seed,
        "log_likelihood": found.log_likelihood,
        "surprises": _plain(found.surprises(DAYS)),
        "mindsets": _plain(found.mindsets),
        "beliefs": _plain(found.beliefs),
        "expected": _plain(found.expected),
        "forecast": None
        if ahead is None
        else {"days": ahead.days, "futures": ahead.worlds, "size": ahead.size, "answers": _plain(ahead.answers)},
    }


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(value) for name, value in row.items()} for row in table.to_dict("records")]


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, np.generic) else value


def save(found: Following, folder: str | Path) -> Path:
    """Write summary, numbers, tables and the figure of surprises into a folder.

    Raises:
        InputError: the folder cannot be written, or holds something else.
    """
    tables = {
        "days": found.days,
        "acts": found.acts,
        "mindsets": found.mindsets,
        "beliefs": found.beliefs,
        "expected": found.expected,
    }
    if found.forecast is not None:
        tables["forecast"] = found.forecast.answers
    summary = f"# {found.scenario.title or found.scenario.name}\n\n```\n{text(found)}\n```\n\n![](surprise.png)\n"

    def draw(place: Path) -> None:
        plots("follow").write(found, place)

    return save_analysis(folder, to_dict(found), summary, tables, draw)
