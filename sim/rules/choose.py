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
    """The act that actor ``i`` chooses from a menu: drawn by the chances that its policy gives."""
    chances(c, i, menu)
    return draw(c.w.options, menu, luck(c, i, Draw.CLASS.value), luck(c, i, Draw.INSTANCE.value))


@rule
def chances(c: Crisis, i: int, menu: Any) -> None:
    """Probability of every act on a menu by the policy of actor ``i``, into ``options[a].chance``.

    Choosing, explaining, scoring and learning all read it; the chances of a menu with a feasible act sum to 1.
    """
    policy = c.traits[i].policy
    if policy == Policy.PASSIVE or policy == Policy.SCRIPTED:
        certain(c, menu, first_hold(c, menu))
    elif policy == Policy.TIT_FOR_TAT:
        tit_for_tat(c, i, menu)
    elif policy == Policy.EXPECTED_UTILITY:
        certain(c, menu, best_option(c, menu))
    elif policy == Policy.OUTSIDE:
        certain(c, menu, outside(c, i, menu))
    else:
        quantal(c.w.options, menu, precision_of(c, i))


@rule
def precision_of(c: Crisis, i: int) -> float:
    """Precision of the choices of actor ``i``, 1/red line; none where it chooses at random."""
    return 0.0 if c.traits[i].policy == Policy.RANDOM else c.traits[i].rationality


@rule
def quantal(options: Any, menu: Any, precision: float) -> None:
    """Two-stage quantal response: the chance of every act on a menu into ``options[a].chance``.

    Args:
        options: (n_actions,) OPTION, by act.
        menu: (n,) acts, in the order in which they are gone through.
        precision: of the choice, 1/red line.
    """
    best_by_class(options, menu)
    top = best_of_all(options)
    for k in range(N_CLASSES):
        options[k].class_sum = 0.0
    for k in range(len(menu)):
        o = options[menu[k]]
        o.chance = 0.0
        if o.feasible == 1:
            o.chance = math.exp(SHARPER * precision * (o.utility - options[o.kind].class_best))
            options[o.kind].class_sum += o.chance
    total = 0.0
    for k in range(N_CLASSES):
        if options[k].class_best > LOWEST:
            share = math.exp(precision * (options[k].class_best - top))
            total += share
            options[k].class_sum = share / options[k].class_sum
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1:
            o.chance *= options[o.kind].class_sum / total


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
def best_of_all(options: Any) -> float:
    """Best utility over the classes; LOWEST where the menu has nothing feasible."""
    top = LOWEST
    for k in range(N_CLASSES):
        top = max(top, options[k].class_best)
    return top


@rule
def draw(options: Any, menu: Any, u_class: float, u_instance: float) -> int:
    """Draw an act by the chances of a menu: by one uniform its class, by the other which of the class; else NOBODY.

    Args:
        options: (n_actions,) OPTION, by act, with their chances.
        menu: (n,) acts.
        u_class: uniform number for the class.
        u_instance: uniform number for the instance.
    """
    for k in range(N_CLASSES):
        options[k].class_sum = 0.0
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1:
            options[o.kind].class_sum += o.chance
    reached, kind = 0.0, NOBODY
    for k in range(N_CLASSES):
        if options[k].class_sum > 0.0:
            reached += options[k].class_sum
            kind = k
            if u_class < reached:
                break
    return draw_instance(options, menu, kind, u_instance) if kind >= 0 else NOBODY


@inlined
def draw_instance(options: Any, menu: Any, kind: int, u: float) -> int:
    """Draw an act of a class on the menu in proportion to its chance."""
    reached, chosen = 0.0, NOBODY
    for k in range(len(menu)):
        o = options[menu[k]]
        if o.feasible == 1 and o.kind == kind and o.chance > 0.0:
            reached += o.chance
            chosen = menu[k]
            if u * options[kind].class_sum < reached:
                return chosen
    return chosen


@rule
def certain(c: Crisis, menu: Any, act: int) -> None:
    """One act of the menu is certain; none if it is NOBODY."""
    for a in menu:
        c.w.options[a].chance = 1.0 if a == act else 0.0


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
def tit_for_tat(c: Crisis, i: int, menu: Any) -> None:
    """Answer the gravest act against me of the last three days on the highest rung not above it; else hold.

    Forgives with probability ``politics.forgiveness`` (Axelrod 1984, with generosity).
    """
    me, hold = c.actors[i], first_hold(c, menu)
    certain(c, menu, hold)
    if me.provoked < 0 or c.w.day - me.provoked_day > 3:
        return
    received, best, reached = c.w.events[me.provoked].rung, hold, 0
    for a in menu:
        rung = c.acts[a].rung
        if c.w.options[a].feasible == 1 and reached < rung <= received:
            best, reached = a, rung
    if best != hold:
        c.w.options[hold].chance = c.p.politics_forgiveness
        c.w.options[best].chance = 1.0 - c.p.politics_forgiveness


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
