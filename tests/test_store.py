"""Folders of results: replaced in place, whole after a kill at any moment, and never at the cost of other files."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.results.digest import facts_of, problem_with
from sim.results.folder import RUN, write_json
from sim.results.store import ARRIVING, Overwrite, facts_below, new_folder, settle


def make(target: Path, mark: str, wrap: Any = Path) -> None:
    """Something like a run: files that every one has, one that only this one has, and the manifest."""
    with new_folder(wrap(target), RUN) as draft:
        (draft / "plots").mkdir()
        for name in ("outcomes.txt", f"{mark}.txt", "plots/same.txt", f"plots/{mark}.txt"):
            (draft / name).write_text("the same" if "same" in name else mark)
        write_json(draft / RUN.mark, {"format": RUN.format, "files": facts_below(draft)})


def make_and_die(target: Path, mark: str, left: int) -> bool:
    """Replace what is there in a process of its own, killed before a change of a name; whether it lived to the end."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    remaining = iter(range(left))

    def counted(real: Any) -> Any:
        def change(*given: Any, **more: Any) -> Any:
            if next(remaining, None) is None:
                os._exit(9)
            return real(*given, **more)

        return change

    for name in ("rename", "replace", "unlink", "rmdir"):
        setattr(os, name, counted(getattr(os, name)))
    make(target, mark, Overwrite)
    os._exit(0)


def files(folder: Path) -> dict[str, str]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in sorted(found.items()) if name != RUN.mark}


def whole(mark: str) -> dict[str, str]:
    return {f"{mark}.txt": mark, "outcomes.txt": mark, f"plots/{mark}.txt": mark, "plots/same.txt": "the same"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
@pytest.mark.filterwarnings("ignore:.*fork")
def test_kill_between_any_two_renames_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """Killed before every single change of a name; whoever looks next finds one of the two, and the user's file."""
    seen = set()
    for step in range(60):
        target = tmp_path / f"run-{step}"
        make(target, "old")
        (target / "notes.md").write_text("mine")
        lived = make_and_die(target, "new", step)
        settle(target)
        found = files(target)
        assert found.pop("notes.md") == "mine"
        found = {name: text for name, text in found.items() if not name.startswith(".")}
        assert found in (whole("old"), whole("new"))
        seen.add(found == whole("new"))
        if lived:
            break
        make(target, "third", Overwrite)
        assert files(target) == whole("third") | {"notes.md": "mine"}, "and drafts of the killed are cleared away"
    assert lived
    assert step > 8
    assert seen == {True, False}


def test_what_arrived_is_moved_by_whoever_comes_next(tmp_path: Path) -> None:
    make(tmp_path / "run", "old")
    make(tmp_path / "next", "new")
    (tmp_path / "next").rename(tmp_path / "run" / ARRIVING)
    (tmp_path / "run" / ARRIVING / "outcomes.txt").replace(tmp_path / "run" / "outcomes.txt")  # as far as it got
    make(tmp_path / "run", "third", Overwrite)
    assert files(tmp_path / "run") == whole("third")


def test_files_of_the_user_stay(tmp_path: Path) -> None:
    make(tmp_path / "run", "old")
    for name in ("notes.md", "plots/mine.png"):
        (tmp_path / "run" / name).write_text("mine")
    (tmp_path / "run" / "old.txt").write_text("what I wrote on it")
    make(tmp_path / "run", "new", Overwrite)
    mine = {"notes.md": "mine", "plots/mine.png": "mine", "old.txt": "what I wrote on it"}
    assert files(tmp_path / "run") == whole("new") | mine


def test_a_manifest_of_somebody_else_removes_nothing_outside(tmp_path: Path) -> None:
    make(tmp_path / "run", "old")
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "thesis.txt", tmp_path / "elsewhere")
    (tmp_path / "run" / "link").symlink_to(tmp_path / "elsewhere")
    facts = facts_of(tmp_path / "thesis.txt")
    names = ["../thesis.txt", str(tmp_path / "thesis.txt"), "link/thesis.txt"]
    write_json(tmp_path / "run" / RUN.mark, {"format": RUN.format, "files": dict.fromkeys(names, facts)})
    make(tmp_path / "run", "new", Overwrite)
    assert (tmp_path / "thesis.txt").exists()
    assert (tmp_path / "elsewhere" / "thesis.txt").exists()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    make(tmp_path / "link", "old")  # the folder that it leads to is made
    make(tmp_path / "link", "new", Overwrite)
    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "real") == whole("new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with pytest.raises(InputError, match="cannot write"):
        make(tmp_path / "link", "old")


def test_the_current_folder_stays_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path(), "old")
    assert Path("old.txt").read_text() == "old"
    make(Path(), "new", Overwrite)
    assert files(Path()) == files(tmp_path) == whole("new")
    assert Path.cwd().samefile(tmp_path)


@pytest.mark.parametrize("name", [5, None, "", b"run"])
def test_what_is_no_name_is_refused(name: object) -> None:
    with pytest.raises(InputError, match="the name of a folder"):
        make(name, "old", lambda given: given)  # type: ignore[arg-type]


def test_a_change_of_one_bit_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)))
    facts = facts_of(path)
    assert problem_with(path, facts) == ""
    moment = path.stat().st_mtime_ns
    path.write_bytes(bytes([1, *range(1, 256)]))
    os.utime(path, ns=(moment, moment))
    assert "other contents" in problem_with(path, facts)
