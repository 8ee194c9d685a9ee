"""Find the function, class or object that a scenario names as a policy, and tell a compiled one from one in Python."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.errors import InputError, nearest

COMPILED_INSTEAD = "a compiled one, `@sim.rule def choose(seen, options) -> int`, would do"
_sources: dict[int, tuple[Any, str]] = {}
"""Every policy asked for with the hash of its source, by the identity of its object."""
_asked: set[str] = set()
"""Policies that somebody asked for in this process: in a scenario of his own, or by trusting a folder."""
_unasked: dict[str, str] = {}
"""Policies that only a folder or a saved game names, and which one: its author is not known."""


def hold_back(names: Iterable[str], source: Path) -> None:
    """Import no module of the policies that a file from elsewhere names, unless somebody asked for them before.

    Args:
        names: decision rules.
        source: the file or folder that names them.
    """
    _unasked.update({name: str(source) for name in names if ":" in name and name not in _asked})


def allow(names: Iterable[str]) -> None:
    """Let the modules of some policies be imported, whoever names them."""
    asked = {name for name in names if ":" in name}
    _asked.update(asked)
    for name in asked:
        _unasked.pop(name, None)


def changed_policies(then: Mapping[str, str]) -> list[str]:
    """Policies whose source is no longer what it was, of those that may be imported.

    Args:
        then: hash of the source by name, as :func:`policy_sources` gave it.
    """
    changed = []
    for name, source in then.items():
        try:
            if name in _asked and name not in _unasked and policy_sources([name])[name] != source:
                changed.append(name)
        except InputError:  # it cannot be imported any more
            changed.append(name)
    return changed


def python_policy(name: str) -> Any:
    """Import a policy written ``module:name``; the current folder is searched as well.

    This runs the code of the module, so only a driver that is about to use the policy calls it: reading and checking
    a scenario imports nothing.

    Raises:
        InputError: the module cannot be imported, or holds no such function, class or object with a method ``choose``,
            or only a file from elsewhere names it.
    """
    if name in _unasked:
        raise InputError(
            f"policy {name}: '{_unasked[name]}' names it, and to import it would run its code; if you trust it, say so"
            f" with --trust, or in Python sim.open_run(folder, trust=True)"
        )
    _asked.add(name)
    module_name, _, attribute = name.partition(":")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        module = import_module(module_name)
    except Exception as error:  # another author's module may raise anything
        raise InputError(f"policy {name}: module '{module_name}' cannot be imported: {error}") from error
    found: Any = getattr(module, attribute, None)
    if not _chooses(found):
        public = [each for each in vars(module) if not each.startswith("_") and _chooses(getattr(module, each))]
        hint = nearest(attribute, public)
        raise InputError(f"policy {name}: '{module_name}' holds no function or class '{attribute}';{hint}")
    _note_source(found, module)
    return found


def _chooses(found: Any) -> bool:
    """Whether it can be a policy: it is called, or its method ``choose`` is."""
    return callable(found) or callable(getattr(found, "choose", None))


def _note_source(policy: Any, module: ModuleType) -> None:
    """Remember the source of a policy as it is now, just loaded, whatever happens to the file afterwards."""
    if id(policy) in _sources:
        return
    path = getattr(module, "__file__", None)
    try:
        text = Path(path).read_bytes() if path else inspect.getsource(getattr(policy, "py_func", policy)).encode()
    except (OSError, TypeError):  # typed at a prompt: nothing is written down
        text = b""
    _sources[id(policy)] = policy, hashlib.sha256(text).hexdigest()[:16]


def compiled_policy(name: str) -> int:
    """Address in this process of a compiled policy written ``module:name``; 0 if it is one in plain Python.

    Raises:
        InputError: it cannot be imported, or not be compiled.
    """
    from sim.world.outside import address_of, is_rule

    found = python_policy(name)
    return address_of(found, name) if is_rule(found) else 0


def in_plain_python(name: str) -> bool:
    """Whether a decision rule is a policy that only the Mesa driver can ask; arguments of a scenario's ``policies``.

    Raises:
        InputError: it cannot be imported, or not be compiled.
    """
    return ":" in name and compiled_policy(name) == 0


def policy_sources(names: Iterable[str]) -> dict[str, str]:
    """Hash (16 hex digits) of the file of each policy from outside among some decision rules, by its name.

    Raises:
        InputError: one cannot be imported.
    """
    return {name: _sources[id(python_policy(name))][1] for name in sorted({*names}) if ":" in name}
