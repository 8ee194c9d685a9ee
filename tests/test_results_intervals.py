"""Intervals of shares against SciPy's, and at the ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from sim.results.intervals import wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_wilson_is_scipys(case: tuple[int, int], level: float) -> None:
    happened, worlds = case
    expected = binomtest(happened, worlds).proportion_ci(level, method="wilson")
    assert wilson(happened, worlds, level) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_arrays_is_wilson_of_their_items() -> None:
    happened, worlds = np.array([0, 3, 10]), np.array([10, 10, 10])
    low, high = wilson(happened, worlds)
    each = [wilson(k, 10) for k in (0, 3, 10)]
    assert low.tolist() == [float(one[0]) for one in each]
    assert high.tolist() == [float(one[1]) for one in each]


def test_never_and_always_touch_the_end() -> None:
    assert wilson(0, 1000)[0] == 0.0
    assert 0.003 < wilson(0, 1000)[1] < 0.004
    assert wilson(1000, 1000)[1] == 1.0


def test_without_worlds_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_level_is_a_probability(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, level)
