"""The same scenario under every decision rule and every mindset, same luck, side by side.

A rule that the scenario states for an actor holds in every row, unless the actor is named; numbers that stand beside
mindsets stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.analysis import compare_text
from sim.analysis.alike import loaded_scenario
from sim.analysis.compare import Comparison, Progress, compare
from sim.analysis.idle import refuse_twice
from sim.analysis.structures import open_actors, stated_rules, with_minds
from sim.errors import InputError, unknown
from sim.parameters import MINDSETS
from sim.results.drawing import plots
from sim.scenario import COMPILED_INSTEAD, Scenario, in_plain_python
from sim.scenario.people import POLICIES
from sim.world.names import Policy

AS_IT_IS = "as it is"
SCRIPTED = Policy.SCRIPTED.name.lower()
RULE, MINDSET = "rule: ", "mindset: "
RULES = tuple(name for name in POLICIES if name != SCRIPTED)
"""The shipped decision rules; a scripted actor does only what its scenario writes down, so it is none to compare."""


@dataclass(frozen=True, repr=False)
class RuleComparison(Comparison):
    """A comparison of one scenario under rival rules and mindsets; its base is the scenario as it is.

    Attributes:
        held: decision rules by actor that hold in every row, since the scenario states them.
    """

    held: Mapping[str, str] = field(default_factory=dict)

    def save(self, folder: str | Path) -> Path:
        """Write summary, numbers, tables and the figure (PNG and SVG) into a folder; returns it.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        return compare_text.save(self, folder, "rules", self.__rich__())

    def plot(self) -> Any:
        """Draw the outcomes side by side and return the axes."""
        return plots("rules").side_by_side(self)

    def __rich__(self) -> Any:
        return compare_text.side_by_side(self)


def rule_variants(scenario: Scenario, actors: Sequence[str] = ()) -> dict[str, Scenario]:
    """The scenario as it is, then with each rule for all actors named, then with each mindset of one of them.

    Args:
        scenario: the scenario.
        actors: ids of the actors whose rules and mindsets change; by default all, but for the rules of those whose rule
            the scenario states. A group stands for itself.

    Raises:
        InputError: there is no such actor, or one is named twice.
    """
    changing = _checked(scenario, actors)
    ruled = tuple(actors) or open_actors(scenario)
    variants = {AS_IT_IS: scenario}
    for name in RULES:
        policies = {f"policies.{actor}": name for actor in ruled}
        if any(scenario.policies[actor] != name for actor in ruled):
            variants[RULE + name.replace("_", " ")] = scenario.with_(policies)
    for name, minds in _mindset_changes(scenario, changing):
        variants[MINDSET + name] = with_minds(scenario, minds, {})
    return variants


def _mindset_changes(scenario: Scenario, changing: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each mindset that one of the actors can have and does not have already, with the actors that get it."""
    from sim.scenario.quantities import kind_of_actor

    for mindset in (MINDSETS | scenario.defined).values():
        holders = [actor for actor in changing if kind_of_actor(actor) == mindset.kind]
        if any(scenario.mindsets[actor] != {mindset.name: 1.0} for actor in holders):
            yield mindset.name, dict.fromkeys(holders, mindset.name)


def _checked(scenario: Scenario, actors: Sequence[str]) -> tuple[str, ...]:
    refuse_twice("--actor", list(actors))
    for actor in actors:
        if actor not in scenario.actors:
            raise unknown("actor", actor, scenario.actors)
    return tuple(actors) or scenario.actors


def compare_rules(
    scenario: Any,
    worlds: int = 500,
    actors: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> RuleComparison:
    """Live a scenario under every shipped decision rule and every mindset, with the same luck.

    Args:
        scenario: a scenario, the name of a shipped one, or a path.
        worlds: number of worlds under each.
        actors: ids of the actors whose rules and mindsets change; by default all, but for the rules of those whose rule
            the scenario states.
        threads: number of threads; all by default.
        progress: called with the number of worlds lived so far and the number of all.

    Raises:
        InputError: an actor or a scenario that does not exist, a policy in plain Python, actors that have no other
            rule or mindset, or fewer than two worlds.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> found = sim.compare_rules(short, worlds=10, actors=["sadr"])
    """
    loaded = loaded_scenario(scenario)
    written = [rule for rule in loaded.policies.values() if in_plain_python(rule)]
    if written:
        raise InputError(
            f"'{written[0]}' is a policy in plain Python; rules compared are compiled ones, and {COMPILED_INSTEAD}"
        )
    found = compare(rule_variants(loaded, actors), worlds, threads, progress)
    held = {} if actors else stated_rules(loaded)
    return RuleComparison(found.base, found.others, found.worlds, held=held)
