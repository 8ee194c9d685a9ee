"""Sobol' indices: how much of an outcome's variance each quantity accounts for, alone and with the others."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.evaluate import Evaluate, Moments
from sim.analysis.factors import Factor, points_of
from sim.analysis.indicators import Indicator
from sim.analysis.screening import unit_problem
from sim.errors import InputError, require
from sim.results.scores import each
from sim.results.words import listed, percent

LARGE = 0.05
"""An index below this is not claimed to matter, so its interval may be as wide as it is."""
MUCH_LUCK = 0.1


@dataclass(frozen=True)
class Indices:
    """First-order and total indices (Saltelli et al. 2010) of the means over worlds.

    Attributes:
        table: one row for each outcome and factor: outcome, title, path, label, ``S1`` and ``ST`` with half their 95 %
            bootstrap intervals, ``S1_conf`` and ``ST_conf``. Rows of an outcome that never varies hold zeros.
        outcomes: one row for each outcome: outcome, title, unit, mean, sd (over the points) and ``luck``: at most this
            part of the variance between points is luck that the worlds at a point have not averaged out.
        points: N of the Saltelli sample; ``N * (factors + 2)`` points were evaluated.
        worlds: number of worlds at each point.
        warnings: what the sample is too small to say.
    """

    table: pd.DataFrame
    outcomes: pd.DataFrame
    points: int
    worlds: int
    warnings: tuple[str, ...]


def sobol(
    evaluate: Evaluate, factors: Sequence[Factor], wanted: Sequence[Indicator], points: int = 256, seed: int = 1
) -> Indices:
    """Estimate indices from a Saltelli sample (SALib).

    Args:
        evaluate: function of points; :func:`sim.analysis.evaluate.ensemble` or ``exact``.
        factors: what to vary, one or more.
        wanted: names of the columns that ``evaluate`` returns.
        points: size N of the sample, a power of two; the number of points is ``N * (factors + 2)``.
        seed: seed of the design and of the bootstrap.

    Raises:
        InputError: N is not a power of two.
        MissingExtra: SALib is not installed.
    """
    refuse_unbalanced(points)
    problem = unit_problem(factors)
    sample = require("SALib.sample.sobol", "analysis").sample
    units = sample(problem, points, calc_second_order=False, seed=seed)
    found = evaluate(points_of(factors, units))
    outcomes = _outcomes(found, wanted)
    tables = [_table(found.mean[:, k], factors, indicator, seed) for k, indicator in enumerate(wanted)]
    table = pd.concat(tables, ignore_index=True)
    return Indices(table, outcomes, points, found.worlds, tuple(_warnings(table, outcomes)))


def refuse_unbalanced(points: int) -> None:
    """Check the size of a Sobol' sample.

    Raises:
        InputError: it is no power of two.
    """
    if points < 2 or points & (points - 1):
        raise InputError(f"a Sobol' sample needs a power of two, such as 256, not {points}")


def _outcomes(found: Moments, wanted: Sequence[Indicator]) -> pd.DataFrame:
    variance = found.mean.var(axis=0)
    luck = np.divide(found.error.mean(axis=0), variance, out=np.zeros_like(variance), where=variance > 0)
    table = {
        "outcome": [each.column for each in wanted],
        "title": [each.title for each in wanted],
        "unit": [each.unit for each in wanted],
        "mean": found.mean.mean(axis=0),
        "sd": np.sqrt(variance),
        "luck": np.minimum(luck, 1.0),
    }
    return pd.DataFrame(table)


def _table(values: np.ndarray, factors: Sequence[Factor], indicator: Indicator, seed: int) -> pd.DataFrame:
    columns: dict[str, Any] = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), np.zeros(len(factors)))
    if np.ptp(values) > 0:
        analyze = require("SALib.analyze.sobol", "analysis").analyze
        with warnings.catch_warnings():  # a resample of few points may be constant; the wide interval says as much
            warnings.filterwarnings("ignore", message="Constant values encountered")
            found = analyze(unit_problem(factors), values, calc_second_order=False, seed=seed)
        columns = {name: np.asarray(found[name], dtype=float) for name in columns}
    head = {"outcome": indicator.column, "title": indicator.title}
    return pd.DataFrame(
        head | {"path": [each.path for each in factors], "label": [each.label for each in factors]} | columns
    )


def _warnings(table: pd.DataFrame, outcomes: pd.DataFrame) -> list[str]:
    found = [line for row in each(outcomes) for line in _doubts(row, table[table["outcome"] == row.outcome])]
    lucky = outcomes[outcomes["luck"] > MUCH_LUCK]
    if not lucky.empty:
        parts = [f"{row.title} {percent(row.luck)}" for row in each(lucky)]
        found.append(
            "luck that the worlds at a point have not averaged out inflates total indices; it may be this part of the"
            f" variance: {listed(parts)}; raise the number of worlds"
        )
    return found


def _doubts(outcome: Any, rows: pd.DataFrame) -> Iterator[str]:
    """What the sample cannot say of one outcome."""
    if outcome.sd == 0:
        yield f"{outcome.title} is the same at every point: nothing to explain"
        return
    wide = rows[(rows["ST"] > LARGE) & (rows["ST_conf"] >= rows["ST"])]
    if not wide.empty:
        yield f"{outcome.title}: the interval is wider than the index itself for {listed(list(wide['label']))}"
    if (rows["S1"] - rows["S1_conf"]).sum() > 1.0:
        yield f"{outcome.title}: first-order indices sum to more than 1; raise the number of points"
