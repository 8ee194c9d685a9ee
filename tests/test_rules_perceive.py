"""What actors come to believe from what they see: attack rates, authors, sponsors, resolve, replies."""

from typing import Any

import pytest
from small_world import COALITION, IRAN, IRAQ, NOBODY, SADR, US, A, B, crisis

from sim.actions import Act
from sim.parameters import PARAMETERS
from sim.rules.force import strike_iran
from sim.rules.perceive import (
    LEAST_REFERENCE,
    LINE_STANDS,
    against,
    assign_blame,
    attribute,
    believe_worse,
    believed_order,
    believed_strike,
    close_perception,
    compliance,
    count_silence,
    find_evidence,
    perceive,
    shift_resolve,
    wrong_author,
)
from sim.rules.record import note
from sim.rules.truce import declare
from sim.world.names import NEVER, UNKNOWN, Reply


def attack(c: Any, by: int = A, act: Act = Act.MI_SALVO, target: int = int(US), **toll: int) -> Any:
    """An event of today, with these casualties."""
    k = note(c, act.value, by, target, NOBODY)
    for field, value in toll.items():
        c.w.events[k][field] = value
    return c.w.events[k]


def test_the_believed_rate_is_an_exponential_mean_of_attacks() -> None:
    c = crisis({"perception.rate_now": 0.5, "perception.rate_half_life": 7, "perception.ied_weight": 0.25})
    kept = 0.5 ** (1 / 7)
    perceive(c, int(US))
    assert c.actors[US].rate == pytest.approx(0.5 * kept)
    attack(c)
    attack(c, act=Act.MI_CONVOY_IED)
    perceive(c, int(US))
    assert c.actors[US].rate == pytest.approx(0.5 * kept**2 + (1 - kept) * 1.25)


def test_what_is_private_and_what_one_does_oneself_is_no_news() -> None:
    c = crisis()
    attack(c, private=1)
    attack(c, by=B)
    others = [c.actors[row].rate for row in (A, B)]
    perceive(c, A)
    perceive(c, B)
    assert c.actors[A].rate > others[0] * c.w.keep_rate  # B's attack
    assert c.actors[B].rate == pytest.approx(others[1] * c.w.keep_rate)


def test_events_are_perceived_once() -> None:
    c = crisis()
    attack(c, us_hurt=1)
    perceive(c, int(US))
    close_perception(c)
    violations = c.actors[US].violations
    assert violations > 0
    perceive(c, int(US))
    assert c.actors[US].violations == violations


def test_what_is_usual_follows_what_happens_slowly() -> None:
    """Rockets count in full, convoy bombs at their weight; after any calm something is still usual."""
    c = crisis({"perception.rate_reference": 0.4, "perception.reference_half_life": 30, "perception.ied_weight": 0.25})
    keep = 0.5 ** (1 / 30)
    attack(c)
    attack(c, by=B, act=Act.MI_CONVOY_IED)
    close_perception(c)
    assert c.w.rate_reference == pytest.approx(keep * 0.4 + (1 - keep) * 1.25)
    for _ in range(30):
        close_perception(c)
    assert c.w.rate_reference == pytest.approx(0.5 * (keep * 0.4 + (1 - keep) * 1.25))
    for _ in range(300):
        close_perception(c)
    (declared,) = (quantity for quantity in PARAMETERS if quantity.path == "perception.rate_reference")
    assert c.w.rate_reference == LEAST_REFERENCE == declared.low


def test_events_are_salient_for_a_few_days() -> None:
    c = crisis()
    attack(c)
    perceive(c, int(US))
    close_perception(c)
    first = c.actors[US].salience[0].item()
    assert first > 0
    for place in (1, 2):
        perceive(c, int(US))
        assert c.actors[US].salience[place] == first
    perceive(c, int(US))
    assert not c.actors[US].salience.any()


def test_whom_an_event_touches() -> None:
    c = crisis()
    salvo = attack(c)
    assert [against(c, salvo, int(row)) for row in (US, IRAN, IRAQ, SADR, COALITION, B)] == [1, 0, 0, 0, 0.5, 0]
    strike = attack(c, int(US), Act.US_STRIKE_LIMITED, A, iraqi_killed=1)
    touched = [against(c, strike, int(row)) for row in (US, IRAN, IRAQ, SADR, COALITION, A, B)]
    assert touched == [0, 0.5, 0.5, 0.5, 0, 1, 0.5]


