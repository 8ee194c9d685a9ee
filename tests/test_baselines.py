"""Baselines: cases solvable by hand, nothing seen of the future, and the rolling scores that use them."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import nbinom

from sim.analysis.baselines import (
    FORECASTERS,
    Hawkes,
    climatology,
    fit_hawkes,
    hawkes,
    last_month,
    last_quarter,
    last_week,
    log_likelihood,
    memory,
    outside_view,
    past_frequency,
    poisson,
)
from sim.analysis.questions import load_questions
from sim.analysis.record import Record, load_record
from sim.analysis.rolling import CHANNELS, from_counts, rolling_scores, start_dates
from sim.errors import InputError
from sim.rows import row_of
from sim.scenario.question import Question

START = date(2020, 9, 28)
DRAWS = 20_000


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


def luck() -> np.random.Generator:
    return np.random.default_rng(20200928)


def question(**more: object) -> Question:
    cells = {"id": "q", "text": "?", "measure": "us_strikes", "statistic": "total", "comparison": ">=", "threshold": 1}
    return row_of(Question, cells | more, "here")


@pytest.mark.parametrize("name", FORECASTERS)
def test_forecasts_have_their_shape_and_one_luck(name: str) -> None:
    past = np.array([0, 2, 1, 0, 3, 1])
    draws = FORECASTERS[name](past, 5, 40, luck())
    assert draws.shape == (40, 5)
    assert draws.min() >= 0
    assert np.array_equal(draws, FORECASTERS[name](past, 5, 40, luck()))


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_quiet_past_gives_a_quiet_forecast(name: str) -> None:
    assert FORECASTERS[name](np.zeros(30, dtype=int), 13, 2000, luck()).mean() < 1


def test_climatology_is_the_past() -> None:
    draws = climatology(np.array([0, 0, 5, 1]), 3, DRAWS, luck())
    assert set(np.unique(draws)) == {0, 1, 5}
    assert (draws == 0).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("forecaster", "events", "weeks"),
    [(poisson, 21, 20), (last_week, 3, 1), (last_month, 6, 4), (last_quarter, 19, 13)],
)
def test_poisson_weeks_with_an_unknown_rate(forecaster: object, events: int, weeks: int) -> None:
    """The predictive distribution of a Poisson week under Jeffreys' prior is negative binomial."""
    past = np.array([2, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2, 3, 1, 0, 1, 0, 0, 2, 1, 3])
    assert past[-weeks:].sum() == events
    draws = forecaster(past, 2, DRAWS, luck())
    expected = nbinom.pmf(np.arange(4), events + 0.5, weeks / (weeks + 1))
    found = [(draws == count).mean() for count in range(4)]
    assert found == pytest.approx(expected, abs=0.01)
    # Both weeks of a draw share its rate, so that a total spreads more than independent weeks would.
    assert np.cov(draws.T)[0, 1] == pytest.approx((events + 0.5) / weeks**2, rel=0.25)


def test_memory_by_hand() -> None:
    # It starts at the mean count 1; half of it is kept each week.
    assert memory(np.array([2, 0, 1]), 0.5).tolist() == [1, 1.5, 0.75, 0.875]
    assert memory(np.array([2, 0, 1]), 0.0).tolist() == [1, 2, 0, 1]


def test_likelihood_by_hand() -> None:
    rates = [1.5, 1.75, 1.375]
    expected = 2 * np.log(rates[0]) + np.log(rates[2]) - sum(rates)
    assert log_likelihood(np.array([2, 0, 1]), 1.0, 0.5, 0.5) == pytest.approx(expected)


def test_without_clusters_the_fit_is_the_mean() -> None:
    """Alternating counts repel each other, so nothing is excited and the background is the mean."""
    fit = fit_hawkes(np.array([0, 2] * 20))
    assert fit.branching == pytest.approx(0, abs=1e-6)
    assert fit.background == pytest.approx(1, rel=1e-3)


def test_the_fit_finds_the_process() -> None:
    rng, true = luck(), (0.6, 0.5, 0.4)
    counts, recent = [], 1.2
    for _ in range(4000):
        counts.append(rng.poisson(true[0] + true[1] * recent))
        recent = true[2] * recent + (1 - true[2]) * counts[-1]
    fit = fit_hawkes(np.array(counts))
    assert (fit.background, fit.branching, fit.decay) == pytest.approx(true, abs=0.08)
    assert fit.log_likelihood >= log_likelihood(np.array(counts), *true)


def test_the_fit_is_no_worse_than_a_grid(record: Record) -> None:
    for counts in (record.rockets, record.before(START).ieds):
        best = fit_hawkes(counts).log_likelihood
        grid = [
            log_likelihood(counts, background, branching, decay)
            for background in np.linspace(0.01, 2, 20)
            for branching in np.linspace(0, 0.99, 12)
            for decay in np.linspace(0, 0.99, 12)
        ]
        assert best >= max(grid) - 1e-6


