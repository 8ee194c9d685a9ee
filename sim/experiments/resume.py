"""The manifest of a sweep: begun, compared, checked, finished."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.experiments.check import MEND, changed_files, first_problem, foreign, known, missing
from sim.experiments.files import DRAFT, arriving, sweep_away, write_json
from sim.experiments.lock import NAME as LOCK
from sim.experiments.part import RECORDS
from sim.experiments.plan import Plan, digest
from sim.experiments.tables import TABLES
from sim.results.digest import Facts, facts_of, is_sealed, sealed
from sim.results.folder import refuse_damaged
from sim.results.words import listed
from sim.scenario.kept import DRAWS, as_kept, kept_scenario
from sim.scenario.policy import allow, hold_back
from sim.scenario.posterior import save

FORMAT = "escalation-sim sweep"
FORMAT_VERSION = 2
MANIFEST = "manifest.json"
POINTS = "points.parquet"
SCENARIO = "scenario.yaml"
PLOTS = "plots"
FIGURES = ("curves", "map", "multiples")
"""Names of the figures that the command line draws."""
OURS = {LOCK, POINTS, SCENARIO, DRAWS, RECORDS, *TABLES["trace"]}
"""What a sweep killed before its manifest was written may have left."""
PART = re.compile(r"part-\d{6,}\.parquet")
KINDS = {
    "name": str, "design": str, "vary": list, "points": int, "complete": bool, "scenario": dict, "identity": dict,
    "files": dict, "parts": list,
}  # fmt: skip
IDENTITY = {
    "worlds": int, "depth": str, "luck": str, "part size": int, "scenario": str, "points": str, "rules": str,
    "policies": dict,
}  # fmt: skip
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
        more = f"; {MEND}" if (folder / POINTS).is_file() else ""
        raise InputError(f"'{folder}' is not a sweep: it has no {MANIFEST} of ours{more}")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("format_version") != FORMAT_VERSION:
        raise InputError(
            f"'{folder}' has version {manifest.get('format_version')} of the sweep format; this program reads"
            f" version {FORMAT_VERSION}"
        )
    refuse_damaged(folder / MANIFEST, manifest, KINDS)
    refuse_damaged(folder / MANIFEST, manifest["identity"], IDENTITY)
    if manifest["identity"]["depth"] not in TABLES or not is_sealed(manifest):
        raise InputError(
            f"'{folder / MANIFEST}' is damaged: it has other contents than were written; {MEND}, with --force"
        )
    return manifest


def refuse_strangers(folder: Path, may_replace: bool = False) -> None:
    """Leave a folder of something else alone.

    Args:
        folder: the folder.
        may_replace: whether a sweep whose manifest is damaged may be begun again.

    Raises:
        InputError: there is something that no sweep has left there.
    """
    found = [] if is_sweep(folder) else [path.name for path in folder.iterdir()]
    if MANIFEST in found and POINTS in found:  # a sweep whose manifest cannot be read
        if not may_replace:
            raise InputError(f"'{folder / MANIFEST}' is damaged: it cannot be read; {MEND}, with --force")
        return
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
        InputError: it holds a sweep of another plan, which may not be replaced, or files that are no parts of it.
        OSError: it cannot be written.
    """
    sweep_away(folder)
    if is_sweep(folder):
        try:
            manifest = read_manifest(folder)
            same_or_refuse(folder, manifest, plan)
        except InputError:
            if not may_replace:
                raise
            _clear(folder)
        else:
            if changed_files(folder, manifest):
                write_json(folder / MANIFEST, sealed(manifest | {"files": _write_files(folder, plan)}))
            _make_room(folder, plan)
            return
    elif (folder / MANIFEST).exists():
        _clear(folder)
    _make_room(folder, plan)
    write_json(folder / MANIFEST, _manifest(plan, _write_files(folder, plan)))


def _write_files(folder: Path, plan: Plan) -> dict[str, Facts]:
    """Write what a sweep is beside its manifest: points, scenario, draws; returns their facts."""
    with arriving(folder / POINTS) as file:
        plan.table.to_parquet(file, index=False)
    with arriving(folder / SCENARIO) as file:
        file.write(as_kept(plan.scenario).to_yaml(defaults=False).encode())
    names = [POINTS, SCENARIO]
    if plan.scenario.posterior is not None:
        with arriving(folder / DRAWS) as file:
            save(plan.scenario.posterior, file)
        names.append(DRAWS)
    return {name: facts_of(folder / name) for name in names}


