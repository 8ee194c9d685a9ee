"""Scripted events: each has luck of its own, does all that a chosen act does, and nothing that is said is dropped."""

from typing import Any

import numpy as np
import pytest
from small_world import A, B, crisis, many_days, model, rows
from test_rules_by_hand import CALM

import sim
from sim.actions import Act
from sim.errors import InputError
from sim.rules.calendar import keep_calendar
from sim.rules.feasible import feasible
from sim.rules.iraq import arrest, parliament_meets
from sim.rules.luck import luck
from sim.rules.perceive import comes_to_light, perceive
from sim.rules.record import luck_of, note, twin
from sim.rules.truce import declare, readiness
from sim.rules.war import lose_control
from sim.world.names import NOBODY, Draw, Reply, Who

US, IRAN = int(Who.US), int(Who.IRAN)


def scripted(*events: dict[str, Any], world: int = 0, **changes: Any) -> Any:
    """The morning of day 0 with some events of that day, after the calendar has been kept."""
    c = crisis({"events": [{"day": 0, **event} for event in events], **changes}, world)
    keep_calendar(c)
    return c


SALVO = {"act": "mi.salvo", "by": "group_0"}


def test_twins_are_told_apart_and_the_chosen_from_the_scripted() -> None:
    c = scripted(SALVO, {"act": "mi.salvo", "by": "group_1"}, SALVO, {"act": "mi.barrage", "by": "group_0"})
    note(c, Act.MI_SALVO.value, A, US, NOBODY)
    note(c, Act.MI_SALVO.value, A, US, NOBODY)
    assert [twin(c, k) for k in range(c.w.n_events)] == [1, 1, 3, 1, 0, 2]
    c.w.day = 1
    assert twin(c, note(c, Act.MI_SALVO.value, A, US, NOBODY)) == 0
    assert len({luck_of(c, k, Draw.SALVO.value) for k in range(6)}) == 6


@many_days
def test_two_scripted_attacks_on_one_day_are_two() -> None:
    """As many rockets only by chance, and an American dies as often as by two attacks on two days."""
    barrage = {"act": "mi.barrage", "by": "badr"}

    def share(*days: int) -> tuple[float, float]:
        scenario = sim.load("baghdad-2020", ["horizon=4"]).with_({"events": [{"day": day, **barrage} for day in days]})
        events = sim.run(scenario, worlds=1500, depth="trace").events
        events = events[events.scripted & (events.act.astype(str) == "mi.barrage")]
        by_world = events.groupby("world")
        return float((by_world.us_killed.sum() > 0).mean()), float(by_world.rockets.nunique().eq(1).mean())

    (together, alike), (apart, _) = share(2, 2), share(2, 3)
    assert alike < 0.15
    assert abs(together - apart) < 0.06


@many_days
@pytest.mark.parametrize("by", ["sadr", "us"])
def test_an_event_that_does_nothing_changes_no_other_bit(by: str) -> None:
    scenario = sim.load("baghdad-2020")
    held = {"day": 0, "act": f"{by[:2]}.hold", "by": by}
    usual, other = (
        sim.run(each, worlds=150, depth="trace") for each in (scenario, scenario.with_({"events+": [held]}))
    )
    drop = ["world", "events"]
    assert other.outcomes.drop(columns=drop).equals(usual.outcomes.drop(columns=drop))
    columns = [name for name in usual.events.columns if name not in ("event", "cause")]
    added = other.events[(other.events.act.astype(str) != held["act"])][columns].reset_index(drop=True)
    assert added.equals(usual.events[columns].reset_index(drop=True))


def test_evidence_is_drawn_by_the_event_and_not_by_its_place() -> None:
    c = crisis({"perception.evidence_hazard": 0.5})
    first = note(c, Act.MI_SALVO.value, A, US, NOBODY)
    c.w.day = 1
    alone = [comes_to_light(c, first) for c.w.number in range(50)]
    c.w.day = 0
    c.w.n_events = 0
    note(c, Act.SA_HOLD.value, 3, NOBODY, NOBODY)
    moved = note(c, Act.MI_SALVO.value, A, US, NOBODY)
    twin_row = note(c, Act.MI_SALVO.value, A, US, NOBODY)
    c.w.day = 1
    assert [comes_to_light(c, moved) for c.w.number in range(50)] == alone
    assert [comes_to_light(c, twin_row) for c.w.number in range(50)] != alone


def test_a_scripted_act_commits_cools_down_and_waits_for_replies() -> None:
    c = scripted({"act": "us.public_red_line", "by": "us"}, {"act": "us.letter_of_warning", "by": "us"})
    us = c.actors[US]
    assert us.commitment == pytest.approx(0.5)
    assert c.w.red_line_day == c.w.warned_day == 0
    assert not feasible(c, US, Act.US_PUBLIC_RED_LINE.value)
    assert feasible(crisis(), US, Act.US_PUBLIC_RED_LINE.value)
    assert (us.last_act_day, us.last_reply_class) == (0, Reply.VERBAL)
    c.w.day = 1
    e = c.w.events[note(c, Act.IR_NUCLEAR_STEP.value, IRAN, US, NOBODY)]
    perceive(c, US)
    assert us.replies[0, Reply.VERBAL, c.acts[e.act].reply] > 0


