"""One process at a time on a folder: a lock that ends with its process, however that ends."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sim.errors import InputError

NAME = ".lock"
_guard = Lock()
_held: set[Path] = set()
"""Folders that this process has locked: the system lets a process lock its own lock a second time."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the file names the holder meanwhile and is empty afterwards.

    The system frees the lock when the process dies, also by ``kill -9``; a child made by a fork does not inherit it.

    Raises:
        InputError: another process, or another thread of this one, holds it.
        OSError: the lock file cannot be written.
    """
    path = (folder / NAME).resolve()
    with _guard:
        if path in _held:
            raise _taken(folder, f"{os.getpid()} (this one)")
        _held.add(path)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _sign(folder, handle)
            yield
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)
    finally:
        _held.discard(path)


def _sign(folder: Path, handle: int) -> None:
    if not _grab(handle):
        raise _taken(folder, os.read(handle, 200).decode(errors="replace").strip() or "unknown")
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()} on {socket.gethostname()}\n".encode())


def _taken(folder: Path, holder: str) -> InputError:
    return InputError(f"'{folder}' is being written by process {holder}; wait for it, or name another folder")


def _grab(handle: int) -> bool:
    """Take the lock without waiting; whether it was free."""
    try:
        import fcntl
    except ModuleNotFoundError:
        return _grab_on_windows(handle)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _grab_on_windows(handle: int) -> bool:
    """The same for Windows, on a byte beyond the text, so that others can read who holds it."""
    import msvcrt

    os.lseek(handle, 1 << 20, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    finally:
        os.lseek(handle, 0, os.SEEK_SET)
    return True
