"""Rival structures of a scenario: every combination of mindsets, under every rule that is thought possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import unknown
from sim.parameters import MINDSETS

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
    """

    rule: str
    mindsets: dict[str, str]
    points: dict[str, str]

    @property
    def name(self) -> str:
        """The rule and the mindsets in one line."""
        return ", ".join([self.rule.replace("_", " "), *(f"{who} {mind}" for who, mind in self.mindsets.items())])


def structures(scenario: Scenario, rules: Sequence[str] = PLAUSIBLE) -> list[Structure]:
    """Every combination of a rule with a mindset for each actor, its own numbers included; all count the same.

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
    minds = {actor: choices for actor in scenario.actors if len(choices := _choices(scenario, actor)) > 1}
    return [
        _structure(scenario, rule, dict(zip(minds, combination, strict=True)))
        for rule in rules
        for combination in product(*minds.values())
    ]


def _choices(scenario: Scenario, actor: str) -> list[str]:
    from sim.scenario.people import OWN
    from sim.scenario.quantities import kind_of_actor

    kind = kind_of_actor(actor)
    return [OWN, *(each.name for each in (MINDSETS | scenario.defined).values() if each.kind == kind)]


def _structure(scenario: Scenario, rule: str, minds: dict[str, str]) -> Structure:
    from sim.scenario.quantities import owner_of

    points = {f"policies.{actor}": rule for actor in scenario.actors}
    return Structure(rule, minds, points | {f"{owner_of(actor)}.mindset": name for actor, name in minds.items()})
