"""What a scenario settles itself: said so, without an interval, and so in every world."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.results.numbers import numbers
from sim.results.report import markdown
from sim.results.run import run
from sim.results.scores import OUTCOME_QUESTIONS
from sim.results.settled import settled
from sim.scenario import load

WORLDS = 40
BASE = load("baghdad-2020")
CLOSURES = {"text": "Closed?", "measure": "closures", "statistic": "total", "threshold": 1}


@pytest.mark.parametrize("name", sim.shipped())
def test_no_world_of_a_shipped_scenario_contradicts(name: str) -> None:
    scenario = load(name)
    outcomes = run(scenario, WORLDS, depth="outcomes").outcomes
    assert settled(scenario, outcomes) == settled(scenario)


STAGES, RULES = st.integers(0, 5), st.sampled_from(["quantal", "passive", "random"])
SWITCHED = st.sets(
    st.sampled_from(["us.decide_closure", "us.strike_limited", "mi.storm", "mi.truce", "ir.missiles", "co.follow"])
)


@given(st.integers(1, 120), STAGES, st.integers(20, 100), RULES, SWITCHED)
def test_no_world_of_a_random_scenario_contradicts(horizon: int, stage: int, days: int, rule: str, off: set) -> None:
    changes = {"horizon": horizon, "embassy.stage": stage, "embassy.closure_days": days, "policies.us": rule}
    scenario = BASE.with_(changes | {f"actions.{act}.enabled": False for act in off})
    outcomes = run(scenario, 6, depth="outcomes").outcomes
    assert settled(scenario, outcomes) == settled(scenario)


def test_the_embassy_cannot_close_before_its_time() -> None:
    assert settled(BASE)["closed"] == (False, "closing takes 90 days, and day 89 is the last")
    for change in ({"horizon": 120}, {"embassy.closure_days": 60}, {"embassy.closure_days": {"uniform": [60, 90]}}):
        assert "closed" not in settled(BASE.with_(change))
    now = load("closure-now")
    assert "closed" in settled(now.with_({"horizon": 90}))
    assert "closed" not in settled(now.with_({"horizon": 91}))
    assert "closed" not in settled(BASE.with_({"events+": [{"day": 50, "act": "us.complete_closure"}]}))


def test_what_is_switched_off_or_never_chosen_cannot_come() -> None:
    still = settled(BASE.with_({"policies.us": "passive"}))
    assert still["us_struck"] == (False, "us follows the rule 'passive'")
    assert {"partial", "exchange", "war", "battle_zone", "aid_withheld"} <= set(still)
    assert "us_struck" not in settled(BASE.with_({"policies.us": "random"}))
    strike = {"day": 3, "act": "us.strike_limited", "at": "kataib_hezbollah"}
    scripted = settled(BASE.with_({"policies.us": "passive", "events+": [strike]}))
    assert scripted["us_struck"] == (True, "the scenario scripts us.strike_limited on 1 Oct 2020")
    assert settled(load("no-threat"))["closing_decided"].why == "the scenario switches us.decide_closure off"


def test_what_the_scenario_sets_is_said_to_be_set() -> None:
    october = settled(load("us-death-in-october"))
    assert october["us_death"] == (True, "the scenario scripts mi.salvo on 10 Oct 2020")
    assert settled(load("closure-now"))["closing_decided"].comes


def test_a_run_says_so_without_an_interval(tmp_path: Path) -> None:
    asked = [
        CLOSURES | {"id": "closed", "comparison": ">="},
        CLOSURES | {"id": "open", "comparison": "<"},
        {"id": "rockets", "text": "Rockets?", "measure": "rockets", "statistic": "total", "comparison": ">"}
        | {"threshold": 1},
    ]
    found = run(BASE.with_({"questions": asked}), WORLDS, out=tmp_path / "run", depth="outcomes")
    row = found.probabilities().set_index("outcome").loc["closed"]
    assert (row["estimate"], row["settled"]) == (0, "closing takes 90 days, and day 89 is the last")
    assert np.isnan([row["low"], row["high"]]).all()
    rest = found.probabilities().query("settled == ''")
    assert len(rest) == len(OUTCOME_QUESTIONS) - 1
    assert rest[["low", "high"]].notna().all().all()
    questions = found.questions().set_index("question")
    assert questions["estimate"].tolist()[:2] == [0, 1]
    assert questions["low"].isna().tolist() == [True, True, False]
    text = found.summary()
    line = next(line for line in text.splitlines() if line.startswith("Embassy closed"))
    assert "cannot come" in line
    assert "–" not in line
    assert "it cannot be closed: closing takes 90 days, and day 89 is the last" in " ".join(numbers(found)["answers"])
    report = (tmp_path / "run" / "report.md").read_text()
    assert "| Embassy closed | 0 % | cannot come: closing takes 90 days, and day 89 is the last |" in report
    assert markdown(found, numbers(found), []) is not None
    stored = json.loads((tmp_path / "run" / "numbers.json").read_text())
    closed = next(row for row in stored["probabilities"] if row["outcome"] == "closed")
    assert (closed["low"], closed["high"]) == (None, None)
