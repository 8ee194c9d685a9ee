"""The model under Mesa: stepping, inspecting, collecting, batch runs unchanged, policies written in Python."""

import inspect
import warnings
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from sim import CrisisModel, load
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import Militia
from sim.errors import InputError, SimError
from sim.world.names import Stage

SHORT = load("baghdad-2020", {"horizon": 12})
DRAWN = SHORT.with_({"perception.rate_now": {"uniform": [0.1, 1.0]}})
"""Its first number differs from world to world and from seed to seed."""


def test_a_model_is_stepped_day_by_day() -> None:
    model = CrisisModel(SHORT, world=3)
    assert isinstance(model, mesa.Model)
    assert (model.day, model.running) == (0, True)
    model.step()
    assert model.day == 1
    model.run(4)
    assert model.day == 5
    model.run_model()
    assert (model.day, model.running) == (12, False)
    with pytest.raises(SimError, match="ended on day 12"):
        model.step()


def test_pausing_changes_nothing() -> None:
    through = CrisisModel(SHORT, world=3).run()
    paused = CrisisModel(SHORT, world=3)
    for _ in range(12):
        paused.step()
        paused.actors[0].deliberate()
    assert paused.trace.tobytes() == through.trace.tobytes()
    assert paused.outcome.tobytes() == through.outcome.tobytes()


def test_every_actor_is_an_agent() -> None:
    model = CrisisModel(SHORT)
    names = ["UnitedStates", "Iran", "IraqiGovernment", "Sadr", "Coalition"]
    assert [type(agent).__name__ for agent in model.agents][:5] == names
    assert [agent.id for agent in model.agents] == list(SHORT.actors)
    assert len(model.agents_by_type[Militia]) == len(SHORT.groups)


def test_beliefs_utilities_and_choices_can_be_inspected_on_any_day() -> None:
    model = CrisisModel(SHORT, world=5).run(6)
    for agent in model.agents:
        assert all(np.isfinite(value) for value in agent.beliefs.values())
        options = agent.deliberate()
        assert options
        assert sum(option.chance for option in options) == pytest.approx(1)
        for option in options:
            assert option.utility == pytest.approx(sum(option.terms.values()))
            assert option.id.split(".")[0] in {"us", "ir", "iq", "sa", "co", "mi"}


def test_the_data_collector_holds_every_day() -> None:
    model = CrisisModel(SHORT, world=2).run()
    world, agents = model.datacollector.get_model_vars_dataframe(), model.datacollector.get_agent_vars_dataframe()
    assert list(world["day"]) == list(range(13))
    assert set(world["stage"]) <= {stage.name.lower() for stage in Stage}
    assert world["staff"].to_numpy()[1:] == pytest.approx(model.series["staff"])
    assert len(agents) == 13 * len(SHORT.actors)
    assert set(agents["id"]) == set(SHORT.actors)
    grievance = agents.xs(12, level="Step").set_index("id")["grievance"]
    assert grievance["badr"] == model.actors[SHORT.actors.index("badr")].state.grievance


def batch(parameters: dict[str, Any], **settings: Any) -> pd.DataFrame:
    """What Mesa's own batch runner tells of the days of some models, a row an actor."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Mesas call iterations by another name
        rows = mesa.batch_run(CrisisModel, parameters, display_progress=False, **settings)
    return pd.DataFrame(rows)


def ends(rows: pd.DataFrame) -> set[tuple[float, ...]]:
    """How many different last days there are."""
    last = rows[rows["Step"] == rows["Step"].max()]
    return {tuple(one["rate"]) for _, one in last.groupby(["RunId"])}


def test_batch_run_takes_the_model_as_it_is() -> None:
    """Mesa's own batch runner, in two processes, gives the worlds that the model gives."""
    settings: dict[str, Any] = {"max_steps": 10, "data_collection_period": 5}
    rows = batch({"scenario": DRAWN, "world": range(4)}, number_processes=2, **settings)
    assert set(rows["world"]) == {0, 1, 2, 3}
    alone = batch({"scenario": DRAWN, "world": range(4)}, **settings)
    order = ["world", "Step", "AgentID"]
    columns = [name for name in rows if name not in ("scenario", "RunId")]
    pd.testing.assert_frame_equal(
        rows.sort_values(order)[columns].reset_index(drop=True),
        alone.sort_values(order)[columns].reset_index(drop=True),
    )
    final = max(rows["Step"])  # 10 or 6: versions of Mesa collect different days
    model = CrisisModel(DRAWN, world=2).run(int(final))
    last = rows[(rows["world"] == 2) & (rows["Step"] == final)]
    assert dict(zip(last["id"], last["rate"], strict=True)) == {
        agent.id: agent.state.rate.item() for agent in model.actors
    }


