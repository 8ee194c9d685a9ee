"""The level of attacks: how many a week, if things go on as they have since the channel opened.

A fit on summary statistics says how attacks answer events, but it knows their level only roughly. The weeks themselves
know it well, so the rates of opportunities are set by them: each posterior draw is lived for two weeks without a
truce, and its rates are scaled until it makes as many attacks as a draw from what the weeks say. A truce then lowers
what the rates would make; with rates scaled up until attacks under it are as many, it would lower nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.analysis import priors
from sim.analysis.baselines import PRIOR
from sim.analysis.record import Record
from sim.drivers.ensemble import live_chunk
from sim.results.daily_table import daily_from_worlds
from sim.scenario import Scenario
from sim.scenario.quantities import quantity

Values = NDArray[np.float64]

RATES = {"rockets": "rocket_rate", "ieds": "ied_rate"}
"""Channel -> prior whose addresses set its level."""
DAYS = 14
"""Days that a draw is lived to see how many attacks it makes: too few for a truce or a strike to matter."""
REPLICATES = 30
"""Worlds in which each draw is lived."""


def weekly_level(record: Record, channel: str, n: int, rng: np.random.Generator) -> Values:
    """Draw attacks a week from what the weeks since the first recorded attack say, shape (n,).

    A gamma posterior under Jeffreys' prior; zeros if there was no attack.
    """
    counts = record.weekly(channel)
    if not counts.any():
        return np.zeros(n)
    since = counts[int(np.flatnonzero(counts)[0]) :]
    return rng.gamma(since.sum() + PRIOR, 1 / len(since), size=n)


def levelled(scenario: Scenario, draws: Values, record: Record, rng: np.random.Generator) -> Mapping[str, Values]:
    """Return points of posterior draws that make as many attacks in two weeks without a truce as the record's weeks.

    Args:
        scenario: what is to be lived; the record ends where it begins.
        draws: (n, len(PRIORS)) posterior draws.
        record: the weeks before.
        rng: chance of the levels.

    Returns:
        Values by path, shape (n,) each.
    """
    points = dict(priors.points(scenario, draws))
    wanted = {channel: weekly_level(record, channel, len(draws), rng) for channel in RATES}
    made = _made(_usual(scenario, wanted), points, len(draws))
    for channel, name in RATES.items():
        factor = np.divide(wanted[channel], made[channel], out=np.ones(len(draws)), where=made[channel] > 0)
        for path in next(prior for prior in priors.PRIORS if prior.name == name).addresses(scenario):
            points[path] = np.clip(points[path] * factor, 0, quantity(scenario, path).high)
    return points


def _usual(scenario: Scenario, wanted: Mapping[str, Values]) -> Scenario:
    """The scenario without a truce, and with as much self-excitation left over as its usual level of attacks leaves."""
    changes: dict[str, object] = {"truce.on": 0, "actions.mi.truce.enabled": False}
    for channel, name in RATES.items():
        rates = {group.id: float(scenario.values[f"militias.{group.id}.{name}"]) for group in scenario.groups}  # type: ignore[arg-type]
        total = sum(rates.values()) or 1.0
        for group, rate in rates.items():
            changes[f"militias.{group}.recent_{channel}"] = min(0.5, float(wanted[channel].mean()) / 7 * rate / total)
    return scenario.with_(changes)


def _made(scenario: Scenario, points: Mapping[str, Values], n: int) -> dict[str, Values]:
    """Attacks a week that each draw makes in its first days, shape (n,) by channel."""
    short = scenario.with_({"horizon": min(DAYS, scenario.horizon), "events": []})
    repeated = {path: np.repeat(column, REPLICATES) for path, column in points.items()}
    lived = live_chunk(short, 0, n * REPLICATES, "daily", points=repeated)
    days = daily_from_worlds(short.start, lived.series)
    weeks = short.horizon / 7
    return {channel: days.series(channel).sum(axis=1).reshape(n, -1).mean(axis=1) / weeks for channel in RATES}
