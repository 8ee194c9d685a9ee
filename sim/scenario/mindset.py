"""What the mindsets of an actor replace of its own numbers."""

from __future__ import annotations

from sim.errors import InputError
from sim.parameters import MINDSETS, Mindset
from sim.scenario.model import Scenario
from sim.scenario.overrides import leaves
from sim.scenario.people import OWN
from sim.scenario.places import Document, dotted
from sim.scenario.quantities import owner_of


def mindset(scenario: Scenario, name: str) -> Mindset | None:
    """The mindset of that name, shipped or defined by the scenario; None for ``default``."""
    return None if name == OWN else (MINDSETS | scenario.defined)[name]


def replaced(scenario: Scenario, path: str) -> list[str]:
    """Names of the mindsets that replace a number in every world, or nothing if it counts in some world."""
    section, _, name = path.rpartition(".")
    actors = [actor for actor in scenario.actors if owner_of(actor) == section]
    for actor in actors:
        possible = [each for each, chance in scenario.mindsets[actor].items() if chance > 0]
        minds = [mindset(scenario, each) for each in possible]
        if all(mind is not None and name in mind.values for mind in minds):
            return possible
    return []


def check_effective(scenario: Scenario, change: Document) -> None:
    """Refuse a change of a number that the actor's mindset replaces in every world: it would do nothing.

    Raises:
        InputError: it would.
    """
    for address in leaves(change):
        names = replaced(scenario, dotted(address))
        if names:
            raise change.error(address, no_effect(dotted(address), names))


def no_effect(path: str, names: list[str]) -> str:
    """The message about a number that mindsets replace in every world."""
    section, _, name = path.rpartition(".")
    return (
        f"{path} would have no effect: the mindset {' and '.join(names)} replaces it in every world; "
        f"set {section}.mindset={OWN} too, or define a mindset with its own {name}"
    )


def check_point(scenario: Scenario, path: str) -> None:
    """Refuse to vary a number that mindsets replace in every world.

    Raises:
        InputError: they do.
    """
    names = replaced(scenario, path)
    if names:
        raise InputError(no_effect(path, names))
