"""The embassy clock, the forces, the truce, Baghdad and its money."""

from typing import Any

import numpy as np
import pytest
from small_world import IRAQ, NOBODY, US, A, B, Stage, crisis, model, rows

from sim.actions import Act
from sim.rules.economy import extend_waiver, fiscal_emergency, move_stress, withhold_aid
from sim.rules.embassy import complete, decide_closure, pause, reverse, run_clock, warn, withdraw_partly
from sim.rules.forces import cut_troops, move_troops, strengthen_defence
from sim.rules.iraq import arrest, expulsion_step, guard, march, move_authority, move_street, own_goal, plead, release
from sim.rules.perceive import perceive, strike_for_attack
from sim.rules.record import note
from sim.rules.truce import (
    consider_truce,
    end,
    leave,
    readiness,
    recent_breach,
    share_in_truce,
    truce_is_weighed,
    truce_term,
    truce_weight,
    worth,
)
from sim.world.names import NEVER, Aim


def days(c: Any, count: int) -> list[float]:
    """Run the clock for some days; staff at every midnight."""
    staff = []
    for _ in range(count):
        run_clock(c)
        staff.append(c.w.staff.item())
        c.w.day += 1
    return staff


def test_the_clock_runs_its_days_and_staff_leave_in_three_tranches() -> None:
    c = crisis({"embassy.closure_days": 30, "embassy.last_staff": 0.05})
    decide_closure(c)
    assert (c.w.stage, c.w.decided_day, c.w.review_day) == (Stage.DECIDED, 0, 7)
    staff = days(c, 29)
    assert c.w.stage == Stage.DRAWDOWN
    assert staff == sorted(staff, reverse=True)
    assert [round(each, 3) for each in (staff[8], staff[9], staff[19])] == [1.0, 0.667, 0.333]
    assert c.w.clock == 1
    assert days(c, 1) == [pytest.approx(0.05)]
    assert c.w.clock == 0
    assert c.w.free_hand == pytest.approx(0.95)


def test_a_paused_clock_stands_and_runs_on() -> None:
    c = crisis({"embassy.closure_days": 30})
    decide_closure(c)
    days(c, 5)
    pause(c)
    days(c, 10)
    assert c.w.clock == 25
    decide_closure(c)
    assert c.w.paused == 0
    days(c, 1)
    assert c.w.clock == 24
    assert c.w.decided_day == 0


def test_a_reversal_brings_staff_back_and_costs_what_was_promised() -> None:
    c = crisis({"embassy.closure_days": 10, "embassy.return_pace": 0.1})
    warn(c)
    c.actors[US].commitment = 0.5
    decide_closure(c)
    gone = days(c, 8)[-1]
    reverse(c)
    assert (c.w.stage, c.w.paused) == (Stage.REVERSED, 0)
    assert c.w.warned_day == NEVER  # whoever wants to close after all, warns anew
    assert c.actors[US].commitment == 0
    back = days(c, 12)
    assert back[0] == pytest.approx(gone + 0.1)
    assert back[-1] == 1


def test_a_closed_embassy_is_empty_and_frees_the_hand() -> None:
    c = crisis()
    before = c.w.authority.item(), c.w.stress.item()
    complete(c)
    run_clock(c)
    assert (c.w.staff, c.w.free_hand, c.w.closed_day) == (0, 1, 0)
    assert c.w.authority < before[0]
    assert c.w.stress > before[1]


@pytest.mark.parametrize("warned", [-8, 3, None])
def test_a_partial_withdrawal_ends_where_it_began(warned: int | None) -> None:
    """A warning from before day 0 stands like any other."""
    c = crisis({"embassy.partial_days": 10, "embassy.partial_staff": 0.5})
    if warned is not None:
        warn(c)
        c.w.warned_day = warned
    withdraw_partly(c)
    assert (c.w.stage, c.w.staff) == (Stage.PARTIAL, 0.5)
    days(c, 10)
    assert c.w.stage == Stage.PARTIAL
    days(c, 1)
    assert c.w.stage == (Stage.OPEN if warned is None else Stage.WARNED)


