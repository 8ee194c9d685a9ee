"""Evaluate policies for Washington and Tehran in the PettingZoo environment: at random, holding, and as advised.

Run: python docs/examples/evaluate_policies.py [worlds]
"""

import sys

import numpy as np

from sim.rl import parallel_env


def at_random(env, agent, observation, dice):
    """Any act that is possible."""
    return dice.choice(np.flatnonzero(observation["action_mask"]))


def hold(env, agent, observation, dice):
    """Action 0 holds."""
    return 0


def as_advised(env, agent, observation, dice):
    """What the rulebook's own actor finds likeliest."""
    advised = env.advised(agent)
    return max(advised, key=advised.get)


def returns(env, policy, worlds):
    """Return of every agent in each world: (worlds, agents)."""
    totals = np.zeros((worlds, len(env.possible_agents)))
    dice = np.random.default_rng(1)
    for world in range(worlds):
        observations, _ = env.reset(seed=world)
        while env.agents:
            actions = {agent: policy(env, agent, observations[agent], dice) for agent in env.agents}
            observations, rewards, _, _, _ = env.step(actions)
            totals[world] += list(rewards.values())
    return totals


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    crisis = parallel_env("baghdad-2020", ["us", "iran"])
    print(f"mean return in red lines over {count} worlds (standard error)")
    for choose in (at_random, hold, as_advised):
        found = returns(crisis, choose, count)
        mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(count)
        told = (f"{agent} {mean[k]:7.2f} ({error[k]:.2f})" for k, agent in enumerate(crisis.possible_agents))
        print(f"{choose.__name__:12}", "  ".join(told))
