"""Daily counts: exact, small, and the same in whatever chunks the worlds come."""

import numpy as np
import pytest
from fake_worlds import fake_lived
from hypothesis import given
from hypothesis import strategies as st

from sim.results import findings
from sim.results.daily import HISTOGRAMS, USUAL_ATTACKS, Daily
from sim.scenario import load
from sim.world.names import Stage
from sim.world.records import SERIES

SERIES_OF_40 = fake_lived(load("baghdad-2020"), 40).series


def counted(*parts: np.ndarray) -> Daily:
    daily = Daily(parts[0].shape[1])
    for part in parts:
        daily.accumulate(part)
    return daily


def same(one: Daily, other: Daily) -> bool:
    return one.worlds == other.worlds and all((one.counts[name] == other.counts[name]).all() for name in HISTOGRAMS)


@given(st.lists(st.integers(1, 39), max_size=5, unique=True), st.randoms())
def test_chunks_and_their_order_change_nothing(cuts: list[int], random) -> None:
    parts = [part for part in np.split(SERIES_OF_40, sorted(cuts)) if len(part)]
    random.shuffle(parts)
    assert same(counted(*parts), counted(SERIES_OF_40))


def test_merging_is_counting_together() -> None:
    whole, rest = counted(SERIES_OF_40[:11]), counted(SERIES_OF_40[11:])
    whole.merge(rest)
    assert same(whole, counted(SERIES_OF_40))


def test_every_day_holds_every_world() -> None:
    daily = counted(SERIES_OF_40)
    for name in HISTOGRAMS:
        assert (daily.counts[name].sum(axis=1) == 40).all(), name
        assert np.allclose(daily.shares(name).sum(axis=1), 1.0), name


def test_quantile_is_the_lowest_level_that_enough_worlds_keep_to() -> None:
    series = np.zeros((4, 7), SERIES)
    series["top_rung"] = np.array([2, 7, 7, 10])[:, None]
    daily = counted(series)
    assert [daily.quantile("top_rung", q)[0] for q in (0.0, 0.25, 0.26, 0.5, 0.75, 0.76, 1.0)] == [
        -2,
        2,
        7,
        7,
        7,
        10,
        10,
    ]


def test_quantiles_are_numpys_inverted_distribution() -> None:
    daily = counted(SERIES_OF_40)
    for q in (0.05, 0.25, 0.5, 0.75, 0.95):
        expected = np.quantile(SERIES_OF_40["top_rung"], q, axis=0, method="inverted_cdf")
        assert (daily.quantile("top_rung", q) == expected).all()


def test_weeks_are_whole_and_sum_their_days() -> None:
    series = np.zeros((1, 20), SERIES)
    series["rockets"][0] = 1
    daily = counted(series)
    assert daily.quantile("rockets", 0.5).tolist() == [7, 7]


def test_what_lies_beyond_the_ends_falls_into_the_last_bin() -> None:
    series = np.zeros((1, 7), SERIES)
    series["authority"] = [[-0.2, 0.0, 0.011, 0.5, 0.999, 1.0, 1.7]]
    daily = counted(series)
    assert daily.quantile("authority", 0.5).tolist() == pytest.approx([0.01, 0.01, 0.01, 0.51, 0.99, 0.99, 0.99])


def test_a_week_may_have_any_number_of_attacks() -> None:
    """However they are cut into parts, there and back again as a table, and in words."""
    few, many = np.zeros((3, 7), SERIES), np.zeros((1, 7), SERIES)
    few["rockets"], many["rockets"] = 1, 30
    daily = counted(few, many)
    apart = counted(few)
    apart.merge(counted(many))
    assert same(apart, daily)
    assert daily.levels("rockets")[-1] == 210 > USUAL_ATTACKS
    assert daily.mean("rockets").tolist() == [(3 * 7 + 210) / 4]
    assert daily.quantile("rockets", 1.0).tolist() == [210]
    assert same(Daily.from_frame(daily.to_frame(), daily.horizon, daily.worlds), daily)
    assert findings.weekly(daily, "rockets", "rocket attacks").endswith(
        "57.8 a week on average, median 7, 90 % of weeks 7–210"
    )


def test_table_and_back() -> None:
    daily = counted(SERIES_OF_40)
    frame = daily.to_frame()
    assert (frame["worlds"] > 0).all()
    assert same(Daily.from_frame(frame, daily.horizon, daily.worlds), daily)


def test_shares_are_named_by_level() -> None:
    shares = counted(SERIES_OF_40).shares("stage")
    warned = (SERIES_OF_40["stage"] == Stage.WARNED).mean(axis=0)
    assert shares[Stage.WARNED].tolist() == pytest.approx(warned.tolist())


def test_another_horizon_is_refused() -> None:
    daily = counted(SERIES_OF_40)
    with pytest.raises(ValueError, match="expected 90 days, got 10"):
        daily.accumulate(SERIES_OF_40[:, :10])
    with pytest.raises(ValueError, match="expected 90 days, got 10"):
        daily.merge(Daily(10))


def test_a_quiet_channel_is_told_as_quiet() -> None:
    series = np.zeros((40, 14), SERIES)
    assert findings.weekly(counted(series), "rockets", "rocket attacks") == (
        "Rocket attacks: 0.0 a week on average, median 0, 90 % of weeks 0"
    )
    series["rockets"][0, 0] = 1
    assert "fewer than 0.1 a week" in findings.weekly(counted(series), "rockets", "rocket attacks")
    series["rockets"][:8, :7] = 1
    assert "median 0, 90 % of weeks 0–7" in findings.weekly(counted(series), "rockets", "rocket attacks")
