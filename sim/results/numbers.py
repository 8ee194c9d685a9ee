"""Every number of the report, as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sim.results import findings
from sim.results.pick import representative, surprising
from sim.results.scores import casualties, first_days, shares

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COUNTS = ("rockets", "ieds", "barrages", "us_strikes", "iran_missiles", "arrests", "parades", "longest_quiet")
SCORES = ("severity", "goldstein", "hostility", "violence", "top_rung")
ENDS = ("troops_end", "authority_end", "stress_end", "staff_end")


def numbers(run: Any) -> dict[str, Any]:
    """All numbers of a run's report: JSON types only, dates as ISO text, nothing that is not finite."""
    outcomes = run.outcomes
    return {
        "scenario": run.scenario.title,
        "start": run.scenario.start.isoformat(),
        "horizon": run.scenario.horizon,
        "seed": run.scenario.seed,
        "worlds": run.worlds,
        "answers": findings.answers(run),
        "probabilities": records(run.probabilities()),
        "questions": records(run.questions()),
        "labels": {name: records(shares(outcomes, name)) for name in ("embassy", "force", "truce")},
        "top_rung": records(shares(outcomes, "top_rung")),
        "first_days": records(first_days(outcomes, run.scenario.start)),
        "casualties": records(casualties(outcomes)),
        "counts": {name: spread(outcomes[name]) for name in COUNTS},
        "scores": {name: spread(outcomes[name]) for name in SCORES},
        "at_horizon": {name: spread(outcomes[name]) for name in ENDS},
        "weekly": {name: weekly(run, name) for name in ("rockets", "ieds")} if run.daily is not None else {},
        "representative": representative(outcomes),
        "surprising": records(surprising(outcomes)),
    }


def spread(values: pd.Series) -> dict[str, float]:
    """Mean and quantiles of a column over the worlds."""
    cuts = np.quantile(values, QUANTILES, method="inverted_cdf")
    return {"mean": float(values.mean())} | {
        f"q{round(100 * q):02}": plain(cut) for q, cut in zip(QUANTILES, cuts, strict=True)
    }


def weekly(run: Any, name: str) -> list[dict[str, float]]:
    """Median and bands of a weekly count, one entry a week."""
    cuts = {f"q{round(100 * q):02}": run.daily.quantile(name, q) for q in QUANTILES}
    return [
        {"week": week} | {cut: plain(values[week]) for cut, values in cuts.items()} for week in range(len(cuts["q50"]))
    ]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of rows of plain values."""
    return [
        {str(column): plain(value) for column, value in zip(table.columns, row, strict=True)}
        for row in table.itertuples(index=False, name=None)
    ]


def plain(value: Any) -> Any:
    """A value as JSON knows it: numbers as Python's, dates as text, a missing value as None."""
    if isinstance(value, date):
        return None if pd.isna(value) else value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
