"""Scenario files: reading, inheritance, overrides, checks, and the records that worlds are lived on.

The way of a file: :mod:`reader` (YAML to plain data with places), :mod:`inherit` (what it extends, and overrides),
:mod:`validate` (each key against the declarations), :mod:`loading` (what depends on several keys; the
:class:`Scenario`), :mod:`compiling` (records for many worlds). What is here is the whole of it that others need; the
modules behind the names are imported when a name is first used, so that the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.compiling import tables as tables
    from sim.scenario.distribution import Distribution as Distribution
    from sim.scenario.files import shipped as shipped
    from sim.scenario.loading import load as load
    from sim.scenario.model import Bloc as Bloc
    from sim.scenario.model import Calendar as Calendar
    from sim.scenario.model import Design as Design
    from sim.scenario.model import Group as Group
    from sim.scenario.model import Scenario as Scenario
    from sim.scenario.model import ScriptedEvent as ScriptedEvent
    from sim.scenario.models import schema as schema
    from sim.scenario.policy import COMPILED_INSTEAD as COMPILED_INSTEAD
    from sim.scenario.policy import in_plain_python as in_plain_python
    from sim.scenario.policy import policy_sources as policy_sources
    from sim.scenario.policy import python_policy as python_policy
    from sim.scenario.quantities import paths as paths

HOMES = {
    "Bloc": "model",
    "COMPILED_INSTEAD": "policy",
    "Calendar": "model",
    "Design": "model",
    "Distribution": "distribution",
    "Group": "model",
    "Scenario": "model",
    "ScriptedEvent": "model",
    "in_plain_python": "policy",
    "load": "loading",
    "paths": "quantities",
    "policy_sources": "policy",
    "python_policy": "policy",
    "schema": "models",
    "shipped": "files",
    "tables": "compiling",
}
"""Public names and the modules they live in."""

__all__ = [*HOMES]  # noqa: PLE0604 - the keys are text


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(HOMES)
