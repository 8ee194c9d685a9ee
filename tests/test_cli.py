"""What all commands share: version, help, seed, how they speak, what the shell completes."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

import sim
from sim.cli import app, completion
from sim.cli.app import said_first
from sim.cli.options import seeded
from sim.errors import InputError
from sim.log import LOGGER
from sim.scenario import shipped

GROUP: Any = get_command(app)
SHORT = ["--set", "horizon=8", "--worlds", "6"]


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given)


def test_version_is_that_of_the_package(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert run("--version").stdout == f"sim {sim.__version__}\n"
    assert project["tool"]["hatch"]["version"]["path"] == "sim/version.py"  # so that the wheel has the same


def test_version_imports_nothing_heavy() -> None:
    program = "import sys; from sim.cli import main; sys.argv = ['sim', '--version']\ntry:\n    main()\nfinally:\n"
    program += "    print(sorted({'numpy', 'numba', 'pandas', 'mesa', 'pydantic', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"sim {sim.__version__}", "[]"], done.stderr


@pytest.mark.parametrize("command", [[], *([name] for name in GROUP.commands)], ids=" ".join)
def test_h_is_help(command: list[str]) -> None:
    done = run(*command, "-h")
    assert done.exit_code == 0
    assert done.output == run(*command, "--help").output
    assert "-h, --help" in done.output


def test_how_to_speak_may_stand_anywhere() -> None:
    assert said_first(["run", "x", "--quiet", "--worlds", "3"]) == ["--quiet", "run", "x", "--worlds", "3"]
    assert said_first(["check", "--", "--quiet"]) == ["check", "--", "--quiet"]


def test_quiet_says_errors_alone() -> None:
    usual, quiet = (run("discover", "baghdad-2020", "--vary", "us.red_lin", *words) for words in ([], ["--quiet"]))
    assert "Looking for us_struck" in usual.stderr
    assert "Looking for" not in quiet.stderr
    assert "did you mean" in quiet.stderr


def test_verbose_says_more() -> None:
    assert f"sim {sim.__version__}, Python" in run("list", "-v").stderr
    assert run("list", "-v", "-q").exit_code == 2
    assert run("list").stderr == ""


def test_the_log_can_be_json() -> None:
    done = run("check", "no-such-scenario", "--log-json")
    line = json.loads(done.stderr)
    assert (line["level"], line["logger"]) == ("error", "sim")
    assert line["message"].startswith("unknown scenario 'no-such-scenario'")
    assert LOGGER.handlers == []


def test_a_seed_is_another_word_for_the_setting() -> None:
    words = ["run", "baghdad-2020", *SHORT, "--json"]
    first, second = run(*words, "--seed", "7"), run(*words, "--set", "seed=7")
    assert first.exit_code == 0, first.output
    assert first.stdout == second.stdout
    assert first.stdout != run(*words, "--seed", "8").stdout


def test_a_seed_said_twice_is_refused() -> None:
    assert seeded(["us.red_line=2"], 7) == ["us.red_line=2", "seed=7"]
    assert seeded(None, None) == []
    with pytest.raises(InputError, match="said twice"):
        seeded(["seed=3"], 7)


def test_whoever_takes_settings_of_worlds_takes_a_seed() -> None:
    options = {name: {param.name for param in command.params} for name, command in GROUP.commands.items()}
    assert {name for name, found in options.items() if "changes" in found} - {"check"} == {
        name for name, found in options.items() if "seed" in found
    } - {"calibrate", "follow"}  # which have a seed of their own work


def test_many_files_are_checked_and_all_that_is_wrong_is_said(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("extends: closure-now\n")
    bad.write_text("extends: closure-now\nus: {red_lin: 2}\n")
    done = run("check", str(bad), str(good), "no-such-scenario")
    assert done.exit_code == 2
    assert "good is a valid scenario" in done.stdout
    assert f"{bad}:2: unknown key 'red_lin'" in done.stderr
    assert "unknown scenario 'no-such-scenario'" in done.stderr


def test_a_check_can_be_read_by_a_program() -> None:
    done = run("check", "baghdad-2020", "no-such-scenario", "--set", "horizon=30", "--json")
    good, bad = json.loads(done.stdout)
    assert done.exit_code == 2
    assert done.stderr == ""
    loaded = sim.load("baghdad-2020", ["horizon=30"])
    assert good["valid"]
    assert (good["scenario"], good["horizon"], good["hash"]) == ("baghdad-2020", 30, loaded.hash)
    assert (bad["scenario"], bad["valid"]) == ("no-such-scenario", False)
    assert [fault.partition("'")[0] for fault in bad["faults"]] == ["unknown scenario "]


def test_standard_input_is_checked() -> None:
    assert "valid scenario" in run("check", "-", given="extends: closure-now").stdout
    done = run("check", "-", given="extends: closure-now\nhorizon: -1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "scenario text:2:" in done.stderr
    assert "is empty" in run("check", "-", given="").stderr


def test_a_text_that_is_a_name_is_no_name_on_standard_input() -> None:
    assert run("check", "-", given="closure-now").exit_code == 2


def test_the_hook_for_pre_commit_checks_scenario_files(root: Path) -> None:
    from ruamel.yaml import YAML

    [hook] = YAML(typ="safe").load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    words = hook["entry"].split()
    assert words[0] in tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert run(*words[1:], *(str(path) for path in shipped().values())).exit_code == 0
    assert hook["language"] == "python"
    assert hook["types"] == ["yaml"]


def completed(*words: str, folder: Path | None = None) -> list[str]:
    """What bash is offered for the last word."""
    environment = os.environ | {
        "_SIM_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["sim", *words]),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from sim.cli import main; import sys; sys.argv = ['sim']; main()"],
        env=environment | {"PYTHONPATH": str(Path(sim.__file__).parents[1])},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["run", "clo"], ["closure-now"]),
        (["run", "closure-now", "--set", "us.red_l"], ["us.red_line="]),
        (["run", "closure-now", "--set", "hor"], ["horizon="]),
        (["run", "closure-now", "--depth", "o"], ["outcomes"]),
        (["compare", "closure-now", "--with", "us.mindset=washington-max"], ["us.mindset=washington-max-pressure"]),
        (["compare-rules", "closure-now", "--actor", "sa"], ["sadr", "saraya_al_salam"]),
        (["play", "--as", "kataib_h"], ["kataib_hezbollah"]),
        (["explain", "closure-now", "--why-not", "us.decide"], ["us.decide_closure"]),
        (["explain", "closure-now", "--actor", "ira"], ["iran", "iraq"]),
        (["sensitivity", "closure-now", "--vary", "us.red_l"], ["us.red_line"]),
        (["sensitivity", "closure-now", "--outcome", "us_str"], ["us_struck"]),
        (["uncertainty", "closure-now", "--rule", "tit"], ["tit_for_tat"]),
        (["actions", "us.decide"], ["us.decide_closure"]),
    ],
    ids=" ".join,
)
def test_the_shell_completes(words: list[str], offered: list[str]) -> None:
    assert completed(*words) == offered


def test_files_folders_and_runs_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("mine/run", "mine/other", "mine/.hidden"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mine/run/manifest.json").touch()
    (tmp_path / "mine/own.yaml").touch()
    (tmp_path / "mine/notes.txt").touch()
    assert completion.scenarios("mi") == ["mine/"]
    assert completion.scenarios("mine/") == ["mine/other/", "mine/own.yaml", "mine/run/"]
    assert completion.runs("mine/r") == ["mine/run", "mine/run/"]
    assert completion.scenarios("no/such/") == []
