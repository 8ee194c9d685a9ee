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
from sim.rules.see import offer, row_of_offer, see
from sim.world.names import NOBODY, Class, Draw, Policy
from sim.world.outside import ask
from sim.world.records import Crisis

N_CLASSES = len(Class)
LOWEST = -1e300
SHARPER = 2.0
"""How much more precise the choice of the instance is than that of the class."""


@rule
def choose(c: Crisis, i: int, first: int, last: int) -> int:
    """Row of the chosen option among ``first..last-1``, by the policy of actor ``i``."""
    policy = c.traits[i].policy
    if policy == Policy.PASSIVE or policy == Policy.SCRIPTED:
        return first_hold(c, first, last)
    if policy == Policy.TIT_FOR_TAT:
        return tit_for_tat(c, i, first, last)
    if policy == Policy.EXPECTED_UTILITY:
        return best_option(c, first, last)
    if policy == Policy.OUTSIDE:
        return outside(c, i, first, last)
    precision = 0.0 if policy == Policy.RANDOM else c.traits[i].rationality
    u_class, u_instance = luck(c, i, Draw.CLASS.value), luck(c, i, Draw.INSTANCE.value)
    return quantal(c.w.options, first, last, precision, u_class, u_instance)


@rule
def quantal(options: Any, first: int, last: int, precision: float, u_class: float, u_instance: float) -> int:
    """Two-stage quantal response over feasible options; returns the row drawn by the two uniforms."""
    menu = options[first:last]
    best_by_class(options, menu)
    chosen = draw_class(options, precision, u_class)
    drawn = draw_instance(menu, chosen, options[chosen].class_best, SHARPER * precision, u_instance)
    return first + drawn if drawn >= 0 else NOBODY


@inlined
def best_by_class(options: Any, menu: Any) -> None:
    """Best utility of each class on the menu into ``options[k].class_best``; LOWEST where a class has none."""
    for k in range(N_CLASSES):
        options[k].class_best = LOWEST
    for a in range(len(menu)):
        o = menu[a]
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
def draw_instance(menu: Any, kind: int, top: float, precision: float, u: float) -> int:
    """Draw an option of the class, its place on the menu, with probability proportional to exp(precision * utility)."""
    total = 0.0
    for a in range(len(menu)):
        if menu[a].feasible == 1 and menu[a].kind == kind:
            total += math.exp(precision * (menu[a].utility - top))
    reached, chosen = 0.0, NOBODY
    for a in range(len(menu)):
        if menu[a].feasible == 1 and menu[a].kind == kind:
            reached += math.exp(precision * (menu[a].utility - top))
            chosen = a
            if u * total < reached:
                return chosen
    return chosen


@rule
def spell_out(options: Any, first: int, last: int, precision: float) -> None:
    """Write the probability of every option into ``options[a].chance``; for explanations and tests."""
    best_by_class(options, options[first:last])
    top = LOWEST
    for k in range(N_CLASSES):
        top = max(top, options[k].class_best)
    total = 0.0
    for k in range(N_CLASSES):
        if options[k].class_best > LOWEST:
            total += math.exp(precision * (options[k].class_best - top))
    for a in range(first, last):
        options[a].chance = 0.0
        if options[a].feasible == 1:
            kind = options[a].kind
            share = math.exp(precision * (options[kind].class_best - top)) / total
            options[a].chance = share * instance_share(options, first, last, a, SHARPER * precision)


@rule
def instance_share(options: Any, first: int, last: int, a: int, precision: float) -> float:
    """Probability of option ``a`` within its class."""
    top, total = options[options[a].kind].class_best, 0.0
    for b in range(first, last):
        if options[b].feasible == 1 and options[b].kind == options[a].kind:
            total += math.exp(precision * (options[b].utility - top))
    return math.exp(precision * (options[a].utility - top)) / total


@rule
def first_hold(c: Crisis, first: int, last: int) -> int:
    """The option that holds."""
    for a in range(first, last):
        if c.w.options[a].feasible == 1 and c.w.options[a].kind == Class.HOLD:
            return a
    return NOBODY


@rule
def best_option(c: Crisis, first: int, last: int) -> int:
    """The option with the largest utility: a best reply without noise (Bueno de Mesquita's expected utility)."""
    best = NOBODY
    for a in range(first, last):
        if c.w.options[a].feasible == 1 and (best == NOBODY or c.w.options[a].utility > c.w.options[best].utility):
            best = a
    return best


@rule
def tit_for_tat(c: Crisis, i: int, first: int, last: int) -> int:
    """Answer the gravest act against me of the last three days on the highest rung not above it; else hold.

    Forgives with probability ``politics.forgiveness`` (Axelrod 1984, with generosity).
    """
    me = c.actors[i]
    hold = first_hold(c, first, last)
    if me.provoked < 0 or c.w.day - me.provoked_day > 3 or luck(c, i, Draw.INSTANCE.value) < c.p.politics_forgiveness:
        return hold
    received, best, reached = c.w.events[me.provoked].rung, hold, 0
    for a in range(first, last):
        rung = c.acts[a].rung
        if c.w.options[a].feasible == 1 and reached < rung <= received:
            best, reached = a, rung
    return best


@rule
def outside(c: Crisis, i: int, first: int, last: int) -> int:
    """The option that a policy from outside chooses; once one has failed the world is void, and everybody holds."""
    w = c.w
    if w.fault == 1:
        return first_hold(c, first, last)
    see(c, i, w.seen[0])
    w.n_offers = offer(c, first, last)
    w.answer = ask(c.traits[i].outside, w.seen[0], w.offers[: w.n_offers])
    if w.answer < 0 or w.answer >= w.n_offers:
        w.fault = 1
        return first_hold(c, first, last)
    return row_of_offer(c, first, last, w.answer)
