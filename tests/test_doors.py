"""Every door to one scenario leads to the same worlds, bit for bit: run, replay, explain, Mesa, the game, the page."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.explain import explain
from sim.dashboard.desk import Desk
from sim.dashboard.living import look
from sim.dashboard.pictures import SCENARIO_FILE, bundle
from sim.dashboard.told import tell
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.drivers.replay import replay
from sim.play import Game
from sim.play.odds import live_line, plan
from sim.results.run import run
from sim.scenario import Scenario, load, shipped

WORLDS, DAYS = 3, 20
HARD = {
    "horizon": DAYS,
    "seed": 77,
    "us.weight_calm": 0.5,
    "us.rationality": {"uniform": [2, 9]},
    "mindsets.us": {"default": 0.4, "washington-extract": 0.6},
    "mindsets.iran": {"tehran-revenge-first": 0.5, "tehran-strategic-patience": 0.5},
    "policies.kataib_hezbollah": "tit_for_tat",
    "militias.badr.absent": True,
    "perception.rate_now": {"uniform": [0.1, 1.0]},
}
"""A number stated beside mixed mindsets, distributions, another rule, a group left out."""


def lived(scenario: Scenario) -> Any:
    """Worlds of the compiled kernel, which ``sim run`` writes down."""
    return next(chunks(scenario, WORLDS, "trace"))


def same(model: CrisisModel, worlds: Any) -> bool:
    """Whether a model that was lived is that world of some worlds, on every event and day."""
    k = model.world
    first, last = worlds.offsets[k], worlds.offsets[k + 1]
    return bool(
        model.outcome.tobytes() == worlds.outcomes[k].tobytes()
        and model.series.tobytes() == worlds.series[k].tobytes()
        and model.trace.tobytes() == worlds.events[first:last].tobytes()
    )


@pytest.fixture(scope="module", params=[*(name for name in shipped() if name != "template"), "hard"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """A shipped scenario, or one in which much is changed at once."""
    if request.param == "hard":
        return load("baghdad-2020", HARD)
    late = max((event.day for event in load(request.param).events), default=0) >= DAYS
    return load(request.param, {"horizon": DAYS} | ({"events": []} if late else {}))


def test_a_world_lived_alone_is_that_of_the_run(scenario: Scenario) -> None:
    worlds = lived(scenario)
    for world in range(WORLDS):
        assert same(CrisisModel(scenario, world).run(), worlds)
        assert same(CrisisModel(replace(scenario, seed=1), world, seed=scenario.seed).run(), worlds)
        assert same(replay(scenario, world), worlds)


@pytest.mark.parametrize("changes", [HARD, {"horizon": DAYS, "seed": 3}])
def test_a_run_reopened_tells_its_own_worlds(changes: dict[str, Any], tmp_path: Path) -> None:
    scenario = load("baghdad-2020", changes)
    worlds = lived(scenario)
    folder = tmp_path / "run"
    run(scenario, worlds=WORLDS, out=folder, depth="trace")
    for world in range(WORLDS):
        for door in (folder, str(folder), folder / "manifest.json"):
            assert same(replay(door, world), worlds)
    told = explain(folder, 1)
    assert same(told.model, worlds)


def test_the_page_lives_the_worlds_of_the_run_for_what_its_levers_make(scenario: Scenario) -> None:
    """Also after levers were moved to numbers that a mindset or a distribution set; each as its own file says it."""
    path = "militias.kataib_hezbollah.iran_control"
    desk = Desk("", worlds=WORLDS, pinned=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.dashboard.desk.loaded_scenario", lambda _: scenario)
        desk = desk.choose(scenario.name)
        for moves in ({}, {"us.weight_calm": 0.9, "us.red_line": 3}, {"iran.weight_calm": 0.4, path: 0.3}):
            moved = desk.reset()
            for name, value in moves.items():
                moved = moved.move(name, value)
            shown = look(moved)
            worlds = lived(scenario.with_(moves))
            assert shown.run.scenario.hash == scenario.with_(moves).hash
            assert shown.run.outcomes.equals(run(scenario.with_(moves), worlds=WORLDS).outcomes)
            for world in range(WORLDS):
                told = tell(shown.run.scenario, world)
                assert np.asarray(told.series).tobytes() == worlds.series[world].tobytes()
                assert len(told.chronicle.events) == worlds.offsets[world + 1] - worlds.offsets[world]


def test_what_is_downloaded_from_the_page_lives_the_same_worlds(tmp_path: Path) -> None:
    (tmp_path / "hard.yaml").write_text(load("baghdad-2020", HARD).to_yaml())
    shown = look(Desk(str(tmp_path / "hard.yaml"), worlds=WORLDS).move("us.weight_calm", 0.9).move("us.red_line", 2))
    with zipfile.ZipFile(io.BytesIO(bundle(shown))) as archive:
        again = load(archive.read(SCENARIO_FILE).decode())
    assert lived(again).events.tobytes() == lived(shown.run.scenario).events.tobytes()
    assert run(again, worlds=WORLDS).outcomes.equals(shown.run.outcomes)


def test_a_game_is_the_world_of_the_run_but_for_its_seat(scenario: Scenario) -> None:
    """A seat that holds is a passive actor; the odds without a seat are those of the run."""
    worlds = lived(scenario)
    alone = live_line(scenario, plan(scenario, (), ()), WORLDS)
    assert alone.tobytes() == worlds.outcomes.tobytes()
    held = lived(scenario.with_({"policies.coalition": "passive"}))
    game = Game(scenario, ["coalition"], 1)
    while not game.over:
        game.live()
    assert same(game.model, held)
    assert game.lived_again().trace.tobytes() == game.model.trace.tobytes()
