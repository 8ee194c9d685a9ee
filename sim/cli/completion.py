"""What the shell offers when Tab is pressed; everything is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from sim.errors import SimError

DEFAULT = "baghdad-2020"
TOP = ("horizon=", "seed=", "start=")
"""What ``--set`` may name beside the numbers, mindsets and policies that may vary."""
Complete = Callable[[str], list[str]]


def choices(module: str, name: str) -> Complete:
    """The names in a constant of a module."""

    def offered(incomplete: str) -> list[str]:
        return _beginning(getattr(import_module(module), name), incomplete)

    return offered


def scenarios(incomplete: str) -> list[str]:
    """Shipped scenarios, files, and folders on the way to files."""
    from sim.scenario import shipped
    from sim.scenario.files import SUFFIXES

    return [*_beginning(shipped(), incomplete), *_files(incomplete, lambda path: path.name.endswith(SUFFIXES))]


def runs(incomplete: str) -> list[str]:
    """Scenarios, and the folders of runs and sweeps."""
    found = _files(incomplete, lambda path: (path / "manifest.json").is_file())
    return list(dict.fromkeys([*found, *scenarios(incomplete)]))


def settings(ctx: typer.Context, incomplete: str) -> list[str]:
    """Paths that can be changed, one section at a time; names of mindsets and policies after the ``=``."""
    from sim.experiments.completion import complete

    return [*complete(_scenario(ctx), incomplete), *_beginning(TOP, incomplete)]


def values(ctx: typer.Context, incomplete: str) -> list[str]:
    """Paths that can vary in a sweep, and names after the ``=``."""
    from sim.experiments.completion import complete

    return complete(_scenario(ctx), incomplete)


def quantities(ctx: typer.Context, incomplete: str) -> list[str]:
    """Paths of quantities, without values."""
    return [path.removesuffix("=") for path in values(ctx, incomplete)]


def actors(ctx: typer.Context, incomplete: str) -> list[str]:
    """Actors of the scenario that the command names."""
    from sim.scenario import load

    try:
        known = load(_scenario(ctx)).actors
    except SimError:
        known = load(DEFAULT).actors
    return _beginning(known, incomplete)


def acts(incomplete: str) -> list[str]:
    """Ids of acts."""
    from sim.actions import CATALOGUE

    return _beginning((action.id for action in CATALOGUE), incomplete)


def outcomes(incomplete: str) -> list[str]:
    """Columns of outcomes that are asked about."""
    from sim.results.scores import OUTCOME_QUESTIONS

    return _beginning((question.column for question in OUTCOME_QUESTIONS), incomplete)


def _scenario(ctx: typer.Context) -> str:
    """The scenario on the command line so far; that of a run if its folder is named; the baseline if none is."""
    named: Any = next(
        (ctx.params.get(name) for name in ("scenario", "scenarios", "source") if ctx.params.get(name)), ""
    )
    first = named if isinstance(named, str) else named[0]
    inside = Path(first) / "scenario.yaml"
    return str(inside) if first and inside.is_file() else first or DEFAULT


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _files(incomplete: str, wanted: Callable[[Path], bool]) -> list[str]:
    """Paths that begin so and are wanted, and the folders that begin so, with a slash."""
    written, _, start = incomplete.rpartition("/")
    folder = Path(f"{written}/" if written or incomplete.startswith("/") else ".")
    try:
        found = sorted(path for path in folder.iterdir() if path.name.startswith(start) and path.name[0] != ".")
    except OSError:
        return []
    head = incomplete[: len(incomplete) - len(start)]
    return [
        f"{head}{path.name}" if wanted(path) else f"{head}{path.name}/"
        for path in found
        if wanted(path) or path.is_dir()
    ]
