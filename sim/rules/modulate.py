"""Modulators: how much an objective matters on a given morning, between 0 and 5, 1 in ordinary times.

The effects of the catalogue are constants; these make them bite when the situation calls for them. The name objective
carries open commitments and the stock of unanswered violations.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.luck import clamp
from sim.rules.perceive import compliance
from sim.world.names import Kind, Who
from sim.world.records import Crisis


@rule
def modulators(c: Crisis, i: int) -> tuple[float, float, float, float, float, float, float, float]:
    """Eight modulators of actor ``i`` this morning, in the order of :class:`sim.world.names.Aim`."""
    kind = c.traits[i].kind
    return (
        safety(c, i, kind),
        hurt(c, kind),
        stay(c, i, kind),
        home(c, i, kind),
        name(c, i),
        calm(c, kind),
        0.5 + c.w.stress,
        blood(c, i),
    )


@rule
def exposure(c: Crisis) -> float:
    """Americans still exposed, against the start: staff at the embassy and troops in Iraq, less what defence covers."""
    w, p = c.w, c.p
    people = 0.5 * w.staff + 0.5 * w.troops / p.forces_troops_reference
    return people * (1.0 - p.forces_defence_effect * w.air_defence)


@rule
def rate_ratio(c: Crisis, i: int) -> float:
    """Believed attack rate against that of the reference period, capped at 3."""
    return min(3.0, c.actors[i].rate / c.w.rate_reference)


@rule
def safety(c: Crisis, i: int, kind: int) -> float:
    """Own lives: exposure times attack rate for those attacked, believed strike for the groups that may be struck."""
    if kind == Kind.US:
        return exposure(c) * rate_ratio(c, i)
    if kind == Kind.COALITION or kind == Kind.IRAQ:
        return rate_ratio(c, i)
    return dread(c, i, 3.0) if kind == Kind.MILITIA else 1.0


@rule
def dread(c: Crisis, i: int, most: float) -> float:
    """Believed probability of an American strike against that of ordinary times, at most ``most``."""
    return clamp(c.actors[i].fear / c.p.signals_strike_usual, 0.0, most)


@rule
def hurt(c: Crisis, kind: int) -> float:
    """Weakening the adversary: more while the demand is unmet, or while Americans are there to be driven out."""
    if kind == Kind.US:
        return 2.0 - compliance(c)
    if kind == Kind.IRAN or kind == Kind.MILITIA:
        return 1.0 + min(1.0, c.w.troops / c.p.forces_troops_reference)
    return 1.0


@rule
def stay(c: Crisis, i: int, kind: int) -> float:
    """Presence, influence, authority: what is left of it, or how badly it is needed."""
    if kind == Kind.US:
        return c.w.staff
    if kind == Kind.IRAQ:
        return 2.0 - c.w.authority
    if kind == Kind.MILITIA:
        return 2.0 * c.traits[i].stake
    return 1.0


@rule
def home(c: Crisis, i: int, kind: int) -> float:
    """Domestic standing: the election calendar in Washington, the street in Baghdad and Najaf."""
    if kind == Kind.US:
        return us_calendar(c)
    if kind == Kind.IRAQ or kind == Kind.SADR:
        return 2.0 * c.w.street
    return 1.0


@rule
def us_calendar(c: Crisis) -> float:
    """Weight of casualties and retreat at home: more before the election, less for a lame duck."""
    today = c.plan.calendar[c.w.day]
    if today.before_election == 1:
        return c.p.politics_before_election
    if today.lame_duck == 1:
        return c.p.politics_lame_duck_home
    return 1.0


@rule
def name(c: Crisis, i: int) -> float:
    """Reputation: open commitment and unanswered violations, capped at 5."""
    me = c.actors[i]
    m = min(5.0, 1.0 + me.commitment + me.violations)
    if i == Who.US and c.plan.calendar[c.w.day].lame_duck == 1:
        m *= c.p.politics_lame_duck_name
    return m


@rule
def calm(c: Crisis, kind: int) -> float:
    """Avoiding a major war; for Iran it grows before the election and again before an outgoing president."""
    if kind != Kind.IRAN:
        return 1.0
    today = c.plan.calendar[c.w.day]
    if today.before_election == 1:
        return c.p.politics_iran_wait
    if today.lame_duck == 1:
        return c.p.politics_iran_no_pretext
    return 1.0


@rule
def blood(c: Crisis, i: int) -> float:
    """Vengeance: grievance, more around anniversaries."""
    me = c.actors[i]
    m = min(2.0, me.grievance + me.civil_grief)
    if c.plan.calendar[c.w.day].anniversary == 1:
        m *= c.p.politics_anniversary
    return m
