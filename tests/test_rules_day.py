"""Landing, fading, directing, the calendar, the trace and the outcomes; actors alone and as mirror images."""

from typing import Any

import numpy as np
import pytest
from small_world import IRAN, NOBODY, US, A, B, crisis, many_days, model, rows

from sim.actions import Act
from sim.drivers.ensemble import chunks
from sim.rules.calendar import keep_calendar
from sim.rules.day import live_day
from sim.rules.direct import direct, directive_for, order, receive, weigh_orders
from sim.rules.feasible import REGULAR
from sim.rules.ladder import LOWEST_RUNG, TOP_RUNG, hostility, violence, weight
from sim.rules.land import join_truce, land, land_due, launch, soothe
from sim.rules.outcome import answered_in_kind, longest_quiet
from sim.rules.proceed import fade
from sim.rules.record import cause_of, is_pending, lag_of, note, promise, rise
from sim.scenario import load
from sim.world.names import Directive, Full, Policy

CALM = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")


def test_lags_lie_between_their_bounds() -> None:
    c = crisis()
    act = Act.US_STRIKE_LIMITED.value
    c.acts[act].lag_low, c.acts[act].lag_mode, c.acts[act].lag_high = 1.0, 2.0, 6.0
    found = []
    for world in range(500):
        c.w.number = world
        found.append(lag_of(c, act, int(US)))
    assert set(found) == {1, 2, 3, 4, 5, 6}
    c.acts[act].lag_low = c.acts[act].lag_mode = c.acts[act].lag_high = 4.0
    assert lag_of(c, act, int(US)) == 4


def test_acts_land_on_the_day_they_are_due_in_the_order_they_were_decided() -> None:
    c = crisis()
    for due, act in ((2, Act.US_TALK), (1, Act.US_DEFEND), (2, Act.US_CUT_TROOPS)):
        promise(c, act.value, int(US), NOBODY, due, NOBODY)
    landed = []
    for day in range(4):
        c.w.day = day
        before = c.w.n_events.item()
        land_due(c)
        landed.append([e.act for e in rows(c)[before:]])
    assert landed == [[], [Act.US_DEFEND], [Act.US_TALK, Act.US_CUT_TROOPS], []]
    assert c.w.n_pending == 0


def test_what_a_landing_promises_for_the_same_day_lands_that_day() -> None:
    """An arrest can be answered by a parade within hours."""
    c = crisis({"baghdad.arrest_base": 2, "baghdad.cts": 3, "baghdad.armed_reply": 1})
    c.w.authority = 1.0
    at_once = 0
    for world in range(40):
        c.w.number, c.w.n_events, c.w.n_pending = world, 0, 0
        promise(c, Act.IQ_ARREST.value, 2, A, 0, NOBODY)
        land_due(c)
        assert all(c.w.pending[k].due > 0 for k in range(c.w.n_pending))
        at_once += len(rows(c, Act.MI_PARADE))
    assert at_once > 0


def test_a_full_agenda_and_a_full_trace_are_said() -> None:
    c = crisis()
    for _ in range(len(c.w.pending)):
        promise(c, Act.US_TALK.value, int(US), NOBODY, 5, NOBODY)
    assert c.w.overflow == 0
    promise(c, Act.US_TALK.value, int(US), NOBODY, 5, NOBODY)
    assert c.w.overflow == Full.AGENDA
    c = crisis()
    for _ in range(len(c.w.events)):
        note(c, Act.US_TALK.value, int(US), NOBODY, NOBODY)
    assert c.w.overflow == 0
    note(c, Act.US_TALK.value, int(US), NOBODY, NOBODY)
    assert (c.w.overflow, c.w.n_events) == (Full.TRACE, len(c.w.events))


def test_holding_is_no_act_and_an_act_is_launched_once() -> None:
    c = crisis()
    c.actors[US].choice = Act.US_HOLD
    launch(c, int(US))
    assert c.w.n_pending == 0
    c.actors[US].choice, c.actors[US].target = Act.US_TALK, NOBODY
    launch(c, int(US))
    assert is_pending(c, Act.US_TALK.value, int(US))
    assert not is_pending(c, Act.US_TALK.value, int(IRAN))
    assert c.actors[US].last_used[Act.US_TALK] == 0


