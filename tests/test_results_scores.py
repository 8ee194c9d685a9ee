"""Labels, questions and what is computed from them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from fake_worlds import fake_lived

from sim.results import findings, scores
from sim.results.scores import OUTCOME_QUESTIONS, decode, label
from sim.scenario import load
from sim.world.names import Embassy, TruceFate, Violence
from sim.world.records import OUTCOME


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return fake_lived(load("baghdad-2020"), 60).outcomes


@pytest.fixture(scope="module")
def outcomes(rows: np.ndarray) -> pd.DataFrame:
    return decode(rows)


def test_every_column_of_the_record_is_there(rows: np.ndarray, outcomes: pd.DataFrame) -> None:
    for name in OUTCOME.names or ():
        column = outcomes[f"{name}_code"] if name in scores.LABELS else outcomes[name]
        assert (column.to_numpy() == rows[name]).all(), name


def test_labels_are_ordered_words(outcomes: pd.DataFrame) -> None:
    assert outcomes["force"].cat.categories.tolist() == ["none", "attacks only", "US strikes", "exchange", "war"]
    assert outcomes["force"].cat.ordered
    assert (outcomes["force"] >= "US strikes").equals(outcomes["force_code"] >= Violence.US_STRIKES)
    assert [label(member) for member in Embassy][:2] == ["open", "threatened"]


def test_every_question_is_a_boolean_column_with_its_own_meaning(outcomes: pd.DataFrame) -> None:
    assert all(outcomes[question.column].dtype == bool for question in OUTCOME_QUESTIONS)
    for part in ("column", "title", "definition"):
        assert len({getattr(question, part) for question in OUTCOME_QUESTIONS}) == len(OUTCOME_QUESTIONS)
    assert all(question.definition.endswith(".") for question in OUTCOME_QUESTIONS)


def test_questions_cover_every_flag_of_the_record() -> None:
    names = list(OUTCOME.names or ())
    flags = names[names.index("battle_zone") : names.index("top_rung")]
    assert set(flags) <= {question.column for question in OUTCOME_QUESTIONS}


def test_truce_questions_follow_from_the_label() -> None:
    rows = np.zeros(3, OUTCOME)
    rows["truce"] = [TruceFate.NONE, TruceFate.HELD, TruceFate.BROKEN]
    table = decode(rows)
    assert table["truce_held"].tolist() == [False, True, False]
    assert table["truce_broken"].tolist() == [False, False, True]


def test_probability_is_the_share_with_its_interval(outcomes: pd.DataFrame) -> None:
    table = scores.probabilities(outcomes).set_index("outcome")
    row = table.loc["us_struck"]
    assert row["estimate"] == outcomes["us_struck"].mean()
    assert row["worlds"] == 60
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_shares_of_a_label_sum_to_one(outcomes: pd.DataFrame) -> None:
    for column in ("embassy", "force", "truce", "top_rung"):
        assert scores.shares(outcomes, column)["estimate"].sum() == pytest.approx(1.0)
    assert scores.shares(outcomes, "force")["value"].tolist() == [
        "none",
        "attacks only",
        "US strikes",
        "exchange",
        "war",
    ]


def test_first_days_are_dates_among_the_worlds_in_which_it_came() -> None:
    rows = np.zeros(5, OUTCOME)
    rows["strike_day"] = [-1, 10, 20, 40, -1]
    rows["war_day"] = -1
    table = scores.first_days(decode(rows), date(2020, 9, 28)).set_index("column")
    strike = table.loc["strike_day"]
    assert (strike["worlds"], strike["estimate"], strike["median"]) == (3, 0.6, date(2020, 10, 18))
    assert (strike["early"], strike["late"]) == (date(2020, 10, 8), date(2020, 11, 7))
    assert table.loc["war_day", "median"] is None


def test_casualties_by_party() -> None:
    rows = np.zeros(20, OUTCOME)
    rows["us_killed"][:2] = [1, 9]
    toll = scores.casualties(decode(rows)).set_index("column").loc["us_killed"]
    assert (toll["mean"], toll["median"], toll["high"], toll["most"], toll["any"]) == (0.5, 0, 1, 9, 0.1)


def some(**columns: list[int]) -> pd.DataFrame:
    """Worlds with a few columns set, days that never came elsewhere."""
    rows = np.zeros(len(next(iter(columns.values()))), OUTCOME)
    for name in rows.dtype.names or ():
        if name.endswith("_day"):
            rows[name] = -1
    for name, values in columns.items():
        rows[name] = values
    return decode(rows)


def test_a_strike_is_told_with_what_came_before_it() -> None:
    never = [-1] * 4
    assert findings.us_strike(some(strike_day=never)).startswith("No US strike in any of 4 worlds (below ")
    each = some(strike_day=[5, 9, -1, -1], us_death_day=[3, 9, 2, -1])
    assert findings.us_strike(each) == "A US strike in 50 % of worlds, each after an American death"
    most = some(strike_day=[5, 9, 4, -1], us_death_day=[3, 9, 7, -1])
    assert findings.us_strike(most) == (
        "A US strike in 75 % of worlds, most often (67 % of them) after an American death"
    )
    rare = some(strike_day=[5, 9, -1, -1], us_death_day=[6, -1, -1, -1])
    assert findings.us_strike(rare).endswith("most often (100 % of them) with no American killed before")
    assert findings.us_strike(each, "it is scripted") == "A US strike in every world: it is scripted"
    assert findings.us_strike(some(strike_day=never), "us is passive") == "No US strike can come: us is passive"


def test_the_embassy_is_told_by_its_likeliest_end() -> None:
    assert findings.embassy(some(embassy=[1, 1, 5], closed=[0, 0, 1])) == (
        "The embassy stays open under threat in 67 % of worlds; it is closed in 33 %"
    )
    assert findings.embassy(some(embassy=[5, 5], closed=[1, 1])) == "The embassy is closed in 100 % of worlds"
    assert findings.embassy(some(embassy=[2], closed=[0])).endswith("it is closed in none")
    never = findings.embassy(some(embassy=[2], closed=[0]), "closing takes 90 days")
    assert never.endswith("it cannot be closed: closing takes 90 days")


def test_digits_follow_the_number_of_worlds() -> None:
    """A hundred and sixty-two worlds bear no tenth of a per cent, and the largest of so many is no bound."""
    death = [3] * 159 + [9] * 3
    told = findings.us_strike(some(strike_day=[5] * 162, us_death_day=death))
    assert told == "A US strike in 100 % of worlds, most often (98 % of them) after an American death"
    many = some(us_killed=[0] * 999 + [272])
    assert findings.deaths(many).endswith("lose 0.3 people on average, 0 or fewer in 95 % of the worlds lived")


def test_the_ladder_is_told_by_its_middle_and_its_tail() -> None:
    assert findings.ladder(some(top_rung=[7] * 18 + [9, 11])) == (
        "The median world climbs to rung 7 (harassing violence); 5 % reach rung 11 (state strikes state)"
    )
    assert findings.ladder(some(top_rung=[7] * 40 + [11])).endswith("fewer than one in 20 go higher")


def test_first_events_are_told_up_to_a_day() -> None:
    worlds = some(strike_day=[5, 40, -1, -1], truce_day=[12, 12, 12, -1])
    assert findings.incidence(worlds, date(2020, 9, 28), 36, "the election") == (
        "By the election (3 Nov 2020): a truce in 75 % and a US strike in 25 % of worlds"
    )
    none = some(strike_day=[-1])
    assert "none of the first events" in findings.incidence(none, date(2020, 9, 28), 36, "the election")


def test_truce_war_and_deaths_are_told() -> None:
    worlds = some(truce=[1, 2, 2, 0], missiles_fired=[1, 0, 0, 0], us_killed=[2, 0, 0, 0], iraqi_killed=[0, 0, 5, 1])
    assert findings.truce(worlds) == "A truce in 75 % of worlds; 33 % of them hold unbroken to the horizon"
    assert findings.war(worlds).startswith("Iran fires missiles in 25 % of worlds")
    assert findings.deaths(worlds) == (
        "An American is killed in 25 % of worlds; all parties together lose 2 people on average, 5 or fewer in 95 % of"
        " the worlds lived"
    )
    assert findings.truce(some(truce=[0])).startswith("No truce")
    assert findings.war(some(war=[0])).startswith("No Iranian missile")


def test_worlds_are_counted_in_64_bits_and_everything_else_in_fewer(outcomes: pd.DataFrame) -> None:
    assert outcomes["world"].dtype == np.int64
    assert outcomes["rockets"].dtype == np.int32
    assert outcomes["severity"].dtype == np.float64


def test_day_0_is_a_day_and_never_is_none(outcomes: pd.DataFrame) -> None:
    few = outcomes.head(4).copy()
    few["strike_day"], few["war_day"] = [-1, 0, 4, 10], -1
    table = scores.first_days(few, date(2020, 9, 28)).set_index("column")
    first = table.loc["strike_day"]
    assert (first["worlds"], first["estimate"]) == (3, 0.75)
    days = [date(2020, 9, 28), date(2020, 10, 2), date(2020, 10, 8)]
    assert [first["early"], first["median"], first["late"]] == days
    assert table.loc["war_day", "worlds"] == 0
    assert table.loc["war_day", "median"] is None


def test_the_dead_of_each_party_by_hand(outcomes: pd.DataFrame) -> None:
    few = outcomes.head(4).copy()
    few["us_killed"] = [0, 0, 2, 6]
    row = scores.casualties(few).set_index("column").loc["us_killed"]
    assert row[["mean", "median", "high", "most", "any"]].tolist() == [2, 1, 6, 6, 0.5]


def test_what_happens_in_the_only_world_happens_in_all(outcomes: pd.DataFrame) -> None:
    only = outcomes.head(1).copy()
    only["war"], only["war_day"] = True, 5
    assert scores.shares(only, "embassy")["estimate"].sum() == 1
    assert scores.probabilities(only).set_index("outcome").loc["war", "estimate"] == 1
    assert scores.first_days(only, date(2020, 9, 28)).set_index("column").loc["war_day", "estimate"] == 1
