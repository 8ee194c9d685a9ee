"""Event rows as a table that people and other tools can read: ids and dates instead of codes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim.actions import CATALOGUE
from sim.world.names import Site
from sim.world.records import EVENT

ACT_IDS = [action.id for action in CATALOGUE]
SITES = {
    Site.NONE: "",
    Site.EMBASSY: "the embassy",
    Site.AIRPORT: "Baghdad airport",
    Site.ASAD: "Ain al-Asad",
    Site.ERBIL: "Erbil",
    Site.CONVOY: "a supply convoy",
    Site.GROUP_SITES: "the groups' sites",
    Site.IRAN: "Iran",
    Site.STREET: "the street",
}
PLACES = {site.name.lower(): place for site, place in SITES.items()}
"""Site as the table names it -> site as a sentence names it."""
ACTOR_COLUMNS = ("actor", "target", "believed_author")
BOOLEANS = ("scripted", "private")


def decode_events(events: Any, worlds: np.ndarray, scenario: Any) -> pd.DataFrame:
    """Turn EVENT records into a table, one row an event.

    Args:
        events: (total,) EVENT, the events of each world together and in order.
        worlds: (total,) number of the world of each event.
        scenario: gives the ids of the actors, in the order of their rows, and the start date.

    Returns:
        ``world``, ``event`` (row within its world, which ``cause`` refers to), ``date``, then the columns of EVENT
        with ``act``, ``actor``, ``target``, ``site`` and ``believed_author`` as categories; a missing target or author
        is missing.
    """
    columns: dict[str, Any] = {
        "world": worlds.astype(np.int64),
        "event": _row_in_world(worlds),
        "date": np.datetime64(scenario.start, "ms") + events["day"].astype("timedelta64[D]"),
    }
    for name in EVENT.names or ():
        columns[name] = _column(name, np.asarray(events[name]), list(scenario.actors))
    return pd.DataFrame(columns)


def _row_in_world(worlds: np.ndarray) -> np.ndarray:
    """(total,) ordinal of each event within its world; worlds stand together."""
    place = np.arange(len(worlds))
    first = np.r_[True, worlds[1:] != worlds[:-1]][: len(worlds)]
    return (place - np.maximum.accumulate(np.where(first, place, 0))).astype(np.int32)


def _column(name: str, values: np.ndarray, actors: list[str]) -> Any:
    if name == "act":
        return pd.Categorical.from_codes(values.astype(np.int64), pd.Index(ACT_IDS))
    if name == "site":
        return pd.Categorical.from_codes(values.astype(np.int64), pd.Index(list(PLACES)))
    if name in ACTOR_COLUMNS:
        return pd.Categorical.from_codes(np.where(values < 0, -1, values).astype(np.int64), pd.Index(actors))
    if name in BOOLEANS:
        return values != 0
    return values if values.dtype.kind == "f" else values.astype(np.int32)


def day_of(start: date, day: int) -> date:
    """The date of a day of the run; day 0 is the start."""
    return start + timedelta(days=int(day))


def short_date(when: date) -> str:
    """A date as reports write it: ``3 Nov 2020``."""
    return f"{when.day} {when:%b %Y}"


def actor_names(scenario: Any) -> dict[str, str]:
    """Id of each actor -> the name by which sentences call it."""
    states = {"us": "Washington", "iran": "Tehran", "iraq": "Baghdad", "sadr": "Sadr", "coalition": "the coalition"}
    return states | {group.id: group.name for group in scenario.groups}
