"""The model under Mesa: stepping, inspecting, collecting, batch runs unchanged, policies written in Python."""

from typing import Any

import mesa
import numpy as np
import pytest

from sim import CrisisModel, load
from sim.drivers.mesa_model import Militia
from sim.errors import InputError, SimError
from sim.world.names import Stage

SHORT = load("baghdad-2020", {"horizon": 12})


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
    assert list(world["day"]) == list(range(1, 13))
    assert set(world["stage"]) <= {stage.name.lower() for stage in Stage}
    assert world["staff"].to_numpy() == pytest.approx(model.series["staff"])
    assert len(agents) == 12 * len(SHORT.actors)
    assert set(agents["id"]) == set(SHORT.actors)
    grievance = agents.xs(12, level="Step").set_index("id")["grievance"]
    assert grievance["badr"] == model.actors[SHORT.actors.index("badr")].state.grievance


def batch(processes: int) -> list[dict[str, Any]]:
    parameters = {"scenario": "baghdad-2020", "world": range(4), "seed": 11}
    rows: list[dict[str, Any]] = mesa.batch_run(
        CrisisModel,
        parameters,
        number_processes=processes,
        max_steps=10,
        data_collection_period=5,
        display_progress=False,
    )
    return rows


def test_batch_run_takes_the_model_as_it_is() -> None:
    """Mesa's own batch runner, in two processes, gives the worlds that the model gives."""
    rows = batch(2)
    assert {row["world"] for row in rows} == {0, 1, 2, 3}
    assert sorted(map(str, rows)) == sorted(map(str, batch(1)))
    final = max(row["Step"] for row in rows)  # 10 or 6: versions of Mesa collect different days
    model = CrisisModel("baghdad-2020", world=2, seed=11).run(int(final))
    last = [row for row in rows if row["world"] == 2 and row["Step"] == final]
    assert {row["id"]: row["grievance"] for row in last} == {
        agent.id: agent.state.grievance.item() for agent in model.actors
    }


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


@pytest.mark.parametrize("answer", [None, "us.hold"])
def test_a_policy_that_answers_nonsense_is_named(answer: Any) -> None:
    model = CrisisModel(SHORT, world=1, policies={"us": lambda view, options: answer})
    with pytest.raises(SimError, match="the policy of us"):
        model.run()


def test_a_policy_of_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="france"):
        CrisisModel(SHORT, policies={"france": lambda view, options: options[0]})
