"""A record that is lived: its likelihood is that of the worlds themselves, and what is on it happens, alone."""

import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.actions import BY_ID, CATALOGUE, Action
from sim.analysis.record import Event, load_record
from sim.cli import app
from sim.drivers.ensemble import chunks
from sim.drivers.particles import Particles, Reporting, plan_with, systematic
from sim.errors import InputError
from sim.evidence.follow import FollowSettings, combinations, follow, prepared
from sim.evidence.on_record import rows_of
from sim.evidence.reporting import reporting
from sim.scenario import Scenario, load, tables
from sim.world.names import FIRST_GROUP, NOBODY, Class
from sim.world.records import N_ACTIONS, N_KINDS, SCRIPT

DAYS = 3
KNOWN = Reporting(
    np.array([0.0 if each.private or each.kind == Class.HOLD else 1.0 for each in CATALOGUE]),
    np.zeros(N_ACTIONS, np.int64),
    np.zeros(N_KINDS),
)
"""Everything that is not secret is on record, and nobody acts for reasons outside the model."""


@pytest.fixture(scope="module")
def crisis() -> Scenario:
    return load("baghdad-2020", [f"horizon={DAYS}", "calendar.troop_steps=[]", "events=[]"])


def row(act: str, day: int, actor: int = NOBODY) -> Any:
    """An act on record of which nothing else is known."""
    found = np.zeros(1, SCRIPT)[0]
    for name in SCRIPT.names or ():
        found[name] = -1
    found["day"], found["act"], found["actor"] = day, BY_ID[act].act, actor
    return found


def likelihood(scenario: Scenario, rows: list[Any], particles: int, seed: int = 1) -> float:
    """Probability of the first days of a record, estimated by particles."""
    built = tables(scenario, 0, particles)
    plan = plan_with(built, np.array(rows, SCRIPT).reshape(-1), DAYS, KNOWN)
    swarm = Particles.on_day_0(built, plan, particles, seed)
    return math.exp(sum(swarm.follow_day().log_likelihood for _ in range(DAYS)))


@pytest.fixture(scope="module")
def shares(crisis: Scenario) -> dict[tuple[str, int] | None, float]:
    """How often worlds have no act that would be on record, and how often one alone: by its id and day."""
    worlds, found = 24_000, dict[Any, int]()
    for chunk in chunks(crisis, worlds, "trace"):
        for k in range(len(chunk.outcomes)):
            events = chunk.events[chunk.offsets[k] : chunk.offsets[k + 1]]
            public = events[KNOWN.report[events["act"]] > 0]
            if len(public) < 2:
                key = (CATALOGUE[public["act"][0]].id, int(public["day"][0])) if len(public) else None
                found[key] = found.get(key, 0) + 1
    return {key: count / worlds for key, count in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("alone", [None, ("mi.convoy_ied", 1), ("mi.salvo", 2), ("mi.parade", 1), ("iq.guard", 2)])
def test_the_likelihood_is_the_share_of_worlds(
    crisis: Scenario, shares: dict[Any, float], alone: tuple[str, int] | None
) -> None:
    """Silence, attacks that nobody was named for, a lagged act of a group and one of a state; four standard errors."""
    rows = [] if alone is None else [row(*alone, actor=2 if alone[0].startswith("iq") else NOBODY)]
    share = shares[alone]
    estimates = [likelihood(crisis, rows, 400, seed) for seed in (1, 2, 3)]
    error = math.sqrt(share / 24_000) + np.std(estimates)
    assert np.mean(estimates) == pytest.approx(share, abs=4 * error)


def test_what_is_on_record_happens_and_nothing_else(crisis: Scenario) -> None:
    """Where all is known, particles hold the acts on record, with their harm, and no other public act."""
    shot = row("mi.salvo", 1)
    shot["rockets"], shot["us_killed"], shot["us_hurt"] = 4, 2, 1
    for name in ("coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed"):
        shot[name] = 0
    built = tables(crisis, 0, 40)
    swarm = Particles.on_day_0(built, plan_with(built, np.array([shot], SCRIPT), DAYS, KNOWN), 40, 1)
    for _ in range(DAYS):
        swarm.follow_day()
    for world in swarm.worlds:
        events = world["events"][: world["n_events"]]
        public = events[KNOWN.report[events["act"]] > 0]
        assert [(int(e["day"]), CATALOGUE[e["act"]].id, int(e["us_killed"])) for e in public] == [(1, "mi.salvo", 2)]
        assert public["actor"][0] >= FIRST_GROUP


def test_particles_on_any_number_of_threads_are_the_same(crisis: Scenario) -> None:
    found = []
    for threads in (1, 2):
        built = tables(crisis, 0, 21)
        swarm = Particles.on_day_0(built, plan_with(built, np.array([row("mi.salvo", 1)], SCRIPT), DAYS, KNOWN), 21, 1)
        swarm.threads = threads
        found.append([swarm.follow_day().log_likelihood for _ in range(DAYS)])
    assert found[0] == found[1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-6), st.floats(0, 0.999))
