"""The sweep that a scenario may carry, and the questions it asks."""

from __future__ import annotations

from typing import Any

from sim.scenario.dated import days_allowed
from sim.scenario.draft import Draft
from sim.scenario.leaves import check_constant
from sim.scenario.model import Design
from sim.scenario.places import Address, Wrong
from sim.scenario.quantities import ALL_GROUPS, HORIZON, START, STATES, drawable, owner_of, unknown_path
from sim.scenario.question import Question

NEEDED = ("id", "text", "measure", "statistic", "comparison", "threshold")
MINDSET = "mindset"
HELD = "held"
"""As the path of a point, ``us.held``: which of its mindsets an actor has in each world; see :func:`held_path`."""
POLICY = "policies"
GRID = "grid"


def named_paths(groups: tuple[str, ...]) -> set[str]:
    """Paths whose values are names rather than numbers: mindsets and policies of the actors."""
    actors = (*STATES, *groups)
    return {f"{owner_of(actor)}.{MINDSET}" for actor in actors} | {
        f"{POLICY}.{actor}" for actor in (*actors, ALL_GROUPS)
    }


def held_path(actor: str) -> str:
    """The path of a point that says which of its mindsets an actor has in each world.

    Unlike ``us.mindset``, which chooses a mindset anew, it does not touch the numbers that the scenario states beside
    the mindsets: those worlds are the scenario's own, only ordered otherwise.
    """
    return f"{owner_of(actor)}.{HELD}"


def design_of(draft: Draft) -> Design | None:
    """The sweep, or None.

    Raises:
        InputError: a path does not exist, or its values are not allowed.
    """
    keys = draft.get(("design",))
    if not keys:
        return None
    _check_used(draft, keys)
    numbers, names = drawable(draft.groups), named_paths(draft.groups)
    for path, values in keys.get("vary", {}).items():
        address = ("design", "vary", path)
        if path not in numbers and path not in names:
            draft.faults.found.append(draft.error(address, str(unknown_path(path, [*numbers, *names]))))
            continue
        try:
            _check(path, values, numbers)
        except Wrong as wrong:
            draft.faults.found.append(draft.explained(address, wrong))
    return Design(keys.get("vary", {}), keys.get("kind", GRID), keys.get("points"), keys.get("worlds"))


def _check_used(draft: Draft, keys: dict[str, Any]) -> None:
    """Nothing may be said that no sweep would use."""
    for key in ("kind", "points", "worlds"):
        if key in keys and not keys.get("vary"):
            draft.faults.found.append(draft.error(("design", key), f"design.{key} has no effect without design.vary"))
    if keys.get("vary") and "points" in keys and keys.get("kind", GRID) == GRID:
        text = "design.points has no effect in a grid, whose points are all combinations; use kind: lhs or sobol"
        draft.faults.found.append(draft.error(("design", "points"), text))


def _check(path: str, values: Any, numbers: dict[str, Any]) -> None:
    """Values of one path: a list, or three numbers as ``low:high:count``."""
    if isinstance(values, str) and path in numbers:
        values = _span(values)
    if not isinstance(values, list) or not values:
        raise Wrong("{path} must be a list of values, or low:high:number for numbers")
    for index, value in enumerate(values):
        if path in numbers:
            try:
                check_constant(numbers[path], value)
            except Wrong as wrong:
                raise Wrong(wrong.text.replace(path, "{path}", 1), index) from None
        elif not isinstance(value, str):
            raise Wrong("{path} takes names", index)


def _span(text: str) -> list[float]:
    """The ends of a span ``low:high:count``."""
    parts = text.split(":")
    try:
        low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
    except (IndexError, ValueError):
        raise Wrong(f"{{path}} must be low:high:number such as 0.2:0.8:7, not '{text[:40]}'") from None
    if len(parts) > 3 or count < 1:
        raise Wrong(f"{{path}} must be low:high:number such as 0.2:0.8:7, not '{text[:40]}'")
    return [low, high]


def questions_of(draft: Draft) -> tuple[Question, ...]:
    """The forecast questions in the order of the file.

    Raises:
        InputError: one has no id of its own, lacks a key, asks about days outside the horizon, or its keys do not fit.
    """
    questions: list[Question] = []
    for index, keys in enumerate(draft.get(("questions",), ())):
        if ("questions", index) in draft.spoilt:
            continue
        with draft.faults.noted():
            if "id" not in keys or keys["id"] in [question.id for question in questions]:
                raise draft.error(("questions", index), "a question needs an id of its own, such as us_strike")
            questions.append(_question(draft, ("questions", index), keys))
    return tuple(questions)


def _check_question(draft: Draft, address: Address, keys: dict[str, Any], name: str) -> None:
    """Nothing may be said that the question does not ask."""
    if "window_days" in keys and keys["statistic"] != "peak":
        text = f"{name}: window_days has no effect with {keys['statistic']}; it is the window of peak"
        draft.faults.found.append(draft.error((*address, "window_days"), text))
    for key in ("after_from", "after_to"):
        if keys.get(key) is not None and not keys.get("after"):
            text = f"{name}: {key} has no effect without `after`: days after which events?"
            draft.faults.found.append(draft.error((*address, key), text))


def _question(draft: Draft, address: Address, keys: dict[str, Any]) -> Question:
    name = f"question '{keys['id']}'"
    for key in NEEDED:
        if key not in keys:
            raise draft.error(address, f"{name} needs its {key}; needed are {', '.join(NEEDED)}")
    _check_question(draft, address, keys, name)
    question = Question(**{key: value for key, value in keys.items() if value is not None})
    if fault := question.fault():
        raise draft.error(address, f"{name}: {fault}")
    start, horizon = draft.get(("start",), START), draft.get(("horizon",), HORIZON)
    ends = question.ends(start, horizon)
    for key, day in zip(("opens", "closes"), ends, strict=True):
        if not 0 <= day < horizon:
            where = days_allowed(start, horizon)
            raise draft.error((*address, key), f"{name} {key} on a day outside the horizon: {where}")
    if ends[0] > ends[1]:
        raise draft.error((*address, "closes"), f"{name} closes before it opens")
    return question
