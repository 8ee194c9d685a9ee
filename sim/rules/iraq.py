"""Baghdad: arrests and armed replies, guards, parliament, authority; and Sadr's plea and marches.

In the record every serious arrest of militiamen is answered by an armed show of force within three days, often with a
partial climb-down (26 June and 25 December 2020). Authority decays towards its base and moves by what is kept and lost.
"""

from __future__ import annotations

import numpy as np

from sim.actions import Act
from sim.compiled import rule
from sim.rules.luck import clamp, luck, sigmoid
from sim.rules.parliament import draw_option, option_probabilities
from sim.rules.record import is_pending, note, promise, rise, twin
from sim.world.names import FIRST_GROUP, NEVER, NOBODY, Draw, Policy, Site, Vote, Who
from sim.world.records import Crisis


@rule
def arrest(c: Crisis, g: int, cause: int) -> int:
    """Try to arrest members of group ``g``; a kept arrest adds authority, and an armed reply usually follows."""
    w, p, me = c.w, c.p, c.actors[g]
    k = note(c, Act.IQ_ARREST.value, Who.IRAQ.value, g, cause)
    c.w.events[k].site = Site.STREET.value
    rise(c, k)
    odds = p.baghdad_arrest_base + 2.0 * w.authority + p.baghdad_cts - 0.5 * me.capability
    if luck(c, g, Draw.ARREST.value, 0, twin(c, k)) >= sigmoid(odds):
        w.authority -= 0.25 * p.baghdad_release_cost
        return k
    w.arrest_day = w.day
    me.prisoners += 1
    me.grievance = min(2.0, me.grievance + p.proxies_arrest_anger)
    w.authority += p.baghdad_arrest_gain
    answer_arrest(c, g, k)
    return k


@rule
def answer_arrest(c: Crisis, g: int, k: int) -> None:
    """The group parades armed within three days; Baghdad may climb down and release."""
    w, p, again = c.w, c.p, twin(c, k)
    if w.follows == 1 or luck(c, g, Draw.ARREST_REPLY.value, 0, again) >= p.baghdad_armed_reply:
        return
    delay = int(luck(c, g, Draw.REPLY_DELAY.value, 0, again) * 4.0)
    if reacts(c, g, Act.MI_PARADE.value) and not is_pending(c, Act.MI_PARADE.value, g):
        promise(c, Act.MI_PARADE.value, g, Who.IRAQ.value, w.day + delay, k)
    if luck(c, g, Draw.CLIMB_DOWN.value, 0, again) < chance_of_climb_down(c):
        promise(c, Act.IQ_RELEASE.value, Who.IRAQ.value, g, w.day + delay + 1, k)


@rule
def chance_of_climb_down(c: Crisis) -> float:
    """Probability that Baghdad releases whom it arrested, after an armed answer."""
    if not reacts(c, Who.IRAQ.value, Act.IQ_RELEASE.value):
        return 0.0
    return min(1.0, c.p.baghdad_climb_down * (1.5 - c.w.authority))


@rule
def reacts(c: Crisis, i: int, act: int) -> bool:
    """Whether actor ``i`` does what events bring it to, unasked: not where it only does what the script says."""
    return c.acts[act].enabled == 1 and c.traits[i].policy != Policy.SCRIPTED


@rule
def release(c: Crisis, g: int, cause: int) -> int:
    """The arrested go free; under arms it costs authority."""
    w = c.w
    k = note(c, Act.IQ_RELEASE.value, Who.IRAQ.value, g, cause)
    rise(c, k)
    c.actors[g].prisoners = 0
    w.authority -= c.p.baghdad_release_cost
    return k


@rule
def guard(c: Crisis) -> None:
    """Elite units guard the Green Zone and the airport for a month, as strong as American support lets them be."""
    c.w.guard_until = c.w.day + 30


@rule
def vote(c: Crisis, again: int) -> int:
    """Parliament votes: nothing, a timetable, expulsion, or breaking relations; ``again`` as in :func:`luck`."""
    w, p = c.w, c.p
    shift = p.parliament_street_pull * (w.street - 0.5) + w.legitimacy
    options = (0.0, p.parliament_timetable - shift, p.parliament_expel - shift, p.parliament_break - shift)
    strength, step, out = np.empty((4, 4)), np.empty((4, 4)), np.empty(4)
    option_probabilities(c.plan.blocs[: c.plan.n_blocs], options, strength, step, out)
    w.expulsion_day = w.day
    return draw_option(out, luck(c, Who.IRAQ.value, Draw.VOTE.value, 0, again))


