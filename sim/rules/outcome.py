"""Outcomes: predicates on the trace, each defined once, and the scores others publish.

Embassy and force are the two questions of the source; "battle zone" is meant as it uses the word: Americans strike in
Iraq, more than once or with a campaign, and the other side answers with lethal or massed violence within two weeks.
Severity follows Rivera et al. (2024), Goldstein the CAMEO scale, hostility the MID, violence the ICB.
"""

from __future__ import annotations

from typing import Any

from sim.actions import Act
from sim.compiled import rule
from sim.rules.ladder import LOWEST_RUNG, hostility, violence, weight
from sim.world.names import FIRST_GROUP, NEVER, Class, Embassy, Stage, TruceFate, Violence, Vote, Who
from sim.world.records import Crisis

REPLY_WINDOW = 14


@rule
def close_world(c: Crisis, row: Any) -> None:
    """Fill the outcome row of a world that has been lived to its horizon."""
    row.world = c.w.number
    count(c, row)
    copy_toll(c, row)
    date(c, row)
    judge_embassy(c, row)
    judge_force(c, row)
    judge_politics(c, row)
    row.longest_quiet = longest_quiet(c)


@rule
def count(c: Crisis, row: Any) -> None:
    """Counts of acts, severity and Goldstein sums over the trace."""
    row.rockets, row.ieds, row.us_strikes, row.iran_missiles = 0, 0, 0, 0
    row.arrests, row.parades, row.barrages, row.embassy_stormed = 0, 0, 0, 0
    row.severity, row.goldstein, row.partial, row.commander_killed, row.reversed = 0.0, 0.0, 0, 0, 0
    for k in range(c.w.n_events):
        e = c.w.events[k]
        row.severity += weight(e.rung)
        row.goldstein += c.acts[e.act].goldstein
        row.rockets += 1 if is_rocket(e) else 0
        row.ieds += 1 if e.act == Act.MI_CONVOY_IED else 0
        row.barrages += 1 if e.act == Act.MI_BARRAGE else 0
        row.us_strikes += 1 if is_us_force(e) else 0
        row.iran_missiles += 1 if e.act == Act.IR_MISSILES else 0
        row.arrests += 1 if e.act == Act.IQ_ARREST else 0
        row.parades += 1 if e.act == Act.MI_PARADE else 0
        row.embassy_stormed |= 1 if e.act == Act.MI_STORM else 0
        row.partial |= 1 if e.act == Act.US_PARTIAL_DRAWDOWN else 0
        row.reversed |= 1 if e.act == Act.US_REVERSE_CLOSURE else 0
        row.commander_killed |= 1 if e.act == Act.US_KILL_COMMANDER else 0
    row.events = c.w.n_events


@rule
def is_rocket(e: Any) -> bool:
    """Whether an event is a rocket attack."""
    return e.act == Act.MI_SALVO or e.act == Act.MI_BARRAGE


@rule
def is_us_force(e: Any) -> bool:
    """Whether an event is an American strike or killing in Iraq."""
    return e.act == Act.US_STRIKE_LIMITED or e.act == Act.US_STRIKE_CAMPAIGN or e.act == Act.US_KILL_COMMANDER


@rule
def copy_toll(c: Crisis, row: Any) -> None:
    """Casualties, top rung, and the state on the last day."""
    w = c.w
    row.us_killed, row.us_hurt, row.coalition_killed = w.us_killed, w.us_hurt, w.coalition_killed
    row.iraqi_killed, row.militia_killed, row.iranian_killed = w.iraqi_killed, w.militia_killed, w.iranian_killed
    row.top_rung, row.top_rung_day = w.top_rung, w.top_rung_day
    row.troops_end, row.authority_end, row.stress_end, row.staff_end = w.troops, w.authority, w.stress, w.staff
    row.hostility = hostility(w.top_rung)
    dead = w.us_killed + w.coalition_killed + w.iraqi_killed + w.militia_killed + w.iranian_killed
    row.violence = violence(w.top_rung, dead)
    row.us_death = 1 if w.us_killed > 0 else 0


@rule
def first_day(day: int) -> int:
    """A day that never came as -1."""
    return -1 if day <= NEVER else day


@rule
def date(c: Crisis, row: Any) -> None:
    """First days of the turning points, -1 where they never came."""
    w = c.w
    row.truce_day, row.closure_decided_day = first_day(w.truce_day), -1
    row.closure_day, row.war_day = first_day(w.closed_day), first_day(w.war_day)
    row.strike_day, row.us_death_day, row.missile_day = -1, -1, -1
    for k in range(w.n_events - 1, -1, -1):
        e = c.w.events[k]
        if is_us_force(e):
            row.strike_day = e.day
        if e.us_killed > 0:
            row.us_death_day = e.day
        if e.act == Act.IR_MISSILES:
            row.missile_day = e.day
        if e.act == Act.US_DECIDE_CLOSURE:
            row.closure_decided_day = e.day


@rule
def judge_embassy(c: Crisis, row: Any) -> None:
    """The embassy's fate: where it stands on the last day, or that its closing was taken back."""
    w = c.w
    row.closed = 1 if w.stage == Stage.CLOSED else 0
    row.closing_decided = 1 if row.closure_decided_day >= 0 or w.decided_day > NEVER else 0
    if row.closed == 1:
        row.embassy = Embassy.CLOSED.value
    elif w.stage == Stage.DECIDED or w.stage == Stage.DRAWDOWN:
        row.embassy = Embassy.CLOSING.value
    elif row.reversed == 1:
        row.embassy = Embassy.REVERSED.value
    elif row.partial == 1 or w.stage == Stage.PARTIAL:
        row.embassy = Embassy.PARTIAL.value
    else:
        row.embassy = Embassy.THREATENED.value if w.stage == Stage.WARNED else Embassy.OPEN.value