def test_a_row_of_a_batch_is_one_morning() -> None:
    """Numbers of the world and of its actors in a row are of the same day, on the first row, too."""
    rows = batch({"scenario": SHORT}, data_collection_period=4)
    assert not rows["id"].isna().any()
    assert list(rows["Step"]) == list(rows["day"])
    assert 0 in set(rows["day"])
    model = CrisisModel(SHORT)
    for day, morning in rows.groupby("day"):
        model.run(int(day) - model.day)
        assert dict(zip(morning["id"], morning["rate"], strict=True)) == {
            agent.id: agent.state.rate.item() for agent in model.actors
        }
        assert set(morning["authority"]) == {model.crisis.w.authority.item()}


@pytest.mark.parametrize("processes", [1, 2])
def test_iterations_of_a_batch_are_worlds(processes: int) -> None:
    rows = batch({"scenario": DRAWN}, iterations=8, number_processes=processes)
    assert set(zip(rows["iteration"], rows["world"], strict=True)) == {(k, k) for k in range(8)}
    assert len(ends(rows)) == 8


def test_seeds_of_a_batch_are_those_of_the_model() -> None:
    """Newer Mesas hand seeds over themselves; in older ones they are a parameter."""
    seeds = [5, 6]
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        rows = batch({"scenario": DRAWN}, rng=seeds)
    else:
        rows = batch({"scenario": DRAWN, "seed": ["5", 6]})
        twice = batch({"scenario": DRAWN, "seed": seeds}, iterations=2)
        assert len(ends(twice)) == 4
        assert set(twice["world"]) == {0, 1}
    assert set(zip(rows["seed"], rows["world"], strict=True)) == {(5, 0), (6, 0)}
    final = int(max(rows["Step"]))
    for seed, one in rows[rows["id"] == "us"].groupby("seed"):
        model = CrisisModel(DRAWN, seed=seed).run(final)
        assert set(one["rate"]) == {model.actors[0].state.rate.item()}


def test_a_batch_that_would_live_a_world_twice_is_refused() -> None:
    with pytest.raises(InputError, match="would live world 3 again: leave world out"):
        batch({"scenario": SHORT, "world": 3}, iterations=2)


@pytest.mark.parametrize("name", ["baghdad-2020", "january-2020"])
def test_a_seed_is_the_seed_of_the_run(name: str) -> None:
    """Mindsets and drawn numbers are those of the seed, not only the luck of the days."""
    scenario = load(name, {"horizon": 12, "us.rationality": {"uniform": [1, 15]}})
    traits = set()
    for seed in range(8):
        model = CrisisModel(scenario, 1, seed=seed).run()
        traits.add(model.crisis.traits.tobytes())
        lived = next(chunks(scenario.with_({"seed": seed}), 2, "outcomes"))
        assert model.outcome.tobytes() == lived.outcomes[1].tobytes()
    assert len(traits) == 8


