"""The PettingZoo environments: its own tests, what is observed, what is rewarded."""

import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pettingzoo")

from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

from sim.actions import CATALOGUE
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError
from sim.rl import aec_env, parallel_env
from sim.rl.env import CrisisEnv, pick
from sim.rl.observation import names
from sim.rl.reward import gain, suffered
from sim.scenario import Scenario, load
from sim.world.names import Class


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020", ["horizon=20"])


def play(env: CrisisEnv, seed: int, days: int = 10**6) -> list[Any]:
    """Everything that random agents meet."""
    dice = np.random.default_rng(1)
    observations, _ = env.reset(seed=seed)
    met: list[Any] = [observations]
    while env.agents and len(met) <= days:
        masks = {agent: observations[agent]["action_mask"] for agent in env.agents}
        actions = {agent: int(dice.choice(np.flatnonzero(mask))) for agent, mask in masks.items()}
        observations, rewards, _, truncated, infos = env.step(actions)
        met.append((observations, rewards, truncated, infos))
    return met


def test_pettingzoos_own_tests_pass(scenario: Scenario) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # recommendations: names like player_0, plain boxes
        parallel_api_test(parallel_env(scenario), 60)
        parallel_seed_test(lambda: parallel_env(scenario), 60)
        api_test(aec_env(scenario), 60)
        seed_test(lambda: aec_env(scenario), 60)


