"""The record: what is shipped is consistent, what is later stays unseen, and a bad file is named to the cell."""

import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, gamma

from sim.actions import BY_ID
from sim.analysis.record import SHIPPED, Event, Record, load_record
from sim.errors import InputError
from sim.scenario.measures import ROCKETS, STRIKES

START = date(2020, 9, 28)
COUNTED_FROM = date(2019, 10, 28)


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "record"))


def rows_of(record: Record) -> list:
    return [row for table in fields(record) for row in getattr(record, table.name)]


def test_the_record_spans_the_period(record: Record) -> None:
    assert (record.start, record.end) == (date(2019, 9, 30), date(2020, 12, 28))
    assert len(record.weeks) == 65
    assert record.rockets.sum() == 69
    assert record.ieds.sum() == 27


@pytest.mark.parametrize(("channel", "acts"), [("rockets", ROCKETS), ("ieds", ("mi.convoy_ied",))])
def test_weeks_are_the_sums_of_their_events(record: Record, channel: str, acts: tuple[str, ...]) -> None:
    counted = [
        sum(
            event.count
            for event in record.events
            if event.act in acts and week.week_start <= event.date <= week.last_day
        )
        for week in record.weeks
    ]
    assert counted == record.weekly(channel).tolist()


def test_every_row_names_its_source(record: Record) -> None:
    assert all(row.source.strip() for row in rows_of(record))
    unchecked = {row.source for row in rows_of(record) if getattr(row, "verified", "") == "general"}
    assert unchecked == {"general knowledge"}
    assert all("http" in event.source or "202" in event.source for event in record.events if event.verified == "page")


def test_acts_belong_to_their_actors(record: Record) -> None:
    owners = {"us": "us.", "iran": "ir.", "iraq": "iq.", "sadr": "sa.", "militia": "mi."}
    for event in record.events:
        if event.act:
            assert event.act.startswith(owners[event.actor.partition(":")[0]]), event
    assert {event.act for event in record.events if event.act} <= set(BY_ID)


def test_a_barrage_has_eighteen_rounds(record: Record) -> None:
    rockets = [event for event in record.events if event.act in ROCKETS and event.unit == "rounds"]
    assert all((event.amount >= 18) == (event.act == "mi.barrage") for event in rockets)
    assert all(event.unit == "rounds" for event in record.events if event.act == "mi.barrage")


def test_short_and_long_waivers_by_their_days(record: Record) -> None:
    waivers = [event for event in record.events if event.act in ("us.short_waiver", "us.long_waiver")]
    assert [event.amount for event in waivers] == [45, 30, 30, 120, 60, 45]
    assert all((event.amount < 90) == (event.act == "us.short_waiver") for event in waivers)


@pytest.mark.parametrize("day", [date(2019, 10, 7), date(2020, 1, 3), date(2020, 3, 14), START, date(2020, 12, 27)])
def test_nothing_of_the_day_or_later_is_seen(record: Record, day: date) -> None:
    known = record.before(day)
    assert all(row.last_day < day for row in rows_of(known))
    assert load_record(before=day) == known
    assert known.before(day) == known
    assert {row for row in rows_of(record) if row.last_day < day} == set(rows_of(known))


def test_a_week_counts_once_it_is_over(record: Record) -> None:
    assert record.before(START).end == START
    assert record.before(START - timedelta(days=1)).end == START - timedelta(days=7)


def test_base_rates_for_forecasts_end_before_the_crisis(record: Record) -> None:
    later = {rate.id for rate in record.base_rates} - {rate.id for rate in record.before(START).base_rates}
    assert later == {rate.id for rate in record.base_rates if "_to_20" in rate.id}


def test_a_closure_is_known_when_its_year_is_over(record: Record) -> None:
    caracas = next(closure for closure in record.closures if closure.place == "Caracas")
    assert caracas.last_day == date(2020, 3, 30)
    assert caracas not in record.before(date(2020, 3, 30)).closures
    assert caracas in record.before(date(2020, 3, 31)).closures


def test_later_rows_are_dropped_unread(folder: Path) -> None:
    """A cell that nobody may see cannot even be wrong."""
    events = folder / "events.csv"
    events.write_text(events.read_text().replace("mi.truce,", "mi.truse,"))
    assert load_record(folder, before=START) == load_record(before=START)
    with pytest.raises(InputError, match=r"events\.csv, line \d+, column 'act'.*'mi.truse'.*did you mean"):
        load_record(folder)


def test_bounds_hold_the_recorded_counts(record: Record) -> None:
    for channel in ("rockets", "ieds"):
        low, best, high = (record.weekly(channel + end) for end in ("_low", "", "_high"))
        assert ((low <= best) & (best < high)).all()


