"""What was reported: the dated record that parameters are fitted on and forecasts are scored against."""

# ruff: noqa: RUF009 - a column is a dataclass field, and a function declares it

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.actions import BY_ID
from sim.errors import InputError, unknown
from sim.rows import Dated, choice, day, flag, month, number, read_dated, read_placed, whole, words
from sim.world.names import Kind

TROOP_LEVEL = "troop_level"
"""Word of `action` for a report of how many US troops are in Iraq."""
OWNERS = {kind: kind.name.lower() for kind in Kind}
"""How `actor` names the kind of actor whose act it is; of a militia the group follows after a colon."""
SHIPPED = Path(__file__).parents[1] / "data"
VERIFIED = ("page", "dataset", "derived", "general")
Counts = NDArray[np.int64]
Day = date
D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, kw_only=True)
class Event(Dated):
    """A dated event; `act` is the model's action that fits it, or "". Casualties are numbers of people.

    `due` is the day for which the event announces something, such as a level of troops in `amount`.
    """

    day_field: ClassVar[str] = "date"

    date: date = day()
    actor: str = words()
    action: str = words()
    act: str = choice(BY_ID, "")
    target: str = words("")
    location: str = words("")
    us_killed: int = whole(0)
    us_hurt: int = whole(0)
    coalition_killed: int = whole(0)
    iraqi_killed: int = whole(0)
    militia_killed: int = whole(0)
    iranian_killed: int = whole(0)
    other_killed: int = whole(0)
    other_hurt: int = whole(0)
    n_attacks: int = whole(0)
    amount: float | None = number(None)
    unit: str = words("")
    due: Day | None = day(None)
    confidence: str = choice(("high", "medium", "low"), "medium")
    verified: str = choice(VERIFIED, "general")
    source: str = words()
    note: str = words("")

    @property
    def count(self) -> int:
        """How many acts the row stands for."""
        return max(self.n_attacks, 1)

    @property
    def due_day(self) -> Day:
        """Day for which it is announced; the end of its month if nobody said."""
        next_month = (self.date.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.due or next_month - timedelta(days=1)

    def fault(self) -> str:
        """An act is its actor's own, and nothing is announced for an earlier day."""
        owner = self.act and OWNERS[BY_ID[self.act].owner]
        if owner != (self.act and self.actor.partition(":")[0]):
            return f"column 'act': {self.act} is an act of '{owner}', not of '{self.actor}'"
        if self.due and self.due < self.date:
            return f"column 'due': {self.due} is before {self.date}, the day of the announcement"
        return ""


@dataclass(frozen=True, kw_only=True)
class Week(Dated):
    """Recorded attacks of seven days from `week_start`, with bounds on what really happened."""

    day_field: ClassVar[str] = "week_start"
    span_days: ClassVar[int] = 6

    week_start: date = day()
    phase: str = words("")
    rockets: int = whole()
    rockets_low: int = whole()
    rockets_high: int = whole()
    ieds: int = whole()
    ieds_low: int = whole()
    ieds_high: int = whole()
    source: str = words()
    note: str = words("")

    def fault(self) -> str:
        """The recorded number lies between its bounds."""
        for name in ("rockets", "ieds"):
            low, best, high = (getattr(self, name + end) for end in ("_low", "", "_high"))
            if not low <= best <= high:
                return f"column '{name}': {best} is not between {name}_low {low} and {name}_high {high}"
        return ""


@dataclass(frozen=True, kw_only=True)
class Total(Dated):
    """A count by somebody else over the days from `start` to `end`, both included."""

    day_field: ClassVar[str] = "end"

    start: date = day()
    end: date = day()
    counts: str = choice(("rockets", "ieds", "attacks"))
    bound: str = choice(("about", "at_least"))
    value: int = whole()
    verified: str = choice(VERIFIED)
    source: str = words()
    note: str = words("")


@dataclass(frozen=True, kw_only=True)
class Closure(Dated):
    """An embassy closed in a crisis, and whether US force followed within 90 and 365 days."""

    day_field: ClassVar[str] = "month"
    span_days: ClassVar[int] = 365

    place: str = words()
    month: date = month()
    kind: str = choice(("embassy", "consulate"))
    force_90: bool = flag()
    force_365: bool = flag()
    war_decided: bool = flag()
    verified: str = choice(VERIFIED)
    source: str = words()
    note: str = words("")


@dataclass(frozen=True, kw_only=True)
class BaseRate(Dated):
    """`numerator` out of `denominator` cases or attacks, or `numerator` events in `denominator` days."""

    day_field: ClassVar[str] = "until"

    id: str = words()
    meaning: str = words()
    numerator: int = whole()
    denominator: int = whole()
    per: str = choice(("case", "attack", "day"))
    low: float = number()
    high: float = number()
    until: date = day()
    verified: str = choice(VERIFIED)
    source: str = words()
    note: str = words("")

    def fault(self) -> str:
        """A share is at most one."""
        if self.denominator == 0 or (self.per != "day" and self.numerator > self.denominator):
            return f"column 'numerator': {self.numerator} of {self.denominator} is no share"
        return ""


@dataclass(frozen=True)
class Record:
    """The record: weeks without a gap, events, and what helps to judge them, each in the order of its days.

    Arrays of the weeks have shape (n_weeks,).

    Examples:
        >>> record = sim.load_record()
        >>> record.before(record.weeks[10].week_start).weeks == record.weeks[:10]
        True
    """

    weeks: tuple[Week, ...]
    events: tuple[Event, ...]
    totals: tuple[Total, ...] = ()
    closures: tuple[Closure, ...] = ()
    base_rates: tuple[BaseRate, ...] = ()

    def before(self, day: date) -> Record:
        """Return what was known on the morning of `day`: a row that tells of that day or later drops out whole."""
        return replace(
            self,
            weeks=tuple(row for row in self.weeks if row.last_day < day),
            events=tuple(row for row in self.events if row.last_day < day),
            totals=tuple(row for row in self.totals if row.last_day < day),
            closures=tuple(row for row in self.closures if row.last_day < day),
            base_rates=tuple(row for row in self.base_rates if row.last_day < day),
        )

    def since(self, day: date) -> Record:
        """Return the record without the weeks and events that begin before `day`."""
        weeks = tuple(week for week in self.weeks if week.week_start >= day)
        return replace(self, weeks=weeks, events=tuple(event for event in self.events if event.date >= day))

    @property
    def start(self) -> date:
        """First day of the first week."""
        return self._some_weeks[0].week_start

    @property
    def end(self) -> date:
        """Day after the last week."""
        return self._some_weeks[-1].last_day + timedelta(days=1)

    @property
    def _some_weeks(self) -> tuple[Week, ...]:
        if not self.weeks:
            raise InputError("the record holds no week in the period asked for")
        return self.weeks

    def weekly(self, column: str) -> Counts:
        """Return a numeric column of the weeks, such as "rockets" or "ieds_high", shape (n_weeks,)."""
        return np.array([getattr(week, column) for week in self.weeks], dtype=np.int64)

    @property
    def rockets(self) -> Counts:
        """Rocket attacks recorded in each week, shape (n_weeks,)."""
        return self.weekly("rockets")

    @property
    def ieds(self) -> Counts:
        """Convoy bombs recorded in each week, shape (n_weeks,)."""
        return self.weekly("ieds")

    def base_rate(self, name: str) -> BaseRate:
        """Return the base rate of that name.

        Raises:
            InputError: the record has none of that name, or none whose evidence ends early enough.
        """
        known = {rate.id: rate for rate in self.base_rates}
        if name not in known:
            raise unknown("base rate", name, known)
        return known[name]


def load_record(path: Path | None = None, before: date | None = None) -> Record:
    """Read a record from a folder with `weekly.csv`, `events.csv` and, if there, the other tables of `sim/data`.

    With `before`, what is returned holds nothing of that day or later: rows that tell of it are dropped as they are
    read, before their cells are looked at.

    Raises:
        InputError: no such folder, a table that cannot be read (file, line, column, allowed values), weeks with a gap.

    Examples:
        >>> sim.load_record().weeks[0].week_start.year
        2019
    """
    folder = SHIPPED if path is None else Path(path)
    if not folder.is_dir():
        raise InputError(f"{folder}: not a folder; a record is a folder with weekly.csv and events.csv")
    return Record(
        weeks=_weeks(folder / "weekly.csv", before),
        events=read_dated(folder / "events.csv", Event, before),
        totals=_optional(folder / "totals.csv", Total, before),
        closures=_optional(folder / "closures.csv", Closure, before),
        base_rates=_optional(folder / "base_rates.csv", BaseRate, before),
    )


def _weeks(path: Path, before: date | None) -> tuple[Week, ...]:
    """The weeks of a file, each seven days after the one before."""
    placed = read_placed(path, Week, before)
    for (_, earlier), (place, later) in pairwise(placed):
        if later.week_start != earlier.week_start + timedelta(days=7):
            raise InputError(
                f"{place}: the week after {earlier.week_start} begins on {later.week_start}, not 7 days on"
            )
    return tuple(week for _, week in placed)


def _optional(path: Path, kind: type[D], before: date | None) -> tuple[D, ...]:
    return read_dated(path, kind, before) if path.exists() else ()
