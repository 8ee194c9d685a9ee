"""Recorded events as rows that a world can follow: who did what to whom on which day, and what is not known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.actions import BY_ID
from sim.analysis.record import Event
from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.quantities import STATES
from sim.world.names import NOBODY, Kind
from sim.world.records import SCRIPT

DRAWN = -1
HARM = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")
ROCKETS = ("rounds", "missiles")
AMOUNTS = ("days", "troops", "troops_planned")
"""Units in which a row says how long or how many."""


class Source(NamedTuple):
    """Where a row that a world follows comes from.

    Attributes:
        day, act, actor: as in the row; the actor is -1 if nobody is named.
        event: the event of the record.
    """

    day: int
    act: int
    actor: int
    event: Event


def rows_of(events: Iterable[Event], scenario: Scenario, until: date) -> tuple[Any, list[Source]]:
    """Acts on record from the first day of a scenario on and before ``until``, in the order of their days.

    A row that stands for several attacks becomes as many acts; the first has the harm.

    Returns:
        (n,) SCRIPT, and the source of each row.

    Raises:
        InputError: an actor of the record is not one of the scenario.
    """
    rows, sources = [], []
    for event in sorted(events, key=lambda event: event.date):
        if event.act and scenario.start <= event.date < until:
            for again in range(event.count):
                row = _row(event, scenario, again)
                rows.append(row)
                sources.append(Source(int(row["day"]), int(row["act"]), int(row["actor"]), event))
    return np.array(rows, SCRIPT).reshape(-1), sources


def _row(event: Event, scenario: Scenario, again: int) -> Any:
    row = np.zeros(1, SCRIPT)[0]
    row["day"], row["act"] = (event.date - scenario.start).days, BY_ID[event.act].act
    row["actor"], row["facade"], row["named"] = _author(event, scenario)
    row["target"] = _group_named(event.target, scenario)
    row["rockets"] = int(event.amount) if event.unit in ROCKETS and event.amount and not again else DRAWN
    row["amount"] = event.amount if event.unit in AMOUNTS and event.amount else DRAWN
    for name in HARM:
        row[name] = 0 if again else getattr(event, name)
    return row


def _author(event: Event, scenario: Scenario) -> tuple[int, int, int]:
    """Row of the author, whether it hid behind a facade, and whether it is named; -1 for what is not known.

    Raises:
        InputError: it is a state that the scenario does not have.
    """
    _, _, name = event.actor.rpartition(":")
    if BY_ID[event.act].owner != Kind.MILITIA:
        if name not in STATES:
            raise InputError(
                f"{event.date}: {event.actor} cannot do {event.act}; its actor is one of {', '.join(STATES)}"
            )
        return scenario.actors.index(name), 0, DRAWN
    own = [g.id for g in scenario.groups if name in (g.id, slug(g.name)) or g.id.endswith(f"_{name}")]
    if own:
        return scenario.actors.index(own[0]), 0, 1
    behind = [group.id for group in scenario.groups if name in {slug(facade) for facade in group.facades}]
    if len(behind) == 1:
        return scenario.actors.index(behind[0]), 1, 0
    return NOBODY, 1 if behind else DRAWN, 0


def slug(name: str) -> str:
    """A name as the record writes it: small letters, words joined by an underscore."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _group_named(text: str, scenario: Scenario) -> int:
    """Row of the group that a target names, or -1: the rules then choose whom such an act is aimed at."""
    found = [group.id for group in scenario.groups if group.name.lower() in text.lower()]
    return scenario.actors.index(found[0]) if len(found) == 1 else NOBODY
