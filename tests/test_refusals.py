"""What a command is given that cannot be: exit code 2, one message, no traceback, nothing written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

import sim
from sim.__main__ import main
from sim.analysis.compare_rules import compare_rules
from sim.cli import app
from sim.drivers import MOST_WORLDS
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.play.game import Game
from sim.results import Overwrite
from sim.world.names import Full
from sim.world.records import MAX_BLOCS, MAX_SCRIPT

BASE = "baghdad-2020"
TWO = ["--vary", "us.rationality", "--vary", "us.weight_calm"]
HUGE = "99999999999999999999"


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*words], input=typed)


def refused(*words: str) -> str:
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.stdout == ""
    return result.stderr


def test_a_policy_that_fails_is_bad_input() -> None:
    said = refused("run", BASE, "--worlds", "3", "--set", "policies.us=operator:add")
    assert "the policy of us failed on day" in said


def test_more_events_than_a_trace_holds_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled world cannot be made to overflow by a small scenario, so what it notes is made up."""

    def overflow(*given: Any) -> None:
        given[-1].overflows[:] = Full.TRACE

    monkeypatch.setattr("sim.drivers.ensemble.live_share", overflow)
    assert "more events than a trace holds (2048); shorten the horizon" in refused("run", BASE, "--worlds", "1")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "events+:\n" + "  - {day: 3, act: mi.salvo, by: badr, at: us}\n" * (MAX_SCRIPT + 1),
            f"mine.yaml:{MAX_SCRIPT + 3}: a scenario can have at most {MAX_SCRIPT} scripted events",
        ),
        (
            "parliament:\n  blocs:\n" + "".join(f"    bloc_{k}: {{seats: 2}}\n" for k in range(MAX_BLOCS + 1)),
            f"parliament can have at most {MAX_BLOCS} blocs",
        ),
    ],
)
def test_what_a_world_cannot_hold_is_told_by_the_check(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "mine.yaml").write_text("extends: baghdad-2020\n" + content)
    assert message in refused("check", str(tmp_path / "mine.yaml"))


def test_rules_under_which_nothing_comes_are_drawn_in_words(recwarn: pytest.WarningsRecorder) -> None:
    quiet = compare_rules(sim.load(BASE, ["horizon=1"]), 2, ["sadr"])
    (text,) = quiet.plot().texts
    assert "No outcome comes in any world" in " ".join(text.get_text().split())
    assert [str(each.message) for each in recwarn if "singular" in str(each.message)] == []


@pytest.mark.parametrize("threads", ["-1", "0"])
@pytest.mark.parametrize("command", [["run", BASE], ["compare", BASE, "no-threat"], ["discover", BASE, *TWO]])
def test_threads_are_at_least_one(command: list[str], threads: str) -> None:
    assert "--threads" in refused(*command, "--threads", threads)
    with pytest.raises(InputError, match="threads must be at least 1"):
        live_chunk(sim.load(BASE), 0, 2, "outcomes", int(threads))


@pytest.mark.parametrize("worlds", [HUGE, "1000000007"])
@pytest.mark.parametrize(
    "command",
    [
        ["compare", BASE, "no-threat", "--worlds"],
        ["compare-rules", BASE, "--worlds"],
        ["sensitivity", BASE, *TWO, "--worlds"],
        ["discover", BASE, *TWO, "--worlds"],
        ["uncertainty", BASE, *TWO, "--worlds"],
        ["uncertainty", BASE, *TWO, "--draws"],
    ],
    ids=" ".join,
)
def test_more_worlds_than_an_analysis_can_hold(command: list[str], worlds: str) -> None:
    assert "more than 100,000,000: ask for fewer" in refused(*command, worlds)


def test_more_memory_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sim.results.run.run", full)
    assert "more memory than there is" in refused("run", BASE)


@pytest.mark.parametrize("world", [-1, MOST_WORLDS, int(HUGE)])
@pytest.mark.parametrize("live", [sim.CrisisModel, sim.replay, lambda name, world: Game(sim.load(name), ["us"], world)])
def test_a_world_without_a_number_of_its_own(live: Callable[..., Any], world: int) -> None:
    with pytest.raises(InputError, match=f"the number of a world must be in 0..4294967295, not {world}"):
        live(BASE, world=world)


