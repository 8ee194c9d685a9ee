"""Folders of results, written whole or not at all; whatever else stands in them is the user's and stays.

A new folder is written under a hidden name and renamed. A folder that is there is filled in place, so that it may be
the current one, a link, or hold files of the user: what is new is written into a hidden draft inside, which is renamed
to ``.arriving`` when it is whole, and moved out file by file, the manifest last. A kill before that renaming leaves
the old results; after it, whoever opens or writes the folder next carries the move out.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.results.digest import facts_of, problem_with

ARRIVING = ".arriving"
DRAFT = ".draft"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class Overwrite:
    """A target whose finished run may be replaced: ``run(scenario, out=Overwrite("out/baseline"))``.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> run = sim.run(short, worlds=4, out=sim.Overwrite("out/again"))
    """

    def __init__(self, path: str | Path) -> None:
        """Name the folder."""
        self.path = path_of(path)


class Kind(NamedTuple):
    """What a folder may hold: its name in sentences, the file that says so, and its ``format`` there."""

    name: str
    mark: str
    format: str


def path_of(out: object) -> Path:
    """A folder or file as a user names it.

    Raises:
        InputError: it is no name.
    """
    if not isinstance(out, str | os.PathLike) or not os.fspath(out):
        raise InputError(f"a place for results is the name of a folder, not {out!r}")
    return Path(os.fspath(out)).expanduser()


def target_of(out: object) -> tuple[Path, bool]:
    """Where results go, and whether what is there may be replaced.

    Raises:
        InputError: it is no name.
    """
    return (out.path, True) if isinstance(out, Overwrite) else (path_of(out), False)


@contextmanager
def new_folder(out: str | Path | Overwrite, kind: Kind) -> Iterator[Path]:
    """Give a hidden draft, and move what it holds to the target when the block ends without an error.

    After an error, an interrupt or a crash the target is what it was before.

    Raises:
        InputError: the target is a file, holds something of another kind, or holds finished results and is not an
            :class:`Overwrite`; it cannot be written; the disk is full.
    """
    given, may_replace = target_of(out)
    with writing(given):
        target = given.resolve()
        settle(target)
        refuse_taken(target, kind, may_replace, given)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep_away(target)
        draft, lock = _new_draft(target)
    try:
        with writing(given):
            yield draft
            refuse_taken(target, kind, may_replace, given)  # another process may have finished meanwhile
            _install(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def refuse_taken(target: Path, kind: Kind, may_replace: bool, given: Path | None = None) -> None:
    """Check that results may go to a folder.

    Args:
        target: the folder.
        kind: of the results.
        may_replace: whether finished results of that kind may be replaced.
        given: how the user named it.

    Raises:
        InputError: they may not.
        OSError: it cannot be looked into.
    """
    shown = given or target
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"'{shown}' is a file; {_a(kind)} needs a folder")
    if all(_is_ours(path.name) for path in target.iterdir()):
        return
    if not is_kind(target, kind):
        raise InputError(f"'{shown}' holds something that is not {_a(kind)}; name another folder")
    if not may_replace:
        raise InputError(
            f"'{shown}' holds a finished {kind.name}; name another folder, or allow it to be replaced (--force)"
        )


def refuse_unwritable(target: Path) -> None:
    """Check that files can be made in a folder, or in the nearest one above that is there.

    Raises:
        OSError: they cannot.
    """
    there = next(folder for folder in (target, *target.parents) if folder.exists())
    probe = there / f".{secrets.token_hex(4)}{DRAFT}"
    probe.mkdir()
    probe.rmdir()


def is_kind(folder: Path, kind: Kind) -> bool:
    """Whether a folder holds finished results of a kind."""
    return _mark(folder / kind.mark).get("format") == kind.format


def settle(folder: Path) -> None:
    """Carry out a move that a kill broke off: what has arrived whole takes the place of what was there.

    Raises:
        InputError: the folder cannot be written.
    """
    arriving = folder / ARRIVING
    if not arriving.is_dir():
        return
    with writing(folder):
        names = [path.relative_to(arriving).as_posix() for path in arriving.rglob("*") if path.is_file()]
        mark = min((name for name in names if name.endswith(".json")), default=None)  # manifest before numbers
        kept = {*names, *(_files(arriving / mark) if mark else ())}  # some may have been moved already
        for name, facts in _files(folder / mark).items() if mark else ():
            if name not in kept:
                _remove(folder, name, facts)
        for name in sorted(names, key=lambda name: name == mark):
            _move(arriving / name, folder / name)
        shutil.rmtree(arriving, ignore_errors=True)


def facts_below(folder: Path) -> dict[str, Any]:
    """The facts of every file below a folder, by its name there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): facts_of(path) for path in paths}


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turn the errors of writing below ``target`` into messages for the user.

    Raises:
        InputError: no space left, not allowed, or whatever else the system refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise InputError(f"no space left to write '{target}'; nothing was kept") from error
        if error.errno in FORBIDDEN:
            raise InputError(f"'{target}' is not writable: {os.strerror(error.errno or 0)}") from error
        raise InputError(f"cannot write '{target}': {error.strerror or error}") from error
    except RuntimeError as error:  # a loop of links, before Python 3.13
        if "ymlink" not in str(error):
            raise
        raise InputError(f"cannot write '{target}': {error}") from error


