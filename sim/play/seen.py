"""What a seat has seen: the chronicle with authors as they were named, not as they were."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.drivers.mesa_model import CrisisModel
from sim.results.chronicle import Chronicle
from sim.results.trace import decode_events
from sim.results.words import percent
from sim.view import FIRST_VIOLENCE, named_rightly

SURE = 0.95
"""From this on a name is told without a mark."""


class Seen(Chronicle):
    """The public events of a world and the seat's own, as the seat saw them.

    An author who was named but may be another is marked as a rumour, with how sure observers can be; an author who was
    not named is unknown.
    """

    def __init__(self, model: CrisisModel, seat: str) -> None:
        """Tell what ``seat`` has seen of a world so far."""
        trace = model.trace
        events = decode_events(trace, pd.Series(model.world, index=range(len(trace))).to_numpy(), model.crisis_scenario)
        events["sure"] = [named_rightly(model.crisis, e) for e in trace]
        self._seat = seat
        super().__init__(model.crisis_scenario, model.world, events[~events["private"] | (events["actor"] == seat)])

    def after(self, event: int) -> list[Any]:
        """The lines of events from row ``event`` of the trace on."""
        return [line for line in self.lines if line.event >= event]

    def known(self, row: Any) -> bool:
        """Whether the seat knows the author: its own act, or one that hides nobody."""
        return row.actor == self._seat or row.rung < FIRST_VIOLENCE or row.actor not in self._facades

    def _subject(self, row: Any) -> str:
        if self.known(row):
            name = self.names[row.actor]
            return name[0].upper() + name[1:]
        if pd.isna(row.believed_author):
            return "A group under a front's name" if row.facade > 0 else "An unknown group"
        name = self.names[row.believed_author]
        return name if row.sure >= SURE else f"{name} (rumour, {percent(row.sure)} sure)"

    def _blame(self, row: Any) -> str:
        return ""

    def _occasion(self, row: Any) -> str:
        return "[unseen by others]" if row.private else ""
