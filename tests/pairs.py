"""Paired worlds for the tests: the same world numbers and seed, so that two scenarios share their luck."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from sim.drivers.ensemble import Lived, live_chunk
from sim.scenario import Scenario, load

WORLDS = 800


@lru_cache(maxsize=32)
def lived(scenario: Scenario, worlds: int = WORLDS, depth: Any = "trace") -> Lived:
    """Worlds 0 to ``worlds - 1`` of a scenario."""
    return live_chunk(scenario, 0, worlds, depth)


def paired_gap(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Mean of ``second - first`` over paired worlds, and its standard error."""
    difference = np.asarray(second, float) - np.asarray(first, float)
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def rises(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether ``second`` is larger than ``first`` beyond chance: the paired gap is over two standard errors."""
    gap, error = paired_gap(first, second)
    return gap > 2.0 * error and gap > 0.0


def event(day: int, act: str, by: str, at: str | None = None, **casualties: int) -> dict[str, Any]:
    """A scripted event."""
    return {"day": day, "act": act, "by": by} | ({"at": at} if at else {}) | casualties


def baseline(**changes: Any) -> Scenario:
    """The baseline with changes; ``__`` in a name stands for the dot of an address."""
    return load("baghdad-2020").with_({name.replace("__", "."): value for name, value in changes.items()})
