"""Write a scenario as the mapping or the text of a file that extends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from io import StringIO
from typing import Any, TypeVar

from sim.parameters import Mindset
from sim.quantity import Quantity
from sim.scenario.action_quantities import SWITCH
from sim.scenario.dated import COUNTS
from sim.scenario.distribution import Distribution
from sim.scenario.model import Calendar, Group, Scenario, ScriptedEvent, Value
from sim.scenario.people import OWN, POLICIES
from sim.scenario.pinned import KEY
from sim.scenario.places import iso
from sim.scenario.quantities import ALL_GROUPS, DRAWN, STATES, drawable, split
from sim.scenario.question import Question
from sim.world.names import Policy

LINE = 110
T = TypeVar("T")


def to_dict(scenario: Scenario, *, defaults: bool) -> dict[str, Any]:
    """The scenario as plain mappings, lists, numbers and text; dates in ISO form."""
    return iso(_content(scenario, defaults))


def to_yaml(scenario: Scenario, *, defaults: bool) -> str:
    """The scenario as YAML text."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = LINE
    yaml.default_flow_style = False
    out = StringIO()
    yaml.dump(_styled(_content(scenario, defaults)), out)
    return out.getvalue()


def _content(scenario: Scenario, defaults: bool) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": scenario.title,
        "story": scenario.story,
        "sources": list(scenario.sources),
        "start": scenario.start,
        "horizon": scenario.horizon,
        "seed": scenario.seed,
        "militias": {group.id: _group(group) for group in scenario.groups},
    }
    _plant_values(content, scenario, defaults)
    _plant_minds(content, scenario, defaults)
    content["calendar"] = _calendar(scenario.calendar)
    blocs = {bloc.id: {key: value for key, value in asdict(bloc).items() if key != "id"} for bloc in scenario.blocs}
    content.setdefault("parliament", {})["blocs"] = blocs
    content["events"] = [_event(event) for event in scenario.events]
    content["questions"] = [_question(question) for question in scenario.questions]
    if scenario.design:
        content["design"] = {key: value for key, value in asdict(scenario.design).items() if value is not None}
    if scenario.posterior:
        content["parameters"] = scenario.posterior.path
    if scenario.left_out:
        content["left_out"] = list(scenario.left_out)
    return (
        content
        if defaults
        else {key: value for key, value in content.items() if value not in ("", [], {}) or key == KEY}
    )


def _group(group: Group) -> dict[str, Any]:
    facades = {"facades": list(group.facades)} if group.facades else {}
    return {"name": group.name, **facades}


def _plant_values(content: dict[str, Any], scenario: Scenario, defaults: bool) -> None:
    """Put every number, or every number that is not the default, at its address."""
    from_file = scenario.posterior.columns if scenario.posterior else {}
    known = drawable(group.id for group in scenario.groups)
    for path, value in scenario.values.items():
        if defaults or value != known[path].default or path in from_file:
            *keys, last = split(path)
            node = content
            for key in keys:
                node = node.setdefault(key, {})
            node[last] = _plain_value(known[path], value)


def _plain_value(quantity: Quantity, value: Value) -> Any:
    if isinstance(value, Distribution):
        return value.to_plain()
    if quantity.unit == SWITCH:
        return bool(value)
    return _neat(value)


def _neat(number: float) -> float:
    """A whole number without its point."""
    return int(number) if number == int(number) else number


def _plant_minds(content: dict[str, Any], scenario: Scenario, defaults: bool) -> None:
    usual, own, shared = POLICIES[Policy.QUANTAL], {OWN: 1.0}, scenario.every_group
    content["define_mindsets"] = {name: _mindset(each) for name, each in scenario.defined.items()}
    mixtures = {actor: list(mixture.items()) for actor, mixture in scenario.mindsets.items()}
    mixed = _said(mixtures, [*shared.mindsets.items()], [*own.items()], defaults)
    content["mindsets"] = {actor: dict(mixture) for actor, mixture in mixed.items()}
    if any(mixture != own for mixture in (shared.mindsets, *scenario.mindsets.values())):
        content[KEY] = sorted(scenario.pinned)
    content["policies"] = _said(scenario.policies, shared.policy, usual, defaults)


def _said(by_actor: Mapping[str, T], shared: T, usual: T, defaults: bool) -> dict[str, T]:
    """What is said of all groups, and of each actor where it is something else, or where all is to be said."""
    every = {} if shared == usual else {ALL_GROUPS: shared}
    expected = {actor: usual if actor in STATES else shared for actor in by_actor}
    return every | {actor: said for actor, said in by_actor.items() if defaults or said != expected[actor]}


def _mindset(mind: Mindset) -> dict[str, Any]:
    return {"actor": mind.kind, "meaning": mind.meaning, "source": mind.source, **mind.values}


def _calendar(calendar: Calendar) -> dict[str, Any]:
    return {
        "election": calendar.election,
        "inauguration": calendar.inauguration,
        "anniversaries": list(calendar.anniversaries),
        "troop_steps": [{"date": day, "level": _neat(level)} for day, level in calendar.troop_steps],
        "seasons": {name: [_neat(factor) for factor in factors] for name, factors in calendar.seasons.items()},
    }


def _event(event: ScriptedEvent) -> dict[str, Any]:
    """An event as it was written: with its date where it had one, without its actor where the act alone tells."""
    when: dict[str, Any] = {"date": event.dated} if event.dated else {"day": event.day}
    who = ("act", "by") if event.named else ("act",)
    said = {key: getattr(event, key) for key in (*who, "at", *COUNTS)}
    return when | {key: value for key, value in said.items() if value not in (DRAWN, "")}


def _question(question: Question) -> dict[str, Any]:
    said = {each.name: getattr(question, each.name) for each in fields(question)}
    said["threshold"] = _neat(question.threshold)
    return {each.name: said[each.name] for each in fields(question) if said[each.name] != each.default}


def _styled(value: Any) -> Any:
    """Plain data with the marks that make ruamel.yaml write it as an author would."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(value, Mapping):
        mapping = CommentedMap({key: _styled(item) for key, item in value.items()})
        if len(mapping) <= 1 and not any(isinstance(item, Mapping) for item in value.values()):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        items = CommentedSeq([_styled(item) for item in value])
        if not any(isinstance(item, Mapping | str) for item in value):
            items.fa.set_flow_style()
        return items
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value.strip("\n") else value
