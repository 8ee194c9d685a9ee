"""The run folder: whole or not at all, and never over something else."""

import errno
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import InputError
from sim.results.digest import sealed
from sim.results.folder import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    Overwrite,
    TableWriter,
    is_run,
    new_folder,
    read_manifest,
    read_table,
    write_json,
)  # fmt: skip


def finish(folder: Path, mark: str = "") -> None:
    write_json(folder / MANIFEST, {"format": FORMAT, "format_version": FORMAT_VERSION, "mark": mark})


def mark_of(folder: Path) -> str:
    return str(json.loads((folder / MANIFEST).read_text())["mark"])


def make(target: Path, mark: str = "") -> None:
    with new_folder(target) as draft:
        finish(draft, mark)


def break_off(target: Path | Overwrite, stop: type[BaseException]) -> None:
    with new_folder(target) as draft:
        finish(draft, "new")
        raise stop


def test_it_appears_when_it_is_finished(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    with new_folder(target) as draft:
        finish(draft)
        assert not target.exists()
        assert draft.name.startswith(".")
    assert is_run(target)
    assert [path.name for path in target.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_nothing_is_left_of_an_interrupted_run(stop: type[BaseException], tmp_path: Path) -> None:
    with pytest.raises(stop):
        break_off(tmp_path / "run", stop)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_nothing_that_looks_finished(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom sim.results.folder import new_folder\n"
        "with new_folder(sys.argv[1]) as draft:\n"
        "    (draft / 'outcomes.parquet').write_bytes(b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "run")], check=False)
    assert done.returncode != 0
    assert not (tmp_path / "run").exists()
    assert not any(is_run(path) for path in tmp_path.iterdir())
    make(tmp_path / "run")
    assert is_run(tmp_path / "run")


def test_a_finished_run_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    make(tmp_path / "run", "old")
    with pytest.raises(InputError, match=r"holds a finished run.*--force"):
        make(tmp_path / "run", "new")
    assert mark_of(tmp_path / "run") == "old"
    with new_folder(Overwrite(tmp_path / "run")) as draft:
        finish(draft, "new")
    assert mark_of(tmp_path / "run") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_that_was_finished_meanwhile_is_kept(tmp_path: Path) -> None:
    """Two at once: both found nothing there when they began."""
    second = new_folder(tmp_path / "run")
    finish(second.__enter__(), "second")
    make(tmp_path / "run", "first")
    with pytest.raises(InputError, match="holds a finished run"):
        second.__exit__(None, None, None)
    assert mark_of(tmp_path / "run") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_overwrite_that_fails_keeps_the_old_run(tmp_path: Path) -> None:
    make(tmp_path / "run", "old")
    with pytest.raises(RuntimeError):
        break_off(Overwrite(tmp_path / "run"), RuntimeError)
    assert mark_of(tmp_path / "run") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("wrap", [Path, Overwrite])
def test_a_folder_of_something_else_is_never_touched(wrap: type, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(InputError, match="something that is not a run"), new_folder(wrap(tmp_path)):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    make(tmp_path / "run")
    assert is_run(tmp_path / "run")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(InputError, match="is a file"):
        make(tmp_path / "run")
    with pytest.raises(InputError, match=r"cannot write|is a file|not writable"):
        make(tmp_path / "run" / "below")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_place_that_is_not_writable_is_bad_input(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="not writable"):
        make(tmp_path / "run")


@pytest.mark.parametrize(
    ("code", "message"),
    [(errno.EACCES, "is not writable"), (errno.EROFS, "is not writable"), (errno.ENOSPC, "no space left"),
     (errno.EDQUOT, "no space left"), (errno.EIO, "cannot write")],
)  # fmt: skip
def test_errors_of_the_system_are_told_in_words(code: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message), new_folder(tmp_path / "run"):
        raise OSError(code, os.strerror(code))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_while_a_table_grows(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the writes of the Parquet library fail for real."""
    code = (
        "import sys, resource, signal\nimport numpy as np, pandas as pd\n"
        "from sim.errors import InputError\nfrom sim.results.folder import TableWriter, new_folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n    with new_folder(sys.argv[1]) as draft:\n        writer = TableWriter(draft / 't.parquet')\n"
        "        for k in range(50):\n"
        "            writer.write(pd.DataFrame({'x': np.random.default_rng(k).random(10_000)}))\n"
        "except InputError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("no space left to write"), done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_reading_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run folder"):
        read_manifest(tmp_path / "missing")
    with pytest.raises(InputError, match="is not a run"):
        read_manifest(tmp_path)
    (tmp_path / MANIFEST).write_text("{not json")
    with pytest.raises(InputError, match="is not a run"):
        read_manifest(tmp_path)
    ever = {"worlds": 6, "depth": "daily", "horizon": 9, "scenario": {}}
    write_json(tmp_path / MANIFEST, {"format": FORMAT, "format_version": 99, **ever})
    with pytest.raises(InputError, match="version 99"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(("name", "value"), [("worlds", None), ("worlds", "6"), ("depth", 3), ("scenario", [])])
def test_a_damaged_manifest_is_bad_input(tmp_path: Path, name: str, value: object) -> None:
    whole = {"format": FORMAT, "format_version": FORMAT_VERSION}
    whole |= {"worlds": 6, "depth": "daily", "horizon": 9, "asks": False, "scenario": {}, "files": {}}
    whole |= {"scenario_hash": "a", "rule_hash": "b"}
    write_json(tmp_path / MANIFEST, sealed(whole))
    assert read_manifest(tmp_path) == sealed(whole)
    write_json(tmp_path / MANIFEST, sealed(whole | {name: value}))
    with pytest.raises(InputError, match=f"is damaged: {name} cannot be used"):
        read_manifest(tmp_path)


def test_a_missing_or_damaged_table_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        read_table(tmp_path, "outcomes")
    (tmp_path / "outcomes.parquet").write_bytes(b"PAR1 half a file")
    with pytest.raises(InputError, match="damaged"):
        read_table(tmp_path, "outcomes")


def test_chunks_become_row_groups_of_one_table(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path / "t.parquet")
    parts = [pd.DataFrame({"x": [k], "word": pd.Categorical(["b"], categories=["a", "b"])}) for k in range(3)]
    for part in parts:
        writer.write(part)
    writer.close()
    pd.testing.assert_frame_equal(read_table(tmp_path, "t"), pd.concat(parts, ignore_index=True))


def test_json_has_no_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "x.json", {"a": float("nan")})
