"""The order of a day: the table of contents of the rulebook.

1 calendar, 2 perceive, 3 direct, 4 opportunities and decisions (all on the same morning state), 5 resolve,
6 processes, 7 close.
Every driver goes through these steps in this order.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.calendar import keep_calendar
from sim.rules.decide import decide
from sim.rules.direct import direct
from sim.rules.land import land_due, launch
from sim.rules.opportunity import find_opportunities
from sim.rules.perceive import close_perception, perceive
from sim.rules.proceed import proceed
from sim.world.records import Crisis


@rule
def live_day(c: Crisis) -> None:
    """One day of the crisis."""
    keep_calendar(c)
    for i in range(len(c.actors)):
        perceive(c, i)
    close_perception(c)
    direct(c)
    find_opportunities(c)
    for i in range(len(c.actors)):
        decide(c, i)
    for i in range(len(c.actors)):
        launch(c, i)
    land_due(c)
    proceed(c)


@rule
def close_day(c: Crisis) -> None:
    """Midnight: the next day begins."""
    c.w.day += 1
