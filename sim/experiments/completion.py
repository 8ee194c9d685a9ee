"""What the shell offers after ``--vary``."""

from __future__ import annotations

from sim.errors import InputError
from sim.scenario import load, paths
from sim.scenario.design import MINDSET, named_paths
from sim.scenario.people import POLICIES, mindsets_for
from sim.scenario.quantities import ALL_GROUPS, kind_of_actor


def complete(scenario: str, text: str) -> list[str]:
    """Beginnings of a ``--vary`` that start with a text: paths, one section at a time; names after the ``=``."""
    try:
        found = load(scenario or "baghdad-2020")
    except InputError:
        return []
    names = named_paths(tuple(group.id for group in found.groups))
    path, equals, given = text.partition("=")
    if not equals:
        return _next_steps(text, [*paths(found), *names])
    if path not in names:
        return []
    before, comma, last = given.rpartition(",")
    allowed = POLICIES
    if path.endswith(f".{MINDSET}"):
        actor = path.removesuffix(f".{MINDSET}").removeprefix(f"{ALL_GROUPS}.")
        allowed = tuple(mindsets_for(kind_of_actor(actor), found.defined))
    return [f"{path}={before}{comma}{name}" for name in allowed if name.startswith(last)]


def _next_steps(text: str, known: list[str]) -> list[str]:
    """The known paths, each cut after the next dot, so that the shell offers a dozen sections and not 1,600 paths."""
    steps: dict[str, None] = {}
    for path in known:
        if path.startswith(text):
            stop = path.find(".", len(text))
            steps[f"{path}=" if stop < 0 else path[: stop + 1]] = None
    return list(steps)
