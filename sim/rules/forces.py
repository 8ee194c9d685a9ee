"""American troops: the drawdown, and how it sets Kadhimi back against the militias."""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.record import amount_said
from sim.world.names import NEVER
from sim.world.records import Crisis

THOUSAND = 1000.0


@rule
def move_troops(c: Crisis) -> None:
    """Troops leave at a steady pace towards the goal, all of them once the notice of an expulsion is over.

    Each thousand that leaves weakens guards and authority.
    """
    w, p = c.w, c.p
    if w.order_day > NEVER and w.day - w.order_day >= p.parliament_notice:
        w.troop_goal = 0.0
    leaving = min(max(0.0, w.troops - w.troop_goal), p.forces_pace)
    if leaving > 0.0:
        w.troops -= leaving
        w.guard = max(0.0, w.guard - p.forces_guard_cost * leaving / THOUSAND)
        w.authority -= p.forces_authority_cost * leaving / THOUSAND


@rule
def cut_troops(c: Crisis) -> None:
    """The next step down of five hundred, or to the level that the script says."""
    said = amount_said(c)
    if said >= 0.0:
        c.w.troop_goal = min(c.w.troop_goal, said)
        return
    c.w.troop_goal = max(min(c.w.troop_goal, c.p.forces_floor), c.w.troop_goal - 500.0)


@rule
def strengthen_defence(c: Crisis) -> None:
    """More air defence and dispersal."""
    c.w.air_defence = min(1.0, c.w.air_defence + c.p.forces_defence_step)
