"""The crisis as it stood on a morning: a scenario built from what the record says of the days before, and no more."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.actions import BY_ID
from sim.analysis.daily import daily_from_record
from sim.analysis.memory import carried, remembered
from sim.analysis.record import TROOP_LEVEL, Event, Record
from sim.results.daily_table import Series
from sim.rules.luck import clamp
from sim.rules.perceive import LEAST_REFERENCE, moved_by
from sim.scenario import Scenario, load

BASE = "baghdad-2020"
BEFORE = "autumn-2019"
"""The months before: troops and air defence before the record first tells of them."""
ELECTION, INAUGURATION = date(2020, 11, 3), date(2021, 1, 20)
CAMPAIGN = 100
"""Days before an election from which it weighs in Washington: the conventions stand about that long before it."""
KILLING = date(2020, 1, 3)
ANNIVERSARIES = ((10, 1), (10, 25), (1, 3))
RATES = ("rate", "reference")
"""The attack rates that Washington keeps in mind: that of now and that held to be usual."""


def at(record: Record, origin: date, horizon: int, base: str | Scenario = BASE) -> Scenario:
    """Return the scenario that begins on the morning of `origin`.

    It takes actors, groups and parliament from the base, its mindsets only from the day on which it begins. From the
    record before that morning: attack rates believed and remembered, self-excitation left over, troops, truce, waiver,
    and all that :func:`sim.analysis.memory.carried` tells. What was announced but not yet done counts as known; the
    epidemic's course does not.

    Raises:
        InputError: the record holds no week before that morning.
    """
    known = record.before(origin)
    settled = base if isinstance(base, Scenario) else load(base)
    first = min([known.start, *(event.date for event in known.events)])
    if origin < settled.start:
        settled = settled.with_({"mindsets": {actor: {"default": 1.0} for actor in settled.actors}})
    past = settled.with_({"forces.air_defence": load(BEFORE).values["forces.air_defence"]})
    changes: dict[str, object] = {
        "start": origin.isoformat(),
        "horizon": horizon,
        "events": [],
        "calendar": _calendar(known, origin, horizon),
        **_beliefs(known, settled),
        "signals.resolve": _resolve(known.events, origin, settled),
        **carried(remembered(known.events, first, origin, past), settled),
        **_state(known.events, origin),
        **_excitation(known, settled),
    }
    return settled.with_(changes)


def _calendar(known: Record, origin: date, horizon: int) -> dict[str, object]:
    """Election and inauguration from when they weigh; anniversaries of what has happened; troop steps announced."""
    last = origin + timedelta(days=horizon)
    years = range(origin.year, last.year + 1)
    days = [date(year, month, day) for year in years for month, day in ANNIVERSARIES]
    weighs = (ELECTION - origin).days <= CAMPAIGN
    return {
        "election": ELECTION.isoformat() if weighs else None,
        "inauguration": INAUGURATION.isoformat() if weighs else None,
        "anniversaries": [day.isoformat() for day in days if origin <= day <= last and _remembered(day)],
        "troop_steps": _troop_steps(known.events, origin, last),
        "seasons": {},
    }


def _remembered(day: date) -> bool:
    """Whether a year has passed since the protests of October 2019 or the killing of January 2020."""
    return day > KILLING if day.month == 1 else day.year > 2019


def _troop_steps(events: tuple[Event, ...], origin: date, last: date) -> list[dict[str, object]]:
    """The levels announced and not yet reported as reached; what is overdue is under way on the first day."""
    steps = {}
    for event in events:
        if event.act == "us.cut_troops" and event.amount:
            reached = any(other.action == TROOP_LEVEL and other.date >= event.due_day for other in events)
            due = max(event.due_day, origin)
            if due < last and not reached:
                steps[due] = event.amount
    return [{"date": day.isoformat(), "level": level} for day, level in sorted(steps.items())]


def _beliefs(known: Record, settled: Scenario) -> dict[str, object]:
    """The attack rate Washington believes in, the one it is used to, and the attacks it has let pass."""
    days = daily_from_record(known)
    attacks = days.series("rockets")[0] + _number(settled, "perception.ied_weight") * days.series("ieds")[0]
    now, usual = (_recent_mean(attacks, _number(settled, f"perception.{name}_half_life")) for name in RATES)
    unanswered = int((days.series("rockets")[0] * (days.series("us_killed")[0] == 0)).sum())
    return {
        "perception.rate_now": min(3.0, now),
        "perception.rate_reference": min(3.0, max(LEAST_REFERENCE, usual)),
        "perception.experience": min(80, unanswered),
    }


def _recent_mean(attacks: Series, half_life: float) -> float:
    """Mean of days that count the less the older they are, as the rules average them."""
    return float(np.average(attacks, weights=0.5 ** (np.arange(len(attacks))[::-1] / half_life)))


def _resolve(events: tuple[Event, ...], origin: date, settled: Scenario) -> float:
    """Belief that Washington is resolute: its acts as the rules read them, which fade as they do there."""
    names = ("weight", "resolve_usual", "resolve_half_life")
    weight, usual, half_life = (_number(settled, f"signals.{name}") for name in names)
    resolve, day = usual, date.min
    for event in events:
        if event.actor == "us" and event.act and not BY_ID[event.act].private:
            resolve = usual + (resolve - usual) * 0.5 ** ((event.date - day).days / half_life)
            resolve = moved_by(resolve, weight * BY_ID[event.act].signal)
            day = event.date
    return clamp(usual + (resolve - usual) * 0.5 ** ((origin - day).days / half_life), 0.05, 0.95)


def _state(events: tuple[Event, ...], origin: date) -> dict[str, object]:
    """Troops, truce and waiver on that morning, as reported."""
    levels = [event.amount for event in events if event.action == TROOP_LEVEL and event.amount]
    return {
        "forces.troops": float(levels[-1]) if levels else load(BEFORE).values["forces.troops"],
        "truce.on": int(_last(events, ("mi.truce", "mi.end_truce")) == "mi.truce"),
        "economy.waiver_days": _waiver(events, origin),
    }


def _last(events: tuple[Event, ...], acts: tuple[str, ...]) -> str:
    found = [event.act for event in events if event.act in acts]
    return found[-1] if found else ""


def _waiver(events: tuple[Event, ...], origin: date) -> int:
    """Days left of the last waiver; 30 if none is recorded or it has run out (they were extended each time)."""
    ends = [
        event.date + timedelta(days=int(event.amount)) for event in events if "waiver" in event.act and event.amount
    ]
    left = (ends[-1] - origin).days if ends else 30
    return min(200, left) if left > 0 else 30


def _excitation(known: Record, settled: Scenario) -> dict[str, object]:
    """What attacks before that morning still breed, shared among the groups by their rates."""
    days, lasting = daily_from_record(known), _number(settled, "combat.contagion_days")
    found: dict[str, object] = {}
    for channel, rate in (("rockets", "rocket_rate"), ("ieds", "ied_rate")):
        counts = days.series(channel)[0]
        ages = np.arange(1, len(counts) + 1)[::-1]
        left = float((counts * np.exp(-ages / lasting)).sum()) * math.expm1(1 / lasting)
        rates = {group.id: _number(settled, f"militias.{group.id}.{rate}") for group in settled.groups}
        for group, own in rates.items():
            share = own / sum(rates.values())
            found[f"militias.{group}.recent_{channel}"] = min(0.5, left * share)
    return found


def _number(scenario: Scenario, path: str) -> float:
    value: Any = scenario.values[path]
    return float(value)