def test_a_facade_is_worn_as_often_as_the_group_is_deniable() -> None:
    for deniability in (0.0, 1.0):
        c = crisis()
        c.traits[A].deniability = deniability
        c.actors[A].choice, c.actors[A].target = Act.MI_SALVO, int(US)
        launch(c, A)
        assert c.w.pending[0].facade == deniability


def test_the_cause_is_the_provocation_of_the_last_two_weeks() -> None:
    c = crisis()
    assert cause_of(c, int(US)) == NOBODY
    c.actors[US].provoked, c.actors[US].provoked_day = 3, 0
    c.w.day = 14
    assert cause_of(c, int(US)) == 3
    c.w.day = 15
    assert cause_of(c, int(US)) == NOBODY


def test_mediation_cools_everybody() -> None:
    c = crisis({"politics.mediation": 0.5})
    c.actors[US].violations, c.actors[A].grievance = 4.0, c.traits[A].grievance + 1.0
    soothe(c)
    assert c.actors[US].violations == 2
    assert c.actors[A].grievance == pytest.approx(c.traits[A].grievance + 0.5)


def test_what_is_felt_fades_by_its_half_life() -> None:
    c = crisis({"perception.violation_half_life": 10, "signals.commitment_half_life": 20})
    c.actors[US].violations, c.actors[US].commitment, c.actors[US].unanswered = 4.0, 0.8, 2.0
    for _ in range(20):
        fade(c)
    assert c.actors[US].violations == pytest.approx(1)
    assert c.actors[US].commitment == pytest.approx(0.4)
    assert c.actors[US].unanswered == 2
    for _ in range(40):
        fade(c)
    assert c.actors[US].unanswered == 0


def test_resolve_is_judged_by_the_present_in_the_end() -> None:
    c = crisis({"signals.resolve": 0.9, "signals.resolve_usual": 0.4, "signals.resolve_half_life": 30})
    c.actors[A].us_resolve, c.actors[B].us_resolve = 0.8, 0.2
    for _ in range(30):
        fade(c)
    assert [c.actors[g].us_resolve for g in (A, B)] == pytest.approx([0.6, 0.3])


def test_groups_return_to_what_they_are() -> None:
    c = crisis()
    me, t = c.actors[A], c.traits[A]
    me.capability, me.control, me.grievance, me.directive = 0.05, 0.0, 2.0, 1
    for _ in range(3000):
        fade(c)
    assert (me.capability, me.control, me.grievance) == pytest.approx((t.capability, t.iran_control, t.grievance))
    assert me.directive == 0


@pytest.mark.parametrize(
    ("policy", "struck", "expected"),
    [
        (Policy.PASSIVE, None, Directive.PERMIT),
        (Policy.TIT_FOR_TAT, None, Directive.PERMIT),
        (Policy.TIT_FOR_TAT, 0, Directive.PRESS),
    ],
)
def test_directives_of_rival_rules(policy: Policy, struck: int | None, expected: Directive) -> None:
    c = crisis()
    c.traits[IRAN].policy = policy
    if struck is not None:
        c.w.strike_day = struck
    weigh_orders(c)
    assert directive_for(c, A) == expected


def test_tit_for_tat_presses_for_two_weeks() -> None:
    c = crisis()
    c.traits[IRAN].policy, c.w.strike_day = Policy.TIT_FOR_TAT, 1
    weigh_orders(c)
    for day, expected in ((15, Directive.PRESS), (16, Directive.PERMIT)):
        c.w.day = day
        assert directive_for(c, A) == expected


def test_without_noise_tehran_gives_the_best_order_and_to_all_alike() -> None:
    c = crisis()
    c.traits[IRAN].policy = Policy.EXPECTED_UTILITY
    weigh_orders(c)
    acts = range(Act.IR_RESTRAIN, Act.IR_PRESS + 1)
    best = max(acts, key=lambda a: c.w.options[a].utility)
    assert [directive_for(c, g) for g in (A, B)] == [best - Act.IR_PERMIT] * 2