def _a(kind: Kind) -> str:
    return f"an {kind.name}" if kind.name[0] in "aeiou" else f"a {kind.name}"


def _is_ours(name: str) -> bool:
    return name == ARRIVING or (name.startswith(".") and name.endswith(DRAFT))


def _mark(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _files(mark: Path) -> Mapping[str, Any]:
    """The files that results say they have written."""
    files = _mark(mark).get("files")
    return files if isinstance(files, dict) else {}


def _new_draft(target: Path) -> tuple[Path, int | None]:
    """A new hidden folder, inside the target if it is there, and the lock that says somebody is at work on it."""
    while True:
        token = secrets.token_hex(4)
        draft = target / f".{token}{DRAFT}" if target.is_dir() else target.parent / f".{target.name}.{token}{DRAFT}"
        draft.mkdir()
        lock = _lock(draft, wait=True)
        if draft.is_dir():  # nobody took it for one that a killed process had left
            return draft, lock
        if lock is not None:
            os.close(lock)


def _sweep_away(target: Path) -> None:
    """Remove the drafts that killed processes left for a target."""
    drafts = [*target.glob(f".*{DRAFT}"), *target.parent.glob(f".{_literal(target.name)}.*{DRAFT}")]
    for draft in drafts:
        with suppress(OSError):
            lock = _lock(draft)
            if lock is not None:
                shutil.rmtree(draft, ignore_errors=True)
                os.close(lock)


def _literal(name: str) -> str:
    """A name in which no letter stands for others when files are looked for."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _lock(folder: Path, wait: bool = False) -> int | None:
    """A lock on a folder, which the system frees when its process dies; None where it is taken or there are none."""
    try:
        import fcntl
    except ModuleNotFoundError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def _install(draft: Path, target: Path) -> None:
    """Move a whole draft to the target."""
    if not target.exists():
        draft.rename(target)
        return
    settle(target)
    draft.rename(target / ARRIVING)
    settle(target)


def _move(path: Path, to: Path) -> None:
    with suppress(FileNotFoundError):  # somebody else who opens the folder moves the same files
        to.parent.mkdir(parents=True, exist_ok=True)
        path.replace(to)


def _remove(folder: Path, name: str, facts: Any) -> None:
    """Remove a file that results have written, if it is still what they wrote, and its folder if that is empty."""
    path = folder / PurePosixPath(name)
    inside = ".." not in path.parts and path.resolve().is_relative_to(folder.resolve())
    if inside and isinstance(facts, dict) and {"bytes", "sha256"} <= set(facts) and not problem_with(path, facts):
        path.unlink(missing_ok=True)
        with suppress(OSError):
            if path.parent != folder:
                path.parent.rmdir()
