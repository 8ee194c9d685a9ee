"""The folders of compiled rules, one for each version of the rules: which there are, and what becomes of old ones."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = re.compile(r"[0-9a-f]{16}(-numba[0-9a-z.+]+)?")
"""Name of a folder: hash of the sources, version of Numba."""
UNUSED = timedelta(days=30)
"""Folders that were not used for so long go when new rules are compiled."""
log = logging.getLogger("sim.rules")


@dataclass(frozen=True)
class RuleFolder:
    """The compiled rules of one version.

    Args:
        path: where they are.
        used: when a process last began to use them.
        size: bytes on disk.
    """

    path: Path
    used: datetime
    size: int


def say(message: str) -> None:
    """Warn, from the process that a user started and not from its workers."""
    if multiprocessing.parent_process() is None:
        log.warning(message)


def used(folder: Path) -> None:
    """Note that a process uses a folder, as the time of the folder itself."""
    with suppress(OSError):
        os.utime(folder)


def folders(home: Path) -> list[RuleFolder]:
    """All folders of compiled rules in ``home``, the latest used first; other files and folders are left out."""
    found = [_folder(path) for path in _paths(home)]
    return sorted(found, key=lambda each: each.used, reverse=True)


def prune(home: Path, keep: Path | None = None, unused: timedelta = UNUSED) -> list[Path]:
    """Remove the folders that were not used for a time, except one; which were removed."""
    limit = datetime.now(UTC) - unused
    old = [path for path in _paths(home) if path != keep and _last_use(path) < limit]
    return [path for path in old if _removed(path)]


def clear(home: Path) -> list[Path]:
    """Remove all folders of compiled rules; which were removed. What is in use is compiled again."""
    return [path for path in _paths(home) if _removed(path)]


def _paths(home: Path) -> list[Path]:
    try:
        return [path for path in home.iterdir() if FOLDER.fullmatch(path.name) and path.is_dir()]
    except OSError:
        return []


def _folder(path: Path) -> RuleFolder:
    return RuleFolder(path, _last_use(path), sum(_size(each) for each in path.rglob("*")))


def _last_use(path: Path) -> datetime:
    """When a folder was last used; now, if another process is just removing it."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return datetime.now(UTC)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _removed(path: Path) -> bool:
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()
