"""One quantity at a time to the ends of its range, everything else as the scenario says, same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.evaluate import Progress, lived
from sim.analysis.factors import Factor, Points
from sim.analysis.indicators import Indicator, measure
from sim.analysis.paired import paired_means, paired_shares

if TYPE_CHECKING:
    from sim.scenario import Scenario


def tornado(
    scenario: Scenario,
    factors: Sequence[Factor],
    wanted: Sequence[Indicator],
    worlds: int = 500,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Move each factor to either end of its range.

    Args:
        scenario: what to live.
        factors: what to move.
        wanted: indicators to measure.
        worlds: number of worlds at each end, two or more.
        progress: called with the number of points done and the number of all.

    Returns:
        One row for each indicator, factor and end: outcome, title, unit, path, label, ``end`` (low or high), ``value``
        (of the factor), ``base`` and ``mean`` (of the indicator), ``difference`` with its paired 95 % interval, low and
        high.
    """
    points = _ends(factors)
    values = []
    for table in lived(scenario, points, worlds):
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


def _ends(factors: Sequence[Factor]) -> Points:
    """The scenario's own values, then each factor at its low and its high end: (1 + 2 factors) points."""
    points = {factor.path: np.full(1 + 2 * len(factors), factor.value) for factor in factors}
    for k, factor in enumerate(factors):
        points[factor.path][1 + 2 * k : 3 + 2 * k] = factor.low, factor.high
    return points


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
        "mean": float(after.mean()),
        "difference": found.estimate,
        "low": found.low,
        "high": found.high,
    }
