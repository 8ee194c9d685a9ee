"""Perception: how the events since yesterday morning move each actor's beliefs.

Who did it and who stood behind it are two separate beliefs; facades hide both. Attribution after Knights (2021), "Why
Iran's proxies fear evidence"; resolve after Fearon (1997) and Slantchev (2005), read from signals weighed by
credibility; learned replies are a Dirichlet posterior on the frequencies of the ICB (Brecher and Wilkenfeld).
"""

from __future__ import annotations

from typing import Any

from sim.actions import Act
from sim.compiled import rule
from sim.rules.ladder import STRIKE_WEIGHT, weight
from sim.rules.luck import clamp, logit, luck, sigmoid
from sim.rules.record import luck_of, twin
from sim.world.names import FIRST_GROUP, NEVER, UNKNOWN, Class, Draw, Kind, Reply, Who
from sim.world.records import Crisis

KEPT, DROPPED = 1.1, 0.7
"""What is left of credibility when a threat is kept, and when it is dropped."""
LINE_STANDS = 60
"""Days for which a public line stands."""
PATIENCE = 14
"""Days within which an act against me counts as the reply to mine."""
EVIDENCE_DAYS = 14
"""Days for which evidence on an attack may turn up."""
LEAST_REFERENCE = 0.02
"""Attacks a day held to be usual at the least, so that rates can be compared with it after any calm."""


@rule
def perceive(c: Crisis, i: int) -> None:
    """Move the beliefs of actor ``i`` by the observed events that nobody has perceived yet."""
    me, w = c.actors[i], c.w
    shift_salience(me)
    me.memory *= w.memory_growth
    attacks = 0.0
    for k in range(w.n_seen, w.n_events):
        e = c.w.events[k]
        if e.private == 0 and e.actor != i:
            attacks += attack_weight(c, e)
            take_in(c, i, k)
    me.rate = w.keep_rate * me.rate + (1.0 - w.keep_rate) * attacks
    me.fear = believed_strike(c, i) if may_be_struck(i) else 0.0
    expire_silence(c, i)


@rule
def close_perception(c: Crisis) -> None:
    """Everybody has perceived the events so far; what is held to be usual follows them slowly."""
    w = c.w
    attacks = 0.0
    for k in range(w.n_seen, w.n_events):
        attacks += attack_weight(c, c.w.events[k])
    usual = w.keep_reference * w.rate_reference + (1.0 - w.keep_reference) * attacks
    w.rate_reference = max(LEAST_REFERENCE, usual)
    w.n_seen = w.n_events


@rule
def shift_salience(me: Any) -> None:
    """Open a new day in the short window over which events are salient."""
    for k in range(len(me.salience) - 1, 0, -1):
        me.salience[k] = me.salience[k - 1]
    me.salience[0] = 0.0


@rule
def attack_weight(c: Crisis, e: Any) -> float:
    """What an event adds to the believed attack rate: a rocket attack 1, a convoy bomb less."""
    if e.act == Act.MI_SALVO or e.act == Act.MI_BARRAGE or e.act == Act.MI_STORM:
        return 1.0
    if e.act == Act.MI_CONVOY_IED:
        return c.p.perception_ied_weight
    return 0.0


@rule
def take_in(c: Crisis, i: int, k: int) -> None:
    """One observed event: salience, violations, resolve, replies, blame, sponsor."""
    me, e = c.actors[i], c.w.events[k]
    grip = against(c, e, i)
    if grip > 0.0 and e.rung > 0:
        me.salience[0] += grip * weight(e.rung) / STRIKE_WEIGHT
        feel(c, i, k)
    if grip > 0.0 and e.rung != 0:
        learn_reply(c, i, e)
    if e.actor == Who.US and may_be_struck(i):
        shift_resolve(c, i, signal_of(c, i, e))
        judge_word(c, i, e)
    if e.actor >= FIRST_GROUP and e.rung >= 7:
        if i == Who.US:
            assign_blame(c, e)
        me.sponsor = believed_order(c, me.sponsor, e.believed_author)


