"""One world told in plain sentences, with dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from sim.actions import BY_ID
from sim.results.trace import PLACES, actor_names, decode_events, short_date

KILLED = {
    "us_killed": ("American", "Americans"),
    "coalition_killed": ("coalition soldier", "coalition soldiers"),
    "iraqi_killed": ("Iraqi", "Iraqis"),
    "militia_killed": ("militiaman", "militiamen"),
    "iranian_killed": ("Iranian", "Iranians"),
}
TARGETS = {site: PLACES[site] for site in ("embassy", "airport", "asad", "erbil")}
HURT = {"us_hurt": ("American", "Americans"), "iraqi_hurt": ("Iraqi", "Iraqis")}


class Line(NamedTuple):
    """One sentence of a chronicle: row of the event in its world, day and date, and the words."""

    event: int
    day: int
    date: date
    text: str


class Chronicle:
    """What happened in one world, event by event.

    Attributes:
        scenario: the scenario it was lived in.
        world: number of the world.
        names: id of each actor -> the name sentences use.
        events: its rows of :func:`sim.results.trace.decode_events`, by ``event``.
        lines: the sentences, in order.
    """

    def __init__(self, scenario: Any, world: int, events: pd.DataFrame) -> None:
        """Tell a world from its decoded events."""
        self.scenario = scenario
        self.world = world
        self.events = events
        self.names = actor_names(scenario)
        self._facades = {group.id: list(group.facades) for group in scenario.groups}
        rows: list[Any] = list(events.itertuples())
        self._rows = {row.event: row for row in rows}
        self.lines = [Line(row.event, row.day, row.date.date(), self._sentence(row)) for row in rows]

    @classmethod
    def of(cls, scenario: Any, world: int, trace: Any) -> Chronicle:
        """Tell a world from its (n,) EVENT records."""
        return cls(
            scenario, world, decode_events(trace, pd.Series(world, index=range(len(trace))).to_numpy(), scenario)
        )

    def gravest(self, count: int = 12) -> list[Line]:
        """The lines of the highest rungs, at most ``count`` of them, in order of time; earlier ones win ties."""
        rungs = dict(zip(self.events["event"], self.events["rung"], strict=True))
        chosen = sorted(self.lines, key=lambda line: (-rungs[line.event], line.event))[:count]
        return sorted(chosen, key=lambda line: line.event)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __str__(self) -> str:
        head = f"World {self.world} of '{self.scenario.title}'"
        if not self.lines:
            return f"{head}: nothing happened."
        return "\n".join([head, *(f"{short_date(line.date)} (day {line.day}): {line.text}" for line in self.lines)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{short_date(line.date)}</td><td>{line.day}</td><td>{escape(line.text)}</td></tr>"
            for line in self.lines
        )
        return f"<table><tr><th>date</th><th>day</th><th>world {self.world}</th></tr>{rows}</table>"

    def _sentence(self, row: Any) -> str:
        parts = [f"{self._subject(row)} {self._deed(row)}{self._toll(row)}."]
        parts += [self._blame(row), self._occasion(row)]
        return " ".join(part for part in parts if part)

    def _subject(self, row: Any) -> str:
        name = self.names[row.actor]
        name = name[0].upper() + name[1:]
        return f"{name}, {self._facade(row.actor)}," if row.facade > 0 else name

    def _facade(self, group: str) -> str:
        """The name a group hides behind, where it has only one; the model does not say which of several."""
        names = self._facades.get(group, [])
        return f"as {names[0]}" if len(names) == 1 else "under another name"

    def _deed(self, row: Any) -> str:
        """The act, with the place that rockets and crowds go to, or the group that it is about."""
        title = BY_ID[row.act].title
        if row.site in TARGETS:
            return f"{title} at {TARGETS[row.site]}"
        if row.target not in self._facades:
            return title
        name = self.names[row.target]
        return title.replace("a group", name) if "a group" in title else f"{title} ({name})"

    def _toll(self, row: Any) -> str:
        rockets = (
            f"{row.rockets} {_plural(row.rockets, 'rocket', 'rockets')}, {row.landed} landed" if row.rockets else ""
        )
        killed = _people(row, KILLED, "killed")
        hurt = _people(row, HURT, "hurt")
        toll = "; ".join(part for part in (rockets, killed, hurt) if part)
        return f": {toll}" if toll else ""

    def _blame(self, row: Any) -> str:
        if pd.isna(row.believed_author) or row.believed_author == row.actor:
            return ""
        return f"Washington blames {self.names[row.believed_author]}."

    def _occasion(self, row: Any) -> str:
        notes = []
        if row.cause in self._rows:
            cause = self._rows[row.cause]
            notes.append(f"answers {self.names[cause.actor]} on {short_date(cause.date.date())}")
        if row.scripted:
            notes.append("set by the scenario")
        if row.private:
            notes.append("unseen by others")
        return f"[{'; '.join(notes)}]" if notes else ""


def _plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _people(row: Any, parties: dict[str, tuple[str, str]], what: str) -> str:
    """Count of the people of each party who were killed or hurt, such as ``2 Americans and 1 Iraqi killed``."""
    counts = {column: getattr(row, column) for column in parties}
    told = [f"{count} {_plural(count, *parties[column])}" for column, count in counts.items() if count > 0]
    if not told:
        return ""
    return f"{' and '.join(filter(None, [', '.join(told[:-1]), told[-1]]))} {what}"
