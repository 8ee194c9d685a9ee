"""What is varied, how far, and that many points lived together are the points lived one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.evaluate import ensemble, exact, lived
from sim.analysis.factors import Factor, factors_of, label_of, points_of
from sim.analysis.indicators import INDICATORS, USUAL, indicators, measure
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.results.scores import decode
from sim.scenario import Scenario, load, paths

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


@pytest.mark.parametrize(
    "changes",
    [{}, {"iran.rationality": {"uniform": [4, 8]}}, {"mindsets": {"us": {"washington-caution": 0.5, "default": 0.5}}}],
)
def test_points_lived_together_are_points_lived_one_by_one(base: Scenario, changes: dict) -> None:
    scenario = base.with_(changes)
    together = list(lived(scenario, CHANGED, 5))
    for k, table in enumerate(together):
        alone = {path: np.full(5, values[k]) for path, values in CHANGED.items()}
        chunk = live_chunk(scenario, 0, 5, "outcomes", None, alone)
        pd.testing.assert_frame_equal(table, decode(chunk.outcomes))


def test_blocks_do_not_change_a_point(base: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(lived(base, CHANGED, 4))
    monkeypatch.setattr("sim.analysis.evaluate.ROWS", 9)
    for one, other in zip(lived(base, CHANGED, 4), whole, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_the_ensemble_gives_means_and_what_luck_leaves(base: Scenario) -> None:
    wanted = indicators(["rockets", "us_struck"])
    told: list[tuple[int, int]] = []
    found = ensemble(base, wanted, 5, progress=lambda done, total: told.append((done, total)))(CHANGED)
    for k, table in enumerate(lived(base, CHANGED, 5)):
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