def share(record: Record, act: str | tuple[str, ...], column: Callable[[Event], object]) -> tuple[int, int]:
    acts = (act,) if isinstance(act, str) else act
    events = [event for event in record.events if event.act in acts]
    return sum(event.count for event in events if column(event)), sum(event.count for event in events)


def answered(record: Record, causes: list[date], answers: list[date], days: int) -> tuple[int, int]:
    return sum(any(0 <= (answer - cause).days <= days for answer in answers) for cause in causes), len(causes)


def dates(record: Record, *acts: str) -> list[date]:
    return [event.date for event in record.events if event.act in acts]


@pytest.mark.parametrize(("day", "suffix"), [(START, ""), (date(2020, 12, 28), "_to_2020")])
def test_derived_shares_are_counted_again(record: Record, day: date, suffix: str) -> None:
    known = record.before(day)
    harmless = [event for event in known.events if event.act in ROCKETS and not event.us_killed + event.us_hurt]
    replies = dates(known, *STRIKES)
    near = [event for event in harmless if any(0 <= (strike - event.date).days <= 2 for strike in replies)]
    expected = {
        "rocket_kills_american": share(known, ROCKETS, lambda event: event.us_killed),
        "rocket_hurts_american": share(known, ROCKETS, lambda event: event.us_killed + event.us_hurt),
        "rocket_is_barrage": share(known, ROCKETS, lambda event: event.act == "mi.barrage"),
        "parade_after_arrest": answered(known, dates(known, "iq.arrest"), dates(known, "mi.parade"), 3),
        "strike_after_harmless_rocket": (0, sum(event.count for event in harmless)),
    }
    # The one harmless attack with a strike soon after is the evening after the strike of 29 December itself.
    assert [event.date for event in near] == [date(2019, 12, 29)]
    for name, (part, whole) in expected.items():
        rate = record.base_rate(name + suffix)
        assert (rate.numerator, rate.denominator) == (part, whole), name
        assert rate.until == day - timedelta(days=1)


def test_derived_rates_are_counted_again(record: Record) -> None:
    known = record.before(START)
    strikes = dates(known, *STRIKES)
    deaths = [event.date for event in known.events if event.act in ROCKETS and event.us_killed]
    wounded = [event.date for event in known.events if event.act in ROCKETS and event.us_hurt and not event.us_killed]
    days = (START - COUNTED_FROM).days
    expected = {
        "us_strikes": (len(strikes), days),
        "commander_killed": (len(dates(known, "us.kill_commander")), days),
        "iran_missiles": (len(dates(known, "ir.missiles")), days),
        "strike_after_us_death": answered(known, deaths, strikes, 7),
        "strike_after_us_wounded": answered(known, wounded, strikes, 7),
        "missiles_after_commander": answered(known, dates(known, "us.kill_commander"), dates(known, "ir.missiles"), 10),
        "handover_done": (7, sum(event.action == "base_handover" for event in known.events)),
    }
    found = {name: (record.base_rate(name).numerator, record.base_rate(name).denominator) for name in expected}
    assert found == expected


@pytest.mark.parametrize(("day", "suffix"), [(START, ""), (date(2030, 1, 1), "_to_2023")])
def test_closures_are_counted_again(record: Record, day: date, suffix: str) -> None:
    closed = [closure for closure in record.before(day).closures if closure.kind == "embassy"]
    within_90, within_365 = (record.base_rate(f"closure_force_{days}{suffix}") for days in (90, 365))
    assert (within_90.numerator, within_90.denominator) == (sum(c.force_90 for c in closed), len(closed))
    undecided, free = record.base_rate("closure_force_90_undecided"), [c for c in closed if not c.war_decided]
    if undecided.until < day <= START:
        assert (undecided.numerator, undecided.denominator) == (sum(c.force_90 for c in free), len(free))
    assert (within_365.numerator, within_365.denominator) == (sum(c.force_365 for c in closed), len(closed))


def test_intervals_of_base_rates_are_jeffreys(record: Record) -> None:
    for rate in record.base_rates:
        if rate.per == "day":
            low, high = gamma.ppf([0.025, 0.975], rate.numerator + 0.5, scale=1 / rate.denominator)
        else:
            low, high = beta.ppf([0.025, 0.975], rate.numerator + 0.5, rate.denominator - rate.numerator + 0.5)
        low = 0 if rate.numerator == 0 else low
        high = 1 if rate.numerator == rate.denominator else high
        assert [rate.low, rate.high] == pytest.approx([low, high], rel=1e-3), rate.id


def test_totals_of_others_are_within_reach(record: Record) -> None:
    """Nobody's total lies above our high bounds over the weeks it touches; no "about" lies far below our count."""
    for total in record.totals:
        touched = [w for w in record.weeks if w.last_day >= total.start and w.week_start <= total.end]
        inside = [w for w in record.weeks if w.week_start >= total.start and w.last_day <= total.end]
        channels = ("rockets", "ieds") if total.counts == "attacks" else (total.counts,)
        highest = sum(getattr(week, f"{channel}_high") for week in touched for channel in channels)
        recorded = sum(getattr(week, channel) for week in inside for channel in channels)
        assert total.value <= highest, total
        if total.bound == "about":
            assert recorded <= 1.5 * total.value, total


