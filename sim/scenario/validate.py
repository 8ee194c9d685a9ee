"""Check a document against the model of a scenario file and say what is wrong where."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim.errors import InputError
from sim.scenario.leaves import HERE
from sim.scenario.models import file_model
from sim.scenario.places import Address, Document, Wrong, dotted
from sim.scenario.reader import kind_of
from sim.scenario.section import plain

SHAPES = {"list_type": "a list", "dict_type": "a mapping of keys"}


def validate(document: Document) -> dict[str, Any]:
    """The keys of a document, each checked for itself; what depends on others is checked when the scenario is built.

    Raises:
        InputError: the first thing that is wrong, with its place, what is allowed and the nearest name.
    """
    try:
        return plain(file_model().model_validate(document.data))
    except ValidationError as invalid:
        found = [_explained(document, error) for error in invalid.errors(include_url=False)]
    found.sort(key=lambda each: each[0])
    more = f" ({len(found) - 1} more after this one)" if len(found) > 1 else ""
    raise InputError(found[0][1] + more)


def _explained(document: Document, error: Any) -> tuple[int, str]:
    """Line and message of one of pydantic's errors."""
    address: Address = tuple(key for key in error["loc"] if key != "[key]")
    wrong = error.get("ctx", {}).get("error")
    at: Address = ()
    if isinstance(wrong, Wrong):
        text, at = wrong.text, wrong.at
    elif error["type"] in SHAPES:
        text = f"{HERE} must be {SHAPES[error['type']]}, not {kind_of(error['input'])}"
    else:
        text = f"{HERE}: {error['msg']}"
    place = document.place((*address, *at))
    return place.line, f"{place}: {text.replace(HERE, dotted(address) or 'a scenario')}"
