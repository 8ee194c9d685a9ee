"""Where the same world under two scenarios first goes another way: day, actor, act.

Scripted events are left out: they are the change itself, and the cause of what follows, which
:mod:`sim.analysis.changed` names; or they are common to both. What is looked for is the first thing that somebody did
of their own accord in one scenario and not in the other, or that turned out differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.actions import BY_ID, CATALOGUE
from sim.results.trace import actor_names, day_of, short_date
from sim.results.words import share

ADDED, DROPPED, REPLACED, RESULT = "added", "dropped", "replaced", "result"
KINDS = {
    ADDED: "only with the change",
    DROPPED: "only without the change",
    REPLACED: "in place of another act",
    RESULT: "same act, other result",
}
DEED = ("day", "act", "actor", "target")
TOLL = (
    "rockets", "landed", "us_killed", "us_hurt", "coalition_killed",
    "iraqi_killed", "iraqi_hurt", "militia_killed", "iranian_killed",
)  # fmt: skip
COLUMNS = {"world": "int64", "day": "int64"} | dict.fromkeys(
    ("kind", "actor", "act", "instead_actor", "instead_act"), "str"
)
Deeds = NDArray[np.int64]


class Divergence(NamedTuple):
    """The first difference of a world.

    Attributes:
        day: its day.
        kind: ``added``, ``dropped``, ``replaced`` or ``result``.
        deed: row of :func:`deeds` that differs: that of the changed scenario, unless it was dropped.
        instead: for ``replaced``, the row it stands in place of.
    """

    day: int
    kind: str
    deed: Deeds
    instead: Deeds | None = None


def deeds(events: Any, actors: Sequence[str], known: Sequence[str]) -> Deeds:
    """What was done and what came of it, comparable between scenarios: (events, 4 + 9) whole numbers.

    Args:
        events: (n,) EVENT of one or more worlds.
        actors: ids of the actors of the scenario, in the order of their rows.
        known: ids of the actors of all scenarios; actors become places in this list, nobody -1.
    """
    place = np.array([*(known.index(actor) for actor in actors), -1])  # the last stands for nobody
    columns = [events["day"], events["act"]]
    columns += [place[np.where(events[name] < 0, len(actors), events[name])] for name in ("actor", "target")]
    return np.column_stack([*columns, *(events[name] for name in TOLL)]).astype(np.int64)


def first_divergence(before: Deeds, after: Deeds) -> Divergence | None:
    """The first difference, in the order of the trace, between two histories of a world; None if they are the same."""
    shared = min(len(before), len(after))
    unlike = (before[:shared] != after[:shared]).any(axis=1)
    k = int(unlike.argmax()) if unlike.any() else shared
    if k == len(before) == len(after):
        return None
    if k == len(before) or (k < len(after) and after[k, 0] < before[k, 0]):
        return Divergence(int(after[k, 0]), ADDED, after[k])
    if k == len(after) or before[k, 0] < after[k, 0]:
        return Divergence(int(before[k, 0]), DROPPED, before[k])
    return _same_day(before[k:], after[k:])


def _same_day(before: Deeds, after: Deeds) -> Divergence:
    """The difference between two histories that part on the same day, in the first row of each."""
    day, n = int(after[0, 0]), len(DEED)
    if (before[0, :n] == after[0, :n]).all():
        return Divergence(day, RESULT, after[0])
    if (after[:, :n] == before[0, :n]).all(axis=1).any():  # the old act follows: something new came before it
        return Divergence(day, ADDED, after[0])
    if (before[:, :n] == after[0, :n]).all(axis=1).any():
        return Divergence(day, DROPPED, before[0])
    return Divergence(day, REPLACED, after[0], before[0])


def divergences(before: Any, after: Any, scenarios: tuple[Any, Any]) -> pd.DataFrame:
    """The first difference of every world of two chunks that were lived to depth "trace" with the same luck.

    Args:
        before: a chunk of :func:`sim.drivers.ensemble.chunks`.
        after: the chunk of the same worlds under the other scenario.
        scenarios: the two scenarios.

    Returns:
        One row for each world that differs: world, day, kind, actor, act, and for a replaced act instead_actor and
        instead_act (empty otherwise).
    """
    known = list(dict.fromkeys([*scenarios[0].actors, *scenarios[1].actors]))
    pairs = zip(_by_world(before, scenarios[0], known), _by_world(after, scenarios[1], known), strict=True)
    rows = []
    for k, (old, new) in enumerate(pairs):
        found = first_divergence(old, new)
        if found is not None:
            rows.append(
                (before.first + k, found.day, found.kind, *_who(found.deed, known), *_who(found.instead, known))
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _by_world(lived: Any, scenario: Any, known: list[str]) -> Iterator[Deeds]:
    chosen = lived.events["scripted"] == 0
    rows = deeds(lived.events, scenario.actors, known)
    for start, end in zip(lived.offsets[:-1], lived.offsets[1:], strict=True):
        yield rows[start:end][chosen[start:end]]


def _who(deed: Deeds | None, known: list[str]) -> tuple[str, str]:
    if deed is None:
        return "", ""
    return known[deed[2]], CATALOGUE[deed[1]].id


def commonest(found: pd.DataFrame, worlds: pd.Series | None = None) -> pd.DataFrame:
    """Which first differences are commonest.

    Args:
        found: table of :func:`divergences`.
        worlds: numbers of the worlds to count; all by default.

    Returns:
        kind, actor, act, worlds, share (of the worlds counted that differ) and day (the median), commonest first.
    """
    chosen = found if worlds is None else found[found["world"].isin(worlds)]
    groups = chosen.groupby(["kind", "actor", "act"], as_index=False).agg(
        worlds=("world", "size"), day=("day", lambda days: int(np.quantile(days, 0.5, method="inverted_cdf")))
    )
    groups["share"] = groups["worlds"] / max(len(chosen), 1)
    order = groups.sort_values(["worlds", "day", "actor", "act"], ascending=[False, True, True, True])
    return order[["kind", "actor", "act", "worlds", "share", "day"]].reset_index(drop=True)


def in_words(row: Any, scenario: Any, dated: bool = True) -> str:
    """A row of :func:`commonest` as a clause, with the act's own words and the median date.

    Args:
        row: attributes kind, actor, act, worlds, share, day.
        scenario: a scenario that knows the actor; its start gives the date.
        dated: whether to name the date; else the day of the run, where scenarios start on different dates.
    """
    title = BY_ID[row.act].title.partition(":")[0]
    name = actor_names(scenario).get(row.actor, row.actor)
    said = {
        ADDED: f"{name} {title}, as it had not",
        DROPPED: f"{name} no longer {title}",
        REPLACED: f"{name} {title}, in place of another act",
        RESULT: f"{name} {title}, with another result",
    }[row.kind]
    when = short_date(day_of(scenario.start, row.day)) if dated else f"day {row.day}"
    return f"{said} ({share(row.worlds, round(row.worlds / row.share))}, median {when})"
