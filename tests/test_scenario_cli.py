"""The commands for authors: results on stdout, one message on stderr, exit codes, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import sim.cli
from sim.scenario import schema, shipped

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sim.cli.app, list(arguments))


def run_process(*arguments: str, output: int | None = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim", *arguments]
    return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.parametrize("path", [path for path in BROKEN if path.stem != "expected"], ids=lambda path: path.stem)
def test_a_broken_file_gives_one_message_and_exit_code_two(path: Path) -> None:
    done = run("check", str(path))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert ".yaml:" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_says_what_a_scenario_holds() -> None:
    done = run("check", "baghdad-2020", "--set", "us.red_line=2", "--set", "horizon=30")
    assert done.exit_code == 0
    assert "30 days from 2020-09-28" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "bagdad-2020"), "did you mean 'baghdad-2020'?"),
        (("check", "baghdad-2020", "--set", "us.red_lin=2"), "--set us.red_lin=2: unknown key 'red_lin' in us"),
        (("new", "../up"), "cannot be the name"),
        (("parameters", "no such words"), "nothing here holds the text 'no such words'"),
        (("actions", "no such words"), "nothing here holds the text"),
    ],
)
def test_bad_input_exits_with_two(arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_question_that_cannot_be_resolved_is_refused() -> None:
    done = run("check", "baghdad-2020", "--set", "questions=[{id: q, text: Why?, measure: moods}]")
    assert done.exit_code == 2
    assert "unknown measure 'moods'" in done.stderr


@pytest.mark.parametrize("arguments", [("chek",), ("check",), ("schema", "a"), ("list", "--yaml")])
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Usage" in done.stderr


def test_schema_prints_the_schema() -> None:
    assert json.loads(run("schema").stdout) == schema()


def test_lists_come_as_text_and_as_json() -> None:
    assert "baghdad-2020" in run("list").stdout
    assert {row["name"] for row in json.loads(run("list", "--json").stdout)} == set(shipped())
    rows = json.loads(run("actions", "us.", "--json").stdout)
    assert "us.strike_limited" in {row["id"] for row in rows}
    rows = json.loads(run("parameters", "closure_days", "--json").stdout)
    assert [(row["path"], row["default"]) for row in rows] == [("embassy.closure_days", 90)]


def test_new_writes_a_file(tmp_path: Path) -> None:
    done = run("new", "mine", "--folder", str(tmp_path))
    assert done.exit_code == 0
    assert run("check", str(tmp_path / "mine.yaml")).exit_code == 0
    assert run("new", "mine", "--folder", str(tmp_path)).exit_code == 2


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.authoring.listing", interrupt)
    done = run("list")
    assert done.exit_code == 130
    assert done.stderr == "interrupted\n"


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.authoring.listing", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        typer.testing.CliRunner().invoke(sim.cli.app, ["list"], catch_exceptions=False)


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m sim parameters | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_in_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = run_process("schema", output=full.fileno())
    assert done.returncode == 2
    assert done.stderr == "the output: No space left on device\n"


def test_a_terminal_without_our_letters_still_gets_the_message(tmp_path: Path) -> None:
    path = tmp_path / "größe.yaml"
    path.write_text("ß: 1\n", encoding="utf-8")
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "sim", "check", str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=Path.cwd())
    assert done.returncode == 2
    assert "unknown key '?' in a scenario" in done.stderr


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'numba', 'mesa', 'pandas', 'matplotlib', 'pydantic'}"
    code = f"import sys; import sim.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
