"""Whatever path a number takes, it is that of the scenario in front of the user: every study against `sim.run`."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis.compare import compare, variants
from sim.analysis.compare_rules import compare_rules
from sim.analysis.discover import _lived as discovered
from sim.analysis.evaluate import each_point, ensemble, lived
from sim.analysis.explain import explain
from sim.analysis.factors import factors_of, points_of
from sim.analysis.indicators import INDICATORS, indicators, measure
from sim.analysis.interest import interest
from sim.analysis.sensitivity import SensitivityPlan, sensitivity
from sim.analysis.structures import structures
from sim.analysis.tornado import tornado
from sim.analysis.uncertainty import UncertaintyLayout, _lived, uncertainty
from sim.cli import app
from sim.play.game import Game
from sim.results.run import open_run, run
from sim.results.scores import decode
from sim.scenario import Scenario, load
from sim.scenario.worlds import Worlds

WORLDS = 12
ALL = indicators(INDICATORS)
STATED = {
    "stated numbers": {"us.weight_calm": 0, "us.weight_hurt": 2},
    "stated rule": {"policies.us": "passive"},
    "stated rules of groups": {"policies.militias": "tit_for_tat"},
    "one mindset": {"us.mindset": "washington-max-pressure", "us.weight_home": 1.0},
    "distributions": {"us.rationality": {"uniform": [4, 9]}, "us.weight_stay": {"uniform": [0, 1]}},
}
"""Changes of the baseline in which a study could forget what the scenario states."""
NAMES = [*sim.shipped(), *STATED]


@cache
def scenario_of(name: str) -> Scenario:
    return load("baghdad-2020").with_(STATED[name]) if name in STATED else load(name)


@cache
def outcomes_of(name: str) -> pd.DataFrame:
    """The worlds that `sim.run` gives."""
    return run(scenario_of(name), WORLDS, depth="outcomes").outcomes


def means_of(outcomes: pd.DataFrame) -> list[float]:
    """Mean of every indicator, each summed by itself."""
    values = measure(outcomes, ALL)
    return [float(values[:, k].mean()) for k in range(len(ALL))]


each_scenario = pytest.mark.parametrize("name", NAMES)
VARIED = ("us.weight_hurt", "iran.weight_blood", "us.red_line", "truce.threshold")


def varied(name: str) -> tuple[str, ...]:
    """Of some quantities those that can matter: a mindset may set one in every world, a rule may read none."""
    scenario = scenario_of(name)
    known = {factor.path for factor in factors_of(scenario)}
    return tuple(path for path in VARIED if path in known)


@each_scenario
def test_moving_nothing_changes_nothing(name: str) -> None:
    (table,) = lived(scenario_of(name), [{}], WORLDS)
    pd.testing.assert_frame_equal(table, outcomes_of(name))


@each_scenario
def test_the_base_of_the_tornado_is_the_run(name: str) -> None:
    scenario = scenario_of(name)
    factors = factors_of(scenario, varied(name), 0.5)
    found = tornado(scenario, factors, ALL, WORLDS)
    for indicator, mean in zip(ALL, means_of(outcomes_of(name)), strict=True):
        assert (found[found["outcome"] == indicator.column]["base"] == mean).all()
    for factor in factors:
        stated = run(scenario.with_({factor.path: factor.high}), WORLDS, depth="outcomes").outcomes
        ends = found[(found["path"] == factor.path) & (found["end"] == "high")].set_index("outcome")
        assert ends["mean"].to_list() == means_of(stated)


@each_scenario
def test_a_point_of_a_design_is_the_scenario_with_its_numbers(name: str) -> None:
    scenario = scenario_of(name)
    factors = factors_of(scenario, varied(name), 0.6)
    points = points_of(factors, np.array([[0.2] * len(factors), [0.9] * len(factors)]))
    found = ensemble(scenario, ALL, WORLDS)(points)
    for mean, point in zip(found.mean, each_point(points), strict=True):
        stated = run(scenario.with_(point), WORLDS, depth="outcomes").outcomes
        assert mean.tolist() == measure(stated, ALL).mean(axis=0).tolist()


@each_scenario
def test_structures_share_out_the_worlds_of_the_run(name: str) -> None:
    """Every world of the run is the world of the one structure that has its mindsets, bit for bit."""
    scenario = scenario_of(name)
    minds = Worlds(scenario, 0, WORLDS, {}).minds
    nothing = {"truce.threshold": np.full(WORLDS, scenario.values["truce.threshold"])}
    values, seen = measure(outcomes_of(name), ALL), np.zeros(WORLDS, dtype=int)
    for structure in structures(scenario, ["quantal"]):
        held = np.ones(WORLDS, dtype=bool)
        for actor, mind in structure.mindsets.items():
            mask = minds[actor].get(mind, np.zeros(WORLDS, dtype=bool))
            held &= np.ones(WORLDS, dtype=bool) if mask is None else mask
        if held.any() and "distributions" not in name:
            assert (_lived(structure, nothing, ALL, None)[held] == values[held]).all()
        seen += held
    assert (seen == 1).all()


@each_scenario
def test_discovery_lives_the_scenario(name: str) -> None:
    scenario = scenario_of(name)
    wanted = interest("rockets >= 8")
    own = {"truce.threshold": np.full(WORLDS, scenario.values["truce.threshold"])}
    found = discovered(scenario, wanted, None, None)(own)
    assert (found == wanted.holds(outcomes_of(name))).all()


@each_scenario
def test_comparisons_live_the_scenario(name: str) -> None:
    scenario = scenario_of(name)
    one_more = scenario.with_({"us.red_line": 3})
    found = compare({"base": scenario, "other": one_more}, WORLDS)
    pd.testing.assert_frame_equal(found.base.outcomes, outcomes_of(name))
    own = run(one_more, WORLDS, depth="outcomes").outcomes
    pd.testing.assert_frame_equal(found.others[0].outcomes, own)


@pytest.mark.parametrize("name", ["closure-now", "sadr-silent", "stated rule", "one mindset"])
def test_a_comparison_of_rules_lives_the_scenario(name: str) -> None:
    found = compare_rules(scenario_of(name), WORLDS, ["iraq"])
    pd.testing.assert_frame_equal(found.base.outcomes, outcomes_of(name))


@each_scenario
def test_a_point_of_a_sweep_is_the_scenario_with_its_numbers(name: str) -> None:
    scenario = scenario_of(name)
    swept = sim.sweep(scenario, {"us.red_line": [2.0, 4.0]}, WORLDS)
    for point, value in enumerate((2.0, 4.0)):
        stated = scenario.with_({"us.red_line": value})
        table = swept.read(point=point)[list(outcomes_of(name))]
        own = run(stated, WORLDS, depth="outcomes").outcomes
        for column in ("rockets", "severity", "us_killed", "embassy_code", "authority_end"):
            assert table[column].tolist() == own[column].tolist()
        assert swept.run(point).scenario.hash == stated.hash


@pytest.mark.parametrize("name", ["closure-now", "iran-restrains", *STATED])
def test_a_run_read_back_and_its_explanation_are_the_run(name: str, tmp_path: Path) -> None:
    run(scenario_of(name), WORLDS, out=tmp_path / "run", depth="outcomes")
    again = open_run(tmp_path / "run")
    assert again.scenario.hash == scenario_of(name).hash
    pd.testing.assert_frame_equal(run(again.scenario, WORLDS, depth="outcomes").outcomes, outcomes_of(name))
    for source in (tmp_path / "run", scenario_of(name)):
        model = explain(source, 3).model
        alone = decode(np.array([model.outcome.tolist()], model.outcome.dtype))
        pd.testing.assert_frame_equal(alone, outcomes_of(name).iloc[[3]].reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("name", ["closure-now", "stated numbers"])
def test_a_game_without_a_move_is_the_scenario_in_which_the_seat_holds(name: str) -> None:
    game = Game(scenario_of(name), ["sadr"], 4)
    while not game.over:
        game.live()
    holding = run(scenario_of(name).with_({"policies.sadr": "passive"}), 5, depth="trace")
    assert game.model.outcome["rockets"] == holding.outcomes["rockets"].iloc[4]
    assert len(game.model.trace) == (holding.events["world"] == 4).sum()


def test_numbers_stated_beside_mixed_mindsets_stand_in_every_study() -> None:
    """A Washington that weighs no war and much harm strikes in nearly all worlds, whichever way it is asked."""
    mine, wanted = scenario_of("stated numbers"), ("us_struck",)
    far = ("sadr.rationality", "coalition.rationality")
    base = sensitivity(mine, SensitivityPlan(far, wanted, "morris", 2, worlds=5)).tornado["base"].iloc[0]
    assert base == run(mine, 50, depth="outcomes").outcomes["us_struck"].mean() > 0.95
    spread = uncertainty(mine, UncertaintyLayout(far[:1], wanted, ("quantal",), draws=10, worlds=2)).table
    assert spread["mean"].iloc[0] > 0.95


COMMANDS = [
    (["compare", "baghdad-2020", "--with", "seed=7"], "--with seed=7 would change nothing"),
    (["compare", "baghdad-2020", "baghdad-2020"], "nothing to compare"),
    (["compare-rules", "baghdad-2020", "--actor", "us", "--actor", "us"], "given twice"),
    (["sensitivity", "baghdad-2020", "--vary", "us.red_line", "--top", "3"], "would change nothing"),
    (["sensitivity", "baghdad-2020", "--vary", "us.red_line", "--trajectories", "9"], "would change nothing"),
    (["sensitivity", "baghdad-2020", "--method", "morris", "--points", "16"], "would change nothing"),
    (["sensitivity", "baghdad-2020", "--vary", "parliament.blocs.nasr.seats"], "the same in all worlds"),
    (["sensitivity", "no-threat", "--vary", "actions.us.decide_closure.cost"], "switches us.decide_closure off"),
    (["discover", "sadr-silent", "--vary", "sadr.rationality"], "does not read it"),
    (["discover", "baghdad-2020", "--vary", "us.*", "--vary", "us.*"], "given twice"),
    (["uncertainty", "baghdad-2020", "--rule", "quantal", "--rule", "quantal"], "given twice"),
    (["uncertainty", "baghdad-2020", "--outcome", "ieds", "--outcome", "ieds"], "given twice"),
    (
        ["uncertainty", "baghdad-2020", "--set", "us.rationality={uniform: [4, 9]}", "--width", "0.3"],
        "--width would change nothing",
    ),
    (
        [
            *("uncertainty", "baghdad-2020", "--set", "us.rationality={uniform: [4, 9]}"),
            *("--source", "scenario", "--vary", "us.red_line"),
        ],
        "--vary and --width would change nothing",
    ),
    (["uncertainty", "baghdad-2020", "--source", "scenario"], "no distributions"),
]


@pytest.mark.parametrize(("arguments", "why"), COMMANDS)
def test_an_option_that_would_change_nothing_is_refused(arguments: list[str], why: str) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert why in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_change_to_all_and_a_change_to_one_are_both_honoured() -> None:
    found = variants(["baghdad-2020"], ["seed=7"], ["us.red_line=4"])
    assert {scenario.seed for scenario in found.values()} == {7}
    assert [scenario.values["us.red_line"] for scenario in found.values()] == [1, 4]
