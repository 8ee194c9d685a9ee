"""Utility of an option: a sum of named terms, in red lines.

Objectives weigh the catalogue's expected effects; anticipation, effort, commitments, the patron's order, the truce, the
street and inertia follow. ``sim explain`` prints the row.
"""

from __future__ import annotations

from typing import Any

from sim.actions import Act
from sim.compiled import rule
from sim.rules.anticipate import anticipation, severe_reply
from sim.rules.commit import commitment_term
from sim.rules.feasible import clock_has_ended, held_responsible, waiver_expires
from sim.rules.modulate import calm, dread
from sim.rules.truce import truce_term
from sim.world.names import FIRST_GROUP, Aim, Class, Kind, Term, Who
from sim.world.records import Crisis

N_AIMS = len(Aim)
N_TERMS = len(Term)


@rule
def weigh(
    c: Crisis,
    i: int,
    act: int,
    target: int,
    modulators: tuple[float, float, float, float, float, float, float, float],
    option: Any,
) -> None:
    """Fill the terms and the utility of one option."""
    a, t = c.acts[act], c.traits[i]
    for k in range(N_AIMS):
        urgency = urgency_of_force(c, i, k, modulators[k]) if a.kind == Class.FORCE else modulators[k]
        option.terms[k] = t.weights[k] * urgency * a.effects[k]
    option.terms[Term.CALM] *= risk_of_war(c, i, act, target)
    scale_by_belief(c, i, act, target, option)
    option.terms[Term.ANTICIPATION] = t.anticipation * anticipation(c, i, act, target)
    option.terms[Term.EFFORT] = -effort(c, i, act)
    option.terms[Term.COMMITMENT] = commitment_term(c, i, act)
    option.terms[Term.ORDER] = order_term(c, i, act)
    option.terms[Term.TRUCE] = truce_term(c, i, act)
    option.terms[Term.STREET] = street_term(c, i, act)
    option.terms[Term.INERTIA] = t.inertia if is_default(c, i, act) else 0.0
    option.utility = sum_terms(option)


@rule
def risk_of_war(c: Crisis, i: int, act: int, target: int) -> float:
    """How much nearer than in ordinary times an act brings a major war, from 1.

    Force of one's own by the severe reply that is expected. Orders and arms of Tehran by the American strike that it
    expects for what its groups do with them; with the season, a war weighs at most twice as much as in ordinary times.
    """
    kind = c.acts[act].kind
    if i == Who.IRAN and (kind == Class.PROXY or kind == Class.RESTRAIN):
        return dread(c, i, 2.0 / calm(c, Kind.IRAN.value))
    return 1.0 + severe_reply(c, i, act, target)


@rule
def urgency_of_force(c: Crisis, i: int, aim: int, usual: float) -> float:
    """How much an objective matters to an act of force: name and home only as far as there is an affront to answer."""
    if aim == Aim.NAME:
        return affront(c, i)
    return usual * min(1.0, c.actors[i].violations) if aim == Aim.HOME else usual


@rule
def affront(c: Crisis, i: int) -> float:
    """What force can restore of a name: the stock of violations, more if one had committed oneself; at most 5.

    Force answers an affront; where there is none it restores nothing (O'Neill 1999 on honour), and the public at home
    backs force that restrains an aggressor, not force without a cause (Jentleson 1992). Record: no strike followed any
    of some hundred attacks that hurt no American.
    """
    me = c.actors[i]
    return min(5.0, me.violations * (1.0 + me.commitment))


@rule
def is_default(c: Crisis, i: int, act: int) -> bool:
    """Whether an act is what happens if nothing is changed: holding, or closing once the clock has run out."""
    if i == Who.US and clock_has_ended(c):
        return act == Act.US_COMPLETE_CLOSURE
    return c.acts[act].kind == Class.HOLD


@rule
def sum_terms(option: Any) -> float:
    """Sum of the terms in their order, so that an explanation adds up to the last bit."""
    total = 0.0
    for k in range(N_TERMS):
        total += option.terms[k]
    return total