@rule
def judge_force(c: Crisis, row: Any) -> None:
    """How far force went, and whether Iraq became a battle zone."""
    w = c.w
    row.war = 1 if w.war_day > NEVER else 0
    row.us_struck = 1 if row.us_strikes > 0 else 0
    row.missiles_fired = 1 if row.iran_missiles > 0 else 0
    struck = struck_iran(c)
    sides = row.us_struck + row.missiles_fired + (1 if struck else 0)
    row.exchange = 1 if sides >= 2 else 0
    attacks = row.rockets + row.ieds + row.embassy_stormed + row.iran_missiles
    row.force = Violence.ATTACKS_ONLY.value if attacks > 0 else Violence.NONE.value
    if row.us_struck == 1 or struck:
        row.force = Violence.US_STRIKES.value
    if row.exchange == 1:
        row.force = Violence.EXCHANGE.value
    if row.war == 1:
        row.force = Violence.WAR.value
    row.battle_zone = 1 if row.war == 1 or row.exchange == 1 or answered_in_kind(c) else 0


@rule
def struck_iran(c: Crisis) -> bool:
    """Whether Americans struck Iran itself."""
    for k in range(c.w.n_events):
        if c.w.events[k].act == Act.US_STRIKE_IRAN:
            return True
    return False


@rule
def answered_in_kind(c: Crisis) -> bool:
    """A campaign, killing or second strike, and lethal or massed violence against Americans within two weeks of it."""
    strikes, grave_day = 0, NEVER
    for k in range(c.w.n_events):
        e = c.w.events[k]
        if is_us_force(e):
            strikes += 1
            if strikes >= 2 or e.act != Act.US_STRIKE_LIMITED:
                grave_day = e.day
        elif e.actor >= FIRST_GROUP and e.target == Who.US and e.rung >= 8 and e.day - grave_day <= REPLY_WINDOW:
            return True
    return False


@rule
def judge_politics(c: Crisis, row: Any) -> None:
    """Truce, aid, expulsion, authority, coalition."""
    w = c.w
    row.truce = TruceFate.NONE.value
    if w.truce_day > NEVER:
        breached = w.truce == 0 or w.breach_day >= w.truce_day
        row.truce = TruceFate.BROKEN.value if breached else TruceFate.HELD.value
    row.aid_withheld = 1 if w.aid_day > NEVER else 0
    row.expulsion_ordered = 1 if w.expulsion >= Vote.EXPEL else 0
    row.expulsion_carried_out = 1 if w.expulsion >= Vote.EXPEL and w.troops < 1.0 else 0
    row.authority_lost = 1 if w.authority_lost_day > NEVER else 0
    row.coalition_left = 1 - w.coalition_stays


@rule
def longest_quiet(c: Crisis) -> int:
    """Longest run of days without a rocket attack."""
    longest, last = 0, -1
    for k in range(c.w.n_events):
        e = c.w.events[k]
        if is_rocket(e):
            longest = max(longest, e.day - last - 1)
            last = e.day
    return max(longest, c.w.day - last - 1)


@rule
def keep_day(c: Crisis, first: int, row: Any) -> None:
    """Fill the series row of today from the events since trace row ``first`` and the state at midnight.

    Holding, scripted, and an order to go on as before stand in the trace and leave the rung of the day alone.
    """
    w = c.w
    row.rung, row.rockets, row.ieds, row.us_killed, row.us_hurt = LOWEST_RUNG, 0, 0, 0, 0
    row.us_strikes, row.iran_missiles, row.arrests, row.parades = 0, 0, 0, 0
    deeds = 0
    for k in range(first, w.n_events):
        e = c.w.events[k]
        if c.acts[e.act].kind != Class.HOLD:
            row.rung = max(row.rung, e.rung)
            deeds += 1
        row.rockets += 1 if is_rocket(e) else 0
        row.ieds += 1 if e.act == Act.MI_CONVOY_IED else 0
        row.us_strikes += 1 if is_us_force(e) else 0
        row.iran_missiles += 1 if e.act == Act.IR_MISSILES else 0
        row.arrests += 1 if e.act == Act.IQ_ARREST else 0
        row.parades += 1 if e.act == Act.MI_PARADE else 0
        row.us_killed += e.us_killed
        row.us_hurt += e.us_hurt
    row.rung = max(row.rung, 0) if deeds == 0 else row.rung
    row.top_rung, row.stage, row.truce = w.top_rung, w.stage, w.truce
    row.staff, row.troops, row.authority, row.stress = w.staff, w.troops, w.authority, w.stress
    row.commitment, row.fear = c.actors[Who.US.value].commitment, mean_fear(c)


@rule
def mean_fear(c: Crisis) -> float:
    """Mean over the groups of the believed probability of a strike."""
    total = 0.0
    n = len(c.actors) - FIRST_GROUP
    for g in range(FIRST_GROUP, len(c.actors)):
        total += c.actors[g].fear
    return total / n if n > 0 else 0.0
