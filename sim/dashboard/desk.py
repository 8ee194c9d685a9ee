"""What one user has on the desk: a scenario, levers moved, a pinned baseline. A value; every move makes a new one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count

from sim.analysis.alike import loaded_scenario
from sim.dashboard.levers import Lever, levers
from sim.errors import unknown
from sim.scenario import Scenario

USUAL_WORLDS = 1000
KEPT = 32
"""Scenarios that are kept as they were read."""
EDITIONS = count()
"""One row of numbers for all tabs, so that no tab is given what another one read earlier."""


@dataclass(frozen=True)
class Desk:
    """What is chosen.

    Attributes:
        source: name of a shipped scenario, or path of a file or of a run's folder.
        moves: values of the levers that were moved, by path.
        worlds: how many worlds to live.
        edition: another number after each change that levers did not make, and on each new desk: the page then sets
            its sliders anew, and the file is read again.
        pinned: the baseline to compare with, or None.
    """

    source: str
    moves: Mapping[str, float] = field(default_factory=dict)
    worlds: int = USUAL_WORLDS
    edition: int = field(default_factory=lambda: next(EDITIONS))
    pinned: Scenario | None = None

    @property
    def mark(self) -> str:
        """What is chosen, in a few letters: parts of the page that bear the same mark show the same desk."""
        pinned = self.pinned.hash if self.pinned else ""
        chosen = (self.source, self.worlds, self.edition, pinned, *sorted(self.moves.items()))
        return hashlib.sha256(repr(chosen).encode()).hexdigest()[:12]

    def opened(self) -> Scenario:
        """The scenario before any lever is moved.

        Raises:
            InputError: it is wrong; the message is that of ``sim check``.
        """
        return opened(self.source, self.edition)

    def scenario(self) -> Scenario:
        """The scenario that the levers make; its title says how many were moved.

        Raises:
            InputError: the scenario is wrong, or a value is not allowed.
        """
        base = self.opened()
        if not self.moves:
            return base
        moved = f"{len(self.moves)} lever{'s' * (len(self.moves) > 1)} moved"
        return base.with_({**self.moves, "title": f"{base.title or base.name} ({moved})"})

    def levers(self) -> list[Lever]:
        """The levers of the scenario.

        Raises:
            InputError: the scenario is wrong.
        """
        return levers(self.opened())

    def value(self, lever: Lever) -> float:
        """Where a lever stands."""
        return self.moves.get(lever.path, lever.start)

    def move(self, path: str, value: float) -> Desk:
        """Move one lever; one that returns to where it started counts as not moved.

        Raises:
            InputError: there is no such lever, or the value is not allowed.
        """
        by_path = {lever.path: lever for lever in self.levers()}
        if path not in by_path:
            raise unknown("lever", path, by_path)
        value = by_path[path].nearest(value)
        rest = {known: kept for known, kept in self.moves.items() if known != path}
        stays = value == by_path[path].start and not by_path[path].varies
        return replace(self, moves=rest if stays else {**rest, path: value})

    def choose(self, source: str) -> Desk:
        """Put another scenario on the desk, no lever moved; the pinned baseline stays."""
        return replace(self, source=source, moves={}, edition=next(EDITIONS))

    def reset(self) -> Desk:
        """Put all levers back, and read the file again."""
        return replace(self, moves={}, edition=next(EDITIONS))

    def pin(self) -> Desk:
        """Keep what the levers make now as the baseline.

        Raises:
            InputError: the scenario is wrong.
        """
        return replace(self, pinned=self.scenario())

    def unpin(self) -> Desk:
        """Let the baseline go."""
        return replace(self, pinned=None)


@lru_cache(maxsize=KEPT)
def opened(source: str, edition: int) -> Scenario:
    """A scenario as ``sim check`` reads it, or the one that a run was made with; ``edition`` asks for another reading.

    Raises:
        InputError: as ``sim check``; a folder that is no run.
    """
    return loaded_scenario(source)
