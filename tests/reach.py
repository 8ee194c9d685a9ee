"""Vary every declared quantity of a scenario alone and see what it reaches: the compiled tables, the outcomes.

``python tests/reach.py`` prints the quantities that reach no outcome of the baseline: tests/inert.yaml explains them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

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


def inert(scenario: sim.Scenario, paths: list[str], worlds: tuple[int, ...] = WORLDS) -> list[str]:
    """The paths that, changed alone to either end, change no outcome of any world under the same luck."""
    known = quantities(scenario)
    left = {path: others(scenario, known[path]) for path in paths}
    left = {path: ends for path, ends in left.items() if ends}
    for count in worlds:
        base = next(outcomes(scenario, [(paths[0], float(scenario.values[paths[0]]))], count))
        for end in range(2):
            changed = [(path, ends[end]) for path, ends in left.items() if end < len(ends)]
            for (path, _), lived in zip(changed, outcomes(scenario, changed, count), strict=True):
                if lived != base:
                    del left[path]
    return list(left)


def outcomes(scenario: sim.Scenario, changed: list[tuple[str, float]], worlds: int) -> Iterator[bytes]:
    """The bytes of the outcomes of the first worlds under each change alone."""
    points = alone(scenario, changed)
    for _, made in points.records(0, len(points)):
        assert made is not None
        yield live_tables(made, scenario, 0, worlds, "outcomes").outcomes.tobytes()


def reasons() -> dict[str, str]:
    """Why quantities are inert in the baseline, by pattern."""
    return dict(YAML(typ="safe").load(INERT.read_text(encoding="utf-8")))


def reason(path: str, known: dict[str, str]) -> str | None:
    """Why a quantity is inert, or None if nobody says so."""
    return next((why for pattern, why in known.items() if fnmatchcase(path, pattern)), None)


def main() -> None:
    known = reasons() if INERT.exists() else {}
    for path in inert(PLAIN, list(quantities(PLAIN))):
        print(f"{path:60} {reason(path, known) or '?'}", flush=True)


if __name__ == "__main__":
    main()
