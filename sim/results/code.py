"""A hash of the code that shapes a table: the model, and all that turns worlds into rows and files."""

from __future__ import annotations

import hashlib

from sim.compiled import PACKAGE, rule_hash

SHAPING = ("results/*.py", "experiments/*.py")
"""Sources beside the rules; more than strictly needed, so that none can be forgotten."""


def _hash() -> str:
    digest = hashlib.sha256(rule_hash().encode())
    for path in sorted(path for pattern in SHAPING for path in PACKAGE.glob(pattern)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


CODE = _hash()
"""The hash (16 hex digits) of the code as this program loaded it, whatever happens to the files afterwards."""
