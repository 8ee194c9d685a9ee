"""What a scenario settles before anybody chooses: outcomes that cannot come within its days, and those it sets itself.

Such an outcome has no probability to be estimated: it is said to be so, without an interval. Everything here errs on
the side of silence: what is called settled is so in every world.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from sim.actions import BY_ID
from sim.scenario.measures import COUNTS, ROCKETS, STRIKES
from sim.scenario.question import COMPARISONS, Question
from sim.world.names import Kind, Stage

NEVER = math.inf
NEVER_CHOOSE = ("passive", "scripted")
"""Decision rules that hold for ever."""
UNCHOSEN = ("mi.truce", "iq.expulsion_step")
"""Acts that also come without a choice: the groups' joint truce, and votes that parliament calls itself."""
HOSTILE = (*ROCKETS, "mi.convoy_ied", "mi.storm", "mi.assassinate", "ir.missiles")
GRAVE_US = ("us.strike_campaign", "us.kill_commander", "us.strike_iran")
NEEDS: dict[str, tuple[str, ...]] = {
    "partial": ("us.partial_drawdown",),
    "embassy_stormed": ("mi.storm",),
    "us_death": HOSTILE,
    "us_struck": STRIKES,
    "commander_killed": ("us.kill_commander",),
    "missiles_fired": ("ir.missiles",),
    "truce_held": ("mi.truce",),
    "truce_broken": ("mi.truce",),
    "coalition_left": ("co.follow",),
    "aid_withheld": ("us.withhold_aid",),
    "expulsion_ordered": ("iq.expulsion_step",),
}
"""Outcomes that cannot come unless one of some acts lands."""
MAKES: dict[str, tuple[str, ...]] = {
    "closing_decided": ("us.decide_closure",),
    "partial": ("us.partial_drawdown",),
    "embassy_stormed": ("mi.storm",),
    "us_struck": STRIKES,
    "commander_killed": ("us.kill_commander",),
    "missiles_fired": ("ir.missiles",),
    "coalition_left": ("co.follow",),
    "aid_withheld": ("us.withhold_aid",),
}
"""Outcomes that come for certain where one of some acts is scripted."""


class Settled(NamedTuple):
    """An outcome that is settled: whether it comes, and why."""

    comes: bool
    why: str


class Soonest(NamedTuple):
    """The first day on which something can come, ``inf`` for never, and what keeps it from coming sooner."""

    day: float
    why: str


def settled(scenario: Any, outcomes: pd.DataFrame | None = None) -> dict[str, Settled]:
    """Which outcomes a scenario settles, by column, and why.

    Args:
        scenario: the scenario.
        outcomes: worlds of it; what they contradict is left out.
    """
    course = Course(scenario)
    found = {column: Settled(False, why) for column, why in course.impossible().items()}
    found |= {column: Settled(True, why) for column, why in course.certain().items()}
    if outcomes is None:
        return found
    return {column: each for column, each in found.items() if (outcomes[column] == each.comes).all()}


def settled_question(scenario: Any, question: Question) -> Settled | None:
    """The answer to a question about acts none of which can come in time, and why; None where it is open."""
    days = question.days(scenario.start, scenario.horizon)
    if question.measure not in COUNTS or not days:
        return None
    soonest = Course(scenario).soonest(COUNTS[question.measure])
    if soonest.day <= days[-1]:
        return None
    value = len(days) if question.statistic == "quiet_run" else 0
    return Settled(bool(COMPARISONS[question.comparison](value, question.threshold)), soonest.why)


