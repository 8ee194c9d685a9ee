"""Values drawn per world: quantiles against scipy.stats, ranges, and probabilities."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.quantity import Quantity
from sim.scenario.distribution import Distribution, parse, probabilities
from sim.scenario.places import Wrong

SHARE = Quantity("x.share", 0.5, "1", 0, 1, "A share.", "test")
COUNT = Quantity("x.count", 3, "things", 0, 9, "A count.", "test", whole=True)
GRID = np.linspace(0, 1, 201, endpoint=False)


def test_uniform_quantiles_are_linear() -> None:
    spread = parse(SHARE, {"uniform": [0.2, 0.6]})
    np.testing.assert_allclose(spread.quantile(GRID), stats.uniform(0.2, 0.4).ppf(GRID))


def test_triangular_quantiles_are_those_of_scipy() -> None:
    spread = parse(SHARE, {"triangular": [0.1, 0.3, 0.9]})
    np.testing.assert_allclose(spread.quantile(GRID), stats.triang(0.25, 0.1, 0.8).ppf(GRID))


@pytest.mark.parametrize("mode", [0.1, 0.9])
def test_triangular_may_have_its_mode_at_an_end(mode: float) -> None:
    spread = parse(SHARE, {"triangular": [0.1, mode, 0.9]})
    expected = stats.triang((mode - 0.1) / 0.8, 0.1, 0.8).ppf(GRID)
    np.testing.assert_allclose(spread.quantile(GRID), expected, atol=1e-12)


def test_normal_is_truncated_at_the_allowed_range() -> None:
    spread = parse(SHARE, {"normal": [0.9, 0.2]})
    expected = stats.truncnorm((0 - 0.9) / 0.2, (1 - 0.9) / 0.2, 0.9, 0.2).ppf(GRID)
    np.testing.assert_allclose(spread.quantile(GRID), expected, atol=1e-9)


def test_beta_is_scaled_to_its_range() -> None:
    spread = parse(SHARE, {"beta": [2, 5], "range": [0.2, 0.4]})
    np.testing.assert_allclose(spread.quantile(GRID), stats.beta(2, 5, 0.2, 0.2).ppf(GRID))


def test_choice_gives_each_value_its_probability() -> None:
    spread = parse(COUNT, {"choice": {2: 0.25, 5: 0.75, 7: 0}})
    values, counts = np.unique(spread.quantile(np.arange(1000) / 1000), return_counts=True)
    assert dict(zip(values, counts, strict=True)) == {2: 250, 5: 750}


def test_choice_from_a_list_is_even() -> None:
    spread = parse(COUNT, {"choice": [1, 4]})
    assert spread.quantile(np.array([0.0, 0.499, 0.5, 0.999])).tolist() == [1, 1, 4, 4]


def test_choice_survives_json_which_makes_its_values_text() -> None:
    assert parse(COUNT, {"choice": {"2": 0.5, "3.0": 0.5}}) == parse(COUNT, {"choice": {2: 0.5, 3: 0.5}})


def test_uniform_over_whole_numbers_gives_each_the_same_chance() -> None:
    spread = parse(COUNT, {"uniform": [2, 5]})
    values, counts = np.unique(spread.quantile(np.arange(4000) / 4000), return_counts=True)
    assert values.tolist() == [2, 3, 4, 5]
    assert set(counts) == {1000}


def test_other_draws_of_whole_numbers_are_rounded() -> None:
    values = parse(COUNT, {"normal": [4.5, 2]}).quantile(GRID)
    assert (values == np.rint(values)).all()
    assert (values.min(), values.max()) == (0, 9)


KINDS = st.sampled_from(
    [
        {"uniform": [0.1, 0.9]},
        {"triangular": [0, 0.2, 1]},
        {"normal": [0.5, 3]},
        {"beta": [0.5, 0.5]},
        {"choice": [0, 1, 0.3]},
    ]
)


@given(KINDS, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_quantiles_rise_and_stay_in_range(given_: dict, one: float, other: float) -> None:
    spread = parse(SHARE, given_)
    if spread.kind == "choice":
        assert spread.quantile(np.array([one]))[0] in (0, 1, 0.3)
        return
    low, high = spread.quantile(np.array(sorted((one, other))))
    assert 0 <= low <= high <= 1


@given(KINDS)
def test_written_and_read_again_it_is_the_same(given_: dict) -> None:
    spread = parse(SHARE, given_)
    assert parse(SHARE, spread.to_plain()) == spread


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"uniform": [0.5, 1.5]}, "out of range"),
        ({"uniform": [0.5, 0.5]}, "must ascend"),
        ({"triangular": [0.1, 0.9, 0.5]}, "must ascend"),
        ({"normal": [1.5, 0.1]}, "the mean of normal, 1.5, is out of range"),
        ({"beta": [0, 1]}, "must be above 0"),
        ({"uniform": [0, 1], "range": [0, 1]}, "range belongs to beta"),
        ({"uniform": [0, 1], "normal": [0, 1]}, "found 2"),
        ({"range": [0, 1]}, "found 0"),
        ({"choice": []}, "choice needs a list"),
        ({"choice": {"x": 1}}, "'x' is not a number"),
        ({"choice": {0.5: 2}}, "must be a number in 0..1, not 2"),
        ({"choice": [10**400]}, "is not a number"),
        ({"uniform": [0, 10**400]}, "takes numbers"),
        ({"posterior": 3}, "names a column"),
    ],
)
def test_what_is_no_distribution_is_said(given_: dict, says: str) -> None:
    with pytest.raises(Wrong, match=re.escape(says)):
        parse(SHARE, given_)


def test_a_posterior_has_no_quantiles_of_its_own() -> None:
    with pytest.raises(ValueError, match="drawn from the posterior file"):
        Distribution("posterior", (), 0, 1, column="x.share").quantile(GRID)


def test_probabilities_may_be_off_by_rounding_only() -> None:
    assert probabilities({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}) == [1 / 3] * 3
    with pytest.raises(Wrong, match=r"sum to 0\.99"):
        probabilities({"a": 0.5, "b": 0.49})