@pytest.mark.parametrize("policy", [Policy.QUANTAL, Policy.PASSIVE, Policy.TIT_FOR_TAT, Policy.RANDOM])
def test_orders_that_are_switched_off_are_not_given(policy: Policy) -> None:
    c = crisis({"iran.routine_pace": 1, "iran.crisis_pace": 3})
    c.traits[IRAN].policy = policy
    c.actors[IRAN].salience[0] = 1e3
    c.actors[A].directive = c.actors[B].directive = 1
    for act in (Act.IR_RESTRAIN, Act.IR_PERMIT, Act.IR_PRESS):
        c.acts[act].enabled = 0
    c.actors[IRAN].convened = REGULAR
    direct(c)
    assert c.w.n_pending == 0


def test_an_order_is_sent_once_and_renewed_when_it_has_faded() -> None:
    c = crisis()
    order(c, A, Directive.PRESS.value)
    order(c, A, Directive.RESTRAIN.value)
    assert c.w.n_pending == 1  # the first is still on its way
    receive(c, A, Act.IR_PRESS.value)
    c.w.n_pending = 0
    order(c, A, Directive.PRESS.value)
    assert c.w.n_pending == 0
    c.actors[A].directive_strength = 0.4
    order(c, A, Directive.PRESS.value)
    assert c.w.n_pending == 1


def test_scripted_events_have_the_casualties_the_script_names() -> None:
    event = {"day": 0, "act": "mi.salvo", "by": "group_0", "at": "us", "rockets": 9, "us_killed": 2, "us_hurt": 0}
    lived = model({"policies": CALM, "events": [event]}).run(1)
    (e,) = lived.trace[lived.trace["act"] == Act.MI_SALVO]
    assert (e["rockets"], e["us_killed"], e["us_hurt"], e["scripted"]) == (9, 2, 0, 1)
    assert (lived.crisis.w.us_killed, lived.crisis.w.us_death_day) == (2, 0)
    assert e["rung"] == 8


def test_a_script_without_wounded_wounds_nobody() -> None:
    event = {"day": 0, "act": "mi.salvo", "by": "group_0", "at": "us", "rockets": 9, "us_killed": 0, "us_hurt": 0}
    rough = {"combat.us_hit": 0.4, "combat.landing": 0.8}
    told = [model({"policies": CALM, "events": [event], **rough}, world).run(1) for world in range(15)]
    drawn = dict(event)
    del drawn["us_hurt"]
    free = [model({"policies": CALM, "events": [drawn], **rough}, world).run(1) for world in range(15)]
    assert sum(lived.crisis.w.us_hurt for lived in free) > 0
    assert sum(lived.crisis.w.us_hurt for lived in told) == 0


def test_the_first_event_of_a_world_counts_like_any_other() -> None:
    """An attack that opens the trace halves what the group has to answer, as one behind it does."""
    for before in (0, 1):
        c = crisis()
        for _ in range(before):
            note(c, Act.MI_THREATEN.value, B, int(US), NOBODY)
        c.actors[A].violations = 2.0
        land(c, Act.MI_SALVO.value, A, int(US), NOBODY, 0)
        assert c.actors[A].violations == 1.0


def test_a_script_without_dead_leaves_no_trace_of_drawn_ones() -> None:
    """What was drawn and then overwritten has not happened: no dead, no lethal rung, no crossed line."""
    spared = {"us_killed": 0, "us_hurt": 0, "coalition_killed": 0, "iraqi_killed": 0}
    event = {"day": 0, "act": "mi.salvo", "by": "group_0", "at": "us", "rockets": 9, **spared}
    deadly = {"combat.us_hit": 0.4, "combat.us_deadly": 0.9, "combat.landing": 0.8, "combat.iraqi_hit": 0.5}
    for world in range(15):
        c = crisis({"policies": CALM, "events": [event], **deadly}, world)
        c.w.red_line_day = 0
        keep_calendar(c)
        (e,) = rows(c)
        assert (c.w.us_death_day == 0, c.w.line_crossed_day == 0, e.rung) == (False, False, 7)
        assert e.landed <= e.rockets


