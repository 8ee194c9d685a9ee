"""The command ``sim sweep`` and what the shell completes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sweeps import contents
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.command import Asked
from sim.experiments.completion import complete

SHORT = ["--set", "horizon=8", "--worlds", "12"]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["sweep", "baghdad-2020", *words])
    assert result.exit_code == 0, result.output
    return result.output


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, ["sweep", *words])
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output


def test_sweep_writes_tables_and_figures_and_says_what_moved(tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    command = [*SHORT, "--vary", "us.rationality=2:8:2", "--vary", "us.mindset=default,washington-max-pressure"]
    said = run(*command, "--out", str(out))
    assert "4 points × 12 worlds" in said
    assert "varied: us.rationality and us.mindset (grid, same luck)" in said
    assert {path.name for path in (out / "plots").iterdir()} == {"curves.png", "curves.svg"}
    before = contents(out)
    assert run(*command, "--out", str(out)) == said
    assert contents(out) == before


def test_without_a_folder_it_goes_to_one_named_after_the_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("meine Krise.yaml").write_text("extends: baghdad-2020\n")
    command = ["sweep", "meine Krise.yaml", *SHORT, "--vary", "us.red_line=1,2"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    folder = Path("out") / "meine Krise-sweep"
    assert f"'{folder}'" in done.stderr
    before = contents(folder)
    part = next(folder.glob("outcomes/part-*"))
    part.unlink()
    assert CliRunner().invoke(app, command).stdout == done.stdout
    assert contents(folder) == before
    assert "holds another sweep" in refused(*command[1:], "--set", "us.red_line=4")
    assert contents(folder) == before


def test_another_design_replaces_a_sweep_only_by_force(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "s")]
    run(*SHORT, "--vary", "us.red_line=1,2", "--depth", "trace", *out)
    (tmp_path / "s" / "notes.txt").write_text("mine")
    other = [*SHORT, "--vary", "us.red_line=1,2,3", *out]
    assert "--force" in refused("baghdad-2020", *other)
    assert len(sim.open_run(tmp_path / "s").points) == 2
    said = run(*other, "--force")
    assert len(sim.open_run(tmp_path / "s").points) == 3
    assert not (tmp_path / "s" / "traces").exists()
    assert (tmp_path / "s" / "notes.txt").read_text() == "mine"
    before = contents(tmp_path / "s")
    assert run(*other, "--force") == said
    assert contents(tmp_path / "s") == before


def test_json_holds_every_probability(tmp_path: Path) -> None:
    rows = json.loads(run(*SHORT, "--vary", "us.red_line=1,2", "--out", str(tmp_path / "s"), "--json"))
    assert rows[0]["us.red_line"] == 1.0
    assert len(rows) == 2 * sim.open_run(tmp_path / "s").probabilities()["outcome"].nunique()


def test_file_of_points_and_fresh_luck(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("us.red_line,us.mindset\n1,default\n3,washington-max-pressure\n")
    run(*SHORT, "--design", str(tmp_path / "points.csv"), "--fresh-luck", "--out", str(tmp_path / "s"))
    swept = sim.open_run(tmp_path / "s")
    assert swept.plan.luck == "fresh"
    assert swept.points["us.red_line"].tolist() == [1.0, 3.0]


def test_spread_design(tmp_path: Path) -> None:
    run(*SHORT, "--vary", "us.rationality=1:9", "--design", "lhs", "--points", "5", "--out", str(tmp_path / "s"))
    assert len(sim.open_run(tmp_path / "s").points) == 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--vary", "us.red_lin=1,2"], "did you mean 'red_line'"),
        (["--vary", "us.red_line"], "path=values"),
        (["--vary", "us.red_line=1,2", "--vary", "us.red_line=3,4"], "same path twice"),
        (["--vary", "us.red_line=1,2", "--design", "points.csv"], "no place beside it"),
        ([], "nothing varies"),
        (["--vary", "us.red_line=1,2", "--design", "sobol", "--points", "6"], "4 or 8"),
    ],
)
def test_bad_commands_are_told(tmp_path: Path, words: list[str], message: str) -> None:
    assert message in refused("baghdad-2020", *words, "--out", str(tmp_path / "s"))


def test_command_line_goes_over_the_design_of_the_file() -> None:
    scenario = sim.load(
        {
            "extends": "baghdad-2020",
            "design": {"vary": {"us.red_line": "1:4:4"}, "kind": "lhs", "points": 8, "worlds": 7},
        }
    )
    assert Asked("x", [], []).given(scenario) == scenario.design
    assert Asked("x", [], [], design="grid").given(scenario) == sim.Design({"us.red_line": "1:4:4"}, "grid", None, 7)
    assert Asked("x", [], ["us.rationality=1,2"]).given(scenario) == sim.Design(
        {"us.rationality": "1,2"}, "grid", None, 7
    )
    assert Asked("x", [], [], points=16).given(scenario) == sim.Design({"us.red_line": "1:4:4"}, "lhs", 16, 7)


def test_completion_goes_section_by_section() -> None:
    assert "militias." in complete("baghdad-2020", "mil")
    assert "militias.kataib_hezbollah." in complete("baghdad-2020", "militias.")
    assert complete("baghdad-2020", "us.red_l") == ["us.red_line="]
    assert complete("baghdad-2020", "us.mindset=washington-max") == ["us.mindset=washington-max-pressure"]
    assert complete("baghdad-2020", "us.mindset=default,washington-max") == [
        "us.mindset=default,washington-max-pressure"
    ]
    assert complete("baghdad-2020", "policies.iran=tit") == ["policies.iran=tit_for_tat"]
    assert complete("baghdad-2020", "us.red_line=") == []
    assert complete("no such scenario", "us.") == []


def test_shell_is_offered_the_paths() -> None:
    """What bash asks for when Tab is pressed after ``sim sweep baghdad-2020 --vary us.red``."""
    words = "sim sweep baghdad-2020 --vary us.red"
    asked = {"_SIM_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "4"}
    command = [sys.executable, "-c", "from sim.cli import app; app(prog_name='sim')"]
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["us.red_line="], done.stderr
