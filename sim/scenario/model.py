"""A scenario: everything that was written, checked and complete, as plain frozen values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from sim.scenario.distribution import Distribution
from sim.scenario.quantities import DRAWN, STATES

if TYPE_CHECKING:
    from sim.parameters import Mindset
    from sim.scenario.posterior import Posterior
    from sim.scenario.question import Question

Value = float | Distribution
NO_RESULT = ("title", "story", "sources", "left_out")
"""Keys that change no result."""


@dataclass(frozen=True)
class Group:
    """An armed group: its id, its name, and the names under which it denies what it does."""

    id: str
    name: str
    facades: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptedEvent:
    """An act that happens on a given day whatever the actors choose; -1 leaves a number to chance.

    Attributes:
        day: day it lands.
        act: id of the act in the catalogue.
        by: id of the actor.
        at: id of the actor it is aimed at, or "".
        dated: date that it was written with, which it keeps when the scenario starts on another; None: its day.
        named: whether the scenario says who does it; else the act alone tells.
    """

    day: int
    act: str
    by: str
    at: str = ""
    rockets: int = DRAWN
    us_killed: int = DRAWN
    us_hurt: int = DRAWN
    coalition_killed: int = DRAWN
    iraqi_killed: int = DRAWN
    militia_killed: int = DRAWN
    iranian_killed: int = DRAWN
    dated: date | None = None
    named: bool = True


@dataclass(frozen=True)
class EveryGroup:
    """How a group decides of which nothing else is said, also one that is added later.

    Attributes:
        policy: decision rule.
        mindsets: probabilities of mindsets.
    """

    policy: str
    mindsets: Mapping[str, float]


@dataclass(frozen=True)
class Bloc:
    """A bloc in parliament: seats, position (0 keeps the US presence, 1 ends all relations) and salience."""

    id: str
    name: str
    seats: int
    position: float
    salience: float


@dataclass(frozen=True)
class Calendar:
    """What is dated.

    Attributes:
        election: US presidential election.
        inauguration: inauguration of its winner; without it there are no lame-duck weeks.
        anniversaries: dates around which vengeance weighs more.
        troop_steps: dates and levels of US troops.
        seasons: twelve monthly factors of opportunities, for ``rocket`` and ``ied``.
    """

    election: date | None = None
    inauguration: date | None = None
    anniversaries: tuple[date, ...] = ()
    troop_steps: tuple[tuple[date, float], ...] = ()
    seasons: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """A sweep: the values to try by path, as a list or as ``low:high:number``, and how points are laid out.

    Examples:
        >>> sim.Design({"us.red_line": "1:3:3", "us.mindset": "default,washington-caution"}).kind
        'grid'
    """

    vary: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "grid"
    points: int | None = None
    worlds: int | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A crisis before it is lived. Two are equal when all but their names is; do not change its mappings in place.

    Attributes:
        name: stem of its file.
        title, story, sources: what it is about.
        start: date of day 0.
        horizon: number of days.
        seed: seed of all chance.
        groups: armed groups in the order of their rows.
        values: number or distribution of every quantity of the world, the actors and the actions, by path.
        events: scripted events in the order of the file.
        calendar: what is dated.
        blocs: blocs in parliament.
        policies: decision rule of every actor: a name, or ``module:name`` of a policy from outside.
        mindsets: probabilities of mindsets of every actor; ``default`` stands for its own numbers.
        every_group: decision rule and mindsets of groups of which nothing else is said.
        pinned: paths of numbers that stand whatever the actor's mindset.
        defined: mindsets that the scenario itself defines, by name.
        questions: forecast questions; they change no world.
        design: a sweep, or None.
        posterior: draws that some values come from, or None.
        left_out: ids of groups that were left out; no change can name them.

    Examples:
        >>> scenario = sim.load("closure-now")
        >>> scenario.horizon, scenario.values["embassy.closure_days"]
        (120, 90.0)
    """

    name: str
    title: str
    story: str
    sources: tuple[str, ...]
    start: date
    horizon: int
    seed: int
    groups: tuple[Group, ...]
    values: dict[str, Value]
    events: tuple[ScriptedEvent, ...]
    calendar: Calendar
    blocs: tuple[Bloc, ...]
    policies: dict[str, str]
    mindsets: dict[str, dict[str, float]]
    every_group: EveryGroup
    pinned: frozenset[str]
    defined: dict[str, Mindset]
    questions: tuple[Question, ...]
    design: Design | None
    posterior: Posterior | None
    left_out: tuple[str, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the actors in the order of their rows: the five states, then the groups."""
        return (*STATES, *(group.id for group in self.groups))

    def with_(self, changes: Mapping[str, object] | Sequence[str]) -> Scenario:
        """The scenario with some things changed, the same whether it was just loaded, changed before, or read back.

        Changes made at once do not depend on their order, but for two of one path, of which the later stands. Changes
        made one after another differ only where one covers the other: a mindset takes the place of the numbers that
        its actor was given before, and what is said of all groups (``policies.militias``) that of what was said of
        single ones.

        Args:
            changes: new value by path, such as ``{"us.red_line": 2, "events+": [...], "us": {"mindset": "..."}}``, or
                texts such as ``us.red_line=2``; mappings change what they name, everything else is replaced.

        Raises:
            InputError: a change names nothing that exists or is not allowed.

        Examples:
            >>> from sim.scenario import load
            >>> load("baghdad-2020").with_({"us.red_line": 2, "militias.badr.absent": True}).values["us.red_line"]
            2.0
        """
        from sim.scenario.loading import changed_scenario

        return changed_scenario(self, changes)

    def to_dict(self, *, defaults: bool = True) -> dict[str, Any]:
        """The scenario as the mapping a file would hold, fit for JSON; :func:`sim.scenario.load` gives an equal one.

        Args:
            defaults: whether to write numbers that equal the declared defaults as well.
        """
        from sim.scenario.write import to_dict

        return to_dict(self, defaults=defaults)

    def to_yaml(self, *, defaults: bool = True) -> str:
        """The scenario as the text of a file that extends nothing; arguments as for :meth:`to_dict`."""
        from sim.scenario.write import to_yaml

        return to_yaml(self, defaults=defaults)

    @cached_property
    def hash(self) -> str:
        """Hash (16 hex digits) of everything that can change a result: all but name, words, and groups left out."""
        content = {key: value for key, value in self.to_dict().items() if key not in NO_RESULT}
        if self.posterior:
            content["parameters"] = self.posterior.digest
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self._words == other._words and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {self.title or 'untitled'}; {self.horizon} days from {self.start}, "
            f"{len(self.groups)} groups, {len(self.events)} events>"
        )

    def _repr_html_(self) -> str:
        story = escape(self.story.strip())
        return f"<p><b>{escape(self.name)}</b>: {escape(self.title)}</p><p>{story}</p><p>{escape(self._facts)}</p>"

    @property
    def _words(self) -> tuple[Any, ...]:
        return self.title, self.story, self.sources

    @property
    def _facts(self) -> str:
        groups = ", ".join(group.name for group in self.groups)
        return f"{self.horizon} days from {self.start}; groups: {groups}; {len(self.events)} scripted events."
