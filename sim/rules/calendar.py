"""The calendar: scripted events and dated steps due this morning."""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules.attack import count_toll
from sim.rules.force import offend_iran
from sim.rules.land import land
from sim.rules.luck import whole
from sim.rules.record import note, rise, tell
from sim.world.names import NOBODY, Who
from sim.world.records import Crisis


@rule
def keep_calendar(c: Crisis) -> None:
    """Let everything happen that is dated today."""
    for s in range(c.plan.n_script):
        if c.plan.script[s].day == c.w.day:
            happen(c, s)
    ceiling = c.plan.calendar[c.w.day].troop_ceiling
    if ceiling > 0.0:
        c.w.troop_goal = min(c.w.troop_goal, ceiling)
        k = note(c, Act.US_CUT_TROOPS.value, Who.US.value, Who.IRAQ.value, NOBODY)
        c.w.events[k].scripted = 1
        rise(c, k)


@rule
def happen(c: Crisis, s: int) -> None:
    """A scripted event takes place as an act of that kind would, with the casualties the script names."""
    w, x = c.w, c.plan.script[s]
    before = w.n_events
    killed, hurt, iraqi = w.us_killed, w.us_hurt, w.iraqi_killed
    allied, fighters, iranians = w.coalition_killed, w.militia_killed, w.iranian_killed
    w.script = s
    land(c, x.act, x.actor, x.target, whole(NOBODY), whole(0))
    if w.n_events > before:
        e = c.w.events[before]
        e.scripted = 1
        w.us_killed, w.us_hurt, w.iraqi_killed = killed, hurt, iraqi
        w.coalition_killed, w.militia_killed, w.iranian_killed = allied, fighters, iranians
        tell(c, before)
        if e.us_killed + e.coalition_killed + e.iraqi_killed > 0 and e.rung == 7:
            e.rung = 8
        if x.iranian_killed > 0 and x.actor == Who.US:
            e.rung = max(e.rung, 11)
            offend_iran(c)
        rise(c, before)
        count_toll(c, before)
    w.script = NOBODY