@pytest.mark.parametrize(
    "given",
    [
        {"seed": "42"},
        {"seed": " 42 "},
        {"seed": np.int64(42)},
        {"seed": np.uint8(42)},
        {"seed": 42.0},
        {"rng": 42},
        {"rng": "42"},
        {"rng": np.int32(42)},
        {"seed": 42, "world": "0"},
        {"seed": 42, "world": np.int64(0)},
        {"seed": 42, "world": ""},
    ],
)
def test_a_seed_may_be_written_in_many_ways(given: dict[str, Any]) -> None:
    model = CrisisModel(DRAWN, **given)
    assert model.crisis_scenario == DRAWN.with_({"seed": 42})
    assert model.crisis.traits.tobytes() == CrisisModel(DRAWN, 0, 42).crisis.traits.tobytes()


def test_no_seed_is_that_of_the_scenario() -> None:
    for given in ({}, {"seed": None}, {"rng": None}, {"seed": ""}):
        assert CrisisModel(DRAWN, **given).crisis_scenario is DRAWN


@pytest.mark.parametrize("source", [np.random.default_rng, np.random.SeedSequence, np.random.PCG64, lambda n: [n, n]])
def test_a_source_of_chance_gives_a_seed(source: Any) -> None:
    seeds = {CrisisModel(DRAWN, rng=source(n)).crisis_scenario.seed for n in (1, 1, 2)}
    assert len(seeds) == 2
    generator = np.random.default_rng(1)
    assert len({CrisisModel(DRAWN, rng=generator).crisis_scenario.seed for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": 1.7}, "a seed must be a whole number, not 1.7"),
        ({"seed": "red"}, "a seed must be a whole number, not 'red'"),
        ({"seed": "-1"}, "a seed must be a whole number"),
        ({"seed": -1}, "a seed must be in 0"),
        ({"seed": np.int64(-1)}, "a seed must be in 0"),
        ({"seed": 2**63}, "a seed must be in 0"),
        ({"seed": True}, "a seed must be a whole number, not True"),
        ({"seed": float("nan")}, "a seed must be a whole number, not nan"),
        ({"rng": object()}, "a seed must be a whole number"),
        ({"rng": [0.5]}, "a seed must be a whole number"),
        ({"seed": 1, "rng": 1}, "either seed or rng"),
        ({"world": 1.7}, "the number of a world must be a whole number, not 1.7"),
        ({"world": "x"}, "the number of a world must be a whole number"),
        ({"world": -1}, "the number of a world must be in 0"),
        ({"world": 2**32}, "the number of a world must be in 0"),
        ({"world": True}, "the number of a world must be a whole number"),
    ],
)
def test_what_is_no_seed_or_world_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        CrisisModel(SHORT, **given)


def test_streams_of_mesa_are_seeded_by_seed_and_world() -> None:
    """For agents of the user; world 0 has Mesa's own stream of its seed."""

    def drawn(**given: Any) -> tuple[float, float]:
        model = CrisisModel(SHORT, **given)
        return model.random.random(), model.rng.random()

    assert drawn(seed=5) == drawn(seed=5) != drawn(seed=6)
    assert drawn(seed=5, world=1) == drawn(seed=5, world=1) != drawn(seed=5, world=2)
    assert drawn(seed=5)[1] == np.random.default_rng(5).random()


def test_the_scenario_has_a_name_that_mesa_does_not_use() -> None:
    """Mesa 3.5 writes into ``model.scenario``, and its page reads parameters from there."""
    model = CrisisModel(SHORT)
    assert model.crisis_scenario is SHORT
    assert getattr(model, "scenario", None) is None
    with pytest.raises(AttributeError, match="crisis_scenario"):
        model.scenario  # noqa: B018
    assert repr(model) == "<CrisisModel baghdad-2020: day 0, world 0>"


def test_worlds_and_seeds_differ_and_repeat() -> None:
    same = [CrisisModel(SHORT, world=1, seed=5).run().series.tobytes() for _ in range(2)]
    assert same[0] == same[1]
    others = [CrisisModel(SHORT, world=2, seed=5), CrisisModel(SHORT, world=1, seed=6)]
    assert all(other.run().series.tobytes() != same[0] for other in others)