def test_deaths_below_the_line_weigh_like_wounds() -> None:
    c = crisis({"us.red_line": 3, "perception.violation_death": 3, "perception.violation_wounded": 0.5})
    attack(c, us_killed=2)
    perceive(c, int(US))
    close_perception(c)
    assert (c.actors[US].unanswered, c.actors[US].violations) == (2, 0.5)
    attack(c, us_killed=1)
    perceive(c, int(US))
    assert (c.actors[US].unanswered, c.actors[US].violations) == (3, 3.5)


def test_the_gravest_recent_provocation_is_remembered() -> None:
    c = crisis()
    attack(c, rung=8)
    attack(c, rung=7)
    perceive(c, int(US))
    close_perception(c)
    assert c.actors[US].provoked == 0
    c.w.day = 8
    attack(c, rung=7)
    perceive(c, int(US))
    assert (c.actors[US].provoked, c.actors[US].provoked_day) == (2, 8)


def test_blame_falls_on_the_named_or_is_shared_by_means() -> None:
    c = crisis()
    assign_blame(c, attack(c, believed_author=B, us_killed=1))
    assert c.actors[A].blame == 0
    named = c.actors[B].blame.item()
    assert named > 1
    c = crisis()
    c.actors[B].capability = 3 * c.actors[A].capability
    assign_blame(c, attack(c, believed_author=UNKNOWN, us_killed=1))
    assert c.actors[B].blame == pytest.approx(3 * c.actors[A].blame)
    assert c.actors[A].blame + c.actors[B].blame == pytest.approx(named)


def test_belief_in_tehrans_order_follows_bayes() -> None:
    c = crisis({"perception.sponsor_gain": 1, "perception.order_floor": 0.05})
    c.actors[A].control, c.actors[B].control = 0.9, 0.1
    likely = 0.9 + 0.1 * 0.05
    assert believed_order(c, 0.4, A) == pytest.approx(0.4 * likely / (0.4 * likely + 0.6 * (1 - likely)))
    c.actors[A].control = 1.0
    assert (believed_order(c, 1.0, A), believed_order(c, 0.0, A)) == (0.99, 0.01)  # nobody is ever quite sure
    c.actors[A].control = 0.9
    assert believed_order(c, 0.4, B) < 0.4 < believed_order(c, 0.4, A)
    assert believed_order(c, 0.4, B) < believed_order(c, 0.4, UNKNOWN) < believed_order(c, 0.4, A)
    c.p.perception_sponsor_gain = 0.0
    assert believed_order(c, 0.4, A) == pytest.approx(0.4)


def test_facades_hide_the_author() -> None:
    """Without evidence and error an attack under another name is named less often; a perfect shield hides all."""
    c = crisis({"perception.wrong_author": 0, "perception.facade_shield": 1})
    c.acts[Act.MI_SALVO].attributability = 0.8
    named = {}
    for facade in (0, 1):
        e = attack(c, facade=facade)
        found = []
        for world in range(1000):
            c.w.number = world
            attribute(c, c.w.n_events - 1)
            found.append(e.believed_author == A)
        named[facade] = sum(found) / 1000
    assert named == {0: pytest.approx(0.8, abs=0.04), 1: 0}


def test_the_wrong_author_is_another_group() -> None:
    c = crisis(groups=3)
    found = {wrong_author(c, A, u / 10) for u in range(10)}
    assert found == {B, B + 1}
    assert wrong_author(crisis(groups=1), A, 0.5) == UNKNOWN


def test_evidence_names_the_author_in_the_end() -> None:
    c = crisis({"perception.evidence_hazard": 0})
    e = attack(c, believed_author=UNKNOWN)
    c.w.day = 1
    find_evidence(c)
    assert e.believed_author == UNKNOWN
    c.p.perception_evidence_hazard = 1.0
    c.w.day = 15
    find_evidence(c)
    assert e.believed_author == UNKNOWN  # too late
    c.w.day = 14
    find_evidence(c)
    assert e.believed_author == A
    assert c.actors[A].blame > 0


def test_signals_move_resolve_as_far_as_they_are_believed() -> None:
    c = crisis({"signals.resolve": 0.5, "signals.weight": 1})
    c.actors[A].us_credibility, c.actors[B].us_credibility = 1.0, 0.5
    for row in (A, B):
        shift_resolve(c, row, 0.8)
    assert c.actors[A].us_resolve == pytest.approx(1 / (1 + 2.718281828459045**-0.8))
    assert 0.5 < c.actors[B].us_resolve < c.actors[A].us_resolve
    shift_resolve(c, A, -1e9)
    assert c.actors[A].us_resolve > 0.01


