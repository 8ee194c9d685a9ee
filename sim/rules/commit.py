"""Commitments and their price: audience costs of retreat, the cost of threatening at all, the pull of a crossed line.

Audience costs exist and rise with the level of escalation (Fearon 1994; Tomz 2007); part of what experiments measure is
a cost of belligerence (Kertzer and Brutger 2016); the cost shrinks when the leader can point to new information
(Levendusky and Horowitz 2012), here Baghdad's compliance.
"""

from __future__ import annotations

import math

from sim.actions import Act
from sim.compiled import rule
from sim.rules.modulate import us_calendar
from sim.rules.perceive import compliance
from sim.world.names import NEVER, Class, Who
from sim.world.records import Crisis


@rule
def commitment_term(c: Crisis, i: int, act: int) -> float:
    """What open threats add to the utility of an act."""
    return belligerence(c, act) + retreat(c, i, act) + crossed_line(c, i, act)


@rule
def belligerence(c: Crisis, act: int) -> float:
    """Cost of issuing a threat, in proportion to the commitment it opens."""
    return -c.p.signals_belligerence * c.acts[act].commitment


@rule
def retreat(c: Crisis, i: int, act: int) -> float:
    """Audience cost of backing down from the closure, less what compliance justifies."""
    if i != Who.US or (act != Act.US_REVERSE_CLOSURE and act != Act.US_PAUSE_CLOSURE):
        return 0.0
    return audience_cost(c, act) * (0.5 if act == Act.US_PAUSE_CLOSURE else 1.0) + leverage(c)


@rule
def audience_cost(c: Crisis, act: int) -> float:
    """The price of retreat: commitment times the level of the threat, less what new information excuses."""
    me, p = c.actors[Who.US.value], c.p
    excuse = 1.0 - p.signals_excuse * compliance(c)
    return -p.signals_audience_cost * me.commitment * (me.commitment_rung / 6.0) * excuse * us_calendar(c)


@rule
def leverage(c: Crisis) -> float:
    """What reversing realises: the demand that has been met."""
    return c.p.embassy_leverage * compliance(c)


@rule
def crossed_line(c: Crisis, i: int, act: int) -> float:
    """Doing nothing or talking while one's own dead are unanswered costs reputation, more if one had drawn the line."""
    me, line = c.actors[i], c.traits[i].red_line
    kind = c.acts[act].kind
    if line <= 0.0 or me.unanswered < line or (kind != Class.HOLD and kind != Class.TALK):
        return 0.0
    bound = c.p.signals_implicit_line + me.commitment
    return -c.p.signals_crossed_line * bound * min(me.violations, 5.0)


@rule
def commit(c: Crisis, i: int, act: int) -> None:
    """Open the commitment that an act makes."""
    bind(c, i, act, c.acts[act].commitment)
    if act == Act.US_PUBLIC_RED_LINE:
        c.w.red_line_day = c.w.day


@rule
def bind(c: Crisis, i: int, act: int, size: float) -> None:
    """A commitment by an act; a firmer one replaces a weaker one."""
    me = c.actors[i]
    if size > me.commitment:
        me.commitment = size
        me.commitment_rung = max(2.0, float(c.acts[act].rung))


@rule
def recall(c: Crisis, i: int, act: int, day: int) -> None:
    """What is left of a commitment opened on a day before today: it has faded since, and force has settled it."""
    if day > NEVER and day >= c.w.strike_day:
        bind(c, i, act, c.acts[act].commitment * math.pow(c.w.keep_commitment, float(c.w.day - day)))


@rule
def settle(c: Crisis, i: int) -> None:
    """An answered violation no longer counts; a kept or withdrawn commitment is closed."""
    me = c.actors[i]
    me.violations, me.unanswered, me.commitment = 0.0, 0.0, 0.0