def test_a_partial_withdrawal_brings_nobody_back() -> None:
    c = crisis({"embassy.partial_staff": 0.95})
    c.w.staff = 0.4
    withdraw_partly(c)
    assert c.w.staff == 0.4


def scripted(acts: dict[int, str], **changes: Any) -> Any:
    """A model in which nobody chooses anything and these acts happen, each on its day."""
    calm = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")
    events = [
        {"day": day, "act": act, "by": "group_0" if act.startswith("mi.") else act[:2]} for day, act in acts.items()
    ]
    for event in events:
        event["by"] = {"ir": "iran", "iq": "iraq", "sa": "sadr", "co": "coalition"}.get(event["by"], event["by"])
    return model({"policies": calm, "events": events, **changes})


@pytest.mark.parametrize(
    "act",
    ["us.letter_of_warning", "us.partial_drawdown", "us.pause_closure", "us.reverse_closure", "us.decide_closure"],
)
def test_a_closed_embassy_stays_closed(act: str) -> None:
    lived = scripted({1: "us.complete_closure", 3: act}).run(10)
    assert lived.crisis.w.stage == Stage.CLOSED
    assert lived.crisis.w.staff == 0


def test_a_letter_does_not_stop_a_clock_that_runs() -> None:
    lived = scripted({1: "us.decide_closure", 3: "us.letter_of_warning"}).run(10)
    assert lived.crisis.w.stage == Stage.DRAWDOWN


@pytest.mark.parametrize("act", ["us.pause_closure", "us.reverse_closure"])
def test_what_is_not_under_way_cannot_be_stopped(act: str) -> None:
    lived = scripted({1: act, 3: "us.decide_closure"}).run(10)
    assert (lived.crisis.w.stage, lived.crisis.w.paused) == (Stage.DRAWDOWN, 0)
    assert lived.crisis.w.decided_day == 3


def test_troops_leave_at_their_pace_and_take_guards_with_them() -> None:
    c = crisis({"forces.troops": 5000, "forces.pace": 300, "forces.floor": 2500})
    before = c.w.guard.item(), c.w.authority.item()
    move_troops(c)
    assert c.w.troops == 5000
    cut_troops(c)
    move_troops(c)
    move_troops(c)
    move_troops(c)
    assert c.w.troops == 4500
    assert c.w.guard < before[0]
    assert c.w.authority < before[1]
    for _ in range(9):
        cut_troops(c)
    assert c.w.troop_goal == 2500
    c.w.air_defence = 0.9
    strengthen_defence(c)
    assert c.w.air_defence == 1


def weighed_on(c: Any, day: int) -> bool:
    """Whether a truce is weighed on a day."""
    c.w.day = day
    return bool(truce_is_weighed(c))


def test_a_truce_is_declared_when_those_ready_pass_the_threshold() -> None:
    c = crisis({"truce.threshold": 0.6, "truce.pause": 0, "militias.group_0.inertia": 0.8})
    for inertia, ready in ((9.0, False), (-9.0, True)):
        for row in (A, B):
            c.traits[row].inertia = inertia
        weighed = 0
        for c.w.day in range(50, 71):
            c.w.truce = 0
            consider_truce(c)
            assert c.w.truce == (ready and truce_is_weighed(c))
            weighed += truce_is_weighed(c)
            assert not c.w.truce or c.w.truce_day == c.w.day
        assert 0 < weighed < 10
    first = next(day for day in range(80, 120) if weighed_on(c, day))
    c.w.day, c.w.truce, c.w.n_events = first, 0, 0
    consider_truce(c)
    assert [c.actors[row].in_truce for row in (A, B)] == [1, 1]
    assert len(rows(c, Act.MI_TRUCE)) == 2


def test_a_truce_that_is_agreed_on_is_declared_after_its_lag() -> None:
    c = crisis({"truce.threshold": 0.2, "truce.pause": 0, "actions.mi.truce.lag": [3, 3, 3]})
    for row in (A, B):
        c.traits[row].inertia = -9.0
    agreed = next(day for day in range(20) if weighed_on(c, day))
    declared = []
    for c.w.day in range(agreed, agreed + 4):
        consider_truce(c)
        declared.append(int(c.w.truce))
    assert declared == [0, 0, 0, 1]
    assert c.w.truce_day == agreed + 3