@rule
def scale_by_belief(c: Crisis, i: int, act: int, target: int, option: Any) -> None:
    """Hitting the wrong one hurts nobody and restores nothing.

    Force is worth what one believes of the author, and what is aimed at Tehran, be it force, sanctions or a red line,
    what one believes of its hand in the attacks. Letting the energy waiver lapse costs presence in Baghdad.
    """
    if i != Who.US:
        return
    if c.acts[act].kind == Class.FORCE or target == Who.IRAN:
        belief = held_responsible(c) if target == Who.IRAN else authorship(c, target)
        share = 1.0 - c.p.perception_attribution_weight * (1.0 - belief)
        option.terms[Term.HURT] *= share
        option.terms[Term.NAME] *= share
    if c.acts[act].kind == Class.HOLD and waiver_expires(c):
        option.terms[Term.STAY] -= c.traits[Who.US.value].weights[Aim.STAY] * c.p.economy_lapse_cost


@rule
def authorship(c: Crisis, target: int) -> float:
    """Washington's belief that the group it would strike is the author: its share of the blame."""
    total = 0.0
    for g in range(FIRST_GROUP, len(c.actors)):
        total += c.actors[g].blame
    if target < FIRST_GROUP or total <= 0.0:
        return 0.0
    return c.actors[target].blame / total


@rule
def effort(c: Crisis, i: int, act: int) -> float:
    """Effort of an act; the freed hand makes force cheaper as staff leave the embassy."""
    a = c.acts[act]
    if i == Who.US and a.kind == Class.FORCE:
        return a.cost * (1.0 - c.p.embassy_freed_hand * c.w.free_hand)
    return a.cost


@rule
def order_term(c: Crisis, i: int, act: int) -> float:
    """The patron's order: obedience grows with control; convoy bombs heed it little (Byman and Kreps 2010)."""
    if i < FIRST_GROUP or c.acts[act].kind != Class.ATTACK:
        return 0.0
    me, p = c.actors[i], c.p
    d = float(me.directive) * me.directive_strength
    pull = p.proxies_order_weight * d
    if d < 0.0:
        pull += p.proxies_defiance_cost * d
    return me.control * pull * (p.proxies_ied_share if act == Act.MI_CONVOY_IED else 1.0)


@rule
def street_term(c: Crisis, i: int, act: int) -> float:
    """After a plea for calm any attack costs a group with a political stake."""
    if i < FIRST_GROUP or c.acts[act].kind != Class.ATTACK or c.w.day > c.w.plea_until:
        return 0.0
    price = c.p.baghdad_plea_price * c.traits[i].stake
    return -price * (c.p.proxies_ied_share if act == Act.MI_CONVOY_IED else 1.0)


@rule
def target_of(c: Crisis, i: int, act: int) -> int:
    """Whom an act is aimed at: its natural addressee, or the group most to blame."""
    if act == Act.US_STRIKE_IRAN or act == Act.US_DESIGNATE or act == Act.US_PUBLIC_RED_LINE:
        return Who.IRAN.value
    if c.acts[act].kind == Class.FORCE and i == Who.US:
        return most_blamed(c)
    if act == Act.IQ_ARREST:
        return most_blamed(c)
    if act == Act.IQ_RELEASE:
        return most_prisoners(c)
    if i == Who.US:
        return Who.IRAQ.value
    if i == Who.IRAN:
        return Who.IRAQ.value if act == Act.IR_CUT_GAS else Who.US.value
    if i >= FIRST_GROUP:
        return Who.IRAQ.value if act == Act.MI_PARADE or act == Act.MI_ASSASSINATE else Who.US.value
    return -1


@rule
def most_blamed(c: Crisis) -> int:
    """The group with the largest blame; before any attack the one with most means and closest to Tehran."""
    best, most = -1, -1.0
    for g in range(FIRST_GROUP, len(c.actors)):
        score = c.actors[g].blame + 0.01 * c.actors[g].capability * c.actors[g].control
        if score > most:
            best, most = g, score
    return best


@rule
def most_prisoners(c: Crisis) -> int:
    """The group of which Baghdad holds most members."""
    best, most = -1, 0
    for g in range(FIRST_GROUP, len(c.actors)):
        if c.actors[g].prisoners > most:
            best, most = g, c.actors[g].prisoners
    return best
