"""What is varied, how far, and that many points lived together are the points lived one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.evaluate import each_point, ensemble, exact, lived
from sim.analysis.factors import Factor, as_lived, factors_of, label_of, points_of
from sim.analysis.idle import why_idle
from sim.analysis.indicators import INDICATORS, USUAL, indicators, measure
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.parameters import MINDSETS
from sim.results.run import run
from sim.results.scores import decode
from sim.scenario import Scenario, load, paths
from sim.scenario.quantities import STATES

UNITS = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load("baghdad-2020")


@given(UNITS)
def test_numbers_fill_their_range(units: list[float]) -> None:
    values = Factor("x", "x", -2, 6, 0).at(np.array(units))
    assert values == pytest.approx(-2 + 8 * np.array(units))


@given(UNITS)
def test_whole_numbers_are_whole_and_allowed(units: list[float]) -> None:
    values = Factor("x", "x", 1, 4, 2, whole=True).at(np.array(units))
    assert set(values) <= {1.0, 2.0, 3.0, 4.0}


def test_every_whole_number_has_an_equal_part() -> None:
    values = Factor("x", "x", 1, 4, 2, whole=True).at((np.arange(400) + 0.5) / 400)
    assert np.unique(values, return_counts=True)[1].tolist() == [100] * 4


def test_all_quantities_are_those_of_the_world_and_the_actors(base: Scenario) -> None:
    chosen = {factor.path for factor in factors_of(base)}
    declared = {path for path in paths(base) if not path.startswith(("actions.", "parliament.", "events."))}
    assert chosen < declared
    known = {path for path in declared - chosen if "day 0" in paths(base)[path].meaning}
    assert {"truce.on", "embassy.stage"} <= known
    assert all(paths(base)[path].whole and paths(base)[path].high == 1 for path in declared - chosen - known)


def test_how_the_story_begins_is_varied_when_asked(base: Scenario) -> None:
    assert [factor.path for factor in factors_of(base, ["truce.on"])] == ["truce.on"]


def test_patterns_choose(base: Scenario) -> None:
    groups = [factor.path for factor in factors_of(base, ["militias.*.iran_control", "us.red_line"])]
    assert len(groups) == len(base.groups) + 1
    assert "us.red_line" in groups
    assert all(
        path.startswith("actions.us.hold.") for path in {f.path for f in factors_of(base, ["actions.us.hold.*"])}
    )


def test_ranges_are_the_declared_ones_and_hold_the_value(base: Scenario) -> None:
    declared = paths(base)
    for factor in factors_of(base):
        assert (factor.low, factor.high) == (declared[factor.path].low, declared[factor.path].high)
        assert factor.value == base.values[factor.path]


@pytest.mark.parametrize("width", [0.1, 0.5])
def test_a_width_covers_a_part_around_the_value(base: Scenario, width: float) -> None:
    for factor in factors_of(base, width=width):
        declared = paths(base)[factor.path]
        assert declared.low <= factor.low <= factor.value <= factor.high <= declared.high
        if not factor.whole:
            assert factor.high - factor.low <= width * (declared.high - declared.low) + 1e-9


def test_a_width_that_would_change_nothing_is_refused(base: Scenario) -> None:
    with pytest.raises(InputError, match=r"width 0\.4 would change nothing: what is varied takes whole numbers"):
        factors_of(base, ["truce.on"], width=0.4)


def test_what_cannot_vary_is_refused(base: Scenario) -> None:
    with pytest.raises(InputError, match=r"did you mean 'us\.red_line'"):
        factors_of(base, ["us.red_lin"])
    with pytest.raises(InputError, match="no quantity that can vary matches 'moon"):
        factors_of(base, ["moon.*"])
    with pytest.raises(InputError, match="no quantity that can vary"):
        factors_of(base, ["actions.*.lag_low"])  # lags keep their order
    for width in (0.0, 1.5):
        with pytest.raises(InputError, match="width"):
            factors_of(base, width=width)


def test_numbers_that_a_mindset_replaces_are_left_out(base: Scenario) -> None:
    minded = base.with_({"us.mindset": "washington-caution"})
    assert "us.weight_calm" in {factor.path for factor in factors_of(base)}
    assert "us.weight_calm" not in {factor.path for factor in factors_of(minded)}
    with pytest.raises(InputError, match="the mindset washington-caution sets it in every world"):
        factors_of(minded, ["us.weight_calm"])


IDLE = [
    ({}, "parliament.blocs.nasr.seats", "the same in all worlds"),
    ({}, "actions.us.defend.lag_low", "lags cannot vary one by one"),
    ({"actions.us.decide_closure.enabled": False}, "actions.us.decide_closure.cost", "switches us.decide_closure off"),
    ({"policies.us": "passive"}, "us.rationality", "the rule 'passive' that us follows does not read it"),
    ({"policies.sadr": "tit_for_tat"}, "sadr.weight_*", "does not read it"),
]


@pytest.mark.parametrize(("changes", "pattern", "why"), IDLE)
def test_what_cannot_matter_is_refused_with_the_reason(base: Scenario, changes: dict, pattern: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        factors_of(base.with_(changes), [pattern])


@pytest.mark.parametrize("rule", ["passive", "scripted", "random", "tit_for_tat"])
def test_what_is_said_not_to_matter_does_not(base: Scenario, rule: str) -> None:
    """Under rules that weigh nothing, states' weights at both ends of their ranges give the same bytes."""
    blind = base.with_({f"policies.{actor}": rule for actor in STATES})
    known = paths(blind)
    idle = [path for path in known if "does not read it" in why_idle(blind, path)]
    assert {"us.rationality", "iran.weight_calm", "sadr.inertia"} <= set(idle)
    ends = [
        live_chunk(blind, 0, 8, "trace", None, {path: np.full(8, getattr(known[path], end)) for path in idle})
        for end in ("low", "high")
    ]
    assert ends[0].events.tobytes() == ends[1].events.tobytes()
    assert ends[0].outcomes.tobytes() == ends[1].outcomes.tobytes()


