"""What is on disk is what was lived: what is lost, added, swapped, cut or foreign is refused and can be mended."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sweeps import SHORT, contents, small

import sim
from sim.errors import InputError
from sim.experiments import plan, sweep
from sim.plots.gallery import FIGURES
from sim.results import Overwrite
from sim.results.digest import sealed
from sim.scenario.kept import OtherRules

POSTERIOR = Path(__file__).parents[1] / "scenarios" / "posterior-2020-09-28.parquet"
QUESTION = {"id": "raid", "text": "A strike by {end}?", "measure": "us_strikes", "statistic": "total"}
ASKING = QUESTION | {"comparison": ">=", "threshold": 1}
WORLDS = 12


def lost(path: Path, _other: Path) -> None:
    path.unlink()


def cut(path: Path, _other: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def edited(path: Path, _other: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def swapped(path: Path, other: Path) -> None:
    """The file of the same name of other results of the same size."""
    shutil.copy(other, path)


def foreign(path: Path, _other: Path) -> None:
    if path.suffix == ".parquet":
        pd.DataFrame({"a": [1]}).to_parquet(path)
    else:
        path.write_text('{"a": 1}')


def as_folder(path: Path, _other: Path) -> None:
    path.unlink()
    path.mkdir()


def damage_or_skip(damage: Callable[[Path, Path], None], path: Path, other: Path) -> None:
    if damage is swapped and path.read_bytes() == other.read_bytes():
        pytest.skip("both have the same")
    damage(path, other)


DAMAGES = (lost, cut, edited, swapped, foreign, as_folder)
Damage = Callable[[Path, Path], None]


def live(folder: Path | Overwrite, seed: int = 1) -> sim.results.Run:
    """A run with every table that there can be."""
    scenario = sim.load({"extends": "baghdad-2020", "parameters": str(POSTERIOR)})
    return sim.run(scenario.with_({"horizon": 8, "seed": seed, "questions": [ASKING]}), WORLDS, folder, "trace")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])
        live(folder / "run")
        live(folder / "other", seed=2)
    return folder


@pytest.fixture
def _one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])


NEEDED = ("outcomes.parquet", "daily.parquet", "traces.parquet", "answers.parquet", "parameters.parquet")


@pytest.mark.usefixtures("_one_figure")
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", NEEDED)
def test_a_run_whose_file_was_changed_is_refused_and_mended(
    runs: Path, tmp_path: Path, name: str, damage: Damage
) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    damage_or_skip(damage, folder / name, runs / "other" / name)
    with pytest.raises(InputError, match=rf"{name}' is (damaged|missing): .*sim run .* --force") as told:
        sim.open_run(folder)
    assert f"--worlds {WORLDS} --depth trace" in str(told.value)
    if (folder / name).is_dir():
        (folder / name).rmdir()
    if name == "parameters.parquet":
        return  # its scenario cannot be lived without its draws
    mended = sim.run(folder / "scenario.yaml", WORLDS, Overwrite(folder), "trace")
    assert mended.outcomes.equals(sim.open_run(runs / "run").outcomes)
    assert mended.answers.equals(sim.open_run(runs / "run").answers)


@pytest.mark.parametrize("damage", [cut, edited, swapped, foreign])
@pytest.mark.parametrize("name", ["scenario.yaml", "numbers.json"])
def test_what_a_run_does_not_need_may_be_lost_but_not_differ(
    runs: Path, tmp_path: Path, name: str, damage: Damage
) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    damage(folder / name, runs / "other" / name)
    with pytest.raises(InputError, match=f"{name}' is not that of this run: .*move it away"):
        sim.open_run(folder)
    (folder / name).unlink()
    assert sim.open_run(folder).worlds == WORLDS


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_whose_manifest_was_changed_is_refused(runs: Path, tmp_path: Path, damage: Damage) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    damage(folder / "manifest.json", runs / "other" / "manifest.json")
    with pytest.raises(InputError, match=r"sim run .*scenario\.yaml.* --out ANOTHER|damaged"):
        sim.open_run(folder)


def test_a_number_edited_in_the_manifest_is_seen(runs: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"worlds": {WORLDS}', '"worlds": 5'))
    with pytest.raises(InputError, match="other contents than were written"):
        sim.open_run(folder)


def test_files_beside_those_of_a_run_do_not_matter(runs: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    for name in ("notes.md", "outcomes (conflicted copy).parquet", "plots/mine.png"):
        shutil.copy(folder / "outcomes.parquet", folder / name)
    (folder / "report.md").write_text("I wrote on it.")
    assert sim.open_run(folder).outcomes.equals(sim.open_run(runs / "run").outcomes)


def test_a_run_is_whole_wherever_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The draws are in the folder: the file they came from may be lost or be written anew."""
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(POSTERIOR, home / "post.parquet")
    (home / "mine.yaml").write_text("extends: baghdad-2020\nparameters: post.parquet\nhorizon: 8\n")
    lived = sim.run(home / "mine.yaml", WORLDS, home / "run", "trace")
    hashes = {lived.scenario.hash, sim.load(home / "mine.yaml").hash}
    table = pd.read_parquet(home / "post.parquet")
    table.iloc[::-1].to_parquet(home / "post.parquet", index=False)  # a new fit has the name of the old one
    hashes.add(sim.open_run(home / "run").scenario.hash)
    (home / "post.parquet").unlink()
    home.rename(tmp_path / "moved")
    folder = tmp_path / "moved" / "run"
    again = sim.open_run(folder)
    hashes |= {again.scenario.hash, sim.load(folder / "scenario.yaml").hash}
    assert len(hashes) == 1
    assert again.outcomes.equals(pd.read_parquet(folder / "outcomes.parquet"))
    pd.testing.assert_frame_equal(sim.run(again.scenario, WORLDS).outcomes, again.outcomes)
    pd.testing.assert_frame_equal(sim.run(folder / "scenario.yaml", WORLDS).outcomes, again.outcomes)
    assert sim.replay(folder, 3).outcome["rockets"] == again.outcomes["rockets"][3]
    assert again.world(3).lines == sim.run(again.scenario, WORLDS).world(3).lines


