"""A game: one world in which people choose for some actors. A seat is a Python policy that plays what was chosen.

A game is nothing but its choices: undo, saving and resuming live the world again from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.actions import BY_ID, Need
from sim.drivers.deliberation import Option
from sim.drivers.mesa_model import Actor, CrisisModel
from sim.errors import InputError, SimError, unknown
from sim.rules.direct import send
from sim.scenario import Scenario
from sim.view import View
from sim.world.names import Class, Directive
from sim.world.records import WORLD

IRAN = "iran"


@dataclass(frozen=True)
class Choice:
    """What a seat chose on a day.

    Attributes:
        day: the day.
        seat: id of the actor.
        act: id of the act; None holds.
        orders: what Tehran tells groups: ``restrain``, ``permit`` or ``press`` by group.
    """

    day: int
    seat: str
    act: str | None = None
    orders: dict[str, str] = field(default_factory=dict)


class Seat:
    """A policy that plays what was chosen, and holds on all other days."""

    seat = True

    def __init__(self) -> None:
        """Start with nothing chosen."""
        self.plan: dict[int, Choice] = {}

    def choose(self, view: View, options: Sequence[Option]) -> Option:
        """The option chosen for today.

        Raises:
            InputError: what was chosen is not possible today: the game was saved under other rules.
        """
        wanted = self.plan[view.day].act if view.day in self.plan else None
        for option in options:
            if option.id == wanted or (wanted is None and BY_ID[option.id].kind == Class.HOLD):
                return option
        raise InputError(f"{wanted} is not possible for {view.actor} on day {view.day}")


class Tehran(Seat):
    """The seat that also directs the groups."""

    def orders(self, view: View) -> dict[str, int]:
        """The orders given today."""
        given = self.plan[view.day].orders if view.day in self.plan else {}
        return {group: Directive[word.upper()] for group, word in given.items()}


class Game:
    """One world with seats.

    Attributes:
        scenario: the scenario.
        seats: ids of the actors that people play.
        world: number of the world; with the scenario's seed it fixes all luck.
        choices: all choices so far but the days on which a seat held.
        stops: days on which the seats were asked, for undo.
        model: the world as it stands, on a morning.
    """

    def __init__(self, scenario: Scenario, seats: Sequence[str], world: int = 0) -> None:
        """Open a game on its first morning.

        Raises:
            InputError: a seat is not an actor of the scenario, or is named twice.
        """
        for seat in seats:
            if seat not in scenario.actors:
                raise unknown("seat", seat, scenario.actors)
        if not seats or len(set(seats)) < len(seats):
            raise InputError("name each seat once: --as us, or --as us --as iran")
        self.scenario, self.seats, self.world = scenario, tuple(seats), world
        self.choices: list[Choice] = []
        self.stops: list[int] = []
        self.model, self._seats = self._open()

    def __repr__(self) -> str:
        return f"<Game {self.scenario.name} as {', '.join(self.seats)}: day {self.day}, world {self.world}>"

    @property
    def day(self) -> int:
        """Today."""
        return self.model.day

    @property
    def over(self) -> bool:
        """Whether the last day has been lived."""
        return self.day >= self.scenario.horizon

    def actor(self, seat: str) -> Actor:
        """The agent of a seat."""
        return self.model.actors[self.scenario.actors.index(seat)]

    def view(self, seat: str) -> View:
        """What a seat can see."""
        return View(self.actor(seat))

    def options(self, seat: str) -> list[Option]:
        """What a seat can do today, weighed by its own advisers."""
        return self.actor(seat).deliberate()

    def check_order(self, seat: str, group: str, word: str) -> None:
        """Raise if an order cannot be given.

        Raises:
            InputError: only Tehran gives orders, to a group it has a hold on, one at a time, and there are three, of
                which a scenario may switch off some.
        """
        if seat != IRAN:
            raise InputError("only Tehran gives orders to groups")
        groups = [each.id for each in self.scenario.groups]
        if group not in groups:
            raise unknown("group", group, groups)
        if word.upper() not in Directive.__members__:
            raise unknown("order", word, [each.name.lower() for each in Directive])
        control = self.view(seat).groups[group]["control"]
        if control < float(self.model.crisis.p.proxies_least_control):
            raise InputError(f"Tehran has no hold on {group}")
        if any(target == group and BY_ID[act].need == Need.ORDER_ONLY for act, target, _ in self.view(seat).under_way):
            raise InputError(f"an order to {group} is on its way; wait until it has arrived")
        if not self._goes_out(group, Directive[word.upper()]):
            raise InputError(f"an order to {word.lower()} is switched off in this scenario")

    def _goes_out(self, group: str, directive: Directive) -> bool:
        """Whether the rule of orders, tried on a copy of the world, sends one to a group."""
        c = self.model.crisis
        w = np.array([c.w], WORLD)
        send(c._replace(w=w[0]), self.scenario.actors.index(group), int(directive))
        return bool(w[0].n_pending > c.w.n_pending)

    def live(self, choices: Iterable[Choice] = ()) -> None:
        """Live a day with what the seats chose; a seat of which nothing is said holds.

        Raises:
            InputError: something chosen is not possible, or an order is wrong.
            SimError: the game is over.
        """
        if self.over:
            raise SimError("the game is over")
        today = [choice for choice in choices if choice.act or choice.orders]
        for choice in today:
            self._check(choice)
        for choice in today:
            self._seats[choice.seat].plan[self.day] = choice
        self.choices += today
        self._advance(self.model)

    def _check(self, choice: Choice) -> None:
        if choice.seat not in self.seats:
            raise unknown("seat", choice.seat, self.seats)
        if choice.day != self.day:
            raise InputError(f"today is day {self.day}, not {choice.day}")
        possible = [option.id for option in self.options(choice.seat)]
        if choice.act and choice.act not in possible:
            raise InputError(f"{choice.seat} cannot do {choice.act} on day {self.day}; possible: {', '.join(possible)}")
        for group, word in choice.orders.items():
            self.check_order(choice.seat, group, word)

    def stop(self) -> None:
        """Note that the seats are asked today."""
        if not self.stops or self.stops[-1] < self.day:
            self.stops.append(self.day)

    def undo(self) -> bool:
        """Go back to the last day before today on which the seats were asked; whether there was one."""
        earlier = [day for day in self.stops if day < self.day]
        if not earlier:
            return False
        self.go_to(earlier[-1])
        return True

    def go_to(self, day: int) -> None:
        """Live the game again up to a day; choices from that day on are dropped."""
        self.choices = [choice for choice in self.choices if choice.day < day]
        self.stops = [stop for stop in self.stops if stop < day]
        self.model, self._seats = self._open()
        while self.day < day:
            self._advance(self.model)

    def lived_again(self) -> CrisisModel:
        """The whole game once more, with every deliberation kept."""
        model, _ = self._open(keep_options=True)
        while model.day < self.day:
            self._advance(model)
        return model

    def _open(self, keep_options: bool = False) -> tuple[CrisisModel, dict[str, Seat]]:
        seats: dict[str, Seat] = {seat: Tehran() if seat == IRAN else Seat() for seat in self.seats}
        for choice in self.choices:
            seats[choice.seat].plan[choice.day] = choice
        model = CrisisModel(self.scenario, self.world, keep_options=keep_options, policies=seats)
        model.morning()
        return model, seats

    def _advance(self, model: CrisisModel) -> None:
        """Live a day and wake up on the next; a choice that is no longer possible says so."""
        try:
            model.step()
        except SimError as error:
            cause = error.__cause__
            raise cause if isinstance(cause, InputError) else error from None
        if model.day < self.scenario.horizon:
            model.morning()
