"""Who convenes, what is on the menu, and what an option is worth, term by term."""

from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from small_world import IRAN, IRAQ, NOBODY, SADR, US, A, B, Stage, crisis

from sim.actions import CATALOGUE, Act, Need
from sim.rules.anticipate import INDIRECT, PRIOR, anticipation, expected_reply, severe_reply
from sim.rules.commit import audience_cost, commit, crossed_line, leverage, retreat, settle
from sim.rules.decide import convene, decide, lay_out, menu_of
from sim.rules.feasible import OPPORTUNITY, REGULAR, evidence, feasible, held_responsible, met
from sim.rules.ladder import STRIKE_WEIGHT, weight
from sim.rules.modulate import blood, calm, exposure, modulators, name, rate_ratio, safety, us_calendar
from sim.rules.record import promise
from sim.rules.truce import truce_is_weighed
from sim.rules.weigh import (
    affront,
    authorship,
    effort,
    most_blamed,
    most_prisoners,
    order_term,
    risk_of_war,
    street_term,
    target_of,
    weigh,
)
from sim.world.names import NEVER, Aim, Class, Kind, Reply, Term

EVERYBODY = range(7)


def weighed(c: Any, row: int) -> Any:
    """The options of an actor that convenes for every reason."""
    c.actors[row].convened = REGULAR | OPPORTUNITY
    lay_out(c, row, menu_of(c, c.traits[row].kind))
    return c.w.options


def test_menus_part_the_catalogue() -> None:
    c = crisis()
    menus = [menu_of(c, kind.value).tolist() for kind in Kind]
    assert sorted(row for menu in menus for row in menu) == list(range(len(CATALOGUE)))
    for kind, menu in zip(Kind, menus, strict=True):
        assert {CATALOGUE[row].owner for row in menu} == {kind}


@pytest.mark.parametrize("row", EVERYBODY)
def test_an_actor_without_pace_never_convenes_and_one_with_much_always(row: int) -> None:
    c = crisis()
    c.w.waiver_until = 1000
    c.traits[row].crisis_pace = 1.0
    c.traits[row].routine_pace = 0.0
    convene(c, row)
    assert c.actors[row].convened == 0
    c.actors[row].salience[1] = 1e3
    convene(c, row)
    assert c.actors[row].convened == REGULAR


def test_washington_meets_when_it_must() -> None:
    c = crisis()
    c.traits[US].routine_pace = c.traits[US].crisis_pace = 0.0
    c.w.waiver_until = 5
    convene(c, int(US))
    assert c.actors[US].convened == REGULAR
    c.w.waiver_until = -1
    convene(c, int(US))
    assert c.actors[US].convened == 0  # it has lapsed: nothing is due any more
    c.w.waiver_until, c.w.stage, c.w.review_day = 1000, Stage.DRAWDOWN, 0
    convene(c, int(US))
    assert c.actors[US].convened == REGULAR
    c.w.review_day, c.w.clock = 5, 30.0
    convene(c, int(US))
    assert c.actors[US].convened == 0
    c.w.stage, c.w.clock = Stage.REVERSED, 0.0  # a clock that nobody heeds any more
    convene(c, int(US))
    assert c.actors[US].convened == 0


def test_a_group_fires_at_opportunities_and_speaks_when_it_convenes() -> None:
    c = crisis({"combat.barrage_stock": 0.1})
    c.actors[A].rocket_chance, c.actors[A].ied_chance = 1, 0
    c.actors[A].convened = OPPORTUNITY
    assert feasible(c, A, Act.MI_SALVO.value)
    assert feasible(c, A, Act.MI_BARRAGE.value)
    assert not feasible(c, A, Act.MI_CONVOY_IED.value)
    assert not feasible(c, A, Act.MI_THREATEN.value)
    c.actors[A].convened = REGULAR
    assert feasible(c, A, Act.MI_THREATEN.value)
    assert not feasible(c, A, Act.MI_SALVO.value)