def test_systematic_resampling_copies_each_by_its_weight(raw: list[float], u: float) -> None:
    weights = np.array(raw) / sum(raw)
    ancestors = systematic(weights, u)
    counts = np.bincount(ancestors, minlength=len(weights))
    assert np.all(np.abs(counts - weights * len(weights)) < 1 + 1e-6)
    assert all(ancestors[j] == j for j in np.flatnonzero(counts))


def test_every_public_act_can_be_reported_and_no_private_one() -> None:
    report = reporting().report
    for each in CATALOGUE:
        assert (report[each.act] > 0) == (not each.private and each.kind != Class.HOLD), each.id


def event(actor: str, act: str, **more: Any) -> Event:
    return Event(date=date(2019, 11, 1), actor=actor, action=act, act=act, source="a test", **more)


@pytest.mark.parametrize(
    ("actor", "act", "expected"),
    [
        ("us", "us.designate", ("us", 0, -1)),
        ("militia:unattributed", "mi.salvo", (None, -1, 0)),
        ("militia:kataib_hezbollah", "mi.salvo", ("kataib_hezbollah", 0, 1)),
        ("militia:usbat_al_thaireen", "mi.salvo", ("kataib_hezbollah", 1, 0)),
        ("militia:ashab_al_kahf", "mi.salvo", (None, 1, 0)),  # two groups hide behind it
        ("militia:nujaba", "mi.threaten", ("harakat_al_nujaba", 0, 1)),
    ],
)
def test_authors_of_the_record_are_found(actor: str, act: str, expected: tuple[str | None, int, int]) -> None:
    scenario = prepared("autumn-2019", date(2019, 11, 10), 0)
    rows, sources = rows_of([event(actor, act, n_attacks=2)], scenario, date(2019, 11, 10))
    name, facade, named = expected
    assert len(rows) == len(sources) == 2
    assert rows[0]["actor"] == (NOBODY if name is None else scenario.actors.index(name))
    assert (rows[0]["facade"], rows[0]["named"]) == (facade, named)


def test_a_state_that_the_scenario_does_not_have_is_refused() -> None:
    scenario = prepared("autumn-2019", date(2019, 11, 10), 0)
    with pytest.raises(InputError, match=r"france cannot do us\.designate"):
        rows_of([event("france", "us.designate")], scenario, date(2019, 11, 10))


def test_the_shipped_record_is_followed(tmp_path: Path) -> None:
    few = FollowSettings(particles=3, ahead=10, copies=1)
    found = follow("autumn-2019", until="2019-12-30", settings=few)
    recorded = [
        each for each in load_record().events if each.act and date(2019, 10, 28) <= each.date < date(2019, 12, 30)
    ]
    assert len(found.acts) == sum(each.count for each in recorded)
    assert len(found.days) == 63
    assert math.isfinite(found.log_likelihood)
    assert found.combinations == len(combinations(found.scenario))
    by_actor = found.mindsets.groupby("actor")[["before", "after"]].sum()
    assert by_actor.to_numpy() == pytest.approx(1.0)
    assert found.forecast is not None
    assert found.forecast.answers["probability"].between(0, 1).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["autumn-2019", "--until", "soon"], "no date"),
        (["autumn-2019", "--until", "2019-10-28"], "no act from"),
        (["autumn-2019", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_followed_is_refused(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["follow", *arguments])
    assert done.exit_code == 2
    assert said in done.output


def test_every_class_of_act_has_a_share() -> None:
    kinds: set[Class] = {Class(each.kind) for each in CATALOGUE if isinstance(each, Action) and not each.private}
    assert kinds - {Class.HOLD} <= {Class(each.kind) for each in CATALOGUE if reporting().report[each.act] > 0}