def test_a_truce_is_weighed_about_once_a_week_on_no_fixed_day() -> None:
    c = crisis()
    days = []
    for day in range(7000):
        c.w.day = day
        if truce_is_weighed(c):
            days.append(day)
    assert 900 < len(days) < 1100
    assert {day % 7 for day in days} == set(range(7))


def test_a_truce_that_nobody_joins_is_none() -> None:
    """Whatever the luck, a truce that is declared has members and stands in the trace."""
    c = crisis({"truce.threshold": 0.2, "truce.pause": 0, "truce.least_share": 0}, groups=1)
    c.traits[A].rationality, c.w.day = 0.0, 5  # everybody tosses a coin
    for world in range(40):
        c.w.number, c.w.truce, c.w.n_events, c.actors[A].in_truce = world, 0, 0, 0
        consider_truce(c)
        assert c.w.truce == c.actors[A].in_truce == c.w.n_events


def test_worth_of_a_truce_rises_with_fear_plea_and_talks_and_falls_with_orders_to_press() -> None:
    c = crisis({"baghdad.plea_days": -1})
    usual = worth(c, A)
    c.w.plea_until = 10
    assert worth(c, A) > usual
    c.w.plea_until, c.w.talks_until = -1, 10
    assert worth(c, A) > usual
    c.w.talks_until = -1
    c.actors[A].directive = 1
    assert worth(c, A) < usual
    assert 0 < readiness(c, A) < 1


def test_groups_leave_one_by_one_until_too_little_is_left() -> None:
    c = crisis({"truce.on": 1, "truce.least_share": 0.4}, groups=3)
    assert share_in_truce(c) == pytest.approx(1)
    leave(c, A)
    assert (c.w.truce, c.actors[B].in_truce) == (1, 1)
    assert share_in_truce(c) == pytest.approx(2 / 3)
    leave(c, B)
    assert c.w.truce == 0
    assert not c.actors["in_truce"].any()
    assert c.w.truce_ended_day == 0


def test_leaving_a_truce_that_is_off_ends_nothing() -> None:
    lived = scripted({3: "mi.end_truce"}).run(5)
    assert lived.crisis.w.truce_ended_day == NEVER


def test_an_attack_under_a_truce_has_its_price_less_after_a_breach() -> None:
    c = crisis({"truce.on": 1, "truce.price": 0.4, "truce.fray": 0.5, "proxies.ied_share": 0.25})
    assert truce_term(c, A, Act.MI_SALVO.value) == pytest.approx(-0.4)
    assert truce_term(c, A, Act.MI_CONVOY_IED.value) == pytest.approx(-0.1)
    assert truce_term(c, A, Act.MI_ABIDE.value) == 0
    assert truce_term(c, int(US), Act.US_HOLD.value) == 0
    c.w.breach_day = 0
    assert recent_breach(c) == 1
    assert truce_term(c, A, Act.MI_SALVO.value) == pytest.approx(-0.2)
    end(c)
    assert truce_term(c, A, Act.MI_SALVO.value) == 0


def fear(c: Any, times: float) -> None:
    """Let the first group expect a strike for an attack, as many times as likely as usual."""
    c.actors[A].us_resolve, c.w.free_hand = 0.5 * min(times, 1.0), max(times - 1.0, 0.0)


def test_leaving_a_truce_forfeits_what_it_is_then_worth() -> None:
    c = crisis({"truce.on": 1, "baghdad.plea_days": -1, "militias.group_0.closure_reading": 1})
    end_it = Act.MI_END_TRUCE.value
    assert truce_term(c, A, end_it) == -worth(c, A)
    calm = worth(c, A)
    fear(c, 2.0)
    assert worth(c, A) > calm
    assert truce_term(c, A, end_it) == -worth(c, A)


def test_a_group_that_was_struck_is_bound_less() -> None:
    c = crisis({"truce.on": 1, "truce.price": 0.4})
    c.actors[A].violations = 3.0
    assert truce_term(c, A, Act.MI_SALVO.value) == pytest.approx(-0.1)
    assert truce_term(c, B, Act.MI_SALVO.value) == pytest.approx(-0.4)


