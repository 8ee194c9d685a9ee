"""Where each value of a scenario was written, so that an error can point at the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import InputError

Address = tuple[Any, ...]
"""Keys and list positions from the top of a scenario down to a value."""


@dataclass(frozen=True)
class Place:
    """A line of a file, an argument of the command line, or a mapping given in Python (line 0: no lines)."""

    source: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


class Placed(InputError):  # noqa: N818 - it is the error that has a place
    """An error that knows its place."""

    place: Place | None = None


def placed(place: Place, text: str) -> Placed:
    """The error that says ``text`` of what stands at a place."""
    error = Placed(f"{place}: {text}")
    error.place = place
    return error


@dataclass(frozen=True)
class Document:
    """A scenario as it was written: plain data, and the place of every address in it.

    Attributes:
        data: mapping of plain Python values.
        places: place of each address; the empty address is the document itself.
    """

    data: dict[Any, Any]
    places: dict[Address, Place]

    def place(self, address: Address) -> Place:
        """Place of the value at ``address``, or of the nearest value around it that has one."""
        for end in range(len(address), 0, -1):
            if address[:end] in self.places:
                return self.places[address[:end]]
        return self.places[()]

    def error(self, address: Address, text: str) -> InputError:
        """The error that says ``text`` of the value at ``address``."""
        return placed(self.place(address), text)


class Wrong(ValueError):  # noqa: N818 - it is what is wrong with one value, told before the place is known
    """What is wrong with a value, said by a check that does not know where the value stands.

    Attributes:
        text: the message; ``{path}`` in it stands for the dotted path of the value.
        at: address of the culprit inside the value.
    """

    def __init__(self, text: str, *at: Any) -> None:
        super().__init__(text)
        self.text = text
        self.at = at


def dotted(address: Address) -> str:
    """The address as a reader types it: ``militias.badr.iran_control``."""
    return ".".join(str(key) for key in address)


def locate(data: Any, place: Place, address: Address = ()) -> dict[Address, Place]:
    """Give every address inside ``data`` the same place."""
    places = {address: place}
    children: Any = ()
    if isinstance(data, Mapping):
        children = data.items()
    elif isinstance(data, list | tuple):
        children = enumerate(data)
    for key, value in children:
        places |= locate(value, place, (*address, key))
    return places


def iso(value: Any) -> Any:
    """Plain data with its dates as text in ISO form, as JSON needs them."""
    if isinstance(value, Mapping):
        return {key: iso(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [iso(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
