"""A checked document on its way to becoming a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError, nearest
from sim.scenario.faults import Faults
from sim.scenario.leaves import HERE
from sim.scenario.places import Address, Document, Wrong, dotted


@dataclass(frozen=True)
class Draft:
    """Keys that were each checked for themselves, and the document that knows their places.

    Attributes:
        keys: what :func:`sim.scenario.validate.validate` returned.
        document: the document they were read from.
        groups: ids of the groups.
        faults: what is wrong with it, as far as it was found.
        spoilt: addresses, two keys deep, of what is left out of the keys in part, since something is wrong with it.
    """

    keys: dict[str, Any]
    document: Document
    groups: tuple[str, ...]
    faults: Faults = field(default_factory=Faults)
    spoilt: frozenset[Address] = frozenset()

    def get(self, address: Address, default: Any = None) -> Any:
        """The value at an address, or the default where nothing was given."""
        node: Any = self.keys
        for key in address:
            if not isinstance(node, dict) or key not in node:
                return default
            node = node[key]
        return node

    def error(self, address: Address, text: str) -> InputError:
        """The error that says ``text`` of the value at an address."""
        return self.document.error(address, text)

    def unknown(self, address: Address, kind: str, name: Any, allowed: Iterable[str]) -> InputError:
        """The error for a name at an address that is not among the allowed ones."""
        names = list(allowed)
        text = f"{dotted(address)}: unknown {kind} '{str(name)[:60]}';{nearest(str(name), names)}"
        return self.error(address, f"{text} allowed: {', '.join(names)}")

    def explained(self, address: Address, wrong: Wrong) -> InputError:
        """The error for something wrong with the value at an address."""
        return self.error((*address, *wrong.at), wrong.text.replace(HERE, dotted(address)))