def test_troop_steps_of_the_calendar_lower_the_goal() -> None:
    step = [{"date": "2020-09-28", "level": 3000}]
    c = crisis({"forces.troops": 5000, "calendar.troop_steps": step})
    keep_calendar(c)
    assert c.w.troop_goal == 3000
    assert rows(c)[0].act == Act.US_CUT_TROOPS
    c.w.day = 1
    keep_calendar(c)
    assert c.w.n_events == 1


def test_a_scripted_truce_binds_those_who_can_join() -> None:
    c = crisis({"militias.group_1.joins_truce": 0})
    join_truce(c, A)
    assert [c.actors[g].in_truce for g in (A, B)] == [1, 0]
    assert [e.actor for e in rows(c, Act.MI_TRUCE)] == [A]


def test_everybody_who_is_bound_by_a_scripted_truce_says_so() -> None:
    """Who is named is bound in any case, the others if they are ever ready to join one."""
    joins = {"militias.group_0.joins_truce": 0, "militias.group_2.joins_truce": 0}
    c = crisis(joins, groups=3)
    join_truce(c, A)
    assert [c.actors[g].in_truce for g in (A, B, B + 1)] == [1, 1, 0]
    assert [(e.actor, e.target, e.believed_author) for e in rows(c, Act.MI_TRUCE)] == [(A, US, A), (B, US, B)]


@pytest.mark.parametrize(("by", "act", "offends"), [("us", "us.kill_commander", True), ("group_0", "mi.salvo", False)])
def test_tehran_avenges_its_dead_on_washington(by: str, act: str, offends: bool) -> None:
    event = {"day": 0, "act": act, "by": by, "at": "group_1" if offends else "us", "iranian_killed": 1}
    c = crisis({"policies": CALM, "events": [event], "strikes.iranian_present": 0.05})
    keep_calendar(c)
    assert (rows(c)[0].iranian_killed, rows(c)[0].rung == 11) == (1, offends)
    assert (c.w.iran_hit_day == 0) == offends


def test_scripted_casualties_need_a_rocket_that_lands() -> None:
    event = {"day": 0, "act": "mi.salvo", "by": "group_0", "at": "us", "rockets": 3, "us_killed": 2}
    for world in range(12):
        c = crisis({"policies": CALM, "events": [event], "combat.landing": 0.05}, world)
        keep_calendar(c)
        assert 1 <= rows(c)[0].landed <= 3


def test_weights_and_published_scales_of_the_ladder() -> None:
    """Rivera et al. (2024): posturing 4, non-violent escalation 12, violent 28, the top rung 60; de-escalation -2."""
    assert [weight(rung) for rung in (-1, 3, 6, 9, 12)] == pytest.approx([-2, 4, 12, 28, 60])
    assert [hostility(rung) for rung in (0, 2, 3, 7, 12)] == [1, 2, 3, 4, 5]
    assert [violence(rung, 0) for rung in (0, 7, 9, 12)] == [1, 2, 3, 4]
    assert violence(7, 25) == 3
    assert (LOWEST_RUNG, TOP_RUNG) == (-2, 12)


def test_the_top_rung_is_kept_with_its_first_day() -> None:
    c = crisis()
    for day, rung in ((0, 7), (3, 9), (5, 9), (6, 8)):
        c.w.day = day
        k = note(c, Act.MI_SALVO.value, A, int(US), NOBODY)
        c.w.events[k].rung = rung
        rise(c, k)
    assert (c.w.top_rung, c.w.top_rung_day) == (9, 3)


def trace(*events: tuple[int, Act, int, int, int]) -> Any:
    """A crisis with a trace of (day, act, actor, target, rung)."""
    c = crisis()
    for day, act, actor, target, rung in events:
        c.w.day = day
        c.w.events[note(c, act.value, actor, target, NOBODY)].rung = rung
    return c


def test_a_battle_zone_needs_grave_force_and_a_reply_in_kind_to_it() -> None:
    strike, salvo = (Act.US_STRIKE_LIMITED, int(US), A, 9), (Act.MI_SALVO, A, int(US), 8)
    campaign = (Act.US_STRIKE_CAMPAIGN, int(US), A, 10)
    assert not answered_in_kind(trace((0, *strike), (3, *salvo)))  # one strike
    assert answered_in_kind(trace((0, *strike), (1, *strike), (15, *salvo)))
    assert not answered_in_kind(trace((0, *strike), (1, *strike), (16, *salvo)))  # too late
    assert answered_in_kind(trace((0, *campaign), (3, *salvo)))
    for grave in (strike, campaign):  # what answered the first strike is no answer to the second
        assert not answered_in_kind(trace((0, *strike), (3, *salvo), (20, *grave)))


