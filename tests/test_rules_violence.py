"""Opportunities, attacks, force by states and the loss of control."""

from typing import Any

import numpy as np
import pytest
from small_world import IRAN, NOBODY, US, A, B, Stage, crisis, rows

from sim.actions import Act
from sim.rules.attack import (
    assassinate,
    barrage_size,
    bomb_convoy,
    fire_rockets,
    landing,
    rocket_site,
    salvo_size,
    storm,
)
from sim.rules.force import fire_missiles, kill_commander, strike, strike_iran
from sim.rules.opportunity import (
    chance_of_rockets,
    find_opportunities,
    guarded,
    presence,
    remember_attacks,
    within_a_day,
)
from sim.rules.war import lose_control, mean_rung
from sim.world.names import NEVER, Site

UNIT = np.linspace(0, 1, 400, endpoint=False)
HARMLESS = {"combat.us_hit": 0.01, "combat.iraqi_hit": 0.01, "combat.coalition_hit": 0}


def fired(c: Any, barrage: bool = False, facade: int = 0) -> Any:
    act = Act.MI_BARRAGE if barrage else Act.MI_SALVO
    return c.w.events[fire_rockets(c, A, act.value, NOBODY, barrage, facade)]


def test_opportunities_come_at_their_rate() -> None:
    c, came = crisis(), 0
    chance = chance_of_rockets(c, A)
    for world in range(2000):
        c.w.number = world
        find_opportunities(c)
        came += c.actors[A].rocket_chance
    assert came / 2000 == pytest.approx(chance, abs=0.03)
    assert within_a_day(0.5) == pytest.approx(1 - np.exp(-0.5))
    assert within_a_day(0.0) == 0


def test_a_group_without_means_or_heat_has_no_opportunity() -> None:
    c = crisis({"combat.branching": 0})
    c.traits["rocket_rate"], c.traits["ied_rate"] = 1e6, 0.0
    find_opportunities(c)
    assert [c.actors[g].rocket_chance for g in (A, B)] == [1, 1]
    assert [c.actors[g].ied_chance for g in (A, B)] == [0, 0]
    c.actors[A].capability = 0.0
    find_opportunities(c)
    assert [c.actors[g].rocket_chance for g in (A, B)] == [0, 1]


def test_a_salvo_and_a_barrage_on_one_day_have_luck_of_their_own() -> None:
    """Sizes and hits of two attacks of a group on one day do not go together."""
    c, sizes = crisis({"militias.group_0.capability": 1}), []
    for world in range(2000):
        c.w.number, c.w.n_events = world, 0
        sizes.append([fired(c, barrage).rockets for barrage in (False, True)])
    assert abs(np.corrcoef(np.array(sizes).T)[0, 1]) < 0.07


def test_targets_and_guards() -> None:
    c = crisis({"combat.presence_effect": 0.4, "forces.troops": 5000, "forces.troops_reference": 5000})
    assert presence(c) == 1
    c.w.staff, c.w.troops = 0.0, 0.0
    assert presence(c) == pytest.approx(0.6)
    c.p.baghdad_guard_effect, c.w.guard, c.w.authority = 0.5, 1.0, 0.5
    assert guarded(c) == pytest.approx(0.75)
    c.w.day = c.w.guard_until + 1
    assert guarded(c) == 1


def test_an_attack_breeds_its_branching_number_of_opportunities() -> None:
    """The sum of what one attack adds to later rates is the branching ratio."""
    c = crisis({"combat.contagion_days": 10})
    c.actors[A].contagion_rocket, c.actors[A].fired = 0.0, 1
    total = 0.0
    for _ in range(400):
        remember_attacks(c)
        total += c.actors[A].contagion_rocket.item()
    assert total == pytest.approx(1, abs=1e-9)
    assert c.actors[A].fired == 0


def test_sizes_of_salvos_and_barrages() -> None:
    sizes = [salvo_size(u) for u in UNIT]
    assert (min(sizes), max(sizes)) == (1, 11)
    assert sizes == sorted(sizes)
    p = crisis({"combat.barrage_spread": 10}).p
    assert {barrage_size(p, u) for u in UNIT} == set(range(18, 28))


def test_rockets_go_where_there_is_something_to_hit() -> None:
    c = crisis({"combat.embassy_share": 0.4})
    sites = [rocket_site(c, u) for u in UNIT]
    assert sites.count(Site.EMBASSY) / len(sites) == pytest.approx(0.4, abs=0.01)
    assert set(sites) == {Site.EMBASSY, Site.AIRPORT, Site.ASAD, Site.ERBIL}
    c.w.stage = Stage.CLOSED
    assert Site.EMBASSY not in {rocket_site(c, u) for u in UNIT}


