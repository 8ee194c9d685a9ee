"""Scenario discovery: a box that is known, chance that holds none, conditions, and the simulator itself."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.analysis import prim
from sim.analysis.discover import Discovery, DiscoverySearch, discover, find_boxes
from sim.analysis.factors import Factor
from sim.analysis.interest import interest
from sim.analysis.prim import Limits, Sample, best, inside, judged, pruned
from sim.cli import app
from sim.drivers.ensemble import chunks
from sim.errors import InputError, MissingExtra
from sim.results.scores import decode

PLACES = [Factor(f"x{k}", f"x{k}", 0.0, 10.0, 5.0) for k in range(6)]
SEARCH = DiscoverySearch(worlds=2000, keep=6)


def in_box(points: dict[str, np.ndarray]) -> np.ndarray:
    return (points["x1"] > 6) & (points["x3"] < 4)


@pytest.fixture(scope="module")
def known() -> Discovery:
    return find_boxes(in_box, PLACES, "in the box", SEARCH)


def test_a_known_box_is_found(known: Discovery) -> None:
    assert len(known.boxes) == 1
    limits = {each.path: each for each in known.boxes[0].limits}
    assert set(limits) == {"x1", "x3"}
    assert limits["x1"].low == pytest.approx(6, abs=0.3)
    assert limits["x3"].high == pytest.approx(4, abs=0.3)
    assert np.isinf([limits["x1"].high, limits["x3"].low]).all()
    assert known.boxes[0].coverage > 0.95
    assert known.boxes[0].density > 0.85
    assert list(known.ranking["path"][:2]) in (["x1", "x3"], ["x3", "x1"])


def test_a_noisy_box_is_found_and_only_that() -> None:
    """Inside the box the outcome comes seven times in ten, outside once in ten."""
    rng = np.random.default_rng(3)
    chances = lambda points: rng.random(len(points["x1"])) < np.where(in_box(points), 0.7, 0.1)  # noqa: E731
    found = find_boxes(chances, PLACES, "likely", DiscoverySearch(worlds=4000, keep=6))
    assert {each.path for each in found.boxes[0].limits} == {"x1", "x3"}
    assert found.boxes[0].low <= 0.7 <= found.boxes[0].high + 0.05


def test_two_boxes_are_found_one_after_another() -> None:
    two = lambda points: (points["x0"] > 8) | ((points["x4"] < 2) & (points["x0"] < 8))  # noqa: E731
    found = find_boxes(two, PLACES, "either", DiscoverySearch(worlds=3000, keep=6))
    assert len(found.boxes) == 2
    assert {box.limits[0].path for box in found.boxes} == {"x0", "x4"}
    assert sum(box.coverage for box in found.boxes) == pytest.approx(1, abs=0.1)
    for box in found.boxes:  # of all worlds, also where an earlier box has taken some
        assert box.mass == box.points / len(found.fresh.hits) == pytest.approx(0.18, abs=0.05)


def test_chance_holds_no_box() -> None:
    rng = np.random.default_rng(4)
    found = find_boxes(lambda points: rng.random(len(points["x0"])) < 0.2, PLACES, "chance", SEARCH)
    assert found.boxes == ()
    assert found.rules()[0].startswith("No box raises the probability of 'chance' above ")


def test_rules_are_sentences(known: Discovery) -> None:
    (rule,) = known.rules()
    assert rule.startswith("When x")
    assert "x1 is 5." in rule or "x1 is 6." in rule
    assert "(of 0 to 10)" in rule
    assert "over all" in rule


def test_the_trajectory_starts_with_all_worlds(known: Discovery) -> None:
    first = known.trajectory.iloc[0]
    assert (first["coverage"], first["mass"], first["limits"]) == (1, 1, 0)
    assert known.trajectory["chosen"].sum() >= 1
    assert known.trajectory["density"].iloc[-1] > first["density"]


def test_boxes_are_judged_on_worlds_they_were_not_found_on(known: Discovery) -> None:
    box = known.boxes[0]
    held = inside(box.limits, known.fresh.x)
    assert len(known.fresh.hits) == 1000
    assert box.points == held.sum()
    assert box.density == pytest.approx(known.fresh.hits[held].mean())
    assert box.coverage == pytest.approx((held & known.fresh.hits).sum() / known.fresh.hits.sum())
    assert known.base == pytest.approx(known.fresh.hits.mean())


def test_a_wanted_coverage_chooses_the_densest_box_that_has_it() -> None:
    rng = np.random.default_rng(5)
    x = pd.DataFrame({"a": rng.random(1000)})
    sample = Sample(x, rng.random(1000) < x["a"].to_numpy() ** 3)
    trajectory = [(), *((Limits("a", low, np.inf),) for low in (0.3, 0.6, 0.9))]
    boxes = [judged(limits, sample) for limits in trajectory]
    for coverage in (0.2, 0.5, 1.0):
        chosen = best(trajectory, sample, coverage)
        allowed = [box for box in boxes if box.coverage >= coverage]
        assert judged(chosen, sample).density == max(box.density for box in allowed)


def test_restrictions_that_do_nothing_are_dropped() -> None:
    rng = np.random.default_rng(6)
    x = pd.DataFrame(rng.random((2000, 3)), columns=["a", "b", "c"])
    sample = Sample(x, x["a"].to_numpy() > 0.5)
    kept = pruned([Limits("a", 0.5, np.inf), Limits("b", 0.2, np.inf), Limits("c", -np.inf, 0.7)], sample)
    assert [each.path for each in kept] == ["a"]
    assert kept[0].chance < 1e-9


@pytest.mark.parametrize("early", [True, False])
def test_both_versions_of_the_workbench_are_served(early: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to version 2 PRIM wants a threshold; version 3 no longer knows it."""
    seen: dict[str, object] = {}
    frames = [pd.DataFrame({"a": [0.0, 1.0]}), pd.DataFrame({"a": [0.4, 1.0]})]

    class Early:
        def __init__(
            self, x: pd.DataFrame, y: np.ndarray, threshold: float, peel_alpha: float, mass_min: float
        ) -> None:
            seen.update(threshold=threshold, hits=int(y.sum()))

        def find_box(self) -> SimpleNamespace:
            return SimpleNamespace(box_lims=frames)

    class Late(Early):
        def __init__(self, x: Any, y: np.ndarray, peel_alpha: float, mass_min: float) -> None:
            seen.update(hits=int(y.sum()))

    monkeypatch.setattr(prim, "require", lambda *_: SimpleNamespace(Prim=Early if early else Late))
    sample = Sample(pd.DataFrame({"a": [0.0, 0.5, 1.0]}), np.array([False, True, True]))
    assert prim.peel(sample) == [(), (Limits("a", 0.4, np.inf),)]
    assert seen["hits"] == 2
    assert ("threshold" in seen) == early