def test_an_act_waits_for_its_duration_and_is_not_decided_twice() -> None:
    c = crisis()
    c.actors[IRAN].convened = REGULAR
    act, row = Act.IR_THREATEN_REVENGE.value, int(IRAN)
    c.acts[act].duration = 10
    assert feasible(c, row, act)
    c.actors[IRAN].last_used[act], c.w.day = 3, 12
    assert not feasible(c, row, act)
    c.w.day = 13
    assert feasible(c, row, act)
    promise(c, act, row, int(US), 20, NOBODY)
    assert not feasible(c, row, act)
    c.w.n_pending = 0
    c.acts[act].enabled = 0
    assert not feasible(c, row, act)


def test_holding_is_always_possible_and_orders_never_on_a_menu() -> None:
    c = crisis()
    for row in EVERYBODY:
        options = weighed(c, row)
        menu = menu_of(c, c.traits[row].kind)
        assert sum(options[a].feasible for a in menu if options[a].kind == Class.HOLD) == 1
    for act in (Act.IR_RESTRAIN, Act.IR_PRESS, Act.MI_TRUCE):
        assert not feasible(c, int(IRAN), act.value)


NEEDS: dict[Need, tuple[dict[str, Any], dict[str, Any]]] = {
    Need.EMBASSY_OPEN: ({"stage": Stage.WARNED}, {"stage": Stage.DRAWDOWN}),
    Need.WAIVER_EXPIRING: ({"waiver_until": 24}, {"waiver_until": 26}),
    Need.CLOCK_ENDED: ({"stage": Stage.DRAWDOWN, "clock": 0.0}, {"stage": Stage.DRAWDOWN, "clock": 1.0}),
    Need.CLOCK_RUNNING: ({"stage": Stage.DECIDED, "review_day": 20}, {"stage": Stage.DECIDED, "paused": 1}),
    Need.CLOSURE_UNDER_WAY: ({"stage": Stage.DRAWDOWN, "paused": 1, "review_day": 20}, {"stage": Stage.OPEN}),
    Need.CLOCK_PAUSED_OR_WARNED: ({"stage": Stage.WARNED, "warned_day": 0}, {"stage": Stage.WARNED, "warned_day": 19}),
    Need.ATTACKED: ({"attack_day": 6}, {"attack_day": 5}),
    Need.RUNG_TEN: ({"missile_day": 6}, {"missile_day": 5}),
    Need.AVENGE: ({"iran_hit_day": 0}, {"iran_hit_day": -11}),
    Need.AID_FLOWING: ({"aid": 1.0}, {"aid": 0.0}),
    Need.AID_WITHHELD: ({"aid": 0.0}, {"aid": 1.0}),
    Need.TROOP_STEP_LEFT: ({"troop_goal": 5000.0}, {"troop_goal": 1000.0}),
    Need.VOTE_CALLED: ({"called_day": 5, "expulsion_day": 2}, {"called_day": 5, "expulsion_day": 6}),
    Need.FISCAL_STRESS: ({"stress": 0.7}, {"stress": 0.5}),
    Need.US_LEAVING: ({"stage": Stage.CLOSED}, {"stage": Stage.WARNED}),
}
MEANS = {"embassy.notice": 14, "forces.floor": 2500, "economy.emergency": 0.6}


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.name.lower())
def test_needs_of_states(need: Need) -> None:
    for holds, state in zip((True, False), NEEDS[need], strict=True):
        c = crisis(MEANS)
        c.w.day = 20
        for field, value in state.items():
            c.w[field] = value
        assert met(c, int(US), need.value) == holds, state


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("warned", [0, 6, 7, NEVER])
def test_closing_needs_a_warning_and_time_to_heed_it(stage: Stage, warned: int) -> None:
    """Staff withdrawn for a time are no letter of warning (the record: letter first, then the plan to close)."""
    c = crisis(MEANS)
    c.w.day, c.w.stage, c.w.warned_day = 20, stage, warned
    heard = warned in (0, 6)
    assert met(c, int(US), Need.CLOCK_PAUSED_OR_WARNED.value) == (heard and stage in (Stage.WARNED, Stage.PARTIAL))


def test_a_line_is_crossed_by_enough_dead() -> None:
    c = crisis({"us.red_line": 3})
    c.actors[US].unanswered = 2.0
    assert not met(c, int(US), Need.LINE_CROSSED.value)
    c.actors[US].unanswered = 3.0
    assert met(c, int(US), Need.LINE_CROSSED.value)


