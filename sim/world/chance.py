"""Chance as an argument: the counter-based generator Philox4x32-10.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11. A draw is a pure function of
the seed, the world, the day, the identity of the actor and of the act, and the named purpose, so a world is replayed
alone, a new draw anywhere changes no other, and two scenarios under one seed share their luck (common random numbers).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import rule

MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
HIGH_BITS = np.uint64(5)
LOW_BITS = np.uint64(6)
ROUNDS = 10
AGAIN = 2**16
"""Days fit below it: the word of the day also says for which time on that day a number is drawn."""


@rule
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Philox4x32-10 of a counter of four and a key of two 32-bit words, all ``uint64``; returns four words."""
    for _ in range(ROUNDS):
        p0 = MULTIPLIER_0 * c0
        p1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> SHIFT) ^ c1 ^ k0, p1 & MASK, (p0 >> SHIFT) ^ c3 ^ k1, p0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@rule
def chance(seed: int, world: int, day: int, actor: int, draw: int, again: int = 0) -> float:
    """A uniform number in [0, 1) with 53 random bits.

    Args:
        seed: seed of the run; its 64 bits are the key.
        world: number of the world, below 2**32.
        day: day of the draw; -1 before the first.
        actor: stable identity of the actor (see :mod:`sim.world.identity`), not its row.
        draw: purpose, a :class:`sim.world.names.Draw`, plus ``PURPOSES`` times the key of an act.
        again: 0, or which of several draws of that day alike in all else, below 2**16.
    """
    key = np.uint64(seed)
    c0, c1, _, _ = philox(
        np.uint64(world) & MASK,
        np.uint64(day + 1 + AGAIN * again) & MASK,
        np.uint64(actor) & MASK,
        np.uint64(draw) & MASK,
        key & MASK,
        key >> SHIFT,
    )
    return (float(c0 >> HIGH_BITS) * 67108864.0 + float(c1 >> LOW_BITS)) / 9007199254740992.0
