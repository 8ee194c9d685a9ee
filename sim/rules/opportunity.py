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
        me = c.actors[g]
        me.rocket_chance = 1 if luck(c, g, Draw.ROCKET_OPPORTUNITY.value) < chance_of_rockets(c, g) else 0
        me.ied_chance = 1 if luck(c, g, Draw.IED_OPPORTUNITY.value) < chance_of_bombs(c, g) else 0


@rule
def chance_of_rockets(c: Crisis, g: int) -> float:
    """Probability that a group finds an opportunity to fire rockets today."""
    me, t = c.actors[g], c.traits[g]
    season = c.plan.calendar[c.w.day].season_rocket
    rate = t.rocket_rate * me.capability * season * presence(c) * guarded(c)
    return within_a_day(rate + c.p.combat_branching * me.contagion_rocket)


@rule
def chance_of_bombs(c: Crisis, g: int) -> float:
    """Probability that a group finds an opportunity to bomb a convoy today."""
    me, t = c.actors[g], c.traits[g]
    rate = t.ied_rate * me.capability * c.plan.calendar[c.w.day].season_ied * presence(c)
    return within_a_day(rate + c.p.combat_branching * me.contagion_ied)


@rule
def within_a_day(rate: float) -> float:
    """Probability that something with this daily rate comes today."""
    return 1.0 - math.exp(-rate)


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
