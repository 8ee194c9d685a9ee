"""Results of the real driver: few worlds, but lived by the rules."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.actions import BY_ID
from sim.errors import InputError
from sim.results.digest import facts_of, sealed
from sim.results.folder import read_manifest, write_json
from sim.results.run import Run, open_run, run
from sim.scenario import load
from sim.scenario.kept import OtherRules

WORLDS = 24


@pytest.fixture(scope="module")
def traced() -> Run:
    return run("baghdad-2020", worlds=WORLDS, depth="trace")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run("baghdad-2020", worlds=WORLDS, out=tmp_path_factory.mktemp("runs") / "run")


def test_depth_does_not_change_what_happens(traced: Run, stored: Run) -> None:
    pd.testing.assert_frame_equal(traced.outcomes, stored.outcomes)
    assert traced.daily is not None
    assert stored.daily is not None
    for name, counts in traced.daily.counts.items():
        assert (counts == stored.daily.counts[name]).all(), name


def test_a_world_lived_again_is_the_world_that_was_traced(traced: Run, stored: Run) -> None:
    for number in (0, 7, WORLDS - 1):
        replayed = stored.world(number)
        pd.testing.assert_frame_equal(
            replayed.events.reset_index(drop=True), traced.world(number).events.reset_index(drop=True)
        )
        assert str(replayed) == str(traced.world(number))


def test_labels_and_counts_agree_with_the_events(traced: Run) -> None:
    acts = traced.events["act"].astype(str)
    by_world = traced.outcomes.set_index("world")
    rockets = acts.isin(["mi.salvo", "mi.barrage"]).groupby(traced.events["world"]).sum()
    assert (by_world["rockets"] == rockets.reindex(by_world.index, fill_value=0)).all()
    killed = traced.events.groupby("world")["us_killed"].sum().reindex(by_world.index, fill_value=0)
    assert (by_world["us_killed"] == killed).all()
    goldstein = acts.map({name: BY_ID[name].goldstein for name in BY_ID}).astype(float)
    total = goldstein.groupby(traced.events["world"]).sum().reindex(by_world.index, fill_value=0.0)
    assert np.allclose(by_world["goldstein"], total)


def test_daily_counts_end_where_the_outcomes_do(traced: Run) -> None:
    assert traced.daily is not None
    last = traced.daily.shares("top_rung").iloc[-1]
    expected = traced.outcomes["top_rung"].value_counts(normalize=True)
    assert last[last > 0].to_dict() == pytest.approx(expected.to_dict())
    weekly = traced.daily.mean("rockets").sum()
    whole_weeks = traced.events["day"] < 7 * (traced.scenario.horizon // 7)
    rockets = traced.events["act"].isin(["mi.salvo", "mi.barrage"])
    assert weekly == pytest.approx((rockets & whole_weeks).sum() / WORLDS)


def test_causes_lie_in_the_past_of_the_same_world(traced: Run) -> None:
    for _, events in traced.events.groupby("world"):
        answers = events[events["cause"] >= 0]
        assert (answers["cause"] < answers["event"]).all()


def test_the_chronicle_tells_every_event(traced: Run) -> None:
    chronicle = traced.world(traced.representative())
    assert len(chronicle) == traced.outcomes["events"][chronicle.world]
    assert all(line.text[0].isupper() for line in chronicle)
    assert [line.day for line in chronicle] == sorted(line.day for line in chronicle)


def test_a_run_of_other_rules_is_not_told_as_if_it_were_ours(stored: Run, tmp_path: Path) -> None:
    """The table says what the rules no longer give: the story would be another one."""
    assert stored.folder is not None
    folder = shutil.copytree(stored.folder, tmp_path / "run")
    changed = stored.outcomes.copy()
    changed["rockets"] += 1
    changed.to_parquet(folder / "outcomes.parquet")
    manifest = read_manifest(folder) | {"rule_hash": "0123456789abcdef"}
    manifest["files"]["outcomes.parquet"] = facts_of(folder / "outcomes.parquet")
    write_json(folder / "manifest.json", sealed(manifest))
    with pytest.warns(OtherRules, match="was lived under other rules"):
        old = open_run(folder)
    with pytest.raises(InputError, match=r"ends differently \(rockets\)"):
        old.world(3)


def test_every_shipped_number_of_worlds_gives_the_same_first_worlds(traced: Run) -> None:
    few = run(load("baghdad-2020"), worlds=5, depth="outcomes", threads=1)
    pd.testing.assert_frame_equal(few.outcomes, traced.outcomes.head(5))


def test_a_python_policy_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traced: Run) -> None:
    """A policy that does what the rulebook does not must change the worlds; without one both drivers agree."""
    (tmp_path / "meek.py").write_text(
        "def hold(view, options):\n    return next(o for o in options if o.id == 'us.hold')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    meek = load("baghdad-2020").with_({"policies": {"us": "meek:hold"}})
    done = run(meek, worlds=4, depth="trace")
    own = done.events[(done.events["actor"] == "us") & ~done.events["scripted"]]
    assert set(own["act"]) <= {"us.hold"}
    rulebook = traced.events[(traced.events["actor"] == "us") & ~traced.events["scripted"]]
    assert set(rulebook["act"]) > {"us.hold"} or len(set(rulebook["act"])) > 1


@pytest.mark.parametrize("depth", ["outcomes", "daily", "trace"])
def test_both_drivers_give_the_same_chunks(depth: str, traced: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.results.lives.has_python_policy", lambda scenario: True)
    under_mesa = run("baghdad-2020", worlds=3, depth=depth)
    pd.testing.assert_frame_equal(under_mesa.outcomes, traced.outcomes.head(3))
    if depth == "trace":
        expected = traced.events[traced.events["world"] < 3]
        pd.testing.assert_frame_equal(under_mesa.events, expected)
    assert (under_mesa.daily is None) == (depth == "outcomes")
