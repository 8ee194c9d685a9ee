"""The scenario of a morning: what the days before it left behind, worked by hand on small records."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from small_world import US

from sim.analysis.origin import at
from sim.analysis.record import Event, Record, Week, load_record
from sim.drivers.mesa_model import CrisisModel
from sim.scenario import Scenario, load
from sim.world.names import FIRST_GROUP, NEVER, Stage

MONDAY = date(2020, 3, 2)
"""First day of the small records."""
KH = "militias.kataib_hezbollah"
KEPT = 0.5 ** (1 / 7)
"""What a night leaves of violations and blame: their half-life is a week."""


def event(day: int, act: str, actor: str = "us", **more: Any) -> Event:
    """A row of the record, so many days after MONDAY."""
    return Event(date=MONDAY + timedelta(days=day), actor=actor, action=act, act=act, source="by hand", **more)


def record(*events: Event, weeks: int = 30) -> Record:
    """Quiet weeks from MONDAY on, and some events."""
    counts = dict.fromkeys(("rockets", "rockets_low", "rockets_high", "ieds", "ieds_low", "ieds_high"), 0)
    rows = [Week(week_start=MONDAY + timedelta(days=7 * k), source="by hand", **counts) for k in range(weeks)]
    return Record(weeks=tuple(rows), events=tuple(sorted(events, key=lambda each: each.date)))


def morning(day: int, *events: Event) -> Scenario:
    """The scenario that begins so many days after MONDAY."""
    return at(record(*events), MONDAY + timedelta(days=day), 60)


def number(scenario: Scenario, path: str) -> float:
    return float(scenario.values[path])  # type: ignore[arg-type]


def rockets(day: int, **toll: Any) -> Event:
    return event(day, "mi.salvo", "militia:kataib_hezbollah", n_attacks=1, **toll)


def test_nothing_recorded_leaves_nothing() -> None:
    base, quiet = load("baghdad-2020"), morning(28)
    for path in ("us.unanswered", "us.violations", f"{KH}.blame", f"{KH}.recent_grievance", "strikes.days_ago"):
        assert quiet.values[path] == base.values[path], path
    assert (number(quiet, "embassy.stage"), number(quiet, "embassy.warned_days_ago")) == (0, 999)
    assert [number(quiet, f"{name}_days") for name in ("forces.guard", "baghdad.talks", "baghdad.plea")] == [-1, -1, -1]


def test_unanswered_deaths_and_blame_are_carried_and_fade() -> None:
    """Two killed on day 20, a morning on day 24: violations and blame count 3 for each, blame .8 for the wounded."""
    values = morning(24, rockets(20, us_killed=2, us_hurt=1))
    assert number(values, "us.unanswered") == 2
    assert number(values, "us.violations") == pytest.approx(6 * KEPT**4)
    assert number(values, f"{KH}.blame") == pytest.approx(6.9 * KEPT**4)
    assert number(values, "militias.badr.blame") == 0
    assert number(values, "combat.attack_days_ago") == 4


def test_an_attack_that_nobody_was_named_for_is_everybody_s() -> None:
    values = morning(24, replace(rockets(20), actor="militia:unattributed"))
    shares = [number(values, f"militias.{group.id}.blame") for group in values.groups]
    assert sum(shares) == pytest.approx(0.1 * KEPT**4)
    assert min(shares[:4]) > 0


def test_deaths_of_long_ago_are_forgotten() -> None:
    assert number(morning(90, rockets(20, us_killed=1)), "us.unanswered") == 0


def test_a_strike_answers_the_dead_and_leaves_grievance() -> None:
    """Three tenths of the blame stay; who was struck is angry, the others half as far as Tehran holds them."""
    strike = event(22, "us.strike_limited", target="Kataib Hezbollah", militia_killed=5, iraqi_killed=1)
    values = morning(24, rockets(20, us_killed=1), strike)
    assert (number(values, "us.unanswered"), number(values, "us.violations")) == (0, 0)
    assert number(values, "strikes.days_ago") == 2
    assert number(values, f"{KH}.blame") == pytest.approx(0.3 * 3.1 * KEPT**4)
    assert number(values, f"{KH}.recent_grievance") == pytest.approx(0.3 * 0.5 ** (2 / 40))
    assert number(values, "militias.badr.recent_grievance") == pytest.approx(0.5 * 0.6 * 0.3 * 0.5 ** (2 / 40))
    assert number(values, f"{KH}.civil_grief") == pytest.approx(0.1 * 0.5 ** (2 / 14))
    c = CrisisModel(values).crisis
    assert c.w.strike_day == -2
    assert c.actors[FIRST_GROUP].grievance == pytest.approx(0.8 + 0.3 * 0.5 ** (2 / 40))


def test_one_killing_offends_tehran_once() -> None:
    """From a base of .2, which nothing caps: 1.2 for an officer, of which three nights leave most."""
    base = load("baghdad-2020", {"iran.grievance": 0.2})
    past = record(event(20, "us.kill_commander", target="Soleimani", iranian_killed=1))
    values = at(past, MONDAY + timedelta(days=23), 60, base)
    assert number(values, "iran.recent_grievance") == pytest.approx(1.2 * 0.5 ** (3 / 40))


def test_a_killing_is_avenged_by_missiles() -> None:
    killing = event(20, "us.kill_commander", target="Soleimani", iranian_killed=1)
    values = morning(23, killing)
    assert number(values, "strikes.iran_hit_days_ago") == 3
    assert number(values, "iran.unanswered") == 2
    assert number(values, "iran.recent_grievance") > 0.9
    answered = morning(25, killing, event(24, "ir.missiles", "iran", us_hurt=5))
    assert number(answered, "strikes.iran_hit_days_ago") == 999
    assert number(answered, "iran.unanswered") == 0


@pytest.mark.parametrize(("day", "stage"), [(24, Stage.PARTIAL), (59, Stage.PARTIAL), (61, Stage.OPEN)])
def test_a_partial_withdrawal_lasts_its_time(day: int, stage: Stage) -> None:
    values = morning(day, event(20, "us.partial_drawdown"))
    assert number(values, "embassy.stage") == stage
    c = CrisisModel(values).crisis
    assert c.w.warned_day == NEVER
    if stage == Stage.PARTIAL:
        assert (c.w.stage_day, c.w.staff) == (20 - day, c.p.embassy_partial_staff)


def test_a_closure_under_way_is_as_old_as_it_is() -> None:
    values = morning(60, event(10, "us.letter_of_warning"), event(30, "us.decide_closure"))
    c = CrisisModel(values).crisis
    assert (c.w.stage, c.w.clock, c.w.decided_day) == (Stage.DRAWDOWN, 60, -30)
    back = morning(
        60, event(10, "us.letter_of_warning"), event(30, "us.decide_closure"), event(50, "us.reverse_closure")
    )
    assert number(back, "embassy.stage") == 0
    assert CrisisModel(back).crisis.actors[US].commitment == 0


def test_commitments_fade_from_their_dates() -> None:
    """A letter of the day before binds more than one of two months ago, a public line more than a letter."""
    commitments = [
        float(CrisisModel(morning(62, event(day, act))).crisis.actors[US].commitment)
        for day, act in ((61, "us.letter_of_warning"), (2, "us.letter_of_warning"), (61, "us.public_red_line"))
    ]
    night = 0.5 ** (1 / 60)
    assert commitments == pytest.approx([0.3 * night, 0.15, 0.5 * night])


def test_orders_are_carried_and_fade() -> None:
    told = event(10, "ir.restrain", "iran", target="Kataib Hezbollah")
    values = morning(31, told)
    assert [number(values, f"{KH}.{name}") for name in ("directive", "directive_strength")] == pytest.approx([-1, 0.5])
    assert number(values, "militias.badr.directive") == 0
    everybody = morning(31, event(10, "ir.press", "iran", target="militias"))
    assert all(number(everybody, f"militias.{group.id}.directive") == 1 for group in everybody.groups)
    assert number(morning(120, told), f"{KH}.directive") == 0


def test_talks_guards_and_pleas_are_those_of_the_record() -> None:
    words = event(10, "us.talk"), event(15, "iq.guard", "iraq"), event(20, "sa.plea_for_calm", "sadr")
    left = [(24, 16, 21, 10), (35, 5, 10, -1), (60, -1, -1, -1)]
    for day, talks, guard, plea in left:
        values = morning(day, *words)
        found = [number(values, name) for name in ("baghdad.talks_days", "forces.guard_days", "baghdad.plea_days")]
        assert found == [talks, guard, plea], day


def test_mindsets_are_those_of_the_crisis_only_from_its_first_day_on() -> None:
    base = load("baghdad-2020")
    long = record(weeks=40)
    before, after = at(long, base.start - timedelta(days=1), 60), at(long, base.start, 60)
    assert all(mindset == {"default": 1.0} for mindset in before.mindsets.values())
    assert after.mindsets == base.mindsets


@pytest.mark.parametrize(
    ("origin", "steps"),
    [
        ("2020-09-28", [("2020-09-30", 3000)]),
        ("2020-10-05", [("2020-10-05", 3000)]),  # due, and nobody has reported that they have left
        ("2020-10-12", []),
        ("2020-11-18", [("2021-01-15", 2500)]),
        ("2020-12-07", [("2021-01-15", 2500)]),
    ],
)
def test_a_step_that_was_announced_comes_on_its_day(origin: str, steps: list[tuple[str, float]]) -> None:
    scenario = at(load_record(), date.fromisoformat(origin), 60)
    assert [(str(day), level) for day, level in scenario.calendar.troop_steps] == steps


def test_declared_numbers_move_what_is_remembered() -> None:
    """Lengths and steps are those of the scenario, not of this module."""
    base = load("baghdad-2020", {"baghdad.plea_length": 30, "forces.defence_step": 0.1})
    past = record(event(10, "sa.plea_for_calm", "sadr"), event(12, "us.defend"))
    values = at(past, MONDAY + timedelta(days=28), 60, base)
    assert number(values, "baghdad.plea_days") == 12
    assert number(values, "forces.air_defence") == pytest.approx(0.4)
