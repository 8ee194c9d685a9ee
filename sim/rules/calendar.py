"""The calendar: scripted events and dated steps due this morning."""

from __future__ import annotations

from sim.actions import Act, Need
from sim.compiled import rule
from sim.rules.land import facade_of, land_told, take_up
from sim.rules.luck import whole
from sim.rules.record import note, rise
from sim.world.names import NOBODY, Class, Who
from sim.world.records import Crisis


@rule
def keep_calendar(c: Crisis) -> None:
    """Let everything happen that is dated today."""
    if c.w.follows == 0:
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
    """A scripted event takes place as an act that was chosen would, with the casualties the script names."""
    x = c.plan.script[s]
    c.w.script = s
    if is_taken_up(c, x.act):
        take_up(c, x.actor, x.act)
    facade = facade_of(c, x.actor, x.act, script_twin(c, s))
    land_told(c, x.act, x.actor, x.target, whole(NOBODY), facade)


@rule
def is_taken_up(c: Crisis, act: int) -> bool:
    """Whether an act is one that an actor takes up (:func:`sim.rules.land.take_up`): no holding, order or joint act."""
    a = c.acts[act]
    return a.kind != Class.HOLD and a.need != Need.ORDER_ONLY and a.need != Need.JOINT_ONLY


@rule
def script_twin(c: Crisis, s: int) -> int:
    """The number by which :func:`sim.rules.record.twin` will know the event of script row ``s``."""
    x, alike = c.plan.script[s], 0
    for r in range(s):
        other = c.plan.script[r]
        if other.day == x.day and other.act == x.act and other.actor == x.actor:
            alike += 1
    return 2 * alike + 1
