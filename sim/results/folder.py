"""The run folder: written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.scenario import shipped

FORMAT = "escalation-sim run"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
KINDS = {"worlds": int, "depth": str, "horizon": int, "scenario": dict}
"""What is read of the manifest of a run."""
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class Overwrite:
    """A target whose finished run may be replaced: ``run(scenario, out=Overwrite("out/baseline"))``.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> run = sim.run(short, worlds=4, out=sim.Overwrite("out/again"))
    """

    def __init__(self, path: str | Path) -> None:
        """Name the folder."""
        self.path = Path(path)


@contextmanager
def new_folder(out: str | Path | Overwrite) -> Iterator[Path]:
    """Give a hidden draft beside the target, and move it there when the block ends without an error.

    After an error, an interrupt or a crash the target is what it was before.

    Raises:
        InputError: the target is a file, holds something that is not a run, or holds a finished run and is not an
            :class:`Overwrite`; its parent cannot be written; the disk is full.
    """
    target = (out.path if isinstance(out, Overwrite) else Path(out)).expanduser().absolute()
    _refuse(target, isinstance(out, Overwrite))
    draft = target.parent / f".{target.name}.{secrets.token_hex(4)}.draft"
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
    try:
        with writing(target):
            yield draft
            _refuse(target, isinstance(out, Overwrite))  # another process may have finished meanwhile
            _replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refuse(target: Path, may_replace: bool) -> None:
    with writing(target):
        if not target.exists():
            return
        if not target.is_dir():
            raise InputError(f"'{target}' is a file; a run needs a folder")
        if not any(target.iterdir()):
            return
        if not is_run(target):
            raise InputError(f"'{target}' holds something that is not a run; name another folder")
    if not may_replace:
        raise InputError(f"'{target}' holds a finished run; name another folder, or allow it to be replaced (--force)")


def _replace(draft: Path, target: Path) -> None:
    """Move the draft to the target; whatever was there is put back if the move fails."""
    if not target.exists():
        draft.rename(target)
        return
    old = draft.with_suffix(".old")
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
            raise InputError(f"'{target}' is not writable: {os.strerror(error.errno)}") from error
        raise InputError(f"cannot write '{target}': {error.strerror or error}") from error


def is_folder(source: object) -> bool:
    """Whether a name or path means a folder of results: a shipped scenario's name does not, unless a run has it too."""
    if not isinstance(source, str | Path) or not str(source):
        return False
    try:
        return Path(source).is_dir() and (str(source) not in shipped() or (Path(source) / MANIFEST).is_file())
    except OSError:  # a name that no file can have, such as the text of a scenario
        return False


def is_run(folder: Path) -> bool:
    """Whether the folder holds a finished run."""
    try:
        return bool(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_json(path: Path, content: Any) -> None:
    """Write JSON that people can read and that has no NaN."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a finished run.

    Raises:
        InputError: the folder does not exist, is not a run, is one of another version, or its manifest is damaged.
    """
    if not folder.is_dir():
        raise InputError(f"no run folder '{folder}'")
    if not is_run(folder):
        raise InputError(f"'{folder}' is not a run: it has no {MANIFEST} of a run")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"'{folder}' has version {manifest.get('format_version')} of the run format; this program reads"
            f" version {FORMAT_VERSION}"
        )
    refuse_damaged(folder / MANIFEST, manifest, KINDS)
    return manifest


def refuse_damaged(path: Path, manifest: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Check that what is read of a manifest is there and of its kind.

    Raises:
        InputError: it is not; the message names what.
    """
    wrong = [name for name, kind in kinds.items() if type(manifest.get(name)) is not kind]
    if wrong:
        raise InputError(f"'{path}' is damaged: {', '.join(wrong)} cannot be used")


class TableWriter:
    """A Parquet file written chunk by chunk; each chunk is a row group."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made with the first chunk."""
        self.path = path
        self._writer: Any = None

    def write(self, chunk: pd.DataFrame) -> None:
        """Append some rows; every chunk has the columns of the first."""
        table = pa.Table.from_pandas(chunk, preserve_index=False)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._writer is not None:
            self._writer.close()


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one table of a run.

    Raises:
        InputError: it is missing or damaged.
    """
    path = folder / f"{name}.parquet"
    if path.is_dir():
        raise InputError(f"'{path}' is damaged: it is a folder")
    try:
        return pd.read_parquet(path)
    except FileNotFoundError as error:
        raise InputError(f"'{path}' is missing: the run is incomplete") from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"'{path}' is damaged: {error}") from error
