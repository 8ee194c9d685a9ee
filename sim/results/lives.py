"""Which driver lives the worlds of a run: the ensemble, or Mesa where an actor decides by a policy in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from sim.compiled import rule_hash
from sim.errors import InputError, whole
from sim.world.records import OUTCOME, SERIES

RULES = rule_hash()
"""Hash of the rules as this program loaded them, whatever happens to the files afterwards."""
BATCH = 50
Settings = TypeVar("Settings")
MOST_TO_HOLD = 100_000_000
"""An analysis keeps what came of every world until its end."""


def lives(scenario: Any, worlds: int, depth: Any, first: int = 0, threads: int | None = None) -> Iterator[Any]:
    """Chunks of worlds from number ``first`` on, as :class:`sim.drivers.ensemble.Lived`.

    Both drivers give the same worlds bit for bit; only Mesa can ask a policy in plain Python, world by world, on
    one thread.
    """
    from sim.drivers.ensemble import chunks

    if not has_python_policy(scenario):
        yield from chunks(scenario, worlds, depth, first=first, threads=threads)
        return
    for start in range(first, first + worlds, BATCH):
        yield _under_mesa(scenario, start, min(BATCH, first + worlds - start), depth)


def has_python_policy(scenario: Any) -> bool:
    """Whether an actor of the scenario decides by a policy in plain Python.

    Raises:
        InputError: a policy cannot be imported, or not be compiled.
    """
    from sim.scenario import in_plain_python

    return any(map(in_plain_python, scenario.policies.values()))


def _under_mesa(scenario: Any, first: int, count: int, depth: str) -> Any:
    from sim.drivers.ensemble import Lived
    from sim.drivers.mesa_model import CrisisModel

    outcomes, series = np.zeros(count, OUTCOME), np.zeros((count, scenario.horizon), SERIES)
    traces = []
    for k in range(count):
        model = CrisisModel(scenario, world=first + k).run()
        outcomes[k], series[k] = model.outcome, model.series
        traces.append(model.trace)
    if depth != "trace":
        return Lived(first, outcomes, series if depth == "daily" else None, None, None)
    offsets = np.r_[0, np.cumsum([len(trace) for trace in traces])]
    return Lived(first, outcomes, series, np.concatenate(traces), offsets)


def with_whole(settings: Settings, *names: str) -> Settings:
    """Settings (a dataclass) some of whose numbers are whole, also where NumPy's were given; None stays None.

    Raises:
        InputError: one is not whole.
    """
    given = {name: getattr(settings, name) for name in names}
    return replace(settings, **{name: whole(name, number) for name, number in given.items() if number is not None})  # type: ignore[type-var]


def refuse_too_many(worlds: int) -> None:
    """Check that an analysis can hold all the worlds that it would live.

    Raises:
        InputError: they are too many.
    """
    if worlds > MOST_TO_HOLD:
        raise InputError(f"that makes {worlds:,} worlds, more than {MOST_TO_HOLD:,}: ask for fewer")