def test_interception_protects_what_is_defended() -> None:
    c = crisis({"combat.interception": 0.5, "forces.air_defence": 1})
    assert landing(c, Site.EMBASSY.value) == pytest.approx(0.5 * c.p.combat_landing)
    assert landing(c, Site.ERBIL.value) == c.p.combat_landing
    c.w.air_defence = 0.0
    assert landing(c, Site.EMBASSY.value) == c.p.combat_landing


def test_a_salvo_leaves_its_marks() -> None:
    c = crisis(HARMLESS)
    e = fired(c, facade=1)
    assert (e.actor, e.target, e.day, e.facade) == (A, US, 0, 1)
    assert 0 <= e.landed <= e.rockets <= 11
    assert c.w.attack_day == 0
    assert c.actors[A].fired == 1
    assert c.w.top_rung == e.rung


def test_a_barrage_uses_stock() -> None:
    c = crisis({"combat.barrage_use": 0.2})
    before = c.actors[A].capability.item()
    assert fired(c, barrage=True).rockets >= 18
    assert c.actors[A].capability == pytest.approx(max(0.05, before - 0.2))


def test_deadly_attacks_are_lethal_rungs_and_counted_once() -> None:
    """Over many worlds with deadly numbers: whoever dies is counted, and a death makes the rung at least 8."""
    deadly = {"combat.us_hit": 0.4, "combat.us_deadly": 0.9, "combat.landing": 0.8, "combat.iraqi_hit": 0.5}
    killed = 0
    for world in range(12):
        c = crisis(deadly, world)
        e = fired(c)
        killed += e.us_killed
        assert (c.w.us_killed, c.w.us_hurt, c.w.iraqi_killed) == (e.us_killed, e.us_hurt, e.iraqi_killed)
        assert (e.rung >= 8) == (e.us_killed + e.coalition_killed + e.iraqi_killed > 0)
        assert (c.w.us_death_day == 0) == (e.us_killed > 0)
    assert killed > 0


def test_convoy_bombs_are_no_rocket_attacks() -> None:
    c = crisis({"combat.ied_us_hit": 0})
    e = c.w.events[bomb_convoy(c, A, Act.MI_CONVOY_IED.value, NOBODY, 0)]
    assert (e.site, e.rockets, e.us_killed, e.us_hurt) == (Site.CONVOY, 0, 0, 0)
    assert c.w.attack_day != 0
    assert (c.actors[A].bombed, c.actors[A].fired) == (1, 0)


def test_a_rocket_under_a_truce_breaches_it_and_a_bomb_does_not() -> None:
    c = crisis({"truce.on": 1})
    bomb_convoy(c, A, Act.MI_CONVOY_IED.value, NOBODY, 0)
    assert c.w.breach_day != 0
    fired(c)
    assert c.w.breach_day == 0


def test_storming_spends_the_crowd_and_assassins_cost_authority() -> None:
    c = crisis()
    c.w.crowd = 0.8
    assert c.w.events[storm(c, A, Act.MI_STORM.value, NOBODY)].site == Site.EMBASSY
    assert c.w.crowd == pytest.approx(0.4)
    before = c.w.authority.item()
    e = c.w.events[assassinate(c, A, Act.MI_ASSASSINATE.value, NOBODY)]
    assert (e.iraqi_killed, c.w.iraqi_killed) == (1, 1)
    assert c.w.authority < before


def test_a_strike_wears_down_its_target_and_angers_all() -> None:
    c = crisis({"strikes.capability_loss": 0.1, "proxies.member_killed": 0.2})
    c.actors[US].violations, c.actors[US].unanswered = 3.0, 1.0
    c.actors[B].blame = 1.0
    means, anger = c.actors["capability"].copy(), c.actors["grievance"].copy()
    e = c.w.events[strike(c, Act.US_STRIKE_LIMITED.value, A, NOBODY)]
    assert e.militia_killed >= 3
    assert c.actors[A].capability == pytest.approx(max(0.05, means[A] - 0.1))
    assert c.actors[B].capability == means[B]
    assert c.actors[A].grievance > c.actors[B].grievance > anger[B]
    assert (c.w.strike_day, c.w.called_day) == (0, 0)
    assert (c.actors[US].violations, c.actors[US].unanswered) == (0, 0)
    assert c.actors[B].blame < 1