def test_needs_of_groups() -> None:
    c = crisis({"combat.barrage_stock": 0.5})
    me = c.actors[A]
    me.rocket_chance, me.capability = 1, 0.4
    assert met(c, A, Need.ROCKET_OPPORTUNITY.value)
    assert not met(c, A, Need.ROCKET_STOCK.value)
    me.capability = 0.5
    assert met(c, A, Need.ROCKET_STOCK.value)
    assert not met(c, A, Need.CROWD.value)
    c.w.crowd = 0.9
    assert met(c, A, Need.CROWD.value)
    c.w.stage = Stage.CLOSED
    assert not met(c, A, Need.CROWD.value)
    assert not met(c, A, Need.IN_TRUCE.value)
    me.in_truce = 1
    assert met(c, A, Need.IN_TRUCE.value)


def test_evidence_is_the_largest_share_of_the_blame() -> None:
    c = crisis()
    c.actors[A].blame, c.actors[B].blame = 0.2, 0.2
    assert evidence(c) == 0.0  # too little to speak of
    c.actors[A].blame = 0.6
    assert evidence(c) == pytest.approx(0.75)


@pytest.mark.parametrize("row", EVERYBODY)
def test_utility_is_the_sum_of_its_terms(row: int) -> None:
    c = crisis()
    options = weighed(c, row)
    for a in menu_of(c, c.traits[row].kind):
        if options[a].feasible:
            # `sum` of Python 3.12 and later makes up for rounding; the rules add one by one.
            assert options[a].utility == reduce(add, options[a].terms[: len(Term)].tolist())


def test_terms_of_an_act_by_hand() -> None:
    """Without belief, threat, truce and calendar a utility is weights times modulators times effects, less effort."""
    c = crisis({"signals.belligerence": 0})
    m = modulators(c, int(SADR))
    options = weighed(c, int(SADR))
    act = Act.SA_BACK_GOVERNMENT
    row, t = c.acts[act], c.traits[SADR]
    expected = [float(t.weights[k] * m[k] * row.effects[k]) for k in range(len(Aim))]
    assert options[act].terms[: len(Aim)].tolist() == pytest.approx(expected)
    assert options[act].utility == pytest.approx(sum(expected) - row.cost)
    assert options[Act.SA_HOLD].terms[Term.INERTIA] == t.inertia


def test_two_equal_actors_weigh_alike() -> None:
    c = crisis()
    menu = menu_of(c, Kind.MILITIA.value)
    first = [(weighed(c, A)[a].feasible, weighed(c, A)[a].utility) for a in menu]
    assert [(weighed(c, B)[a].feasible, weighed(c, B)[a].utility) for a in menu] == first


def test_the_choice_is_made_on_the_morning_state() -> None:
    """Deciding moves nothing but the choice itself, so the order of actors is no advantage."""
    c = crisis({"us.routine_pace": 1, "iran.routine_pace": 1, "iraq.routine_pace": 1})
    before = [c.w[field].item() for field in ("stage", "n_events", "n_pending", "authority", "truce")]
    beliefs = {field: c.actors[field].tolist() for field in ("rate", "fear", "grievance", "commitment", "violations")}
    choices = []
    for order in (EVERYBODY, reversed(EVERYBODY)):
        for row in order:
            decide(c, row)
        choices.append([actor.choice for actor in c.actors])
    assert choices[0] == choices[1]
    assert [c.w[field].item() for field in ("stage", "n_events", "n_pending", "authority", "truce")] == before
    assert {field: c.actors[field].tolist() for field in beliefs} == beliefs


def test_prior_frequencies_sum_to_one() -> None:
    assert np.array(PRIOR).sum(axis=1) == pytest.approx(np.ones(len(PRIOR)), abs=1e-3)
    assert sum(INDIRECT) == pytest.approx(1, abs=1e-3)