class Course:
    """When acts can come at the earliest in any world of a scenario."""

    def __init__(self, scenario: Any) -> None:
        """Read off a scenario what its numbers, its script and its rules allow."""
        self.scenario = scenario
        self._script = [event for event in scenario.events if event.day < scenario.horizon]

    def impossible(self) -> dict[str, str]:
        """Outcomes that come in no world, by column, and why."""
        soonest = {column: self.soonest(acts) for column, acts in NEEDS.items()}
        soonest |= {"closing_decided": self.decided(), "closed": self.closed(), "reversed": self.reversed()}
        if self._high("truce.on") > 0:
            soonest = {column: each for column, each in soonest.items() if not column.startswith("truce")}
        if any(event.us_killed != 0 for event in self._script):
            soonest.pop("us_death")
        soonest |= self._together(soonest)
        if self._high("baghdad.authority_lost") <= 0.0:
            soonest["authority_lost"] = Soonest(NEVER, "the least authority with which Baghdad governs is 0")
        return {column: each.why for column, each in soonest.items() if each.day >= self.scenario.horizon}

    def _together(self, soonest: Mapping[str, Soonest]) -> dict[str, Soonest]:
        """Outcomes that need two sides, or one thing after another."""
        missiles, strikes = soonest["missiles_fired"], soonest["us_struck"]
        iran_struck = self.soonest(("us.strike_iran",))
        war = _last(missiles, self.soonest(GRAVE_US))
        if self._high("war.psi") <= 0.0:
            war = Soonest(NEVER, "control is never lost (war.psi is 0)")
        exchange = _first(_last(missiles, _first(strikes, iran_struck)), _last(strikes, iran_struck), war)
        zone = _first(war, exchange, _last(strikes, self.soonest((*ROCKETS, "mi.convoy_ied", "mi.storm"))))
        order, notice = soonest["expulsion_ordered"], self._low("parliament.notice")
        carried = Soonest(order.day + notice, order.why or f"an order has a notice of {notice:g} days")
        found = {"war": war, "exchange": exchange, "battle_zone": zone, "expulsion_carried_out": carried}
        if not self._scripted(("co.follow",)):
            found["coalition_left"] = _last(soonest["coalition_left"], soonest["closing_decided"])
        return found

    def certain(self) -> dict[str, str]:
        """Outcomes that come in every world, by column, and why."""
        found = {column: self._scripted(acts) for column, acts in MAKES.items()}
        found["us_death"] = self._deadly()
        if found["missiles_fired"] and found["us_struck"]:
            found["exchange"] = found["battle_zone"] = f"{found['us_struck']}, and {found['missiles_fired']}"
        if self._low("embassy.stage") >= Stage.DECIDED and self._high("embassy.stage") <= Stage.CLOSED:
            found["closing_decided"] = "it is decided when the scenario begins"
        if self._low("embassy.stage") == self._high("embassy.stage") == Stage.CLOSED:
            found["closed"] = "the embassy is closed when the scenario begins"
        return {column: why for column, why in found.items() if why}

    def soonest(self, acts: Iterable[str]) -> Soonest:
        """The first day on which one of some acts can land."""
        return _first(*map(self._act, acts))

    def _act(self, act: str) -> Soonest:
        if act == "us.complete_closure":
            return self._completed()
        scripted = self._script_day(act)
        chosen = self._chosen(act)
        return chosen if chosen.day <= scripted else Soonest(scripted, "")

    def _chosen(self, act: str) -> Soonest:
        """The first day on which an act can land that somebody chooses on day 0."""
        if self._high(f"actions.{act}.enabled", 1.0) == 0.0:
            return Soonest(NEVER, f"the scenario switches {act} off")
        if act not in UNCHOSEN and (idle := self._idle(act)):
            return Soonest(NEVER, idle)
        lag = 0 if act in UNCHOSEN else math.floor(self._low(f"actions.{act}.lag_low", 0.0) + 0.5)
        return Soonest(lag, f"{act} takes at least {lag} days" if lag else "")

    def _idle(self, act: str) -> str:
        """Why nobody chooses an act, or ""."""
        from sim.scenario.quantities import kind_of_actor

        owners = [a for a in self.scenario.actors if Kind[kind_of_actor(a).upper()] == BY_ID[act].owner]
        rules = {self.scenario.policies[owner] for owner in owners}
        if not rules <= {*NEVER_CHOOSE}:
            return ""
        who = owners[0] if len(owners) == 1 else "every group"
        return f"{who} follows the rule '{sorted(rules)[0]}'"

    def decided(self) -> Soonest:
        """The first day on which a closure can be decided; a closure that is under way was decided before day 0."""
        if self._may_begin(Stage.DECIDED, Stage.CLOSED):
            return Soonest(0, "")
        scripted, chosen = self._script_day("us.decide_closure"), self._chosen("us.decide_closure")
        wait = self._low("embassy.notice")
        if self._may_begin(Stage.WARNED, Stage.WARNED) or self._may_begin(Stage.PARTIAL, Stage.PARTIAL):
            wait -= self._high("embassy.warned_days_ago")
        else:
            wait += self.soonest(("us.letter_of_warning",)).day
        why = chosen.why or f"it needs a warning {self._low('embassy.notice'):g} days before"
        chosen = Soonest(chosen.day + max(0.0, wait), why)
        return chosen if chosen.day <= scripted else Soonest(scripted, "")

    def closed(self) -> Soonest:
        """The first day on which the embassy can be closed."""
        return Soonest(0, "") if self._may_begin(Stage.CLOSED, Stage.CLOSED) else self._act("us.complete_closure")

    def _completed(self) -> Soonest:
        """The first day on which a closure can be completed: the clock has run, or a script closes."""
        decided, takes = self.decided(), math.ceil(self._low("embassy.closure_days"))
        chosen, scripted = self._chosen("us.complete_closure"), self._script_day("us.complete_closure")
        last = self.scenario.horizon - 1
        clock = f"closing takes {takes} days, and day {last} is the last"
        why = chosen.why or (decided.why if decided.day > last else clock)
        chosen = Soonest(decided.day + takes + chosen.day, why)
        return chosen if chosen.day <= scripted else Soonest(scripted, "")

    def reversed(self) -> Soonest:
        """The first day on which a closure can be reversed: at its first weekly review, or by a script."""
        decided, chosen = self.decided(), self._chosen("us.reverse_closure")
        scripted = max(self._script_day("us.reverse_closure"), decided.day)
        takes = min(7, math.ceil(self._low("embassy.closure_days")))
        why = chosen.why or decided.why or f"a closure is reviewed {takes} days after its decision"
        chosen = Soonest(decided.day + takes + chosen.day, why)
        return chosen if chosen.day <= scripted else Soonest(scripted, "")

    def _deadly(self) -> str:
        """A scripted attack that kills Americans."""
        return next((self._when(event) for event in self._script if event.us_killed > 0), "")

    def _scripted(self, acts: Iterable[str]) -> str:
        """A scripted event that is one of some acts."""
        wanted = set(acts)
        return next((self._when(event) for event in self._script if event.act in wanted), "")

    def _when(self, event: Any) -> str:
        from sim.results.trace import day_of, short_date

        return f"the scenario scripts {event.act} on {short_date(day_of(self.scenario.start, event.day))}"

    def _script_day(self, act: str) -> float:
        return min((event.day for event in self._script if event.act == act), default=NEVER)

    def _may_begin(self, first: Stage, last: Stage) -> bool:
        """Whether a world can begin in one of some stages of the embassy."""
        return self._low("embassy.stage") <= last and first <= self._high("embassy.stage")

    def _low(self, path: str, missing: float = 0.0) -> float:
        return _end(self.scenario.values.get(path, missing), "low")

    def _high(self, path: str, missing: float = 0.0) -> float:
        return _end(self.scenario.values.get(path, missing), "high")


def _end(value: Any, which: str) -> float:
    """The smallest or the largest number that a value can be."""
    return float(value) if isinstance(value, int | float) else float(getattr(value, which))


def _first(*ways: Soonest) -> Soonest:
    """The first of several ways in which something can come."""
    return min(ways, key=lambda each: each.day)


def _last(*needed: Soonest) -> Soonest:
    """When all that is needed can have come."""
    return max(needed, key=lambda each: each.day)
