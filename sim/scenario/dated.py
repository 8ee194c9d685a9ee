"""What is dated in a scenario: its calendar and its scripted events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sim.actions import BY_ID
from sim.scenario.draft import Draft
from sim.scenario.model import Calendar, ScriptedEvent
from sim.scenario.places import Address
from sim.scenario.quantities import DRAWN, EVENT_FIELDS, HORIZON, MILITIA, START, STATES, TROOP_LEVEL, kind_of_actor
from sim.scenario.scripts import NEEDS_TARGET, counts_of, targets_of
from sim.world.records import MAX_SCRIPT

COUNTS = tuple(field.path for field in EVENT_FIELDS if field.path != "day")


def calendar_of(draft: Draft) -> Calendar:
    """The calendar.

    Raises:
        InputError: the inauguration does not come after an election, or two troop steps are on one day.
    """
    keys = draft.get(("calendar",), {})
    election, inauguration = keys.get("election"), keys.get("inauguration")
    if inauguration is not None and (election is None or inauguration <= election):
        raise draft.error(("calendar", "inauguration"), "calendar.inauguration must come after calendar.election")
    steps = [_troop_step(draft, index, step) for index, step in enumerate(keys.get("troop_steps", ()))]
    for index, (day, _) in enumerate(steps):
        if day in [earlier for earlier, _ in steps[:index]]:
            raise draft.error(("calendar", "troop_steps", index), f"two troop steps on {day}")
    seasons = {name: tuple(factors) for name, factors in sorted(keys.get("seasons", {}).items())}
    return Calendar(election, inauguration, tuple(keys.get("anniversaries", ())), tuple(steps), seasons)


def _troop_step(draft: Draft, index: int, step: dict[str, Any]) -> tuple[date, float]:
    for key in ("date", TROOP_LEVEL.path):
        if key not in step:
            raise draft.error(("calendar", "troop_steps", index), f"a troop step needs its {key}")
    return step["date"], step[TROOP_LEVEL.path]


def events_of(draft: Draft) -> tuple[ScriptedEvent, ...]:
    """The scripted events in the order of the file.

    Raises:
        InputError: an event has no day or two, lies outside the horizon, or its actor is unknown or cannot do it; or
            there are more than a world holds.
    """
    given = draft.get(("events",), ())
    if len(given) > MAX_SCRIPT:
        raise draft.error(
            ("events", MAX_SCRIPT), f"a scenario can have at most {MAX_SCRIPT} scripted events, not {len(given)}"
        )
    found = []
    for index, keys in enumerate(given):
        if ("events", index) in draft.spoilt:
            continue
        with draft.faults.noted():
            found.append(_event(draft, ("events", index), keys))
    return tuple(found)


def _event(draft: Draft, address: Address, keys: dict[str, Any]) -> ScriptedEvent:
    if "act" not in keys:
        raise draft.error(address, "an event needs its act, such as mi.salvo")
    actor = keys.get("by") or _only_actor(draft, address, keys["act"])
    _check_known(draft, (*address, "by"), actor)
    owner = BY_ID[keys["act"]].owner.name.lower()
    if kind_of_actor(actor) != owner:
        own = [name for name, action in BY_ID.items() if action.owner.name.lower() == kind_of_actor(actor)]
        raise draft.error((*address, "act"), f"{actor} cannot do {keys['act']}; allowed: {', '.join(own)}")
    with draft.faults.noted():
        _check_target(draft, address, keys, actor)
    _check_counts(draft, address, keys)
    counts = {name: int(keys.get(name, DRAWN)) for name in COUNTS}
    day, at, named = _day(draft, address, keys), keys.get("at", ""), bool(keys.get("by"))
    return ScriptedEvent(day, keys["act"], actor, at, dated=keys.get("date"), named=named, **counts)


def _check_target(draft: Draft, address: Address, keys: dict[str, Any], actor: str) -> None:
    """Who is named must be somebody at whom the act can be aimed; some acts do nothing unless somebody is."""
    act, at = keys["act"], keys.get("at")
    allowed = targets_of(act, actor, draft.groups)
    if not at:
        if act in NEEDS_TARGET:
            raise draft.error(address, f"an event with {act} needs `at`: at whom; one of {', '.join(allowed)}")
        return
    _check_known(draft, (*address, "at"), at)
    if at not in allowed:
        text = f"allowed: {', '.join(allowed)}" if allowed else "it is aimed at nobody; leave `at` out"
        raise draft.error((*address, "at"), f"{act} of {actor} cannot be aimed at {at}; {text}")


def _check_counts(draft: Draft, address: Address, keys: dict[str, Any]) -> None:
    """Only numbers that count for the act may be told."""
    allowed = counts_of(keys["act"])
    for name in COUNTS:
        if name in keys and name not in allowed:
            text = f"allowed: {', '.join(allowed)}" if allowed else "it takes no number but its day"
            said = f"{name} has no effect in an event with {keys['act']}; {text}"
            draft.faults.found.append(draft.error((*address, name), said))


def _day(draft: Draft, address: Address, keys: dict[str, Any]) -> int:
    """Day of an event from its day or date."""
    if ("day" in keys) == ("date" in keys):
        raise draft.error(address, "an event needs either its day or its date")
    start: date = draft.get(("start",), START)
    horizon: int = draft.get(("horizon",), HORIZON)
    day = int(keys["day"]) if "day" in keys else (keys["date"] - start).days
    if not 0 <= day < horizon:
        raise draft.error(
            (*address, "day" if "day" in keys else "date"),
            f"the event lies outside the horizon: {days_allowed(start, horizon)}",
        )
    return day


def days_allowed(start: date, horizon: int) -> str:
    """Which days and dates lie within the horizon, as messages say it."""
    return f"allowed are days 0..{horizon - 1}, dates {start} to {start + timedelta(days=horizon - 1)}"


def _only_actor(draft: Draft, address: Address, act: str) -> str:
    """The actor whose act it is, where there is only one."""
    owner = BY_ID[act].owner.name.lower()
    if owner != MILITIA:
        return owner
    if len(draft.groups) == 1:
        return draft.groups[0]
    raise draft.error(address, f"an event with {act} needs `by`: which group does it; one of {', '.join(draft.groups)}")


def _check_known(draft: Draft, address: Address, actor: str) -> None:
    actors = (*STATES, *draft.groups)
    if actor not in actors:
        raise draft.unknown(address, "actor", actor, actors)