def test_the_longest_quiet_is_between_rockets() -> None:
    c = crisis()
    c.w.day = 20
    assert longest_quiet(c) == 20
    c = trace(
        (4, Act.MI_SALVO, A, int(US), 7), (6, Act.MI_CONVOY_IED, A, int(US), 7), (14, Act.MI_SALVO, A, int(US), 7)
    )
    c.w.day = 20
    assert longest_quiet(c) == 9


def test_one_actor_alone_meets_nobody() -> None:
    """A group without targets, money or patron that never convenes leaves an empty trace."""
    scenario = load(
        {
            "horizon": 40,
            "embassy": {"stage": 0},
            "militias": {"alone": {"rocket_rate": 0, "ied_rate": 0, "joins_truce": 0, "routine_pace": 0}},
            "combat": {"branching": 0},
            "policies": {
                "us": "scripted",
                "iran": "scripted",
                "iraq": "scripted",
                "sadr": "scripted",
                "coalition": "scripted",
            },
        }
    )
    lived = next(chunks(scenario, 5, "trace"))
    assert len(lived.events) == 0
    assert (lived.outcomes["severity"] == 0).all()


def test_one_group_alone_acts_as_its_choice_says() -> None:
    """With everybody else silent and no noise, whatever lands is the group's own best act."""
    changes = {
        "policies": {**CALM, "militias": "expected_utility"},
        "militias.group_0.rocket_rate": 1,
        "militias.group_0.capability": 1,
        "actions.mi.salvo.effects.hurt": 1,
        "militias.group_0.weight_hurt": 2,
        "actions.mi.barrage.enabled": False,
    }
    lived = model(changes, groups=1).run(40)
    groups = lived.trace[lived.trace["actor"] == A]
    assert (groups["act"] == Act.MI_SALVO).sum() > 5


@many_days
def test_mirror_image_groups_behave_alike() -> None:
    """Equal groups have equal numbers of attacks over many worlds, and swap their worlds when they swap their names."""
    base = {"horizon": 60, "embassy": {"stage": 0}}
    pair = load({**base, "militias": {"left": {}, "right": {}}})
    swapped = load({**base, "militias": {"right": {}, "left": {}}})
    lived = next(chunks(pair, 400, "trace"))
    by = [np.sum((lived.events["actor"] == g) & (lived.events["rung"] >= 7)) for g in (A, B)]
    assert sum(by) > 500
    assert abs(by[0] - by[1]) < 4 * np.sqrt(sum(by))
    other = next(chunks(swapped, 400, "trace"))
    mirror = [np.sum((other.events["actor"] == g) & (other.events["rung"] >= 7)) for g in (A, B)]
    assert abs(mirror[0] - by[1]) < 4 * np.sqrt(sum(by))


@many_days
def test_an_extra_group_that_can_do_nothing_changes_nothing() -> None:
    """A dud among the actors, whom nobody suspects; only the mean control of all groups would tell it apart."""
    dud = {"rocket_rate": 0, "ied_rate": 0, "joins_truce": 0, "iran_control": 0}
    numbers = {"proxies": {"least_control": 0.1}, "perception": {"sponsor_gain": 0}}
    base = {"horizon": 60, "embassy": {"stage": 0}, **numbers}
    two = load({**base, "militias": {"left": {}, "right": {}}})
    three = load({**base, "militias": {"left": {}, "right": {}, "dud": dud}, "policies": {"dud": "scripted"}})
    one, other = (next(chunks(each, 60, "trace")) for each in (two, three))
    assert len(one.events) > 100
    assert one.events.tobytes() == other.events.tobytes()


def test_a_day_is_the_steps_of_the_table_of_contents() -> None:
    c = crisis()
    live_day(c)
    assert c.w.n_seen <= c.w.n_events
    assert all(actor.choice >= NOBODY for actor in c.actors)
