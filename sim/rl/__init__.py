"""The crisis as PettingZoo environments: agents that learn take seats (extra ``rl``).

>>> from sim.rl import aec_env, parallel_env
>>> env = parallel_env("baghdad-2020", ["us", "iran"])
>>> observations, infos = env.reset(seed=7)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import require

if TYPE_CHECKING:
    from sim.rl.env import CrisisEnv

SEATS = ("us", "iran", "iraq")

__all__ = ["aec_env", "parallel_env"]


def parallel_env(scenario: Any = "baghdad-2020", agents: Sequence[str] = SEATS) -> CrisisEnv:
    """All agents act on the same morning, day by day: a ``pettingzoo.ParallelEnv``.

    Args:
        scenario: a scenario, or the name or path of one.
        agents: ids of the actors that learn; the others follow the rulebook.

    Raises:
        InputError: the scenario or an agent cannot be used.
        MissingExtra: PettingZoo is not installed.
    """
    require("pettingzoo", "rl")
    from sim.rl.env import CrisisEnv

    return CrisisEnv(scenario, agents)


def aec_env(scenario: Any = "baghdad-2020", agents: Sequence[str] = SEATS) -> Any:
    """The same, one agent after the other: a ``pettingzoo.AECEnv``; nobody sees what others chose that morning.

    Raises:
        InputError: the scenario or an agent cannot be used.
        MissingExtra: PettingZoo is not installed.
    """
    env = parallel_env(scenario, agents)
    from pettingzoo.utils import parallel_to_aec
    from pettingzoo.utils.wrappers import OrderEnforcingWrapper

    return OrderEnforcingWrapper(parallel_to_aec(env))