def test_another_scenario_under_the_same_rules_is_refused(runs: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["scenario"]["us"]["red_line"] = 9
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))
    for opened in (sim.open_run, sim.replay):
        with pytest.raises(InputError, match="does not hold the scenario that was lived"):
            opened(folder)


def test_other_rules_are_said(runs: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(runs / "run", tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text()) | {"rule_hash": "0123456789abcdef"}
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))
    with pytest.warns(OtherRules, match="was lived under other rules"):
        assert sim.open_run(folder).worlds == WORLDS


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sweeps of the same size, of which the other has another luck."""
    folder = tmp_path_factory.mktemp("swept")
    small(folder / "sweep", 10, depth="trace")
    sim.sweep(
        SHORT.with_({"seed": 5}), {"us.rationality": [2.0, 6.0], "us.mindset": "default,washington-max-pressure"}, 10,
        folder / "other", sim.SweepSettings("trace", part=10),
    )  # fmt: skip
    return folder


PARTS = tuple(f"{table}/part-000002.parquet" for table in ("outcomes", "daily", "traces"))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*PARTS, "points.parquet", "scenario.yaml", "manifest.json"])
def test_a_sweep_whose_file_was_changed_is_refused_and_mended(
    swept: Path, tmp_path: Path, name: str, damage: Damage
) -> None:
    """Once for whoever opens the folder, once for a sweep that is held, and the same sweep again mends it."""
    folder = shutil.copytree(swept / "sweep", tmp_path / "sweep")
    held = sim.open_run(folder)
    damage_or_skip(damage, folder / name, swept / "other" / name)
    with pytest.raises(InputError, match=r"again to mend it|not a sweep|not a run"):
        sim.open_run(folder)
    with pytest.raises(InputError):
        held.probabilities()
    if (folder / name).is_dir():
        (folder / name).rmdir()  # nobody's folder is removed unasked
    if name == "manifest.json" and damage not in (lost, as_folder):
        with pytest.raises(InputError, match=r"--force|holds another sweep"):
            small(folder, 10, depth="trace")
    may_replace = Overwrite if name == "manifest.json" else Path
    small(may_replace(folder), 10, depth="trace")  # type: ignore[arg-type]
    assert contents(folder) == contents(swept / "sweep")
    assert sim.open_run(folder).outcomes.equals(sim.open_run(swept / "sweep").outcomes)


@pytest.mark.parametrize("name", ["part-000002 (conflicted copy).parquet", "part-000004.parquet", "notes.txt"])
def test_a_file_added_among_the_tables_is_refused(swept: Path, tmp_path: Path, name: str) -> None:
    """Whoever reads the folder without us would count it; it may be the user's, so it is not removed."""
    folder = shutil.copytree(swept / "sweep", tmp_path / "sweep")
    strange = shutil.copy(folder / PARTS[0], folder / "outcomes" / name)
    for again in (sim.open_run, lambda folder: small(folder, 10, depth="trace")):
        with pytest.raises(InputError, match="is no part of the sweep: move it elsewhere"):
            again(folder)
    Path(strange).rename(tmp_path / name)
    assert len(sim.open_run(folder).outcomes) == 40
    (folder / "notes.txt").write_text("beside the tables it does not matter")
    (folder / "outcomes" / ".DS_Store").touch()
    assert len(sim.open_run(folder).outcomes) == 40


