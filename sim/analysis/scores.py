"""Proper scores of forecasts, and intervals for probabilities.

Forecasts of counts are draws: arrays of shape (draws, ...), scored against observed counts of shape (...). Forecasts of
questions are probabilities of shape (n,), scored against outcomes of shape (n,). Lower is better for every score.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import require

Counts = NDArray[np.int64]
Values = NDArray[np.float64]

BINS = (0, 1, 2, 4, 7)
"""First count of each bin of the ignorance score: none, one, two or three, four to six, seven and more."""
FLOOR = 0.01
"""Share of the uniform forecast mixed into every binned forecast, and least probability of a yes or a no, so that one
surprise does not decide a logarithmic score."""


class CountScores(NamedTuple):
    """Scores of forecast counts, each array of the shape of the observations.

    Attributes:
        crps: continuous ranked probability score against the recorded count.
        crps_range: its mean over all counts between the low and the high bound.
        ignorance: binned ignorance in bits.
        interval_50: interval score of the central 50 % interval.
        interval_90: interval score of the central 90 % interval.
        covered_50: whether the recorded count lies in the 50 % interval.
        covered_90: whether it lies in the 90 % interval.
        pit: randomised probability integral transform; uniform if the forecasts are calibrated.
    """

    crps: Values
    crps_range: Values
    ignorance: Values
    interval_50: Values
    interval_90: Values
    covered_50: NDArray[np.bool_]
    covered_90: NDArray[np.bool_]
    pit: Values


def score_counts(
    draws: Counts, observed: Counts, bounds: tuple[Counts, Counts], rng: np.random.Generator
) -> CountScores:
    """Score forecast counts against the recorded ones and against their bounds (low, high).

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    return CountScores(
        crps=crps(draws, observed),
        crps_range=mean_between(lambda counts: crps(draws, counts), *bounds),
        ignorance=ignorance(draws, observed),
        interval_50=interval_score(draws, observed, 0.5),
        interval_90=interval_score(draws, observed, 0.9),
        covered_50=covered(draws, observed, 0.5),
        covered_90=covered(draws, observed, 0.9),
        pit=pit(draws, observed, rng),
    )


def crps(draws: Counts, observed: Counts, *, fair: bool = False) -> Values:
    """Return the continuous ranked probability score of draws, in counts, shape (...).

    `fair` corrects for the number of draws being finite, as is right when systems with few draws are compared
    (Ferro 2014); otherwise the draws themselves are the forecast.

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    ensemble = np.moveaxis(np.asarray(draws, dtype=np.float64), 0, -1)
    estimator = "fair" if fair else "qd"
    return np.asarray(_library().crps_ensemble(np.asarray(observed, np.float64), ensemble, estimator=estimator))


def crps_pmf(pmf: Values, observed: Counts) -> Values:
    """Return the same score of a predictive distribution over the counts 0, 1, 2 …, shape (..., n_counts).

    On counts it is the ranked probability score. The distribution must reach at least to the observed count.

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    return np.asarray(_library().rps_score(np.asarray(observed) + 1, pmf))


def distribution(draws: Counts, n_counts: int) -> Values:
    """Return the share of draws at each count 0 … n_counts − 1, shape (..., n_counts); the last holds all above it."""
    capped = np.minimum(draws, n_counts - 1)
    return np.stack([(capped == count).mean(axis=0) for count in range(n_counts)], axis=-1)


def interval(draws: Counts, level: float) -> tuple[Values, Values]:
    """Return both ends of the central interval of a level such as 0.9, drawn counts of shape (...) each."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return low, high


def interval_score(draws: Counts, observed: Counts, level: float) -> Values:
    """Return width plus 2/(1 − level) times the miss of the central interval (Gneiting and Raftery 2007), shape (...).

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    ends = (np.asarray(end, dtype=np.float64) for end in interval(draws, level))
    score = _library().interval_score(np.asarray(observed, np.float64), *ends, np.asarray(1 - level))
    return np.reshape(score, np.shape(observed))  # the library drops axes of length one


def covered(draws: Counts, observed: Counts, level: float) -> NDArray[np.bool_]:
    """Say whether the central interval holds the observation, shape (...).

    Intervals of counts hold more than their level when counts are small; :func:`pit` does not.
    """
    low, high = interval(draws, level)
    return np.asarray((low <= observed) & (observed <= high))


