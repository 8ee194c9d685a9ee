"""No declared number is dead: each, moved from its low to its high end, changes what somewhere is lived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from everything import everything
from reach import alone, others, quantities

import sim
from sim.drivers.ensemble import live_tables

WORLDS = (6, 60, 600)
"""How many worlds are tried before a number is called dead; most show themselves in the first few."""


def lives(scenario: sim.Scenario, changed: list[tuple[str, float]], worlds: int) -> Iterator[bytes]:
    """Everything that is lived in the first worlds under each change alone."""
    points = alone(scenario, changed)
    for _, made in points.records(0, len(points)):
        assert made is not None
        life = live_tables(made, scenario, 0, worlds, "trace")
        yield life.events.tobytes() + life.series.tobytes() + life.outcomes.tobytes()


def unmoved(scenario: sim.Scenario, paths: list[str], worlds: int) -> list[str]:
    """The paths of a scenario whose two ends are lived alike."""
    known = quantities(scenario)
    here = [path for path in paths if path in known]
    ends = {path: others(scenario, known[path]) for path in here}
    now = {path: float(scenario.values[path]) for path in here}
    moving = [path for path in here if ends[path]]
    first = lives(scenario, [(path, ends[path][0]) for path in moving], worlds)
    other = lives(scenario, [(path, (*ends[path], now[path])[1]) for path in moving], worlds)
    same = {path for path, one, two in zip(moving, first, other, strict=True) if one == two}
    return [path for path in paths if path not in moving or path in same]


def dead(worlds: tuple[int, ...] = WORLDS) -> list[str]:
    """What moves nothing in any of the scenarios in which everything happens."""
    scenarios = everything()
    left = list(dict.fromkeys(path for each in scenarios.values() for path in quantities(each)))
    for count in worlds:
        for scenario in scenarios.values():
            left = unmoved(scenario, left, count)
    return left


@pytest.mark.slow
def test_every_declared_number_changes_something() -> None:
    assert dead() == [], "these change nothing anywhere: make them work, or declare them no longer"


def test_ends_are_compared_in_the_same_luck() -> None:
    """A number that somebody reads is found to move, and one that nobody reads is not."""
    scenario = everything()["the baseline"].with_({"horizon": 20})
    assert unmoved(scenario, ["us.rationality", "politics.forgiveness"], 6) == ["politics.forgiveness"]


if __name__ == "__main__":
    print(*dead(), sep="\n")
