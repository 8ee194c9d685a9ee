"""The Mesa driver: one world, day by day, with real Mesa agents over the same compiled rules.

Agents are views on rows of the world. A day is the table of contents of :mod:`sim.rules.day`, spoken in Mesa: the
agents perceive, Tehran directs, the agents decide on the same morning state, then their choices are resolved.
``DataCollector``, ``mesa.batch_run`` and Mesa's visualisation work on the model unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim.actions import CATALOGUE, Act
from sim.drivers.deliberation import Deliberation, Option, record, record_orders
from sim.drivers.ensemble import FULL, plan_of
from sim.drivers.mesa_luck import seeded, world_of
from sim.drivers.rehearsal import rehearse
from sim.errors import InputError, SimError
from sim.policies import Policies
from sim.rules.calendar import keep_calendar
from sim.rules.choose import chances
from sim.rules.day import close_day
from sim.rules.decide import convene, decide, lay_out, menu_of
from sim.rules.direct import direct, order, send
from sim.rules.feasible import OPPORTUNITY, REGULAR
from sim.rules.land import land_due, launch
from sim.rules.opportunity import find_opportunities
from sim.rules.outcome import close_world, keep_day
from sim.rules.perceive import close_perception, perceive
from sim.rules.proceed import meet, proceed
from sim.rules.start import begin
from sim.scenario import Scenario, load, tables
from sim.view import View
from sim.world.names import FIRST_GROUP, Policy, Stage, Who
from sim.world.outside import refuse_faults
from sim.world.records import ACTOR, OUTCOME, SERIES, WORLD, Crisis


class Actor(mesa.Agent):
    """An actor of the crisis: a view on its row, which perceives, decides and acts by the rulebook."""

    def __init__(self, model: CrisisModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.id: str = model.crisis_scenario.actors[row]
        self.options: list[Option] = []

    @property
    def state(self) -> Any:
        """The ACTOR record of this agent."""
        return self.model.crisis.actors[self.row]

    @property
    def traits(self) -> Any:
        """The TRAIT record of this agent."""
        return self.model.crisis.traits[self.row]

    @property
    def choice(self) -> str | None:
        """Id of today's choice, or None when the actor did not convene."""
        return CATALOGUE[self.state.choice].id if self.state.choice >= 0 else None

    @property
    def beliefs(self) -> dict[str, float]:
        """What the actor believes this morning."""
        names = ("rate", "sponsor", "us_resolve", "us_credibility", "fear", "violations", "commitment", "grievance")
        return {name: float(self.state[name]) for name in names}

    def perceive(self) -> None:
        """Move beliefs by the events since yesterday morning."""
        perceive(self.model.crisis, self.row)

    def decide(self) -> None:
        """Choose an act for today, by the rulebook or by this actor's Python policy."""
        c = self.model.crisis
        decide(c, self.row)
        refuse_faults(c.w, c.traits, self.model.crisis_scenario.actors)
        self.options = []
        if self.is_seat:
            self.options = self.deliberate()
        elif self.state.convened and (self.model.keep_options or self.follows_policy):
            self.options = self.spell_out(self.menu())
        if self.options and self.follows_policy:
            self._follow_policy()
        if self.model.keep_options:
            self.model.deliberations.append(record(self))

    def resolve(self) -> None:
        """Let today's choice become an act under way."""
        launch(self.model.crisis, self.row)

    @property
    def follows_policy(self) -> bool:
        """Whether a Python policy chooses for this actor."""
        return self.id in self.model.policies

    @property
    def is_seat(self) -> bool:
        """Whether its policy acts on any day, not only on those on which the rulebook's actor would sit."""
        return self.model.policies.is_seat(self.id)

    def menu(self) -> Any:
        """The acts that are this actor's, (n,) int, in the order of their ids."""
        return menu_of(self.model.crisis, self.traits.kind)

    def deliberate(self) -> list[Option]:
        """The options as they stand now, without choosing: all terms, utilities and probabilities."""
        if self.is_seat:
            chance = self.state.rocket_chance or self.state.ied_chance
            self.state.convened = REGULAR | (OPPORTUNITY if chance else 0)
        lay_out(self.model.crisis, self.row, self.menu())
        return self.spell_out(self.menu())

    def spell_out(self, menu: Any) -> list[Option]:
        """The options on the table among the acts of a menu, with their probabilities under this actor's rule."""
        c = self.model.crisis
        chances(c, self.row, menu)
        rows = [(int(a), c.w.options[a]) for a in menu if c.w.options[a].feasible == 1]
        return [Option(Act(a), self.model.name_of(o.target), o) for a, o in rows]

    def _follow_policy(self) -> None:
        chosen = self.model.policies.choose(self.id, View(self), self.options)
        self.state.choice = int(chosen.act)
        self.state.target = self.model.crisis.w.options[int(chosen.act)].target


