"""Processes of a day that nobody chooses: clocks, drift, decay, evidence, loss of control."""

from __future__ import annotations

from typing import Any

from sim.compiled import rule
from sim.rules.economy import move_stress
from sim.rules.embassy import run_clock
from sim.rules.forces import move_troops
from sim.rules.iraq import move_authority, move_street, parliament_meets
from sim.rules.luck import luck
from sim.rules.opportunity import remember_attacks
from sim.rules.perceive import believe_worse, find_evidence
from sim.rules.truce import consider_truce
from sim.rules.war import lose_control
from sim.world.names import FIRST_GROUP, Draw, Who
from sim.world.records import Crisis


@rule
def proceed(c: Crisis) -> None:
    """What nobody does, in a fixed order."""
    run_clock(c)
    move_troops(c)
    move_stress(c)
    move_authority(c)
    move_street(c)
    remember_attacks(c)
    fade(c)
    find_evidence(c)
    find_commander(c)
    believe_worse(c)


@rule
def meet(c: Crisis) -> None:
    """What several do at once, and what nobody wants: a vote, a truce, war."""
    parliament_meets(c)
    consider_truce(c)
    lose_control(c)


@rule
def fade(c: Crisis) -> None:
    """Commitments, violations, suspicion, resolve, grievance and orders fade; means and control return to their base.

    What Washington once did tells little of what it will do: resolve is judged by the present (Mercer 1996, Press
    2005). Record: rockets went on within weeks of January 2020.
    """
    w = c.w
    for i in range(len(c.actors)):
        me, t = c.actors[i], c.traits[i]
        me.commitment *= w.keep_commitment
        me.violations *= w.keep_violation
        me.grievance = t.grievance + (me.grievance - t.grievance) * w.keep_grievance
        me.sponsor = c.p.perception_sponsor + (me.sponsor - c.p.perception_sponsor) * w.keep_sponsor
        me.us_resolve = c.p.signals_resolve_usual + (me.us_resolve - c.p.signals_resolve_usual) * w.keep_resolve
        if i >= FIRST_GROUP:
            fade_group(w, me, t)
    us = c.actors[Who.US.value]
    if us.violations < 0.1:
        us.unanswered = 0.0


@rule
def fade_group(w: Any, me: Any, t: Any) -> None:
    """What fades in a militia group only."""
    me.blame *= w.keep_violation
    me.civil_grief *= w.keep_civil_grief
    me.capability = t.capability + (me.capability - t.capability) * w.keep_capability
    me.control = t.iran_control + (me.control - t.iran_control) * w.keep_control
    me.directive_strength *= w.keep_directive
    if me.directive_strength < 0.1:
        me.directive = 0


@rule
def find_commander(c: Crisis) -> None:
    """Intelligence on the whereabouts of a commander comes by chance and is good for five days."""
    if luck(c, Who.US.value, Draw.SITUATION.value) < c.p.strikes_intelligence:
        c.w.found_day = c.w.day