def test_replies_are_learned_as_a_dirichlet_posterior() -> None:
    c = crisis({"perception.pseudo_cases": 10})
    limited, severe = Reply.LIMITED.value, Reply.SEVERE.value
    assert expected_reply(c, int(US), 0, limited, severe, False) == pytest.approx(PRIOR[limited][severe])
    c.actors[US].replies[0, limited, severe] = 5.0
    assert expected_reply(c, int(US), 0, limited, severe, False) == pytest.approx(
        (10 * PRIOR[limited][severe] + 5) / 15
    )
    total = sum(expected_reply(c, int(US), 0, limited, k, False) for k in range(len(PRIOR)))
    assert total == pytest.approx(1, abs=1e-3)


def test_anticipation_heeds_only_replies_that_hurt_and_acts_that_show() -> None:
    c = crisis({"us.reply_weight_second": 0})
    strike = Act.US_STRIKE_LIMITED.value
    usual = anticipation(c, int(US), strike, A)
    assert usual < 0
    c.p.anticipation_severe *= 2
    assert anticipation(c, int(US), strike, A) < usual
    c.acts[strike].private = 1
    assert anticipation(c, int(US), strike, A) == 0
    assert anticipation(c, int(US), Act.US_HOLD.value, NOBODY) == 0


def test_severe_replies_are_feared_after_force_only() -> None:
    c = crisis({"us.reply_weight_first": 1, "us.reply_weight_second": 0})
    assert severe_reply(c, int(US), Act.US_TALK.value, int(IRAQ)) == 0
    strike = Act.US_STRIKE_LIMITED.value
    assert severe_reply(c, int(US), strike, A) == pytest.approx(INDIRECT[Reply.SEVERE])
    assert severe_reply(c, int(US), strike, int(IRAN)) == pytest.approx(PRIOR[Reply.LIMITED][Reply.SEVERE])


def test_a_firmer_commitment_replaces_a_weaker_one() -> None:
    c = crisis()
    letter, line = Act.US_LETTER_OF_WARNING.value, Act.US_PUBLIC_RED_LINE.value
    c.acts[letter].commitment, c.acts[line].commitment = 0.3, 0.5
    commit(c, int(US), letter)
    assert c.actors[US].commitment == 0.3
    c.w.day = 4
    commit(c, int(US), line)
    assert (c.actors[US].commitment, c.w.red_line_day) == (0.5, 4)
    commit(c, int(US), letter)
    assert c.actors[US].commitment == 0.5
    settle(c, int(US))
    assert c.actors[US].commitment == 0


def test_retreat_costs_more_the_firmer_the_threat_and_less_with_an_excuse() -> None:
    c = crisis({"perception.rate_reference": 0.4, "perception.rate_now": 0.4})
    act, us = Act.US_REVERSE_CLOSURE.value, c.actors[US]
    us.commitment, us.commitment_rung = 0.3, 5.0
    usual = audience_cost(c, act)
    assert usual < 0
    us.commitment = 0.6
    assert audience_cost(c, act) == pytest.approx(2 * usual)
    us.rate = 0.1  # attacks have become rare: Baghdad complies
    assert audience_cost(c, act) > 2 * usual
    assert leverage(c) > 0


def test_only_washington_pays_for_retreat_and_half_for_a_pause() -> None:
    c = crisis()
    commit(c, int(US), Act.US_DECIDE_CLOSURE.value)
    back, pause = Act.US_REVERSE_CLOSURE.value, Act.US_PAUSE_CLOSURE.value
    price = audience_cost(c, back)
    assert price < 0
    assert retreat(c, int(US), back) == price + leverage(c)
    assert retreat(c, int(US), pause) == 0.5 * price + leverage(c)
    assert retreat(c, int(US), Act.US_HOLD.value) == retreat(c, int(IRAN), back) == 0


def test_silence_after_own_deaths_costs_reputation() -> None:
    c = crisis({"us.red_line": 1, "signals.crossed_line": 0.4})
    us = c.actors[US]
    us.commitment, us.violations = 0.5, 3.0
    assert crossed_line(c, int(US), Act.US_HOLD.value) == 0
    us.unanswered = 1.0
    assert crossed_line(c, int(US), Act.US_HOLD.value) < 0
    assert crossed_line(c, int(US), Act.US_STRIKE_LIMITED.value) == 0