@rule
def parliament_meets(c: Crisis) -> None:
    """After force on Iraqi soil or a decision to close, parliament may call a vote of its own within three weeks.

    Record: one vote (5 January 2020) after three American strikes.
    """
    if luck(c, Who.IRAQ.value, Draw.SESSION.value) < chance_of_session(c):
        expulsion_step(c, NOBODY)


@rule
def chance_of_session(c: Crisis) -> float:
    """Probability that parliament votes today without being asked to."""
    w = c.w
    may = reacts(c, Who.IRAQ.value, Act.IQ_EXPULSION_STEP.value)
    called = may and w.day - w.called_day <= 21 and w.expulsion_day < w.called_day
    return min(1.0, c.p.parliament_session * 2.0 * w.street) if called else 0.0


@rule
def expulsion_step(c: Crisis, cause: int) -> int:
    """The vote, and what the government makes of it: a resolution does not bind, an order does."""
    w = c.w
    k = note(c, Act.IQ_EXPULSION_STEP.value, Who.IRAQ.value, Who.US.value, cause)
    again = twin(c, k)
    outcome = vote(c, again)
    if outcome == Vote.NO_ACT:
        c.w.events[k].rung = 1
    elif outcome == Vote.TIMETABLE:
        c.w.events[k].rung = 2
        w.talks_until = w.day + 30
    kept = luck(c, Who.IRAQ.value, Draw.ORDER_KEPT.value, 0, again) < c.p.parliament_binding
    binding = outcome >= Vote.EXPEL and kept
    if binding and w.expulsion < Vote.EXPEL:
        w.order_day = w.day
    w.expulsion = max(w.expulsion, outcome if binding or outcome < Vote.EXPEL else Vote.TIMETABLE.value)
    rise(c, k)
    return k


@rule
def move_authority(c: Crisis) -> None:
    """Authority drifts to its base and falls with fiscal stress; lost when below the threshold."""
    w, p = c.w, c.p
    w.authority += p.baghdad_authority_drift * (p.baghdad_authority - w.authority)
    w.authority -= p.baghdad_stress_cost * max(0.0, w.stress - 0.5)
    if w.truce == 1:
        w.authority += p.baghdad_truce_gain / 7.0
    w.authority = clamp(w.authority, 0.0, 1.0)
    if w.authority < p.baghdad_authority_lost and w.authority_lost_day == NEVER:
        w.authority_lost_day = w.day


@rule
def move_street(c: Crisis) -> None:
    """Crowds go home, the mood drifts to its base, marches wear off."""
    w = c.w
    w.crowd *= w.keep_crowd
    w.street = 0.5 + (w.street - 0.5) * w.keep_crowd
    w.legitimacy *= w.keep_crowd


@rule
def plead(c: Crisis) -> None:
    """Sadr's plea raises the street price of attacks for two weeks."""
    c.w.plea_until = c.w.day + int(c.p.baghdad_plea_length)


@rule
def march(c: Crisis) -> None:
    """Sadr's followers march: for expulsion by parliament when Washington has used force, else for elections."""
    w, p = c.w, c.p
    recent = w.day - w.strike_day <= 30
    w.street = min(1.0, w.street + p.baghdad_march_gain)
    w.legitimacy += p.baghdad_march_gain if recent else -0.5 * p.baghdad_march_gain


@rule
def own_goal(c: Crisis, k: int) -> None:
    """A lethal attack on a mission costs the government, and Iraqi deaths cost the groups on the street."""
    e, w, p = c.w.events[k], c.w, c.p
    if e.us_killed + e.coalition_killed + e.iraqi_killed > 0:
        w.authority -= p.baghdad_lethal_cost
    if e.iraqi_killed > 0:
        for g in range(FIRST_GROUP, len(c.actors)):
            c.actors[g].civil_grief = max(-0.3, c.actors[g].civil_grief - p.proxies_own_civilians)