def test_hawkes_runs_on_from_the_last_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mean of week one: 1 + ½ · 4; the memory then keeps half and takes half of the week: mean of week two the same."""
    monkeypatch.setattr("sim.analysis.baselines.fit_hawkes", lambda counts: Hawkes(1.0, 0.5, 0.5, 0.0))
    past = np.array([4, 4, 4])
    means = hawkes(past, 3, DRAWS, luck()).mean(axis=0)
    # Week two: memory ½ · 4 + ½ · 3 = 3.5, rate 2.75; week three: memory ½ · 3.5 + ½ · 2.75 = 3.125, rate 2.5625.
    assert means == pytest.approx([3.0, 2.75, 2.5625], abs=0.05)


def test_no_week_no_fit() -> None:
    with pytest.raises(ValueError, match="at least one week"):
        fit_hawkes(np.array([], dtype=int))


def test_a_rate_per_day_by_hand(record: Record) -> None:
    """Three strikes in 336 days: a gamma mixture of Poisson days has P(none in 91 days) = (336 / 427)^3.5."""
    asked = question(base_rates="us_strikes")
    assert outside_view(asked, record, START, 91) == pytest.approx(1 - (336 / 427) ** 3.5)
    assert outside_view(question(base_rates="us_strikes", closes=29), record, START, 91) == pytest.approx(
        1 - (336 / 366) ** 3.5
    )


def test_a_share_of_cases_and_a_pool_by_hand(record: Record) -> None:
    assert outside_view(question(base_rates="waiver_short"), record, START, 91) == pytest.approx(5.5 / 11)
    pooled = question(base_rates="waiver_short us_strikes")
    assert outside_view(pooled, record, START, 91) == pytest.approx((0.5 + 1 - (336 / 427) ** 3.5) / 2)


def test_a_share_of_attacks_by_hand(record: Record) -> None:
    """63 rocket attacks in 364 days, each with 2.5 in 64 to kill an American, thinned to a rate of deaths."""
    expected = 1 - (364 / (364 + 2.5 / 64 * 91)) ** 63.5
    assert outside_view(question(base_rates="rocket_kills_american"), record, START, 91) == pytest.approx(expected)


def test_the_past_by_hand(record: Record) -> None:
    """A vote on expulsion on 5 January 2020 (day 97) lies in 13 of the 40 windows of 91 days a week apart."""
    known = record.before(START)
    windows = [range(first, first + 91) for first in range(364 - 91, -1, -7)]
    share = np.mean([97 in window for window in windows])
    assert share == 13 / 40
    expected = (share * 4 + 0.5) / 5
    assert past_frequency(question(measure="expulsion_steps"), known, START, 91) == pytest.approx(expected)
    assert outside_view(question(measure="expulsion_steps"), known, START, 91) == pytest.approx(expected)


def test_without_a_past_nothing_is_known(record: Record) -> None:
    for start in (record.start, record.start + timedelta(days=70)):
        assert past_frequency(question(), record, start, 91) == 0.5


def test_a_dated_question_is_moved_to_the_past(record: Record) -> None:
    """Asked of two weeks in the middle of the window, it looks at the same two weeks of every earlier window."""
    dated = question(measure="rockets", opens="2020-10-27", closes="2020-11-10")
    numbered = question(measure="rockets", opens=29, closes=43)
    assert past_frequency(dated, record, START, 91) == past_frequency(numbered, record, START, 91)


def test_the_outside_sees_nothing_later(record: Record) -> None:
    known = load_record(before=START)
    for asked in load_questions():
        assert outside_view(asked, record, START, 91) == outside_view(asked, known, START, 91), asked.id
        assert 0 < outside_view(asked, record, START, 91) < 1
    early = date(2020, 3, 2)
    pooled = question(base_rates="us_strikes icb_us_violent")
    assert outside_view(pooled, record, early, 91) == pytest.approx(26.5 / 75)
    assert outside_view(question(base_rates="us_strikes"), record, early, 91) == past_frequency(
        question(), record, early, 91
    )


def test_base_rates_of_questions_are_known(record: Record) -> None:
    known = {rate.id for rate in record.before(START).base_rates}
    assert {name for asked in load_questions() for name in asked.base_rates} <= known
    with pytest.raises(InputError, match="did you mean 'us_strikes'"):
        outside_view(question(base_rates="us_strike"), record, START, 91)


def test_start_dates_end_with_the_last() -> None:
    dates = start_dates(date(2020, 3, 2), START, 4)
    assert (len(dates), dates[1], dates[-2], dates[-1]) == (9, date(2020, 3, 30), date(2020, 9, 14), START)
    assert start_dates(START, START, 4) == (START,)


def test_rolling_shows_each_forecast_its_past_alone(record: Record) -> None:
    starts, seen = start_dates(date(2020, 3, 2), START, 8), []

    def nothing_happens(known: Record, ahead: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        seen.append(known)
        return {channel: np.zeros((10, ahead), dtype=int) for channel in CHANNELS}

    table = rolling_scores(record, nothing_happens, starts, 13, seed=1)
    assert seen == [record.before(start) for start in starts]
    assert len(table) == len(starts) * 2 * 13
    assert table["crps"].tolist() == table["observed"].tolist()
    last = table[(table["start"] == START) & (table["channel"] == "rockets")]
    assert last["observed"].tolist() == record.since(START).rockets.tolist()


def test_rolling_is_repeatable_whatever_the_other_starts(record: Record) -> None:
    forecast, early = from_counts(poisson, 50), date(2020, 6, 1)
    both = rolling_scores(record, forecast, (early, START), 4, seed=3)
    alone = rolling_scores(record, forecast, (START,), 4, seed=3)
    assert both[both["start"] == START].reset_index(drop=True).equals(alone)


def test_rolling_stops_at_the_end_of_the_record(record: Record) -> None:
    table = rolling_scores(record, from_counts(climatology, 20), (date(2020, 12, 14),), 13, seed=1)
    assert table.groupby("channel")["week_ahead"].max().tolist() == [2, 2]


@pytest.mark.parametrize("start", [date(2020, 9, 29), date(2019, 9, 30), date(2020, 12, 28)])
def test_rolling_starts_where_a_week_does(record: Record, start: date) -> None:
    with pytest.raises(InputError, match="is not the first day of a week of the record"):
        rolling_scores(record, from_counts(climatology, 20), (start,), 13, seed=1)