class UnitedStates(Actor):
    """Washington."""


class Iran(Actor):
    """Tehran, which also directs the groups."""

    def direct(self) -> None:
        """Review the directive of every group, unless its policy gives the orders."""
        if self.model.policies.gives_orders(self.id):
            return
        direct(self.model.crisis)
        if self.model.keep_options and self.state.convened and self.traits.policy != Policy.SCRIPTED:
            self.model.deliberations += record_orders(self)

    def decide(self) -> None:
        """Choose an act for today, and let a policy that gives orders give them."""
        super().decide()
        if self.model.policies.gives_orders(self.id):
            give = send if self.is_seat else order  # a person is told that his order goes out
            for group, directive in self.model.policies.orders(self.id, View(self)).items():
                give(self.model.crisis, self.model.crisis_scenario.actors.index(group), int(directive))


class IraqiGovernment(Actor):
    """Baghdad."""


class Sadr(Actor):
    """Moqtada al-Sadr."""


class Coalition(Actor):
    """The Western coalition partners."""


class Militia(Actor):
    """A militia group."""


KINDS = (UnitedStates, Iran, IraqiGovernment, Sadr, Coalition)


class CrisisModel(mesa.Model):
    """One world of a scenario as a Mesa model.

    Args:
        scenario: a scenario, its name, or the path of its file.
        world: number of the world; the same number is the same world in the ensemble. 0 by default; in
            ``mesa.batch_run``, whose iterations are then different worlds, the number of the iteration.
        seed: seed of the run: a whole number, also in text; the scenario's by default.
        keep_options: keep the options on the agents and every deliberation in ``deliberations``, for explanations.
        policies: policies by actor id, in Python or compiled by :func:`sim.rule`, beside those the scenario names.
        rng: Mesa's other word for ``seed``; also a NumPy generator or seed sequence, from which a seed is drawn.

    Attributes:
        crisis_scenario: the scenario of this world, with its seed; ``scenario`` is Mesa's own word for something else.
        world: number of the world.
        crisis: the records of the world.
        actors: the agents, in the order of their rows.
        random, rng: Mesa's streams, seeded by seed and world, for agents of your own; no rule draws from them.
        datacollector: the world and its actors on every morning, row 0 before the first day.

    Raises:
        InputError: the scenario cannot be read, there is no such world or seed, or a policy cannot be used.

    Examples:
        >>> model = CrisisModel("baghdad-2020", world=17).run(days=5)
        >>> model.day, [agent.id for agent in model.actors][:2]
        (5, ['us', 'iran'])
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "baghdad-2020",
        world: int | str | None = None,
        seed: Any = None,
        keep_options: bool = False,
        policies: Mapping[str, Any] | None = None,
        rng: Any = None,
    ) -> None:
        self.crisis_scenario = seeded(scenario if isinstance(scenario, Scenario) else load(scenario), seed, rng)
        self.world = world_of(world, seed, rng)
        luck = np.random.SeedSequence([self.crisis_scenario.seed, self.world])
        super().__init__(rng=luck)
        self.reset_rng(luck)  # Mesa has drawn the seed of `random` from it
        self.keep_options = keep_options
        self.deliberations: list[Deliberation] = []
        self._awake, self.first_today = False, 0
        self.policies = Policies(self.crisis_scenario, policies)
        self.horizon = self.crisis_scenario.horizon
        self.crisis = _crisis(self.crisis_scenario, self.world)
        for actor, address in self.policies.compiled.items():
            traits = self.crisis.traits[self.crisis_scenario.actors.index(actor)]
            traits.policy, traits.outside = Policy.OUTSIDE, address
        rehearse(self.crisis)
        begin(self.crisis, self.crisis_scenario.seed, self.world)
        self.series = np.zeros(self.horizon, SERIES)
        rows = range(len(self.crisis.actors))
        self.actors = [(KINDS[r] if r < FIRST_GROUP else Militia)(self, r) for r in rows]
        self.datacollector = mesa.DataCollector(MODEL_REPORTERS, AGENT_REPORTERS)
        # Mesa's batch runner pairs row k of the model with step k of the agents; from day 0 on both are one morning.
        self.datacollector.collect(self)

    def __repr__(self) -> str:
        return f"<CrisisModel {self.crisis_scenario.name}: day {self.day}, world {self.world}>"

    @property
    def scenario(self) -> Any:
        """Not the scenario of the crisis: Mesa 3.5 has parameters of its own under this name, and rewrites them.

        Raises:
            AttributeError: always; Mesa's page then takes the model for one without such parameters, which it is.
        """
        raise AttributeError("the scenario of a CrisisModel is its `crisis_scenario`")

    @scenario.setter
    def scenario(self, _: Any) -> None:
        """Let Mesa store what it makes for models that have no scenario of its kind."""

    @property
    def day(self) -> int:
        """Days lived so far; the day about to be lived."""
        return int(self.crisis.w.day)

    @property
    def trace(self) -> Any:
        """The events so far: (n,) EVENT."""
        return self.crisis.w.events[: self.crisis.w.n_events].copy()

    @property
    def outcome(self) -> Any:
        """The OUTCOME record of the world as it stands."""
        row = np.zeros(1, OUTCOME)
        close_world(self.crisis, row[0])
        return row[0]

    def name_of(self, row: int) -> str | None:
        """Id of an actor row; None for nobody."""
        return self.crisis_scenario.actors[row] if row >= 0 else None

    def step(self) -> None:
        """Live one day, or what is left of it after :meth:`morning`.

        Raises:
            InputError: the trace of the world is full, or a policy failed.
            SimError: the world has been lived to its horizon.
        """
        c = self.crisis
        self.morning()
        first, self._awake = self.first_today, False
        for agent in self.actors:
            agent.decide()
        for agent in self.actors:
            agent.resolve()
        land_due(c)
        proceed(c)
        meet(c)
        keep_day(c, first, self.series[self.day])
        close_day(c)
        if c.w.overflow:
            raise InputError(f"world {self.world} had more {FULL[c.w.overflow]} by day {self.day}")
        self.datacollector.collect(self)
        self.running = self.day < self.horizon

    def morning(self) -> None:
        """The day up to the decisions: dated events, perception, Tehran's orders, opportunities; once a day.

        Whoever chooses from outside looks at the options now (:meth:`Actor.deliberate`), then calls :meth:`step`.

        Raises:
            SimError: the world has been lived to its horizon.
        """
        c = self.crisis
        if self.day >= self.horizon:
            raise SimError(f"the world ended on day {self.horizon}; build a new CrisisModel to live it again")
        if self._awake:
            return
        self._awake, self.first_today = True, int(c.w.n_events)
        keep_calendar(c)
        for agent in self.actors:
            agent.perceive()
        close_perception(c)
        find_opportunities(c)
        convene(c, Who.IRAN.value)
        self.actors[Who.IRAN].direct()

    def run(self, days: int | None = None) -> CrisisModel:
        """Live ``days`` more days, or all that are left; returns the model itself."""
        for _ in range(self.horizon - self.day if days is None else min(days, self.horizon - self.day)):
            self.step()
        return self

    def run_model(self) -> None:
        """Live to the horizon."""
        self.run()


def _crisis(scenario: Scenario, world: int) -> Crisis:
    t = tables(scenario, world, 1)
    plan, w, actors = plan_of(t), np.zeros(1, WORLD), np.zeros(t.traits.shape[1], ACTOR)
    return Crisis(t.parameters[0], plan[0], t.traits[0], t.actions[0], w[0], actors)


def _of_world(name: str) -> Any:
    return lambda model: model.crisis.w[name].item()


def _of_actor(name: str) -> Any:
    """What an actor's record says; nothing for agents of the user's own, of which Mesa asks as well."""
    return lambda agent: agent.state[name].item() if isinstance(agent, Actor) else None


MODEL_REPORTERS = {
    name: _of_world(name)
    for name in ("day", "staff", "troops", "authority", "stress", "truce", "top_rung", "us_killed", "iraqi_killed")
} | {
    "stage": lambda model: Stage(model.crisis.w.stage).name.lower(),
    "world": lambda model: model.world,
    "seed": lambda model: model.crisis_scenario.seed,
}
AGENT_REPORTERS: dict[str, Any] = {
    "id": lambda agent: agent.id if isinstance(agent, Actor) else None,
    "choice": lambda agent: agent.choice if isinstance(agent, Actor) else None,
} | {
    name: _of_actor(name) for name in ("rate", "fear", "violations", "commitment", "grievance", "capability", "control")
}

__all__: Sequence[str] = (
    "Actor",
    "Coalition",
    "CrisisModel",
    "Iran",
    "IraqiGovernment",
    "Militia",
    "Option",
    "Sadr",
    "UnitedStates",
)
