"""A day that agrees with a record, in small worlds: what is on record happens, and is weighed by its chance."""

import math
from typing import Any

import numpy as np
import pytest
from small_world import IRAN, IRAQ, NOBODY, US, A, B

from sim.actions import CATALOGUE, Act
from sim.drivers.particles import Particles, Reporting, plan_with
from sim.rules.luck import triangular_share
from sim.scenario import load, tables
from sim.world.names import Class, Stage
from sim.world.records import N_ACTIONS, N_KINDS, SCRIPT

HARM = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")
SCENARIO = load({"horizon": 30, "militias": {"group_0": {}, "group_1": {}}, "embassy": {"stage": 0}})
ODD = 0.01
"""Probability a day of reasons outside the model."""


def on_record(act: Act, day: int, actor: int = NOBODY, **said: float) -> Any:
    """An act on record, of which only what is said is known."""
    row = np.zeros(1, SCRIPT)[0]
    for name in SCRIPT.names or ():
        row[name] = -1
    row["act"], row["day"], row["actor"] = act, day, actor
    for name, value in said.items():
        row[name] = value
    return row


def particles(rows: list[Any], known_until: int, *, share: float = 0.9, announced: tuple[Act, ...] = ()) -> Particles:
    """Two particles that follow a record of which acts are reported with a probability."""
    report = np.zeros(N_ACTIONS)
    for each in CATALOGUE:
        report[each.act] = 0.0 if each.private or each.kind == Class.HOLD else share
    told = np.zeros(N_ACTIONS, np.int64)
    told[[int(act) for act in announced]] = 1
    built = tables(SCENARIO, 0, 2)
    plan = plan_with(
        built, np.array(rows, SCRIPT).reshape(-1), known_until, Reporting(report, told, np.full(N_KINDS, ODD))
    )
    found = Particles.on_day_0(built, plan, 2, 3)
    found.threads = 1
    return found


def events_of(found: Particles, k: int = 0) -> list[tuple[str, int, int]]:
    """Public events of a particle that are on record: act, day, actor."""
    world = found.worlds[k]
    rows = world["events"][: world["n_events"]]
    return [(Act(e["act"]).name, int(e["day"]), int(e["actor"])) for e in rows if e["scripted"] == 1]


def test_acts_of_every_kind_happen_on_their_days() -> None:
    harm = dict.fromkeys(HARM, 0)
    rows = [
        on_record(Act.MI_SALVO, 1, int(A), named=1, facade=0, rockets=3, **(harm | {"us_killed": 1, "us_hurt": 2})),
        on_record(Act.MI_CONVOY_IED, 1, **harm),
        on_record(Act.MI_SALVO, 2, facade=1, named=0, rockets=2, **(harm | {"us_hurt": 1, "iraqi_killed": 1})),
        on_record(Act.MI_SALVO, 2, **(harm | {"rockets": 6, "coalition_killed": 1})),
        on_record(Act.MI_SALVO, 2),
        on_record(Act.US_CUT_TROOPS, 2, int(US), amount=4000),
        on_record(Act.US_STRIKE_LIMITED, 3, int(US), target=int(A), militia_killed=9),
        on_record(Act.US_SHORT_WAIVER, 3, int(US), amount=45),
        on_record(Act.IR_SEND_ENVOY, 4, int(IRAN)),
        on_record(Act.IQ_EXPULSION_STEP, 5, int(IRAQ)),
        on_record(Act.IQ_ARREST, 6, int(IRAQ), target=int(B)),
        on_record(Act.MI_PARADE, 7, int(B)),
        on_record(Act.IQ_RELEASE, 9, int(IRAQ), target=int(B)),
        on_record(Act.MI_TRUCE, 10),
        on_record(Act.US_PARTIAL_DRAWDOWN, 11, int(US)),
    ]
    found = particles(rows, 12, announced=(Act.US_CUT_TROOPS,))
    steps = [found.follow_day() for _ in range(12)]
    assert all(math.isfinite(step.log_likelihood) and step.log_likelihood < 0 for step in steps)
    for k in range(2):
        happened = events_of(found, k)
        assert ("MI_SALVO", 1, int(A)) in happened
        assert [day for act, day, _ in happened if act == "MI_SALVO"] == [1, 2, 2, 2]
        assert ("US_STRIKE_LIMITED", 3, int(US)) in happened
        assert ("IR_SEND_ENVOY", 4, int(IRAN)) in happened
        assert ("US_PARTIAL_DRAWDOWN", 11, int(US)) in happened
        assert [(act, day) for act, day, _ in happened if act in ("IQ_ARREST", "MI_PARADE", "IQ_RELEASE")] == [
            ("IQ_ARREST", 6),
            ("MI_PARADE", 7),
            ("IQ_RELEASE", 9),
        ]
        world = found.worlds[k]
        assert world["us_killed"] >= 1
        assert world["truce"] == 1
        assert world["expulsion_day"] == 5
        assert world["stage"] == Stage.PARTIAL
        assert world["lead"][:15].max() < 0  # nothing is left to decide


def test_an_arrest_that_is_not_answered_is_weighed_too() -> None:
    found = particles([on_record(Act.IQ_ARREST, 1, int(IRAQ), target=int(A))], 3)
    logs = [found.follow_day().log_likelihood for _ in range(3)]
    assert logs[1] < logs[2]
    assert [act for act, _, _ in events_of(found)] == ["IQ_ARREST"]


def test_an_armed_answer_without_a_release_is_weighed_too() -> None:
    rows = [on_record(Act.IQ_ARREST, 1, int(IRAQ), target=int(A)), on_record(Act.MI_PARADE, 2, int(A))]
    found = particles(rows, 3)
    for _ in range(3):
        found.follow_day()
    assert [act for act, _, _ in events_of(found)] == ["IQ_ARREST", "MI_PARADE"]


def test_what_is_seldom_reported_is_left_to_the_worlds() -> None:
    """Acts that nobody reports cost nothing and come as in any world; late ones land after the record."""
    found = particles([], 6, share=0.0)
    assert [found.follow_day().log_likelihood for _ in range(6)] == pytest.approx([0.0] * 6)
    assert max(int(world["n_events"]) for world in found.worlds) > 0
    half = particles([], 6, share=0.5)
    assert sum(half.follow_day().log_likelihood for _ in range(6)) < 0
    assert all(q["due"] >= 0 for world in half.worlds for q in world["pending"][: world["n_pending"]])


def test_more_attacks_than_groups_fall_to_groups_all_the_same() -> None:
    found = particles([on_record(Act.MI_SALVO, 1) for _ in range(3)], 2)
    steps = [found.follow_day() for _ in range(2)]
    assert math.isfinite(steps[1].log_likelihood)
    assert len(events_of(found)) == 3


def test_the_share_of_a_triangle_is_its_distribution() -> None:
    assert [triangular_share(x, 1.0, 2.0, 4.0) for x in (0.5, 1.0, 2.0, 4.0, 9.0)] == pytest.approx([0, 0, 1 / 3, 1, 1])
    assert triangular_share(3.0, 1.0, 2.0, 4.0) == pytest.approx(1 - 1 / 6)
    assert triangular_share(0.5, 0.0, 0.0, 0.0) == 1.0
