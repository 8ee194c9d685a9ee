"""One quantity at a time to the ends of its range, everything else as the scenario says, same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.evaluate import Point, Progress, lived
from sim.analysis.factors import Factor
from sim.analysis.indicators import Indicator, measure
from sim.analysis.paired import paired_means, paired_shares, standard_error

if TYPE_CHECKING:
    from sim.scenario import Scenario


def tornado(
    scenario: Scenario,
    factors: Sequence[Factor],
    wanted: Sequence[Indicator],
    worlds: int = 500,
    progress: Progress | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Move each factor to either end of its range, and nothing else.

    The base is the scenario as it stands, with its mindsets and distributions. A factor is held at a number only in the
    worlds in which it is the one that is moved; there it is held whatever the actor's mindset, as a number that a
    variant states is.

    Args:
        scenario: what to live.
        factors: what to move.
        wanted: indicators to measure.
        worlds: number of worlds at each end, two or more.
        threads: number of threads; all by default.
        progress: called with the number of points done and the number of all.

    Returns:
        One row for each indicator, factor and end: outcome, title, unit, path, label, ``end`` (low or high), ``value``
        (of the factor), ``base`` and ``mean`` (of the indicator) with their standard errors ``base_error`` and
        ``error``, ``difference`` with its paired 95 % interval, low and high.
    """
    values = []
    for table in lived(scenario, _ends(factors), worlds, threads):
        values.append(measure(table, wanted))
        if progress is not None:
            progress(len(values), 1 + 2 * len(factors))
    before, *moved = values
    rows = []
    for k, after in enumerate(moved):
        factor, end = factors[k // 2], ("low", "high")[k % 2]
        for j, indicator in enumerate(wanted):
            rows.append(_row(factor, end, indicator, (before[:, j], after[:, j])))
    return pd.DataFrame(rows)


def _ends(factors: Sequence[Factor]) -> list[Point]:
    """The scenario as it stands, then each factor alone at its low and at its high end: (1 + 2 factors) points."""
    return [{}, *({factor.path: end} for factor in factors for end in (factor.low, factor.high))]


def _row(factor: Factor, end: str, indicator: Indicator, pair: tuple[np.ndarray, np.ndarray]) -> dict[str, object]:
    before, after = pair
    found = paired_shares(before > 0, after > 0) if indicator.is_share else paired_means(before, after)
    return {
        "outcome": indicator.column,
        "title": indicator.title,
        "unit": indicator.unit,
        "path": factor.path,
        "label": factor.label,
        "end": end,
        "value": factor.low if end == "low" else factor.high,
        "base": float(before.mean()),
        "base_error": standard_error(before),
        "mean": float(after.mean()),
        "error": standard_error(after),
        "difference": found.estimate,
        "low": found.low,
        "high": found.high,
    }
