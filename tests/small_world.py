"""Small crises for tests of single rules: a few groups, a short horizon, numbers as the test sets them."""

from collections.abc import Mapping
from typing import Any

import numba
import pytest

from sim.actions import CATALOGUE, Act
from sim.drivers.mesa_model import CrisisModel
from sim.scenario import load
from sim.world.names import FIRST_GROUP, NOBODY, Stage, Who
from sim.world.records import Crisis

US, IRAN, IRAQ, SADR, COALITION = Who
A, B = FIRST_GROUP, FIRST_GROUP + 1
"""Rows of the two groups."""

many_days = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="lives thousands of days, too slow interpreted")


def model(changes: Mapping[str, Any] | None = None, world: int = 0, groups: int = 2) -> CrisisModel:
    """A model with equal groups ``group_0``, ``group_1`` …, 60 days, nothing scripted, and some changes by path."""
    base = {"horizon": 60, "militias": {f"group_{k}": {} for k in range(groups)}, "embassy": {"stage": 0}}
    return CrisisModel(load(base, changes or {}), world)


def crisis(changes: Mapping[str, Any] | None = None, world: int = 0, groups: int = 2) -> Crisis:
    """The morning of day 0 of such a model."""
    found: Crisis = model(changes, world, groups).crisis
    return found


def rows(c: Crisis, act: Act | None = None) -> list[Any]:
    """The events so far, or those of one act."""
    events = [c.w.events[k] for k in range(c.w.n_events)]
    return events if act is None else [e for e in events if e.act == act]


def action(act: Act) -> Any:
    """The catalogue's row."""
    return CATALOGUE[act]


__all__ = [
    "COALITION",
    "IRAN",
    "IRAQ",
    "NOBODY",
    "SADR",
    "US",
    "A",
    "B",
    "Stage",
    "action",
    "crisis",
    "many_days",
    "model",
    "rows",
]