FAULTS = {
    "bad date": ("weekly.csv", "2019-10-07,", "2019-13-07,", r"weekly\.csv, line 3, column 'week_start'.*2020-09-28"),
    "negative": (
        "weekly.csv",
        "2019-10-28,build_up,1,",
        "2019-10-28,build_up,-1,",
        r"line 6, column 'rockets'.*0 or more",
    ),
    "beyond bounds": ("weekly.csv", "2019-10-28,build_up,1,", "2019-10-28,build_up,9,", r"line 6.*9 is not between"),
    "gap": (
        "weekly.csv",
        "2019-10-07,",
        "2019-10-08,",
        r"line 3: the week after 2019-09-30 begins on 2019-10-08",
    ),
    "column": (
        "weekly.csv",
        "rockets_low",
        "rocket_low",
        r"line 1: unknown column 'rocket_low'; did you mean 'rockets_low'",
    ),
    "choice": (
        "events.csv",
        ",high,page",
        ",hihg,page",
        r"events\.csv, line 2, column 'confidence'.*did you mean 'high'",
    ),
    "empty": ("events.csv", "2019-10-01,other:protesters", "2019-10-01,", r"line 2, column 'actor': '' is not allowed"),
    "cells": ("events.csv", "2019-10-01,", "2019-10-01,extra,", r"line 2: the row has not as many cells"),
    "whose act": (
        "events.csv",
        "2019-12-06,us,sanctions,",
        "2019-12-06,USA,sanctions,",
        r"events\.csv, line 10: column 'act': us\.designate is an act of 'us', not of 'USA'",
    ),
    "due before": (
        "events.csv",
        ",2020-09-30,",
        ",2020-08-30,",
        r"events\.csv, line \d+: column 'due': 2020-08-30 is before 2020-09-09",
    ),
    "share": ("base_rates.csv", ",103,486,", ",487,486,", r"base_rates\.csv, line 2.*487 of 486 is no share"),
    "flag": (
        "closures.csv",
        "embassy,no,yes,no",
        "embassy,no,maybe,no",
        r"closures\.csv, line 2, column 'force_365'.*yes, no",
    ),
    "not finite": ("base_rates.csv", "0.1774", "inf", r"column 'low': 'inf' is not allowed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_to_the_cell(folder: Path, fault: str) -> None:
    name, old, new, message = FAULTS[fault]
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        load_record(folder)


def test_a_column_is_missing_or_twice(folder: Path) -> None:
    weekly = folder / "weekly.csv"
    header, _, rest = weekly.read_text().partition("\n")
    weekly.write_text(header.replace(",source", "") + "\n" + rest)
    with pytest.raises(InputError, match="column 'source' is missing"):
        load_record(folder)
    weekly.write_text(header.replace(",note", ",source") + "\n" + rest)
    with pytest.raises(InputError, match="column 'source' stands there twice"):
        load_record(folder)


def test_only_weeks_and_events_are_required(folder: Path, record: Record) -> None:
    for name in ("totals.csv", "closures.csv", "base_rates.csv", "questions.csv"):
        (folder / name).unlink()
    own = load_record(folder)
    assert (own.weeks, own.events) == (record.weeks, record.events)
    assert (own.totals, own.closures, own.base_rates) == ((), (), ())
    with pytest.raises(InputError, match="unknown base rate"):
        own.base_rate("us_strikes")
    (folder / "events.csv").unlink()
    with pytest.raises(InputError, match=r"events\.csv: cannot be read"):
        load_record(folder)


def test_a_record_is_a_readable_folder(folder: Path) -> None:
    with pytest.raises(InputError, match="a record is a folder"):
        load_record(folder / "weekly.csv")
    (folder / "events.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_record(folder)


def test_a_spreadsheet_may_add_its_mark(folder: Path, record: Record) -> None:
    """Some programs begin a file with a byte order mark and end lines in their own way."""
    weekly = folder / "weekly.csv"
    weekly.write_bytes(b"\xef\xbb\xbf" + weekly.read_bytes().replace(b"\n", b"\r\n"))
    assert load_record(folder).weeks == record.weeks


def test_an_empty_record_says_so(record: Record) -> None:
    nothing = record.before(date(2019, 1, 1))
    assert nothing.rockets.tolist() == []
    with pytest.raises(InputError, match="holds no week"):
        _ = nothing.start


def test_since_keeps_later_weeks(record: Record) -> None:
    window = record.since(START)
    assert window.rockets.tolist() == [2, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert np.array_equal(window.ieds, [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4])
    assert min(event.date for event in window.events) == START
