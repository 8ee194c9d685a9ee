"""The manifest of a sweep: begun, compared, finished."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.experiments.files import DRAFT, arriving, sweep_away, write_json
from sim.experiments.lock import NAME as LOCK
from sim.experiments.part import is_whole
from sim.experiments.plan import Plan
from sim.experiments.tables import TABLES
from sim.results.folder import refuse_damaged
from sim.results.words import listed
from sim.scenario import load

FORMAT = "escalation-sim sweep"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
POINTS = "points.parquet"
SCENARIO = "scenario.yaml"
PLOTS = "plots"
OURS = {LOCK, POINTS, SCENARIO, *TABLES["trace"]}
"""What a sweep killed before its manifest was written may have left."""
KINDS = {"name": str, "design": str, "vary": list, "points": int, "complete": bool, "scenario": dict, "identity": dict}
IDENTITY = {"worlds": int, "depth": str, "luck": str, "part size": int}
"""What is read of the manifest of a sweep."""
SHOWN = 4


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, finished or not."""
    try:
        return bool(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a sweep, finished or not.

    Raises:
        InputError: the folder does not exist, is not a sweep, or is one of another version of the format.
    """
    if not folder.is_dir():
        raise InputError(f"no sweep folder '{folder}'")
    if not is_sweep(folder):
        raise InputError(f"'{folder}' is not a sweep: it has no {MANIFEST} of ours")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"'{folder}' has version {manifest.get('format_version')} of the sweep format; this program reads"
            f" version {FORMAT_VERSION}"
        )
    refuse_damaged(folder / MANIFEST, manifest, KINDS)
    refuse_damaged(folder / MANIFEST, manifest["identity"], IDENTITY)
    if manifest["identity"]["depth"] not in TABLES:
        raise InputError(f"'{folder / MANIFEST}' is damaged: depth cannot be used")
    return manifest


def refuse_strangers(folder: Path) -> None:
    """Leave a folder of something else alone.

    Raises:
        InputError: there is something that no sweep has left there.
    """
    found = [] if is_sweep(folder) else [path.name for path in folder.iterdir()]
    strange = sorted(name for name in found if name not in OURS and not name.endswith(DRAFT))
    if strange:
        raise InputError(f"'{folder}' holds something that is not a sweep ({strange[0]}); name another folder")


def begin(folder: Path, plan: Plan, may_replace: bool = False) -> None:
    """Make the folder a sweep of this plan, or check that it is one; drafts of a killed process are removed.

    Args:
        folder: where.
        plan: of what.
        may_replace: whether a sweep of another plan is removed.

    Raises:
        InputError: it holds a sweep of another plan, which may not be replaced.
        OSError: it cannot be written.
    """
    sweep_away(folder)
    if is_sweep(folder):
        try:
            same_or_refuse(folder, read_manifest(folder), plan)
        except InputError:
            if not may_replace:
                raise
            _clear(folder)
        else:
            _make_room(folder, plan)
            return
    _make_room(folder, plan)
    with arriving(folder / POINTS) as file:
        plan.table.to_parquet(file, index=False)
    with arriving(folder / SCENARIO) as file:
        file.write(plan.scenario.to_yaml(defaults=False).encode())
    write_json(folder / MANIFEST, _manifest(plan, complete=False))


def _make_room(folder: Path, plan: Plan) -> None:
    for table in TABLES[plan.depth]:
        (folder / table).mkdir(exist_ok=True)


def _clear(folder: Path) -> None:
    """Remove a sweep and leave alone whatever else is there; what a kill leaves on the way is known as ours."""
    for name in (PLOTS, *TABLES["trace"]):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    for name in (MANIFEST, POINTS, SCENARIO):
        (folder / name).unlink(missing_ok=True)


def finish(folder: Path, plan: Plan) -> None:
    """Say that every part is there; drafts of workers that died on the way are removed."""
    sweep_away(folder)
    write_json(folder / MANIFEST, _manifest(plan, complete=True))


def missing(folder: Path, plan: Plan) -> list[int]:
    """Numbers of the parts that are still to be computed."""
    return [part for part in range(plan.layout.parts) if not is_whole(folder, plan, part)]


def is_finished(folder: Path, plan: Plan) -> bool:
    """Whether a folder holds all of a sweep of this plan.

    Raises:
        InputError: it holds a sweep of another plan.
    """
    if not is_sweep(folder):
        return False
    manifest = read_manifest(folder)
    same_or_refuse(folder, manifest, plan)
    return manifest["complete"] and not missing(folder, plan)


def stored_plan(folder: Path) -> Plan:
    """The plan of a sweep as its folder tells it.

    Raises:
        InputError: the folder is not a sweep, or a file is missing.
    """
    manifest = read_manifest(folder)
    scenario = replace(load(manifest["scenario"]), name=manifest["name"])
    try:
        table = pd.read_parquet(folder / POINTS)
    except (OSError, ValueError) as error:  # what Arrow says of a damaged file is one of these
        raise InputError(f"'{folder / POINTS}' cannot be read: {getattr(error, 'strerror', None) or error}") from error
    identity = manifest["identity"]
    return Plan(
        scenario, table, manifest["design"], identity["worlds"], identity["depth"], identity["luck"],
        identity["part size"],
    )  # fmt: skip


def same_or_refuse(folder: Path, manifest: dict[str, Any], plan: Plan) -> None:
    """Refuse to mix results.

    Raises:
        InputError: the folder holds a sweep of another plan; the message says what differs.
    """
    stored, asked = manifest["identity"], plan.identity
    changed = [name for name in asked if stored.get(name) != asked[name]]
    if changed:
        told = [_difference(name, manifest, plan) for name in changed]
        raise InputError(
            f"'{folder}' holds another sweep, and results of two must not mix: {'; '.join(told)}."
            " Name another folder, or allow it to be replaced (--force)"
        )


def _difference(name: str, manifest: dict[str, Any], plan: Plan) -> str:
    old, new = manifest["identity"].get(name), plan.identity[name]
    if name == "scenario":
        return "the scenario has changed (" + _listed(_changes(manifest["scenario"], plan.content)) + ")"
    if name == "points":
        before = f"{manifest['points']:,} points of {listed(manifest['vary'])}"
        now = f"{len(plan.table):,} points of {listed([str(path) for path in plan.table.columns])}"
        told = f"it had {before}, now {now}" if now != before else f"{now}, with other values"
        return f"the design has changed ({told})"
    if name == "rules":
        return f"the rules of the model have changed ({old} then, {new} now)"
    if name == "policies":
        return "the source of a policy has changed (" + _listed(_changes(old or {}, new)) + ")"
    if name == "versions":
        return "versions have changed (" + _listed(_changes(old, new)) + ")"
    return f"{name} was {old}, now {new}"


def _changes(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The leaves in which two nested values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _changes(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif old != new:
        yield f"{path} was {old}, now {new}" if len(f"{old}{new}") < 80 else f"{path} has changed"


def _listed(changes: Iterator[str]) -> str:
    found = list(changes)
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more if found else "in a file that it reads"


def _manifest(plan: Plan, complete: bool) -> dict[str, Any]:
    """What a sweep is, in full. There is no date in it: the same sweep gives the same bytes."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "complete": complete,
        "name": plan.scenario.name,
        "design": plan.kind,
        "vary": list(plan.table.columns),
        "points": len(plan.table),
        "parts": plan.layout.parts,
        "identity": plan.identity,
        "scenario": plan.content,
    }
