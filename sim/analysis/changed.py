"""What a scenario sets otherwise than another, in words: the cause of whatever differs between their worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sim.parameters import MINDSETS
from sim.results.trace import day_of, short_date
from sim.scenario.quantities import owner_of

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.model import ScriptedEvent

NOBODY_SAID = "—"
TOLLS = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")


def changes(base: Scenario, other: Scenario) -> list[str]:
    """What the other scenario sets otherwise, one thing each, events first; empty if no world can tell them apart.

    Examples:
        >>> from sim.scenario import load
        >>> base = load("baghdad-2020")
        >>> changes(base, base.with_({"us.red_line": 3}))
        ['us.red_line 1 to 3']
    """
    both = {*base.actors} & {*other.actors}
    return [
        *_events(base, other),
        *_moved("group", {g.id: g.name for g in base.groups}, {g.id: g.name for g in other.groups}),
        *_moved("policies", _of(both, base.policies), _of(both, other.policies)),
        *_moved("mindsets", _of(both, _mixtures(base)), _of(both, _mixtures(other))),
        *_moved("", _written(base, both), _written(other, both)),
        *_moved("calendar", _parts(base.calendar), _parts(other.calendar)),
        *_moved("parliament", {b.id: b for b in base.blocs}, {b.id: b for b in other.blocs}),
        *_moved("mindset", _defined(base), _defined(other)),
        *_period(base, other),
    ]


def _events(base: Scenario, other: Scenario) -> Iterator[str]:
    """Scripted events that only one of the two has."""
    before, after = ([_event(scenario, each) for each in scenario.events] for scenario in (base, other))
    yield from (f"scripted: {words}" for words in after if words not in before)
    yield from (f"no longer scripted: {words}" for words in before if words not in after)


def _event(scenario: Scenario, event: ScriptedEvent) -> str:
    toll = [f"{name} {getattr(event, name)}" for name in ("rockets", *TOLLS) if getattr(event, name) >= 0]
    aim = f" at {event.at}" if event.at else ""
    told = f" ({', '.join(toll)})" if toll else ""
    return f"{event.act} by {event.by}{aim} on {short_date(day_of(scenario.start, event.day))}{told}"


def _moved(section: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The entries of a mapping that differ: ``us.red_line 1 to 3``."""
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        path = f"{section}.{key}" if section else key
        yield f"{path} {_text(old)} to {_text(new)}" if _is_short(old) and _is_short(new) else f"{path}: another"


def _is_short(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _text(value: Any) -> str:
    if value is None:
        return NOBODY_SAID
    return value if isinstance(value, str) else f"{value:g}"


def _of(actors: set[str], said: Mapping[str, Any]) -> dict[str, Any]:
    return {actor: value for actor, value in said.items() if actor in actors}


def _written(scenario: Scenario, actors: set[str]) -> dict[str, Any]:
    """Numbers and distributions by path, as a file would hold them, but for those of other groups."""
    others = tuple(f"militias.{group.id}." for group in scenario.groups if group.id not in actors)
    return {path: _plain(value) for path, value in scenario.values.items() if not path.startswith(others)}


def _plain(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    (kind, numbers), *_ = value.to_plain().items()
    return f"{kind} {numbers}"


def _mixtures(scenario: Scenario) -> dict[str, str]:
    return {
        actor: ", ".join(f"{name} {share:g}" if share != 1.0 else name for name, share in mixture.items() if share > 0)
        for actor, mixture in scenario.mindsets.items()
    }


def _defined(scenario: Scenario) -> dict[str, Any]:
    return {name: (mindset.kind, tuple(sorted(mindset.values.items()))) for name, mindset in scenario.defined.items()}


def _parts(calendar: Any) -> dict[str, Any]:
    return {field.name: _date_text(getattr(calendar, field.name)) for field in fields(calendar)}


def _date_text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _period(base: Scenario, other: Scenario) -> Iterator[str]:
    """Start and standing numbers, which change worlds although no number looks different."""
    if base.start != other.start:
        yield f"start {base.start.isoformat()} to {other.start.isoformat()}"
    stand = sorted(standing(other) - standing(base))
    if stand:
        yield f"whatever the mindset: {', '.join(stand)}"


def standing(scenario: Scenario) -> frozenset[str]:
    """The numbers that stand against a mindset which would else put another in their place."""
    known = MINDSETS | scenario.defined
    found = set()
    for actor in scenario.actors:
        minds = [known[name] for name, share in scenario.mindsets[actor].items() if share > 0 and name in known]
        found |= {f"{owner_of(actor)}.{name}" for mind in minds for name in mind.values}
    return frozenset(found & scenario.pinned)
