"""Rival structures of a scenario: its combinations of mindsets, under every rule that is thought possible.

A structure is the scenario with less left open. What the scenario states holds in each: an actor of one mindset keeps
it, an actor whose rule the scenario states keeps that, and numbers that stand beside mindsets stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.idle import refuse_twice
from sim.errors import InputError, unknown

if TYPE_CHECKING:
    from sim.scenario import Scenario

USUAL_RULE = "quantal"
"""The rule of every actor of which a scenario says nothing else."""
PLAUSIBLE = ("quantal", "expected_utility")
"""Rules counted as possible descriptions of the actors: noisy and exact choice by stated objectives. Passive and random
actors are yardsticks, and tit for tat starts nothing."""


class Structure(NamedTuple):
    """A rule for every actor whose rule is open, and a mindset for each that has several.

    Attributes:
        rule: the decision rule.
        mindsets: mindset by actor.
        scenario: the scenario with both.
        weight: its probability, among structures of the same rule.
    """

    rule: str
    mindsets: dict[str, str]
    scenario: Scenario
    weight: float

    @property
    def name(self) -> str:
        """The rule and the mindsets in one line."""
        return ", ".join([self.rule.replace("_", " "), *(f"{who} {mind}" for who, mind in self.mindsets.items())])


def stated_rules(scenario: Scenario) -> dict[str, str]:
    """Decision rules by actor that the scenario states: those other than the usual one."""
    return {actor: rule for actor, rule in scenario.policies.items() if rule != USUAL_RULE}


def open_actors(scenario: Scenario) -> tuple[str, ...]:
    """The actors whose rule the scenario leaves open."""
    stated = stated_rules(scenario)
    return tuple(actor for actor in scenario.actors if actor not in stated)


def with_minds(scenario: Scenario, minds: Mapping[str, str], more: Mapping[str, object]) -> Scenario:
    """The scenario with some actors of one mindset each, and other changes; numbers that stand beside mindsets stand.

    World k of it is world k of the scenario, if that has these mindsets and there are no other changes.
    """
    from sim.scenario.quantities import owner_of

    owners = {owner_of(actor): name for actor, name in minds.items()}
    changes: dict[str, object] = {f"{owner}.mindset": name for owner, name in owners.items()}
    changes |= {path: _written(scenario, path) for path in sorted(scenario.pinned) if _section(path) in owners}
    changes |= more
    return scenario.with_(changes) if changes else scenario


def _section(path: str) -> str:
    return path.rpartition(".")[0]


def _written(scenario: Scenario, path: str) -> Any:
    value = scenario.values[path]
    return value if isinstance(value, int | float) else value.to_plain()


def structures(scenario: Scenario, rules: Sequence[str] = PLAUSIBLE) -> list[Structure]:
    """Every combination of a rule with a mindset for each actor that has several.

    Rules count the same; mindsets as the scenario says.

    Args:
        scenario: the scenario; mindsets that it defines are included.
        rules: decision rules, each used for all actors whose rule the scenario does not state.

    Raises:
        InputError: there is no such rule, one is given twice, or the scenario states the rule of every actor and
            several are given.
    """
    from sim.analysis.compare_rules import RULES

    refuse_twice("--rule", list(rules))
    for rule in rules:
        if rule not in RULES:
            raise unknown("rule", rule, RULES)
    free = open_actors(scenario)
    possible = rules if free else _none_open(rules)
    minds = {actor: mixture for actor in scenario.actors if len(mixture := _mixture(scenario, actor)) > 1}
    return [
        _structure(scenario, (rule, free), dict(zip(minds, combination, strict=True)), minds)
        for rule in possible
        for combination in product(*minds.values())
    ]


def _none_open(rules: Sequence[str]) -> tuple[str]:
    """The one structure of a scenario that states the rule of every actor.

    Raises:
        InputError: rules were asked for.
    """
    if tuple(rules) != PLAUSIBLE:
        raise InputError("the scenario states the decision rule of every actor, so --rule would change nothing")
    return ("as stated",)


def _mixture(scenario: Scenario, actor: str) -> dict[str, float]:
    """Probabilities of the mindsets that an actor can have."""
    return {name: share for name, share in scenario.mindsets[actor].items() if share > 0}


def _structure(
    scenario: Scenario,
    rule: tuple[str, Iterable[str]],
    minds: dict[str, str],
    mixtures: dict[str, dict[str, float]],
) -> Structure:
    name, free = rule
    policies = {f"policies.{actor}": name for actor in free if name != USUAL_RULE}
    weight = prod(mixtures[actor][mind] for actor, mind in minds.items())
    return Structure(name, minds, with_minds(scenario, minds, policies), weight)
