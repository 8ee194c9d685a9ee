"""What an actor sees on a morning, and the options as a policy from outside is shown them.

Whoever chooses from outside the rulebook, whether a compiled policy, one in Python, a person or a learning agent, is
told this and no more.
"""

from __future__ import annotations

from typing import Any

from numba import literal_unroll

from sim.compiled import rule
from sim.rules.luck import luck
from sim.rules.weigh import authorship
from sim.world.names import FIRST_GROUP, Draw, Who
from sim.world.records import CALENDAR, OWN, OWN_OF_GROUP, PUBLIC, Crisis

LONG_AGO = 999
"""Days since something that has not happened."""


@rule
def see(c: Crisis, i: int, seen: Any) -> None:
    """Write what actor ``i`` sees today into ``seen``, a SEEN record."""
    seen.actor, seen.day = i, c.w.day
    seen.luck[0], seen.luck[1] = luck(c, i, Draw.CLASS.value), luck(c, i, Draw.INSTANCE.value)
    see_public(c, seen)
    see_since(c, seen)
    see_own(c, i, seen)
    see_groups(c, i, seen)


@rule
def see_public(c: Crisis, seen: Any) -> None:
    """The state of the embassy, forces, Iraq and the toll, and what the calendar says."""
    seen.stage, seen.truce, seen.waiver_left = c.w.stage, c.w.truce, c.w.waiver_until - c.w.day
    for name in literal_unroll(PUBLIC):
        seen[name] = c.w[name]
    for name in literal_unroll(CALENDAR):
        seen[name] = c.plan.calendar[c.w.day][name]


@rule
def see_since(c: Crisis, seen: Any) -> None:
    """Days since the last public event of each kind."""
    w = c.w
    seen.days_since_attack = days_since(w.day, w.attack_day)
    seen.days_since_us_death = days_since(w.day, w.us_death_day)
    seen.days_since_strike = days_since(w.day, w.strike_day)
    seen.days_since_missile = days_since(w.day, w.missile_day)
    seen.days_since_commander = days_since(w.day, w.commander_day)
    seen.days_since_warned = days_since(w.day, w.warned_day)
    seen.days_since_truce = days_since(w.day, w.truce_day)


@rule
def days_since(today: int, day: int) -> int:
    """Days since a day; ``LONG_AGO`` if it never came."""
    return min(LONG_AGO, today - day)


@rule
def see_own(c: Crisis, i: int, seen: Any) -> None:
    """Own beliefs and, of a group, its means, bonds and opportunities of today."""
    for name in literal_unroll(OWN):
        seen[name] = c.actors[i][name]
    for name in literal_unroll(OWN_OF_GROUP):
        seen[name] = c.actors[i][name] if i >= FIRST_GROUP else 0


@rule
def see_groups(c: Crisis, i: int, seen: Any) -> None:
    """What an actor knows of every group; 0 where it does not know.

    Everybody sees who is in the truce; Washington and Baghdad have a share of the blame for each and know of the
    prisoners; Tehran knows its hold, its last word and what is left of it, and the group's means.
    """
    seen.n_groups = len(c.actors) - FIRST_GROUP
    informed, patron = i == Who.US or i == Who.IRAQ, i == Who.IRAN
    for g in range(FIRST_GROUP, len(c.actors)):
        group, known = c.actors[g], seen.groups[g - FIRST_GROUP]
        known.in_truce = group.in_truce
        known.blame = authorship(c, g) if informed else 0.0
        known.prisoners = group.prisoners if informed else 0
        known.capability = group.capability if patron else 0.0
        known.control = group.control if patron else 0.0
        known.directive = group.directive if patron else 0
        known.directive_strength = group.directive_strength if patron else 0.0


@rule
def offer(c: Crisis, menu: Any) -> int:
    """Copy the feasible options of a menu to ``c.w.offers``, in its order; returns how many."""
    count = 0
    for a in menu:
        o = c.w.options[a]
        if o.feasible == 1:
            shown = c.w.offers[count]
            shown.act, shown.rung, shown.kind = a, c.acts[a].rung, o.kind
            shown.target, shown.utility = o.target, o.utility
            for k in range(len(o.terms)):
                shown.terms[k] = o.terms[k]
            count += 1
    return count


@rule
def act_of_offer(c: Crisis, menu: Any, place: int) -> int:
    """The act offered in a place; counted again, since a policy may have written on what it was shown."""
    left = place
    for a in menu:
        if c.w.options[a].feasible == 1:
            if left == 0:
                return a
            left -= 1
    return menu[len(menu) - 1]