@pytest.mark.parametrize(("reading", "sign"), [(1.0, 1), (0.0, -1)])
def test_closure_is_read_as_preparation_or_as_retreat(reading: float, sign: int) -> None:
    c = crisis({"signals.retreat": 0.4})
    c.traits[A].closure_reading = reading
    c.acts[Act.US_DECIDE_CLOSURE].signal = 0.4
    note(c, Act.US_DECIDE_CLOSURE.value, int(US), int(IRAQ), NOBODY)
    before = c.actors[A].us_resolve.item()
    perceive(c, A)
    assert sign * (c.actors[A].us_resolve - before) > 0


def test_a_strike_is_feared_more_with_resolve_a_free_hand_and_dead_and_less_behind_a_facade() -> None:
    c = crisis({"signals.strike_prior": 0.1})
    usual = believed_strike(c, A)
    c.actors[A].us_resolve += 0.2
    assert believed_strike(c, A) > usual
    c = crisis({"signals.strike_prior": 0.1})
    c.w.free_hand = 1.0
    assert believed_strike(c, A) > usual
    c.w.free_hand = 0.0
    c.actors[US].violations = 3.0
    assert believed_strike(c, A) > usual
    c.actors[US].violations = 0.0
    c.traits[A].deniability = 1.0
    assert believed_strike(c, A) < usual


def test_an_open_threat_is_feared_as_far_as_it_is_believed() -> None:
    c = crisis({"signals.strike_prior": 0.1, "signals.threat": 1.5})
    usual = believed_strike(c, A)
    c.actors[US].commitment = 0.4
    assert believed_strike(c, A) == pytest.approx(1.6 * usual)
    c.actors[A].us_credibility = 0.5
    assert believed_strike(c, A) == pytest.approx(1.3 * usual)


def test_a_reply_within_two_weeks_is_learned_and_silence_counts_as_words() -> None:
    c = crisis()
    us = c.actors[US]
    us.answered[0], us.last_act_day, us.last_reply_class = 0, 0, Reply.LIMITED
    c.w.day = 5
    note(c, Act.IR_MISSILES.value, int(IRAN), int(US), NOBODY)
    perceive(c, int(US))
    assert us.answered[0] == 1
    assert us.replies[0, Reply.LIMITED, Reply.SEVERE] == us.memory
    us.answered[0], us.last_act_day, us.last_reply_class = 0, 0, Reply.DISPLAY
    c.w.n_seen, c.w.day = c.w.n_events, 15
    perceive(c, int(US))
    assert us.replies[0, Reply.DISPLAY, Reply.VERBAL] == us.memory
    assert us.answered[0] == 1


def test_old_cases_fade_against_new_ones() -> None:
    c = crisis({"perception.learning_half_life": 30})
    for _ in range(30):
        perceive(c, int(US))
    assert c.actors[US].memory == pytest.approx(2)


def test_compliance_is_fewer_attacks_arrests_and_guards() -> None:
    c = crisis({"perception.rate_reference": 0.4, "perception.rate_now": 0.4, "perception.guard_weight": 0})
    assert compliance(c) == 0
    c.actors[US].rate = 0.1
    assert compliance(c) == pytest.approx(0.75)
    c.w.arrest_day = 0
    assert compliance(c) == min(1, 0.75 + c.p.perception_arrest_weight)


@pytest.mark.parametrize(("line", "killed", "crossed"), [(1, 1, True), (3, 2, False), (3, 3, True)])
def test_a_public_line_is_crossed_by_as_many_dead_as_it_bears(line: int, killed: int, crossed: bool) -> None:
    c = crisis({"us.red_line": line})
    c.w.red_line_day, c.w.day = 4, 9
    attack(c, us_killed=killed)
    c.w.day = 10
    perceive(c, int(US))
    assert c.w.line_crossed_day == (9 if crossed else NEVER)


def test_a_line_that_nobody_drew_or_that_is_old_is_not_crossed() -> None:
    for drawn in (NEVER, -LINE_STANDS - 1):
        c = crisis()
        c.w.red_line_day = drawn
        attack(c, us_killed=1)
        perceive(c, int(US))
        assert c.w.line_crossed_day == NEVER


