"""Preconditions: which rows of the catalogue an actor can choose this morning."""

from __future__ import annotations

from sim.actions import Need
from sim.compiled import rule
from sim.errors import NoRuleError
from sim.rules.perceive import line_stood
from sim.rules.record import is_pending
from sim.world.names import FIRST_GROUP, NEVER, Class, Kind, Stage, Who
from sim.world.records import Crisis

REGULAR = 1
OPPORTUNITY = 2
UNTESTED, UNMET, MET = -1, 0, 1
"""Answers of a family of tests to a precondition."""


@rule
def feasible(c: Crisis, i: int, act: int) -> bool:
    """Whether actor ``i`` may choose the act now: enabled, not under way, not just done, and its need met."""
    a = c.acts[act]
    if a.enabled == 0 or a.need == Need.ORDER_ONLY or a.need == Need.JOINT_ONLY:
        return False
    if a.kind == Class.HOLD:
        return True
    if c.w.day - c.actors[i].last_used[act] < a.duration:
        return False
    if c.traits[i].kind == Kind.MILITIA and not moment_suits(c.actors[i].convened, a.need):
        return False
    return met(c, i, a.need) and not is_pending(c, act, i)


@rule
def moment_suits(convened: int, need: int) -> bool:
    """A group fires at an opportunity and weighs its other acts when it convenes."""
    fire = need == Need.ROCKET_OPPORTUNITY or need == Need.ROCKET_STOCK or need == Need.IED_OPPORTUNITY
    return (convened & (OPPORTUNITY if fire else REGULAR)) != 0


@rule
def met(c: Crisis, i: int, need: int) -> bool:
    """Whether a precondition holds.

    Raises:
        NoRuleError: no test knows it.
    """
    if need == Need.NONE:
        return True
    answer = met_embassy(c, need)
    if answer == UNTESTED:
        answer = met_force(c, need)
    if answer == UNTESTED:
        answer = met_politics(c, need)
    if answer == UNTESTED:
        answer = met_group(c, i, need)
    if answer == UNTESTED:
        raise NoRuleError("no test of sim/rules/feasible.py knows a precondition")
    return answer == MET


@rule
def verdict(holds: bool) -> int:
    """The answer of a test that knows a precondition."""
    return MET if holds else UNMET


@rule
def met_embassy(c: Crisis, need: int) -> int:
    """Needs of the embassy's stage and clock, and of the waiver: MET, UNMET, or UNTESTED if it is none of them."""
    w = c.w
    running = (w.stage == Stage.DECIDED or w.stage == Stage.DRAWDOWN) and w.paused == 0
    review = w.day == w.review_day or w.clock <= 0.0
    if need == Need.EMBASSY_OPEN:
        return verdict(w.stage == Stage.OPEN or w.stage == Stage.WARNED or w.stage == Stage.REVERSED)
    if need == Need.WAIVER_EXPIRING:
        return verdict(w.waiver_until - w.day <= 5)
    if need == Need.CLOCK_PAUSED_OR_WARNED:
        return verdict(is_warned(c) or w.paused == 1)
    if need == Need.CLOCK_ENDED:
        return verdict(running and w.clock <= 0.0)
    if need == Need.CLOCK_RUNNING:
        return verdict(running and review)
    if need == Need.CLOSURE_UNDER_WAY:
        return verdict((running or w.paused == 1) and review)
    return UNTESTED


@rule
def waiver_expires(c: Crisis) -> bool:
    """Whether the energy waiver has at most five days left."""
    return met_embassy(c, Need.WAIVER_EXPIRING.value) == MET


@rule
def clock_has_ended(c: Crisis) -> bool:
    """Whether the clock of a closure has run out."""
    return met_embassy(c, Need.CLOCK_ENDED.value) == MET


@rule
def is_warned(c: Crisis) -> bool:
    """Whether Baghdad was warned long enough ago; withdrawing staff for a time is no warning, and undoes none."""
    w = c.w
    at_hand = w.stage == Stage.WARNED or w.stage == Stage.PARTIAL
    return at_hand and w.warned_day > NEVER and w.day - w.warned_day >= c.p.embassy_notice