def unfinished(folder: Path) -> None:
    """Live all parts but the third."""
    real = sweep.write_part

    def interrupted(*given: object) -> int:
        if given[2] == 2:
            raise KeyboardInterrupt
        return real(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "write_part", interrupted)
        with pytest.raises(KeyboardInterrupt):
            small(folder, 10, depth="trace")


@pytest.mark.parametrize("damage", [lost, cut, edited, swapped, foreign])
@pytest.mark.parametrize("table", ["outcomes", "daily", "traces", "records"])
def test_a_part_that_changed_before_the_end_is_lived_again(
    swept: Path, tmp_path: Path, table: str, damage: Damage
) -> None:
    unfinished(tmp_path / "sweep")
    suffix = "json" if table == "records" else "parquet"
    other = swept / "other" / ("manifest.json" if table == "records" else f"{table}/part-000001.parquet")
    damage(tmp_path / "sweep" / table / f"part-000001.{suffix}", other)
    with pytest.raises(InputError, match="unfinished: 3 of 4 parts"):
        sim.open_run(tmp_path / "sweep")
    small(tmp_path / "sweep", 10, depth="trace")
    assert contents(tmp_path / "sweep") == contents(swept / "sweep")


def test_parts_of_nobody_are_not_taken_for_ours(swept: Path, tmp_path: Path) -> None:
    """A folder that lost its manifest: its parts have the right size, and may be of any sweep."""
    folder = shutil.copytree(swept / "other", tmp_path / "sweep")
    (folder / "manifest.json").unlink()
    small(folder, 10, depth="trace")
    assert contents(folder) == contents(swept / "sweep")


def test_parts_that_change_while_the_sweep_ends_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sweep.write_part

    def spoilt(folder: Path, *given: object) -> int:
        if given[1] == 3:
            (folder / "outcomes" / "part-000000.parquet").write_bytes(b"half")
        return real(folder, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "write_part", spoilt)
    with pytest.raises(InputError, match=r"was changed meanwhile: outcomes/part-000000\.parquet"):
        small(tmp_path / "sweep", 10)


def test_a_resume_after_an_edit_of_what_writes_tables_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished(tmp_path / "sweep")
    monkeypatch.setattr(plan, "CODE", "0123456789abcdef")
    with pytest.raises(InputError, match="the code that writes the tables has changed"):
        small(tmp_path / "sweep", 10, depth="trace")


def test_the_hash_of_the_code_follows_every_file_that_shapes_a_table() -> None:
    from sim.compiled import MODEL, PACKAGE
    from sim.results.code import SHAPING

    watched = {path for pattern in (*MODEL, *SHAPING) for path in PACKAGE.glob(pattern)}
    used = {"scores", "daily", "tables", "trace", "resolve", "answers", "daily_table"}
    assert {PACKAGE / "results" / f"{name}.py" for name in used} <= watched
    assert {PACKAGE / "experiments" / f"{name}.py" for name in ("tables", "variants", "layout", "part")} <= watched


def test_a_sweep_holds_its_draws(tmp_path: Path) -> None:
    shutil.copy(POSTERIOR, tmp_path / "post.parquet")
    (tmp_path / "mine.yaml").write_text("extends: baghdad-2020\nparameters: post.parquet\nhorizon: 8\n")
    first = sim.sweep(tmp_path / "mine.yaml", {"us.red_line": [1, 2]}, 6, tmp_path / "sweep")
    (tmp_path / "post.parquet").unlink()
    (tmp_path / "sweep").rename(tmp_path / "moved")
    again = sim.open_run(tmp_path / "moved")
    assert again.plan.key == first.plan.key
    pd.testing.assert_frame_equal(sim.run(again.run(1).scenario, 6).outcomes, again.run(1).outcomes)
    (tmp_path / "moved" / "parameters.parquet").unlink()
    with pytest.raises(InputError, match=r"parameters\.parquet"):
        sim.open_run(tmp_path / "moved")


def test_replacing_a_sweep_leaves_the_files_of_the_user(swept: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(swept / "other", tmp_path / "sweep")
    (folder / "plots").mkdir()
    for name in ("notes.md", "plots/mine.png"):
        (folder / name).write_text("mine")
    small(Overwrite(folder), 10, depth="trace")  # type: ignore[arg-type]
    assert [(folder / name).read_text() for name in ("notes.md", "plots/mine.png")] == ["mine", "mine"]
    assert len(sim.open_run(folder).outcomes) == 40
