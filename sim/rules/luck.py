"""Chance as the rules use it: one named uniform, and the few distributions made from it."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import rule
from sim.world.chance import chance
from sim.world.names import PURPOSES
from sim.world.records import Crisis


@rule
def luck(c: Crisis, i: int, draw: int, key: int = 0, again: int = 0) -> float:
    """The uniform of actor row ``i`` today for a named purpose.

    Args:
        c: the world.
        i: row of the actor.
        draw: the purpose.
        key: of the act it is for (``acts[act].key``), or 0.
        again: which of several alike on one day, such as the twins of :func:`sim.rules.record.twin`.
    """
    return chance(c.w.seed, c.w.number, c.w.day, c.traits[i].identity, draw + PURPOSES * key, again)


@rule
def whole(x: int) -> int:
    """The same whole number, for the compiler no longer a constant: no copy of a call tree for each constant."""
    return int(np.int64(x))


@rule
def sigmoid(x: float) -> float:
    """Logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


@rule
def logit(p: float) -> float:
    """Inverse of :func:`sigmoid` for p in (0, 1)."""
    return math.log(p / (1.0 - p))


@rule
def clamp(x: float, low: float, high: float) -> float:
    """The number nearest to ``x`` in [low, high]."""
    return min(high, max(low, x))


@rule
def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Triangular variate by inverse CDF of the uniform ``u``."""
    width = high - low
    if width <= 0.0:
        return low
    cut = (mode - low) / width
    if u < cut:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@rule
def triangular_share(x: float, low: float, mode: float, high: float) -> float:
    """Probability that a :func:`triangular` variate is at most ``x``."""
    if x >= high:
        return 1.0
    if x <= low:
        return 0.0
    if x < mode:
        return (x - low) * (x - low) / ((high - low) * (mode - low))
    return 1.0 - (high - x) * (high - x) / ((high - low) * (high - mode))


@rule
def power_law(u: float, alpha: float, largest: int) -> int:
    """Discrete power law on 1..largest by inverse CDF of its continuous form.

    Severity of attacks: Clauset, Young and Gleditsch (2007); Bohorquez et al. (2009).
    """
    x = math.exp(-math.log(1.0 - u) / (alpha - 1.0))
    return int(min(float(largest), x))  # the bound first: what lies beyond 64 bits would turn negative


@rule
def binomial(u: float, trials: int, probability: float) -> int:
    """Binomial variate by inverse CDF; ``trials`` is small."""
    if probability <= 0.0 or trials <= 0:
        return 0
    if probability >= 1.0:
        return trials
    odds = probability / (1.0 - probability)
    mass = math.exp(trials * math.log(1.0 - probability))
    total = mass
    k = 0
    while u > total and k < trials:
        mass *= odds * (trials - k) / (k + 1.0)
        total += mass
        k += 1
    return k


@rule
def at_least_one(probability: float, trials: int) -> float:
    """Probability that at least one of ``trials`` independent chances comes true."""
    miss = 1.0
    for _ in range(trials):
        miss *= 1.0 - probability
    return 1.0 - miss


@rule
def keep(half_life: float) -> float:
    """Share that is left after a day of decay with ``half_life`` days."""
    return math.exp(-math.log(2.0) / half_life)
