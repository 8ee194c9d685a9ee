"""Calibration: which values of the open parameters give weeks, strikes and silences like those of the record.

Approximate Bayesian computation: worlds from the priors whose statistics come nearest to the record's are accepted, and
their parameters adjusted by regression. Only the record before the crisis may be looked at: :func:`calibrate` cuts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.analysis import priors
from sim.analysis.adjust import adjusted, systematic
from sim.analysis.level import levelled
from sim.analysis.record import Record
from sim.analysis.reference import Progress, Reference, first_day_after, reference
from sim.analysis.yardstick import Observed, Yardstick, observe, yardstick
from sim.errors import InputError, require_all
from sim.experiments.files import arriving
from sim.scenario import load

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]

CRISIS = date(2020, 9, 28)
"""First day of the crisis, the day after the scenario of the months before: nothing of it or later is looked at."""
BEFORE = "autumn-2019"
"""Scenario of the months before it."""


@dataclass(frozen=True)
class FitSize:
    """How much work a fit is.

    Attributes:
        worlds: worlds from the priors.
        accepted: how many of them are accepted.
        draws: rows of the posterior.
        synthetic: records with known parameters on which the method is tested.
        forecast: worlds of a forecast.

    Examples:
        >>> sim.FitSize(worlds=4_000, accepted=120).draws
        500
    """

    worlds: int
    accepted: int
    draws: int = 500
    synthetic: int = 300
    forecast: int = 2000


FULL = FitSize(worlds=40_000, accepted=400)
QUICK = FitSize(worlds=4_000, accepted=120, synthetic=100)


@dataclass(frozen=True)
class Calibration:
    """What a fit found.

    Attributes:
        draws: (n_draws, len(PRIORS)) equally likely draws from the posterior.
        accepted: rows of the reference table that were accepted, nearest first.
        statistics: (n_accepted, n_statistics) of these worlds.
        stick: the yardstick, which holds the record.
        tolerance: largest distance accepted.
    """

    draws: Values
    accepted: NDArray[np.int64]
    statistics: Values
    stick: Yardstick
    tolerance: float


def calibrate(
    record: Record, size: FitSize = FULL, *, scenario: str = BEFORE, folder: Path | None = None, seed: int = 1,
    progress: Progress | None = None,
) -> Calibration:  # fmt: skip
    """Fit the open parameters on the weeks of the record that a scenario of the months before a crisis lives.

    Args:
        record: what was reported; everything after the last day of the scenario is cut off first.
        size: how much work.
        scenario: what is lived: a scenario that begins on the first day of a week of the record.
        folder: where to keep the worlds, so that work that was interrupted goes on; nowhere by default.
        seed: of the parameters.
        progress: called with the number of worlds lived and asked for.

    Raises:
        InputError: the record has no weeks in the period of the scenario, or the folder holds other worlds.
        MissingExtra: scikit-learn is not installed.

    Examples:
        >>> found = sim.calibrate(sim.load_record(), sim.FitSize(4_000, 120))  # doctest: +SKIP
        >>> found.draws.shape  # doctest: +SKIP
        (500, 18)
    """
    require_all(("sklearn",), "analysis")
    lived = load(scenario)
    known = record.before(first_day_after(lived))
    worlds = reference(lived, [known.end], size.worlds, seed=seed, folder=folder, progress=progress)
    return fit(worlds, known, size, seed)


def fit(worlds: Reference, known: Record, size: FitSize, seed: int = 1) -> Calibration:
    """Fit on all weeks of a record from the start of the lived scenario on.

    Raises:
        InputError: the table does not speak of the period of the record.
    """
    since = known.since(worlds.scenario.start)
    if since.start != worlds.scenario.start:
        raise InputError(f"'{worlds.scenario.name}' begins on {worlds.scenario.start}, no first day of a week recorded")
    return fit_observed(worlds, known.end, observe(since), size, np.random.default_rng(seed))


def fit_observed(
    worlds: Reference, end: date, observed: Observed, size: FitSize, rng: np.random.Generator
) -> Calibration:
    """Fit on observed statistics of the days before `end`."""
    statistics = worlds.up_to(end)
    stick = yardstick(observed, statistics)
    distance = stick.distance(statistics)
    nearest = np.argsort(distance, kind="stable")[: size.accepted]
    reach = float(distance[nearest[-1]])
    weights = 1 - (distance[nearest] / (reach * (1 + 1e-9))) ** 2  # Epanechnikov's kernel
    ends = np.array([prior.ends for prior in priors.PRIORS])
    scaled = priors.on_scale(worlds.values[nearest])
    moved = adjusted(scaled, weights, stick.measure(statistics[nearest]), ends)
    draws = priors.off_scale(moved[systematic(weights, size.draws, rng)])
    return Calibration(draws, nearest, statistics[nearest], stick, reach)


def write(found: Calibration, record: Record, path: Path, scenario: str = "baghdad-2020") -> None:
    """Write the draws as a Parquet file whose columns are addresses of a scenario.

    The rates are set to the level of the weeks before the first day of the scenario, as for a forecast. Columns with _
    hold the draws by name of the prior; scenarios leave them out.
    """
    import pandas as pd

    crisis = load(scenario)
    known = record.before(crisis.start)
    points = levelled(crisis, found.draws, known, np.random.default_rng(crisis.start.toordinal()))
    notes = {f"_{name}": found.draws[:, k] for k, name in enumerate(priors.NAMES)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with arriving(path) as file:
        pd.DataFrame({**points, **notes}).to_parquet(file, index=False)


def told(found: Calibration) -> pd.DataFrame:
    """Return what the record says of each parameter; see :func:`sim.analysis.checks.contraction`."""
    from sim.analysis.checks import contraction

    return contraction(found).drop(columns="meaning")
