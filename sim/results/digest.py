"""What a file was when it was written: size, digest and rows, to know it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TABLE = ".parquet"
SEAL = "digest"
"""Key of a manifest that holds the digest of all the rest of it."""
Facts = dict[str, Any]
"""``bytes``, ``sha256`` and, of a table, ``rows``."""


def facts_of(path: Path) -> Facts:
    """The facts of a file as it is now.

    Raises:
        OSError: it cannot be read.
    """
    stat = path.stat()
    facts: Facts = {"bytes": stat.st_size, "sha256": _digest(path)}
    return facts | {"rows": _rows(path)} if path.suffix == TABLE else facts


def problem_with(path: Path, facts: Mapping[str, Any]) -> str:
    """How a file differs from what was written, or "": a change of a single bit is seen."""
    if path.is_dir():
        return "it is a folder, which has to be moved elsewhere first"
    if not path.exists():
        return "it is missing"
    try:
        if path.stat().st_size == facts["bytes"] and _digest(path) == facts["sha256"]:
            return ""
        rows = _rows(path) if path.suffix == TABLE else None
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be read ({(str(error) or type(error).__name__).splitlines()[0]})"
    if rows != facts.get("rows"):
        return f"it has {rows} rows, and {facts['rows']} were written"
    return "it has other contents than were written"


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest with the digest of itself."""
    bare = json.loads(json.dumps({key: value for key, value in content.items() if key != SEAL}))
    return bare | {SEAL: hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Whether a manifest is what was written."""
    return content.get(SEAL) == sealed(content)[SEAL]


def _rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _digest(path: Path) -> str:
    """The digest; of a file that has not been touched since it is known from the last time."""
    stat = path.stat()
    return _digest_of(str(path), (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))


@lru_cache(maxsize=100_000)
def _digest_of(path: str, _stamp: tuple[int, ...]) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
