"""Forecast questions of a scenario: answers known beforehand, answers that outcomes give too, and where they show."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis.alike import cut
from sim.analysis.compare import Comparison, compare
from sim.analysis.paired import paired_shares
from sim.cli import app
from sim.dashboard.living import live
from sim.errors import InputError
from sim.plots.gallery import FIGURES
from sim.results.intervals import wilson
from sim.results.run import Run, open_run, run
from sim.scenario import Scenario, load

WORLDS = 60
PASSIVE = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "passive")


def ask(name: str, measure: str, *condition: Any, **more: Any) -> dict[str, Any]:
    """A question; the condition is statistic, comparison, threshold."""
    keys = dict(zip(("statistic", "comparison", "threshold"), condition, strict=True))
    return {"id": name, "text": f"{name} by {{end}}?", "measure": measure, **keys, **more}


SCRIPT = [
    {"day": 3, "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "rockets": 4, "us_killed": 2},
    {"day": 5, "act": "us.strike_limited", "at": "kataib_hezbollah"},
    {"day": 20, "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "rockets": 4, "us_killed": 0},
]
CERTAIN = {
    "two_die": ask("two_die", "us_killed", "total", "==", 2),
    "die_that_day": ask("die_that_day", "us_killed", "total", ">=", 2, opens=3, closes="2020-10-01"),
    "prompt_strike": ask("prompt_strike", "us_strikes", "total", ">=", 1, after="us_killed", after_to=2),
    "two_weeks": ask("two_weeks", "rockets", "quiet_run", ">=", 14),
    "one_a_week": ask("one_a_week", "rockets", "peak", "<=", 1, window_days=7),
    "troops_at_first": ask("troops_at_first", "troops", "low", ">", 1000, closes=0),
}
IMPOSSIBLE = {
    "three_die": ask("three_die", "us_killed", "total", ">=", 3),
    "die_the_day_after": ask("die_the_day_after", "us_killed", "total", ">=", 1, opens="2020-10-02"),
    "strike_next_day": ask("strike_next_day", "us_strikes", "total", ">=", 1, after="us_killed", after_to=1),
    "three_weeks": ask("three_weeks", "rockets", "quiet_run", ">=", 30, closes=40),
    "closing": ask("closing", "closing", "last", "==", 1),
}
OPEN = [
    ask("strike", "us_strikes", "total", ">=", 1),
    ask("many_rockets", "rockets", "total", ">=", 11),
    ask("parade", "parades", "total", ">=", 2),
    ask("quiet", "rockets", "quiet_run", ">=", 28),
    ask("early_death", "us_casualties", "total", ">", 0, closes="2020-11-03"),
]


@pytest.fixture(scope="module")
def asking() -> Scenario:
    return load("baghdad-2020", {"questions": OPEN})


@pytest.fixture(scope="module")
def lived(asking: Scenario) -> Run:
    return run(asking, WORLDS, depth="trace")


@pytest.fixture(scope="module")
def stored(asking: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])
        return run(asking, WORLDS, out=tmp_path_factory.mktemp("asked") / "run")


def test_what_the_script_settles_is_certain_or_impossible() -> None:
    """Nobody acts but for the script, so the answers follow from it."""
    asked = [*CERTAIN.values(), *IMPOSSIBLE.values()]
    scenario = load("baghdad-2020", {"policies": PASSIVE, "events": SCRIPT, "questions": asked})
    found = run(scenario, 7).questions().set_index("question")["estimate"]
    assert found.to_dict() == dict.fromkeys(CERTAIN, 1.0) | dict.fromkeys(IMPOSSIBLE, 0.0)


def test_answers_are_those_of_the_outcomes(lived: Run) -> None:
    ends = lived.outcomes
    assert lived.answers["strike"].tolist() == ends["us_struck"].tolist()
    assert lived.answers["many_rockets"].tolist() == (ends["rockets"] >= 11).tolist()
    assert lived.answers["parade"].tolist() == (ends["parades"] >= 2).tolist()
    assert lived.answers["quiet"].tolist() == (ends["longest_quiet"] >= 28).tolist()
    early = lived.events.query("day <= 36 and us_killed + us_hurt > 0")["world"].unique()
    assert np.flatnonzero(lived.answers["early_death"]).tolist() == sorted(early)
    assert all(0 < share < 1 for share in lived.questions()["estimate"])


def test_shares_have_their_intervals(lived: Run) -> None:
    table = lived.questions()
    assert table["question"].tolist() == [question["id"] for question in OPEN]
    assert table["happened"].tolist() == lived.answers.sum().tolist()
    assert (table["worlds"] == WORLDS).all()
    assert np.allclose(table["estimate"], table["happened"] / WORLDS)
    low, high = wilson(table["happened"], table["worlds"])
    assert np.array_equal(table["low"], low)
    assert np.array_equal(table["high"], high)
    assert table["text"].tolist()[3:] == ["quiet by 26 December 2020?", "early_death by 3 November 2020?"]
    assert table["definition"].tolist()[3:] == [
        "longest run of days without rockets >= 28 (28 Sep 2020 to 26 Dec 2020)",
        "us_casualties in all > 0 (28 Sep 2020 to 3 Nov 2020)",
    ]


@pytest.mark.parametrize("depth", ["outcomes", "daily"])
def test_depth_changes_no_answer_and_keeps_what_it_keeps(asking: Scenario, lived: Run, depth: str) -> None:
    other = run(asking, WORLDS, depth=depth)
    pd.testing.assert_frame_equal(other.answers, lived.answers)
    assert (other.daily is None) == (depth == "outcomes")
    with pytest.raises(InputError, match="kept no events"):
        _ = other.events


def test_questions_change_no_world(lived: Run) -> None:
    silent = run("baghdad-2020", WORLDS)
    pd.testing.assert_frame_equal(silent.outcomes, lived.outcomes)
    assert silent.questions().empty
    assert silent.answers.shape == (WORLDS, 0)
    assert "Question" not in silent.summary()


def test_a_run_folder_holds_the_answers(stored: Run, lived: Run, tmp_path: Path) -> None:
    folder = Path(str(stored.folder))
    assert not (folder / "traces.parquet").exists()
    pd.testing.assert_frame_equal(open_run(folder).answers, lived.answers)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "answers.parquet"), lived.answers)
    pd.testing.assert_frame_equal(open_run(folder).questions(), lived.questions())
    (folder / "answers.parquet").rename(tmp_path / "answers.parquet")
    with pytest.raises(InputError, match=r"answers\.parquet' is missing"):
        open_run(folder).questions()
    (tmp_path / "answers.parquet").rename(folder / "answers.parquet")


def test_a_run_in_memory_is_saved_with_its_answers(
    asking: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])
    held = run(asking, 5)
    pd.testing.assert_frame_equal(held.save(tmp_path / "saved").answers, held.answers)
    run("baghdad-2020", 3).save(tmp_path / "silent")
    assert not (tmp_path / "silent" / "answers.parquet").exists()
    assert open_run(tmp_path / "silent").answers.shape == (3, 0)
    assert "Forecast questions" not in (tmp_path / "silent" / "report.md").read_text()


def test_the_report_answers(stored: Run) -> None:
    folder = Path(str(stored.folder))
    told = json.loads((folder / "numbers.json").read_text())["questions"]
    assert [row["happened"] for row in told] == stored.questions()["happened"].tolist()
    for page in ("report.md", "report.html"):
        text = (folder / page).read_text()
        assert "Forecast questions</h2>" in text or "## Forecast questions" in text
        for asked in stored.questions()["text"]:
            assert asked in text
    assert "us_casualties in all &gt; 0" in (folder / "report.html").read_text()


def test_the_command_prints_answers(tmp_path: Path) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(load("baghdad-2020", {"questions": OPEN}).to_yaml())
    printed = CliRunner().invoke(app, ["run", str(path), "--worlds", "20"])
    assert printed.exit_code == 0, printed.output
    assert "strike by 26 December 2020?" in printed.stdout
    assert max(map(len, printed.stdout.splitlines())) <= 80
    done = CliRunner().invoke(app, ["run", str(path), "--worlds", "20", "--json"])
    found = json.loads(done.stdout)
    assert list(found) == ["probabilities", "questions"]
    expected = run(load(path), 20)
    assert [row["happened"] for row in found["questions"]] == expected.questions()["happened"].tolist()
    assert [row["happened"] for row in found["probabilities"]] == expected.probabilities()["happened"].tolist()


def test_a_notebook_shows_answers(lived: Run) -> None:
    assert "quiet by 26 December 2020?" in lived._repr_html_()


def test_worlds_under_mesa_answer_too() -> None:
    asked = load("baghdad-2020", {"questions": OPEN, "policies": {"sadr": "outside_policies:plain"}})
    found = run(asked, 3)
    assert found.answers["many_rockets"].tolist() == (found.outcomes["rockets"] >= 11).tolist()
    assert found.answers["strike"].tolist() == found.outcomes["us_struck"].tolist()


def test_a_point_of_a_sweep_lives_its_worlds_again_to_answer(asking: Scenario, tmp_path: Path) -> None:
    swept = sim.sweep(asking, {"us.red_line": [1, 4]}, worlds=20, out=tmp_path / "sweep")
    of_sweep = swept.run(1)
    pd.testing.assert_frame_equal(of_sweep.answers, run(asking.with_({"us.red_line": 4}), 20).answers)
    stale = swept.run(0)
    stale.outcomes.loc[3, "rockets"] += 1
    with pytest.raises(InputError, match="the rules have changed"):
        _ = stale.answers


@pytest.fixture(scope="module")
def compared(asking: Scenario) -> Comparison:
    other = load("baghdad-2020", {"us.red_line": 4, "questions": [ask("strike", "rockets", "total", ">", 99)]})
    short = asking.with_({"horizon": 60, "questions": [ask("fast", "rockets", "total", ">", 3, closes=50)]})
    return compare({"base": asking, "other": other, "short": short}, WORLDS)


def test_questions_are_compared_under_the_same_luck(compared: Comparison, asking: Scenario) -> None:
    """The question of one scenario is asked of all, about the days that all have; the first with an id counts."""
    assert [question.id for question in compared.asked] == [
        "strike",
        "many_rockets",
        "parade",
        "quiet",
        "early_death",
        "fast",
    ]
    lived = run(cut(asking, 60), WORLDS)
    pd.testing.assert_frame_equal(compared.base.answers[list(lived.answers)], lived.answers)
    row = compared.questions.query("scenario == 'other' and question == 'strike'").iloc[0]
    old = lived.answers["strike"].to_numpy()
    new = run(cut(asking.with_({"us.red_line": 4}), 60), WORLDS).answers["strike"].to_numpy()
    assert (row["base"], row["other"]) == (old.mean(), new.mean())
    assert (row["gained"], row["lost"]) == ((new & ~old).mean(), (old & ~new).mean())
    assert tuple(row[["difference", "low", "high"]]) == tuple(paired_shares(old, new))
    assert row["difference"] < 0


def test_a_comparison_says_what_it_left_out_and_shows_the_rest(compared: Comparison, tmp_path: Path) -> None:
    notes = " ".join(compared.to_dict()["notes"])
    assert "Question 'strike' of other is asked as the scenario before it has it." in notes
    late = ask("late", "rockets", "total", ">", 3, closes=80)
    bounded = compare(
        {"long": load({"extends": "baghdad-2020", "questions": [late]}), "short": compared.others[1].scenario}, 4
    )
    assert [question.id for question in bounded.asked] == ["fast"]
    assert "Question 'late' of long asks about days that not all have: left out." in bounded.to_dict()["notes"]
    told = bounded.to_dict()["questions"]
    assert [(row["question"], row["text"]) for row in told] == [("fast", "fast by 17 November 2020?")]
    summary = (bounded.save(tmp_path / "out") / "summary.md").read_text()
    assert "fast by 17 November 2020?" in summary
    assert pd.read_csv(tmp_path / "out" / "questions.csv")["question"].tolist() == ["fast"]


def test_the_dashboard_lives_a_scenario_that_asks(asking: Scenario) -> None:
    assert live(asking, 10).questions()["worlds"].tolist() == [10] * len(OPEN)
