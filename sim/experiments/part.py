"""One part of a sweep: its worlds lived, its files written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from sim.drivers.ensemble import CHUNK, Depth, Lived, live_tables
from sim.experiments.files import keeping
from sim.experiments.layout import Slice
from sim.experiments.plan import Plan
from sim.experiments.tables import TABLES, PartTables, part_path

_one_at_a_time = Lock()
"""The threads of the compiled kernel belong to the process: two threads of a pool must not start them at once."""


def is_whole(folder: Path, plan: Plan, part: int) -> bool:
    """Whether a part has been written: its files are there, and the one that comes last holds all its rows."""
    last, *others = (part_path(folder, table, part) for table in TABLES[plan.depth])
    if not all(path.exists() for path in others):
        return False
    try:
        return bool(pq.read_metadata(last).num_rows == plan.layout.rows(part))
    except (OSError, pa.ArrowException):
        return False


def write_part(
    folder: Path, plan: Plan, part: int, threads: int | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Live the worlds of one part and write its files, whole or not at all; returns the number of worlds.

    Args:
        folder: folder of the sweep.
        plan: the sweep.
        part: number of the part.
        threads: threads that live worlds; all by default.
        progress: called with the number of worlds of each chunk as it is lived.

    Raises:
        InputError: the files cannot be written.
    """
    with _one_at_a_time, keeping(folder), ExitStack() as files:
        tables = PartTables(folder, plan, part, files)
        for piece, lived in live(plan, plan.layout.slices(part), threads):
            tables.take(piece, lived)
            if progress:
                progress(len(lived.outcomes))
        tables.finish()
    return plan.layout.rows(part)


def live(plan: Plan, slices: list[Slice], threads: int | None) -> Iterator[tuple[Slice, Lived]]:
    """Live the worlds of some slices of neighbouring points, chunk by chunk."""
    points, depth = plan.points, cast(Depth, plan.depth)
    records = points.records(slices[0].point, slices[-1].point + 1)
    for piece, (point, shared) in zip(slices, records, strict=True):
        scenario = points.variant(point)
        for start in range(0, piece.worlds, CHUNK[depth]):
            number = plan.first_number(point) + piece.first + start
            count = min(CHUNK[depth], piece.worlds - start)
            made = points.tables(point, number, count) if shared is None else shared
            yield piece, live_tables(made, scenario, number, count, depth, threads)
