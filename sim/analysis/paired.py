"""Intervals of differences between scenarios, with the same luck in both (paired) and with luck apart.

Shares, paired: the score intervals of Wilson (1927) of the share that gains and of the share that loses, joined by
squares as in Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions based on
paired data", with the correlation that two cells of one table have (Zou and Donner 2008). It keeps its coverage where
few worlds change, where a change only adds, and where nothing changes: then it reaches as far as Wilson's of none in as
many. Means, paired: Student's t on the differences. With luck apart: Agresti and Caffo (2000) for shares, Welch for
means.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import t as student

from sim.results.intervals import wilson

Values = NDArray[Any]
FEW = 30
"""A paired t interval that rests on fewer pairs that differ covers the truth less often than it says: so few worlds do
not show how far a heavy tail reaches (measured by `benchmarks.coverage`)."""


class Interval(NamedTuple):
    """An estimate with the ends of its interval."""

    estimate: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the ends."""
        return self.high - self.low


def paired_shares(before: Values, after: Values, level: float = 0.95) -> Interval:
    """Difference of two shares over the same worlds, ``after`` less ``before``: (n,) booleans each.

    Raises:
        ValueError: not the same number of worlds, or none.
    """
    _check(before, after)
    n = len(before)
    counts = np.array([(after & ~before).sum(), (before & ~after).sum()])
    gained, lost = counts / n
    (gained_low, lost_low), (gained_high, lost_high) = wilson(counts, np.array([n, n]), level)
    together = _correlation(gained, lost)
    below = _joined(gained - gained_low, lost_high - lost, together)
    above = _joined(gained_high - gained, lost - lost_low, together)
    difference = float(gained - lost)
    return Interval(difference, max(difference - below, -1.0), min(difference + above, 1.0))


def _correlation(gained: float, lost: float) -> float:
    """Correlation of two cells of one multinomial table: a world that gains cannot lose."""
    if gained in (0.0, 1.0) or lost in (0.0, 1.0):
        return 0.0
    return float(-np.sqrt(gained * lost / ((1.0 - gained) * (1.0 - lost))))


def _joined(one: float, other: float, correlation: float) -> float:
    """Distance to the end of an interval of a difference from those of its two parts."""
    return float(np.sqrt(one * one + other * other - 2.0 * correlation * one * other))


def paired_means(before: Values, after: Values, level: float = 0.95) -> Interval:
    """Difference of two means over the same worlds, ``after`` less ``before``: (n,) numbers each (paired t).

    The interval is infinitely wide for a single world, and unknown (NaN at both ends) where all worlds change by the
    same amount, as when none changes: such worlds do not show how far a change can reach.

    Raises:
        ValueError: not the same number of worlds, or none.
    """
    _check(before, after)
    change = after.astype(np.float64) - before.astype(np.float64)
    n = len(change)
    if n == 1:
        return Interval(float(change[0]), -np.inf, np.inf)
    if np.ptp(change) == 0.0:
        return Interval(float(change[0]), np.nan, np.nan)
    half = student.ppf(0.5 + level / 2, n - 1) * change.std(ddof=1) / np.sqrt(n)
    return _around(float(change.mean()), float(change.mean()), float(half))


def standard_error(values: Values) -> float:
    """Standard error of the mean of (n,) numbers; unknown (NaN) for a single one."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def apart_shares(before: Values, after: Values, level: float = 0.95) -> Interval:
    """Difference of two shares of worlds that share no luck: (m,) and (n,) booleans (Agresti-Caffo)."""
    sizes = np.array([len(before), len(after)]) + 2
    shares = (np.array([before.sum(), after.sum()]) + 1) / sizes
    spread = float(np.sqrt((shares * (1 - shares) / sizes).sum()))
    return _around(float(after.mean() - before.mean()), float(shares[1] - shares[0]), _z(level) * spread, 1.0)


def apart_means(before: Values, after: Values, level: float = 0.95) -> Interval:
    """Difference of two means of worlds that share no luck: (m,) and (n,) numbers, at least two each (Welch)."""
    parts = np.array([before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)])
    difference, total = float(after.mean() - before.mean()), float(parts.sum())
    if total == 0.0:
        return Interval(difference, difference, difference)
    freedom = total**2 / (parts**2 / np.array([len(before) - 1, len(after) - 1])).sum()
    return _around(difference, difference, float(student.ppf(0.5 + level / 2, freedom) * np.sqrt(total)))


def _around(estimate: float, centre: float, half: float, most: float = np.inf) -> Interval:
    return Interval(float(estimate), float(max(centre - half, -most)), float(min(centre + half, most)))


def _z(level: float) -> float:
    return float(ndtri(0.5 + level / 2.0))


def _check(before: Values, after: Values) -> None:
    if len(before) != len(after) or len(before) == 0:
        raise ValueError(f"pairs are needed: {len(before)} worlds before, {len(after)} after")