def test_force_restores_a_name_only_where_there_is_an_affront() -> None:
    """Weight .5, effect .6: 0 without violations, .5 * 3 * 1.2 * .6 with three and a commitment of .2; 5 at most."""
    c = crisis({"us.weight_name": 0.5, "us.weight_home": 0.4, "perception.attribution_weight": 0})
    strike = Act.US_STRIKE_LIMITED.value
    c.acts[strike].effects[Aim.NAME], c.acts[strike].effects[Aim.HOME] = 0.6, 0.2
    c.w.attack_day, us, mods = 0, c.actors[US], modulators(c, int(US))
    us.commitment, option = 0.2, c.w.options[strike]
    for violations, name_term, home_term in ((0.0, 0.0, 0.0), (0.5, 0.18, 0.04), (3.0, 1.08, 0.08), (50.0, 1.5, 0.08)):
        us.violations = violations
        weigh(c, int(US), strike, int(A), mods, option)
        assert option.terms[Term.NAME] == pytest.approx(name_term)
        assert option.terms[Term.HOME] == pytest.approx(home_term * mods[Aim.HOME])
    us.violations = 2.0
    assert affront(c, int(US)) == pytest.approx(2.4)


def test_a_group_in_a_truce_meets_when_a_truce_is_weighed() -> None:
    c = crisis({"militias.group_0.routine_pace": 0, "militias.group_0.crisis_pace": 0})
    me = c.actors[A]
    me.rocket_chance, me.ied_chance = 0, 0
    met_on = []
    for member in (0, 1):
        me.in_truce = member
        for day in range(21):
            c.w.day = day
            convene(c, A)
            if me.convened:
                met_on.append((member, day))
    weighed = []
    for c.w.day in range(21):
        if truce_is_weighed(c):
            weighed.append((1, int(c.w.day)))
    assert met_on == weighed != []


def test_the_freed_hand_makes_force_cheaper_and_nothing_else() -> None:
    c = crisis({"embassy.freed_hand": 0.5})
    strike, talk = Act.US_STRIKE_LIMITED.value, Act.US_TALK.value
    before = effort(c, int(US), strike), effort(c, int(US), talk)
    c.w.free_hand = 1.0
    assert effort(c, int(US), strike) == pytest.approx(0.5 * before[0])
    assert effort(c, int(US), talk) == before[1]


def test_orders_pull_as_far_as_control_goes() -> None:
    c = crisis()
    me = c.actors[A]
    me.control, me.directive, me.directive_strength = 0.8, 1, 1.0
    press = order_term(c, A, Act.MI_SALVO.value)
    assert press == pytest.approx(0.8 * c.p.proxies_order_weight)
    assert order_term(c, A, Act.MI_THREATEN.value) == 0
    assert order_term(c, A, Act.MI_CONVOY_IED.value) == pytest.approx(press * c.p.proxies_ied_share)
    me.directive = -1
    assert order_term(c, A, Act.MI_SALVO.value) <= -press
    me.control = 0.0
    assert order_term(c, A, Act.MI_SALVO.value) == 0


def test_a_plea_costs_groups_with_a_stake() -> None:
    c = crisis({"baghdad.plea_days": 5, "baghdad.plea_price": 0.2})
    c.traits[A].stake, c.traits[B].stake = 1.0, 0.0
    assert street_term(c, A, Act.MI_SALVO.value) == pytest.approx(-0.2)
    assert street_term(c, B, Act.MI_SALVO.value) == 0
    c.w.day = 6
    assert street_term(c, A, Act.MI_SALVO.value) == 0


def test_acts_are_aimed_at_those_to_blame() -> None:
    c = crisis()
    c.actors[B].blame = 2.0
    assert most_blamed(c) == B
    c.actors[A].blame = 6.0
    assert (authorship(c, A), authorship(c, B)) == (0.75, 0.25)
    c.actors[A].blame = 0.0
    assert authorship(c, B) == 1.0
    assert authorship(c, int(IRAN)) == 0.0
    assert target_of(c, int(US), Act.US_STRIKE_LIMITED.value) == B
    assert target_of(c, int(US), Act.US_STRIKE_IRAN.value) == IRAN
    assert target_of(c, int(IRAQ), Act.IQ_ARREST.value) == B
    assert most_prisoners(c) == NOBODY
    c.actors[A].prisoners = 2
    assert target_of(c, int(IRAQ), Act.IQ_RELEASE.value) == A
    assert target_of(c, A, Act.MI_SALVO.value) == US


