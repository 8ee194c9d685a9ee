"""Does the fit do what it claims? Contraction, posterior predictive checks, simulation-based calibration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis import priors
from sim.analysis.calibrate import Calibration, FitSize, fit_observed
from sim.analysis.reference import Reference, lived_statistics
from sim.analysis.summary import STATISTICS
from sim.analysis.yardstick import exactly

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]

MIDDLE = 0.9
"""Share of the posterior between the ends that tables show."""
BINS = 10
"""Bins of the rank histograms."""


def contraction(found: Calibration) -> pd.DataFrame:
    """Return, for each parameter, prior ends, posterior median and ends of its middle, and how far the fit narrowed it.

    `contraction` is one minus the variance of the posterior over that of the prior, on the scale on which the prior is
    uniform: 0 where the record says nothing, 1 where it says all.
    """
    import pandas as pd

    tail = (1 - MIDDLE) / 2
    low, median, high = np.quantile(found.draws, [tail, 0.5, 1 - tail], axis=0)
    widths = np.array([upper - lower for lower, upper in (prior.ends for prior in priors.PRIORS)])
    narrowed = 1 - priors.on_scale(found.draws).var(axis=0) / (widths**2 / 12)
    known = {"prior_low": [prior.low for prior in priors.PRIORS], "prior_high": [prior.high for prior in priors.PRIORS]}
    columns = {"parameter": priors.NAMES, "meaning": [prior.meaning for prior in priors.PRIORS], **known}
    return pd.DataFrame({**columns, "median": median, "low": low, "high": high, "contraction": narrowed})


def predictive(worlds: Reference, found: Calibration, end: date, n: int, seed: int = 1) -> pd.DataFrame:
    """Live worlds from posterior draws and set their statistics beside those of the record.

    Returns a row for each statistic: `observed`, `median`, `low` and `high` ends of the middle of the worlds, and
    `tail`, the smaller share of worlds that lie at or beyond the record on one side (small: the model has not got it).
    """
    import pandas as pd

    rows = np.random.default_rng(seed).integers(len(found.draws), size=n)
    span = (end - worlds.scenario.start).days
    first = 10_000_000  # luck that no world of the reference table had
    lived = lived_statistics(worlds.scenario, found.draws[rows], [span], first)[:, 0]
    best = found.stick.observed.best
    tail = np.minimum((lived <= best).mean(axis=0), (lived >= best).mean(axis=0))
    low, median, high = np.quantile(lived, [(1 - MIDDLE) / 2, 0.5, (1 + MIDDLE) / 2], axis=0)
    columns = {"observed": best, "median": median, "low": low, "high": high, "tail": tail}
    return pd.DataFrame({"statistic": STATISTICS, **columns})


def ranks(worlds: Reference, end: date, size: FitSize, records: int, seed: int = 1) -> NDArray[np.int64]:
    """Fit synthetic records whose parameters are known: simulation-based calibration (Talts et al. 2018).

    Each record is a world of the table, taken out of it for its fit.

    Returns:
        (records, len(PRIORS)) rank of the true parameter among the draws, 0 to `size.draws`; uniform if the fit is
        right.
    """
    rng = np.random.default_rng(seed)
    statistics = worlds.up_to(end)
    chosen = rng.choice(len(statistics), size=records, replace=False)
    return np.array([_rank(worlds, end, size, int(row), rng) for row in chosen])


def _rank(worlds: Reference, end: date, size: FitSize, row: int, rng: np.random.Generator) -> Values:
    others = np.delete(np.arange(len(worlds.values)), row)
    rest = replace(worlds, values=worlds.values[others], statistics=worlds.statistics[others])
    found = fit_observed(rest, end, exactly(worlds.up_to(end)[row]), size, rng)
    truth = worlds.values[row]
    ties = rng.uniform(size=len(truth)) * (found.draws == truth).sum(axis=0)
    return np.asarray((found.draws < truth).sum(axis=0) + np.floor(ties))


def recovery(ranked: NDArray[np.int64], draws: int) -> pd.DataFrame:
    """Return a row for each parameter that says whether its ranks are uniform.

    `uniform` is the p-value of a chi-square test, `covered` the share of true values within the middle of the
    posterior, which should be MIDDLE, with its standard error.
    """
    import pandas as pd
    from scipy.stats import chisquare

    bins = np.minimum((ranked * BINS) // (draws + 1), BINS - 1)
    tests = [chisquare(np.bincount(column, minlength=BINS)).pvalue for column in bins.T.astype(int)]
    tail = (1 - MIDDLE) / 2 * draws
    covered = ((ranked >= tail) & (ranked <= draws - tail)).mean(axis=0)
    error = np.sqrt(MIDDLE * (1 - MIDDLE) / len(ranked))
    return pd.DataFrame({"parameter": priors.NAMES, "uniform": tests, "covered": covered, "standard_error": error})