def test_the_last_world_is_one() -> None:
    assert sim.CrisisModel(BASE, MOST_WORLDS - 1).run(2).day == 2


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["sensitivity", BASE, *TWO, "--trajectories", "-1"], "2 trajectories or more"),
        (["sensitivity", BASE, *TWO, "--points", "3", "--method", "morris"], "power of two"),
        (["discover", BASE, *TWO, "--boxes", "0"], "at least 1 box"),
        (["discover", BASE, "us_killed >= nan"], "'nan' is not a number"),
        (["discover", BASE, "us_killed < inf"], "'inf' is not a number"),
        (["discover", BASE, ""], "no outcome of interest"),
        (["sweep", BASE, "--vary", "us.rationality=1:1e400:2"], "finite ends"),
        (["sweep", BASE, "--vary", "us.rationality=1:2:99999999999"], "at most 1,000,000 values"),
    ],
)
def test_a_size_or_a_condition_that_makes_no_sense(command: list[str], message: str) -> None:
    assert message in refused(*command)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["play", "--save"], "that is no file"),
        (["calibrate", "--quick", "--out"], "is a folder"),
    ],
)
def test_a_folder_in_place_of_a_file_is_told_before_the_work(tmp_path: Path, command: list[str], message: str) -> None:
    assert message in refused(*command, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_a_folder_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refused("validate", "--quick", "--out", str(tmp_path / "file"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_other_table(path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(path)


@pytest.mark.parametrize("damage", [cut, as_folder, as_other_table])
def test_a_damaged_run_is_told(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    sim.run(sim.load(BASE, ["horizon=6"]), 4, out=tmp_path / "run", depth="outcomes")
    damage(tmp_path / "run" / "outcomes.parquet")
    for words in (["--world", "1"], ["--pick", "surprising"]):
        assert "damaged" in refused("explain", str(tmp_path / "run"), *words)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("points.parquet", cut),
        ("outcomes/part-000000.parquet", cut),
        ("outcomes/part-000000.parquet", as_other_table),
        ("outcomes", shutil.rmtree),
        ("manifest.json", lambda path: path.write_text(path.read_text().replace('"outcomes"', '"nosuch"'))),
    ],
)
def test_a_damaged_sweep_is_told_and_mended(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    def live() -> sim.Sweep:
        return sim.sweep(sim.load(BASE, ["horizon=6"]), {"us.red_line": [1, 2]}, 4, Overwrite(tmp_path / "sweep"))

    before = live().outcomes
    damage(tmp_path / "sweep" / name)
    told = refused("explain", str(tmp_path / "sweep"), "--point", "1", "--world", "2")
    assert any(words in told for words in ("damaged", "cannot be read"))
    pd.testing.assert_frame_equal(live().outcomes, before)


@pytest.mark.parametrize("content", ["mine\n", "extends: baghdad-2020\n", ""])
def test_a_game_is_not_saved_over_anything_else(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content)
    assert "no saved game; name another one" in refused("play", "--save", str(file))
    inside = call("play", "--set", "horizon=2", "--compare", "3", "--world", "1", typed=f"s {file}\nw\nw\n")
    assert "no saved game; name another one" in " ".join(inside.stdout.split())
    assert "no folder" in refused("play", "--save", str(tmp_path / "none" / "x.yaml"))
    assert file.read_text() == content
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_device_is_no_place_for_a_game(tmp_path: Path) -> None:
    """A named pipe stands for /dev/null, which a failure of this test would replace on a machine of one's own."""
    os.mkfifo(tmp_path / "pipe")
    assert "that is no file" in refused("play", "--save", str(tmp_path / "pipe"))
    assert (tmp_path / "pipe").is_fifo()


def test_a_sample_that_is_too_small_is_told_in_our_words_alone(recwarn: pytest.WarningsRecorder) -> None:
    done = call("sensitivity", BASE, *TWO, "--worlds", "2", "--points", "2")
    assert done.exit_code == 0, done.output
    assert "raise the number of" in done.stdout
    assert [str(each.message) for each in recwarn if "Constant values" in str(each.message)] == []


def test_an_interrupt_is_told_even_while_the_commands_are_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.main", interrupted)
    with pytest.raises(SystemExit, match="130"):
        main()
    monkeypatch.setitem(sys.modules, "sim.cli", None)
    monkeypatch.setattr("builtins.__import__", interrupted)
    with pytest.raises(SystemExit, match="130"):
        main()
    assert capsys.readouterr().err == "interrupted\n" * 2


def test_a_title_in_letters_that_no_figure_has(tmp_path: Path) -> None:
    """A box in the figure is enough; thirty lines of warnings would hide what else was said."""
    (tmp_path / "mine.yaml").write_text("extends: baghdad-2020\nhorizon: 8\ntitle: 日本 😀 بغداد\n", encoding="utf-8")
    command = [sys.executable, "-m", "sim", "run", "mine.yaml", "--worlds", "10", "--out", "run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stderr == b""


@pytest.mark.parametrize(
    "command", [["--help"], ["compare", "--help"], ["list"], ["compare", BASE, "no-threat", "--worlds", "4"]]
)
def test_a_reader_who_has_seen_enough_is_no_error(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "sim", *command], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_is_full(stream: str) -> None:
    command = ["--help"] if stream == "stdout" else ["run", "no such scenario"]
    with Path("/dev/full").open("w") as full:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {stream: full}
        done = subprocess.run([sys.executable, "-m", "sim", *command], check=False, **streams)  # type: ignore[call-overload]
    assert done.returncode == 2
    assert b"Traceback" not in (done.stderr or b"")