def test_a_python_policy_chooses_among_the_options() -> None:
    seen = []

    def press(view: Any, options: Any) -> Any:
        seen.append(view.day)
        return max(options, key=lambda option: option.terms["hurt"])

    model = CrisisModel(SHORT, world=1, policies={"us": press}).run()
    assert seen
    assert model.trace.tobytes() != CrisisModel(SHORT, world=1).run().trace.tobytes()


class Needy:
    """A policy that cannot be made without being told something."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def choose(self, view: Any, options: Any) -> Any:
        return options[0]


def test_a_policy_class_that_needs_arguments_is_named_and_an_object_of_it_works() -> None:
    with pytest.raises(InputError, match="the policy of us, the class Needy, cannot be made without arguments"):
        CrisisModel(SHORT, policies={"us": Needy})
    CrisisModel(SHORT, policies={"us": Needy(2)}).run(2)


def test_a_scenario_may_name_an_object_as_a_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("needy_policies.py").write_text(
        "class Needy:\n    def __init__(self, n):\n        self.n = n\n"
        "    def choose(self, view, options):\n        return options[0]\n\nready = Needy(3)\n"
    )
    CrisisModel(SHORT.with_({"policies.us": "needy_policies:ready"})).run(2)
    with pytest.raises(InputError, match="the class Needy, cannot be made without arguments"):
        CrisisModel(SHORT.with_({"policies.us": "needy_policies:Needy"}))


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ({"bader": 1}, "to 'bader', which is no group"),
        ({"us": 1}, "to 'us', which is no group"),
        ({"badr": 2}, r"to badr, which must be in -1\.\.1, not 2"),
        ({"badr": "press"}, "to badr, which must be a whole number, not 'press'"),
    ],
)
def test_an_order_that_cannot_be_given_is_named(orders: Any, message: str) -> None:
    class Tehran:
        def choose(self, view: Any, options: Any) -> Any:
            return options[0]

        def orders(self, view: Any) -> Any:
            return orders

    with pytest.raises(InputError, match=f"the policy of iran gave an order on day 0 {message}"):
        CrisisModel(SHORT, policies={"iran": Tehran()}).run()


@pytest.mark.parametrize("answer", [None, "us.hold"])
def test_a_policy_that_answers_nonsense_is_named(answer: Any) -> None:
    model = CrisisModel(SHORT, world=1, policies={"us": lambda view, options: answer})
    with pytest.raises(SimError, match="the policy of us"):
        model.run()


def test_a_policy_of_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="france"):
        CrisisModel(SHORT, policies={"france": lambda view, options: options[0]})


class Watcher(mesa.Agent):
    """An agent of the user's own, with none of the methods of an actor."""

    seen = 0

    def step(self) -> None:
        self.seen += len(self.model.trace) + self.model.random.randrange(2)


class Watched(CrisisModel):
    """The model with an agent beside the actors, as Mesa's users write it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.watcher = Watcher(self)

    def step(self) -> None:
        super().step()
        self.watcher.step()


def test_agents_of_the_users_own_join_and_change_nothing() -> None:
    alone, watched = CrisisModel(SHORT, world=3).run(), Watched(SHORT, world=3).run()
    assert watched.watcher.seen > 0
    assert watched.watcher in watched.agents
    assert watched.trace.tobytes() == alone.trace.tobytes()
    assert watched.outcome.tobytes() == alone.outcome.tobytes()
    frame = watched.datacollector.get_agent_vars_dataframe()
    own = frame.xs(watched.watcher.unique_id, level="AgentID")
    assert own.isna().all(axis=None)
    theirs = frame.drop(index=watched.watcher.unique_id, level="AgentID")
    pd.testing.assert_frame_equal(theirs, alone.datacollector.get_agent_vars_dataframe(), check_dtype=False)


def test_agents_that_leave_are_no_longer_counted() -> None:
    """The actors stay whatever becomes of agents of others."""
    model = Watched(SHORT, world=3).run(2)
    model.watcher.remove()
    model.run(2)
    assert len(model.agents) == len(model.actors)
