"""The summary of a run for the terminal."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
from rich.bar import Bar
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.results.pick import representative
from sim.results.scores import OUTCOME_QUESTIONS, casualties, each, first_days, shares
from sim.results.scripted import unmet
from sim.results.trace import short_date
from sim.results.words import amount, interval, listed, measured, percent, share, worlds_text
from sim.rules.ladder import RUNGS

BAR_WIDTH = 24
SETTLED_NO, SETTLED_YES = "cannot come", "set"
"""What stands in place of the interval of an outcome that the scenario itself settles."""


def summary(run: Any) -> Group:
    """Probabilities with intervals and bars, answers to questions, casualties, rungs, first dates; fits 80 columns."""
    asked: list[Any] = [Text(), _question_table(run)] if run.scenario.questions else []
    return Group(_head(run), _outcome_table(run), *asked, _facts(run))


def as_text(run: Any, width: int = 80) -> str:
    """The summary without colours, at most ``width`` columns wide."""
    page = StringIO()
    Console(file=page, width=width, color_system=None, force_terminal=False, legacy_windows=False).print(summary(run))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _head(run: Any) -> Text:
    scenario = run.scenario
    place = (
        f"{worlds_text(run.worlds)} · {scenario.horizon} days from {short_date(scenario.start)} · seed {scenario.seed}"
    )
    return Text.assemble((scenario.title, "bold"), "\n", (place, "dim"), "\n")


def _outcome_table(run: Any) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Probability", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in each(run.probabilities()):
        bar = Bar(1.0, 0.0, float(row.estimate), width=BAR_WIDTH, color="cyan")
        table.add_row(row.title, *estimated(row), bar)
    return table


def estimated(row: Any) -> tuple[str, str]:
    """Probability and interval of a row of shares; of what the scenario settles itself, that it does."""
    if row.settled:
        return percent(row.estimate), SETTLED_NO if row.estimate == 0.0 else SETTLED_YES
    return measured(row.estimate, row.low, row.high), interval(row.low, row.high)


def _question_table(run: Any) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
    table.add_column("Question", overflow="fold")
    table.add_column("Probability", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    for row in each(run.questions()):
        table.add_row(row.text, *estimated(row))
    return table


def _facts(run: Any) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    outcomes = run.outcomes
    table.add_row("")
    for name in ("embassy", "force", "truce"):
        table.add_row(name.capitalize(), _shares(outcomes, name))
    table.add_row("Highest rung", _rungs(outcomes))
    table.add_row("Attacks", _attacks(outcomes))
    table.add_row("Killed", _killed(outcomes))
    table.add_row("First dates", _dates(run))
    table.add_row("Ordinary world", f"world {representative(outcomes)}")
    for title, reason in settled_lines(run):
        table.add_row(title, reason)
    if missing := unmet(run):
        table.add_row("Scripted", f"happened in no world: {', '.join(missing)}")
    return table


def settled_lines(run: Any) -> list[tuple[str, str]]:
    """What the scenario settles itself, and why: outcomes that cannot come together, then those that it sets."""
    titles = {question.column: question.title for question in OUTCOME_QUESTIONS}
    found: dict[tuple[bool, str], list[str]] = {}
    for column, each_one in run.settled.items():
        found.setdefault((each_one.comes, each_one.why), []).append(titles[column])
    return [
        ("Set" if comes else "Cannot come", f"{listed(names)}: {why}") for (comes, why), names in sorted(found.items())
    ]


def _shares(outcomes: Any, name: str) -> str:
    rows = shares(outcomes, name)
    return ", ".join(f"{row.value} {share(row.happened, len(outcomes))}" for row in each(rows) if row.happened)


def _rungs(outcomes: Any) -> str:
    median = int(np.quantile(outcomes["top_rung"], 0.5, method="inverted_cdf"))
    rows = each(shares(outcomes, "top_rung"))
    spread = ", ".join(f"{row.value}: {share(row.happened, len(outcomes))}" for row in rows)
    return f"median {median} ({RUNGS[median]}); {spread}"


def _killed(outcomes: Any) -> str:
    toll = casualties(outcomes).query("most > 0")
    parts = [f"{row.party} {amount(row.mean, row.error)} ({row.high})" for row in each(toll)]
    return f"mean a world (95 % of worlds up to): {', '.join(parts)}" if parts else "nobody"


def _attacks(outcomes: Any) -> str:
    counts = {"rocket attacks": outcomes["rockets"], "convoy bombs": outcomes["ieds"]}
    parts = []
    for name, values in counts.items():
        low, median, high = np.quantile(values, (0.05, 0.5, 0.95), method="inverted_cdf")
        parts.append(f"{median} {name} ({low}–{high})")
    return f"median a world (90 % of worlds): {', '.join(parts)}"


def _dates(run: Any) -> str:
    came = first_days(run.outcomes, run.scenario.start).query("worlds > 0")
    return (
        "; ".join(f"{row.event} {short_date(row.median)} (in {share(row.worlds, run.worlds)})" for row in each(came))
        or "none"
    )
