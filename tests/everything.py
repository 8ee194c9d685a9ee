"""Scenarios in which everything happens, for the test that every declared number changes something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sim
from sim.actions import CATALOGUE
from sim.scenario.action_quantities import fields_of
from sim.scenario.quantities import actor_quantities

GROUPS = (
    "kataib_hezbollah", "asaib_ahl_al_haq", "harakat_al_nujaba", "kataib_sayyid_al_shuhada", "badr", "saraya_al_salam",
)  # fmt: skip
ACTORS = ("us", "iran", "iraq", "sadr", "coalition", *GROUPS)
HORIZON = 150
OPEN = {"weight": 0.5, "effects": 0.1, "commitment": 0.1, "attributability": 0.6, "signal": 0.3}
"""What opens an act to all that could move it: objectives that weigh, effects on them, an author who is named."""


def base() -> dict[str, Any]:
    """Everybody quick, every objective of weight, every act on the rung of pressure or above."""
    actors = {name: _actor(name) for name in ACTORS}
    return {
        "extends": "baghdad-2020",
        "horizon": HORIZON,
        "militias": {name: actors.pop(name) for name in GROUPS},
        **actors,
        "mindsets": {name: {"default": 1} for name in ("us", "iran", "iraq")},
        "strikes": {"intelligence": 0.2},
        "economy": {"emergency": 0.3},
        "actions": {action.id: dict(_act(action)) for action in CATALOGUE},
    }


def _actor(name: str) -> dict[str, Any]:
    known = actor_quantities(name)
    weights = {each: OPEN["weight"] for each in known if each.startswith("weight_")}
    rates = {each: 0.3 for each in known if each in ("rocket_rate", "ied_rate")}
    return {"routine_pace": 0.4, "rationality": 2.0, **weights, **rates}


def _act(action: Any) -> Iterator[tuple[str, Any]]:
    names = [field.name for field in fields_of(action)]
    effects = [name.partition(".")[2] for name in names if name.startswith("effects.")]
    yield "effects", {name: OPEN["effects"] * ((action.act + k) % 3) for k, name in enumerate(effects)}
    for name in ("commitment", "attributability", "signal"):
        if name in names:
            yield name, OPEN[name]
    if "duration" in names:
        yield "duration", 5
    if "rung" in names and action.rung < 3:
        yield "rung", 3
    if "lag_low" in names:
        yield "lag", [1, 2, 3]


def event(day: int, act: str, by: str, **more: Any) -> dict[str, Any]:
    """A scripted event."""
    return {"day": day, "act": act, "by": by, **more}


VIOLENCE = [
    event(1, "us.letter_of_warning", "us"),
    event(3, "us.public_red_line", "us"),
    event(5, "mi.barrage", GROUPS[0], us_killed=2),
    event(7, "us.strike_limited", "us", at=GROUPS[0]),
    event(8, "mi.salvo", GROUPS[1]),
    event(9, "us.strike_campaign", "us", at=GROUPS[1]),
    event(10, "us.kill_commander", "us", at=GROUPS[0]),
    event(12, "ir.missiles", "iran", at="us"),
    event(13, "us.strike_iran", "us", at="iran"),
    event(14, "mi.storm", GROUPS[0]),
    event(20, "iq.arrest", "iraq", at=GROUPS[0]),
    event(25, "us.kill_commander", "us", at="iran"),
    event(30, "us.public_red_line", "us"),
    event(31, "mi.salvo", GROUPS[0], us_killed=1),
    event(70, "us.designate", "us"),
]
CLOSURE = [
    event(0, "us.letter_of_warning", "us"),
    event(2, "us.decide_closure", "us"),
    event(30, "us.pause_closure", "us"),
    event(40, "us.decide_closure", "us"),
    event(60, "us.withhold_aid", "us"),
    event(90, "us.provide_aid", "us"),
    event(100, "us.reverse_closure", "us"),
    event(110, "us.partial_drawdown", "us"),
]
TRUCE = [
    event(2, "mi.truce", GROUPS[0]),
    event(10, "mi.convoy_ied", GROUPS[0]),
    event(20, "mi.end_truce", GROUPS[1]),
    event(60, "us.public_red_line", "us"),
    event(90, "mi.truce", GROUPS[1]),
]


def everything() -> dict[str, sim.Scenario]:
    """The scenarios by name; each is tried for the numbers that the ones before it did not move."""
    quick = {"embassy": {"closure_days": 40, "notice": 2}}
    brief = base()
    brief["economy"] |= {"waiver_days": 2}
    feared = {"signals": {"strike_prior": 0.5}, "truce": {"pause": 5, "threshold": 0.5}}
    rival = {"policies": {"us": "tit_for_tat", "iran": "tit_for_tat", "militias": "tit_for_tat"}}
    quiet = {"policies": dict.fromkeys(("us", "sadr", "coalition"), "scripted")}
    past = base()
    for name in GROUPS:
        past["militias"][name]["directive"] = 1
    past["iran"] |= {"violations": 5}
    past |= {
        "embassy": {"stage": 3},
        "strikes": {"days_ago": 3, "intelligence": 0.2},
        "parliament": {"session": 0.3},
    }
    mappings = {
        "the baseline": {
            "extends": "baghdad-2020",
            "mindsets": {name: {"default": 1} for name in ("us", "iran", "iraq")},
        },
        "violence": base() | {"events": VIOLENCE},
        "closure": brief | quick | {"events": CLOSURE},
        "truce": base() | {"events": TRUCE} | feared,
        "tit for tat": base() | {"events": VIOLENCE} | rival,
        "a past": past,
        "a line unanswered": base() | {"events": VIOLENCE[:3] + VIOLENCE[12:]} | quiet,
    }
    return {name: sim.load(mapping) for name, mapping in mappings.items()}
