"""Points as scenarios and as records: what worlds of one ensemble can differ in, and what takes its own scenario."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.scenario import COMPILED_INSTEAD, Scenario, in_plain_python, tables
from sim.scenario.design import POLICY, named_paths
from sim.scenario.quantities import drawable
from sim.scenario.reader import read_value
from sim.world.records import Tables

BY_WORLD = ("parameters", "traits", "actions")
AT_ONCE = 256
"""Points whose records are made together; more would take memory and save nothing."""


class Points:
    """The points of a sweep of a scenario.

    Numbers of the world, the actors and the actions, mindsets and policies are arrays that one ensemble takes; what is
    the same in all worlds of an ensemble (horizon, calendar, blocs, events) makes a variant of the scenario.

    Attributes:
        scenario: what is swept.
        table: one row a point, one column a path.
    """

    def __init__(self, scenario: Scenario, table: pd.DataFrame) -> None:
        groups = tuple(group.id for group in scenario.groups)
        by_world = {*drawable(groups), *named_paths(groups)}
        self.scenario = scenario
        self.table = table
        self.fixed = [path for path in map(str, table) if path not in by_world]
        self._columns = {path: table[path].to_numpy() for path in map(str, table) if path in by_world}
        self._keys = list(table[self.fixed].itertuples(index=False, name=None)) if self.fixed else [()] * len(table)
        self._variant = lru_cache(maxsize=64)(self._build)

    def __len__(self) -> int:
        return len(self.table)

    def variant(self, point: int) -> Scenario:
        """The scenario of a point but for what its worlds take as arrays.

        Raises:
            InputError: it cannot be changed so.
        """
        return self._variant(self._keys[point])

    def scenario_of(self, point: int) -> Scenario:
        """The whole scenario of a point: a run of it lives the worlds of the point."""
        changes = {path: _plain(values[point]) for path, values in self._columns.items()}
        return self.scenario.with_(self._fixed_at(self._keys[point]) | changes)

    def records(self, first: int, stop: int) -> Iterator[tuple[int, Tables | None]]:
        """Each point from ``first`` to before ``stop`` with its records, made together for points of one variant.

        The records are None where worlds of the point differ among themselves (distributions, mindset mixtures,
        posterior): then :meth:`tables` gives those of some worlds.

        Raises:
            InputError: a value is not allowed or would have no effect.
        """
        for start, count in self._runs(first, stop):
            if self.is_uniform(start):
                made = self._together(start, count)
                yield from ((start + place, _row(made, place)) for place in range(count))
            else:
                yield from ((point, None) for point in range(start, start + count))

    def tables(self, point: int, world: int, count: int) -> Tables:
        """Records of the worlds ``world`` to ``world + count - 1`` at one point.

        Raises:
            InputError: a value is not allowed or would have no effect.
        """
        return tables(self.variant(point), world, count, self._arrays(np.full(count, point)))

    def is_uniform(self, point: int) -> bool:
        """Whether all worlds of a point have the same records."""
        return _is_uniform(self.variant(point))

    def check(self) -> None:
        """Build the records of every point once, so that a sweep cannot fail halfway for a value.

        Raises:
            InputError: a value is not allowed or would have no effect, or a policy is in plain Python.
        """
        for path, values in self._columns.items():
            if path.startswith(f"{POLICY}."):
                for name in np.unique(values.astype(str)):
                    _refuse_python(path, str(name))
        for start, count in self._runs(0, len(self)):
            for actor, policy in self.variant(start).policies.items():
                _refuse_python(actor, policy)
            self._together(start, count)

    def _runs(self, first: int, stop: int) -> Iterator[tuple[int, int]]:
        """Neighbouring points that share a variant: first and number, at most ``AT_ONCE``."""
        while first < stop:
            last = min(stop, first + AT_ONCE)
            other = (point for point in range(first + 1, last) if self._keys[point] != self._keys[first])
            count = next(other, last) - first
            yield first, count
            first += count

    def _together(self, first: int, count: int) -> Tables:
        """The records of worlds 0 to count - 1, each with the values of another point."""
        return tables(self.variant(first), 0, count, self._arrays(slice(first, first + count)))

    def _arrays(self, rows: Any) -> dict[str, np.ndarray]:
        return {path: values[rows] for path, values in self._columns.items()}

    def _build(self, key: tuple[Any, ...]) -> Scenario:
        return self.scenario.with_(self._fixed_at(key)) if key else self.scenario

    def _fixed_at(self, key: tuple[Any, ...]) -> dict[str, Any]:
        """What makes a variant of the scenario, by path."""
        return {path: _plain(value) for path, value in zip(self.fixed, key, strict=True)}


def _refuse_python(who: str, policy: str) -> None:
    if in_plain_python(policy):
        raise InputError(f"{who}: a sweep cannot follow '{policy}', a policy in plain Python; {COMPILED_INSTEAD}")


@lru_cache(maxsize=64)
def _is_uniform(scenario: Scenario) -> bool:
    made = tables(scenario, 0, 2)
    return len(made.parameters) == len(made.traits) == len(made.actions) == 1


def _row(made: Tables, place: int) -> Tables:
    """The records of one of several points."""
    rows = {name: getattr(made, name) for name in BY_WORLD}
    return made._replace(**{name: each[place : place + 1] if len(each) > 1 else each for name, each in rows.items()})


def _plain(value: Any) -> Any:
    """A cell of the table as a scenario file would hold it."""
    if isinstance(value, str):
        return read_value(value, value)[0]
    return int(value) if value == int(value) else float(value)
