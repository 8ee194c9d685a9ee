"""The escalation ladder and the scores others publish.

Severity weights interpolate those of Rivera et al. (2024): posturing 4, non-violent escalation 12, violent 28, the top
rung 60, de-escalation -2. Order of rungs: MID hostility (Palmer et al.), with violence above rupture; Kahn (1965) puts
breaking relations above harassing violence, writing of states that do not normally shoot.
"""

from __future__ import annotations

import math

from sim.compiled import rule

TOP_RUNG = 12
LOWEST_RUNG = -2
STRIKE_WEIGHT = 28.0
RUNGS = {
    -2: "formal de-escalation",
    -1: "conciliatory act or talks",
    0: "routine",
    1: "protest, accusation",
    2: "warning, red line",
    3: "posturing",
    4: "limited coercion",
    5: "rupture begun",
    6: "rupture done",
    7: "harassing violence",
    8: "lethal or massed attack",
    9: "limited strikes",
    10: "campaign, commander killed",
    11: "state strikes state",
    12: "sustained war",
}
WEIGHTS = tuple(4.0 * (math.pow(2.0, r / 3.0) - 1.0) for r in range(TOP_RUNG + 1))


@rule
def weight(rung: int) -> float:
    """Severity weight of a rung: 4 (2^(r/3) - 1) from 0 up, 2 r below."""
    if rung < 0:
        return 2.0 * rung
    return WEIGHTS[rung]


@rule
def hostility(rung: int) -> int:
    """MID hostility level 1..5 of a rung (Palmer et al. 2022, MID 5)."""
    if rung >= 12:
        return 5
    if rung >= 7:
        return 4
    if rung >= 3:
        return 3
    if rung == 2:
        return 2
    return 1


@rule
def violence(rung: int, killed: int) -> int:
    """ICB violence code 1 none, 2 minor clashes, 3 serious clashes, 4 full-scale war (Brecher and Wilkenfeld)."""
    if rung >= 12:
        return 4
    if rung >= 9 or killed >= 25:
        return 3
    if rung >= 7:
        return 2
    return 1
