"""What the mindsets of an actor replace of its own numbers."""

from __future__ import annotations

from sim.parameters import MINDSETS
from sim.scenario.model import Scenario
from sim.scenario.quantities import owner_of


def replaced(scenario: Scenario, path: str) -> list[str]:
    """Names of the mindsets that replace a number of the scenario in every world; none where it counts in some world.

    A point of a sweep, or another change of the number, stands nevertheless: see :mod:`sim.scenario.pinned`.
    """
    section, _, name = path.rpartition(".")
    known = MINDSETS | scenario.defined
    for actor in scenario.actors:
        if owner_of(actor) == section and path not in scenario.pinned:
            held = [mind for mind, share in scenario.mindsets[actor].items() if share > 0]
            return held if all(mind in known and name in known[mind].values for mind in held) else []
    return []
