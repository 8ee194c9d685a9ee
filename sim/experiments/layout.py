"""How a sweep is cut into parts: by its size alone, so that every way of computing it gives the same files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PARTS = 64
"""About as many parts as a sweep has; less is lost by a kill with more, and files are larger with fewer."""
LEAST = 5000
MOST = {"outcomes": 250_000, "daily": 100_000, "trace": 10_000}
"""Worlds in the largest part by depth."""


class Slice(NamedTuple):
    """Some worlds of one point: ``first`` to ``first + worlds - 1``."""

    point: int
    first: int
    worlds: int


@dataclass(frozen=True)
class Layout:
    """The parts of a sweep: whole points where they are small, pieces of one point where they are large.

    Attributes:
        points: number of points.
        worlds: worlds at each point.
        size: most worlds in a part, unless one point alone has fewer.
    """

    points: int
    worlds: int
    size: int

    @property
    def parts(self) -> int:
        """Number of parts."""
        if self.worlds > self.size:
            return self.points * self._pieces
        return -(-self.points // self._points_a_part)

    def slices(self, part: int) -> list[Slice]:
        """What a part holds, in the order of its rows."""
        if self.worlds > self.size:
            point, piece = divmod(part, self._pieces)
            first = piece * self.size
            return [Slice(point, first, min(self.size, self.worlds - first))]
        first = part * self._points_a_part
        return [Slice(point, 0, self.worlds) for point in range(first, min(first + self._points_a_part, self.points))]

    def rows(self, part: int) -> int:
        """Number of worlds in a part."""
        return sum(piece.worlds for piece in self.slices(part))

    @property
    def _pieces(self) -> int:
        return -(-self.worlds // self.size)

    @property
    def _points_a_part(self) -> int:
        return self.size // self.worlds


def usual_size(points: int, worlds: int, depth: str) -> int:
    """Worlds in a part of a sweep of this size, if the user does not say."""
    return max(LEAST, min(-(-points * worlds // PARTS), MOST[depth]))
