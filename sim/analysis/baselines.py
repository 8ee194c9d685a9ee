"""Forecasts that need no model of the crisis: what the simulator has to beat.

A forecaster of weekly counts knows the weeks before the origin and nothing else. An outside view of a question knows
how often such things happened in the past, or in other crises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.analysis.daily import daily_from_record
from sim.analysis.record import BaseRate, Record
from sim.results.resolve import resolve
from sim.scenario.question import Question

Counts = NDArray[np.int64]
Values = NDArray[np.float64]
Forecaster = Callable[[Counts, int, int, np.random.Generator], Counts]
"""Past counts of shape (n_weeks,), weeks ahead, number of draws, chance: counts of shape (draws, weeks ahead)."""

PRIOR = 0.5
"""Jeffreys' prior: half an event in no time for a rate, half a success and half a failure for a share."""
WINDOW_STEP = 7
"""Days between the starts of the past windows that a question is asked of."""


def climatology(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """Every week ahead is like a past week drawn at random."""
    return rng.choice(past, size=(draws, ahead))


def poisson(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """One constant rate: draws of its posterior given all past weeks, then Poisson weeks (a gamma mixture)."""
    rate = rng.gamma(past.sum() + PRIOR, 1 / len(past), size=(draws, 1))
    return rng.poisson(rate, size=(draws, ahead))


def last_week(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """Persistence: the rate that the last week alone tells of."""
    return poisson(past[-1:], ahead, draws, rng)


def last_month(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """Persistence: the rate that the last four weeks tell of."""
    return poisson(past[-4:], ahead, draws, rng)


def last_quarter(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """Persistence: the rate that the last thirteen weeks tell of."""
    return poisson(past[-13:], ahead, draws, rng)


@dataclass(frozen=True)
class Hawkes:
    """A self-exciting process in weeks: counts are Poisson with the rate background + branching · memory.

    The memory is a weighted mean of past counts, y(t−1), y(t−2) … with weights (1 − decay) · decay^k: the discrete form
    of the exponential kernel of Hawkes (1971), also known as INGARCH(1, 1) (Ferland, Latour and Oraichi 2006). Each
    event leads to `branching` more on average.

    Attributes:
        background: events per week that nothing led to.
        branching: 0 up to 1.
        decay: 0 up to 1; a share of the memory that is kept from week to week.
        log_likelihood: of the weeks fitted, without the factorials.
    """

    background: float
    branching: float
    decay: float
    log_likelihood: float


MOST_BRANCHING = 0.99
MOST_DECAY = 0.99
LEAST_BACKGROUND = 1e-6


def memory(counts: Counts, decay: float) -> Values:
    """Return the memory before each week and after the last, shape (n_weeks + 1,), starting from the mean count."""
    from scipy.signal import lfilter

    start = counts.mean()
    after, _ = lfilter([1 - decay], [1, -decay], counts, zi=[decay * start])
    return np.concatenate([[start], after])


def log_likelihood(counts: Counts, background: float, branching: float, decay: float) -> float:
    """Return the Poisson log likelihood of the weeks under a Hawkes process, without the factorials."""
    rate = background + branching * memory(counts, decay)[:-1]
    return float((counts * np.log(rate) - rate).sum())


def fit_hawkes(counts: Counts) -> Hawkes:
    """Fit a Hawkes process by maximum likelihood, from several starts so that a local maximum is not taken for it.

    Raises:
        ValueError: there is no week to fit.
    """
    from scipy.optimize import minimize

    if len(counts) == 0:
        raise ValueError("a fit needs at least one week")
    mean = max(float(counts.mean()), LEAST_BACKGROUND)
    bounds = [(LEAST_BACKGROUND, max(10 * mean, 1)), (0, MOST_BRANCHING), (0, MOST_DECAY)]
    starts = [(mean * (1 - branching), branching, decay) for branching in (0.1, 0.5, 0.9) for decay in (0.1, 0.5, 0.9)]
    fits = [
        minimize(lambda x: -log_likelihood(counts, *x), start, method="L-BFGS-B", bounds=bounds) for start in starts
    ]
    best = min(fits, key=lambda fit: float(fit.fun))
    background, branching, decay = (float(value) for value in best.x)
    return Hawkes(background, branching, decay, -float(best.fun))


def hawkes(past: Counts, ahead: int, draws: int, rng: np.random.Generator) -> Counts:
    """Fit a Hawkes process to the past weeks and let it run on, each draw feeding on its own weeks."""
    fit = fit_hawkes(past)
    recent = np.full(draws, memory(past, fit.decay)[-1])
    weeks = np.empty((draws, ahead), dtype=np.int64)
    for week in range(ahead):
        weeks[:, week] = rng.poisson(fit.background + fit.branching * recent)
        recent = fit.decay * recent + (1 - fit.decay) * weeks[:, week]
    return weeks


FORECASTERS: dict[str, Forecaster] = {
    "climatology": climatology,
    "poisson": poisson,
    "last_week": last_week,
    "last_month": last_month,
    "last_quarter": last_quarter,
    "hawkes": hawkes,
}
"""The baselines of weekly counts by name."""


def outside_view(question: Question, record: Record, start: date, n_days: int) -> float:
    """Return the probability of a yes from base rates alone, for `n_days` from `start` on.

    It is the mean over the base rates the question names (a linear pool). Only what was known on the morning of `start`
    is used; with no base rate known by then, the frequency of the past is taken.

    Raises:
        InputError: the record has base rates, but none of that name.
    """
    known = record.before(start)
    rates = [record.base_rate(name) for name in question.base_rates] if record.base_rates else []
    n_asked = len(question.days(start, n_days))
    probabilities = [_probability(rate, known, n_asked) for rate in rates if rate in known.base_rates]
    return float(np.mean(probabilities)) if probabilities else past_frequency(question, known, start, n_days)


def past_frequency(question: Question, record: Record, start: date, n_days: int) -> float:
    """Return how often a question would have come true in the past, for `n_days` from `start` on.

    The question is asked of every past window of that length, a week apart. Windows overlap, so the share counts for
    as many cases as would fit side by side; half a yes and half a no are added to them.
    """
    known = record.before(start)
    if not known.weeks:
        return PRIOR
    past = daily_from_record(known)
    moved = question.in_days(start)
    firsts = range(past.n_days - n_days, -1, -WINDOW_STEP)
    yes = [bool(resolve(moved, past.window(first, n_days))[0]) for first in firsts]
    if not yes:
        return PRIOR
    cases = past.n_days / n_days
    return float((np.mean(yes) * cases + PRIOR) / (cases + 2 * PRIOR))


def _probability(rate: BaseRate, record: Record, n_days: int) -> float:
    """Turn a base rate into the probability of at least one event in some days."""
    events = rate.numerator + PRIOR
    if rate.per == "day":
        return float(1 - (rate.denominator / (rate.denominator + n_days)) ** events)
    share = events / (rate.denominator + 2 * PRIOR)
    if rate.per == "case":
        return share
    past_days = (record.end - record.start).days
    attacks = int(record.rockets.sum()) + PRIOR
    return float(1 - (past_days / (past_days + share * n_days)) ** attacks)