def _make_room(folder: Path, plan: Plan) -> None:
    """Make the folders of the tables.

    Raises:
        InputError: files stand there that are no parts of the sweep.
    """
    for table in TABLES[plan.depth]:
        (folder / table).mkdir(exist_ok=True)
    (folder / RECORDS).mkdir(exist_ok=True)
    if found := foreign(folder, plan):
        raise InputError(found)


def _clear(folder: Path) -> None:
    """Remove a sweep and leave alone whatever else is there; what a kill leaves on the way is known as ours."""
    drawn = [folder / PLOTS / f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")]
    parts = [path for table in TABLES["trace"] for path in (folder / table).glob("*") if PART.fullmatch(path.name)]
    for path in (*drawn, *parts, *(folder / RECORDS).glob("part-*.json")):
        path.unlink(missing_ok=True)
    for name in (PLOTS, RECORDS, *TABLES["trace"]):
        with suppress(OSError):  # something of the user's is in it
            (folder / name).rmdir()
    for name in (MANIFEST, POINTS, SCENARIO, DRAWS):
        (folder / name).unlink(missing_ok=True)


def finish(folder: Path, plan: Plan) -> None:
    """Say that every part is there; drafts of workers that died on the way are removed.

    Raises:
        InputError: a part is missing, or is not what was written.
    """
    sweep_away(folder)
    manifest = read_manifest(folder)
    parts = known(folder, plan, manifest)
    if problem := first_problem(folder, plan, parts):
        raise InputError(f"'{folder}' was changed meanwhile: {problem}; {MEND}")
    whole = [parts[part] for part in range(plan.layout.parts)]
    write_json(folder / MANIFEST, _manifest(plan, manifest["files"], whole))
    shutil.rmtree(folder / RECORDS, ignore_errors=True)


def is_finished(folder: Path, plan: Plan) -> bool:
    """Whether a folder holds all of a sweep of this plan.

    Raises:
        InputError: it holds a sweep of another plan, or a file that is no part of it.
    """
    if not is_sweep(folder):
        return False
    manifest = read_manifest(folder)
    same_or_refuse(folder, manifest, plan)
    if strange := foreign(folder, plan):
        raise InputError(strange)
    return manifest["complete"] and not changed_files(folder, manifest) and not missing(folder, plan, manifest)


def stored_plan(folder: Path, trust: bool = False) -> Plan:
    """The plan of a sweep as its folder tells it.

    Args:
        folder: the folder.
        trust: whether modules of policies that it names may be imported; see :func:`sim.open_run`.

    Raises:
        InputError: the folder is not a sweep, or a file is missing or damaged.
    """
    manifest = read_manifest(folder)
    identity = manifest["identity"]
    try:
        table = pd.read_parquet(folder / POINTS)
    except (OSError, ValueError) as error:  # what Arrow says of a damaged file is one of these
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"'{folder / POINTS}' is damaged: it cannot be read ({reason}); {MEND}") from error
    if digest(table) != identity["points"]:
        raise InputError(f"'{folder / POINTS}' is damaged: it has other points than were swept; {MEND}")
    stored = {"scenario_hash": identity["scenario"], "rule_hash": identity["rules"], "policies": identity["policies"]}
    stored["scenario"] = manifest["scenario"]
    scenario = kept_scenario(folder, stored, manifest["name"], trust)
    plan = Plan(
        scenario, table, manifest["design"], identity["worlds"], identity["depth"], identity["luck"],
        identity["part size"],
    )  # fmt: skip
    if trust:
        allow(plan.policies)
    hold_back(plan.policies, folder)
    return plan


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
    if name == "code":
        return f"the code that writes the tables has changed ({old} then, {new} now)"
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


def _manifest(plan: Plan, files: Mapping[str, Facts], parts: list[dict[str, Facts]] | None = None) -> dict[str, Any]:
    """What a sweep is, in full. There is no date in it: the same sweep gives the same bytes.

    Args:
        plan: the sweep.
        files: facts of the files beside the manifest.
        parts: facts of the files of every part, by table; None while the sweep is unfinished.
    """
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "complete": parts is not None,
        "name": plan.scenario.name,
        "design": plan.kind,
        "vary": list(plan.table.columns),
        "points": len(plan.table),
        "identity": plan.identity,
        "scenario": plan.content,
        "files": files,
        "parts": parts or [],
    }
    return sealed(content)
