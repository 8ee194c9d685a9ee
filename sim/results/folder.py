"""The run folder: what is in it, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from shlex import quote
from shutil import disk_usage
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.results import store
from sim.results.digest import is_sealed, problem_with
from sim.results.store import Kind, Overwrite, is_kind, settle
from sim.scenario import shipped

FORMAT = "escalation-sim run"
FORMAT_VERSION = 2
MANIFEST = "manifest.json"
RUN = Kind("run", MANIFEST, FORMAT)
KINDS = {
    "worlds": int, "depth": str, "horizon": int, "scenario": dict, "scenario_hash": str, "rule_hash": str,
    "files": dict, "asks": bool,
}  # fmt: skip
"""What is read of the manifest of a run."""
EVER = {name: KINDS[name] for name in ("worlds", "depth", "horizon", "scenario")}
"""What the manifest of every version holds: without it a manifest is damaged, whatever its version."""
TOLD = ("scenario.yaml", "numbers.json")
"""Files that tell the same as the manifest and the tables: they may be missing, and must not differ."""
ROW_GROUP = 20_000
"""Rows that are held before they are written; one chunk more at most."""
FREE = ("report.md", "report.html", "plots/")
"""Files for people, who may write on them."""


def new_folder(out: str | Path | Overwrite) -> AbstractContextManager[Path]:
    """A hidden draft of a run; see :func:`sim.results.store.new_folder`."""
    return store.new_folder(out, RUN)


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
    return is_kind(folder, RUN)


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
    settle(folder)
    if not is_run(folder):
        raise InputError(f"'{folder}' is not a run: it has no {MANIFEST} of a run{_again_elsewhere(folder)}")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    refuse_damaged(folder / MANIFEST, manifest, EVER)
    if manifest.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"'{folder}' has version {manifest.get('format_version')} of the run format; this program reads"
            f" version {FORMAT_VERSION}{_again_elsewhere(folder)}"
        )
    refuse_damaged(folder / MANIFEST, manifest, KINDS)
    if not is_sealed(manifest):
        raise InputError(
            f"'{folder / MANIFEST}' is damaged: it has other contents than were written{_again_elsewhere(folder)}"
        )
    return manifest


def refuse_changed(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Check that a run is whole: that its tables and draws are those that were written.

    Raises:
        InputError: one is missing, or is not what was written; the message says how to mend it.
    """
    for name, facts in manifest["files"].items():
        if name.startswith(FREE):
            continue
        path = folder / name
        problem = "" if name in TOLD and not path.exists() else problem_with(path, facts)
        if problem and name in TOLD:
            raise InputError(f"'{path}' is not that of this run: {problem}; move it away, the run does not need it")
        if problem:
            what = "is missing: the run is incomplete" if not path.exists() else f"is damaged: {problem}"
            raise InputError(f"'{path}' {what}; {_again(folder, manifest)}")


def refuse_full_disk(folder: Path, need: float) -> None:
    """Check that a disk has room for so many bytes, before worlds are lived for which it has none.

    Raises:
        InputError: it has not.
        OSError: it cannot be asked.
    """
    free = disk_usage(folder).free
    if need > free:
        raise InputError(
            f"no space left to write '{folder}': about {need / 1e9:,.2f} GB are needed, and {free / 1e9:,.2f} GB are"
            " free"
        )


def _again(folder: Path, manifest: Mapping[str, Any]) -> str:
    """How to live a damaged run again."""
    file = folder / "scenario.yaml"
    if problem_with(file, manifest["files"].get(file.name, {"bytes": -1, "sha256": ""})):
        return "take the folder again from where it came, or live its scenario again"
    size = f"--worlds {manifest['worlds']} --depth {manifest['depth']}"
    return f"to mend it, live it again: sim run {quote(str(file))} {size} --out {quote(str(folder))} --force"


def _again_elsewhere(folder: Path) -> str:
    """How to live a run again whose manifest is of no use, if its scenario is there."""
    file = folder / "scenario.yaml"
    return (
        f"; its scenario is there, to live it again: sim run {quote(str(file))} --out ANOTHER" if file.is_file() else ""
    )


def refuse_damaged(path: Path, manifest: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    """Check that what is read of a manifest is there and of its kind.

    Raises:
        InputError: it is not; the message names what.
    """
    wrong = [name for name, kind in kinds.items() if type(manifest.get(name)) is not kind]
    if wrong:
        raise InputError(f"'{path}' is damaged: {', '.join(wrong)} cannot be used")


class TableWriter:
    """A Parquet file written chunk by chunk; rows are gathered into row groups of a size that depends on them alone."""

    def __init__(self, path: Path, group: int = ROW_GROUP) -> None:
        """Name the file, which is made with the first rows, and say how many rows are gathered."""
        self.path = path
        self._group = group
        self._held: list[pd.DataFrame] = []
        self._writer: Any = None

    def write(self, chunk: pd.DataFrame) -> None:
        """Append some rows; every chunk has the columns of the first."""
        self._held.append(chunk)
        if sum(map(len, self._held)) >= self._group:
            self._write()

    def close(self) -> None:
        """Write what is held and finish the file, if there is one."""
        if self._held:
            self._write()
        if self._writer is not None:
            self._writer.close()

    def abandon(self) -> None:
        """Let go of the file after an error: what is held is not written."""
        self._held = []
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()

    def _write(self) -> None:
        table = pa.Table.from_pandas(pd.concat(self._held, ignore_index=True), preserve_index=False)
        self._held = []
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self._writer.write_table(table)


def read_table(folder: Path, name: str, columns: Sequence[str] | None = None, filters: Any = None) -> pd.DataFrame:
    """Read one table of a run: all of it, some columns, or the rows that pass some filters of pyarrow.

    Raises:
        InputError: it is missing or damaged.
    """
    path = folder / f"{name}.parquet"
    with _reading(path):
        return pd.read_parquet(path, columns=list(columns) if columns else None, filters=filters)


def row_groups(folder: Path, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Some columns of a table of a run, one row group after another, so that memory does not grow with the rows.

    Raises:
        InputError: the table is missing or damaged.
    """
    path = folder / f"{name}.parquet"
    with _reading(path), pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=list(columns)).to_pandas()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    if path.is_dir():
        raise InputError(f"'{path}' is damaged: it is a folder")
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(f"'{path}' is missing: the run is incomplete") from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"'{path}' is damaged: {error}") from error
