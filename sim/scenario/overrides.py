"""Changes on top of a scenario: ``--set us.red_line=2`` and its equal in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.scenario.files import as_plain
from sim.scenario.places import Document, Place, locate
from sim.scenario.quantities import split
from sim.scenario.reader import read_value

MINDSET_KEYS = (("mindset",), ("mindsets",))


def documents(overrides: Mapping[str, object] | Sequence[str]) -> list[Document]:
    """One document for each override, in order, but mindsets first: a number that is given as well then stands.

    Args:
        overrides: values by path, or texts ``path=value`` as on the command line, whose values are YAML.

    Raises:
        InputError: an override is not of that form, or its value is no YAML.
    """
    if isinstance(overrides, Mapping):
        found = [_given(str(path), value) for path, value in overrides.items()]
    else:
        found = [_parsed(text) for text in ([overrides] if isinstance(overrides, str) else overrides)]
    return sorted(found, key=lambda document: not any(address[-1:] in MINDSET_KEYS for address in document.places))


def _given(path: str, value: object) -> Document:
    label = f"override {path}"
    return _document(path, as_plain(value, label), label)


def _parsed(text: str) -> Document:
    path, equals, value = text.partition("=")
    label = f"--set {text}"
    if not equals:
        raise InputError(f"{label}: an override is written path=value, such as us.red_line=2")
    return _document(path.strip(), read_value(value, label)[0], label)


def _document(path: str, value: Any, label: str) -> Document:
    """The document that says nothing but ``value`` at ``path``."""
    address = split(path)
    if not all(address):
        raise InputError(f"{label}: '{path}' is not a path such as us.red_line")
    for key in reversed(address):
        value = {key: value}
    return Document(value, locate(value, Place(label)))
