"""The pydantic model of a scenario file and its JSON schema, built from the declarations."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.actions import BY_ID, CATALOGUE, Action
from sim.parameters import PARAMETERS
from sim.scenario.action_quantities import FIELD, LAGS, LONGEST_LAG, ActionField, action_quantities, fields_of
from sim.scenario.distribution import FORMS
from sim.scenario.leaves import DISTRIBUTION, Id, Text, Truth, leaf
from sim.scenario.quantities import MILITIA, STATES, actor_quantities
from sim.scenario.section import Fields, Section, model, number, united
from sim.scenario.story_models import bloc, head, story

APPENDED = ("events", "sources", "questions")


@cache
def file_model() -> type[Section]:
    """The model of a whole scenario file.

    Raises:
        ValueError: two declarations claim one key.
    """
    sections = _sections()
    blocs: Fields = {"blocs": (dict[Id, bloc()], "Blocs by id.", {})}  # type: ignore[misc]
    sections["parliament"] = united(blocs, sections.get("parliament", {}))
    for kind in STATES:
        sections[kind] = united(_actor(kind), sections.get(kind, {}))
    group = model(MILITIA, united(_group(), _actor(MILITIA)))
    groups: Fields = {
        "militias": (dict[Id, group], "Armed groups by id, 1 to 30.", {}),  # type: ignore[valid-type]
        "actions": (_actions(), "Changes to the catalogue.", {}),
    }
    numbers: Fields = {name: (model(name, keys), f"Numbers of '{name}'.", {}) for name, keys in sections.items()}
    return model("scenario", united(head(), numbers, groups, story()))


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, for editors that complete and check."""
    found = file_model().model_json_schema()
    for name in APPENDED:
        found["properties"][f"{name}+"] = {
            **found["properties"][name],
            "description": f"Appended to the inherited {name}.",
        }
    found = _tidy(found)
    found["$defs"]["Distribution"] = _distribution_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "Scenario of escalation-sim"}


def _sections() -> dict[str, Fields]:
    """Quantities of the world by section."""
    sections: dict[str, Fields] = {}
    for quantity in PARAMETERS:
        section, _, name = quantity.path.partition(".")
        sections.setdefault(section, {})[name] = number(quantity)
    return sections


def _actor(kind: str) -> Fields:
    """Mindset and quantities of one kind of actor."""
    own = {name: number(quantity) for name, quantity in actor_quantities(kind).items()}
    return united({"mindset": (Text, "Name of the mindset it has for certain.", "default")}, own)


def _group() -> Fields:
    return {
        "name": (Text, "Name of the group.", ""),
        "facades": (list[Text], "Names under which it denies what it does.", []),
        "absent": (Truth, "Leave the inherited group out.", False),
    }


def _actions() -> type[Section]:
    """Changes to the catalogue, by the id of the action."""
    titles = {key: f"{action.title[:1].upper()}{action.title[1:]}." for key, action in BY_ID.items()}
    kinds: dict[tuple[ActionField, ...], type[Section]] = {}
    for action in CATALOGUE:
        if fields_of(action) not in kinds:
            kinds[fields_of(action)] = _action(action)
    return model("actions", {key: (kinds[fields_of(action)], titles[key], {}) for key, action in BY_ID.items()})


EVERY_FIELD = max((fields_of(action) for action in CATALOGUE), key=len)
"""The fields of the acts that have the most, Washington's."""


def _action(example: Action) -> type[Section]:
    """The changes a scenario may make to actions of the example's fields; the effects are a section of their own."""
    quantities = action_quantities()
    numbers = {each.name: number(quantities[f"actions.{example.id}.{each.name}"]) for each in fields_of(example)}
    unsaid: Fields = {name: (kind, FIELD[name].meaning, None) for name, (kind, _, _) in numbers.items()}
    effects = {name.partition(".")[2]: each for name, each in unsaid.items() if "." in name}
    fields = {name: each for name, each in unsaid.items() if "." not in name}
    day = {"type": "number", "minimum": 0, "maximum": LONGEST_LAG}
    lag = leaf(lambda value: value, {"type": "array", "items": day, "minItems": len(LAGS), "maxItems": len(LAGS)})
    if LAGS[0] in fields:
        fields["lag"] = (lag, "Shortest, likeliest and longest days to its effect.", None)
    few = f" like {example.id.replace('.', ' ')}" if fields_of(example) != EVERY_FIELD else ""
    fields["effects"] = (model(f"effects{few}", effects), "Expected effects on the actor's objectives.", {})
    return model(f"action{few}", fields)


def _distribution_schema() -> dict[str, Any]:
    """JSON schema of a value that is drawn per world."""
    numbers = {"type": "array", "items": {"type": "number"}}
    options = {"anyOf": [numbers, {"type": "object", "additionalProperties": {"type": "number"}}]}
    kinds: list[dict[str, Any]] = [{"properties": {name: numbers}, "required": [name]} for name in FORMS]
    kinds[list(FORMS).index("beta")]["properties"]["range"] = numbers
    kinds += [{"properties": {"choice": options}, "required": ["choice"]}]
    kinds += [{"properties": {"posterior": {"type": "string"}}, "required": ["posterior"]}]
    closed = [{"type": "object", "additionalProperties": False, **kind} for kind in kinds]
    return {"description": "Drawn per world: " + "; ".join(FORMS.values()) + "; choice.", "anyOf": closed}


def _tidy(node: Any) -> Any:
    """The schema with distributions as references, and without titles and defaults that say nothing."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node == DISTRIBUTION:
        return {"$ref": "#/$defs/Distribution"}
    nothing = [key for key, value in node.items() if key == "default" and value in ("", {}, [], None)]
    titles = [key for key, value in node.items() if key == "title" and isinstance(value, str)]
    return {key: _tidy(value) for key, value in node.items() if key not in (*nothing, *titles)}
