"""Worlds that were lived are not lost to the last step: what can fail is looked at first, and what fails is told."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sweeps import SHORT, small
from test_refusals import call, refused
from test_results_run import fake_chunks

import sim
from sim.analysis import discover, sensitivity, uncertainty
from sim.errors import InputError, whole
from sim.plots.gallery import FIGURES
from sim.results import Overwrite
from sim.results.numbers import numbers
from sim.results.pick import representative, surprising
from sim.results.run import Run
from sim.results.tables import Stored
from sim.scenario import load

BASE = "baghdad-2020"
WORLDS = 60


@pytest.fixture
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.drivers.ensemble.chunks", fake_chunks)
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])


@pytest.fixture
def _nobody_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def lived(*_: object, **__: object) -> None:
        raise AssertionError("worlds were lived before the place for them was looked at")

    monkeypatch.setattr("sim.drivers.ensemble.live_tables", lived)
    monkeypatch.setattr("sim.drivers.ensemble.live_chunk", lived)


COMMANDS = {
    "run": ["run", BASE],
    "sweep": ["sweep", BASE, "--vary", "us.red_line=1,2"],
    "compare": ["compare", BASE, "no-threat"],
    "compare-rules": ["compare-rules", BASE],
    "sensitivity": ["sensitivity", BASE, "--vary", "us.rationality", "--vary", "us.weight_calm"],
    "discover": ["discover", BASE, "--vary", "us.rationality", "--vary", "us.weight_calm"],
    "uncertainty": ["uncertainty", BASE, "--vary", "us.rationality"],
}


@pytest.mark.usefixtures("_nobody_lives")
@pytest.mark.parametrize("command", COMMANDS)
def test_an_occupied_folder_is_told_before_anything_is_lived(tmp_path: Path, command: str) -> None:
    (tmp_path / "occupied").mkdir()
    (tmp_path / "occupied" / "thesis.txt").write_text("mine")
    said = refused(*COMMANDS[command], "--out", str(tmp_path / "occupied"))
    assert "holds something that is not a" in said
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refused(*COMMANDS[command], "--out", str(tmp_path / "file"))
    assert "thesis.txt" in os.listdir(tmp_path / "occupied")  # noqa: PTH208 the names are enough


@pytest.mark.usefixtures("_nobody_lives")
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no file system that nobody may write")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_where_nothing_can_be_written_is_told_before(command: str) -> None:
    assert "/proc/" in refused(*COMMANDS[command], "--out", "/proc/self/out")


def test_an_analysis_that_cannot_be_saved_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up after the worlds were lived."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.plots.compare.draw_all", full)
    done = call("compare", BASE, "no-threat", "--set", "horizon=5", "--worlds", "4", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "no-threat" in done.stdout
    assert "no space left" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_users_files_stay_beside_an_analysis(tmp_path: Path) -> None:
    command = ["compare", BASE, "no-threat", "--set", "horizon=5", "--worlds", "4", "--out", str(tmp_path / "out")]
    assert call(*command).exit_code == 0
    before = {path.name for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out" / "notes.md").write_text("mine")
    assert call(*command).exit_code == 0
    assert (tmp_path / "out" / "notes.md").read_text() == "mine"
    assert {path.name for path in (tmp_path / "out").iterdir()} == before | {"notes.md"}


@pytest.mark.usefixtures("_made_up")
@pytest.mark.parametrize("error", [RuntimeError("no such font"), OSError(5, "Input/output error"), KeyError("x")])
def test_a_figure_that_fails_loses_no_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("sim.plots.gallery.draw_all", fails)
    with pytest.raises(InputError, match=r"the run is kept in .*run', without its report, which failed: "):
        sim.run(BASE, WORLDS, tmp_path / "run")
    kept = sim.open_run(tmp_path / "run")
    assert len(kept.outcomes) == WORLDS
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "daily.parquet", "manifest.json", "outcomes.parquet", "scenario.yaml",
    ]  # fmt: skip
    monkeypatch.undo()
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])


BACKEND = """
import importlib.metadata, os, sys
real = importlib.metadata.entry_points
importlib.metadata.entry_points = lambda **k: () if k.get("group") == "matplotlib.backend" else real(**k)
os.environ["MPLBACKEND"] = "module://not_installed_here.backend_inline"
"""
COMMAND = (
    BACKEND
    + """
sys.argv = ["sim", "run", "baghdad-2020", "--worlds", "4", "--set", "horizon=3", "--out", sys.argv[1]]
from sim.__main__ import main
main()
"""
)
IN_PYTHON = (
    BACKEND
    + """
