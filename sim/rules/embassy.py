"""The embassy clock: open, warned, decided, drawdown, closed; reversible until complete, at a price.

The plan was gradual, over two to three months, "a window that would allow Washington to reconsider" (reports of 27-29
September 2020). Nothing closes before the scenario's closing time; every week Washington confirms, pauses or reverses.
"""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.world.names import NEVER, Stage, Who
from sim.world.records import Crisis

TRANCHES = 3.0
REVIEW = 7


@rule
def enter(c: Crisis, stage: int) -> None:
    """Move to a stage today."""
    c.w.stage, c.w.stage_day = stage, c.w.day


@rule
def is_decided(stage: int) -> bool:
    """Whether a closure is decided and not complete."""
    return stage == Stage.DECIDED or stage == Stage.DRAWDOWN


@rule
def warn(c: Crisis) -> None:
    """The letter of warning; under a clock that runs, or after the closure, it is only words."""
    if not is_decided(c.w.stage) and c.w.stage != Stage.CLOSED:
        c.w.warned_day = c.w.day
        enter(c, Stage.WARNED.value)


@rule
def decide_closure(c: Crisis) -> None:
    """Start the clock, or let a paused one run on."""
    w = c.w
    if w.stage == Stage.CLOSED:
        return
    if w.paused == 1:
        w.paused = 0
    else:
        w.decided_day, w.clock = w.day, c.p.embassy_closure_days
        enter(c, Stage.DECIDED.value)
        w.authority -= c.p.embassy_authority_decided
        w.stress = min(1.0, w.stress + c.p.embassy_stress_decided)
        w.called_day = w.day
    w.review_day = w.day + REVIEW


@rule
def pause(c: Crisis) -> None:
    """Stop the clock, if it runs; the closure stays decided."""
    c.w.paused = 1 if is_decided(c.w.stage) else 0


@rule
def reverse(c: Crisis) -> None:
    """Take the closure back, and with it the warning: open again, with memory."""
    w = c.w
    w.paused, w.review_day, w.warned_day = 0, -1, NEVER
    enter(c, Stage.REVERSED.value)
    w.authority += 0.5 * c.p.embassy_authority_decided
    c.actors[Who.US.value].commitment = 0.0


@rule
def complete(c: Crisis) -> None:
    """Close: nobody left, and the hands free."""
    w = c.w
    w.staff, w.closed_day = 0.0, w.day
    enter(c, Stage.CLOSED.value)
    w.authority -= c.p.embassy_authority_closed
    w.stress = min(1.0, w.stress + c.p.embassy_stress_closed)


@rule
def withdraw_partly(c: Crisis) -> None:
    """Half the staff leave for a time (2 December 2020); nobody while they leave for good, or have left."""
    w = c.w
    if is_decided(w.stage) or w.stage == Stage.CLOSED:
        return
    if w.stage != Stage.PARTIAL:
        enter(c, Stage.PARTIAL.value)
    w.staff = min(w.staff, c.p.embassy_partial_staff)


@rule
def staff_by_clock(c: Crisis) -> float:
    """Share of the staff that a clock which has run so far leaves: a third goes with each third of the time."""
    gone = math.floor(TRANCHES * (1.0 - c.w.clock / c.p.embassy_closure_days) + 1e-9) / TRANCHES
    return max(c.p.embassy_last_staff, 1.0 - gone)


@rule
def run_clock(c: Crisis) -> None:
    """A day of the clock: staff leave in three tranches while it runs, and come back when it is reversed."""
    w, p = c.w, c.p
    if w.stage == Stage.DECIDED and w.day > w.stage_day:
        enter(c, Stage.DRAWDOWN.value)
    if is_decided(w.stage) and w.paused == 0:
        w.clock = max(0.0, w.clock - 1.0)
        w.staff = min(w.staff, staff_by_clock(c))
    if w.stage == Stage.PARTIAL and w.day - w.stage_day >= c.p.embassy_partial_days:
        enter(c, Stage.WARNED.value if w.warned_day > NEVER else Stage.OPEN.value)
    if w.stage == Stage.OPEN or w.stage == Stage.WARNED or w.stage == Stage.REVERSED:
        w.staff = min(1.0, w.staff + p.embassy_return_pace)
    if w.review_day == w.day:
        w.review_day = w.day + REVIEW
    w.free_hand = 1.0 - w.staff
