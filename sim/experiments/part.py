"""One part of a sweep: its worlds lived, its files written, and the record by which they are known again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import cast

from sim.drivers.ensemble import CHUNK, Depth, Lived, live_tables
from sim.experiments.files import keeping, write_json
from sim.experiments.layout import Slice
from sim.experiments.plan import Plan
from sim.experiments.tables import TABLES, PartTables, part_path
from sim.results.digest import Facts, facts_of, is_sealed, problem_with, sealed

RECORDS = "records"
"""Folder of the records of parts while a sweep is unfinished; then they stand in its manifest."""
_one_at_a_time = Lock()
"""The threads of the compiled kernel belong to the process: two threads of a pool must not start them at once."""


def record_path(folder: Path, part: int) -> Path:
    """The file that tells what a part has written, and stands for it while the sweep is unfinished."""
    return folder / RECORDS / f"part-{part:06d}.json"


def recorded(folder: Path, plan: Plan, part: int) -> dict[str, Facts] | None:
    """The facts of the files of a part by table, as whoever lived it noted them; None if nobody did under this plan."""
    try:
        record = json.loads(record_path(folder, part).read_text(encoding="utf-8"))
        ours = is_sealed(record) and record["key"] == plan.key
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record["tables"] if ours else None


def part_problem(folder: Path, plan: Plan, part: int, facts: Mapping[str, Facts] | None) -> str:
    """What is wrong with the files of a part, or "": all must be there, unchanged, with all its worlds."""
    if facts is None:
        return f"part {part} is missing"
    for table in TABLES[plan.depth]:
        path = part_path(folder, table, part)
        problem = problem_with(path, facts[table]) if table in facts else "it is not recorded"
        if not problem and table == "outcomes" and facts[table]["rows"] != plan.layout.rows(part):
            problem = f"it has {facts[table]['rows']} rows, and {plan.layout.rows(part)} belong there"
        if problem:
            return f"{path.relative_to(folder)}: {problem}"
    return ""


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
    with _one_at_a_time, keeping(folder):
        with ExitStack() as files:
            tables = PartTables(folder, plan, part, files)
            for piece, lived in live(plan, plan.layout.slices(part), threads):
                tables.take(piece, lived)
                if progress:
                    progress(len(lived.outcomes))
            tables.finish()
        facts = {table: facts_of(part_path(folder, table, part)) for table in TABLES[plan.depth]}
        write_json(record_path(folder, part), sealed({"key": plan.key, "part": part, "tables": facts}))
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
