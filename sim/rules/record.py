"""Writing the trace: what happened, and what is still to land."""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.rules.luck import luck, triangular
from sim.world.names import FIRST_GROUP, NOBODY, UNKNOWN, Draw, Full, Site
from sim.world.records import Crisis

LEAST = 1e-12
"""Probability below which a weight does not fall, so that its logarithm is finite."""


@rule
def note(c: Crisis, act: int, actor: int, target: int, cause: int) -> int:
    """Append an event of today to the trace and return its row; casualties are zero until the act's rule sets them.

    When the trace is full ``w.overflow`` says so, which the drivers report as an error.
    """
    w = c.w
    k = w.n_events
    if k >= len(c.w.events):
        w.overflow = Full.TRACE.value
        k = len(c.w.events) - 1
    else:
        w.n_events = k + 1
    e = c.w.events[k]
    e.day, e.decided, e.act, e.actor, e.target, e.cause = w.day, w.day, act, actor, target, cause
    e.rung, e.private, e.site = c.acts[act].rung, c.acts[act].private, Site.NONE
    e.scripted = 1 if w.script >= 0 else 0
    e.facade, e.rockets, e.landed = 0, 0, 0
    e.us_killed, e.us_hurt, e.coalition_killed, e.iraqi_killed, e.iraqi_hurt = 0, 0, 0, 0, 0
    e.militia_killed, e.iranian_killed, e.believed_sponsor = 0, 0, 0.0
    e.believed_author = UNKNOWN if actor >= FIRST_GROUP else actor
    return k


@rule
def twin(c: Crisis, k: int) -> int:
    """What tells event ``k`` from its like, events of one act by one actor on one day.

    Those chosen have 0, 2, 4 …, those scripted 1, 3, 5 …, so that neither moves the luck of the other.
    """
    e, alike = c.w.events[k], 0
    for j in range(k - 1, -1, -1):
        other = c.w.events[j]
        if other.day != e.day:
            break
        if other.act == e.act and other.actor == e.actor and other.scripted == e.scripted:
            alike += 1
    return 2 * alike + e.scripted


@rule
def luck_of(c: Crisis, k: int, draw: int) -> float:
    """The uniform of an event of today for a named purpose."""
    e = c.w.events[k]
    return luck(c, e.actor, draw, c.acts[e.act].key, twin(c, k))


@rule
def announce(c: Crisis, act: int, actor: int, target: int, cause: int) -> int:
    """Append an act done in the open: whoever sees it knows its author."""
    k = note(c, act, actor, target, cause)
    c.w.events[k].believed_author = actor
    rise(c, k)
    return k


@rule
def tell(c: Crisis, k: int) -> None:
    """What the script under way says of an event replaces what was drawn; nothing when there is none."""
    if c.w.script < 0:
        return
    e, x = c.w.events[k], c.plan.script[c.w.script]
    if x.rockets >= 0:
        e.rockets, e.landed = x.rockets, min(e.landed, x.rockets)
    if x.us_killed >= 0:
        e.us_killed = x.us_killed
    if x.us_hurt >= 0:
        e.us_hurt = x.us_hurt
    if x.coalition_killed >= 0:
        e.coalition_killed = x.coalition_killed
    if x.iraqi_killed >= 0:
        e.iraqi_killed = x.iraqi_killed
    if x.militia_killed >= 0:
        e.militia_killed = x.militia_killed
    if x.iranian_killed >= 0:
        e.iranian_killed = x.iranian_killed
    if e.rockets > 0 and e.us_killed + e.us_hurt + e.coalition_killed > 0:
        e.landed = max(1, e.landed)


@rule
def rockets_said(c: Crisis, drawn: int) -> int:
    """Rockets of the attack that lands: as many as the script under way says, else as many as were drawn."""
    if c.w.script < 0 or c.plan.script[c.w.script].rockets < 0:
        return drawn
    return c.plan.script[c.w.script].rockets


@rule
def credit(c: Crisis, i: int, probability: float) -> None:
    """Weigh a world that follows a record by the probability of what is on it of the doing of actor ``i``."""
    c.w.log_weight[i] += math.log(max(LEAST, probability))


@rule
def amount_said(c: Crisis) -> float:
    """Days or level that the script under way says of an act, or -1."""
    return c.plan.script[c.w.script].amount if c.w.script >= 0 else -1.0


@rule
def rise(c: Crisis, k: int) -> None:
    """Let event ``k`` count towards the highest rung, once its final rung is known."""
    w = c.w
    e = c.w.events[k]
    if e.rung > w.top_rung:
        w.top_rung = e.rung
        w.top_rung_day = w.day


@rule
def lag_of(c: Crisis, act: int, i: int) -> int:
    """Whole days from decision to effect: triangular between the catalogue's bounds."""
    a = c.acts[act]
    return math.floor(triangular(luck(c, i, Draw.LAG.value, a.key), a.lag_low, a.lag_mode, a.lag_high) + 0.5)


@rule
def promise(c: Crisis, act: int, actor: int, target: int, due: int, cause: int) -> None:
    """Let an act land on day ``due``; ``w.overflow`` says so when the agenda is full."""
    w = c.w
    if w.n_pending >= len(c.w.pending):
        w.overflow = Full.AGENDA.value
        return
    q = c.w.pending[w.n_pending]
    q.due, q.decided, q.act, q.actor, q.target, q.cause, q.facade = due, w.day, act, actor, target, cause, 0
    q.script = NOBODY
    w.n_pending += 1


@rule
def is_pending(c: Crisis, act: int, actor: int) -> bool:
    """Whether the actor has already decided this act and it has not landed."""
    for k in range(c.w.n_pending):
        if c.w.pending[k].act == act and c.w.pending[k].actor == actor:
            return True
    return False


@rule
def cause_of(c: Crisis, i: int) -> int:
    """Row of the event that actor ``i`` answers: the gravest against it in the last 14 days, or -1."""
    me = c.actors[i]
    if me.provoked >= 0 and c.w.day - me.provoked_day <= 14:
        return me.provoked
    return NOBODY
