"""The small folder that an analysis writes: summary, numbers, tables, figures; whole or not at all."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.results.folder import write_json, writing

NUMBERS = "numbers.json"
FORMAT = "escalation-sim analysis"


def save_analysis(
    folder: str | Path,
    numbers: Mapping[str, Any],
    summary: str,
    tables: Mapping[str, pd.DataFrame],
    draw: Callable[[Path], Any],
) -> Path:
    """Write an analysis into a folder.

    Args:
        folder: new or empty, or one that holds an earlier analysis, which is replaced.
        numbers: content of ``numbers.json``.
        summary: content of ``summary.md``.
        tables: each is written as ``NAME.csv``.
        draw: draws the figures into a folder.

    Raises:
        InputError: the folder cannot be written, or holds something else.
    """
    with _draft(Path(folder).expanduser().absolute()) as draft:
        draw(draft)
        for name, rows in tables.items():
            rows.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n")
        (draft / "summary.md").write_text(summary, encoding="utf-8", newline="\n")
        write_json(draft / NUMBERS, {"format": FORMAT} | dict(numbers))
    return Path(folder)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target that takes its place when the block ends without an error."""
    draft = target.parent / f".{target.name}.{secrets.token_hex(4)}.draft"
    with writing(target):
        if target.exists() and not _may_replace(target):
            raise InputError(f"'{target}' holds something that is not an analysis; name another folder")
        draft.mkdir(parents=True)
    try:
        with writing(target):
            yield draft
            if target.exists():
                shutil.rmtree(target)
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _may_replace(target: Path) -> bool:
    if not target.is_dir():
        return False
    if not any(target.iterdir()):
        return True
    try:
        return bool(json.loads((target / NUMBERS).read_text(encoding="utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False
