"""The luck of a scenario before day 0: one uniform number per world for each value that is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.world.chance import chance
from sim.world.identity import identity
from sim.world.names import Draw

BEFORE = -1
"""Day on which what is constant in a world is drawn."""


@rule
def _draw(seed: Any, first: Any, actor: Any, purpose: Any, out: Any) -> None:
    for index in range(len(out)):
        out[index] = chance(seed, first + index, BEFORE, actor, purpose)


def uniforms(seed: int, first: int, count: int, name: str, purpose: Draw) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) of the worlds ``first`` to ``first + count - 1``, shape (count,).

    They depend on the seed, the number of the world, the name and the purpose alone, so neither the number of worlds
    nor the way they are cut into chunks changes them.
    """
    out = np.empty(count)
    _draw(np.uint64(seed), first, identity(name), int(purpose), out)
    return out
