"""All that is wrong with a scenario, gathered so that it can be told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sim.errors import InputError
from sim.scenario.places import Place, Placed

MOST = 30
"""Faults that are told; whoever has more will look again."""


class Faults:
    """Errors gathered while a scenario is read."""

    def __init__(self) -> None:
        self.found: list[InputError] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Go on after an error in this block, and keep the error."""
        try:
            yield
        except InputError as error:
            self.found.append(error)

    def tell(self) -> None:
        """Raise what was gathered, by file and line, one line each; nothing if nothing is wrong.

        Raises:
            InputError: something is wrong.
        """
        texts = [*dict.fromkeys(str(error) for error in sorted(self.found, key=self._order))]
        if len(texts) > MOST:
            texts = [*texts[:MOST], f"and {len(texts) - MOST} more faults"]
        if texts:
            raise InputError("\n".join(texts))

    def _order(self, error: InputError) -> tuple[int, int]:
        """Files in the order in which they came up, then lines."""
        sources = [*dict.fromkeys(_place(each).source for each in self.found)]
        return sources.index(_place(error).source), _place(error).line


def _place(error: InputError) -> Place:
    return (error.place if isinstance(error, Placed) else None) or Place("")
