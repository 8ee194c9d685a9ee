"""Questions: the record answers the shipped ones, small tables answer by hand, bad questions are named."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.daily import daily_from_record
from sim.analysis.questions import answers, askable, load_questions, shares
from sim.analysis.record import SHIPPED, load_record
from sim.errors import InputError
from sim.results.daily_table import DailyTable
from sim.results.resolve import resolve
from sim.rows import row_of
from sim.scenario.question import Question

START = date(2020, 9, 28)
YES = {
    "arrest",
    "barrage",
    "envoy",
    "iraqi_killed",
    "parade_after_arrest",
    "partial_withdrawal",
    "plea",
    "quiet_four_weeks",
    "red_line",
    "rocket_in_december",
    "sanctions",
    "short_waiver",
    "show_of_force",
    "storming",
    "troop_cut",
    "troops_3000",
    "truce_broken",
    "truce_declared",
    "truce_ended",
}
NO = {
    "aid_withheld",
    "american_hurt",
    "american_killed",
    "closure_decided",
    "commander_killed",
    "embassy_closed",
    "expulsion",
    "ieds_10",
    "iran_missiles",
    "rocket_at_election",
    "rocket_burst",
    "rockets_12",
    "rockets_20",
    "us_strike",
}


@pytest.fixture(scope="module")
def crisis() -> DailyTable:
    return daily_from_record(load_record(), START)


def question(measure: str = "rockets", statistic: str = "total", comparison: str = ">=", **more: object) -> Question:
    cells = {
        "id": "q",
        "text": "?",
        "measure": measure,
        "statistic": statistic,
        "comparison": comparison,
        "threshold": 1,
    }
    return row_of(Question, cells | more, "here")


def table(*worlds: str, **more: str) -> DailyTable:
    """DailyTable rockets from a line of digits for each world, a dot for none; more series likewise, for one world."""

    def read(lines: tuple[str, ...]) -> np.ndarray:
        return np.array([[0 if mark == "." else int(mark) for mark in line] for line in lines])

    given_series = {"rockets": read(worlds)} | {name: read((line,)) for name, line in more.items()}
    return DailyTable(START, len(worlds), len(worlds[0]), given=given_series)


def answer(asked: Question, daily: DailyTable) -> list[bool]:
    return resolve(asked, daily).tolist()


def test_what_came_true(crisis: DailyTable) -> None:
    found = answers(load_questions(), crisis)
    assert {name for name, came in found.items() if came} == YES
    assert {name for name, came in found.items() if not came} == NO


def test_the_days_of_a_run_give_the_same_answers(crisis: DailyTable) -> None:
    """90 days and 91 differ by 27 December alone, on which no question turns."""
    questions = load_questions()
    assert answers(questions, crisis.window(0, 90)) == answers(questions, crisis)


def test_before_the_crisis_other_things_came_true() -> None:
    """The thirteen weeks of the spiral: strikes, deaths, missiles, a vote; no truce, no threat carried out."""
    spiral = daily_from_record(load_record()).window((date(2019, 12, 23) - date(2019, 9, 30)).days, 91)
    found = answers(askable(load_questions(), spiral), spiral)
    came = {
        "us_strike",
        "commander_killed",
        "american_killed",
        "american_hurt",
        "iran_missiles",
        "expulsion",
        "barrage",
    }
    assert all(found[name] for name in came | {"rockets_12", "rockets_20", "rocket_burst"})
    assert not any(found[name] for name in ("truce_declared", "embassy_closed", "closure_decided", "quiet_four_weeks"))
    assert "rocket_at_election" not in found


def test_questions_are_said_with_their_last_day(crisis: DailyTable) -> None:
    first = load_questions()[0]
    assert first.asked(START, crisis.n_days) == "A US strike in Iraq by 27 December 2020?"
    assert first.asked(START, 30) == "A US strike in Iraq by 27 October 2020?"


@pytest.mark.parametrize(
    ("comparison", "came"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
    ],
)
def test_comparisons(comparison: str, came: list[bool]) -> None:
    assert answer(question(comparison=comparison, threshold=2), table("1..", "1.1", "2.1")) == came


def test_equal() -> None:
    assert answer(question(comparison="==", threshold=0), table("...", "..1")) == [True, False]


def test_peak_is_within_a_window() -> None:
    asked = question(statistic="peak", threshold=4, window_days=3)
    assert answer(asked, table("2.2...", "2..2..", "..1.3.", "......")) == [True, False, True, False]
    assert answer(question(statistic="peak", threshold=4), table("22....", "4.....")) == [False, True]
    # A window longer than the table is the table.
    assert answer(question(statistic="peak", threshold=4, window_days=30), table("2..2..")) == [True]


def test_low_last_and_quiet() -> None:
    assert answer(question(statistic="low", comparison="<=", threshold=1), table("323", "313")) == [False, True]
    assert answer(question(statistic="last", threshold=3), table("323", "331")) == [True, False]
    assert answer(question(statistic="quiet_run", threshold=3), table("1...1", "1..1.")) == [True, False]


def test_only_the_days_asked_about_count() -> None:
    by_number = question(opens=1, closes=2)
    by_date = question(opens="2020-09-29", closes="2020-09-30")
    for asked in (by_number, by_date):
        assert answer(asked, table("1..1", ".1..", "..1.")) == [False, True, True]
    assert by_date.in_days(START) == by_number
    assert answer(question(opens=3), table("1..1", "1...")) == [True, False]


def test_a_question_beyond_the_table_is_not_asked() -> None:
    late, early = question(closes=4), question(opens="2020-09-27")
    assert askable([late, early, question()], table("....")) == (question(),)
    for asked in (late, early):
        with pytest.raises(InputError, match="not all in the 4 from 2020-09-28"):
            resolve(asked, table("...."))


@pytest.mark.parametrize(
    ("truces", "came"), [("1....", True), ("..1..", True), ("...1.", False), ("....1", False), (".....", False)]
)
def test_after_any_earlier_event(truces: str, came: bool) -> None:
    """One rocket on day 3: it breaks a truce declared on an earlier day."""
    assert answer(question(after="truces", after_from=1), table("...1.", truces=truces)) == [came]


@pytest.mark.parametrize(
    ("arrests", "came"), [("1....", False), (".1...", True), ("....1", True), ("1...1", True), (".....", False)]
)
def test_after_within_days(arrests: str, came: bool) -> None:
    """One act on day 4: it answers an arrest of the same day or of the three days before."""
    assert answer(question(after="arrests", after_to=3), table("....1", arrests=arrests)) == [came]


def test_what_came_before_the_opening_counts_as_a_cause() -> None:
    assert answer(question(after="truces", after_from=1, opens=2), table("...1", truces="1...")) == [True]


def test_an_unknown_level_is_no_yes() -> None:
    unreported = DailyTable(START, 1, 2, given={"troops": np.array([[np.nan, np.nan]])})
    assert answer(question("troops", "low", "<=", threshold=3000), unreported) == [False]


def test_shares_count_worlds() -> None:
    questions = [question(), question(threshold=2)]
    assert shares(questions, table("1..", "2..", "...", "1.1")).tolist() == [0.75, 0.5]
    with pytest.raises(ValueError, match="a single world"):
        answers(questions, table("1", "1"))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(0, 12), st.integers(1, 40))
def test_statistics_agree_with_loops(days: list[int], threshold: int, width: int) -> None:
    daily = DailyTable(START, 1, len(days), given={"rockets": np.array([days])})
    peak = max(sum(days[first : first + width]) for first in range(max(1, len(days) - width + 1)))
    quiet = max(len(run) for run in "".join("." if count == 0 else "x" for count in days).split("x"))
    values = {"total": sum(days), "peak": peak, "low": min(days), "last": days[-1], "quiet_run": quiet}
    for statistic, value in values.items():
        asked = question(statistic=statistic, threshold=threshold, window_days=width)
        assert answer(asked, daily) == [value >= threshold], statistic


BAD = {
    "measure": ({"measure": "rocket"}, "here, column 'measure': 'rocket' is not allowed; did you mean 'rockets'"),
    "statistic": ({"statistic": "sum"}, "column 'statistic'.*allowed: last, low, peak, quiet_run, total"),
    "comparison": ({"comparison": "=>"}, "column 'comparison'"),
    "threshold": ({"threshold": "many"}, "column 'threshold': 'many' is not allowed; allowed: a number"),
    "day": ({"opens": "2020-02-30"}, "column 'opens'.*a day number from 0"),
    "window": ({"window_days": 0}, "a window has at least 1 day"),
    "after": ({"after": "arrests", "statistic": "low"}, "goes with total and peak, not with low"),
    "order": ({"after": "arrests", "after_from": 3, "after_to": 1}, "after_to'?: 1 lies before after_from 3"),
    "key": ({"treshold": 1}, "unknown column 'treshold'; did you mean 'threshold'"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_question_is_named(bad: str) -> None:
    cells, message = BAD[bad]
    with pytest.raises(InputError, match=message):
        question(**cells)


def test_a_definition_says_what_is_counted() -> None:
    asked = question(statistic="peak", window_days=7, threshold=2.5, after="arrests", after_from=1, opens=3, closes=3)
    assert (
        asked.definition(START, 90)
        == "most rockets within 7 days >= 2.5, counted 1 or more days after arrests (on 1 Oct 2020)"
    )
    asked = question("troops", "last", "<", threshold=3000, closes="2020-11-03")
    assert asked.definition(START, 90) == "troops on the last day < 3000 (28 Sep 2020 to 3 Nov 2020)"
    assert (
        question(after="arrests", after_to=3)
        .definition(START, 2)
        .endswith("counted 0 to 3 days after arrests (28 Sep 2020 to 29 Sep 2020)")
    )


def test_ids_are_unique(tmp_path: Path) -> None:
    own = Path(shutil.copytree(SHIPPED, tmp_path / "record"))
    assert load_questions(own) == load_questions()
    text = (own / "questions.csv").read_text()
    (own / "questions.csv").write_text(text.replace("embassy_closed,", "us_strike,"))
    with pytest.raises(InputError, match="two questions have the id 'us_strike'"):
        load_questions(own)