def test_a_red_line_crossed_and_not_answered_costs_credibility() -> None:
    c = crisis({"signals.unanswered": 0.5, "signals.credibility_low": 0})
    c.w.red_line_day = 0
    attack(c, us_killed=1)
    perceive(c, int(US))
    assert c.w.line_crossed_day == 0
    before = (c.actors[A].us_resolve.item(), c.actors[A].us_credibility.item())
    c.w.day = 13
    believe_worse(c)
    assert (c.actors[A].us_resolve, c.actors[A].us_credibility) == before
    c.w.day, c.w.strike_day = 14, 3
    believe_worse(c)
    assert (c.actors[A].us_resolve, c.actors[A].us_credibility) == before  # it was answered
    c.w.strike_day = -1
    believe_worse(c)
    assert c.actors[A].us_resolve < before[0]
    assert c.actors[A].us_credibility == pytest.approx(0.7 * before[1])


def test_striking_iran_answers_a_crossed_line() -> None:
    c = crisis()
    c.w.day = 6
    strike_iran(c, Act.US_STRIKE_IRAN.value, NOBODY)
    assert c.w.strike_day == 6


@pytest.mark.parametrize("act", [Act.US_PAUSE_CLOSURE, Act.US_REVERSE_CLOSURE])
def test_giving_up_a_closure_is_weakness_as_far_as_the_demand_is_not_met(act: Act) -> None:
    resolves = {}
    for met in (0.0, 0.5, 1.0):
        c = crisis({"perception.rate_reference": 0.4, "perception.rate_now": 0.4, "perception.guard_weight": 0})
        c.actors[US].rate = 0.4 * (1 - met)
        attack(c, by=int(US), act=act, target=int(IRAQ))
        perceive(c, A)
        resolves[met] = c.actors[A].us_resolve.item()
        lost = 0.3 * (1 - met) if act == Act.US_REVERSE_CLOSURE else 0
        assert c.actors[A].us_credibility == pytest.approx(1 - lost)
    assert resolves[0.0] < resolves[0.5] < resolves[1.0] == pytest.approx(c.p.signals_resolve)


@pytest.mark.parametrize(("act", "drawn", "gain"), [
    (Act.US_STRIKE_LIMITED, 0, 1.1),
    (Act.US_STRIKE_LIMITED, NEVER, 1.0),
    (Act.US_COMPLETE_CLOSURE, NEVER, 1.1),
    (Act.US_SHOW_OF_FORCE, 0, 1.0),
])  # fmt: skip
def test_a_kept_threat_is_believed_more_and_force_without_one_is_not(act: Act, drawn: int, gain: float) -> None:
    c = crisis({"signals.credibility_top": 2})
    c.w.red_line_day = drawn
    attack(c, by=int(US), act=act, target=B)
    perceive(c, A)
    assert c.actors[A].us_credibility == pytest.approx(gain)


def test_concessions_are_learned_and_routine_is_not() -> None:
    """Groups that join a truce concede to Washington; a release concedes to the group it frees."""
    c = crisis()
    for row, act, by, partner in ((int(US), Act.MI_TRUCE, A, 1), (A, Act.IQ_RELEASE, int(IRAQ), 1)):
        me = c.actors[row]
        me.last_act_day, me.last_reply_class, me.answered[:] = 0, Reply.VERBAL, 0
        attack(c, by=by, act=act, target=row)
        perceive(c, row)
        close_perception(c)
        assert me.replies[partner, Reply.VERBAL, Reply.CONCEDE] > 0
        me.answered[partner] = 0
        attack(c, by=by, act=act, target=row, rung=0)
        before = me.replies.copy()
        perceive(c, row)
        close_perception(c)
        assert (me.replies == before).all()


@pytest.mark.parametrize(("days", "share"), [(0, 0), (7, 0.5), (14, 1), (40, 1)])
def test_silence_counts_as_far_as_there_was_time_to_answer(days: int, share: float) -> None:
    c = crisis()
    me = c.actors[US]
    me.last_reply_class, me.answered[:] = Reply.PRESSURE, 0
    count_silence(me, days)
    assert me.replies[:, Reply.PRESSURE, Reply.VERBAL].tolist() == pytest.approx([share, share])
    assert me.answered.all()


def test_who_joins_a_truce_is_known_and_earns_no_blame() -> None:
    c = crisis({"truce.least_share": 0.01}, groups=9)  # each joins with one half at least
    declare(c)
    joint = c.w.events[: c.w.n_events]
    assert len(joint) > 0
    assert (joint["believed_author"] == joint["actor"]).all()
    assert (joint["target"] == US).all()
    c.w.day = 1
    find_evidence(c)
    assert sum(actor.blame for actor in c.actors) == 0
