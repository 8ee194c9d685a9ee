"""Vary every declared quantity of a scenario alone and see what it reaches: the compiled tables, the outcomes.

``python tests/reach.py`` prints the quantities that reach no outcome of the baseline: tests/inert.yaml explains them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from sweeps import PLAIN

import sim
from sim.drivers.ensemble import live_tables
from sim.experiments.variants import Points
from sim.quantity import Quantity
from sim.scenario.action_quantities import LAGS
from sim.scenario.quantities import drawable

WORLDS = (24, 300)
"""How many worlds are tried before a quantity is called inert; most show themselves in the first few."""
INERT = Path(__file__).parent / "inert.yaml"


def quantities(scenario: sim.Scenario) -> dict[str, Quantity]:
    """Every declared quantity that worlds can differ in, by path."""
    return drawable(group.id for group in scenario.groups)


def others(scenario: sim.Scenario, quantity: Quantity) -> list[float]:
    """The farthest values that a quantity can take alone: its ends, as far as its neighbours let it."""
    now = float(scenario.values[quantity.path])
    low, high = quantity.low, quantity.high
    section, _, name = quantity.path.rpartition(".")
    if name in LAGS:  # lags must not fall from shortest to likeliest to longest
        place = LAGS.index(name)
        low = float(scenario.values[f"{section}.{LAGS[place - 1]}"]) if place > 0 else low
        high = float(scenario.values[f"{section}.{LAGS[place + 1]}"]) if place < 2 else high
    ends = [low, high] if now - low > high - now else [high, low]
    return [end for end in ends if end != now]


def alone(scenario: sim.Scenario, changed: list[tuple[str, float]]) -> Points:
    """Points of a sweep, each of which changes one path to one value and leaves all others as they are."""
    columns = list(dict.fromkeys(path for path, _ in changed))
    now = np.array([float(scenario.values[path]) for path in columns])
    table = pd.DataFrame(np.tile(now, (len(changed), 1)), columns=columns)
    for point, (path, value) in enumerate(changed):
        table.iloc[point, columns.index(path)] = value
    return Points(scenario, table)


def fingerprints(points: Points) -> Iterator[bytes]:
    """The bytes of the records that each point compiles to."""
    for _, made in points.records(0, len(points)):
        assert made is not None
        yield b"".join(np.ascontiguousarray(table).tobytes() for table in (made.parameters, made.traits, made.actions))


def moves(scenario: sim.Scenario, paths: list[str], worlds: tuple[int, ...] = WORLDS) -> dict[str, bool]:
    """Whether each path, changed alone, changes some outcome of some world under the same luck."""
    known = quantities(scenario)
    todo = {path: others(scenario, known[path]) for path in paths}
    found = dict.fromkeys(paths, False)
    for count in worlds:
        first = paths[0], float(scenario.values[paths[0]])
        base = next(outcomes(scenario, [first], count))
        left = [(path, value) for path in paths for value in todo[path]]
        for (path, _), lived in zip(left, outcomes(scenario, left, count), strict=True):
            found[path] = found[path] or lived != base
        todo = {path: [] if found[path] else values for path, values in todo.items()}
    return found


def outcomes(scenario: sim.Scenario, changed: list[tuple[str, float]], worlds: int) -> Iterator[bytes]:
    """The bytes of the outcomes of the first worlds under each change alone."""
    points = alone(scenario, changed)
    for _, made in points.records(0, len(points)):
        assert made is not None
        yield live_tables(made, scenario.seed, 0, worlds, "outcomes").outcomes.tobytes()


def reasons() -> dict[str, str]:
    """Why quantities are inert in the baseline, by pattern."""
    return dict(YAML(typ="safe").load(INERT.read_text(encoding="utf-8")))


def reason(path: str, known: dict[str, str]) -> str | None:
    """Why a quantity is inert, or None if nobody says so."""
    return next((why for pattern, why in known.items() if fnmatchcase(path, pattern)), None)


def main() -> None:
    scenario = PLAIN
    known: Any = reasons() if INERT.exists() else {}
    for path, is_moved in moves(scenario, list(quantities(scenario))).items():
        if not is_moved:
            print(f"{path:60} {reason(path, known) or '?'}")


if __name__ == "__main__":
    main()