import sim
try:
    sim.run(sim.load("baghdad-2020", ["horizon=3"]), 4, sys.argv[1])
except sim.InputError as error:
    print(error)
"""
)


def in_a_process(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sim.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip


@pytest.mark.slow
def test_commands_draw_whatever_backend_the_environment_names(tmp_path: Path) -> None:
    done = in_a_process(COMMAND, tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "plots" / "outcomes.svg").exists()


@pytest.mark.slow
def test_in_python_a_backend_that_is_not_there_loses_no_world(tmp_path: Path) -> None:
    done = in_a_process(IN_PYTHON, tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "run").exists() or sim.open_run(tmp_path / "run").worlds == 4


def test_a_disk_without_room_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.results.folder.disk_usage", lambda _: type("Usage", (), {"free": 10_000_000}))
    monkeypatch.setattr("sim.drivers.ensemble.chunks", lambda *_, **__: pytest.fail("lived"))
    with pytest.raises(InputError, match=r"no space left .* about 1\.00 GB are needed"):
        sim.run(BASE, 100_000_000, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_made_up")
def test_a_disk_that_will_not_do_is_told_as_soon_as_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.results.folder.disk_usage", lambda _: type("Usage", (), {"free": 30_000}))
    monkeypatch.setattr("sim.results.run.FIRST_LOOK", 25)
    monkeypatch.setattr("sim.results.folder.TableWriter.__init__.__defaults__", (25,))
    done: list[int] = []
    with pytest.raises(InputError, match="no space left"):
        sim.run(BASE, 1000, tmp_path / "run", progress=lambda worlds, _: done.append(worlds))
    assert max(done, default=0) < 200
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["calibrate", "validate"])
def test_a_file_that_cannot_be_written_is_told_before_a_fit(command: str) -> None:
    assert "/proc/" in refused(command, "--quick", "--out", "/proc/self/out/post.parquet")


@pytest.fixture
def streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _made_up: None) -> Run:
    """A run of more worlds than are held at once, written in many row groups."""
    monkeypatch.setattr("sim.results.run.MOST_HELD", dict.fromkeys(("outcomes", "daily", "trace"), 10))
    monkeypatch.setattr("sim.results.folder.TableWriter.__init__.__defaults__", (25,))
    return sim.run(BASE, WORLDS, tmp_path / "run", "trace")


def test_many_worlds_are_never_read_at_once(streamed: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Living, telling, drawing, and writing the report read a column at a time."""
    monkeypatch.setattr(Stored, "outcomes", lambda _: pytest.fail("all outcomes were read"))
    for out in (Overwrite(tmp_path / "run"), None):
        lived = sim.run(BASE, WORLDS, out, "daily")
        assert "60 worlds" in lived.summary()
        assert lived._repr_html_()
        assert lived.world(3).world == 3 if out is None else True
        assert len(lived.surprising()) == 5
        assert lived.plot() is not None
    assert streamed.worlds == WORLDS


def test_a_column_at_a_time_says_the_same(streamed: Run) -> None:
    held = sim.run(BASE, 10, depth="trace")
    assert held.worlds == 10
    everything = Run(streamed.scenario, streamed._tables, streamed.worlds, streamed.depth)
    everything.outcomes  # noqa: B018 from now on the whole table is there
    assert everything._few is everything
    assert type(streamed._few) is not Run
    assert numbers(streamed._few) == numbers(everything)
    assert streamed.summary() == everything.summary()
    assert streamed.world(17).lines == everything.world(17).lines


@pytest.mark.usefixtures("_made_up")
def test_tables_of_a_large_run_go_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.results.run.MOST_HELD", dict.fromkeys(("outcomes", "daily", "trace"), 10))
    lived = sim.run(BASE, WORLDS, depth="trace")
    assert lived.folder is None
    folder = lived._tables.folder  # type: ignore[attr-defined]
    held = [lived.outcomes, lived.events]
    assert list(map(len, held)) == [WORLDS, lived.outcomes["events"].sum()]
    del lived
    assert not folder.exists()


