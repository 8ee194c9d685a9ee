"""Sweeps: what they live, what they write, how they are resumed and refused."""

import json
import multiprocessing
import shutil
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sweeps import SHORT, VARY, contents, small

import sim
from sim.errors import InputError, SimError
from sim.experiments import sweep as module
from sim.results.digest import sealed
from sim.results.scores import OUTCOME_QUESTIONS


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that nothing disturbed."""
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    small(folder, depth="trace")
    return folder


def copy(whole: Path, target: Path, complete: bool = False) -> Path:
    """A copy of a sweep; as it was when every part had been written, and its manifest did not say so yet."""
    shutil.copytree(whole, target)
    if not complete:
        manifest = json.loads((target / "manifest.json").read_text())
        key = sim.open_run(whole).plan.key
        (target / "records").mkdir()
        for part, tables in enumerate(manifest["parts"]):
            record = json.dumps(sealed({"key": key, "part": part, "tables": tables}))
            (target / "records" / f"part-{part:06d}.json").write_text(record)
        changed(target, complete=False, parts=[])
    return target


def changed(folder: Path, **content: Any) -> None:
    """Change what the manifest says."""
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest | content)))


def test_every_point_is_the_run_of_its_scenario(whole: Path) -> None:
    swept = sim.open_run(whole)
    assert isinstance(swept, sim.Sweep)
    for point, values in swept.points.iterrows():
        alone = sim.run(SHORT.with_(dict(values)), 30, depth="trace")
        of_sweep = swept.run(point)
        pd.testing.assert_frame_equal(of_sweep.outcomes, alone.outcomes)
        pd.testing.assert_frame_equal(of_sweep.events, alone.events)
        assert of_sweep.daily is not None
        assert alone.daily is not None
        pd.testing.assert_frame_equal(of_sweep.daily.to_frame(), alone.daily.to_frame())
        assert of_sweep.scenario == alone.scenario


def test_parameters_stand_beside_outcomes(whole: Path) -> None:
    outcomes = sim.open_run(whole).outcomes
    assert list(outcomes.columns[:4]) == ["point", "world", "us.rationality", "us.mindset"]
    assert len(outcomes) == 4 * 30
    assert outcomes.groupby(["us.rationality", "us.mindset"], observed=True).size().tolist() == [30] * 4
    assert outcomes["world"].tolist() == [*range(30)] * 4


def test_files_are_read_without_us(whole: Path) -> None:
    table = pd.read_parquet(whole / "outcomes")
    pd.testing.assert_frame_equal(table, sim.open_run(whole).outcomes)
    duckdb = pytest.importorskip("duckdb")
    query = f"""select "us.mindset", avg(rockets) from '{whole}/outcomes/*.parquet' group by 1 order by 1"""
    expected = table.groupby("us.mindset", observed=True)["rockets"].mean().sort_index()
    assert duckdb.sql(query).fetchall() == [*expected.items()]


def test_probabilities_count_the_worlds(whole: Path) -> None:
    swept = sim.open_run(whole)
    table = swept.probabilities()
    assert len(table) == 4 * len(OUTCOME_QUESTIONS)
    for (point, outcome), row in table.set_index(["point", "outcome"]).iterrows():
        worlds = swept.read(point=point)
        assert row["happened"] == worlds[outcome].sum()
        assert row["low"] <= row["estimate"] == worlds[outcome].mean() <= row["high"]
        assert row["us.mindset"] == worlds["us.mindset"].iloc[0]
    shares = swept.shares("force")
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert shares.loc[3, "US strikes"] == (swept.read(point=3)["force"] == "US strikes").mean()


def test_same_luck_differs_only_by_what_was_changed() -> None:
    """A parameter that cannot matter before the first decision leaves the luck of every world alone."""
    swept = sim.sweep(SHORT, {"us.red_line": [1, 20]}, 40)
    one, twenty = (swept.read(point=point).drop(columns=["point", "us.red_line"]) for point in (0, 1))
    without_a_death = one["us_death_day"] < 0
    assert without_a_death.any()
    pd.testing.assert_frame_equal(one[without_a_death], twenty[without_a_death])


def test_fresh_luck_is_new_at_every_point() -> None:
    swept = sim.sweep(SHORT, {"us.rationality": [6.0, 6.5]}, 20, settings=sim.SweepSettings(luck="fresh"))
    assert swept.outcomes["world"].tolist() == [*range(40)]
    lived = sim.run(SHORT.with_({"us.rationality": 6.5}), 40).outcomes
    second = swept.read(point=1).drop(columns=["point", "us.rationality"])
    pd.testing.assert_frame_equal(second, lived.iloc[20:].reset_index(drop=True))
    with pytest.raises(InputError, match="fresh luck"):
        swept.run(1)


def test_worlds_that_differ_among_themselves_are_swept_too() -> None:
    """Distributions and mixtures of mindsets: the records then differ by world, at every point."""
    changes = {
        "iran.rationality": {"uniform": [2, 9]},
        "mindsets": {"us": {"default": 0.5, "washington-max-pressure": 0.5}},
    }
    mixed = SHORT.with_(changes)
    swept = sim.sweep(mixed, {"us.red_line": [1, 2]}, 25)
    for point, value in enumerate((1, 2)):
        alone = sim.run(mixed.with_({"us.red_line": value}), 25)
        pd.testing.assert_frame_equal(swept.run(point).outcomes, alone.outcomes)


FIXED = {
    "horizon": [5, 12],
    "events.0.rockets": [1, 40],
    "parliament.blocs.fatah.position": [0.0, 1.0],
    "calendar.election": ["2020-10-02", "2020-11-03"],
}


@pytest.mark.parametrize("path", FIXED)
def test_what_is_the_same_in_all_worlds_varies_by_point(path: str) -> None:
    event = {"day": 2, "act": "mi.salvo", "by": "kataib_hezbollah", "rockets": 3}
    scenario = SHORT.with_({"events+": [event]})
    swept = sim.sweep(scenario, {path: FIXED[path], "us.rationality": [2, 6]}, 15, settings=sim.SweepSettings("daily"))
    for point in range(4):
        alone = sim.run(scenario.with_({path: FIXED[path][point // 2], "us.rationality": [2, 6][point % 2]}), 15)
        pd.testing.assert_frame_equal(swept.run(point).outcomes, alone.outcomes)


def test_threads_and_executors_give_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    small(tmp_path / "one", depth="trace", threads=1)
    with ThreadPoolExecutor(3) as pool:
        small(tmp_path / "threads", depth="trace", executor=pool)
    assert contents(tmp_path / "one") == contents(tmp_path / "threads") == contents(whole)


@pytest.mark.slow
def test_process_pool_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        small(tmp_path / "processes", depth="trace", executor=pool)
    assert contents(tmp_path / "processes") == contents(whole)


@pytest.mark.parametrize("lost", ["outcomes", "daily", "traces", "manifest"])
def test_only_what_is_missing_is_computed(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    folder = copy(whole, tmp_path / "resumed")
    lived: list[int] = []
    real = module.write_part
    monkeypatch.setattr(module, "write_part", lambda *given: lived.append(given[2]) or real(*given))
    if lost == "manifest":  # killed after the last part, before the end was noted
        expected = []
    else:  # killed while part 2 was written: its files arrive one by one, outcomes last
        (folder / "outcomes" / "part-000002.parquet").unlink()
        (folder / lost / "part-000002.parquet").unlink(missing_ok=True)
        (folder / "outcomes" / ".part-000002.parquet.beef.draft").touch()
        expected = [2]
    small(folder, depth="trace")
    assert lived == expected
    assert contents(folder) == contents(whole)
    small(folder, depth="trace")
    assert lived == expected, "a finished sweep is opened, not computed again"


def test_damaged_part_is_computed_again(whole: Path, tmp_path: Path) -> None:
    folder = copy(whole, tmp_path / "damaged")
    part = folder / "outcomes" / "part-000001.parquet"
    part.write_bytes(part.read_bytes()[:1000])
    small(folder, depth="trace")
    assert contents(folder) == contents(whole)


def test_sweep_killed_before_its_manifest_begins_again(whole: Path, tmp_path: Path) -> None:
    folder = copy(whole, tmp_path / "early")
    (folder / "manifest.json").unlink()
    shutil.rmtree(folder / "traces")
    small(folder, depth="trace")
    assert contents(folder) == contents(whole)


CHANGED = {
    "scenario": (
        lambda out: sim.sweep(SHORT.with_({"embassy.closure_days": 60}), VARY, 30, out),
        "embassy.closure_days was",
    ),
    "design": (lambda out: sim.sweep(SHORT, {"us.red_line": [1, 2]}, 30, out), "design has changed"),
    "worlds": (lambda out: small(out, 31, depth="trace", part=30), "worlds was 30, now 31"),
    "luck": (lambda out: small(out, depth="trace", luck="fresh"), "luck was same, now fresh"),
    "depth": (lambda out: small(out, depth="daily"), "depth was trace, now daily"),
    "part": (lambda out: small(out, depth="trace", part=60), "part size was 30, now 60"),
}


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("case", CHANGED)
def test_results_of_two_sweeps_do_not_mix(whole: Path, tmp_path: Path, case: str, complete: bool) -> None:
    folder = copy(whole, tmp_path / "other", complete)
    before = contents(folder)
    again, message = CHANGED[case]
    with pytest.raises(InputError, match=message):
        again(folder)
    assert {name: digest for name, digest in contents(folder).items() if name != ".lock"} == {
        name: digest for name, digest in before.items() if name != ".lock"
    }


@pytest.mark.filterwarnings("ignore:.*other rules")
@pytest.mark.parametrize("what", ["rules", "versions", "code"])
def test_other_rules_and_other_versions_are_refused(whole: Path, tmp_path: Path, what: str) -> None:
    folder = copy(whole, tmp_path / "old")
    identity = json.loads((folder / "manifest.json").read_text())["identity"]
    changed(folder, identity=identity | {what: {"numpy": "1.0"} if what == "versions" else "0123456789abcdef"})
    with pytest.raises(InputError, match=f"{what}.* ha(ve|s) changed"):
        small(folder, depth="trace")
    with pytest.raises(SimError, match="another version"):
        module.work_on(str(folder), "key of whoever asks", 0, 1)


def test_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("five years of work")
    with pytest.raises(InputError, match=r"not a sweep \(thesis.txt\)"):
        small(tmp_path)
    (tmp_path / "a_file").touch()
    with pytest.raises(InputError, match="is a file"):
        small(tmp_path / "a_file")
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.txt", "a_file"}


def test_unfinished_sweep_says_so(whole: Path, tmp_path: Path) -> None:
    folder = copy(whole, tmp_path / "half")
    (folder / "outcomes" / "part-000003.parquet").unlink()
    with pytest.raises(InputError, match="unfinished: 1 of 4 parts"):
        sim.open_run(folder)


@pytest.mark.parametrize("depth", ["outcomes", "daily"])
def test_what_was_not_kept_is_named(depth: str) -> None:
    swept = small(None, 5, depth=depth)
    with pytest.raises(InputError, match="trace"):
        _ = swept.events
    with pytest.raises(InputError, match="kept outcomes"):
        swept.dataset("traces")
    assert (swept.daily is None) == (depth == "outcomes")
    with pytest.raises(InputError, match="points 0 to 3"):
        swept.read(point=4)
    with pytest.raises(InputError, match="embassy, force, truce"):
        swept.shares("rockets")


def test_progress_counts_to_the_end(whole: Path, tmp_path: Path) -> None:
    folder = copy(whole, tmp_path / "progress")
    (folder / "outcomes" / "part-000000.parquet").unlink()
    seen: list[tuple[int, int]] = []
    sim.sweep(
        SHORT, VARY, 30, folder, sim.SweepSettings("trace", part=30), lambda done, total: seen.append((done, total))
    )
    assert seen == [(120, 120)]


def test_folder_without_a_name_goes_with_the_object() -> None:
    swept = small(None, 3)
    folder = swept.folder
    assert len(swept.outcomes) == 12
    del swept
    assert not folder.exists()


class Dying(Executor):
    """An executor whose second task takes the pool down."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.tasks = 0

    def submit(self, function, /, *given):
        future: Future[int] = Future()
        self.tasks += 1
        if self.tasks == 2:
            future.set_exception(self.error("the pool is gone"))
        else:
            future.set_result(function(*given))
        return future


def test_dead_pool_leaves_a_folder_to_resume(whole: Path, tmp_path: Path) -> None:
    from concurrent.futures import BrokenExecutor, CancelledError

    for error in (BrokenExecutor, CancelledError):
        folder = tmp_path / error.__name__
        with pytest.raises(SimError, match="run the same again"):
            small(folder, depth="trace", executor=Dying(error))
        assert len(list((folder / "outcomes").glob("*.parquet"))) == 3
        small(folder, depth="trace")
        assert contents(folder) == contents(whole)


def test_settings_are_checked() -> None:
    for settings, message in (
        ({"depth": "deep"}, "known: daily, outcomes, trace"),
        ({"luck": "bad"}, "known: fresh, same"),
        ({"threads": 0}, "threads must be at least 1"),
        ({"part": 0}, "part must be at least 1"),
    ):
        with pytest.raises(InputError, match=message):
            small(None, **settings)
    with pytest.raises(InputError, match="4,294,967,296"):
        small(None, 2**31, part=10)
