"""Escalation beyond choice: war is not on anybody's menu, it is what control is lost to.

"The threat that leaves something to chance" (Schelling 1960; Powell 1990). Each day on which both sides have acted on
rung 10 or above within five days, control is lost with probability psi (mean rung / 12)^2. No US-Iran dispute of
1979-2010 became a war (0 of 15, GML-MID), which argues for a small psi.
"""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules.ladder import TOP_RUNG
from sim.rules.luck import luck
from sim.rules.record import note, rise
from sim.world.names import NEVER, NOBODY, Draw, Policy, Who
from sim.world.records import Crisis

WINDOW = 5


@rule
def lose_control(c: Crisis) -> None:
    """Draw whether war breaks out today; it is noted as a strike on Iran raised to the top rung.

    Not where Washington does only what the script says.
    """
    if luck(c, Who.US.value, Draw.WAR.value) < chance_of_war(c):
        c.w.war_day = c.w.day
        k = note(c, Act.US_STRIKE_IRAN.value, Who.US.value, Who.IRAN.value, NOBODY)
        c.w.events[k].rung = TOP_RUNG
        rise(c, k)


@rule
def chance_of_war(c: Crisis) -> float:
    """Probability that control is lost today."""
    w = c.w
    if c.traits[Who.US.value].policy == Policy.SCRIPTED or w.war_day != NEVER:
        return 0.0
    if w.day - w.us_ten_day > WINDOW or w.day - w.iran_ten_day > WINDOW:
        return 0.0
    intensity = mean_rung(c) / TOP_RUNG
    return c.p.war_psi * intensity * intensity


@rule
def mean_rung(c: Crisis) -> float:
    """Mean rung of the acts on rung 10 or above in the window."""
    total, n = 0.0, 0
    for k in range(c.w.n_events - 1, -1, -1):
        e = c.w.events[k]
        if c.w.day - e.day > WINDOW:
            break
        if e.rung >= 10:
            total += e.rung
            n += 1
    return total / n if n > 0 else 0.0
