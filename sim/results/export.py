"""Event rows in the form of event data sets: CAMEO codes, actor codes, Goldstein values.

Columns bear the names of GDELT (Leetaru and Schrodt 2013), which most tools for event data read; codes are those of
CAMEO (Schrodt 2012). Codes are text: ``0256`` is not 256.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.actions import BY_ID, CATALOGUE
from sim.errors import InputError
from sim.results.trace import PLACES, actor_names
from sim.world.records import MAX_EVENTS

STATES = {"us": "USAGOV", "iran": "IRNGOV", "iraq": "IRQGOV", "sadr": "IRQOPP", "coalition": "WST"}
GROUP = "IRQREB"
NO_CODE = "-"
QUADS = ((5, 1), (9, 2), (14, 3), (20, 4))
"""Last root code of each quad class: verbal and material cooperation, verbal and material conflict, as in GDELT."""
SUFFIXES = (".csv", ".parquet")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet takes for a formula."""


def actor_code(actor: str) -> str:
    """CAMEO code of an actor: country and role; every group is an armed group of Iraq."""
    return STATES.get(actor, GROUP)


def quad_class(cameo: str) -> int:
    """Quad class of a CAMEO code, by its root (first two digits)."""
    root = int(cameo[:2])
    return next(quad for last, quad in QUADS if root <= last)


def event_rows(events: pd.DataFrame, scenario: Any, private: bool = False) -> pd.DataFrame:
    """Turn decoded events into CAMEO rows, one an event that has a code.

    Args:
        events: as :func:`sim.results.trace.decode_events` returns them.
        scenario: gives the names of the actors.
        private: also keep what observers did not see, which no event data set would hold.

    Returns:
        Columns as in GDELT, then ``World``, ``BelievedActor1Code`` (the author Washington believes in; empty if it has
        no opinion), ``Killed`` and ``Private``.
    """
    acts = events["act"].astype(str)
    codes = acts.map({action.id: action.cameo for action in CATALOGUE})
    kept = (codes != NO_CODE) & (private | ~events["private"])
    events, acts, codes = events[kept], acts[kept], codes[kept]
    deaths = [column for column in events.columns if column.endswith("_killed")]
    table = {
        "GLOBALEVENTID": events["world"] * MAX_EVENTS + events["event"],
        "SQLDATE": events["date"].dt.strftime("%Y%m%d").astype(int),
        **_actor(events["actor"], "Actor1", scenario),
        **_actor(events["target"], "Actor2", scenario),
        "EventCode": codes,
        "EventBaseCode": codes.str[:3],
        "EventRootCode": codes.str[:2],
        "QuadClass": codes.map(quad_class).astype(np.int8),
        "GoldsteinScale": acts.map(_goldstein(scenario)).astype(float),
        "ActionGeo_FullName": events["site"].astype(str).map(PLACES),
        "World": events["world"],
        "BelievedActor1Code": _codes(events["believed_author"]),
        "Killed": events[deaths].sum(axis=1),
        "Private": events["private"],
    }
    return pd.DataFrame(table).reset_index(drop=True)


def _goldstein(scenario: Any) -> dict[str, float]:
    """Goldstein value of each act: the scenario's, or the catalogue's where the scenario draws one per world."""
    given = {act: scenario.values.get(f"actions.{act}.goldstein") for act in BY_ID}
    return {act: value if isinstance(value, float) else BY_ID[act].goldstein for act, value in given.items()}


def _codes(actors: pd.Series) -> pd.Series:
    return actors.astype(object).map(actor_code, na_action="ignore").fillna("").astype(str)


def _actor(actors: pd.Series, prefix: str, scenario: Any) -> dict[str, pd.Series]:
    codes = _codes(actors)
    names = actors.astype(object).map(actor_names(scenario)).fillna("").astype(str)
    return {
        f"{prefix}Code": codes,
        f"{prefix}Name": names,
        f"{prefix}CountryCode": codes.str[:3],
        f"{prefix}Type1Code": codes.str[3:],
    }


def inert_cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts no spreadsheet takes for formulas: one that begins like a formula gets an apostrophe."""
    safe = table.rename(columns=_inert)
    for place, kind in enumerate(table.dtypes):
        if not pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_datetime64_any_dtype(kind):
            safe.isetitem(place, table.iloc[:, place].astype(object).map(_inert).to_numpy())
    return safe


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def export_events(events: pd.DataFrame, scenario: Any, path: str | Path, private: bool = False) -> int:
    """Write CAMEO rows to a ``.csv`` or ``.parquet`` file and return how many there are.

    Raises:
        InputError: another kind of file is asked for, or the file cannot be written.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise InputError(f"cannot write events to '{path}': allowed endings are {' and '.join(SUFFIXES)}")
    rows = event_rows(events, scenario, private)
    try:
        if path.suffix == ".csv":
            inert_cells(rows).to_csv(path, index=False, lineterminator="\n")
        else:
            rows.to_parquet(path, index=False)
    except OSError as error:
        raise InputError(f"cannot write '{path}': {error.strerror or error}") from error
    return len(rows)
