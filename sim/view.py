"""What an actor can see: the view that policies, human seats and learning agents are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import CATALOGUE
from sim.rules.see import see
from sim.world.names import FIRST_GROUP, Stage, Who
from sim.world.records import CALENDAR, OWN, OWN_OF_GROUP, PUBLIC, SEEN, SINCE

if TYPE_CHECKING:
    from sim.drivers.mesa_model import Actor

KNOWN_OF_GROUP: dict[int, tuple[str, ...]] = {
    Who.US: ("blame", "prisoners"),
    Who.IRAQ: ("blame", "prisoners"),
    Who.IRAN: ("capability", "control", "directive", "directive_strength"),
}
"""What some know of the groups beyond who is in the truce."""
COUNTS = ("day", "rung", "rockets", "us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "iranian_killed")
"""Numbers of an event that everybody can see."""
FIRST_VIOLENCE = 7
"""Lowest rung of violence; the author of what lies below does not hide."""


class View:
    """What an actor sees on a morning: its own beliefs and means, public events, the state of the embassy.

    Attributes:
        actor: its id.
        day: today.
        beliefs: its beliefs by name.
        stage: stage of the embassy.
        truce: whether a truce is declared.
        events: public events so far, with the author that observers believe in.

    Examples:
        >>> def first(view, options):
        ...     return options[0] if view.day < 7 else max(options, key=lambda option: option.utility)
        >>> model = sim.CrisisModel("baghdad-2020", policies={"us": first})
    """

    def __init__(self, agent: Actor) -> None:
        w = agent.model.crisis.w
        self.actor, self.day, self.beliefs = agent.id, int(w.day), agent.beliefs
        self.stage, self.truce = Stage(w.stage).name.lower(), bool(w.truce)
        self._agent = agent

    @property
    def seen(self) -> Any:
        """All that it sees now as one SEEN record, what a compiled policy is given."""
        record = np.zeros(1, SEEN)
        see(self._agent.model.crisis, self._agent.row, record[0])
        return record[0]

    @property
    def public(self) -> dict[str, float]:
        """What everybody can see, by name.

        :data:`PUBLIC`, :data:`CALENDAR`, stage, truce, days left of the waiver (``waiver_left``), and days since the
        events of :data:`LAST` (``days_since_attack``; 999 for never).
        """
        seen = self.seen
        return {name: float(seen[name]) for name in (*PUBLIC, *CALENDAR, "stage", "truce", "waiver_left", *SINCE)}

    @property
    def own(self) -> dict[str, float]:
        """Its own beliefs and, of a group, its means, bonds and opportunities of today."""
        seen, names = self.seen, (*OWN, *OWN_OF_GROUP) if self._agent.row >= FIRST_GROUP else OWN
        return {name: float(seen[name]) for name in names}

    @property
    def groups(self) -> dict[str, dict[str, float]]:
        """What it knows of every group, by id (:func:`sim.rules.see.see_groups`)."""
        names, seen = ("in_truce", *KNOWN_OF_GROUP.get(self._agent.row, ())), self.seen
        rows = zip(self._agent.model.crisis_scenario.groups, seen["groups"], strict=False)
        return {group.id: {name: float(row[name]) for name in names} for group, row in rows}

    @property
    def under_way(self) -> list[tuple[str, str | None, int]]:
        """Its own acts that are decided but have not taken effect: id, target and day of the decision."""
        w = self._agent.model.crisis.w
        mine = (w.pending[k] for k in range(w.n_pending) if w.pending[k].actor == self._agent.row)
        return [(CATALOGUE[q.act].id, self._agent.model.name_of(q.target), int(q.decided)) for q in mine]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Public events so far as mappings, without what others hid.

        Each holds day, act, author as observers believe, how sure they can be of it, target, rung, rockets, casualties.
        """
        model = self._agent.model
        visible = (e for e in model.trace if self._agent.row == e["actor"] or not e["private"])
        return [self._told(e) for e in visible]

    def _told(self, e: Any) -> dict[str, Any]:
        model = self._agent.model
        known = e["actor"] == self._agent.row or e["rung"] < FIRST_VIOLENCE
        author = model.name_of(e["actor"] if known else e["believed_author"])
        return {
            "act": CATALOGUE[e["act"]].id,
            "author": author or "unknown",
            "sure": 1.0 if known else named_rightly(model.crisis, e),
            "target": model.name_of(e["target"]),
        } | {name: int(e[name]) for name in COUNTS}


def named_rightly(c: Any, e: Any) -> float:
    """How sure observers can be of the author they name for an event; 0 where they name none.

    By Bayes' rule, from how often they name the right one and a wrong one (:func:`sim.rules.perceive.attribute`).
    """
    if e["believed_author"] < 0:
        return 0.0
    if e["believed_author"] < FIRST_GROUP:
        return 1.0
    named = min(0.95, c.acts[e["act"]].attributability * (1.0 - c.p.perception_facade_shield * e["facade"]))
    return float(named / (named + (1.0 - named) * c.p.perception_wrong_author))
