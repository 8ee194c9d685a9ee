"""A section of a scenario file as a pydantic model with known keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from sim.quantity import Quantity
from sim.scenario.leaves import HERE, constant_type, quantity_type
from sim.scenario.places import Wrong
from sim.scenario.reader import kind_of

Fields = dict[str, tuple[Any, str, Any]]
"""Type, description and default by key."""


class Section(BaseModel):
    """A mapping with known keys; it, and the lists and mappings in it, may be left blank."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise Wrong(f"{HERE} must be a mapping of keys, not {kind_of(given)}")
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        lists = [key for key, field in fields.items() if get_origin(field.annotation) in (dict, list)]
        return {key: value for key, value in given.items() if value is not None or key not in lists}

    @classmethod
    def keys(cls) -> list[str]:
        """The keys that it may have."""
        return [field.alias or name for name, field in cls.model_fields.items()]


def model(name: str, fields: Fields) -> type[Section]:
    """A section; its keys may hold dots or be words of Python, so each field has a plain name and the key as alias."""
    definitions: dict[str, Any] = {
        f"field_{index}": (kind, Field(default=default, alias=key, description=text))
        for index, (key, (kind, text, default)) in enumerate(fields.items())
    }
    return create_model(name.title().translate({ord(sign): None for sign in "_. "}), __base__=Section, **definitions)


def plain(section: Section) -> dict[str, Any]:
    """The keys that were given, checked, as plain nested mappings and lists."""

    def value(item: Any) -> Any:
        if isinstance(item, Section):
            return plain(item)
        if isinstance(item, dict):
            return {key: value(below) for key, below in item.items()}
        return [value(below) for below in item] if isinstance(item, list) else item

    fields = type(section).model_fields
    given = [name for name in fields if name in section.model_fields_set]
    return {fields[name].alias or name: value(getattr(section, name)) for name in given}


def united(*parts: Fields) -> Fields:
    """All fields of several parts.

    Raises:
        ValueError: a key is in two of them.
    """
    joined: Fields = {}
    for part in parts:
        twice = set(joined) & set(part)
        if twice:
            raise ValueError(f"declared twice: {sorted(twice)}")
        joined |= part
    return joined


def number(quantity: Quantity) -> tuple[Any, str, Any]:
    """The field of a quantity whose value may be a distribution."""
    return quantity_type(quantity), _described(quantity), quantity.default


def constants(quantities: Iterable[Quantity]) -> Fields:
    """The fields of quantities that are single numbers, keyed by the last part of their paths."""
    return {each.path.rpartition(".")[2]: (constant_type(each), _described(each), each.default) for each in quantities}


def _described(quantity: Quantity) -> str:
    unit = "" if quantity.unit == "1" else f" In {quantity.unit}."
    return f"{quantity.meaning[:1].upper()}{quantity.meaning[1:].rstrip('.')}.{unit} Source: {quantity.source}."
