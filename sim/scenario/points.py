"""Points of a sweep: values that replace those of a scenario world by world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, unknown
from sim.quantity import Quantity
from sim.scenario.design import MINDSET, POLICY, held_path, named_paths
from sim.scenario.model import Scenario
from sim.scenario.people import mindsets_for, policy_row
from sim.scenario.quantities import ALL_GROUPS, drawable, kind_of_actor, paths, unknown_path

Points = Mapping[str, NDArray[Any]]


def checked(scenario: Scenario, count: int, points: Points) -> dict[str, NDArray[Any]]:
    """The points, each known and allowed; policies of all groups are written out group by group.

    Raises:
        InputError: a path does not exist or cannot vary by world, or a value is not allowed.
        ValueError: an array does not hold one value a world.
    """
    groups = tuple(group.id for group in scenario.groups)
    numbers, names = drawable(groups), named_paths(groups)
    held = {held_path(actor): actor for actor in scenario.actors}
    found: dict[str, NDArray[Any]] = {}
    for path, given in points.items():
        values = np.asarray(given)
        if values.shape != (count,):
            raise ValueError(f"points of {path} have shape {values.shape}, not ({count},)")
        if path in numbers:
            found[path] = _numbers(numbers[path], values)
        elif path in names:
            found[path] = _names(scenario, path, values)
        elif path in held:
            found[path] = _mindsets(scenario, held[path], values)
        else:
            raise _cannot_vary(scenario, path, [*numbers, *names])
    shared = found.pop(f"{POLICY}.{ALL_GROUPS}", None)
    return found if shared is None else {f"{POLICY}.{group}": shared for group in groups} | found


def _numbers(quantity: Quantity, values: NDArray[Any]) -> NDArray[np.float64]:
    if values.dtype.kind not in "fiub":
        raise InputError(f"{quantity.path} takes numbers in {quantity.allowed}, not {values.dtype}")
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    for extreme in (numbers.min(), numbers.max()):  # NaN is both
        quantity.check(float(extreme))
    if quantity.whole and (numbers != np.floor(numbers)).any():
        quantity.check(float(numbers[numbers != np.floor(numbers)][0]))
    return numbers


def _names(scenario: Scenario, path: str, values: NDArray[Any]) -> NDArray[Any]:
    """Names of policies or of mindsets the actor can have."""
    if not path.startswith(f"{POLICY}."):
        return _mindsets(scenario, path.removesuffix(f".{MINDSET}").removeprefix(f"{ALL_GROUPS}."), values)
    names = values.astype(str)
    for name in np.unique(names):
        policy_row(str(name))
    return names


def _mindsets(scenario: Scenario, actor: str, values: NDArray[Any]) -> NDArray[Any]:
    """Names of mindsets that an actor can have."""
    names = values.astype(str)
    allowed = mindsets_for(kind_of_actor(actor), scenario.defined)
    for name in np.unique(names):
        if name not in allowed:
            raise unknown(f"mindset of {actor}", str(name), allowed)
    return names


def _cannot_vary(scenario: Scenario, path: str, known: list[str]) -> InputError:
    if path in paths(scenario):
        return InputError(f"{path} is the same in all worlds of a run; make a scenario of each value with `with_`")
    return unknown_path(path, known)