def test_an_event_before_a_scripted_act_is_no_reply_to_it() -> None:
    c = crisis({"events": [{"day": 1, "act": "us.designate", "by": "us"}]})
    note(c, Act.IR_NUCLEAR_STEP.value, IRAN, US, NOBODY)
    c.w.day = 1
    keep_calendar(c)
    perceive(c, US)
    assert c.actors[US].replies.sum() == 0


def test_holding_orders_and_joint_acts_are_taken_up_by_nobody() -> None:
    c = scripted(
        {"act": "us.hold", "by": "us"},
        {"act": "ir.press", "by": "iran", "at": "group_0"},
        {"act": "mi.truce", "by": "group_0"},
    )
    assert (c.actors["last_act_day"] < 0).all()
    assert c.actors[A].directive == 1
    assert c.w.truce == 1


@pytest.mark.parametrize("told", [0, 3])
def test_iranians_killed_are_those_the_script_tells(told: int) -> None:
    """None, and Tehran has nothing to avenge; some, and it has, once, whatever the act."""
    for act in ("us.kill_commander", "us.strike_limited"):
        event = {"act": act, "by": "us", "at": "group_0", "iranian_killed": told}
        c = scripted(event, **{"strikes.iranian_present": 1, "iran.grievance": 0.2, "strikes.iran_grievance": 0.5})
        assert rows(c)[0].iranian_killed == c.w.iranian_killed == told
        assert c.actors[IRAN].grievance == pytest.approx(0.7 if told else 0.2)
        assert (rows(c)[0].rung == 11) == (told > 0)
        assert (c.w.iran_hit_day == 0) == (told > 0)


def test_an_assassination_that_kills_nobody_costs_no_authority() -> None:
    costs = [
        crisis().w.authority - scripted({"act": "mi.assassinate", "by": "group_0", "iraqi_killed": dead}).w.authority
        for dead in (0, 1)
    ]
    assert costs == pytest.approx([0, 0.04])


def test_rockets_that_are_told_are_those_that_may_hit() -> None:
    landed = [scripted({**SALVO, "rockets": 150}, world=world) for world in range(20)]
    assert {rows(c)[0].rockets for c in landed} == {150}
    assert np.mean([rows(c)[0].landed for c in landed]) > 15


def test_a_scripted_attack_may_be_done_under_another_name() -> None:
    found = {deniability: set() for deniability in (0, 0.5, 1)}
    for deniability, seen in found.items():
        for world in range(20):
            c = scripted(SALVO, SALVO, world=world, **{"militias.group_0.deniability": deniability})
            seen |= {int(e.facade) for e in rows(c)}
    assert found == {0: {0}, 0.5: {0, 1}, 1: {1}}


def test_actors_who_follow_the_script_do_nothing_unasked() -> None:
    """No parade, release, vote, truce or war that the script does not say."""
    c = crisis({"policies": CALM, "baghdad.armed_reply": 1, "baghdad.climb_down": 1, "baghdad.arrest_base": 2})
    for c.w.number in range(20):
        arrest(c, A, NOBODY)
    assert c.actors[A].prisoners > 0
    assert c.w.n_pending == 0
    c.w.n_events, c.w.called_day, c.p.parliament_session, c.w.street = 0, 0, 100.0, 1.0
    parliament_meets(c)
    c.w.us_ten_day, c.w.iran_ten_day, c.p.war_psi = 0, 0, 1e9
    lose_control(c)
    declare(c)
    assert readiness(c, B) == 0
    assert (c.w.n_events, c.w.truce) == (0, 0)


@many_days
def test_with_every_actor_scripted_only_the_script_comes() -> None:
    events = [
        {"day": 3, "act": "iq.arrest", "by": "iraq", "at": "kataib_hezbollah"},
        {"day": 5, "act": "us.strike_campaign", "by": "us", "at": "badr"},
        {"day": 6, "act": "ir.missiles", "by": "iran", "at": "us"},
    ]
    scenario = sim.load("baghdad-2020").with_({"policies": CALM, "events": events, "calendar.troop_steps": []})
    seen = sim.run(scenario, worlds=300, depth="trace").events
    assert seen.scripted.all()
    assert set(seen.act.astype(str)) == {event["act"] for event in events}


def test_a_full_agenda_is_said_to_be_one() -> None:
    c = model()
    c.crisis.w.n_pending = len(c.crisis.w.pending)
    for row in range(len(c.crisis.w.pending)):
        c.crisis.w.pending[row].due = 1000
    c.crisis.w.overflow = 2
    with pytest.raises(InputError, match=r"more acts under way at once than an agenda holds \(96\) by day 1"):
        c.step()


def test_luck_of_an_act_is_no_others() -> None:
    c = crisis()
    keys = [luck(c, A, Draw.LAG.value, row.key, again) for row in c.acts for again in range(3)]
    assert len(set(keys)) == len(keys)