@rule
def against(c: Crisis, e: Any, i: int) -> float:
    """How far an event is directed against actor ``i``: 1 its target, .5 its client, its soil, its people."""
    if e.target == i:
        return 1.0
    violent = e.rung >= 7
    if not violent:
        return 0.0
    if i >= FIRST_GROUP:
        return 0.5 if e.actor == Who.US and e.target >= FIRST_GROUP else 0.0
    if i == Who.IRAN:
        return 0.5 if e.actor == Who.US else 0.0
    if i == Who.IRAQ:
        return 0.5 if e.rung >= 9 or e.iraqi_killed > 0 else 0.0
    if i == Who.COALITION:
        return 1.0 if e.coalition_killed > 0 else (0.5 if e.target == Who.US else 0.0)
    return 0.5 if i == Who.SADR and e.iraqi_killed > 0 else 0.0


@rule
def feel(c: Crisis, i: int, k: int) -> None:
    """Add the event to the stock of violations and remember the gravest provocation."""
    me, e, p = c.actors[i], c.w.events[k], c.p
    deaths = own_deaths(i, e)
    line = c.traits[i].red_line
    if deaths > 0:
        me.unanswered += deaths
        if me.unanswered >= line:
            me.violations += p.perception_violation_death * min(deaths, 2.0)
            if i == Who.US:
                cross_line(c, e.day)
        else:
            me.violations += p.perception_violation_wounded
    elif own_wounded(i, e) or (e.act == Act.MI_STORM and i == Who.US):
        me.violations += p.perception_violation_wounded
    elif i == Who.US and e.coalition_killed + e.iraqi_killed > 0:
        me.violations += p.perception_violation_ally
    old = me.provoked
    if old < 0 or c.w.day - me.provoked_day > 7 or c.w.events[k].rung >= c.w.events[old].rung:
        me.provoked, me.provoked_day = k, c.w.day


@rule
def cross_line(c: Crisis, day: int) -> None:
    """As many Americans are dead as Washington will not bear; if it had said so in public, the line is crossed."""
    w = c.w
    if line_stood(c, day) and w.line_crossed_day < w.red_line_day:
        w.line_crossed_day = day


@rule
def line_stood(c: Crisis, day: int) -> bool:
    """Whether a public line stood on a day."""
    return 0 <= day - c.w.red_line_day <= LINE_STANDS


@rule
def own_deaths(i: int, e: Any) -> float:
    """Deaths of the actor's own people in an event, as a float; a commander counts twice."""
    if i == Who.US:
        return float(e.us_killed)
    if i == Who.IRAN:
        return float(e.iranian_killed) * (2.0 if e.act == Act.US_KILL_COMMANDER else 1.0)
    if i == Who.COALITION:
        return float(e.coalition_killed)
    if i >= FIRST_GROUP and e.target == i and e.act == Act.US_KILL_COMMANDER:
        return 1.0
    return 0.0


@rule
def own_wounded(i: int, e: Any) -> bool:
    """Whether the actor's own people were hurt without a death that counts."""
    if i == Who.US:
        return e.us_hurt > 0
    return i >= FIRST_GROUP and e.target == i and e.militia_killed > 0


@rule
def may_be_struck(i: int) -> bool:
    """Whether actor ``i`` judges Washington's resolve and fears its strikes: Tehran and the groups do."""
    return i == Who.IRAN or i >= FIRST_GROUP


@rule
def signal_of(c: Crisis, i: int, e: Any) -> float:
    """What an act of Washington tells actor ``i`` of its resolve, from -1 to 1.

    Closing is read two ways, as preparation or as retreat. Giving it up is weakness only as far as Baghdad has not met
    the demand: a leader may change his mind when something has changed (Levendusky and Horowitz 2012).
    """
    s = c.acts[e.act].signal
    if e.act == Act.US_DECIDE_CLOSURE or e.act == Act.US_COMPLETE_CLOSURE:
        zeta = c.traits[i].closure_reading
        return zeta * s - (1.0 - zeta) * c.p.signals_retreat
    if e.act == Act.US_PAUSE_CLOSURE or e.act == Act.US_REVERSE_CLOSURE:
        return s * (1.0 - compliance(c))
    return s


@rule
def judge_word(c: Crisis, i: int, e: Any) -> None:
    """Credibility: words are believed more after a threat was kept, less after one was dropped without compliance."""
    me = c.actors[i]
    if e.act == Act.US_COMPLETE_CLOSURE or (c.acts[e.act].kind == Class.FORCE and line_stood(c, e.day)):
        me.us_credibility = min(c.p.signals_credibility_top, me.us_credibility * KEPT)
    elif e.act == Act.US_REVERSE_CLOSURE:
        disbelieve(c, i, 1.0 - compliance(c))


