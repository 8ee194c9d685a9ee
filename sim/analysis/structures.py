"""Rival structures of a scenario: every combination of mindsets, under every rule that is thought possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import unknown

if TYPE_CHECKING:
    from sim.scenario import Scenario

PLAUSIBLE = ("quantal", "expected_utility")
"""Rules counted as possible descriptions of the actors: noisy and exact choice by stated objectives. Passive and random
actors are yardsticks, and tit for tat starts nothing."""


class Structure(NamedTuple):
    """A rule for all actors and a mindset for each that has several.

    Attributes:
        rule: the decision rule.
        mindsets: mindset by actor.
        points: names by path, as :func:`sim.scenario.tables` takes them.
        weight: its probability, among structures of the same rule.
    """

    rule: str
    mindsets: dict[str, str]
    points: dict[str, str]
    weight: float

    @property
    def name(self) -> str:
        """The rule and the mindsets in one line."""
        return ", ".join([self.rule.replace("_", " "), *(f"{who} {mind}" for who, mind in self.mindsets.items())])


def structures(scenario: Scenario, rules: Sequence[str] = PLAUSIBLE) -> list[Structure]:
    """Every combination of a rule with a mindset for each actor.

    Rules count the same. Where the scenario gives an actor several mindsets, these are its mindsets, with the
    probabilities that the scenario gives; any other actor can have its own numbers and each mindset there is for it,
    all equally likely.

    Args:
        scenario: the scenario; mindsets that it defines are included.
        rules: decision rules, each used for all actors.

    Raises:
        InputError: there is no such rule.
    """
    from sim.analysis.compare_rules import RULES

    for rule in rules:
        if rule not in RULES:
            raise unknown("rule", rule, RULES)
    minds = {actor: mixture for actor in scenario.actors if len(mixture := _mixture(scenario, actor)) > 1}
    return [
        _structure(scenario, rule, dict(zip(minds, combination, strict=True)), minds)
        for rule in dict.fromkeys(rules)
        for combination in product(*minds.values())
    ]


def _mixture(scenario: Scenario, actor: str) -> dict[str, float]:
    """Probabilities of the mindsets of an actor: those of the scenario, or equal ones."""
    from sim.scenario.people import mindsets_for
    from sim.scenario.quantities import kind_of_actor

    given = {name: share for name, share in scenario.mindsets[actor].items() if share > 0}
    names = mindsets_for(kind_of_actor(actor), scenario.defined)
    return given if len(given) > 1 else dict.fromkeys(names, 1.0 / len(names))


def _structure(
    scenario: Scenario, rule: str, minds: dict[str, str], mixtures: dict[str, dict[str, float]]
) -> Structure:
    from sim.scenario.quantities import owner_of

    points = {f"policies.{actor}": rule for actor in scenario.actors}
    points |= {f"{owner_of(actor)}.mindset": name for actor, name in minds.items()}
    return Structure(rule, minds, points, prod(mixtures[actor][name] for actor, name in minds.items()))
