"""Find the Python function or class that a scenario names as a policy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.errors import InputError, nearest


def python_policy(name: str) -> Callable[..., Any]:
    """Import a policy written ``module:name``; the current folder is searched as well.

    This runs the code of the module, so only a driver that is about to use the policy calls it: reading and checking
    a scenario imports nothing.

    Raises:
        InputError: the module cannot be imported, or holds no such function or class.
    """
    module_name, _, attribute = name.partition(":")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        module = import_module(module_name)
    except Exception as error:  # another author's module may raise anything
        raise InputError(f"policy {name}: module '{module_name}' cannot be imported: {error}") from error
    found = getattr(module, attribute, None)
    if not callable(found):
        public = [each for each in vars(module) if not each.startswith("_") and callable(getattr(module, each))]
        hint = nearest(attribute, public)
        raise InputError(f"policy {name}: '{module_name}' holds no function or class '{attribute}';{hint}")
    return found
