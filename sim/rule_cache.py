"""Compiled rules on disk: found by what they were compiled from, checked before use, announced when they are missing.

What is private to Numba is used here and in :mod:`sim.rule_files`, and nowhere else. A version of Numba that has
changed it costs time or room on the disk; it breaks nothing.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numba

from sim.rule_folders import say, used

LONGEST_NAME = 200
SYMBOLS = "numba.core.itanium_mangler"
FILES = "sim.rule_files"


def kept(dispatcher: Any, folder: Path, package: Path) -> Any:
    """A compiled function of the package that is kept in ``folder``; others are Numba's own affair."""
    written = getattr(dispatcher, "py_func", None)
    if written is None or numba.config.DISABLE_JIT:  # type: ignore[attr-defined, unused-ignore]
        return dispatcher
    files = _files(folder)
    if files and Path(written.__code__.co_filename).is_relative_to(package):
        try:
            dispatcher._cache = files.RuleCache(written, folder, package)
        except (AttributeError, TypeError):
            _unknown()
    return dispatcher


@cache
def _files(folder: Path) -> ModuleType | None:
    """The module that keeps rules, on the first use of a folder; none where Numba lacks what it is built on."""
    used(folder)
    try:
        return import_module(FILES)
    except (ImportError, AttributeError, TypeError):
        _unknown()
        return None


@cache
def _unknown() -> None:
    """Say once that this Numba is another one than the cache was written for."""
    say(f"Numba {numba.__version__} keeps compiled functions in a way not known here; rules are compiled each time")


def short_symbols() -> bool:
    """Shorten what Numba calls the types of rules, for the whole process; whether this Numba lets us.

    It spells out every field of a record, 20 kB a symbol and 239 MB a cache against 44 MB. The function that is
    replaced is private: where it is gone, or is no longer one from a type to its name, names stay as they are.
    """
    try:
        mangler: Any = import_module(SYMBOLS)
        name_of = mangler.mangle_type_or_value
        if not isinstance(name_of(numba.types.float64), str):
            return False
    except Exception:  # noqa: BLE001 - whatever Numba has made of it, rules compile with long names, too
        return False

    def short_name(kind: Any) -> str:
        name: str = name_of(kind)
        return name if len(name) < LONGEST_NAME else "33t" + hashlib.sha256(name.encode()).hexdigest()[:32]

    mangler.mangle_type_or_value = short_name
    return True