@rule
def disbelieve(c: Crisis, i: int, share: float) -> None:
    """A threat was dropped; by which share, between 0 and 1."""
    me = c.actors[i]
    left = me.us_credibility * (1.0 - (1.0 - DROPPED) * share)
    me.us_credibility = max(c.p.signals_credibility_low, left)


@rule
def shift_resolve(c: Crisis, i: int, s: float) -> None:
    """Move logit(resolve) by the signal times its weight times credibility."""
    me = c.actors[i]
    me.us_resolve = moved_by(me.us_resolve, c.p.signals_weight * s * me.us_credibility)


@rule
def moved_by(belief: float, step: float) -> float:
    """A belief after a step on the scale of log-odds, which nobody leaves beyond 4 either way."""
    return sigmoid(clamp(logit(belief) + step, -4.0, 4.0))


@rule
def believed_strike(c: Crisis, i: int) -> float:
    """Believed probability that Washington answers the next attack by force.

    What an attack would bring in any case, and more while American deaths are unanswered.
    """
    wronged = 1.0 + c.p.signals_fear_of_reprisal * min(c.actors[Who.US.value].violations, 3.0) / 3.0
    return clamp(strike_for_attack(c, i) * wronged, 0.0, 1.0)


@rule
def strike_for_attack(c: Crisis, i: int) -> float:
    """Believed probability that Washington answers the next attack by force, were nothing yet to be answered.

    Rises with believed resolve, with an open threat as far as it is believed, with the freed hand as far as closure is
    read as preparation, and falls with deniability.
    """
    p, t = c.p, c.traits[i]
    base = p.signals_strike_prior * 2.0 * c.actors[i].us_resolve
    freed = 1.0 + t.closure_reading * c.w.free_hand
    hidden = 1.0 + p.signals_deniability * (0.5 - t.deniability)
    threatened = 1.0 + p.signals_threat * c.actors[Who.US.value].commitment * c.actors[i].us_credibility
    return base * freed * hidden * threatened


@rule
def partner_of(c: Crisis, i: int, j: int) -> int:
    """Which learned responder ``j`` is to ``i`` (0 or 1), or -1."""
    kind = c.traits[i].kind
    if kind == Kind.US:
        return 0 if j == Who.IRAN else (1 if j >= FIRST_GROUP else -1)
    if kind == Kind.IRAN:
        return 0 if j == Who.US else -1
    if kind == Kind.IRAQ:
        return 0 if j >= FIRST_GROUP else (1 if j == Who.US else -1)
    if kind == Kind.MILITIA:
        return 0 if j == Who.US else (1 if j == Who.IRAQ else -1)
    return -1


@rule
def learn_reply(c: Crisis, i: int, e: Any) -> None:
    """Count an act against me within two weeks of mine as the reply to it; the first reply counts."""
    me = c.actors[i]
    r = partner_of(c, i, e.actor)
    recent = e.day >= me.last_act_day and c.w.day - me.last_act_day <= PATIENCE
    if r >= 0 and me.answered[r] == 0 and recent:
        me.replies[r, me.last_reply_class, c.acts[e.act].reply] += me.memory
        me.answered[r] = 1


@rule
def expire_silence(c: Crisis, i: int) -> None:
    """Two weeks without a reply count as one in words only."""
    me = c.actors[i]
    if c.w.day - me.last_act_day == PATIENCE + 1:
        count_silence(me, PATIENCE)


@rule
def count_silence(me: Any, days: int) -> None:
    """Partners who let my last act pass for ``days`` have answered in words only; in part, as they may yet answer."""
    share = min(1.0, days / PATIENCE)
    for r in range(len(me.answered)):
        if me.answered[r] == 0:
            me.replies[r, me.last_reply_class, Reply.VERBAL.value] += me.memory * share
            me.answered[r] = 1


@rule
def believed_order(c: Crisis, prior: float, author: int) -> float:
    """Belief that Tehran ordered an attack, after one by ``author`` (a row, or UNKNOWN), by Bayes' rule."""
    control = 0.0
    n = len(c.actors) - FIRST_GROUP
    if author >= FIRST_GROUP:
        control = c.actors[author].control
    elif n > 0:
        for g in range(FIRST_GROUP, len(c.actors)):
            control += c.actors[g].control
        control /= n
    likely = control + (1.0 - control) * c.p.perception_order_floor
    moved = prior + c.p.perception_sponsor_gain * (
        prior * likely / (prior * likely + (1.0 - prior) * (1.0 - likely) + 1e-12) - prior
    )
    return clamp(moved, 0.01, 0.99)