def test_a_truce_averts_nothing_where_no_strike_is_feared_more_than_usual() -> None:
    """Twice the usual fear is worth the weights of safety and calm times the effects of a truce, once."""
    group = {"weight_safe": 0.5, "weight_calm": 0.2, "closure_reading": 1}
    c = crisis({f"militias.group_0.{name}": value for name, value in group.items()} | {"signals.deniability": 0})
    effects = c.acts[Act.MI_TRUCE.value].effects
    found = []
    for times in (0.0, 1.0, 2.0, 4.0, 9.0):
        fear(c, times)
        found.append(worth(c, A))
    averted = 0.5 * effects[Aim.SAFE] + 0.2 * effects[Aim.CALM]
    assert np.subtract(found, found[0]) == pytest.approx([0, 0, averted, 3 * averted, 3 * averted])


def test_a_plea_counts_on_its_last_day() -> None:
    c = crisis()
    c.w.plea_until, c.w.talks_until, c.w.day = 3, -1, 3
    pleaded = worth(c, A)
    c.w.day = 4
    assert worth(c, A) < pleaded


def test_a_truce_does_not_avert_the_answer_to_what_was_done() -> None:
    c = crisis()
    before = worth(c, A)
    c.actors[US].violations = 3.0
    perceive(c, A)
    assert c.actors[A].fear > strike_for_attack(c, A)
    assert worth(c, A) == before


def test_only_groups_that_could_join_weigh_in_a_truce() -> None:
    c = crisis({"militias.group_0.joins_truce": 0})
    assert truce_weight(c, A) == 0
    assert truce_weight(c, B) > 0


def test_an_arrest_that_is_kept_adds_authority_and_is_answered() -> None:
    c = crisis({"baghdad.arrest_base": 2, "baghdad.cts": 3, "baghdad.armed_reply": 1, "baghdad.climb_down": 1})
    c.w.authority = 1.0
    arrest(c, A, NOBODY)
    assert (c.actors[A].prisoners, c.w.arrest_day) == (1, 0)
    assert c.w.authority > 1
    promised = [c.w.pending[k] for k in range(c.w.n_pending)]
    parade = promised[0]
    assert (parade.act, parade.actor, parade.target) == (Act.MI_PARADE, A, IRAQ)
    assert 0 <= parade.due <= 3
    for q in promised[1:]:
        assert (q.act, q.actor, q.target) == (Act.IQ_RELEASE, IRAQ, A)
    release(c, A, NOBODY)
    assert c.actors[A].prisoners == 0


def test_an_arrest_that_fails_costs_authority() -> None:
    c = crisis({"baghdad.arrest_base": -3, "baghdad.cts": 0, "baghdad.release_cost": 0.2})
    c.w.authority = 0.3
    failed = 0
    for world in range(20):
        c.w.number, c.w.authority, c.actors[A].prisoners = world, 0.3, 0
        arrest(c, A, NOBODY)
        if c.actors[A].prisoners == 0:
            failed += 1
            assert c.w.authority == pytest.approx(0.3 - 0.25 * 0.2)
    assert failed > 10


@pytest.mark.parametrize("binding", [0, 1])
def test_a_vote_binds_only_as_an_order_and_after_notice(binding: int) -> None:
    blocs = {"hawks": {"seats": 300, "position": 1, "salience": 1}}
    numbers = {"parliament.binding": binding, "parliament.notice": 30, "forces.troops": 5000}
    c = crisis({**numbers, "parliament.blocs": blocs})
    c.p.parliament_expel = c.p.parliament_break = 1.0
    expulsion_step(c, NOBODY)
    assert (c.w.expulsion >= 2) == (binding == 1)
    c.w.day = 29
    move_troops(c)
    assert c.w.troops == 5000
    c.w.day = 30
    move_troops(c)
    assert (c.w.troops < 5000) == (binding == 1)


