"""The tables of a part: outcomes beside the parameters of their point, counts per day, events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.drivers.ensemble import Lived
from sim.experiments.files import arriving
from sim.experiments.layout import Slice
from sim.experiments.plan import Plan
from sim.results.daily import HISTOGRAMS
from sim.results.scores import decode
from sim.results.tables import count, events_of
from sim.results.trace import ACTOR_COLUMNS

TABLES = {"outcomes": ("outcomes",), "daily": ("outcomes", "daily"), "trace": ("outcomes", "daily", "traces")}
"""Folders of the dataset by depth. The first is finished last, so that its file stands for the part."""
ROW_GROUP = {"outcomes": 50_000, "daily": 200_000, "traces": 500_000}
"""Rows that are held before they are written; one chunk more at most."""


def part_path(folder: Path, table: str, part: int) -> Path:
    """The file of one part of a table."""
    return folder / table / f"part-{part:06d}.parquet"


class PartTables:
    """The tables of one part while its worlds are lived."""

    def __init__(self, folder: Path, plan: Plan, part: int, files: ExitStack) -> None:
        """Open the files, hidden until ``files`` closes without an error."""
        self._plan = plan
        self._columns = _parameter_columns(plan.table)
        self._piece: Slice | None = None
        self._daily: Any = None
        self._lived: list[Any] = []
        self._points: list[int] = []
        self._tables = {
            name: files.enter_context(_table(part_path(folder, name, part), ROW_GROUP[name]))
            for name in TABLES[plan.depth]
        }

    def take(self, piece: Slice, lived: Lived) -> None:
        """Add a chunk of worlds; chunks of one slice follow one another."""
        if piece != self._piece:
            self._close_slice()
            self._piece = piece
        self._lived.append(lived.outcomes)
        self._points.append(piece.point)
        if sum(map(len, self._lived)) >= ROW_GROUP["outcomes"]:
            self._close_outcomes()
        self._daily = count(self._daily, lived.series)
        if lived.events is not None:
            self._tables["traces"].add(self._events(piece, lived))

    def finish(self) -> None:
        """Write what is still held."""
        self._close_slice()
        self._close_outcomes()
        for table in self._tables.values():
            table.finish()

    def _close_slice(self) -> None:
        if self._daily is not None and self._piece is not None:
            frame = self._daily.to_frame()
            frame["name"] = pd.Categorical(frame["name"], categories=list(HISTOGRAMS))
            frame.insert(0, "point", np.int32(self._piece.point))
            self._tables["daily"].add(frame)
            self._daily = None

    def _close_outcomes(self) -> None:
        """Decode many chunks at once: a table costs more for its columns than for its rows."""
        if self._lived:
            point = np.repeat(np.array(self._points, np.int32), [len(each) for each in self._lived])
            decoded = decode(np.concatenate(self._lived))
            parameters = {path: column.take(point) for path, column in self._columns.items()}
            rows = pd.DataFrame({"point": point, "world": decoded.pop("world"), **parameters}).join(decoded)
            self._tables["outcomes"].add(rows)
            self._lived, self._points = [], []

    def _events(self, piece: Slice, lived: Lived) -> pd.DataFrame:
        frame = events_of(lived, self._plan.points.variant(piece.point))
        for name in ACTOR_COLUMNS:
            frame[name] = frame[name].cat.set_categories(list(self._plan.actors))
        frame.insert(0, "point", np.int32(piece.point))
        return frame


def _parameter_columns(table: pd.DataFrame) -> dict[str, Any]:
    """The columns of the points; text as categories in the order of the design."""
    return {
        str(path): column.to_numpy()
        if column.dtype.kind == "f"
        else pd.Categorical(column, categories=list(dict.fromkeys(column)))
        for path, column in table.items()
    }


class _Table:
    """A Parquet file in the making: rows are gathered into groups of a size that depends on the rows alone."""

    def __init__(self, file: IO[bytes], group: int) -> None:
        self._file = file
        self._group = group
        self._held: list[pd.DataFrame] = []
        self._writer: Any = None

    def add(self, rows: pd.DataFrame) -> None:
        """Add some rows; all have the same columns."""
        self._held.append(rows)
        if sum(map(len, self._held)) >= self._group:
            self._write()

    def finish(self) -> None:
        """Write what is held and the end of the file."""
        if self._held:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        rows = pa.Table.from_pandas(pd.concat(self._held, ignore_index=True), preserve_index=False)
        self._held = []
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, rows.schema, compression="zstd")
        self._writer.write_table(rows)


@contextmanager
def _table(path: Path, group: int) -> Iterator[_Table]:
    with arriving(path) as file:
        yield _Table(file, group)
