"""The parallel environment; see :mod:`sim.rl`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from sim.actions import CATALOGUE, Act, Need
from sim.drivers import MOST_WORLDS
from sim.drivers.deliberation import Option
from sim.drivers.mesa_luck import from_text
from sim.drivers.mesa_model import Actor, CrisisModel
from sim.errors import InputError, nearest, unknown, whole
from sim.rl.observation import MOST, names, observe
from sim.rl.reward import gain, suffered
from sim.scenario import Scenario, load
from sim.view import View
from sim.world.names import Class

NEVER = (Need.ORDER_ONLY, Need.JOINT_ONLY)
Observation = dict[str, NDArray[Any]]
ByAgent = dict[str, Any]


class Chosen:
    """The policy of a learning agent: it plays what the agent chose for today."""

    seat = True

    def __init__(self) -> None:
        """Start by holding."""
        self.act: Act | None = None

    def choose(self, view: View, options: Sequence[Option]) -> Option:
        """Today's choice; what is not possible holds."""
        return pick(options, self.act)


def pick(options: Sequence[Option], act: Act | None) -> Option:
    """The option of an act, or of holding where it is not possible."""
    hold = next(option for option in options if CATALOGUE[option.act].kind == Class.HOLD)
    return next((option for option in options if option.act == act), hold)


