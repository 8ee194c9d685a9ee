"""The daily table and its summary: cases solvable by hand, and one code for the record and for many worlds."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.actions import BY_ID, Act
from sim.analysis.daily import daily_from_record
from sim.analysis.record import Record, load_record
from sim.analysis.summary import (
    LONGEST_ANSWER,
    STATISTICS,
    answer_latency,
    autocorrelation,
    days_since,
    days_until,
    fano,
    gap_cv,
    longest_quiet,
    share,
    summary,
)
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.results.daily_table import Acts, DailyTable, daily_from_worlds, weekly
from sim.scenario import load
from sim.scenario.measures import CASUALTIES, COUNTS
from sim.world.names import Stage
from sim.world.records import EVENT, SERIES

START = date(2020, 9, 28)
COUNTED = ("rockets", "ieds", "us_killed", "us_hurt", "us_strikes", "iran_missiles", "arrests", "parades")
NEEDED = (*COUNTED, "truce", "closing")


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


def acts(*rows: tuple[int, int, str, int, int]) -> Acts:
    """World, day, act, number, Americans killed."""
    world, day, number, killed = (np.array([row[k] for row in rows], dtype=np.int64) for k in (0, 1, 3, 4))
    act = np.array([BY_ID[row[2]].act for row in rows], dtype=np.int64)
    return Acts(world, day, act, number, {"us_killed": killed})


def row(text: str) -> np.ndarray:
    """One world from a line of digits, a dot for none."""
    return np.array([[0 if mark == "." else int(mark) for mark in text]])


def test_acts_are_counted_by_world_and_day() -> None:
    two = DailyTable(
        START,
        2,
        3,
        acts(
            (0, 0, "mi.salvo", 2, 0),
            (0, 0, "mi.barrage", 1, 3),
            (1, 2, "mi.salvo", 1, 0),
            (1, 2, "us.kill_commander", 1, 0),
            (1, 0, "iq.arrest", 1, 5),
        ),
    )
    assert two.series("rockets").tolist() == [[3, 0, 0], [0, 0, 1]]
    assert two.series("barrages").tolist() == [[1, 0, 0], [0, 0, 0]]
    assert two.series("us_strikes").tolist() == [[0, 0, 0], [0, 0, 1]]
    # An arrest is no fire: whoever dies in it is not counted as killed by rockets, bombs or strikes.
    assert two.series("us_killed").tolist() == [[3, 0, 0], [0, 0, 0]]
    assert two.series("iraqi_killed").tolist() == [[0, 0, 0], [0, 0, 0]]


def test_a_window_is_the_same_days(record: Record) -> None:
    whole = daily_from_record(record)
    part = whole.window(100, 30)
    assert part.start == record.start + timedelta(days=100)
    for name in (*COUNTS, *CASUALTIES, "troops"):
        assert np.array_equal(part.series(name), whole.series(name)[:, 100:130], equal_nan=True), name
    for first, n_days in ((-1, 5), (0, 0), (whole.n_days - 4, 5)):
        with pytest.raises(InputError, match="not all among"):
            whole.window(first, n_days)


def test_the_record_becomes_days(record: Record) -> None:
    daily = daily_from_record(record)
    assert weekly(daily.series("rockets"))[0].tolist() == record.rockets.tolist()
    assert weekly(daily.series("ieds"))[0].tolist() == record.ieds.tolist()
    killed = np.flatnonzero(daily.series("us_killed")[0])
    assert [record.start + timedelta(days=int(day)) for day in killed] == [date(2019, 12, 27), date(2020, 3, 11)]
    strikes = np.flatnonzero(daily.series("us_strikes")[0])
    assert [str(record.start + timedelta(days=int(day))) for day in strikes] == [
        "2019-12-29",
        "2020-01-03",
        "2020-03-13",
    ]
    troops = daily.series("troops")[0]
    assert np.isnan(troops[0])
    assert troops[[(date(2020, 10, 7) - record.start).days, -1]].tolist() == [5300, 3000]


def test_a_level_holds_from_before_the_window(record: Record) -> None:
    assert daily_from_record(record, date(2020, 9, 1), START).series("troops").tolist() == [[5300.0] * 27]


def test_a_truce_of_the_record_lasts_until_a_group_ends_it(record: Record) -> None:
    truce = daily_from_record(record).series("truce")[0]
    days = [record.start + timedelta(days=int(day)) for day in np.flatnonzero(truce)]
    assert (days[0], days[-1], len(days)) == (date(2020, 10, 10), date(2020, 11, 18), 40)
    assert not daily_from_record(record).series("closing").any()


def test_days_outside_the_record_are_refused(record: Record) -> None:
    for start, end in ((date(2019, 9, 1), START), (START, date(2021, 1, 1)), (START, START)):
        with pytest.raises(InputError, match="the record has the days from 2019-09-30 up to 2020-12-28"):
            daily_from_record(record, start, end)


def test_a_series_that_nobody_gave_is_not_zero() -> None:
    given_only = DailyTable(START, 1, 2, given={"rockets": np.zeros((1, 2))})
    assert given_only.series("rockets").tolist() == [[0, 0]]
    with pytest.raises(InputError, match="unknown daily series 'ieds'"):
        given_only.series("ieds")
    with pytest.raises(InputError, match="did you mean 'rockets'"):
        DailyTable(START, 1, 2, acts()).series("rocket")
    with pytest.raises(ValueError, match=r"shape \(1, 3\)"):
        DailyTable(START, 1, 2, given={"rockets": np.zeros((1, 3))})


def test_lived_worlds_become_days() -> None:
    """Two worlds of three days: a deadly salvo in the first, nothing and then a strike in the second."""
    series = np.zeros((2, 3), SERIES)
    series["rockets"][0, 1], series["us_killed"][0, 1], series["us_strikes"][1, 2] = 1, 2, 1
    series["troops"] = 3000
    events = np.zeros(3, EVENT)
    events["day"], events["us_killed"] = [1, 1, 2], [2, 0, 0]
    events["act"] = [BY_ID[name].act for name in ("mi.salvo", "iq.condemn", "us.strike_limited")]
    traced = daily_from_worlds(START, series, events, np.array([0, 2, 3]))
    counted = daily_from_worlds(START, series)
    for name in ("rockets", "us_killed", "us_strikes", "ieds", "troops"):
        assert traced.series(name).tolist() == counted.series(name).tolist() == series[name].tolist()
    series["stage"][0], series["truce"][1, 2] = [Stage.WARNED, Stage.DECIDED, Stage.CLOSED], 1
    states = daily_from_worlds(START, series)
    assert states.series("closing").tolist() == [[0, 1, 1], [0, 0, 0]]
    assert states.series("truce").tolist() == [[0, 0, 0], [0, 0, 1]]
    assert traced.series("sanctions").tolist() == [[0, 0, 0], [0, 0, 0]]
    with pytest.raises(InputError, match="unknown daily series 'sanctions'"):
        counted.series("sanctions")


def test_weeks_are_full() -> None:
    assert weekly(np.ones((2, 20), dtype=int)).tolist() == [[7, 7], [7, 7]]


def test_spread_against_the_mean() -> None:
    # 0, 4: mean 2, variance with one degree of freedom 8.
    assert fano(np.array([[0, 4], [1, 1], [0, 0]])).tolist() == [4.0, 0.0, 1.0]


def test_autocorrelation_by_hand() -> None:
    # Centred 1, -1, 1, -1: products -3 over squares 4. A constant has none.
    assert autocorrelation(np.array([[2, 0, 2, 0], [3, 3, 3, 3]])).tolist() == [-0.75, 0.0]


def test_gaps_by_hand() -> None:
    # Gaps 1 and 3: mean 2, standard deviation sqrt(2). Gaps 2, 2: none. A single gap: as if exponential.
    assert gap_cv(row("22..1.")) == pytest.approx([np.sqrt(2) / 2])
    assert gap_cv(np.vstack([row("1.1.1."), row("1....1"), row("......")])).tolist() == [0.0, 1.0, 1.0]


def test_gaps_do_not_run_from_world_to_world() -> None:
    worlds = np.vstack([row("1.1.1..1"), row("..11.1.."), row("1......1")])
    assert gap_cv(worlds).tolist() == [gap_cv(world[np.newaxis])[0] for world in worlds]


def test_quiet_runs_by_hand() -> None:
    assert longest_quiet(np.vstack([row("..1...1."), row("...1...1"), row("1......."), row("........")])).tolist() == [
        3,
        3,
        7,
        8,
    ]


def test_distances_by_hand() -> None:
    events = row(".1..1")
    assert days_since(events).tolist() == [[np.inf, 0, 1, 2, 0]]
    assert days_until(events).tolist() == [[1, 0, 2, 1, 0]]
    assert days_until(row("1..")).tolist() == [[0, np.inf, np.inf]]


def test_latency_by_hand() -> None:
    # Deaths on days 0 and 3, strikes on days 2 and 3: waits 2 and 0. No strike, or no death: the longest.
    assert answer_latency(row("1..2."), row("..11.")).tolist() == [1.0]
    assert answer_latency(row("1...."), row(".....")).tolist() == [LONGEST_ANSWER]
    assert answer_latency(row("....."), row("1....")).tolist() == [LONGEST_ANSWER]
    assert answer_latency(row("1" + 60 * "."), row(60 * "." + "1")).tolist() == [LONGEST_ANSWER]


def test_share_by_hand() -> None:
    assert share(row("1.1"), row("22.")).tolist() == [0.5]
    assert share(row("9"), row("2")).tolist() == [1.0]
    assert share(row("..."), row("...")).tolist() == [0.0]


def test_summary_of_the_record(record: Record) -> None:
    """The period before the crisis, with the figures that the reports themselves name."""
    values = dict(zip(STATISTICS, summary(daily_from_record(record, date(2019, 10, 28), START))[0], strict=True))
    assert values["us_strikes"] == 3
    assert values["iran_missiles"] == 1
    assert values["death_days"] == 2
    assert values["strike_latency"] == 2  # K1 and Taji
    assert values["strikes_after_death"] == 1  # the killing of 3 January came seven days after K1
    assert (values["arrests"], values["arrests_answered"]) == (2, 1)
    assert values["deaths_per_rocket"] == pytest.approx(2 / 63)
    assert values["harm_per_rocket"] == pytest.approx(4 / 63)  # without the missiles of 8 January
    assert values["rockets_quiet_run"] == 29  # between 6 April and 6 May
    assert (values["rockets_mean_1"], values["rockets_mean_2"]) == (32 / 24, 31 / 24)
    assert (values["ieds_mean_1"], values["ieds_mean_2"]) == (0, 18 / 24)


def test_the_record_and_a_world_alike_have_one_summary(record: Record) -> None:
    """Arrays of a finished run give what the events behind them give."""
    from_events = daily_from_record(record, date(2019, 10, 28), START)
    series = {name: np.repeat(from_events.series(name), 3, axis=0) for name in NEEDED}
    from_arrays = DailyTable(from_events.start, 3, from_events.n_days, given=series)
    assert np.array_equal(summary(from_arrays), np.repeat(summary(from_events), 3, axis=0))


@pytest.mark.parametrize(("wait", "answered"), [(0, 1), (3, 1), (4, 0)])
def test_a_parade_answers_an_arrest_of_three_days_before(wait: int, answered: int) -> None:
    series = {name: np.zeros((1, 28), dtype=int) for name in NEEDED}
    series["arrests"][0, 10] = series["parades"][0, 10 + wait] = 1
    values = summary(DailyTable(START, 1, 28, given=series))[0]
    assert values[STATISTICS.index("arrests_answered")] == answered


@pytest.mark.parametrize(("wait", "caused"), [(0, 1), (7, 1), (8, 0)])
def test_a_death_causes_strikes_for_a_week(wait: int, caused: int) -> None:
    series = {name: np.zeros((1, 28), dtype=int) for name in NEEDED}
    series["us_killed"][0, 10] = series["us_strikes"][0, 10 + wait] = 1
    values = summary(DailyTable(START, 1, 28, given=series))[0]
    assert values[STATISTICS.index("strikes_after_death")] == caused


def test_a_short_table_has_no_summary(record: Record) -> None:
    with pytest.raises(InputError, match="at least 28 days"):
        summary(daily_from_record(record).window(0, 27))


@given(arrays(np.int64, (3, len(NEEDED), 35), elements=st.integers(0, 3)))
def test_summary_is_finite_and_world_by_world(series: np.ndarray) -> None:
    def table(worlds: np.ndarray) -> DailyTable:
        columns = {name: worlds[:, k] for k, name in enumerate(NEEDED)}
        return DailyTable(START, len(worlds), 35, given=columns)

    together = summary(table(series))
    assert together.shape == (3, len(STATISTICS))
    assert np.isfinite(together).all()
    for world in range(3):
        assert summary(table(series[world : world + 1]))[0] == pytest.approx(together[world], rel=1e-12)


def test_a_step_announced_before_the_first_day_is_no_further_cut() -> None:
    scenario = load("baghdad-2020").with_({"horizon": 20, "policies": dict.fromkeys(("us", "iran"), "passive")})
    lived = live_chunk(scenario, 0, 3, "trace")
    days = daily_from_worlds(scenario.start, lived.series, lived.events, lived.offsets)
    assert (days.series("troops")[:, -1] == 3000).all()
    assert (lived.events["act"] == Act.US_CUT_TROOPS).sum() == 3
    assert not days.series("troop_cuts").any()
    chosen = lived.events.copy()
    chosen["scripted"] = 0
    again = daily_from_worlds(scenario.start, lived.series, chosen, lived.offsets)
    assert again.series("troop_cuts").sum(axis=1).tolist() == [1, 1, 1]
