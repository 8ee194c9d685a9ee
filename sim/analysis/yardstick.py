"""How far a world is from the record: statistics, each in units of its own uncertainty."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.analysis.daily import daily_from_record
from sim.analysis.record import Record
from sim.analysis.summary import STATISTICS, summary

Values = NDArray[np.float64]

BOUND = 2.0
"""The low and high bounds of a count are read as two standard deviations of what went unreported."""
WIDTH = 3.29
"""Width of the central 90 % of a normal distribution, in standard deviations."""
LEAST_SPREAD = 0.05
"""Least spread of a statistic, as a share of its range in the pilot: some are 0 in almost every world."""
WEIGHTS: dict[str, float] = {
    "rockets_mean_1": 2,
    "rockets_mean_2": 2,
    "ieds_mean_2": 2,
    "us_strikes": 2,
    "strikes_after_death": 2,
    "truce_days": 2,
    "rockets_gap_cv": 0.5,
    "rockets_autocorrelation": 0.5,
    "ieds_fano_1": 0.5,
    "rockets_fano_1": 0.5,
    "rockets_fano_2": 0.5,
}
"""Weight of a statistic in the distance where it is not 1: levels, strikes and truces are what the model is for, while
the shape statistics of some fifty counts are mostly chance."""


@dataclass(frozen=True)
class Observed:
    """What is compared: the statistics of the record, and of its bounds where it has some, shape (n_statistics,) each.

    Attributes:
        best: statistics of the recorded counts.
        low: the same with the low bounds of the weekly counts.
        high: the same with the high bounds.
    """

    best: Values
    low: Values
    high: Values


def observe(record: Record) -> Observed:
    """Return the statistics of all weeks of a record, and of the bounds on its weekly counts.

    Raises:
        InputError: the record has fewer than four weeks.
    """
    best = summary(daily_from_record(record))[0]
    return Observed(best, _with_means(record, best, "_low"), _with_means(record, best, "_high"))


def _with_means(record: Record, best: Values, end: str) -> Values:
    """The bounds speak of weekly counts, hence of their means alone."""
    values = best.copy()
    for channel in ("rockets", "ieds"):
        counts = record.weekly(channel + end)
        middle = len(counts) // 2
        values[STATISTICS.index(f"{channel}_mean_1")] = counts[:middle].mean()
        values[STATISTICS.index(f"{channel}_mean_2")] = counts[middle:].mean()
    return values


@dataclass(frozen=True)
class Yardstick:
    """Turns statistics into distances from the record that can be added.

    Attributes:
        observed: the record.
        spread: standard deviation of each stretched statistic among worlds, shape (n_statistics,).
    """

    observed: Observed
    spread: Values

    def measure(self, statistics: Values) -> Values:
        """Return weighed deviations from the record, shape (n_worlds, n_statistics).

        A deviation counts in standard deviations: that among worlds, and on the side on which attacks may have gone
        unreported also that of the record.
        """
        low, best, high = (stretched(each) for each in (self.observed.low, self.observed.best, self.observed.high))
        away = stretched(statistics) - best
        above, below = np.hypot(self.spread, (high - best) / BOUND), np.hypot(self.spread, (best - low) / BOUND)
        weights = np.array([WEIGHTS.get(name, 1.0) for name in STATISTICS])
        return np.asarray(weights * away / np.where(away > 0, above, below))

    def distance(self, statistics: Values) -> Values:
        """Return the Euclidean length of the deviations, shape (n_worlds,)."""
        return np.asarray(np.linalg.norm(self.measure(statistics), axis=1))

    def of(self, observed: Observed) -> Yardstick:
        """Return the same yardstick for another record."""
        return replace(self, observed=observed)


def yardstick(observed: Observed, pilot: Values) -> Yardstick:
    """Make a yardstick from the statistics of a pilot of worlds drawn from the priors, shape (n_worlds, n_statistics).

    The spread is that of the central 90 %, which stray worlds do not move.
    """
    scaled = stretched(pilot)
    spread = np.ptp(np.quantile(scaled, [0.05, 0.95], axis=0), axis=0) / WIDTH
    reach = np.maximum(np.ptp(scaled, axis=0), 1e-9)
    return Yardstick(observed, np.maximum(spread, LEAST_SPREAD * reach))


def stretched(statistics: Values) -> Values:
    """Return square roots, signs kept: the spread of a count then hardly depends on its level."""
    return np.asarray(np.sign(statistics) * np.sqrt(np.abs(statistics)))


def exactly(statistics: Values) -> Observed:
    """Return a record without bounds from its statistics, such as those of a world, shape (n_statistics,)."""
    return Observed(statistics, statistics, statistics)
