"""Every shipped scenario differs from the baseline in the direction its story says, under the same luck."""

from __future__ import annotations

import pytest
from pairs import lived, rises

from sim.scenario import load, shipped

DIRECTIONS = [
    # scenario, outcome, +1 when the story says more than in the baseline and -1 when it says less
    ("closure-now", "closing_decided", +1),
    ("closure-now", "closed", +1),
    ("no-threat", "rockets", +1),
    ("no-threat", "closing_decided", -1),
    ("strikes-first", "us_strikes", +1),
    ("strikes-first", "rockets", -1),
    ("economic-coercion", "aid_withheld", +1),
    ("economic-coercion", "stress_end", +1),
    ("economic-coercion", "authority_end", -1),
    ("aid-cut", "authority_end", -1),
    ("aid-cut", "authority_lost", +1),
    ("sadr-silent", "rockets", +1),
    ("iran-restrains", "rockets", -1),
    ("iran-restrains", "us_struck", -1),
    ("iran-unleashes", "rockets", +1),
    ("iran-unleashes", "us_struck", +1),
    ("iran-unleashes", "truce_day", -1),
    ("us-death-in-october", "us_struck", +1),
    ("us-death-in-october", "top_rung", +1),
    ("january-2020", "missiles_fired", +1),
    ("january-2020", "battle_zone", +1),
    ("january-2020", "authority_end", -1),
]


@pytest.mark.parametrize(("name", "outcome", "sign"), DIRECTIONS)
def test_a_scenario_goes_where_its_story_says(name: str, outcome: str, sign: int) -> None:
    base, varied = lived(load("baghdad-2020")).outcomes[outcome], lived(load(name)).outcomes[outcome]
    assert rises(base, varied) if sign > 0 else rises(varied, base)


def test_every_shipped_variant_has_a_direction() -> None:
    told = {name for name, _, _ in DIRECTIONS}
    assert set(shipped()) - told == {"baghdad-2020", "template", "autumn-2019"}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_has_story_and_sources(name: str) -> None:
    scenario = load(name)
    assert len(scenario.title) > 10
    assert len(scenario.story) > 60
    assert scenario.sources
