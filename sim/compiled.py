"""The decorator that compiles a rule, and a cache on disk that cannot lie.

The folder of compiled rules is named by a hash of every source file that can reach a compiled function; how they are
kept there is told in :mod:`sim.rule_cache`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

from sim.rule_cache import kept, short_symbols

PACKAGE = Path(__file__).parent
COMPILED = ("compiled.py", "actions.py", "world/*.py", "rules/*.py", "drivers/ensemble.py")
MODEL = (*COMPILED, "quantity.py", "parameters/*.py", "drivers/*.py", "scenario/*.py")
Function = TypeVar("Function", bound=Callable[..., Any])


def _hash(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(PACKAGE.glob(pattern)):
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def rule_hash() -> str:
    """Hash of every source file that can change a result (16 hex digits); manifests carry it."""
    return _hash(MODEL)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path:
    """A writable folder for compiled rules: in the user's cache, else in the temporary folder."""
    name = Path("escalation-sim") / f"{_hash(COMPILED)}-numba{numba.__version__}"
    user = Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111 unlike Path.expanduser it bears a missing home
    home = Path(os.environ.get("XDG_CACHE_HOME") or user) / name
    if _writable(home):
        return home
    return Path(tempfile.gettempdir()) / f"escalation-sim-{os.getuid() if hasattr(os, 'getuid') else 'user'}" / name


CACHE = cache_folder()
short_symbols()
OPTIONS = {"error_model": "python", "nogil": True, "no_cfunc_wrapper": True}


def rule(function: Function) -> Function:
    """Compile a pure function over numbers and records; interpreted when ``NUMBA_DISABLE_JIT=1``."""
    return kept(numba.njit(**OPTIONS)(function), CACHE, PACKAGE)  # type: ignore[call-overload, no-any-return, unused-ignore]


def inlined(function: Function) -> Function:
    """Compile a rule as part of whatever calls it, for the innermost steps of a decision."""
    return kept(numba.njit(forceinline=True, **OPTIONS)(function), CACHE, PACKAGE)  # type: ignore[call-overload, no-any-return, unused-ignore]
