"""One world, to be stepped through day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.dashboard.living import LOCK
from sim.results.chronicle import Chronicle, Line
from sim.results.lives import lives
from sim.results.scores import label
from sim.results.tables import events_of
from sim.results.trace import day_of, short_date
from sim.results.words import percent
from sim.world.names import Stage

if TYPE_CHECKING:
    from sim.scenario import Scenario

TRUCE = ("no truce", "truce", "truce over")


@dataclass(frozen=True, eq=False)
class Told:
    """One world.

    Attributes:
        scenario: what it was lived in.
        number: its number.
        chronicle: its events in words.
        series: (horizon,) SERIES, its days.
    """

    scenario: Scenario
    number: int
    chronicle: Chronicle
    series: Any

    @property
    def last_day(self) -> int:
        """The last day of the run."""
        return len(self.series) - 1

    @property
    def eventful(self) -> list[int]:
        """Days on which something happens, ascending."""
        return sorted({int(line.day) for line in self.chronicle})

    def before(self, day: int) -> int:
        """The last eventful day before a day; the first day where there is none."""
        return max((each for each in self.eventful if each < day), default=0)

    def after(self, day: int) -> int:
        """The first eventful day after a day; the last day where there is none."""
        return min((each for each in self.eventful if each > day), default=self.last_day)

    def lines(self, day: int) -> list[Line]:
        """The sentences of one day."""
        return [line for line in self.chronicle if line.day == day]

    def events(self, day: int) -> pd.DataFrame:
        """The events of one day, as :func:`sim.results.trace.decode_events` gives them."""
        table = self.chronicle.events
        return table[table["day"] == day]

    def date(self, day: int) -> date:
        """The date of a day."""
        return day_of(self.scenario.start, day)

    def heading(self, day: int) -> str:
        """A day and its date."""
        return f"Day {day} of {self.last_day}: {self.date(day):%A}, {short_date(self.date(day))}"

    def state(self, day: int) -> dict[str, str]:
        """How things stand on the evening of a day, in words."""
        today = self.series[day]
        return {
            "Embassy": label(Stage(int(today["stage"]))),
            "Staff": percent(float(today["staff"])),
            "Troops": f"{today['troops']:,.0f}",
            "Truce": TRUCE[int(today["truce"])],
            "Authority": f"{today['authority']:.2f}",
            "US killed": f"{int(self.series['us_killed'][: day + 1].sum())}",
        }

    def rows(self) -> list[dict[str, Any]]:
        """The chronicle as rows fit for JSON: event, day, date, text, rung."""
        rungs = dict(zip(self.chronicle.events["event"], self.chronicle.events["rung"], strict=True))
        return [
            {
                "event": int(line.event),
                "day": int(line.day),
                "date": f"{line.date.day} {line.date:%b}",
                "text": line.text,
                "rung": int(rungs[line.event]),
            }
            for line in self.chronicle
        ]


def tell(scenario: Scenario, number: int) -> Told:
    """Live one world of a scenario again, with its events and days."""
    with LOCK:
        lived = next(lives(scenario, 1, "trace", first=number))
    return Told(scenario, number, Chronicle(scenario, number, events_of(lived, scenario)), lived.series[0])
