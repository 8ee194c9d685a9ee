"""A rehearsal before the first world: every act that may be done lands once, and every precondition is tested once.

An act that somebody added without a branch in :mod:`sim.rules.land`, or with one under another owner, would do nothing
and nobody would see it; so would a precondition that no test of :mod:`sim.rules.feasible` knows.
"""

from __future__ import annotations

from sim.actions import CATALOGUE, Action
from sim.errors import NoRuleError
from sim.rules.feasible import met
from sim.rules.land import land
from sim.rules.start import begin
from sim.world.names import FIRST_GROUP, NOBODY, Kind
from sim.world.records import Crisis

UNTESTED = ("ORDER_ONLY", "JOINT_ONLY")
"""Preconditions that never hold: such acts are not on a menu."""
KNOWN: set[int] = set()
"""Acts that have been rehearsed in this process."""


def rehearse(c: Crisis) -> None:
    """Let every act land once that is switched on, or scripted, and test what it needs; each once in a process.

    Args:
        c: a world that may be written on; it is begun anew and left as it comes.

    Raises:
        NoRuleError: an act or a precondition has no rule; names it and says where one belongs.
    """
    scripted = {int(row.act) for row in c.plan.script[: c.plan.n_script]}
    for action in CATALOGUE:
        wanted = c.acts[action.act].enabled == 1 or action.act in scripted
        if wanted and int(action.act) not in KNOWN and actor_of(action) < len(c.actors):
            begin(c, 0, 0)
            try_landing(c, action)
            try_need(c, action)
            KNOWN.add(int(action.act))


def actor_of(action: Action) -> int:
    """Row of an actor that has the act on its menu."""
    return FIRST_GROUP if action.owner == Kind.MILITIA else int(action.owner)


def try_landing(c: Crisis, action: Action) -> None:
    """Let an act land.

    Raises:
        NoRuleError: nothing says what it leaves.
    """
    try:
        land(c, int(action.act), actor_of(action), FIRST_GROUP if len(c.actors) > FIRST_GROUP else NOBODY, NOBODY, 0)
    except NoRuleError as error:
        where = f"land_{'group' if action.owner == Kind.MILITIA else action.owner.name.lower()}"
        raise NoRuleError(
            f"nothing says what {action.id} leaves: give it a branch under `{where}` in sim/rules/land.py, or"
            " `words=True` in the catalogue if it leaves only words"
        ) from error


def try_need(c: Crisis, action: Action) -> None:
    """Test the precondition of an act.

    Raises:
        NoRuleError: no test knows it.
    """
    if action.need.name in UNTESTED:
        return
    try:
        met(c, actor_of(action), int(action.need))
    except NoRuleError as error:
        raise NoRuleError(
            f"nothing tests Need.{action.need.name}, which {action.id} has: give it a line in sim/rules/feasible.py"
        ) from error
