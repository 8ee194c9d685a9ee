"""Scores: numbers solvable by hand, the definitions as loops, propriety, and published intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.scores import (
    CountScores,
    brier,
    covered,
    crps,
    crps_pmf,
    distribution,
    ignorance,
    interval,
    interval_score,
    jeffreys,
    log_score,
    mean_between,
    murphy,
    pit,
    score_counts,
)
from sim.results.intervals import wilson

ensembles = st.lists(st.integers(0, 9), min_size=1, max_size=12)


def luck() -> np.random.Generator:
    return np.random.default_rng(7)


def column(*draws: int) -> np.ndarray:
    return np.array(draws)[:, np.newaxis]


def seen(*counts: int) -> np.ndarray:
    return np.array(counts)


def test_crps_by_hand() -> None:
    # Draws 0 and 2 against 1: mean distance 1, less half the mean distance of two draws (1), gives 1/2.
    assert crps(column(0, 2), seen(1)).tolist() == [0.5]
    # Two different draws are 2 apart, so the fair score is 1 - 2/2.
    assert crps(column(0, 2), seen(1), fair=True) == pytest.approx([0.0])
    # A sure forecast is scored by its distance.
    assert crps(column(3, 3), seen(5)).tolist() == [2.0]


@given(ensembles, st.integers(0, 9))
def test_crps_is_the_area_between_the_steps(draws: list[int], observed: int) -> None:
    x = np.arange(10)
    forecast = np.mean([x >= draw for draw in draws], axis=0)
    area = ((forecast - (x >= observed)) ** 2).sum()
    assert crps(column(*draws), seen(observed))[0] == pytest.approx(area)
    assert crps_pmf(distribution(column(*draws), 10), seen(observed))[0] == pytest.approx(area)


def test_distribution_by_hand() -> None:
    assert distribution(column(0, 0, 1, 5), 4).tolist() == [[0.5, 0.25, 0, 0.25]]


def test_shapes_are_kept() -> None:
    draws, observed = luck().poisson(2, (50, 3, 4)), luck().poisson(2, (3, 4))
    scores = score_counts(draws, observed, (observed, observed + 1), luck())
    assert {values.shape for values in scores} == {(3, 4)}
    assert scores.crps[1, 2] == crps(draws[:, 1, 2:3], observed[1, 2:3])[0]


def test_a_single_week_is_an_array_too() -> None:
    scores = score_counts(column(0, 2), seen(1), (seen(1), seen(1)), luck())
    assert {values.shape for values in scores} == {(1,)}


def test_interval_by_hand() -> None:
    draws = np.arange(1, 101)[:, np.newaxis]
    assert [end.tolist() for end in interval(draws, 0.9)] == [[5], [95]]
    assert [end.tolist() for end in interval(column(0, 0, 0, 7), 0.5)] == [[0], [0]]


def test_interval_score_by_hand() -> None:
    draws = np.arange(1, 101)[:, np.newaxis]
    # Width 90; a miss by 2 costs 2 / 0.1 each.
    assert interval_score(draws, seen(50), 0.9) == pytest.approx([90])
    assert interval_score(draws, seen(97), 0.9) == pytest.approx([130])
    assert interval_score(draws, seen(2), 0.9) == pytest.approx([150])


def test_coverage_by_hand() -> None:
    draws = np.repeat(np.arange(1, 101)[:, np.newaxis], 4, axis=1)
    assert covered(draws, seen(4, 5, 95, 96), 0.9).tolist() == [False, True, True, False]


def test_pit_lies_within_its_step() -> None:
    values = pit(np.repeat(column(0, 1, 1, 3), 4, axis=1), seen(0, 1, 2, 9), luck())
    assert 0 <= values[0] <= 0.25
    assert 0.25 <= values[1] <= 0.75
    assert values[2:].tolist() == [0.75, 1.0]


def test_pit_of_a_true_forecast_is_uniform() -> None:
    rng = luck()
    draws, observed = rng.poisson(0.7, (2000, 4000)), rng.poisson(0.7, 4000)
    values = pit(draws, observed, rng)
    shares = np.histogram(values, bins=10, range=(0, 1))[0] / len(values)
    assert shares == pytest.approx(np.full(10, 0.1), abs=0.02)
    # The interval of counts holds far more than its level, which the transform does not.
    assert covered(draws, observed, 0.5).mean() > 0.8
    assert ((values > 0.25) & (values < 0.75)).mean() == pytest.approx(0.5, abs=0.03)


def test_ignorance_by_hand() -> None:
    draws = np.repeat(column(0, 0, 1, 3), 4, axis=1)
    # Bins from 0, 1, 2, 4, 7: shares 1/2, 1/4, 1/4, 0, 0.
    assert ignorance(draws, seen(0, 1, 2, 0), floor=0).tolist() == [1, 2, 2, 1]
    assert ignorance(draws, seen(3, 9, 6, 4)) == pytest.approx(-np.log2([0.99 / 4 + 0.002, 0.002, 0.002, 0.002]))


def test_mean_between_by_hand() -> None:
    def distance_to_two(counts: np.ndarray) -> np.ndarray:
        return np.abs(counts - 2.0)

    # 2, 3, 4 are 0, 1, 2 away; 5 alone is 3 away.
    assert mean_between(distance_to_two, seen(2, 5), seen(4, 5)).tolist() == [1.0, 3.0]


def test_a_range_of_one_count_changes_nothing() -> None:
    draws, observed = luck().poisson(1, (100, 6)), seen(0, 1, 2, 3, 0, 1)
    scores = score_counts(draws, observed, (observed, observed), luck())
    assert scores.crps_range.tolist() == scores.crps.tolist()
    assert CountScores._fields[:2] == ("crps", "crps_range")


def test_brier_and_log_score_by_hand() -> None:
    assert brier([0.2, 0.2, 1.0], [True, False, True]) == pytest.approx([0.64, 0.04, 0])
    assert log_score([0.5, 0.25], [True, False]) == pytest.approx(-np.log([0.5, 0.75]))
    assert log_score([0.0, 1.0], [True, False]) == pytest.approx(-np.log([0.01, 0.01]))
    assert log_score([0.0], [True], floor=0.1) == pytest.approx(-np.log([0.1]))


@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_honesty_pays(true: float, said: float) -> None:
    """The expected score is least for whoever says what is true."""
    for score in (brier, log_score):
        expected = [true * score([p], [1])[0] + (1 - true) * score([p], [0])[0] for p in (true, said)]
        assert expected[0] <= expected[1] + 1e-12


@given(ensembles, ensembles)
def test_honesty_pays_for_counts(true: list[int], said: list[int]) -> None:
    for score in (crps, ignorance):
        honest, other = (
            np.mean([score(column(*said_now), seen(count))[0] for count in true]) for said_now in (true, said)
        )
        # With some uniform forecast mixed in, the binned score of the truth is best up to that mixture.
        assert honest <= other + (0.02 if score is ignorance else 1e-9)


def test_murphy_by_hand() -> None:
    # Said 0.25 four times, one came; said 0.75 twice, both came. Base rate 1/2.
    forecast, came = [0.25] * 4 + [0.75] * 2, [1, 0, 0, 0, 1, 1]
    parts = murphy(forecast, came)
    assert parts.reliability == pytest.approx((4 * 0 + 2 * 0.25**2) / 6)
    assert parts.resolution == pytest.approx((4 * 0.25**2 + 2 * 0.5**2) / 6)
    assert parts.uncertainty == 0.25
    assert murphy(forecast, came, bins=2) == pytest.approx(parts)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.8, 1.0]), st.booleans()), min_size=1, max_size=20))
def test_murphy_adds_up(said_and_came: list[tuple[float, bool]]) -> None:
    said, came = zip(*said_and_came, strict=True)
    parts = murphy(said, came)
    whole = parts.reliability - parts.resolution + parts.uncertainty
    assert whole == pytest.approx(brier(said, came).mean(), abs=1e-12)


def test_bins_hold_one_and_zero() -> None:
    assert murphy([0.0, 1.0], [0, 1], bins=5) == pytest.approx((0, 0.25, 0.25))


@pytest.mark.parametrize(
    ("successes", "cases", "low", "high"),
    # 2 of 2, 0 of 68 and 1 of 1 as printed for this record; 81 of 263 and 1 of 29 from Newcombe (1998), table I.
    [(2, 2, 0.342, 1.0), (0, 68, 0.0, 0.053), (1, 1, 0.207, 1.0), (81, 263, 0.2553, 0.3662), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes: int, cases: int, low: float, high: float) -> None:
    assert [float(end) for end in wilson(successes, cases)] == pytest.approx([low, high], abs=6e-4)


def test_jeffreys_by_quantiles() -> None:
    """The ends cut off 2.5 % of Beta(k + 1/2, n - k + 1/2); nothing below no success, nothing above no failure."""
    low, high = jeffreys([0, 2, 5], [5, 63, 5])
    assert (low[0], high[2]) == (0, 1)
    samples = luck().beta(2.5, 61.5, 400_000)
    assert [(samples < low[1]).mean(), (samples > high[1]).mean()] == pytest.approx([0.025, 0.025], abs=1e-3)
    assert low[2] == pytest.approx(1 - high[0])


@pytest.mark.parametrize("bounds", [wilson, jeffreys])
def test_intervals_hold_the_share_and_shrink(bounds: object) -> None:
    few, many = bounds(np.array([3]), np.array([10])), bounds(np.array([300]), np.array([1000]))
    assert few[0] < many[0] < 0.3 < many[1] < few[1]
    narrow = bounds(3, 10, 0.5)
    assert few[0] < narrow[0] < 0.3 < narrow[1] < few[1]
