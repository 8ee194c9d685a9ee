"""Opportunities to attack: self-exciting in two channels; using them is a choice.

Branching form of the self-exciting process (Hawkes 1971; Mohler et al. 2011; hurdle version Porter and White 2012). In
Iraq 2003-07 self-excitation explained up to 37-50 % of events (Lewis et al. 2012); in the record of 2019-20 the
political phase explains the clusters, so the branching ratio is small. Restraint damps contagion by itself, since only
attacks breed opportunities.
"""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.rules.luck import luck
from sim.world.names import FIRST_GROUP, Draw
from sim.world.records import Crisis


@rule
def find_opportunities(c: Crisis) -> None:
    """Draw today's rocket and convoy-bomb opportunities of every group: at most one a day and channel."""
    for g in range(FIRST_GROUP, len(c.actors)):
        me, t = c.actors[g], c.traits[g]
        today = c.plan.calendar[c.w.day]
        rockets = t.rocket_rate * me.capability * today.season_rocket * presence(c) * guarded(c)
        bombs = t.ied_rate * me.capability * today.season_ied * presence(c)
        me.rocket_chance = comes(
            c, g, Draw.ROCKET_OPPORTUNITY.value, rockets + c.p.combat_branching * me.contagion_rocket
        )
        me.ied_chance = comes(c, g, Draw.IED_OPPORTUNITY.value, bombs + c.p.combat_branching * me.contagion_ied)


@rule
def comes(c: Crisis, g: int, draw: int, rate: float) -> int:
    """1 if an opportunity with this daily rate comes today."""
    return 1 if luck(c, g, draw) < 1.0 - math.exp(-rate) else 0


@rule
def presence(c: Crisis) -> float:
    """Targets left to attack, against the start of the record: the embassy and the troops."""
    w, p = c.w, c.p
    left = 0.5 * w.staff + 0.5 * min(1.0, w.troops / p.forces_troops_reference)
    return 1.0 - p.combat_presence_effect * (1.0 - left)


@rule
def guarded(c: Crisis) -> float:
    """What Iraqi guards leave of rocket opportunities, by their strength and the government's authority."""
    if c.w.day > c.w.guard_until:
        return 1.0
    return 1.0 - c.p.baghdad_guard_effect * c.w.guard * c.w.authority


@rule
def remember_attacks(c: Crisis) -> None:
    """Self-excitation: each attack breeds later opportunities, ``combat.branching`` of them on average."""
    w = c.w
    for g in range(FIRST_GROUP, len(c.actors)):
        me = c.actors[g]
        me.contagion_rocket = w.keep_contagion * (me.contagion_rocket + me.fired * w.contagion_gain)
        me.contagion_ied = w.keep_contagion * (me.contagion_ied + me.bombed * w.contagion_gain)
        me.fired, me.bombed = 0, 0
