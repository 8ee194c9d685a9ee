"""Odds with and without a player's choices: branches of one morning, and a line of play in many worlds.

Both are lived by the rulebook's own rules; only the choices of the seats are given. Pairs share their luck, so a
difference is due to the choice alone (common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.actions import BY_ID
from sim.compiled import rule
from sim.drivers.ensemble import plan_of
from sim.play.game import Choice, Game
from sim.rules.day import close_day, live_day, morning, take_effect
from sim.rules.decide import decide
from sim.rules.direct import direct, send
from sim.rules.feasible import OPPORTUNITY, REGULAR, feasible
from sim.rules.outcome import close_world
from sim.rules.proceed import meet, proceed
from sim.rules.start import begin
from sim.rules.weigh import target_of
from sim.scenario import Scenario, tables
from sim.world.names import FIRST_GROUP, NOBODY, Directive, Who
from sim.world.outside import refuse_faults
from sim.world.records import ACTOR, OUTCOME, WORLD, Crisis

RULEBOOK = -2
"""The actor decides by itself."""
SILENT = 9
"""No order to the group."""
WORLDS = 2**32


@rule
def take(c: Crisis, i: int, act: int) -> None:
    """A seat takes an act if it is possible today; else it holds."""
    me = c.actors[i]
    me.choice, me.target = NOBODY, NOBODY
    me.convened = REGULAR
    if me.rocket_chance == 1 or me.ied_chance == 1:
        me.convened |= OPPORTUNITY
    if act >= 0 and feasible(c, i, act):
        me.choice, me.target = act, target_of(c, i, act)


@rule
def decide_with(c: Crisis, acts: Any, orders: Any) -> None:
    """Everybody decides: the seats as given, the others by the rulebook."""
    for i in range(len(c.actors)):
        if acts[i] == RULEBOOK:
            decide(c, i)
        else:
            take(c, i, acts[i])
        if i == Who.IRAN:
            for g in range(FIRST_GROUP, len(c.actors)):
                if orders[g] != SILENT:
                    send(c, g, orders[g])


@rule
def rest_of_day(c: Crisis, acts: Any, orders: Any) -> None:
    """A day from its decisions on."""
    decide_with(c, acts, orders)
    take_effect(c)
    proceed(c)
    meet(c)
    close_day(c)


@rule
def finish(c: Crisis, acts: Any, orders: Any, horizon: int) -> None:
    """Live from the decisions of today to the horizon; after today everybody follows the rulebook."""
    rest_of_day(c, acts, orders)
    while c.w.day < horizon:
        live_day(c)
        close_day(c)


@rule
def live_plan(c: Crisis, seed: int, number: int, acts: Any, orders: Any) -> None:
    """Live a whole world in which the seats play given lines.

    Args:
        c: the world.
        seed: seed of its luck.
        number: its number.
        acts: (days, actors) act, NOBODY to hold, or RULEBOOK.
        orders: (days, actors) directive to a group, or SILENT.
    """
    begin(c, seed, number)
    for day in range(len(acts)):
        morning(c)
        if acts[day, Who.IRAN] == RULEBOOK:
            direct(c)
        rest_of_day(c, acts[day], orders[day])


class Plan(NamedTuple):
    """Lines of play as numbers: ``acts`` and ``orders`` of shape (days, actors)."""

    acts: Any
    orders: Any


def plan(scenario: Scenario, seats: Sequence[str], choices: Sequence[Choice]) -> Plan:
    """The lines of play of some seats; those without a choice on a day hold."""
    shape = (scenario.horizon, len(scenario.actors))
    acts, orders = np.full(shape, RULEBOOK, np.int64), np.full(shape, SILENT, np.int64)
    for seat in seats:
        acts[:, scenario.actors.index(seat)] = NOBODY
    for choice in choices:
        acts[choice.day, scenario.actors.index(choice.seat)] = BY_ID[choice.act].act if choice.act else NOBODY
        for group, word in choice.orders.items():
            orders[choice.day, scenario.actors.index(group)] = Directive[word.upper()]
    return Plan(acts, orders)


def live_line(scenario: Scenario, lines: Plan, worlds: int, first: int = 0) -> Any:
    """Outcomes of a line of play in worlds of a scenario, with the luck these worlds have without it: (n,) OUTCOME."""
    t = tables(scenario, first, worlds)
    plan_rows, w, actors = plan_of(t)[0], np.zeros(1, WORLD)[0], np.zeros(t.traits.shape[1], ACTOR)
    outcomes = np.zeros(worlds, OUTCOME)
    for k in range(worlds):
        row = k % len(t.parameters), k % len(t.traits), k % len(t.actions)
        c = Crisis(t.parameters[row[0]], plan_rows, t.traits[row[1]], t.actions[row[2]], w, actors)
        live_plan(c, scenario.seed, first + k, lines.acts, lines.orders)
        refuse_faults(w, c.traits, scenario.actors)
        close_world(c, outcomes[k])
    return outcomes


def branches(game: Game, choice: Choice, count: int) -> tuple[Any, Any]:
    """What came of a choice and of holding instead, in ``count`` futures of its morning, with the same luck in pairs.

    Returns:
        Two arrays (count,) OUTCOME: with the choice, and with holding.
    """
    morning = Game(game.scenario, game.seats, game.world)
    morning.choices = [each for each in game.choices if each.day < choice.day]
    morning.go_to(choice.day)
    others = [each for each in game.choices if each.day == choice.day and each.seat != choice.seat]
    taken = plan(game.scenario, game.seats, [*others, choice])
    held = plan(game.scenario, game.seats, others)
    return _futures(morning, taken, count), _futures(morning, held, count)


def _futures(game: Game, lines: Plan, count: int) -> Any:
    c, day = game.model.crisis, game.day
    w, actors, outcomes = np.zeros(1, WORLD), c.actors.copy(), np.zeros(count, OUTCOME)
    now = np.array(c.w).reshape(1)
    for k in range(count):
        w[:], actors[:] = now, c.actors
        w["number"] = (game.world + 1 + k) % WORLDS
        future = c._replace(w=w[0], actors=actors)
        finish(future, lines.acts[day], lines.orders[day], game.scenario.horizon)
        refuse_faults(w[0], c.traits, game.scenario.actors)
        close_world(future, outcomes[k])
    return outcomes