class CrisisEnv(ParallelEnv):
    """The crisis as a parallel environment: each step is a day, on whose morning all agents choose at once.

    Observation of an agent: a mapping with ``observation``, float32 of shape (len(observation_names),) in -10..10
    (:mod:`sim.rl.observation`), and ``action_mask``, int8 of shape (n,), 1 where an act is possible today.

    Action: number of an act in ``menu[agent]``; 0 holds. An act that the mask rules out holds, and its info then
    says ``{"possible": False}``; a number that is not in the action space is refused. Tehran's orders to the groups are
    left to the rulebook.

    Reward: how the agent's own utility changed that day (:mod:`sim.rl.reward`), in red lines.

    End: after the last day of the scenario all agents are truncated; nothing ends a crisis earlier.

    Luck: ``reset(seed=n)`` lives world ``n`` of the scenario, the same as ``sim explain --world n``; a reset without a
    seed goes to a world drawn from the last seed. ``options={"world": n}`` names one.

    Attributes:
        scenario: the scenario.
        menu: the acts of each agent, in the order of its actions.
        observation_names: name of every entry of an observation.
        model: the world as it stands.
    """

    metadata = {"name": "escalation_sim_v0", "render_modes": [], "is_parallelizable": True}  # noqa: RUF012

    def __init__(self, scenario: Scenario | str = "baghdad-2020", agents: Sequence[str] = ("us", "iran")) -> None:
        """Seat some agents.

        Raises:
            InputError: the scenario cannot be read, or an agent is not one of its actors or is named twice.
        """
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        for agent in agents:
            if agent not in self.scenario.actors:
                raise unknown("agent", agent, self.scenario.actors)
        if not agents or len(set(agents)) < len(agents):
            raise InputError("name at least one agent, and each once")
        self.possible_agents = list(agents)
        self.agents: list[str] = []
        self.render_mode = None
        self.observation_names = names(self.scenario)
        self._luck = np.random.default_rng(self.scenario.seed)
        self._wake(0)
        self.menu = {agent: self._menu(agent) for agent in agents}
        self._observations = {agent: self._observation_space(agent) for agent in agents}
        self._actions = {agent: spaces.Discrete(len(self.menu[agent])) for agent in agents}

    def observation_space(self, agent: str) -> spaces.Space:
        """Space of an agent's observations."""
        return self._observations[agent]

    def action_space(self, agent: str) -> spaces.Space:
        """Space of an agent's actions."""
        return self._actions[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], ByAgent]:
        """Open a world on its first morning; which one, see the class.

        Raises:
            InputError: the seed or the world is no number of a world, or ``world`` is misspelt; options that others
                read are let pass.
        """
        for name in options or {}:
            if name != "world" and nearest(str(name), ["world"]):
                raise unknown("option", str(name), ["world"])
        if seed is not None:
            seed = whole("the seed", from_text(seed), 0, MOST_WORLDS - 1)
            self._luck = np.random.default_rng(seed)
        drawn = int(self._luck.integers(MOST_WORLDS)) if seed is None else seed
        named = (options or {}).get("world")
        self._wake(drawn if named is None else named)
        self.agents = list(self.possible_agents)
        return {agent: self.observe(agent) for agent in self.agents}, {agent: {} for agent in self.agents}

    def step(self, actions: dict[str, int]) -> tuple[dict[str, Observation], ByAgent, ByAgent, ByAgent, ByAgent]:
        """Live a day; an agent without an action holds.

        Raises:
            InputError: an action is not in the action space of its agent, or there is no such agent.
        """
        if not self.agents:
            return {}, {}, {}, {}, {}
        acts = self._acts(actions)
        chosen = {agent: pick(self._options[agent], act) for agent, act in acts.items()}
        for agent, option in chosen.items():
            self._policies[agent].act = option.act
        first = self.model.first_today
        self.model.step()
        rewards = {agent: self._reward(agent, option, first) for agent, option in chosen.items()}
        infos = {agent: {"possible": chosen[agent].act == act} for agent, act in acts.items()}
        return self._after(rewards, infos)

    def _acts(self, actions: dict[str, int]) -> dict[str, Act]:
        """The act that every agent asks for."""
        for agent in actions:
            if agent not in self.agents:
                raise unknown("agent", str(agent), self.agents)
        menus = {agent: self.menu[agent] for agent in self.agents}
        return {
            agent: menu[whole(f"the action of {agent}", actions.get(agent, 0), 0, len(menu) - 1)]
            for agent, menu in menus.items()
        }

    def _after(
        self, rewards: ByAgent, infos: ByAgent
    ) -> tuple[dict[str, Observation], ByAgent, ByAgent, ByAgent, ByAgent]:
        over, lived = self.model.day >= self.model.horizon, self.agents
        if not over:
            self._morning()
        seen = {agent: self.observe(agent) for agent in lived}
        self.agents = [] if over else lived
        return seen, rewards, dict.fromkeys(lived, False), dict.fromkeys(lived, over), infos

    def observe(self, agent: str) -> Observation:
        """What an agent observes now."""
        mask = np.zeros(len(self.menu[agent]), np.int8)
        possible = {option.act for option in self._options[agent]}
        mask[[number for number, act in enumerate(self.menu[agent]) if act in possible]] = 1
        return {"observation": self._seen[agent], "action_mask": mask}

    def advised(self, agent: str) -> dict[int, float]:
        """Chance of each possible action under the rulebook's own actor: a baseline, and a teacher."""
        return {self.menu[agent].index(option.act): option.chance for option in self._options[agent]}

    def render(self) -> None:
        """Nothing to draw; ``sim.results.Chronicle.of(env.scenario, env.model.world, env.model.trace)`` tells it."""

    def close(self) -> None:
        """Nothing to close."""

    def _wake(self, world: int) -> None:
        self._policies = {agent: Chosen() for agent in self.possible_agents}
        self.model = CrisisModel(self.scenario, world, policies=self._policies)
        self._morning()

    def _morning(self) -> None:
        self.model.morning()
        self._options = {agent: self._actor(agent).deliberate() for agent in self.possible_agents}
        self._seen = {agent: self._observation(agent) for agent in self.possible_agents}

    def _observation(self, agent: str) -> NDArray[np.float32]:
        return observe(View(self._actor(agent)), self.scenario.horizon)

    def _reward(self, agent: str, option: Option, first: int) -> float:
        return gain(option, pick(self._options[agent], None)) + suffered(self._actor(agent), first)

    def _actor(self, agent: str) -> Actor:
        return self.model.actors[self.scenario.actors.index(agent)]

    def _menu(self, agent: str) -> list[Act]:
        """The acts of an agent, holding first."""
        acts = [Act(row) for row in self._actor(agent).menu() if CATALOGUE[row].need not in NEVER]
        return sorted(acts, key=lambda act: (CATALOGUE[act].kind != Class.HOLD, int(act)))

    def _observation_space(self, agent: str) -> spaces.Space:
        size = (len(self.observation_names),)
        return spaces.Dict(
            {
                "observation": spaces.Box(-MOST, MOST, size, np.float32),
                "action_mask": spaces.Box(0, 1, (len(self.menu[agent]),), np.int8),
            }
        )
