"""Choice among weighed options: quantal response in two stages, and the rival rules.

Logit quantal response (McKelvey and Palfrey 1995; in international relations Signorino 1999). First the class of act,
judged by its best instance, then the instance: a long menu of harmless options must not drown one strong motive, and a
duplicate must change nothing. Stable sums: the maximum is subtracted before every exponential.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inlined, rule
from sim.rules.luck import luck
from sim.rules.see import act_of_offer, offer, see
from sim.world.names import NOBODY, Class, Draw, Policy
from sim.world.outside import ask
from sim.world.records import Crisis

N_CLASSES = len(Class)
LOWEST = -1e300
SHARPER = 2.0
"""How much more precise the choice of the instance is than that of the class."""


@rule
def choose(c: Crisis, i: int, menu: Any) -> int:
    """The act chosen from a menu, by the policy of actor ``i``."""
    policy = c.traits[i].policy
    if policy == Policy.PASSIVE or policy == Policy.SCRIPTED:
        return first_hold(c, menu)
    if policy == Policy.TIT_FOR_TAT:
        return tit_for_tat(c, i, menu)
    if policy == Policy.EXPECTED_UTILITY:
        return best_option(c, menu)
    if policy == Policy.OUTSIDE:
        return outside(c, i, menu)
    precision = 0.0 if policy == Policy.RANDOM else c.traits[i].rationality
    u_class, u_instance = luck(c, i, Draw.CLASS.value), luck(c, i, Draw.INSTANCE.value)
    return quantal(c.w.options, menu, precision, u_class, u_instance)


@rule
def quantal(options: Any, menu: Any, precision: float, u_class: float, u_instance: float) -> int:
    """Two-stage quantal response over the feasible options of a menu; returns the act drawn by the two uniforms.

    Args:
        options: (n_actions,) OPTION, by act.
        menu: (n,) acts, in the order in which they are gone through.
        precision: of the choice, 1/red line.
        u_class: uniform number for the class.
        u_instance: uniform number for the instance.
    """
    best_by_class(options, menu)
    chosen = draw_class(options, precision, u_class)
    return draw_instance(options, menu, chosen, SHARPER * precision, u_instance)


@inlined
def best_by_class(options: Any, menu: Any) -> None:
    """Best utility of each class on the menu into ``options[k].class_best``; LOWEST where a class has none."""
    for k in range(N_CLASSES):
        options[k].class_best = LOWEST
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1 and o.utility > options[o.kind].class_best:
            options[o.kind].class_best = o.utility


@inlined
def draw_class(options: Any, precision: float, u: float) -> int:
    """Draw a class with probability proportional to exp(precision * its best utility)."""
    top = LOWEST
    for k in range(N_CLASSES):
        top = max(top, options[k].class_best)
    total = 0.0
    for k in range(N_CLASSES):
        if options[k].class_best > LOWEST:
            total += math.exp(precision * (options[k].class_best - top))
    reached, chosen = 0.0, 0
    for k in range(N_CLASSES):
        if options[k].class_best > LOWEST:
            reached += math.exp(precision * (options[k].class_best - top))
            chosen = k
            if u * total < reached:
                return chosen
    return chosen


@inlined
def draw_instance(options: Any, menu: Any, kind: int, precision: float, u: float) -> int:
    """Draw an act of the class with probability proportional to exp(precision * utility); NOBODY if it has none."""
    top, total = options[kind].class_best, 0.0
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1 and o.kind == kind:
            total += math.exp(precision * (o.utility - top))
    reached, chosen = 0.0, NOBODY
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1 and o.kind == kind:
            reached += math.exp(precision * (o.utility - top))
            chosen = menu[k]
            if u * total < reached:
                return chosen
    return chosen


@rule
def spell_out(options: Any, menu: Any, precision: float) -> None:
    """Write the probability of every option into ``options[a].chance``; for explanations and tests."""
    best_by_class(options, menu)
    top = LOWEST
    for k in range(N_CLASSES):
        top = max(top, options[k].class_best)
    total = 0.0
    for k in range(N_CLASSES):
        if options[k].class_best > LOWEST:
            total += math.exp(precision * (options[k].class_best - top))
    for a in menu:
        options[a].chance = 0.0
        if options[a].feasible == 1:
            kind = options[a].kind
            share = math.exp(precision * (options[kind].class_best - top)) / total
            options[a].chance = share * instance_share(options, menu, a, SHARPER * precision)


@rule
def instance_share(options: Any, menu: Any, a: int, precision: float) -> float:
    """Probability of option ``a`` within its class."""
    top, total = options[options[a].kind].class_best, 0.0
    for b in menu:
        if options[b].feasible == 1 and options[b].kind == options[a].kind:
            total += math.exp(precision * (options[b].utility - top))
    return math.exp(precision * (options[a].utility - top)) / total


@rule
def first_hold(c: Crisis, menu: Any) -> int:
    """The option that holds."""
    for a in menu:
        if c.w.options[a].feasible == 1 and c.w.options[a].kind == Class.HOLD:
            return a
    return NOBODY


@rule
def best_option(c: Crisis, menu: Any) -> int:
    """The option with the largest utility: a best reply without noise (Bueno de Mesquita's expected utility)."""
    best = NOBODY
    for a in menu:
        if c.w.options[a].feasible == 1 and (best == NOBODY or c.w.options[a].utility > c.w.options[best].utility):
            best = a
    return best


@rule
def tit_for_tat(c: Crisis, i: int, menu: Any) -> int:
    """Answer the gravest act against me of the last three days on the highest rung not above it; else hold.

    Forgives with probability ``politics.forgiveness`` (Axelrod 1984, with generosity).
    """
    me = c.actors[i]
    hold = first_hold(c, menu)
    if me.provoked < 0 or c.w.day - me.provoked_day > 3 or luck(c, i, Draw.INSTANCE.value) < c.p.politics_forgiveness:
        return hold
    received, best, reached = c.w.events[me.provoked].rung, hold, 0
    for a in menu:
        rung = c.acts[a].rung
        if c.w.options[a].feasible == 1 and reached < rung <= received:
            best, reached = a, rung
    return best


@rule
def outside(c: Crisis, i: int, menu: Any) -> int:
    """The option that a policy from outside chooses; once one has failed the world is void, and everybody holds."""
    w = c.w
    if w.fault == 1:
        return first_hold(c, menu)
    see(c, i, w.seen[0])
    w.n_offers = offer(c, menu)
    w.answer = ask(c.traits[i].outside, w.seen[0], w.offers[: w.n_offers])
    if w.answer < 0 or w.answer >= w.n_offers:
        w.fault = 1
        return first_hold(c, menu)
    return act_of_offer(c, menu, w.answer)
