"""The sweep that a scenario may carry, and the questions it asks."""

from __future__ import annotations

from typing import Any

from sim.scenario.draft import Draft
from sim.scenario.leaves import check_constant
from sim.scenario.model import Design
from sim.scenario.places import Wrong, iso
from sim.scenario.quantities import ALL_GROUPS, STATES, drawable, owner_of, unknown_path

MINDSET = "mindset"
POLICY = "policies"


def named_paths(groups: tuple[str, ...]) -> set[str]:
    """Paths whose values are names rather than numbers: mindsets and policies of the actors."""
    actors = (*STATES, *groups)
    return {f"{owner_of(actor)}.{MINDSET}" for actor in actors} | {
        f"{POLICY}.{actor}" for actor in (*actors, ALL_GROUPS)
    }


def design_of(draft: Draft) -> Design | None:
    """The sweep, or None.

    Raises:
        InputError: a path does not exist, or its values are not allowed.
    """
    keys = draft.get(("design",))
    if not keys:
        return None
    numbers, names = drawable(draft.groups), named_paths(draft.groups)
    for path, values in keys.get("vary", {}).items():
        address = ("design", "vary", path)
        if path not in numbers and path not in names:
            raise draft.error(address, str(unknown_path(path, [*numbers, *names])))
        try:
            _check(path, values, numbers)
        except Wrong as wrong:
            raise draft.explained(address, wrong) from None
    return Design(keys.get("vary", {}), keys.get("kind", "grid"), keys.get("points"), keys.get("worlds"))


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


def questions_of(draft: Draft) -> tuple[dict[str, Any], ...]:
    """The forecast questions as they were written, dates as text; whoever answers them checks how they resolve.

    Raises:
        InputError: one has no id of its own.
    """
    questions = tuple(iso(draft.get(("questions",), ())))
    seen: set[str] = set()
    for index, question in enumerate(questions):
        name = question.get("id")
        if not isinstance(name, str) or name in seen:
            raise draft.error(("questions", index), "a question needs an id of its own, such as us_strike")
        seen.add(name)
    return questions
