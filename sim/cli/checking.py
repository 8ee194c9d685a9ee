"""One scenario checked: what it holds, or what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.log import LOGGER

STDIN = "-"


@dataclass(frozen=True)
class Checked:
    """What came of the check of one scenario.

    Args:
        name: as it was named.
        scenario: what was loaded; None if it cannot be.
        message: what is wrong with it, a line each; empty if nothing is.
    """

    name: str
    scenario: Any
    message: str

    @property
    def valid(self) -> bool:
        """Whether it can be lived."""
        return not self.message

    def tell(self) -> None:
        """Print what it holds, or say what is wrong with it."""
        if not self.valid:
            LOGGER.error(self.message)
            return
        from sim.scenario import authoring

        print(authoring.describe(self.scenario))

    def as_record(self) -> dict[str, Any]:
        """The same as plain data."""
        found = {"scenario": self.name, "valid": self.valid}
        if not self.valid:
            return found | {"faults": self.message.splitlines()}
        loaded = self.scenario
        return found | {
            "title": loaded.title,
            "start": str(loaded.start),
            "horizon": loaded.horizon,
            "seed": loaded.seed,
            "groups": [group.id for group in loaded.groups],
            "hash": loaded.hash,
        }


def checked(name: str, changes: Sequence[str]) -> Checked:
    """Check a scenario: a name, a file, or ``-`` for what comes on standard input."""
    from sim.scenario.loading import checked as loaded

    try:
        return Checked(name, loaded(_stdin() if name == STDIN else name, changes), "")
    except InputError as error:
        return Checked(name, None, str(error))


def _stdin() -> str:
    """The text on standard input, as a scenario that is text and no name; of one too long, enough to be refused.

    Raises:
        InputError: it holds letters that are none.
    """
    from sim.scenario.reader import MAX_BYTES

    try:
        return sys.stdin.read(MAX_BYTES) + "\n"
    except UnicodeDecodeError as error:
        raise InputError(f"standard input: is no text in {error.encoding} (byte {error.start})") from None
