"""The command about compiled rules on disk."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sim.cli.app import app
from sim.cli.options import Json
from sim.cli.output import print_json
from sim.errors import InputError


@app.command()
def cache(
    prune: Annotated[bool, typer.Option("--prune", help="Remove rules that were not used for 30 days.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all; the next run compiles again.")] = False,
    as_json: Json = False,
) -> None:
    """Show where compiled rules are kept, for which versions, and how large they are."""
    from sim import rule_folders
    from sim.compiled import CACHE

    if prune and clear:
        raise InputError("--prune and --clear cannot both be: --clear removes all")
    home = CACHE.parent
    before = rule_folders.folders(home)
    gone = rule_folders.prune(home, keep=CACHE) if prune else rule_folders.clear(home) if clear else []
    if as_json:
        rows = [_row(each, each.path == CACHE, each.path in gone) for each in before]
        print_json({"folder": str(home), "versions": rows})
        return
    print(home)
    for each in before:
        mark = "  removed" if each.path in gone else "  this version" if each.path == CACHE else ""
        print(f"  {each.path.name:34} {each.size / 1e6:7.1f} MB  last used {each.used:%Y-%m-%d}{mark}")
    size = sum(each.size for each in before if each.path not in gone)
    print(f"{len(before) - len(gone)} versions, {size / 1e6:.1f} MB")


def _row(folder: Any, current: bool, removed: bool) -> dict[str, Any]:
    return {
        "name": folder.path.name,
        "bytes": folder.size,
        "used": folder.used.isoformat(timespec="seconds"),
        "current": current,
        "removed": removed,
    }
