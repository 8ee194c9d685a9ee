"""Identities that chance is keyed by: hashes of names, so that no row and no order has a part in luck."""

from __future__ import annotations

import zlib


def identity(name: str) -> int:
    """A stable 32-bit identity of an actor, act, parameter or mindset draw, from its name."""
    return zlib.crc32(name.encode())