def test_modulators_are_one_in_ordinary_times() -> None:
    assert calm(crisis(), Kind.US.value) == 1
    c = crisis({"calendar.election": None})
    assert us_calendar(c) == 1
    c.actors[US].commitment = c.actors[US].violations = 0.0
    assert name(c, int(US)) == 1
    c.actors[US].violations = 100.0
    assert name(c, int(US)) == 5


def test_who_fears_a_strike_spares_its_men_or_seeks_calm() -> None:
    """Groups think of their own lives, Tehran of the war that its groups may bring upon it; Sadr of neither."""
    c = crisis()
    for row in (A, int(IRAN), int(SADR)):
        c.actors[row].fear = 1.5 * c.p.signals_strike_usual
    assert safety(c, A, Kind.MILITIA.value) == pytest.approx(1.5)
    assert safety(c, int(IRAN), Kind.IRAN.value) == safety(c, int(SADR), Kind.SADR.value) == 1
    for act in (Act.IR_RESTRAIN, Act.IR_PRESS, Act.IR_ARM):
        assert risk_of_war(c, int(IRAN), act.value, A) == pytest.approx(1.5)
    assert risk_of_war(c, int(IRAN), Act.IR_BACK_CHANNEL.value, int(US)) == 1
    expected = 1 + severe_reply(c, int(IRAN), Act.IR_MISSILES.value, int(US))
    assert risk_of_war(c, int(IRAN), Act.IR_MISSILES.value, int(US)) == expected > 1
    c.actors[IRAN].fear = 1.0
    assert risk_of_war(c, int(IRAN), Act.IR_PRESS.value, A) == 2


def test_a_group_meets_after_a_grave_event() -> None:
    """Rung 6 against itself, or a strike on another group; not a threat, and not any event against a state."""
    calm = {"routine_pace": 0, "crisis_pace": 0}
    c = crisis({"us": calm, "militias.group_0": calm})
    for salience, meets in ((weight(5) / STRIKE_WEIGHT, 0), (weight(6) / STRIKE_WEIGHT, REGULAR)):
        for row in (A, int(US)):
            c.actors[row].salience[0] = salience
            convene(c, row)
        assert c.actors[A].convened == meets
        assert c.actors[US].convened == 0


def test_a_public_line_holds_tehran_responsible() -> None:
    """For sixty days; as a belief about Tehran's orders it changes nothing."""
    c = crisis({"perception.sponsor": 0.4})
    assert held_responsible(c) == 0.4
    commit(c, int(US), Act.US_PUBLIC_RED_LINE.value)
    for day, held in ((0, 1), (60, 1), (61, 0.4)):
        c.w.day = day
        assert held_responsible(c) == held
    assert c.actors[US].sponsor == 0.4
    c.w.day, c.actors[US].unanswered, c.w.us_ten_day = 5, 9, 5
    assert met(c, int(US), Need.RUNG_TEN.value)
    c.w.red_line_day = NEVER
    assert not met(c, int(US), Need.RUNG_TEN.value)


def test_exposure_falls_with_staff_troops_and_defence() -> None:
    c = crisis({"forces.troops": 5000, "forces.troops_reference": 5000, "forces.air_defence": 0.5})
    usual = exposure(c)
    for field, value in (("staff", 0.5), ("troops", 2500.0), ("air_defence", 1.0)):
        before = c.w[field].item()
        c.w[field] = value
        assert exposure(c) < usual
        c.w[field] = before
    c.actors[US].rate = 100.0
    assert rate_ratio(c, int(US)) == 3


def test_blood_rises_on_anniversaries() -> None:
    c = crisis({"calendar.anniversaries": ["2020-10-10"], "politics.anniversary": 1.5})
    c.actors[A].grievance = 0.8
    assert blood(c, A) == pytest.approx(0.8)
    c.w.day = 12
    assert blood(c, A) == pytest.approx(1.2)
