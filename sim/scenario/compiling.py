"""Compile a scenario to the records that worlds are lived on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.actions import BY_ID, CATALOGUE, Action, reply_class
from sim.errors import InputError
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.scenario.action_quantities import FIELD, LAGS, default, fields_of
from sim.scenario.dated import COUNTS
from sim.scenario.model import Calendar, Scenario
from sim.scenario.points import Points, checked
from sim.scenario.quantities import DRAWN, kind_of_actor
from sim.scenario.story_models import SEASONS
from sim.scenario.worlds import Column, Worlds
from sim.world.identity import identity
from sim.world.names import NOBODY, Aim, Kind
from sim.world.records import ACTION, DAY, PARAMETER, SCRIPT, TRAIT, Tables

ANNIVERSARY_DAYS = 5
"""Days before and after an anniversary on which it weighs (tension of early January 2020 and 2021 in the record)."""
WINTER = (11, 12, 1, 2)
WEIGHT = "weight_"
Cell = tuple[int, str, tuple[int, ...], Column]
"""Column of a table, field, position in a field that is a vector, and the value there."""


def tables(scenario: Scenario, first: int, count: int, points: Points | None = None) -> Tables:
    """The records of the worlds ``first`` to ``first + count - 1``.

    Args:
        scenario: the scenario.
        first: number of the first world.
        count: number of worlds, at least 1.
        points: values by path that replace the scenario's, arrays of shape (count,): numbers, or names for
            ``us.mindset``, ``policies.us``, ``policies.militias`` and the like. ``us.mindset`` chooses a mindset anew;
            ``us.held`` says which of the scenario's mindsets the actor has, and numbers stated beside them stand.

    Returns:
        Tables whose first axis is 1 where nothing varies by world, else ``count``.

    Raises:
        InputError: a point does not exist, cannot vary by world, or is not allowed.
        ValueError: an array of points does not hold one value a world.
    """
    worlds = Worlds(scenario, first, count, checked(scenario, count, points or {}))
    return Tables(
        parameters=_filled(PARAMETER, 1, _parameter_cells(worlds), count)[:, 0],
        traits=_filled(TRAIT, len(scenario.actors), _trait_cells(worlds), count),
        actions=_filled(ACTION, len(CATALOGUE), _action_cells(worlds), count),
        calendar=calendar_rows(scenario),
        script=script_rows(scenario),
        blocs=np.array([[bloc.seats, bloc.position, bloc.salience] for bloc in scenario.blocs]).reshape(-1, 3),
    )


def calendar_rows(scenario: Scenario) -> Any:
    """What the calendar says of each day, shape (horizon,) of DAY."""
    calendar = scenario.calendar
    rows = np.zeros(scenario.horizon, DAY)
    for index in range(scenario.horizon):
        day = scenario.start + timedelta(days=index)
        row = rows[index]
        row["before_election"] = calendar.election is not None and day < calendar.election
        row["lame_duck"] = _is_lame_duck(calendar, day)
        row["anniversary"] = any(abs((day - each).days) <= ANNIVERSARY_DAYS for each in calendar.anniversaries)
        row["winter"] = day.month in WINTER
        row["troop_ceiling"] = dict(calendar.troop_steps).get(day, 0.0)
        for name in SEASONS:
            row[f"season_{name}"] = calendar.seasons[name][day.month - 1] if name in calendar.seasons else 1.0
    return rows


def script_rows(scenario: Scenario) -> Any:
    """The scripted events by day, those of one day in the order of the scenario, shape (n_events,) of SCRIPT."""
    rows = np.zeros(len(scenario.events), SCRIPT)
    for row, event in zip(rows, sorted(scenario.events, key=lambda event: event.day), strict=True):
        row["day"] = event.day
        row["act"] = BY_ID[event.act].act
        row["actor"] = scenario.actors.index(event.by)
        row["facade"], row["named"], row["amount"] = DRAWN, DRAWN, DRAWN
        row["target"] = scenario.actors.index(event.at) if event.at else NOBODY
        for name in COUNTS:
            row[name] = getattr(event, name)
    return rows


def _is_lame_duck(calendar: Calendar, day: date) -> bool:
    """Whether a day lies between the election and the inauguration."""
    return bool(calendar.election and calendar.inauguration and calendar.election < day < calendar.inauguration)


def _filled(dtype: Any, width: int, cells: Iterable[Cell], count: int) -> Any:
    """A table of shape (1 or count, width) that holds the cells; the rest is 0."""
    known = list(cells)
    varies = any(isinstance(value, np.ndarray) for *_, value in known)
    table: Any = np.zeros((count if varies else 1, width), dtype)
    for row, field, position, value in known:
        table[field][(slice(None), row, *position)] = value
    return table


def _parameter_cells(worlds: Worlds) -> Iterator[Cell]:
    for quantity in PARAMETERS:
        yield 0, quantity.field, (), worlds.value(quantity.path)


def _trait_cells(worlds: Worlds) -> Iterator[Cell]:
    """Numbers that a kind of actor does not have stay 0."""
    for row, actor in enumerate(worlds.scenario.actors):
        kind = kind_of_actor(actor)
        yield row, "identity", (), identity(actor)
        yield row, "kind", (), Kind[kind.upper()]
        yield row, "policy", (), worlds.policy(actor)
        yield row, "outside", (), worlds.outside(actor)
        for quantity in ACTOR_PARAMETERS:
            if kind in quantity.defaults:
                field, position = _trait_field(quantity.name)
                yield row, field, position, worlds.trait(actor, quantity.name)


def _trait_field(name: str) -> tuple[str, tuple[int, ...]]:
    """Column of an actor's quantity; the weights share one, in the order of the objectives."""
    if name.startswith(WEIGHT):
        return "weights", (Aim[name.removeprefix(WEIGHT).upper()],)
    return name, ()


def _action_cells(worlds: Worlds) -> Iterator[Cell]:
    for action in CATALOGUE:
        row = int(action.act)
        values: dict[str, Column] = {name: default(action, name) for name in FIELD}
        values |= {each.name: worlds.value(f"actions.{action.id}.{each.name}") for each in fields_of(action)}
        _check_lags(action, [values[name] for name in LAGS])
        for name, value in values.items():
            field, _, aim = name.partition(".")
            yield row, field, (Aim[aim.upper()],) if aim else (), value
        for field in ("owner", "key", "kind", "need", "facade", "private", "words"):
            yield row, field, (), getattr(action, field)
        yield row, "reply", (), _replies(action, values["rung"])


def _replies(action: Action, rung: Column) -> Column:
    """Class that others learn an act as; it follows the rung."""
    if not isinstance(rung, np.ndarray):
        return reply_class(int(rung), action.kind)
    rungs, place = np.unique(rung, return_inverse=True)
    return np.array([reply_class(int(each), action.kind) for each in rungs])[place]


def _check_lags(action: Action, lags: list[Column]) -> None:
    """Points of a sweep can put lags into the wrong order, which a scenario cannot.

    Raises:
        InputError: they do.
    """
    low, mode, high = lags
    if not (np.all(np.less_equal(low, mode)) and np.all(np.less_equal(mode, high))):
        raise InputError(f"the lags of {action.id} must not fall from shortest to likeliest to longest, in any world")
