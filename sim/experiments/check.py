"""Whether the folder of a sweep is whole: every file as it was written, and no other among the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.experiments.part import part_problem, recorded
from sim.experiments.plan import Plan
from sim.experiments.tables import TABLES, part_path
from sim.results.digest import Facts, problem_with

MEND = "run the same sweep again to mend it"


def known(folder: Path, plan: Plan, manifest: Mapping[str, Any]) -> dict[int, dict[str, Facts]]:
    """The facts of the files of every part that has been written: from the manifest, or from newer records."""
    found = dict(enumerate(manifest["parts"]))
    for part in range(plan.layout.parts):
        if record := recorded(folder, plan, part):
            found[part] = record
    return found


def missing(folder: Path, plan: Plan, manifest: Mapping[str, Any]) -> list[int]:
    """Numbers of the parts that are still to be computed, or to be computed again since their files have changed."""
    parts = known(folder, plan, manifest)
    return [part for part in range(plan.layout.parts) if part_problem(folder, plan, part, parts.get(part))]


def first_problem(folder: Path, plan: Plan, parts: Mapping[int, dict[str, Facts]]) -> str:
    """What is wrong with the parts of a sweep or their folders, or ""."""
    problems = (part_problem(folder, plan, part, parts.get(part)) for part in range(plan.layout.parts))
    return next(filter(None, problems), "") or foreign(folder, plan)


def foreign(folder: Path, plan: Plan) -> str:
    """Which file among the tables is no part of the sweep, in a sentence, or "": a reader would take it for one."""
    for table in TABLES[plan.depth]:
        ours = {part_path(folder, table, part).name for part in range(plan.layout.parts)}
        for path in sorted((folder / table).glob("*")):
            if path.name not in ours and not path.name.startswith("."):
                return f"'{path}' is no part of the sweep: move it elsewhere"
    return ""


def refuse_changed(folder: Path, plan: Plan, manifest: Mapping[str, Any]) -> None:
    """Check that a finished sweep is whole: that its files are those that were written, and no others.

    Raises:
        InputError: it is not; the message says how to mend it.
    """
    for name, problem in changed_files(folder, manifest):
        raise InputError(f"'{folder / name}' is damaged: {problem}; {MEND}")
    if strange := foreign(folder, plan):
        raise InputError(strange)
    if problem := first_problem(folder, plan, dict(enumerate(manifest["parts"]))):
        raise InputError(f"'{folder}' is damaged: {problem}; {MEND}")


def changed_files(folder: Path, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The files beside the manifest that are not what was written, and what is wrong with them."""
    problems = ((name, problem_with(folder / name, facts)) for name, facts in manifest["files"].items())
    return [(name, problem) for name, problem in problems if problem]
