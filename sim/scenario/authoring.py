"""What an author of scenarios asks for: is this right, what is there, a file to start from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, unknown
from sim.scenario.compiling import ANNIVERSARY_DAYS
from sim.scenario.distribution import Distribution
from sim.scenario.faults import Faults
from sim.scenario.files import SUFFIXES, Source, shipped
from sim.scenario.inherit import resolve
from sim.scenario.loading import checked
from sim.scenario.mindset import replaced
from sim.scenario.model import Scenario
from sim.scenario.people import OWN, POLICIES
from sim.scenario.quantities import drawable
from sim.scenario.reference import action_table, parameter_table
from sim.world.names import Policy

__all__ = ["Listed", "action_table", "check", "describe", "listing", "new", "parameter_table"]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
TEMPLATE = "template"


class Listed(NamedTuple):
    """A shipped scenario: its name, its title, the first sentence of its story."""

    name: str
    title: str
    story: str


def check(source: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> str:
    """Load a scenario and say in a few lines what it holds.

    Raises:
        InputError: it is wrong, as :func:`sim.scenario.load` says it, or a scripted event of it can never happen.
    """
    return describe(checked(source, overrides))


def describe(scenario: Scenario) -> str:
    """What a scenario holds, in a few lines."""
    lines = [
        f"{scenario.name} is a valid scenario: {scenario.title or 'untitled'}",
        f"  {scenario.horizon} days from {scenario.start}, seed {scenario.seed}, hash {scenario.hash}",
        f"  groups: {', '.join(group.name for group in scenario.groups)}",
        *_numbers(scenario),
        *_minds(scenario),
        *_outside(scenario),
    ]
    counts = {"scripted events": scenario.events, "blocs": scenario.blocs, "questions": scenario.questions}
    lines.append("  " + ", ".join(f"{name}: {len(items)}" for name, items in counts.items()))
    return "\n".join(lines)


def _numbers(scenario: Scenario) -> list[str]:
    """What differs from the declared defaults, what is drawn, and what a mindset chosen later makes idle."""
    known = drawable(group.id for group in scenario.groups)
    changed = [path for path, value in scenario.values.items() if value != known[path].default]
    drawn = [path for path in changed if isinstance(scenario.values[path], Distribution)]
    lines = [f"  numbers that differ from the defaults: {len(changed) - len(drawn)}"]
    if drawn:
        lines.append(f"  drawn per world: {', '.join(drawn)}")
    idle = {path: replaced(scenario, path) for path in changed}
    return lines + [
        f"  {path} counts in no world: the mindset {' or '.join(names)} replaces it; state it again to keep it"
        for path, names in idle.items()
        if names
    ]


def _outside(scenario: Scenario) -> list[str]:
    """What the calendar says of days that are not lived."""
    calendar, first = scenario.calendar, scenario.start
    last = first + timedelta(days=scenario.horizon - 1)
    far = timedelta(days=ANNIVERSARY_DAYS)
    days = [f"troop step of {day}" for day, _ in calendar.troop_steps if not first <= day <= last]
    days += [f"anniversary of {day}" for day in calendar.anniversaries if not first - far <= day <= last + far]
    if calendar.election and calendar.election <= first and (calendar.inauguration or first) <= first:
        days.append(f"election of {calendar.election}")
    return [f"  no effect in these days: {', '.join(days)}"] if days else []


def _minds(scenario: Scenario) -> list[str]:
    mixed = {actor: mixture for actor, mixture in scenario.mindsets.items() if mixture != {OWN: 1.0}}
    ruled = {actor: rule for actor, rule in scenario.policies.items() if rule != POLICIES[Policy.QUANTAL]}
    said = {
        actor: ", ".join(f"{name} {share:g}" for name, share in mixture.items()) for actor, mixture in mixed.items()
    }
    lines = [f"  mindsets of {actor}: {text}" for actor, text in said.items()]
    return lines + [f"  policy of {actor}: {rule}" for actor, rule in ruled.items()]


def new(name: str, folder: str | Path = ".", extends: str = "baghdad-2020") -> Path:
    """Write a commented scenario file to start from, and return its path.

    Args:
        name: name of the scenario, without a suffix.
        folder: folder to write it to.
        extends: shipped scenario, or file in that folder, that it changes.

    Raises:
        InputError: the name cannot be used, there is such a file, nothing of that name can be extended, or the folder
            cannot be written to.
    """
    if not NAME.fullmatch(name) or name in shipped():
        taken = ", ".join(shipped())
        raise InputError(f"'{name}' cannot be the name: use small letters, digits, - and _; not one of {taken}")
    target = Path(folder) / f"{name}.yaml"
    text = shipped()[TEMPLATE].read_text(encoding="utf-8")
    text = _with_key(text, "extends", _extendable(extends, Path(folder)))
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(_with_key(text, "title", name.replace("-", " ").replace("_", " ").capitalize()))
    except FileExistsError:
        raise InputError(f"{target}: there is such a file already; it is left as it is") from None
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from None
    return target


def _extendable(name: str, folder: Path) -> str:
    """The value of ``extends`` for a shipped name or a file in the folder."""
    if name in shipped():
        return name
    if name.endswith(SUFFIXES) and (folder / Path(name).name).is_file():
        return f"./{Path(name).name}"
    raise unknown("scenario", name, shipped())


def _with_key(text: str, key: str, value: str) -> str:
    """The text of a scenario with the value of one top-level key replaced."""
    return re.sub(rf"^{key}:.*$", lambda _: f"{key}: {value}", text, count=1, flags=re.MULTILINE)


def listing() -> list[Listed]:
    """The shipped scenarios: name, title and first sentence of the story.

    Raises:
        InputError: one cannot be read.
    """
    rows = []
    for name in shipped():
        words = resolve(Source(name), (), Faults()).data
        story = " ".join(str(words.get("story", "")).split())
        rows.append(Listed(name, str(words.get("title", "")), re.split(r"(?<=[.!?])\s", story)[0]))
    return rows
