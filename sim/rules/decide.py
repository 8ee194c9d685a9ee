"""Decision: who convenes, what is on the menu, what is chosen. All decide on the same morning state."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import rule
from sim.rules.choose import choose
from sim.rules.feasible import OPPORTUNITY, REGULAR, feasible, waiver_expires
from sim.rules.ladder import STRIKE_WEIGHT, WEIGHTS
from sim.rules.luck import luck
from sim.rules.modulate import modulators
from sim.rules.truce import truce_is_weighed
from sim.rules.weigh import target_of, weigh
from sim.world.names import FIRST_GROUP, NOBODY, Draw, Stage, Who
from sim.world.records import Crisis

GRAVE = WEIGHTS[6] / STRIKE_WEIGHT
"""Salience of a day from which groups meet: an event as grave as a rupture, or worse."""


@rule
def convene(c: Crisis, i: int) -> None:
    """Whether the actor decides today; groups at opportunities too."""
    me = c.actors[i]
    me.convened = REGULAR if luck(c, i, Draw.CONVENE.value) < chance_of_sitting(c, i) else 0
    if i >= FIRST_GROUP and (me.rocket_chance == 1 or me.ied_chance == 1):
        me.convened |= OPPORTUNITY


@rule
def chance_of_sitting(c: Crisis, i: int) -> float:
    """Probability that the actor sits today, opportunities apart: by its pace, or for certain when it must.

    Groups meet after a grave event. A truce is conditional: who is in it weighs it anew about once a week, as those do
    who are not.
    """
    me = c.actors[i]
    if i == Who.US and must_convene(c):
        return 1.0
    if i >= FIRST_GROUP and (me.salience[0] >= GRAVE or (me.in_truce == 1 and truce_is_weighed(c))):
        return 1.0
    return pace(c, i)


@rule
def pace(c: Crisis, i: int) -> float:
    """Probability of sitting by a routine pace, quickened by salient events.

    The pace is that of ICB responses (median 5 days from trigger to major response; the US after an American death 2).
    """
    me, t = c.actors[i], c.traits[i]
    salience = 0.0
    for k in range(len(me.salience)):
        salience += me.salience[k]
    return 1.0 - math.exp(-(t.routine_pace + t.crisis_pace * salience))


@rule
def must_convene(c: Crisis) -> bool:
    """Washington meets on the weekly review of a closure, at the end of its clock, and before a waiver expires."""
    w = c.w
    under_way = w.stage == Stage.DECIDED or w.stage == Stage.DRAWDOWN
    expiring = w.day <= w.waiver_until and waiver_expires(c)
    return (under_way and (w.day == w.review_day or w.clock <= 0.0)) or expiring


@rule
def menu_of(c: Crisis, kind: int) -> Any:
    """The acts of a kind of actor, (n,) int, in the order of their ids."""
    return c.plan.menu[kind][: c.plan.menu_size[kind]]


@rule
def lay_out(c: Crisis, i: int, menu: Any) -> None:
    """Weigh every feasible option of actor ``i`` on a menu."""
    m = modulators(c, i)
    for a in menu:
        o = c.w.options[a]
        o.feasible = 1 if feasible(c, i, a) else 0
        o.kind = c.acts[a].kind
        if o.feasible == 1:
            o.target = target_of(c, i, a)
            weigh(c, i, a, o.target, m, o)


@rule
def decide(c: Crisis, i: int) -> None:
    """Choose the act of actor ``i`` for today, if it convenes; the choice waits until everybody has chosen."""
    me = c.actors[i]
    me.choice, me.target = NOBODY, NOBODY
    if i != Who.IRAN:
        convene(c, i)
    if me.convened == 0:
        return
    menu = menu_of(c, c.traits[i].kind)
    lay_out(c, i, menu)
    me.choice = choose(c, i, menu)
    if me.choice >= 0:
        me.target = c.w.options[me.choice].target
