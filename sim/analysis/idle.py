"""Which numbers of a scenario cannot matter when they are varied world by world, and why."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sim.results.words import listed

if TYPE_CHECKING:
    from sim.scenario import Scenario

CONSTANT = {
    "parliament.*": "it is the same in all worlds of a run; make a scenario of each value",
    "events.*": "it is the same in all worlds of a run; make a scenario of each value",
    "actions.*.lag_*": "lags cannot vary one by one and keep their order; make a scenario of each value",
}
"""Numbers that are no world's own, by pattern, and why."""
WEIGHED = ("rationality", "inertia", "weight_*")
"""Numbers of an actor that only a choice by utility reads; groups read them for a truce as well."""
BLIND = ("passive", "scripted", "random", "tit_for_tat")
"""Decision rules that weigh nothing."""


def why_idle(scenario: Scenario, path: str) -> str:
    """Why no world would differ if a number were varied; empty where it can matter."""
    for pattern, reason in CONSTANT.items():
        if fnmatchcase(path, pattern):
            return reason
    return _replaced(scenario, path) or _switched_off(scenario, path) or _not_weighed(scenario, path)


def _replaced(scenario: Scenario, path: str) -> str:
    from sim.scenario.mindset import replaced

    minds = replaced(scenario, path)
    if not minds:
        return ""
    which = f"mindset {minds[0]} sets" if len(minds) == 1 else f"mindsets {listed(minds)} set"
    return f"the {which} it in every world; state the number beside the mindset, or choose the mindset 'default'"


def _switched_off(scenario: Scenario, path: str) -> str:
    """A number of an act that the scenario takes away and does not script."""
    if not path.startswith("actions."):
        return ""
    act = ".".join(path.split(".")[1:3])
    enabled = scenario.values.get(f"actions.{act}.enabled", 1.0)
    if path.endswith(".enabled") or enabled != 0.0 or any(event.act == act for event in scenario.events):
        return ""
    return f"the scenario switches {act} off"


def _not_weighed(scenario: Scenario, path: str) -> str:
    """A weight of a state whose rule weighs nothing."""
    from sim.scenario.quantities import STATES

    actor, _, name = path.partition(".")
    if actor not in STATES or not any(fnmatchcase(name, pattern) for pattern in WEIGHED):
        return ""
    rule = scenario.policies[actor]
    if rule in BLIND or (rule == "expected_utility" and name == "rationality"):
        return f"the rule '{rule}' that {actor} follows does not read it"
    return ""


def refuse_twice(option: str, names: list[str]) -> None:
    """Refuse a name that is given a second time, which would change nothing.

    Raises:
        InputError: one is.
    """
    from sim.errors import InputError

    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"{option} {name} is given twice; once is enough")
