"""Scripted events whose occasion can never come, whatever the actors choose and whatever luck brings.

A scripted event happens as told, even where an actor could not choose it. A few acts undo or go on with something: a
closure, an arrest, a truce, aid that was stopped. Where that can never be there by the day of the event, the event
would leave nothing. Where it may be there in some worlds, the run says in how many: see
:func:`sim.results.scripted.scripted`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sim.actions import BY_ID
from sim.scenario.distribution import Distribution
from sim.scenario.model import Scenario, ScriptedEvent, Value
from sim.scenario.quantities import owner_of
from sim.world.names import Stage

IDLE = ("passive", "scripted")
"""Decision rules under which nothing but holding is ever chosen."""
RUNNING = (Stage.DECIDED, Stage.DRAWDOWN)
AT_HAND = (Stage.WARNED, Stage.PARTIAL)
STEPS = ("us.partial_drawdown", "us.decide_closure", "us.complete_closure")


@dataclass(frozen=True)
class Script:
    """The scripted events of a scenario, and what bears on whether they can happen.

    Attributes:
        values: number or distribution of every quantity, by path.
        policies: decision rule of every actor.
        events: scripted events in the order in which they happen.
    """

    values: Mapping[str, Value]
    policies: Mapping[str, str]
    events: Sequence[ScriptedEvent]

    def low(self, path: str) -> float:
        """Smallest value that a quantity can have."""
        value = self.values[path]
        return value.low if isinstance(value, Distribution) else value

    def high(self, path: str) -> float:
        """Largest value that a quantity can have."""
        value = self.values[path]
        return value.high if isinstance(value, Distribution) else value

    def earlier(self, event: ScriptedEvent, *acts: str) -> list[ScriptedEvent]:
        """The scripted events with some acts that happen before an event."""
        return [each for each in self.events[: self.events.index(event)] if each.act in acts]

    def chosen(self, act: str, day: int, since: float = 0) -> bool:
        """Whether an act may have been chosen on day ``since`` or later, and have landed before day ``day``.

        Scripted events come first on a day, so what is chosen on a day is there from the next day on.
        """
        owner = BY_ID[act].owner.name.lower()
        who = [owner] if owner in self.policies else [actor for actor in self.policies if owner_of(actor) != actor]
        decides = any(self.policies[actor] not in IDLE for actor in who)
        lag = math.floor(self.low(f"actions.{act}.lag_low") + 0.5)
        return decides and self.high(f"actions.{act}.enabled") > 0 and since + lag < day

    def may_start_in(self, stages: Iterable[Stage]) -> bool:
        """Whether the embassy can be in one of some stages on day 0."""
        return any(self.low("embassy.stage") <= stage <= self.high("embassy.stage") for stage in stages)


def impossible(scenario: Scenario) -> dict[int, str]:
    """By position in the scenario, the scripted events that can never happen, and why."""
    script = Script(scenario.values, scenario.policies, sorted(scenario.events, key=lambda event: event.day))
    found = {index: never(script, event) for index, event in enumerate(scenario.events)}
    return {
        index: f"{scenario.events[index].act} can do nothing on day {scenario.events[index].day}: {why}"
        for index, why in found.items()
        if why
    }


def never(script: Script, event: ScriptedEvent) -> str:
    """Why an event can never happen or never change anything, or ""."""
    if event.act in STEPS and _closed(script, event):
        return "the embassy is closed by then"
    return OCCASIONS[event.act](script, event) if event.act in OCCASIONS else ""


def _closed(script: Script, event: ScriptedEvent) -> bool:
    """Whether the embassy is closed in every world when an event is due."""
    closed = [stage for stage in Stage if script.may_start_in([stage])] == [Stage.CLOSED]
    return closed or bool(script.earlier(event, "us.complete_closure"))


def _no_closure(script: Script, event: ScriptedEvent) -> str:
    """Pausing and reversing need a closure that was decided and is neither complete nor taken back."""
    if not _closed(script, event):
        if script.chosen("us.decide_closure", event.day, _first_decision(script)):
            return ""
        under_way = script.may_start_in(RUNNING)
        for each in script.earlier(event, "us.decide_closure", "us.reverse_closure"):
            under_way = each.act == "us.decide_closure"
        if under_way:
            return ""
    return "no closure of the embassy can be under way by then"


def _first_decision(script: Script) -> float:
    """First day on which a closure may be chosen: a warning has to stand for a time before it."""
    notice, letter = script.low("embassy.notice"), "us.letter_of_warning"
    sent = [float(each.day) for each in script.events if each.act == letter]
    if script.chosen(letter, script.events[-1].day):
        sent.append(math.floor(script.low(f"actions.{letter}.lag_low") + 0.5))
    if script.may_start_in(AT_HAND):
        sent.append(-script.high("embassy.warned_days_ago"))
    return min((max(0.0, day + notice) for day in sent), default=math.inf)


def _no_prisoner(script: Script, event: ScriptedEvent) -> str:
    arrested = any(each.at == event.at for each in script.earlier(event, "iq.arrest"))
    return "" if arrested or script.chosen("iq.arrest", event.day) else f"nobody of {event.at} can be held by then"


def _aid_flows(script: Script, event: ScriptedEvent) -> str:
    stopped = script.earlier(event, "us.withhold_aid") or script.chosen("us.withhold_aid", event.day)
    return "" if stopped else "no aid can have been withheld by then"


def _no_truce(script: Script, event: ScriptedEvent) -> str:
    """A group is in a truce that it declares itself, or, if it ever joins, in one of others or of day 0."""
    truces = script.earlier(event, "mi.truce")
    joins = script.high(f"{owner_of(event.by)}.joins_truce") > 0
    weighed = event.day > 0 and script.high("actions.mi.truce.enabled") > 0
    if any(each.by == event.by for each in truces) or (joins and (truces or weighed or script.high("truce.on") > 0)):
        return ""
    return f"{event.by} can be in no truce by then"


def _no_troops(script: Script, _: ScriptedEvent) -> str:
    left = script.high("forces.troops") > script.low("forces.floor")
    return "" if left else "there are no more troops than forces.floor, below which they are not cut"


OCCASIONS: Mapping[str, Callable[[Script, ScriptedEvent], str]] = {
    "us.pause_closure": _no_closure,
    "us.reverse_closure": _no_closure,
    "us.provide_aid": _aid_flows,
    "us.cut_troops": _no_troops,
    "iq.release": _no_prisoner,
    "mi.end_truce": _no_truce,
}
"""Acts that need something to be there, and what says why it cannot be."""
