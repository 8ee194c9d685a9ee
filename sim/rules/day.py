"""The order of a day: the table of contents of the rulebook.

1 calendar, 2 perceive, 3 opportunities, 4 direct and decide (all on the same morning state), 5 resolve, 6 processes,
7 joint acts and loss of control, 8 close.
Every driver goes through these steps in this order.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.calendar import keep_calendar
from sim.rules.decide import convene, decide
from sim.rules.direct import direct
from sim.rules.land import land_due, launch
from sim.rules.opportunity import find_opportunities
from sim.rules.perceive import close_perception, perceive
from sim.rules.proceed import meet, proceed
from sim.world.names import Who
from sim.world.records import Crisis


@rule
def live_day(c: Crisis) -> None:
    """One day of the crisis."""
    morning(c)
    direct(c)
    for i in range(len(c.actors)):
        decide(c, i)
    take_effect(c)
    proceed(c)
    meet(c)


@rule
def morning(c: Crisis) -> None:
    """What is dated, what everybody perceives, what the day offers, and whether Tehran sits."""
    keep_calendar(c)
    for i in range(len(c.actors)):
        perceive(c, i)
    close_perception(c)
    find_opportunities(c)
    convene(c, Who.IRAN.value)


@rule
def take_effect(c: Crisis) -> None:
    """Choices become acts under way, and acts whose day has come land."""
    for i in range(len(c.actors)):
        launch(c, i)
    land_due(c)


@rule
def close_day(c: Crisis) -> None:
    """Midnight: the next day begins."""
    c.w.day += 1