def test_a_later_vote_does_not_lengthen_the_notice_of_an_order() -> None:
    numbers = {"parliament.binding": 1, "parliament.notice": 30, "forces.troops": 5000}
    c = crisis({**numbers, "parliament.blocs": {"hawks": {"seats": 300, "position": 1, "salience": 1}}})
    c.p.parliament_expel = c.p.parliament_break = 1.0
    expulsion_step(c, NOBODY)
    c.w.day, c.p.parliament_binding = 20, 0.0
    expulsion_step(c, NOBODY)
    c.w.day = 30
    move_troops(c)
    assert c.w.troops < 5000


def test_a_house_that_wants_the_americans_to_stay_does_nothing() -> None:
    blocs = {"doves": {"seats": 300, "position": 0, "salience": 1}}
    c = crisis({"parliament.binding": 1, "parliament.blocs": blocs})
    expulsion_step(c, NOBODY)
    assert c.w.expulsion == 0
    assert rows(c)[0].rung == 1


def test_authority_drifts_to_its_base_and_is_lost_once() -> None:
    c = crisis({"baghdad.authority": 0.6, "baghdad.authority_drift": 0.1, "baghdad.authority_lost": 0.4})
    c.w.authority, c.w.stress = 0.2, 0.0
    move_authority(c)
    assert c.w.authority == pytest.approx(0.24)
    assert c.w.authority_lost_day == 0
    c.w.day = 5
    for _ in range(200):
        move_authority(c)
    assert c.w.authority == pytest.approx(0.6)
    assert c.w.authority_lost_day == 0
    c.w.authority = -3.0
    move_authority(c)
    assert c.w.authority == 0


def test_crowds_go_home() -> None:
    c = crisis({"baghdad.crowd_half_life": 4})
    c.w.crowd, c.w.street, c.w.legitimacy = 0.8, 0.9, 0.4
    for _ in range(4):
        move_street(c)
    assert (c.w.crowd, c.w.street, c.w.legitimacy) == pytest.approx((0.4, 0.7, 0.2))


def test_a_plea_and_a_guard_last_their_time() -> None:
    c = crisis({"baghdad.plea_length": 14})
    c.w.day = 3
    plead(c)
    guard(c)
    assert (c.w.plea_until, c.w.guard_until) == (17, 33)


@pytest.mark.parametrize(("struck", "sign"), [(0, 1), (None, -1)])
def test_a_march_calls_for_expulsion_after_a_strike_and_for_elections_otherwise(struck: int | None, sign: int) -> None:
    c = crisis({"baghdad.march_gain": 0.2})
    if struck is not None:
        c.w.strike_day = struck
    march(c)
    assert sign * c.w.legitimacy > 0


def test_lethal_attacks_cost_the_government_and_dead_iraqis_the_groups() -> None:
    c = crisis({"baghdad.lethal_cost": 0.1, "proxies.own_civilians": 0.2})
    before = c.w.authority.item()
    k = note(c, Act.MI_SALVO.value, A, int(US), NOBODY)
    own_goal(c, k)
    assert c.w.authority == before
    c.w.events[k].iraqi_killed = 1
    own_goal(c, k)
    assert c.w.authority == pytest.approx(before - 0.1)
    assert c.actors[B].civil_grief == pytest.approx(-0.2)


def test_money_withheld_and_a_lapsed_waiver_strain_the_treasury() -> None:
    c = crisis({"economy.drift": 0, "economy.aid_stress": 0.3, "economy.waiver_stress": 0.6, "economy.waiver_days": 0})
    c.w.stress = 0.2
    move_stress(c)
    assert c.w.stress == pytest.approx(0.2)
    withhold_aid(c)
    move_stress(c)
    assert c.w.stress == pytest.approx(0.2 + 0.3 / 30)
    c.w.day = 1
    move_stress(c)
    assert c.w.stress == pytest.approx(0.2 + 2 * 0.3 / 30 + 0.6 / 30)
    extend_waiver(c, note(c, Act.US_SHORT_WAIVER.value, int(US), int(IRAQ), NOBODY), 30.0, 60.0)
    assert 31 <= c.w.waiver_until <= 61
    street = c.w.street.item()
    fiscal_emergency(c)
    assert c.w.street > street
