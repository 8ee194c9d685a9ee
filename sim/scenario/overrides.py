"""Changes on top of a scenario: ``--set us.red_line=2`` and its equal in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.scenario.files import as_plain
from sim.scenario.places import Document, Place, locate
from sim.scenario.quantities import split
from sim.scenario.reader import read_value

Sorted = tuple[int, tuple[str, ...], Document]
"""A document behind what its place in the order depends on."""


def documents(overrides: Mapping[str, object] | Sequence[str]) -> list[Document]:
    """One document for each override, in an order that does not depend on theirs, but for two of one path.

    Whole sections come first, so that a part that is given as well stands.

    Args:
        overrides: values by path, or texts ``path=value`` as on the command line, whose values are YAML.

    Raises:
        InputError: an override is not of that form, or its value is no YAML.
    """
    if isinstance(overrides, Mapping):
        found = [_given(str(path), value) for path, value in overrides.items()]
    else:
        found = [_parsed(text) for text in ([overrides] if isinstance(overrides, str) else overrides)]
    return [document for *_, document in sorted(found, key=lambda each: each[:2])]


def _given(path: str, value: object) -> Sorted:
    label = f"override {path}"
    return _document(path, as_plain(value, label), label)


def _parsed(text: str) -> Sorted:
    path, equals, value = text.partition("=")
    label = f"--set {text}"
    if not equals:
        raise InputError(f"{label}: an override is written path=value, such as us.red_line=2")
    return _document(path.strip(), read_value(value, label)[0], label)


def _document(path: str, value: Any, label: str) -> Sorted:
    """How deep a path lies, its keys, and the document that says nothing but ``value`` there."""
    address = split(path)
    if not all(address):
        raise InputError(f"{label}: '{path}' is not a path such as us.red_line")
    for key in reversed(address):
        value = {key: value}
    return len(address), tuple(map(str, address)), Document(value, locate(value, Place(label)))
