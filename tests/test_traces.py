"""Rules change on purpose only: one world of every shipped scenario is lived as before, to the last field of a day."""

import json

import pytest
from traces import FILE, WORLD, digests
from twins import live

from sim.scenario import shipped

KEPT = json.loads(FILE.read_text(encoding="ascii"))


def test_every_shipped_scenario_is_kept() -> None:
    assert sorted(KEPT) == sorted(shipped())


@pytest.mark.parametrize("name", KEPT)
def test_a_world_is_lived_as_before(name: str) -> None:
    before, now = KEPT[name].split(), digests(live(name, WORLD)).split()
    changed = [day for day, (one, other) in enumerate(zip(before, now, strict=True)) if one != other]
    assert not changed, (
        f"{name}, world {WORLD}: other from day {changed[0]}; if a rule was meant to change: make traces"
    )
