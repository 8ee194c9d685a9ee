"""Intervals of differences: by hand, against SciPy, and how often they cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.paired import apart_means, apart_shares, paired_means, paired_shares
from sim.results.intervals import wilson

ANSWERS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)
NUMBERS = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=40)


def columns(pairs: list[tuple]) -> tuple[np.ndarray, np.ndarray]:
    before, after = zip(*pairs, strict=True)
    return np.array(before), np.array(after)


def test_paired_shares_by_hand() -> None:
    """Ten worlds, three gained, one lost: Wilson's intervals of the two shares, joined by squares."""
    before = np.array([1, 0, 0, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    after = np.array([0, 1, 1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    found = paired_shares(before, after)
    (low, high), (least, most) = (map(float, wilson(k, 10)) for k in (3, 1))
    r = -np.sqrt(0.3 * 0.1 / (0.7 * 0.9))
    below = np.sqrt((0.3 - low) ** 2 + (most - 0.1) ** 2 - 2 * r * (0.3 - low) * (most - 0.1))
    above = np.sqrt((high - 0.3) ** 2 + (0.1 - least) ** 2 - 2 * r * (high - 0.3) * (0.1 - least))
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.2 - below), pytest.approx(0.2 + above))


def test_where_nothing_changes_the_interval_is_that_of_none_in_so_many() -> None:
    found = paired_shares(np.zeros(1000, dtype=bool), np.zeros(1000, dtype=bool))
    reach = float(wilson(0, 1000)[1])
    assert found == (0.0, -reach, reach)


@pytest.mark.parametrize("worlds", [100, 1000])
def test_where_a_change_only_adds_the_interval_holds_what_it_claims(worlds: int) -> None:
    """Exact coverage over all numbers of worlds that may turn, for .1 to 25 that do so on average."""
    counts = np.arange(80)
    before = np.zeros(worlds, dtype=bool)
    found = [paired_shares(before, np.arange(worlds) < count) for count in counts]
    for expected in np.arange(0.1, 25, 0.1):
        truth = expected / worlds
        chance = stats.binom.pmf(counts, worlds, truth)
        held = np.array([span.low <= truth <= span.high for span in found])
        assert chance[held].sum() >= 0.95


def test_paired_means_are_those_of_scipy() -> None:
    rng = np.random.default_rng(5)
    before, after = rng.normal(size=(2, 30))
    expected = stats.ttest_rel(after, before).confidence_interval(0.95)
    found = paired_means(before, after)
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert found.estimate == pytest.approx((after - before).mean())


def test_means_apart_are_those_of_scipy() -> None:
    rng = np.random.default_rng(6)
    before, after = rng.normal(size=25), rng.normal(1, 3, size=40)
    expected = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    found = apart_means(before, after)
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_shares_apart_by_hand() -> None:
    before, after = np.arange(8) < 2, np.arange(18) < 9
    found = apart_shares(before, after)
    half = 1.959963984540054 * np.sqrt(0.3 * 0.7 / 10 + 0.5 * 0.5 / 20)
    assert (found.low, found.high) == (pytest.approx(0.2 - half), pytest.approx(0.2 + half))


@given(ANSWERS)
def test_swapping_scenarios_turns_the_interval_round(pairs: list[tuple]) -> None:
    before, after = columns(pairs)
    one, other = paired_shares(before, after), paired_shares(after, before)
    assert one.estimate == pytest.approx(-other.estimate)
    assert (one.low, one.high) == (pytest.approx(-other.high), pytest.approx(-other.low))
    assert -1 <= one.low <= one.high <= 1


@given(NUMBERS)
def test_a_mean_interval_holds_its_estimate(pairs: list[tuple]) -> None:
    before, after = columns(pairs)
    found = paired_means(before, after)
    same = np.ptp(after - before) == 0
    assert same == np.isnan(found.low)
    assert same or found.low <= found.estimate <= found.high
    assert paired_means(after, before).estimate == pytest.approx(-found.estimate)


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_worlds_that_do_not_change_leave_zero_possible(answers: list[bool]) -> None:
    same = np.array(answers)
    found = paired_shares(same, same)
    assert found.estimate == 0
    assert found.low < 0 < found.high
    if len(same) > 1:  # nothing says how far a change could reach
        assert np.isnan(paired_means(same, same)[1:]).all()


def test_a_single_world_settles_no_mean() -> None:
    assert paired_means(np.zeros(1), np.array([3.0])) == (3.0, -np.inf, np.inf)


def test_pairs_are_needed() -> None:
    with pytest.raises(ValueError, match="3 worlds before, 2 after"):
        paired_shares(np.ones(3, bool), np.ones(2, bool))
    with pytest.raises(ValueError, match="0 worlds before"):
        paired_means(np.array([]), np.array([]))


@pytest.mark.parametrize("common", [0.0, 0.8])
def test_paired_shares_cover_as_often_as_they_say(common: float) -> None:
    """Answers of 0.3 and 0.4, taken from the same luck in a part of the worlds; 3,000 runs of 120 worlds."""
    rng = np.random.default_rng(8)
    luck = rng.random((2, 3000, 120))
    luck[1] = np.where(rng.random((3000, 120)) < common, luck[0], luck[1])
    covered = [
        low <= 0.1 <= high for before, after in zip(luck[0] < 0.3, luck[1] < 0.4, strict=True)
        for _, low, high in [paired_shares(before, after)]
    ]  # fmt: skip
    assert 0.935 <= np.mean(covered) <= 0.975


def test_the_same_luck_narrows_the_interval() -> None:
    rng = np.random.default_rng(9)
    luck, other = rng.random((2, 2000))
    paired = paired_shares(luck < 0.3, luck < 0.33)
    apart = apart_shares(luck < 0.3, other < 0.33)
    assert paired.width < apart.width / 2
