"""Check a document against the model of a scenario file and say what is wrong where."""

from __future__ import annotations

import copy
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from sim.errors import InputError, nearest
from sim.scenario.faults import Faults
from sim.scenario.leaves import HERE
from sim.scenario.models import file_model
from sim.scenario.places import Address, Document, Wrong, dotted
from sim.scenario.reader import kind_of
from sim.scenario.section import Section, plain

SHAPES = {"list_type": "a list", "dict_type": "a mapping of keys"}
STRANGE_KEY = ("extra_forbidden", "invalid_key")


def validate(document: Document, faults: Faults) -> tuple[dict[str, Any], set[Address]]:
    """The keys of a document, each checked for itself; what depends on others is checked when the scenario is built.

    Args:
        document: what was read and merged.
        faults: where everything that is wrong is noted, with its place, what is allowed and the nearest name.

    Returns:
        The keys that are right, and the addresses of those that were left out, since something is wrong with them.
    """
    data, spoilt = document.data, set[Address]()
    while True:
        try:
            return plain(file_model().model_validate(data)), spoilt
        except ValidationError as invalid:
            wrong = [_explained(document, error) for error in invalid.errors(include_url=False)]
        if not spoilt:
            faults.found += [error for _, error in wrong]
        here = {_key_of(data, address) for address, _ in wrong}
        if () in here:
            faults.tell()
        data = copy.deepcopy(data)
        for address in here:
            _drop(data, address)
        spoilt |= here


def _explained(document: Document, error: Any) -> tuple[Address, InputError]:
    """Address and message of one of pydantic's errors."""
    address: Address = tuple(key for key in error["loc"] if key != "[key]")
    wrong = error.get("ctx", {}).get("error")
    at: Address = ()
    if isinstance(wrong, Wrong):
        text, at = wrong.text, wrong.at
    elif error["type"] in STRANGE_KEY:
        address, at = address[:-1], address[-1:]
        text = _unknown_key(address, at[0])
    elif error["type"] in SHAPES:
        text = f"{HERE} must be {SHAPES[error['type']]}, not {kind_of(error['input'])}"
    else:
        text = f"{HERE}: {error['msg']}"
    place = (*address, *at)
    return place, document.error(place, text.replace(HERE, dotted(address) or "a scenario"))


def _unknown_key(address: Address, key: Any) -> str:
    known = _section_at(address).keys()
    return f"unknown key '{str(key)[:60]}' in {HERE};{nearest(str(key), known)} allowed: {', '.join(known)}"


def _section_at(address: Address) -> type[Section]:
    """The section at an address."""
    kind: Any = file_model()
    for key in address:
        if get_origin(kind) in (dict, list):
            kind = get_args(kind)[-1]
        else:
            kind = next(field.annotation for name, field in kind.model_fields.items() if (field.alias or name) == key)
    found: type[Section] = kind
    return found


def _key_of(data: Any, address: Address) -> Address:
    """The innermost key of a mapping on the way to an address; () where there is none."""
    found: Address = ()
    for end, key in enumerate(address, 1):
        if isinstance(data, dict) and key in data:
            found = address[:end]
        try:
            data = data[key]
        except (LookupError, TypeError):
            break
    return found


def _drop(data: Any, address: Address) -> None:
    """Take the value at an address out, unless one around it is out already."""
    for key in address[:-1]:
        if isinstance(data, dict) and key not in data:
            return
        data = data[key]
    data.pop(address[-1], None)
