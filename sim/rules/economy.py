"""Money: oil, salaries, the American waiver for Iranian energy, and the lenders.

Iraq in 2020: wages and pensions of about 5 bn USD a month against oil income of about 3.5; a third of the power depends
on Iranian gas under American waivers of 30-120 days; lenders whose aid Washington can withhold.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.luck import clamp, triangular
from sim.rules.record import amount_said, luck_of
from sim.world.names import Draw
from sim.world.records import Crisis

MONTH = 30.0


@rule
def move_stress(c: Crisis) -> None:
    """Fiscal stress: drift of oil, withheld aid, a lapsed waiver; between 0 and 1."""
    w, p = c.w, c.p
    w.stress += p.economy_drift
    w.stress += p.economy_aid_stress * (1.0 - w.aid) / MONTH
    if w.day > w.waiver_until:
        w.stress += p.economy_waiver_stress / MONTH
    w.stress = clamp(w.stress, 0.0, 1.0)


@rule
def extend_waiver(c: Crisis, k: int, low: float, high: float) -> None:
    """Event ``k`` lets the waiver run on for a drawn number of days."""
    w, said = c.w, amount_said(c)
    days = int(triangular(luck_of(c, k, Draw.WAIVER.value), low, 0.5 * (low + high), high) if said < 0.0 else said)
    w.waiver_until = max(w.day, w.waiver_until) + days


@rule
def withhold_aid(c: Crisis) -> None:
    """World Bank and IMF money stops."""
    c.w.aid, c.w.aid_day = 0.0, c.w.day
    c.w.authority -= c.p.economy_aid_authority


@rule
def fiscal_emergency(c: Crisis) -> None:
    """Borrowing or devaluation relieves the treasury and angers the street."""
    w, p = c.w, c.p
    w.stress = max(0.0, w.stress - p.economy_emergency_relief)
    w.street = min(1.0, w.street + 0.1)
