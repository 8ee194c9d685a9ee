"""Read YAML 1.2 into plain data with the place of every value; nothing in a file can run code or exhaust memory.

Only the scalars, lists and mappings of YAML's core schema are built, by ruamel.yaml's safe constructor; tags are
refused. Size, nesting and the number of values with aliases written out are limited before anything is built.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, cast
from unicodedata import category

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.errors import InputError
from sim.scenario.places import Address, Document, Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_ALIASES = 100
MAX_VALUES = 20_000
MAX_WHOLE = 2**64


@lru_cache(maxsize=32)
def read_bytes(raw: bytes, source: str) -> Document:
    """Read the contents of a scenario file; ``source`` names it in errors. The document is shared: do not change it.

    Raises:
        InputError: too large, not UTF-8, not YAML, not a mapping, or beyond the limits of this module.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"{source}: larger than {MAX_BYTES // 1000} kB; a scenario is a page or two of text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{source}:{line}: not UTF-8 text (byte 0x{raw[error.start]:02x}); save it as UTF-8") from None
    return read_text(text, source)


def read_text(text: str, source: str) -> Document:
    """Read a scenario from YAML text.

    Raises:
        InputError: as :func:`read_bytes`.
    """
    data, places = read_value(text, source)
    if data is None:
        raise InputError(f"{source}:1: the scenario is empty; `sim new NAME` writes a commented one to start from")
    if not isinstance(data, dict):
        raise InputError(f"{source}:1: a scenario is a mapping (`key: value` lines), not {kind_of(data)}")
    return Document(data, places)


def read_value(text: str, source: str) -> tuple[Any, dict[Address, Place]]:
    """Read any YAML value from text, with the place of every address in it.

    Raises:
        InputError: not YAML, or beyond the limits of this module.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        _guard(yaml.parse(text), source)
        with warnings.catch_warnings():
            # YAML allows an anchor to be set again; the later one holds from there on.
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise InputError(f"{source}:{mark.line + 1 if mark else 1}: not valid YAML: {what}") from None
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise InputError(f"{source}:{line}: not valid YAML: {getattr(error, 'reason', error)}") from None
    builder = _Builder(yaml, source)
    data = None if root is None else builder.build(root, ())
    return data, {(): Place(source, 1), **builder.places}


def kind_of(value: Any) -> str:
    """What a value is, in words for an author of YAML."""
    names = {
        dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a whole number",
        float: "a number", type(None): "nothing",
    }  # fmt: skip
    if isinstance(value, date):
        return "a date"
    return names.get(type(value), f"a Python {type(value).__name__}")


def _guard(events: Iterator[Event], source: str) -> None:
    """Walk the events of the parser, which builds nothing, and refuse what would be costly or unsafe to build."""
    depth = values = aliases = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        values += isinstance(event, NodeEvent)
        aliases += isinstance(event, AliasEvent)
        place = f"{source}:{event.start_mark.line + 1}"
        if depth > MAX_DEPTH:
            raise InputError(f"{place}: nested deeper than {MAX_DEPTH} levels")
        if values > MAX_VALUES:
            raise InputError(f"{place}: more than {MAX_VALUES} values")
        if aliases > MAX_ALIASES:
            raise InputError(f"{place}: more than {MAX_ALIASES} aliases (*name)")
        tag = event.tag if isinstance(event, CollectionStartEvent | ScalarEvent) else None
        if tag:
            raise InputError(f"{place}: the tag {tag[:60]} is not allowed; write plain numbers, text, lists, mappings")


def problem_with(value: Any) -> str:
    """Why a single value cannot stand in a scenario, or ""."""
    if isinstance(value, float) and not math.isfinite(value):
        return "is not a finite number"
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        return "is larger than any number a scenario can use"
    if isinstance(value, str) and any(category(letter) in {"Cc", "Cs"} for letter in value if letter not in "\n\t"):
        return "holds control characters or half characters, which are not text"
    return "" if isinstance(value, str | int | float | date | None) else "is not a value that a file could hold"


class _Builder:
    """Turns nodes into plain data and remembers their lines."""

    def __init__(self, yaml: YAML, source: str) -> None:
        self.scalars = yaml.constructor
        self.source = source
        self.places: dict[Address, Place] = {}
        self.left = MAX_VALUES

    def build(self, node: Node, address: Address) -> Any:
        self.left -= 1
        if self.left < 0:
            raise self.error(node, f"more than {MAX_VALUES} values once its aliases are written out")
        if len(address) > MAX_DEPTH:
            raise self.error(node, f"nested deeper than {MAX_DEPTH} levels once its aliases are written out")
        self.places.setdefault(address, Place(self.source, node.start_mark.line + 1))
        if isinstance(node, MappingNode):
            return self.mapping(node, address)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*address, index)) for index, item in enumerate(node.value)]
        return self.scalar(cast("ScalarNode", node))

    def mapping(self, node: MappingNode, address: Address) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            if key in data:
                first = self.places[(*address, key)].line
                raise self.error(key_node, f"duplicate key '{key}', first written on line {first}")
            self.places[(*address, key)] = Place(self.source, key_node.start_mark.line + 1)
            data[key] = self.build(value_node, (*address, key))
        return data

    def key(self, node: Node) -> Any:
        if str(node.tag).endswith(":merge"):
            raise self.error(node, "merge keys (<<) are not part of YAML 1.2; use `extends`")
        key = self.scalar(node) if isinstance(node, ScalarNode) else None
        if not isinstance(key, str | int | float):
            raise self.error(node, "a key must be a word or a number")
        return key

    def scalar(self, node: ScalarNode) -> Any:
        try:
            value = self.scalars.construct_object(node)
        except (ValueError, LookupError, YAMLError):
            what = "date" if str(node.tag).endswith("timestamp") else "number"
            raise self.error(
                node, f"{node.value[:40]!r} is not a {what} that can be read; quote it if it is text"
            ) from None
        problem = problem_with(value)
        if problem:
            raise self.error(node, f"{node.value[:40]!r} {problem}")
        return value

    def error(self, node: Node, text: str) -> InputError:
        return InputError(f"{Place(self.source, node.start_mark.line + 1)}: {text}")