@rule
def assign_blame(c: Crisis, e: Any) -> None:
    """Add an attack to Washington's account of who is behind the attacks: the named group, or all by their means."""
    severity = 0.1 + 0.8 * (1.0 if e.us_hurt > 0 else 0.0) + 3.0 * e.us_killed
    if e.believed_author >= FIRST_GROUP:
        c.actors[e.believed_author].blame += severity
        return
    total = 1e-9
    for g in range(FIRST_GROUP, len(c.actors)):
        total += suspicion(c, g)
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].blame += severity * suspicion(c, g) / total


@rule
def suspicion(c: Crisis, g: int) -> float:
    """Prior plausibility of a group as author: its means to fire rockets, and its ties to Tehran."""
    return c.actors[g].capability * c.traits[g].rocket_rate * (0.5 + c.actors[g].control)


@rule
def attribute(c: Crisis, k: int) -> None:
    """On the day of an attack: is the author named, wrongly named, or unknown (Knights 2021)."""
    e = c.w.events[k]
    a = c.acts[e.act].attributability * (1.0 - c.p.perception_facade_shield * e.facade)
    e.believed_author = UNKNOWN
    if luck_of(c, k, Draw.ATTRIBUTE.value) < min(a, 0.95):
        e.believed_author = e.actor
    elif luck_of(c, k, Draw.WRONG_AUTHOR.value) < c.p.perception_wrong_author:
        e.believed_author = wrong_author(c, e.actor, luck_of(c, k, Draw.SUSPECT.value))
    e.believed_sponsor = c.actors[Who.US.value].sponsor


@rule
def wrong_author(c: Crisis, i: int, u: float) -> int:
    """Another group, drawn in proportion to suspicion; UNKNOWN when there is none."""
    total = 0.0
    for g in range(FIRST_GROUP, len(c.actors)):
        if g != i:
            total += suspicion(c, g)
    reached = 0.0
    for g in range(FIRST_GROUP, len(c.actors)):
        if g != i:
            reached += suspicion(c, g)
            if total > 0.0 and u * total < reached:
                return g
    return UNKNOWN


@rule
def find_evidence(c: Crisis) -> None:
    """Arrests, leaks and claims: an unknown author becomes known with a daily hazard for two weeks."""
    w = c.w
    for k in range(w.n_events - 1, -1, -1):
        e = c.w.events[k]
        if w.day - e.day > EVIDENCE_DAYS:
            return
        hidden = e.believed_author == UNKNOWN and e.day < w.day
        if hidden and comes_to_light(c, k):
            e.believed_author = e.actor
            c.actors[e.actor].blame += 0.1 + 3.0 * e.us_killed


@rule
def comes_to_light(c: Crisis, k: int) -> bool:
    """Whether the author of event ``k`` becomes known today; every event has luck of its own, wherever it stands."""
    e = c.w.events[k]
    which = c.w.day - e.day + (EVIDENCE_DAYS + 1) * twin(c, k)
    return luck(c, e.actor, Draw.EVIDENCE.value, c.acts[e.act].key, which) < c.p.perception_evidence_hazard


@rule
def compliance(c: Crisis) -> float:
    """How far Baghdad meets Washington's demand, as Washington sees it: fewer attacks, arrests, guard."""
    w, p = c.w, c.p
    ratio = c.actors[Who.US.value].rate / w.rate_reference
    arrests = p.perception_arrest_weight if w.day - w.arrest_day <= 30 else 0.0
    guard = p.perception_guard_weight * w.guard if w.day <= w.guard_until else 0.0
    return clamp(1.0 - ratio + arrests + guard, 0.0, 1.0)


@rule
def believe_worse(c: Crisis) -> None:
    """A crossed public red line left unanswered for two weeks costs credibility with all whom Washington may strike."""
    w = c.w
    if w.line_crossed_day == NEVER or w.day - w.line_crossed_day != 14 or w.strike_day >= w.line_crossed_day:
        return
    for i in range(len(c.actors)):
        if may_be_struck(i):
            shift_resolve(c, i, -c.p.signals_unanswered)
            disbelieve(c, i, 1.0)
