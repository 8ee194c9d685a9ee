"""A scenario as a tree of located values, which is what inheritance and overrides are merged on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.scenario.distribution import NAMES as DISTRIBUTIONS
from sim.scenario.places import Address, Document, Place, dotted, placed

Branch = dict[Any, "Located"]
TWINS = {"day": "date", "date": "day"}
"""Keys of an item of a list that say the same in two ways: a change of one takes the place of the other."""


@dataclass
class Located:
    """A value and its place; a mapping or list holds located values in turn."""

    value: Any
    place: Place

    @property
    def branch(self) -> Branch:
        """The keys below, or an empty mapping where there are none."""
        return self.value if isinstance(self.value, dict) else {}

    def section(self, key: Any) -> Branch:
        """The keys below one key, or an empty mapping where there are none."""
        return self.branch[key].branch if key in self.branch else {}

    def holds(self, address: Address) -> bool:
        """Whether there is a value at an address."""
        node = self
        for key in address:
            if key not in node.branch:
                return False
            node = node.branch[key]
        return True

    def error(self, text: str) -> InputError:
        """The error that says ``text`` of this value."""
        return placed(self.place, text)


def grow(document: Document) -> Located:
    """The tree of a document."""

    def node(data: Any, address: Address) -> Located:
        value = data
        if isinstance(data, dict):
            value = {key: node(item, (*address, key)) for key, item in data.items()}
        elif isinstance(data, list):
            value = [node(item, (*address, index)) for index, item in enumerate(data)]
        return Located(value, document.place(address))

    return node(document.data, ())


def flatten(tree: Located) -> Document:
    """The document of a tree."""
    places: dict[Address, Place] = {}

    def plain(node: Located, address: Address) -> Any:
        places[address] = node.place
        if isinstance(node.value, dict):
            return {key: plain(item, (*address, key)) for key, item in node.value.items()}
        if isinstance(node.value, list):
            return [plain(item, (*address, index)) for index, item in enumerate(node.value)]
        return node.value

    return Document(plain(tree, ()), places)


def merge(base: Located, over: Located, address: Address = (), *, wait: bool = False) -> Located:
    """The tree ``base`` as ``over`` changes it: mappings merge key by key, everything else is replaced.

    A key that ends in ``+`` appends to a list. A list is changed item by item by a mapping of positions. A list is
    replaced first, then appended to, then changed by position, in whatever order the keys were written.

    Args:
        base: what is changed.
        over: what changes it.
        address: where both stand.
        wait: whether ``base`` is itself a change, whose lists to append to are not there yet.

    Raises:
        InputError: something is to be appended to what is no list, or a position does not exist.
    """
    if isinstance(base.value, list) and over.branch and all(_position(key) is not None for key in over.branch):
        return Located(_merged_items(base, over, address), base.place)
    if not isinstance(base.value, dict) or not isinstance(over.value, dict) or _is_whole(over, address):
        return base if over.value is None and isinstance(base.value, dict) else over
    merged = dict(base.value)
    for key, node in sorted(over.value.items(), key=_turn):
        if _appends(key):
            name = key if wait and key[:-1] not in merged else key[:-1]
            merged[name] = _appended(merged.get(name), node, (*address, key))
        else:
            merged[key] = merge(merged[key], node, (*address, key), wait=wait) if key in merged else node
    return Located(merged, over.place)


def together(documents: Iterable[Document]) -> Located:
    """One tree of several changes of one scenario; of two that name one key the later stands.

    Raises:
        InputError: as :func:`merge`.
    """
    tree: Located | None = None
    for document in documents:
        grown = grow(document)
        tree = grown if tree is None else merge(tree, grown, wait=True)
    return tree or Located({}, Place("no change"))


def _appends(key: Any) -> bool:
    return isinstance(key, str) and key.endswith("+")


def _turn(item: tuple[Any, Located]) -> int:
    """When a key has its turn: whole lists, then what is appended, then what changes items by position."""
    key, node = item
    if _appends(key):
        return 1
    return 0 if isinstance(node.value, list) else 2


def _is_whole(node: Located, address: Address) -> bool:
    """Whether a mapping is one value that replaces another rather than a section that changes keys of another."""
    drawn = len(address) > 1 and bool(node.branch) and set(node.branch) <= {*DISTRIBUTIONS, "range"}
    return drawn or (len(address) == 2 and address[0] == "mindsets") or address == ("design", "vary")


def _appended(base: Located | None, added: Located, address: Address) -> Located:
    if not isinstance(added.value, list):
        raise added.error(f"{dotted(address)} appends a list of items")
    if base is not None and not isinstance(base.value, list):
        raise added.error(f"{dotted(address)} appends to a list, but {dotted(address)[:-1]} is none")
    return Located((base.value if base else []) + added.value, added.place)


def _position(key: Any) -> int | None:
    return int(key) if str(key).isascii() and str(key).isdigit() else None


def _merged_items(base: Located, over: Located, address: Address) -> list[Located]:
    items = list(base.value)
    for key, node in over.value.items():
        position = _position(key)
        if position is None or position >= len(items):
            raise node.error(f"{dotted((*address, key))}: there are {len(items)} items, counted from 0")
        items[position] = merge(_without_twin(items[position], node), node, (*address, position))
    return items


def _without_twin(item: Located, over: Located) -> Located:
    """An item without the day that a date replaces, or the date that a day replaces."""
    replaced = {TWINS[key] for key in over.branch if key in TWINS} - {*over.branch}
    if not replaced & {*item.branch}:
        return item
    return Located({key: node for key, node in item.branch.items() if key not in replaced}, item.place)