def test_a_campaign_is_worse_than_a_strike() -> None:
    one, other = crisis(), crisis()
    limited = one.w.events[strike(one, Act.US_STRIKE_LIMITED.value, A, NOBODY)]
    campaign = other.w.events[strike(other, Act.US_STRIKE_CAMPAIGN.value, A, NOBODY)]
    assert campaign.militia_killed > limited.militia_killed
    assert other.actors[A].capability < one.actors[A].capability
    assert (other.w.us_ten_day == 0, one.w.us_ten_day == 0) == (True, False)


@pytest.mark.parametrize("present", [0.0, 1.0])
def test_a_commanders_death_touches_tehran_when_one_of_its_officers_is_there(present: float) -> None:
    c = crisis({"strikes.iranian_present": present})
    e = c.w.events[kill_commander(c, Act.US_KILL_COMMANDER.value, A, NOBODY)]
    assert (e.iranian_killed, c.w.iran_hit_day == 0) == (int(present), bool(present))
    assert (e.rung == 11) == bool(present)
    assert c.actors[A].control < c.traits[A].iran_control


def test_missiles_avenge() -> None:
    c = crisis({"strikes.missile_hurt": 100, "strikes.missile_deadly": 0})
    strike_iran(c, Act.US_STRIKE_IRAN.value, NOBODY)
    assert (c.w.iran_hit_day, c.w.us_ten_day) == (0, 0)
    angry = c.actors[IRAN].grievance.item()
    e = c.w.events[fire_missiles(c, Act.IR_MISSILES.value, NOBODY)]
    assert e.us_hurt > 0
    assert e.us_killed == 0
    assert 12 <= e.rockets <= 21
    assert c.actors[IRAN].grievance < angry
    assert (c.w.missile_day, c.w.attack_day, c.w.iran_ten_day) == (0, 0, 0)
    assert c.w.iran_hit_day < -30


def test_missiles_hurt_fewer_when_fewer_are_there() -> None:
    hurt = []
    for troops in (10_000, 1000):
        c = crisis({"forces.troops": troops})
        hurt.append(c.w.events[fire_missiles(c, Act.IR_MISSILES.value, NOBODY)].us_hurt)
    assert hurt[0] > hurt[1]


def at_blows(us: int, iran: int) -> Any:
    """Day 10, with the last acts on rung 10 or above of both sides."""
    c = crisis({"war.psi": 0.15})
    c.w.day = 10
    fire_missiles(c, Act.IR_MISSILES.value, NOBODY)
    c.w.us_ten_day, c.w.iran_ten_day = us, iran
    return c


def loses_control(c: Any, world: int) -> bool:
    """Whether war breaks out in a world, and is then on the trace and on the top rung."""
    c.w.number, c.w.war_day, c.w.n_events, c.w.top_rung = world, NEVER, 1, 11
    lose_control(c)
    lost = bool(c.w.war_day == 10)
    assert c.w.n_events == (2 if lost else 1)
    assert c.w.top_rung == (12 if lost else 11)
    return lost


def test_war_needs_both_sides_on_rung_ten() -> None:
    for us, iran in ((10, 4), (4, 10)):
        c = at_blows(us, iran)
        assert not any(loses_control(c, world) for world in range(200))
    c = at_blows(10, 5)
    rung = rows(c)[0].rung
    share = sum(loses_control(c, world) for world in range(4000)) / 4000
    assert share == pytest.approx(0.15 * (rung / 12) ** 2, abs=0.02)


def test_rung_ten_brings_war_less_often_than_rung_eleven() -> None:
    """By the square of the mean rung."""
    c = at_blows(10, 10)
    c.p.war_psi = 0.9
    shares = []
    for rung in (11, 10):
        c.w.events[0].rung = rung
        shares.append(sum(loses_control(c, world) for world in range(4000)) / 4000)
    assert shares == pytest.approx([0.9 * (11 / 12) ** 2, 0.9 * (10 / 12) ** 2], abs=0.03)


def test_war_breaks_out_once() -> None:
    c = at_blows(10, 10)
    c.p.war_psi = 1e3
    lose_control(c)
    lose_control(c)
    assert (c.w.war_day, c.w.n_events) == (10, 2)


def test_the_mean_rung_counts_the_grave_and_recent() -> None:
    c = crisis()
    for day, rung in ((0, 12), (5, 10), (6, 11), (6, 8)):
        c.w.events[c.w.n_events].day, c.w.events[c.w.n_events].rung = day, rung
        c.w.n_events += 1
    c.w.day = 8
    assert mean_rung(c) == 10.5
    c.w.day = 30
    assert mean_rung(c) == 0
