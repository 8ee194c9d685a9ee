"""Every number a scenario can set, by its path; those of blocs and events are declared here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sim.errors import InputError, nearest
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.quantity import KINDS, Quantity
from sim.scenario.action_quantities import action_quantities
from sim.scenario.places import Address
from sim.scenario.scripts import counts_of

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

STATES = KINDS[:-1]
MILITIA = KINDS[-1]
ALL_GROUPS = "militias"
START = date(2020, 9, 28)
HORIZON = 90
LONGEST_HORIZON = 1100
SEED = 20200928
LARGEST_SEED = 2**63 - 1
DRAWN = -1
"""What an event says of casualties or rockets that are left to chance."""

KTAB = "KTAB/SMP: probabilistic Condorcet election among blocs"
BLOC_FIELDS = (
    Quantity("seats", 1, "seats", 0, 1000, "Seats in parliament.", KTAB, whole=True),
    Quantity("position", 0.5, "1", 0, 1, "Hostility to the US presence: 0 keeps it, 1 ends all relations.", KTAB),
    Quantity("salience", 0.5, "1", 0, 1, "How much the matter weighs with the bloc.", KTAB),
)
TOLL = "casualty figures of the record; -1 leaves the number to chance"
EVENT_FIELDS = (
    Quantity(
        "day", 0, "days", 0, LONGEST_HORIZON - 1, "Day of the event; the start is day 0.", "the story", whole=True
    ),
    Quantity("rockets", DRAWN, "rockets", DRAWN, 200, "Rockets fired.", TOLL, whole=True),
    Quantity("us_killed", DRAWN, "people", DRAWN, 10_000, "Americans killed.", TOLL, whole=True),
    Quantity("us_hurt", DRAWN, "people", DRAWN, 10_000, "Americans hurt.", TOLL, whole=True),
    Quantity("coalition_killed", DRAWN, "people", DRAWN, 10_000, "Coalition members killed.", TOLL, whole=True),
    Quantity("iraqi_killed", DRAWN, "people", DRAWN, 10_000, "Iraqis killed.", TOLL, whole=True),
    Quantity("militia_killed", DRAWN, "people", DRAWN, 10_000, "Militia members killed.", TOLL, whole=True),
    Quantity("iranian_killed", DRAWN, "people", DRAWN, 10_000, "Iranians killed.", TOLL, whole=True),
)
THRESHOLD = Quantity("threshold", 1, "1", 0, 1e9, "Number it is compared with.", "the question")
TROOP_LEVEL = Quantity("level", 3000, "troops", 1, 200_000, "US troops in Iraq after the step.", "troop announcements")
SEASON = Quantity(
    "factor", 1, "1", 0, 10, "Monthly factor on the rate of opportunities.", "weekly counts of the record"
)


def owner_of(actor: str) -> str:
    """Section of an actor's numbers: ``us``, ``militias.badr``."""
    return actor if actor in STATES else f"{ALL_GROUPS}.{actor}"


def kind_of_actor(actor: str) -> str:
    """Kind of an actor by its id: its own for a state, ``militia`` for a group."""
    return actor if actor in STATES else MILITIA


@cache
def actor_quantities(actor: str) -> dict[str, Quantity]:
    """The numbers of one actor, by name."""
    kind = kind_of_actor(actor)
    return {each.name: each.of(kind, owner_of(actor)) for each in ACTOR_PARAMETERS if kind in each.defaults}


def drawable(groups: Iterable[str]) -> dict[str, Quantity]:
    """Every number that may differ from world to world, by path: those of the world, the actors and the actions."""
    found = {each.path: each for each in PARAMETERS}
    for actor in (*STATES, *groups):
        found |= {each.path: each for each in actor_quantities(actor).values()}
    return found | action_quantities()


def paths(scenario: Scenario) -> dict[str, Quantity]:
    """Every number that can be set or swept, by path: what worlds can differ in, the blocs and the events.

    The defaults are the declared ones, not the scenario's values.
    """
    found = drawable(group.id for group in scenario.groups)
    for bloc in scenario.blocs:
        found |= _under(f"parliament.blocs.{bloc.id}", BLOC_FIELDS)
    for index, event in enumerate(scenario.events):
        said = ("day", *counts_of(event.act))
        found |= _under(f"events.{index}", [each for each in EVENT_FIELDS if each.path in said])
    return found


def quantity(scenario: Scenario, path: str) -> Quantity:
    """The quantity at a path.

    Raises:
        InputError: there is none; the message names the nearest.
    """
    known = paths(scenario)
    if path not in known:
        raise unknown_path(path, known)
    return known[path]


def unknown_path(path: str, known: Iterable[str]) -> InputError:
    """The error for a path that does not exist; it lists the names beside it rather than all thousand paths."""
    section = path.rpartition(".")[0]
    beside = sorted(each for each in known if each.rpartition(".")[0] == section)
    listed = f"known in {section}: {', '.join(beside)}" if beside else "`sim parameters` lists all"
    return InputError(f"unknown path '{path}';{nearest(path, known)} {listed}")


def split(path: str) -> Address:
    """Address of a dotted path; the ids of actions and the paths in a design hold dots of their own."""
    parts = path.split(".")
    if parts[0] == "actions" and len(parts) > 2:
        parts[1:3] = [".".join(parts[1:3])]
    if parts[:2] == ["design", "vary"] and len(parts) > 2:
        parts[2:] = [".".join(parts[2:])]
    return tuple(parts)


def _under(section: str, fields: Iterable[Quantity]) -> dict[str, Quantity]:
    return {f"{section}.{each.path}": replace(each, path=f"{section}.{each.path}") for each in fields}
