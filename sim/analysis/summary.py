"""Summary statistics of a daily table: what a fit compares between the record and the worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.results.daily_table import DailyTable, longest_quiet, weekly

Series = NDArray[Any]
Values = NDArray[np.float64]

LONGEST_ANSWER = 30
"""Days within which a strike counts as the answer to a death; also the latency where no answer came."""
CAUSE = 7
"""Days before a strike within which an American death counts as its cause."""
ARMED_REPLY = 3
"""Days after an arrest within which a parade counts as the answer to it."""

FEWEST_DAYS = 28
"""Days that a summary needs: four weeks, so that a half has a spread."""
STATISTICS = (
    "rockets_mean_1",
    "rockets_mean_2",
    "rockets_fano_1",
    "rockets_fano_2",
    "rockets_autocorrelation",
    "rockets_gap_cv",
    "rockets_quiet_run",
    "ieds_mean_1",
    "ieds_mean_2",
    "ieds_fano_1",
    "ieds_fano_2",
    "us_strikes",
    "iran_missiles",
    "death_days",
    "strike_latency",
    "strikes_after_death",
    "arrests",
    "arrests_answered",
    "deaths_per_rocket",
    "harm_per_rocket",
    "truce_days",
    "closing_days",
)
"""Names of the statistics, in the order of the columns of :func:`summary`. `_1` and `_2` are the halves of the period;
the first half is the shorter one if the weeks are odd in number."""


def summary(daily: DailyTable) -> Values:
    """Return the statistics of each world, shape (n_worlds, len(STATISTICS)), all of them finite.

    A statistic without a case to stand on (no second attack, no death, no strike) takes the value its function names;
    the counts beside it tell that from a value observed.

    Raises:
        InputError: the table has fewer than four full weeks, so that a half has no spread.
    """
    if daily.n_days < FEWEST_DAYS:
        raise InputError(f"a summary needs at least {FEWEST_DAYS} days, the table has {daily.n_days}")
    values = _by_name(daily)
    return np.stack([np.asarray(values[name], dtype=np.float64) for name in STATISTICS], axis=1)


def _by_name(daily: DailyTable) -> dict[str, Series]:
    rockets, deaths, strikes = (daily.series(name) for name in ("rockets", "us_killed", "us_strikes"))
    arrests, parades, missiles = (daily.series(name) for name in ("arrests", "parades", "iran_missiles"))
    harm = (rockets > 0) & (missiles == 0) & (deaths + daily.series("us_hurt") > 0)
    return {
        **_halves("rockets", weekly(rockets)),
        **_halves("ieds", weekly(daily.series("ieds"))),
        "rockets_autocorrelation": autocorrelation(weekly(rockets)),
        "rockets_gap_cv": gap_cv(rockets),
        "rockets_quiet_run": longest_quiet(rockets),
        "us_strikes": strikes.sum(axis=1),
        "iran_missiles": missiles.sum(axis=1),
        "death_days": (deaths > 0).sum(axis=1),
        "strike_latency": answer_latency(deaths, strikes),
        "strikes_after_death": share(strikes * (days_since(deaths) <= CAUSE), strikes),
        "arrests": arrests.sum(axis=1),
        "arrests_answered": (arrests * (days_until(parades) <= ARMED_REPLY)).sum(axis=1),
        "deaths_per_rocket": share(deaths > 0, rockets),
        "harm_per_rocket": share(harm, rockets),
        "truce_days": daily.series("truce").mean(axis=1),
        "closing_days": daily.series("closing").mean(axis=1),
    }


def _halves(name: str, weeks: Series) -> dict[str, Values]:
    middle = weeks.shape[1] // 2
    halves = {"1": weeks[:, :middle], "2": weeks[:, middle:]}
    means = {f"{name}_mean_{half}": part.mean(axis=1) for half, part in halves.items()}
    return means | {f"{name}_fano_{half}": fano(part) for half, part in halves.items()}


def fano(counts: Series) -> Values:
    """Return variance over mean along the last axis: 1 for a Poisson process, and 1 where nothing happened."""
    mean = counts.mean(axis=-1)
    return np.divide(counts.var(axis=-1, ddof=1), mean, out=np.ones_like(mean), where=mean > 0)


def autocorrelation(counts: Series) -> Values:
    """Return the autocorrelation at lag one along the last axis; 0 where nothing varies."""
    centred = counts - counts.mean(axis=-1, keepdims=True)
    spread = (centred**2).sum(axis=-1)
    return np.divide((centred[..., 1:] * centred[..., :-1]).sum(axis=-1), spread, out=0.0 * spread, where=spread > 0)


def gap_cv(counts: Series) -> Values:
    """Return the coefficient of variation of the gaps between days with attacks, shape (n_worlds,).

    1 with fewer than two gaps, as for an exponential waiting time.
    """
    n_worlds = counts.shape[0]
    world, day = np.nonzero(counts)
    same = world[1:] == world[:-1]
    owner, gap = world[1:][same], np.diff(day)[same]
    n = np.bincount(owner, minlength=n_worlds)
    mean = np.bincount(owner, gap, n_worlds) / np.maximum(n, 1)
    variance = np.bincount(owner, (gap - mean[owner]) ** 2, n_worlds) / np.maximum(n - 1, 1)
    return np.divide(np.sqrt(variance), mean, out=np.ones(n_worlds), where=n > 1)


def days_since(events: Series) -> Values:
    """Return, for each day, the days since the last event, 0 on its own day; infinite before the first."""
    day = np.arange(events.shape[1], dtype=np.float64)
    return day - np.maximum.accumulate(np.where(events > 0, day, -np.inf), axis=1)


def days_until(events: Series) -> Values:
    """Return, for each day, the days until the next event, 0 on its own day; infinite after the last."""
    return days_since(events[:, ::-1])[:, ::-1]


def answer_latency(triggers: Series, answers: Series) -> Values:
    """Return the mean days from a day with a trigger to the next answer, shape (n_worlds,).

    No answer within LONGEST_ANSWER days counts as that many, and so does a world without a trigger.
    """
    waits = np.minimum(days_until(answers), LONGEST_ANSWER)
    days = (triggers > 0).sum(axis=1)
    total = np.where(triggers > 0, waits, 0.0).sum(axis=1)
    return np.divide(total, days, out=np.full(len(days), float(LONGEST_ANSWER)), where=days > 0)


def share(part: Series, whole: Series) -> Values:
    """Return the sum of the part over the sum of the whole, at most 1, shape (n_worlds,); 0 where there is no whole."""
    total = whole.sum(axis=1).astype(np.float64)
    return np.minimum(np.divide(part.sum(axis=1), total, out=0.0 * total, where=total > 0), 1.0)
