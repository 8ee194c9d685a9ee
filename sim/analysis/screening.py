"""Morris screening: which of many quantities matter at all, from few points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.evaluate import Evaluate
from sim.analysis.factors import Factor, points_of
from sim.analysis.indicators import Indicator
from sim.analysis.layout import largest
from sim.errors import InputError, require

LEVELS = 4
FEW_TRAJECTORIES = 8


@dataclass(frozen=True)
class Screening:
    """Elementary effects (Morris 1991; mu* of Campolongo et al. 2007), each for a move over the whole range.

    Attributes:
        table: one row for each outcome and factor: outcome, title, path, label, ``mu_star`` (mean size of the effect),
            ``conf`` (half its 95 % bootstrap interval), ``mu`` (mean effect, signed), ``sigma`` (spread of the effect:
            interactions and curvature) and ``share`` (of the sum of mu* of the outcome).
        trajectories: number of effects behind each mean.
        worlds: number of worlds at each point.
        points: number of points.
        warnings: what the sample is too small to say.
    """

    table: pd.DataFrame
    trajectories: int
    worlds: int
    points: int
    warnings: tuple[str, ...]

    def top(self, count: int) -> list[str]:
        """Paths of the factors that matter most: for some outcome, they have the largest shares."""
        shares = self.table.groupby("path", sort=False)["share"].max()
        return list(shares.sort_values(ascending=False, kind="stable").index[:count])


def morris(
    evaluate: Evaluate, factors: Sequence[Factor], wanted: Sequence[Indicator], trajectories: int = 10, seed: int = 1
) -> Screening:
    """Screen factors along random trajectories through a grid of four levels (SALib).

    Args:
        evaluate: function of points; :func:`sim.analysis.evaluate.ensemble` or ``exact``.
        factors: what to vary, one or more.
        wanted: names of the columns that ``evaluate`` returns.
        trajectories: number of trajectories; the number of points is ``trajectories * (factors + 1)``.
        seed: seed of the design.

    Raises:
        InputError: fewer than two trajectories.
        MissingExtra: SALib is not installed.
    """
    refuse_few(trajectories)
    problem = unit_problem(factors)
    units = require("SALib.sample.morris", "analysis").sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    found = evaluate(points_of(factors, units))
    analyze = require("SALib.analyze.morris", "analysis").analyze
    tables = []
    for k, indicator in enumerate(wanted):
        effects = analyze(problem, units, found.mean[:, k], num_levels=LEVELS, seed=seed)
        tables.append(_table(effects, factors, indicator))
    table = pd.concat(tables, ignore_index=True)
    return Screening(table, trajectories, found.worlds, len(units), tuple(_warnings(table, trajectories)))


def refuse_few(trajectories: int) -> None:
    """Check the number of trajectories.

    Raises:
        InputError: fewer than two.
    """
    if trajectories < 2:
        raise InputError(f"screening needs 2 trajectories or more, not {trajectories}")


def unit_problem(factors: Sequence[Factor]) -> dict[str, object]:
    """The factors as SALib wants them, each on [0, 1]."""
    names = [factor.path for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _table(effects: dict[str, np.ndarray], factors: Sequence[Factor], indicator: Indicator) -> pd.DataFrame:
    size = np.asarray(effects["mu_star"], dtype=float)
    return pd.DataFrame(
        {
            "outcome": indicator.column,
            "title": indicator.title,
            "path": [factor.path for factor in factors],
            "label": [factor.label for factor in factors],
            "mu_star": size,
            "conf": np.asarray(effects["mu_star_conf"], dtype=float),
            "mu": np.asarray(effects["mu"], dtype=float),
            "sigma": np.asarray(effects["sigma"], dtype=float),
            "share": size / size.sum() if size.sum() > 0 else size,
        }
    )


def _warnings(table: pd.DataFrame, trajectories: int) -> list[str]:
    found = []
    if trajectories < FEW_TRAJECTORIES:
        found.append(f"{trajectories} trajectories are few for a screening; {FEW_TRAJECTORIES} to 20 are usual")
    for title, rows in table.groupby("title", sort=False):
        first = largest(rows, "mu_star")
        if 0 < first.mu_star <= first.conf:
            found.append(f"{title}: even the largest effect ({first.label}) has an interval wider than itself")
    return found
