"""The two stages of a choice, spelt out: which draw falls on which class, then on which act.

The sums are those of :mod:`sim.rules.choose`, in the same order, so that a draw falls where it fell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from sim.actions import CATALOGUE
from sim.drivers.deliberation import Deliberation, Option
from sim.rules.choose import SHARPER
from sim.world.names import Class, Policy

Key = TypeVar("Key")


class Slot(NamedTuple):
    """A stretch of [0, 1): draws from ``low`` up to ``high`` fall on it."""

    low: float
    high: float

    @property
    def chance(self) -> float:
        """Probability of a draw in it."""
        return self.high - self.low

    def holds(self, draw: float) -> bool:
        """Whether a draw falls on it."""
        return self.low <= draw < self.high


class Stages(NamedTuple):
    """Both stages: the stretch of every class, in order, and of every act within its class."""

    classes: dict[Class, Slot]
    acts: dict[str, Slot]

    def chance(self, option: Option) -> float:
        """Probability of an option."""
        return self.classes[kind_of(option)].chance * self.acts[option.id].chance


def kind_of(option: Option) -> Class:
    """Class of an option."""
    return CATALOGUE[option.act].kind


def add_up(terms: dict[str, float]) -> float:
    """The terms of a utility added one by one in their order, as the rule adds them.

    Python's own ``sum`` rounds otherwise since 3.12.
    """
    total = 0.0
    for term in terms.values():
        total += term
    return total


def precision_of(deliberation: Deliberation) -> float | None:
    """Precision of the actor's quantal response; None when it followed another rule."""
    policy = deliberation.traits.policy
    if policy == Policy.RANDOM:
        return 0.0
    return float(deliberation.traits.rationality) if policy == Policy.QUANTAL else None


def stages(options: Sequence[Option], precision: float) -> Stages:
    """Spell out the two-stage quantal response over options."""
    best = {kind: max(o.utility for o in options if kind_of(o) == kind) for kind in Class if _any(options, kind)}
    acts: dict[str, Slot] = {}
    for kind in best:
        inside = {o.id: o.utility for o in options if kind_of(o) == kind}
        acts |= _slots(inside, SHARPER * precision)
    return Stages(_slots(best, precision), acts)


def _any(options: Sequence[Option], kind: Class) -> bool:
    return any(kind_of(option) == kind for option in options)


def _slots(utilities: dict[Key, float], precision: float) -> dict[Key, Slot]:
    top = max(utilities.values())
    odds = {key: math.exp(precision * (utility - top)) for key, utility in utilities.items()}
    total = 0.0
    for weight in odds.values():
        total += weight
    slots, reached = {}, 0.0
    for key, weight in odds.items():
        slots[key] = Slot(reached / total, (reached + weight) / total)
        reached += weight
    return slots
