"""What an actor is shown on a morning: what is public, what is its own, and what it knows of the groups."""

from typing import Any

import numpy as np
import pytest
from small_world import IRAN, IRAQ, SADR, US, A, B, crisis

from sim.actions import Act
from sim.rules.decide import menu_of
from sim.rules.luck import luck
from sim.rules.see import LONG_AGO, act_of_offer, offer, see
from sim.world.names import Class, Draw, Kind
from sim.world.records import OWN, SEEN

KNOWN = ("in_truce", "blame", "prisoners", "capability", "control", "directive", "directive_strength")


def shown(c: Any, row: int) -> Any:
    """What an actor sees, in a record in which something else stood before."""
    seen = np.recarray(1, SEEN)
    seen.view(np.uint8)[:] = 1
    see(c, row, seen[0])
    return seen[0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (US, [1, 0.75, 3, 0, 0, 0, 0]),
        (IRAQ, [1, 0.75, 3, 0, 0, 0, 0]),
        (IRAN, [1, 0, 0, 0.5, 0.25, -1, 0.5]),
        (SADR, [1, 0, 0, 0, 0, 0, 0]),
        (A, [1, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_who_knows_what_of_a_group(row: int, expected: list[float]) -> None:
    c = crisis()
    group = c.actors[B]
    group.in_truce, group.prisoners, group.capability, group.control = 1, 3, 0.5, 0.25
    group.directive, group.directive_strength, group.blame, c.actors[A].blame = -1, 0.5, 3.0, 1.0
    seen = shown(c, int(row))
    assert [seen.groups[B - A][name] for name in KNOWN] == expected
    assert (seen.n_groups, seen.groups[0].in_truce) == (2, 0)


def test_days_since_what_has_happened_and_what_has_not() -> None:
    c = crisis()
    c.w.day, c.w.attack_day, c.w.strike_day, c.w.waiver_until = 20, 20, 3, 25
    seen = shown(c, int(US))
    assert (seen.days_since_attack, seen.days_since_strike, seen.waiver_left) == (0, 17, 5)
    assert (seen.days_since_missile, seen.days_since_us_death) == (LONG_AGO, LONG_AGO)
    assert (seen.actor, seen.day) == (US, 20)
    assert list(seen.luck) == [luck(c, int(US), draw.value) for draw in (Draw.CLASS, Draw.INSTANCE)]


def test_everybody_knows_its_own_mind() -> None:
    c = crisis()
    for place, name in enumerate(OWN):
        c.actors[US][name] = c.actors[A][name] = place + 2
    for row in (int(US), A):
        seen = shown(c, row)
        assert [seen[name] for name in OWN] == [place + 2 for place in range(len(OWN))]


def test_a_state_has_no_opportunities_of_its_own() -> None:
    c = crisis()
    c.actors["capability"], c.actors["rocket_chance"] = 0.5, 1
    assert [shown(c, row).capability for row in (int(US), A)] == [0, 0.5]
    assert [shown(c, row).rocket_chance for row in (int(US), A)] == [0, 1]


def test_what_is_offered_is_what_is_feasible_in_its_order() -> None:
    c = crisis()
    menu = menu_of(c, Kind.US.value)
    c.w.options["feasible"] = 0
    for act in (Act.US_TALK, Act.US_DEFEND, Act.US_DESIGNATE):
        o = c.w.options[act]
        o.feasible, o.kind, o.target, o.utility = 1, Class.TALK, IRAQ, 0.25 * act
        o.terms[0], o.terms[-1] = 0.125, 0.5
    assert offer(c, menu) == 3
    offers = [c.w.offers[place] for place in range(3)]
    assert [(o.act, o.utility, o.target, o.terms[0], o.terms[-1]) for o in offers] == [
        (act, 0.25 * act, IRAQ, 0.125, 0.5) for act in (Act.US_DEFEND, Act.US_DESIGNATE, Act.US_TALK)
    ]
    assert [act_of_offer(c, menu, place) for place in range(3)] == [o.act for o in offers]
