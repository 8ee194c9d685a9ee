"""The values of a scenario in a run of worlds: constants, draws, posterior rows, points of a sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import MINDSETS
from sim.scenario.design import MINDSET, POLICY, held_path
from sim.scenario.distribution import Distribution
from sim.scenario.luck import uniforms
from sim.scenario.model import Scenario
from sim.scenario.people import policy_row
from sim.scenario.policy import compiled_policy
from sim.scenario.posterior import CHANCE
from sim.scenario.quantities import owner_of
from sim.world.names import Draw

Column = float | NDArray[Any]
"""One number for all worlds, or an array (count,) of one number a world."""
Mask = NDArray[np.bool_]


class Worlds:
    """Values in the worlds ``first`` to ``first + count - 1``.

    Args:
        scenario: the scenario.
        first: number of the first world.
        count: number of worlds.
        points: checked values by path, arrays of shape (count,), that replace the scenario's.
    """

    def __init__(self, scenario: Scenario, first: int, count: int, points: Mapping[str, NDArray[Any]]) -> None:
        self.scenario = scenario
        self.first = first
        self.count = count
        self.points = points
        self.mindsets = MINDSETS | scenario.defined

    def value(self, path: str) -> Column:
        """Value of a quantity before mindsets."""
        if path in self.points:
            return self.points[path]
        value = self.scenario.values[path]
        if not isinstance(value, Distribution):
            return value
        if value.column and self.scenario.posterior:
            return self.scenario.posterior.columns[value.column][self._draws]
        return value.quantile(self.chance(path, Draw.PARAMETER))

    def trait(self, actor: str, name: str) -> Column:
        """Value of an actor's quantity after its mindset, unless the number stands; see :mod:`sim.scenario.pinned`."""
        path = f"{owner_of(actor)}.{name}"
        value = self.value(path)
        if path in self.points or (path in self.scenario.pinned and f"{owner_of(actor)}.{MINDSET}" not in self.points):
            return value
        for mind, held in self.minds[actor].items():
            known = self.mindsets.get(mind)
            if known is not None and name in known.values:
                value = known.values[name] if held is None else np.where(held, known.values[name], value)
        return value

    def policy(self, actor: str) -> Column:
        """Row of an actor's decision rule in :class:`sim.world.names.Policy`."""
        return self._by_policy(actor, policy_row)

    def outside(self, actor: str) -> Column:
        """Address of an actor's policy from outside; 0 if the rulebook decides."""
        return self._by_policy(actor, lambda name: compiled_policy(name) if ":" in name else 0)

    def _by_policy(self, actor: str, number: Callable[[str], int]) -> Column:
        path = f"{POLICY}.{actor}"
        if path in self.points:
            names, place = np.unique(self.points[path], return_inverse=True)
            return np.array([number(str(name)) for name in names])[place]
        return number(self.scenario.policies[actor])

    @cached_property
    def minds(self) -> dict[str, dict[str, Mask | None]]:
        """By actor, the mindsets it has, each with the worlds in which it has it (None: in all)."""
        return {actor: self._minds(actor) for actor in self.scenario.actors}

    def chance(self, name: str, purpose: Draw) -> NDArray[np.float64]:
        """Uniform numbers of these worlds, shape (count,)."""
        return uniforms(self.scenario.seed, self.first, self.count, name, purpose)

    def _minds(self, actor: str) -> dict[str, Mask | None]:
        for path in (f"{owner_of(actor)}.{MINDSET}", held_path(actor)):
            if path in self.points:
                return {str(name): self.points[path] == name for name in np.unique(self.points[path])}
        mixture = {name: share for name, share in self.scenario.mindsets[actor].items() if share > 0}
        if len(mixture) == 1:
            return dict.fromkeys(mixture)
        edges = np.cumsum(list(mixture.values()))
        which = np.searchsorted(edges / edges[-1], self.chance(actor, Draw.MINDSET), side="right")
        return {name: which == index for index, name in enumerate(mixture)}

    @cached_property
    def _draws(self) -> NDArray[np.intp]:
        """Row of the posterior of each world: one row for all columns, so that they stay correlated."""
        draws = self.scenario.posterior.draws if self.scenario.posterior else 0
        return (self.chance(CHANCE, Draw.PARAMETER) * draws).astype(np.intp)