def test_a_name_given_twice_is_refused(base: Scenario) -> None:
    with pytest.raises(InputError, match=r"--vary us\.red_line is given twice"):
        factors_of(base, ["us.red_line", "us.red_line"])
    with pytest.raises(InputError, match="--outcome rockets is given twice"):
        indicators(["rockets", "rockets"])


def test_a_distribution_is_varied_around_its_median(base: Scenario) -> None:
    drawn = base.with_({"us.rationality": {"uniform": [2, 4]}})
    (factor,) = factors_of(drawn, ["us.rationality"])
    assert factor.value == 3
    assert factor.low < 2
    assert factor.high > 4


def test_labels_are_words(base: Scenario) -> None:
    assert label_of(base, "us.red_line") == "Washington's red line"
    assert label_of(base, "embassy.closure_days") == "embassy: closure days"
    assert label_of(base, "militias.kataib_hezbollah.iran_control") == "Kataib Hezbollah's iran control"
    assert label_of(base, "actions.us.strike_limited.cost") == "us.strike limited: cost"


def test_points_follow_the_factors() -> None:
    factors = [Factor("a", "a", 0, 2, 1), Factor("b", "b", 10, 20, 15)]
    points = points_of(factors, np.array([[0.5, 0.0], [1.0, 0.5]]))
    assert points["a"].tolist() == [1, 2]
    assert points["b"].tolist() == [10, 15]


CHANGED = {"us.red_line": np.array([1.0, 3.0, 1.0]), "us.rationality": np.array([5.0, 9.0, 12.0])}
MIXED: list[dict] = [
    {},
    {"iran.rationality": {"uniform": [4, 8]}},
    {"mindsets": {"us": {"washington-caution": 0.5, "default": 0.5}}},
    {"us.weight_calm": 0.3, "mindsets.us": {"washington-caution": 0.5, "default": 0.5}},
]


@pytest.mark.parametrize("changes", MIXED)
def test_a_point_is_the_scenario_with_its_numbers_stated(base: Scenario, changes: dict) -> None:
    scenario = base.with_(changes)
    points = [{}, *each_point(CHANGED), {"us.weight_calm": 0.9}]
    for table, point in zip(lived(scenario, points, 6), points, strict=True):
        stated = scenario.with_(point) if point else scenario
        pd.testing.assert_frame_equal(table, run(stated, 6, depth="outcomes").outcomes)


def test_what_a_mindset_or_a_distribution_sets_is_told_world_by_world(base: Scenario) -> None:
    scenario = base.with_(
        {"mindsets.us": {"washington-caution": 0.5, "default": 0.5}, "iran.rationality": {"uniform": [4, 8]}}
    )
    values = as_lived(scenario, "us.weight_calm", 200)
    assert set(values) == {MINDSETS["washington-caution"].values["weight_calm"], base.values["us.weight_calm"]}
    assert len(np.unique(as_lived(scenario, "iran.rationality", 50))) == 50
    assert set(as_lived(scenario, "us.red_line", 9)) == {base.values["us.red_line"]}
    by_path = {factor.path: factor for factor in factors_of(scenario, ["us.weight_calm", "us.red_line"])}
    assert (by_path["us.weight_calm"].minded, by_path["us.red_line"].minded) == (0.5, 0.0)


def test_the_ensemble_gives_means_and_what_luck_leaves(base: Scenario) -> None:
    wanted = indicators(["rockets", "us_struck"])
    told: list[tuple[int, int]] = []
    found = ensemble(base, wanted, 5, progress=lambda done, total: told.append((done, total)))(CHANGED)
    for k, table in enumerate(lived(base, each_point(CHANGED), 5)):
        values = measure(table, wanted)
        assert found.mean[k] == pytest.approx(values.mean(axis=0))
        assert found.error[k] == pytest.approx(values.var(axis=0, ddof=1) / 5)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert found.worlds == 5
    with pytest.raises(InputError, match="2 worlds a point"):
        ensemble(base, wanted, 1)


def test_a_formula_has_no_luck() -> None:
    found = exact(lambda x: x[:, 0] + 2 * x[:, 1])({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])})
    assert found.mean[:, 0].tolist() == [7, 10]
    assert (found.error == 0).all()


def test_indicators_measure_every_outcome(base: Scenario) -> None:
    table = decode(live_chunk(base, 0, 4, "outcomes").outcomes)
    values = measure(table, indicators(INDICATORS))
    assert values.shape == (4, len(INDICATORS))
    for k, (column, indicator) in enumerate(INDICATORS.items()):
        assert values[:, k] == pytest.approx(table[column].to_numpy(dtype=float))
        if indicator.is_share:
            assert set(values[:, k]) <= {0.0, 1.0}
    assert [each.column for each in indicators()] == list(USUAL)
    with pytest.raises(InputError, match="did you mean 'us_struck'"):
        indicators(["us_strucc"])