def test_a_seed_is_a_world_and_holding_agents_are_passive_actors(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us", "sadr"])
    env.reset(seed=4)
    while env.agents:
        env.step({})
    passive = scenario.with_({"policies": {"us": "passive", "sadr": "passive"}})
    assert env.model.trace.tobytes() == CrisisModel(passive, 4).run().trace.tobytes()


def test_resets_without_a_seed_go_on_from_the_last_one(scenario: Scenario) -> None:
    worlds = []
    for _ in range(2):
        env = parallel_env(scenario, ["us"])
        env.reset(seed=3)
        env.reset()
        worlds.append(env.model.world)
        env.reset()
        worlds.append(env.model.world)
    assert worlds[:2] == worlds[2:]
    assert worlds[0] != worlds[1]
    env.reset(options={"world": 12})
    assert env.model.world == 12


def test_masks_are_what_is_possible_and_observations_stay_in_their_space(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us", "iran", "iraq", "badr"])
    opened, *days = play(env, 2)
    for seen in (opened, *(day[0] for day in days)):
        for agent, told in seen.items():
            assert env.observation_space(agent).contains(told)
            assert told["action_mask"][0] == 1
            assert len(told["observation"]) == len(env.observation_names)
    env.reset(seed=2)
    for agent in env.agents:
        possible = {option.id for option in env.model.actors[scenario.actors.index(agent)].deliberate()}
        mask = env.observe(agent)["action_mask"]
        assert {CATALOGUE[act].id for act, on in zip(env.menu[agent], mask, strict=True) if on} == possible


def test_menus_begin_with_holding_and_leave_orders_out(scenario: Scenario) -> None:
    env = parallel_env(scenario, scenario.actors)
    for agent, menu in env.menu.items():
        assert CATALOGUE[menu[0]].kind == Class.HOLD, agent
        assert len(menu) == env.action_space(agent).n
    assert not {CATALOGUE[act].id for act in env.menu["iran"]} & {"ir.restrain", "ir.permit", "ir.press"}


def test_observations_are_named_and_keep_secrets(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us", "iran", "sadr"])
    places = {name: place for place, name in enumerate(names(scenario))}
    assert len(places) == len(names(scenario))
    env.reset(seed=1)
    seen = {agent: env.observe(agent)["observation"] for agent in env.agents}
    hold = [places[f"{group.id}.control"] for group in scenario.groups]
    assert (seen["iran"][hold] > 0).all()
    assert (seen["us"][hold] == 0).all()
    assert (seen["sadr"][[places[f"{group.id}.blame"] for group in scenario.groups]] == 0).all()
    assert seen["us"][places["troops"]] == pytest.approx(env.model.crisis.w.troops / 5000.0)
    assert seen["us"][places["day"]] == 0.0


def test_an_act_that_is_not_possible_holds_and_says_so(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us"])
    observations, _ = env.reset(seed=1)
    ruled_out = int(np.flatnonzero(observations["us"]["action_mask"] == 0)[0])
    _, rewards, _, _, infos = env.step({"us": ruled_out})
    assert infos["us"] == {"possible": False}
    assert env.model.actors[0].choice == "us.hold"
    env.reset(seed=1)
    _, held, _, _, infos = env.step({"us": 0})
    assert infos["us"] == {"possible": True}
    assert held == rewards


def test_the_reward_is_the_change_of_utility_less_what_was_only_expected(scenario: Scenario) -> None:
    """Gain is the difference of two sums of named terms; holding gains nothing."""
    env = parallel_env(scenario, ["us"])
    env.reset(seed=6)
    for option in env.model.actors[0].deliberate():
        hold = pick(env.model.actors[0].deliberate(), None)
        plain = option.utility - option.terms["anticipation"] - option.terms["inertia"]
        base = hold.utility - hold.terms["anticipation"] - hold.terms["inertia"]
        assert gain(option, hold) == pytest.approx(plain - base, abs=1e-12)
    assert gain(hold, hold) == 0.0


def test_own_dead_and_answers_cost() -> None:
    """Two Americans killed by a group cost Washington 2, and the attack as an answer something more."""
    event = {"day": 3, "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "us_killed": 2}
    scenario = load("baghdad-2020", {"horizon": 10, "events": [event]})
    env = parallel_env(scenario, ["us", "iran"])
    env.reset(seed=1)
    for _ in range(3):
        env.step({})
    first = int(env.model.first_today)
    lone = [k for k in range(first, len(env.model.trace)) if env.model.trace[k]["scripted"]]
    assert len(lone) == 1
    _, rewards, _, _, _ = env.step({})
    assert rewards["us"] < -2.0
    assert rewards["us"] > -4.0
    assert suffered(env.model.actors[0], len(env.model.trace)) == 0.0


def test_the_crisis_is_truncated_at_its_horizon_for_all(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us", "iran"])
    met = play(env, 3)
    assert len(met) == scenario.horizon + 1
    assert met[-1][2] == {"us": True, "iran": True}
    assert not any(any(each[2].values()) for each in met[1:-1])
    assert env.agents == []
    assert env.step({}) == ({}, {}, {}, {}, {})


def test_what_is_advised_is_the_rulebooks_own_chance(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us"])
    env.reset(seed=5)
    advised = env.advised("us")
    assert sum(advised.values()) == pytest.approx(1.0)
    assert set(advised) == set(np.flatnonzero(env.observe("us")["action_mask"]))


def test_wrong_agents_are_refused(scenario: Scenario) -> None:
    with pytest.raises(InputError, match="did you mean 'us'"):
        parallel_env(scenario, ["usa"])
    with pytest.raises(InputError, match="each once"):
        parallel_env(scenario, ["us", "us"])
    with pytest.raises(InputError, match="at least one"):
        parallel_env(scenario, [])


def test_the_example_evaluates_its_policies(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", "2"])
    runpy.run_path(str(root / "docs" / "examples" / "evaluate_policies.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()] == ["mean", "at_random", "hold", "as_advised"]


@pytest.mark.parametrize("action", [-1, 99, 1.5, "hold", None, True, np.array([1, 2])])
def test_an_action_outside_the_space_is_refused(scenario: Scenario, action: Any) -> None:
    env = parallel_env(scenario, ["us"])
    env.reset(seed=1)
    with pytest.raises(InputError, match="the action of us must be"):
        env.step({"us": action})
    assert env.model.day == 0


def test_actions_and_seeds_may_be_numbers_of_numpy(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us"])
    for seed in (4, np.int64(4), "4"):
        env.reset(seed=seed)
        assert env.model.world == 4
        for action in (np.int64(0), np.array(0), np.uint8(0)):
            env.step({"us": action})
    env.reset(options={"world": np.int32(7)})
    assert env.model.world == 7


def test_actions_of_nobody_are_refused(scenario: Scenario) -> None:
    env = parallel_env(scenario, ["us"])
    env.reset(seed=1)
    with pytest.raises(InputError, match="unknown agent 'iran'"):
        env.step({"iran": 0})


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "red", True])
def test_what_is_no_seed_is_refused(scenario: Scenario, seed: Any) -> None:
    with pytest.raises(InputError, match="the seed must be"):
        parallel_env(scenario, ["us"]).reset(seed=seed)


@pytest.mark.parametrize("options", [{"wrold": 3}, {"world": -1}, {"world": 1.5}])
def test_options_that_cannot_be_used_are_refused(scenario: Scenario, options: Any) -> None:
    with pytest.raises(InputError, match=r"unknown option 'wrold'; did you mean 'world'\?|the number of a world must"):
        parallel_env(scenario, ["us"]).reset(options=options)