@rule
def met_force(c: Crisis, need: int) -> int:
    """Needs of acts of force: a recent attack, a crossed line, a commander found, a fight already on that rung."""
    w, us = c.w, c.actors[Who.US.value]
    attacked = w.day - w.attack_day <= 14
    crossed = us.unanswered >= c.traits[Who.US.value].red_line
    if need == Need.ATTACKED:
        return verdict(attacked or c.traits[Who.US.value].preempts > 0.0)
    if need == Need.LINE_CROSSED:
        return verdict(crossed or (attacked and w.staff < 0.34))
    if need == Need.COMMANDER_FOUND:
        return verdict(w.day - w.found_day <= 5 and (attacked or c.traits[Who.US.value].preempts > 0.0))
    if need == Need.RUNG_TEN:
        blamed = crossed and held_responsible(c) >= 0.8
        return verdict(w.day - w.missile_day <= 14 or (blamed and w.day - w.us_ten_day <= 14))
    if need == Need.AVENGE:
        return verdict(w.day - w.iran_hit_day <= 30)
    return UNTESTED


@rule
def held_responsible(c: Crisis) -> float:
    """How far Washington holds Tehran responsible: a belief, and beyond doubt while it has said so in public.

    "If one American is killed, I will hold Iran responsible" (23 December 2020) is a commitment, not a belief.
    """
    return 1.0 if line_stood(c, c.w.day) else c.actors[Who.US.value].sponsor


@rule
def met_politics(c: Crisis, need: int) -> int:
    """Needs of Iraqi, Sadrist, coalition and aid acts."""
    w, p = c.w, c.p
    if need == Need.AID_FLOWING:
        return verdict(w.aid > 0.5)
    if need == Need.AID_WITHHELD:
        return verdict(w.aid < 0.5)
    if need == Need.TROOP_STEP_LEFT:
        return verdict(w.troop_goal > p.forces_floor)
    if need == Need.WINTER:
        return verdict(c.plan.calendar[w.day].winter == 1)
    if need == Need.EVIDENCE:
        return verdict(evidence(c) >= p.baghdad_evidence or w.authority >= p.baghdad_will)
    if need == Need.HOLDING:
        return verdict(prisoners(c) > 0)
    if need == Need.VOTE_CALLED:
        return verdict(w.day - w.called_day <= 21 and w.expulsion_day < w.called_day)
    if need == Need.FISCAL_STRESS:
        return verdict(w.stress > p.economy_emergency)
    if need == Need.US_LEAVING:
        leaving = w.stage == Stage.DECIDED or w.stage == Stage.DRAWDOWN or w.stage == Stage.CLOSED
        return verdict(leaving and w.coalition_stays == 1)
    return UNTESTED


@rule
def met_group(c: Crisis, i: int, need: int) -> int:
    """Needs of militia acts: an opportunity, stock, a crowd, a truce to leave."""
    me, w = c.actors[i], c.w
    if need == Need.ROCKET_OPPORTUNITY:
        return verdict(me.rocket_chance == 1)
    if need == Need.ROCKET_STOCK:
        return verdict(me.rocket_chance == 1 and me.capability >= c.p.combat_barrage_stock)
    if need == Need.IED_OPPORTUNITY:
        return verdict(me.ied_chance == 1)
    if need == Need.CROWD:
        return verdict(w.crowd >= 0.3 and w.stage != Stage.CLOSED)
    if need == Need.IN_TRUCE:
        return verdict(me.in_truce == 1)
    return UNTESTED


@rule
def evidence(c: Crisis) -> float:
    """Largest share of the blame that falls on one group, once there is anything to blame."""
    largest, total = 0.0, 0.0
    for g in range(FIRST_GROUP, len(c.actors)):
        total += c.actors[g].blame
        largest = max(largest, c.actors[g].blame)
    return largest / total if total > 0.5 else 0.0


@rule
def prisoners(c: Crisis) -> int:
    """Members of groups whom Baghdad holds."""
    held = 0
    for g in range(FIRST_GROUP, len(c.actors)):
        held += c.actors[g].prisoners
    return held