def test_without_the_workbench_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str) -> None:
        raise ModuleNotFoundError(f"No module named '{module}'", name=module.partition(".")[0])

    monkeypatch.setattr("sim.errors.import_module", missing)
    with pytest.raises(MissingExtra, match=r"pip install .*\[analysis\]'"):
        find_boxes(in_box, PLACES, "in the box", SEARCH)


@pytest.mark.parametrize(
    ("text", "hold"),
    [
        ("us_struck", lambda t: t["us_struck"]),
        ("not us_struck", lambda t: ~t["us_struck"]),
        ("rockets >= 9", lambda t: t["rockets"] >= 9),
        ("top_rung<8", lambda t: t["top_rung"] < 8),
        ("authority_end <= 0.45", lambda t: t["authority_end"] <= 0.45),
        ("force == US strikes", lambda t: t["force"].astype(str) == "US strikes"),
        ("embassy == threatened", lambda t: t["embassy"].astype(str) == "threatened"),
    ],
)
def test_conditions_hold_where_they_say(text: str, hold: object) -> None:
    outcomes = lived_outcomes()
    assert interest(text).holds(outcomes).tolist() == hold(outcomes).tolist()  # type: ignore[operator]


def lived_outcomes() -> pd.DataFrame:
    from sim.scenario import load

    return decode(next(iter(chunks(load("baghdad-2020"), 40, "outcomes"))).outcomes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("us_strucc", "did you mean 'us_struck'"),
        ("us_struck >= 1", "yes-or-no question"),
        ("rockets", "needs a comparison"),
        ("not rockets", "needs a comparison"),
        ("rockets >= many", "not a number"),
        ("embassy == shut", "open, threatened"),
        ("embassy >= open", "only be compared by =="),
        ("", "is no outcome of interest"),
        ("a b c", "is no outcome of interest"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        interest(text)


def test_too_few_cases_are_refused() -> None:
    with pytest.raises(InputError, match="comes in 0 of 2000 worlds only"):
        find_boxes(lambda points: np.zeros(len(points["x0"]), bool), PLACES, "never", SEARCH)
    with pytest.raises(InputError, match="fails to come in 0 of 2000"):
        find_boxes(lambda points: np.ones(len(points["x0"]), bool), PLACES, "always", SEARCH)
    with pytest.raises(InputError, match="at least 100 worlds"):
        find_boxes(in_box, PLACES, "in the box", DiscoverySearch(worlds=50))
    with pytest.raises(InputError, match="coverage"):
        find_boxes(in_box, PLACES, "in the box", DiscoverySearch(coverage=2.0))


def test_the_simulator_is_searched(tmp_path: Path) -> None:
    search = DiscoverySearch(("us.rationality", "us.weight_calm", "us.weight_name"), worlds=400)
    found = discover("baghdad-2020", "us_struck", search)
    assert found.worlds == 400
    numbers = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert numbers["outcome"] == "US strike"
    target = found.save(tmp_path / "out")
    assert (target / "trajectory.png").exists()
    assert (target / "box-1.svg").exists()
    assert len(pd.read_csv(target / "ranking.csv")) == 3


def test_the_command() -> None:
    arguments = ["discover", "baghdad-2020", "us_struck", "--vary", "us.rationality", "--worlds", "300", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["worlds"] == 300
    assert "Looking for" not in done.stderr
    del arguments[2]
    usual = CliRunner().invoke(app, arguments)
    assert usual.exit_code == 0, usual.output
    assert usual.stdout == done.stdout
    assert "Looking for us_struck" in usual.stderr
    refused = CliRunner().invoke(app, ["discover", "baghdad-2020", "us_strucc"])
    assert refused.exit_code == 2
    assert "did you mean" in refused.stderr
