"""Files that appear whole or not at all, and errors of the disk in words."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sim.errors import InputError
from sim.results.store import FORBIDDEN, FULL

DRAFT = ".draft"


@contextmanager
def arriving(path: Path) -> Iterator[IO[bytes]]:
    """Give a hidden draft to write to; it takes its name when the block ends without an error.

    The bytes are on the disk before the name is, so neither a kill nor a power cut leaves half a file.

    Raises:
        OSError: the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{DRAFT}")
    with draft.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    draft.replace(path)
    sync_folder(path.parent)


def write_json(path: Path, content: Any) -> None:
    """Write JSON that people can read, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    with arriving(path) as file:
        file.write(text.encode() + b"\n")


def sweep_away(folder: Path) -> None:
    """Remove the drafts that a killed process left below a folder."""
    for draft in folder.rglob(f".*{DRAFT}"):
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Let names in a folder survive a power cut; Windows does so by itself and opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Turn errors of the disk below a sweep's folder into messages that say how to go on.

    Raises:
        InputError: no space left, not allowed, or whatever else the system refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            text = f"no space left to write '{folder}'; what is finished is kept: make room and run the same again"
        elif error.errno in FORBIDDEN:
            text = f"'{folder}' is not writable: {os.strerror(error.errno)}"
        else:
            text = f"cannot write '{folder}': {error.strerror or error}; what is finished is kept"
        raise InputError(text) from error