@pytest.mark.usefixtures("_made_up")
@pytest.mark.parametrize("most", [200_000, 3])
def test_the_ordinary_world_does_not_depend_on_how_it_is_read(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the definition, world by world; and also where a column has more values than are counted exactly."""
    monkeypatch.setattr("sim.results.columns.MOST_VALUES", most)
    outcomes = sim.run(BASE, WORLDS).outcomes
    total = np.zeros(WORLDS)
    for column in ("severity", "top_rung", "us_killed", "us_strikes", "rockets", "embassy_code"):
        values = outcomes[column].to_numpy(float)
        if values.std():
            total += np.abs(values[:, None] - values[None, :]).sum(axis=1) / values.std()
    close = np.flatnonzero(np.isclose(total, total.min(), rtol=1e-3))
    assert representative(outcomes) in close
    assert most == 3 or representative(outcomes) == close[0] or total[representative(outcomes)] == total.min()
    rarest = surprising(outcomes, 3)
    pairs = outcomes.groupby(["embassy", "force", "truce"], observed=True).size()
    assert rarest["worlds"].tolist() == sorted(pairs)[:3]
    assert rarest["estimate"].tolist() == (rarest["worlds"] / WORLDS).tolist()


@pytest.mark.parametrize("number", [np.int64(5), np.uint8(5), np.array(5)])
def test_whole_numbers_of_numpy_are_whole_numbers(tmp_path: Path, number: Any) -> None:
    short = load(BASE, ["horizon=3"])
    lived = sim.run(short, number, tmp_path / "run", threads=np.int32(1))
    assert (lived.worlds, len(sim.open_run(tmp_path / "run").outcomes)) == (5, 5)
    assert lived.world(np.int64(3)).world == 3
    assert len(sim.run(short.with_({"seed": np.int64(7)}), number).outcomes) == 5
    swept = sim.sweep(short, {"us.red_line": [1, 2]}, number, tmp_path / "sweep", sim.SweepSettings(part=np.int64(5)))
    assert len(swept.read(point=np.int64(1))) == 5
    assert sim.explain(short, number).model.world == 5
    assert sim.replay(short, number).world == sim.CrisisModel(short, number).world == 5


def test_analyses_take_whole_numbers_of_numpy(tmp_path: Path) -> None:
    short, two = load(BASE, ["horizon=3"]), ("us.rationality", "us.weight_calm")
    sim.compare([short, short.with_({"us.red_line": 9})], worlds=np.int64(4)).save(tmp_path / "compare")
    plan = sensitivity.SensitivityPlan(vary=two, points=np.int64(4), worlds=np.int64(4), top=np.int64(2))
    sensitivity.sensitivity(short, plan).save(tmp_path / "sensitivity")
    layout = uncertainty.UncertaintyLayout(vary=two, draws=np.int64(2), worlds=np.int64(2))
    uncertainty.uncertainty(short, layout).save(tmp_path / "uncertainty")
    for ask in (
        lambda: sim.compare([short, BASE], worlds=1.7),
        lambda: sensitivity.sensitivity(short, replace(plan, worlds=1.7)),
        lambda: uncertainty.uncertainty(short, replace(layout, draws=1.7)),
        lambda: discover.discover(short, "us_struck", discover.Search(vary=two, worlds=100.5)),
    ):
        with pytest.raises(InputError, match="must be a whole number, not"):
            ask()


@pytest.mark.parametrize("number", [1.7, "5", None, True, np.float64(2.5), [3], float("nan")])
def test_what_is_no_whole_number_gets_one_clear_error(number: Any) -> None:
    short = load(BASE, ["horizon=3"])
    few = sim.run(short, 3)
    for ask in (
        lambda: sim.run(short, number), few.world, lambda number: sim.replay(short, number),
        lambda number: sim.CrisisModel(short, number), lambda number: whole("the number", number),
    ):  # fmt: skip
        with pytest.raises(InputError, match="must be a whole number, not"):
            ask(number) if ask.__code__.co_argcount else ask()


def test_a_dataset_works_as_long_as_it_is_held() -> None:
    table = sim.sweep(SHORT, {"us.red_line": [1, 2]}, 5).dataset()
    assert table.to_table().num_rows == 10
    assert sum(batch.num_rows for batch in sim.sweep(SHORT, {"us.red_line": [1, 2]}, 5).dataset().to_batches()) == 10
    scanner = small(None, 3).dataset().scanner(columns=["point"])
    assert scanner.to_table().num_rows == 12


def test_datasets_are_gone_when_the_program_ends() -> None:
    program = "import sim\nswept = sim.sweep(sim.load('baghdad-2020', ['horizon=3']), {'us.red_line': [1, 2]}, 2)\n"
    program += "table = swept.dataset()\nprint(swept.folder)\ndel swept\nassert table.to_table().num_rows == 4\n"
    path = os.pathsep.join([str(Path(sim.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert not Path(done.stdout.strip()).exists()