def pit(draws: Counts, observed: Counts, rng: np.random.Generator) -> Values:
    """Return the randomised probability integral transform (Czado, Gneiting and Held 2009), shape (...).

    A uniform value between the forecast probabilities of fewer than and of at most the observed count.
    """
    below, upto = (draws < observed).mean(axis=0), (draws <= observed).mean(axis=0)
    return np.asarray(below + rng.uniform(size=np.shape(observed)) * (upto - below))


def ignorance(draws: Counts, observed: Counts, bins: tuple[int, ...] = BINS, floor: float = FLOOR) -> Values:
    """Return minus the logarithm to base 2 of the probability of the bin that came true, shape (...).

    `bins` are the first counts of the bins, from 0 up; a share `floor` of the uniform forecast is mixed in.
    """
    edges = np.asarray(bins)
    forecast, outcome = (np.searchsorted(edges, counts, side="right") for counts in (draws, observed))
    hit = (forecast == outcome).mean(axis=0)
    return np.asarray(-np.log2((1 - floor) * hit + floor / len(bins)))


def mean_between(score: Callable[[Counts], Values], low: Counts, high: Counts) -> Values:
    """Return the mean of a score over all counts from low to high, both of shape (...): each as likely as the other."""
    total = np.zeros(np.shape(low))
    for step in range(int(np.max(high - low, initial=0)) + 1):
        total += np.where(low + step <= high, score(np.minimum(low + step, high)), 0.0)
    return total / (high - low + 1)


def brier(probability: ArrayLike, outcome: ArrayLike) -> Values:
    """Return the squared error of each probability of a yes, shape (n,).

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    return np.asarray(_library().brier_score(np.asarray(outcome, np.float64), np.asarray(probability, np.float64)))


def log_score(probability: ArrayLike, outcome: ArrayLike, floor: float = FLOOR) -> Values:
    """Return minus the natural logarithm of the probability of what came true, at least `floor`, shape (n,).

    Raises:
        MissingExtra: `scoringrules` is not installed.
    """
    bounded = np.clip(np.asarray(probability, np.float64), floor, 1 - floor)
    return np.asarray(_library().log_score(np.asarray(outcome, np.float64), bounded))


class Decomposition(NamedTuple):
    """Murphy's parts of the mean Brier score: reliability − resolution + uncertainty (Murphy 1973)."""

    reliability: float
    resolution: float
    uncertainty: float


def murphy(probability: ArrayLike, outcome: ArrayLike, bins: int | None = None) -> Decomposition:
    """Split the mean Brier score by groups of equal probability, or of `bins` equal parts of 0 to 1.

    With groups of equal probability the parts add up exactly; with bins the mean probability stands for each bin.
    """
    forecast, came = np.asarray(probability, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    labels = forecast if bins is None else np.minimum((forecast * bins).astype(int), bins - 1)
    _, group, size = np.unique(labels, return_inverse=True, return_counts=True)
    mean_forecast, mean_outcome = (np.bincount(group, values) / size for values in (forecast, came))
    base = float(came.mean())
    return Decomposition(
        reliability=float((size * (mean_forecast - mean_outcome) ** 2).sum() / size.sum()),
        resolution=float((size * (mean_outcome - base) ** 2).sum() / size.sum()),
        uncertainty=base * (1 - base),
    )


def jeffreys(successes: ArrayLike, cases: ArrayLike, level: float = 0.95) -> tuple[Values, Values]:
    """Return both ends of Jeffreys' interval for a share, 0 below no success and 1 above no failure.

    The ends are quantiles of Beta(k + ½, n − k + ½) (Brown, Cai and DasGupta 2001).
    """
    from scipy.stats import beta

    k, n = np.asarray(successes, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    low, high = beta.ppf([[(1 - level) / 2], [(1 + level) / 2]], (k + 0.5).ravel(), (n - k + 0.5).ravel())
    return np.where(k == 0, 0.0, low.reshape(k.shape)), np.where(k == n, 1.0, high.reshape(k.shape))


def _library() -> Any:
    return require("scoringrules", "analysis")
