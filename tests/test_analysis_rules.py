"""Rival rules and mindsets side by side."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.analysis.compare_rules import AS_IT_IS, MINDSET, RULE, RULES, RuleComparison, compare_rules, rule_variants
from sim.cli import app
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.parameters import MINDSETS
from sim.results.scores import decode
from sim.scenario import load
from sim.scenario.worlds import Worlds


@pytest.fixture(scope="module")
def found() -> RuleComparison:
    return compare_rules("baghdad-2020", 8)


def test_every_rule_and_mindset_is_there(found: RuleComparison) -> None:
    names = [side.name for side in found.others]
    assert found.base.name == AS_IT_IS
    assert [name for name in names if name.startswith(RULE)] == [
        RULE + rule.replace("_", " ") for rule in RULES if rule != "quantal"
    ]
    assert {name.removeprefix(MINDSET) for name in names if name.startswith(MINDSET)} == set(MINDSETS)


def test_each_is_the_scenario_with_that_rule(found: RuleComparison) -> None:
    passive = next(side for side in found.others if side.name == "rule: passive")
    by_hand = load("baghdad-2020").with_({"policies": dict.fromkeys(load("baghdad-2020").actors, "passive")})
    pd.testing.assert_frame_equal(passive.outcomes, decode(live_chunk(by_hand, 0, 8, "outcomes").outcomes))


def test_passive_actors_do_nothing(found: RuleComparison) -> None:
    rows = found.differences.query("scenario == 'rule: passive'").set_index("outcome")
    assert rows.loc["us_strikes", "other"] == 0
    assert rows.loc["rockets", "other"] == 0


def test_one_actor_alone_can_change() -> None:
    variants = rule_variants(load("baghdad-2020"), ["iran"])
    minds = [name for name in variants if name.startswith(MINDSET)]
    assert all(name.startswith("mindset: tehran") for name in minds)
    assert {actor for actor, rule in variants["rule: random"].policies.items() if rule == "random"} == {"iran"}
    with pytest.raises(InputError, match="unknown actor 'irak'; did you mean 'iraq'"):
        rule_variants(load("baghdad-2020"), ["irak"])


def test_mindsets_that_the_scenario_defines_or_has_already() -> None:
    calm = {
        "define_mindsets": {"calm-badr": {"actor": "militia", "weight_calm": 2.0}},
        "us.mindset": "washington-extract",
    }
    variants = rule_variants(load("baghdad-2020").with_(calm))
    assert "mindset: calm-badr" in variants
    assert "mindset: washington-extract" not in variants
    groups = [group.id for group in load("baghdad-2020").groups]
    assert all(variants["mindset: calm-badr"].mindsets[group] == {"calm-badr": 1.0} for group in groups)


def test_a_mixture_is_replaced_by_each_mindset() -> None:
    mixed = load("baghdad-2020").with_({"mindsets": {"us": {"washington-caution": 0.4, "default": 0.6}}})
    assert rule_variants(mixed)["mindset: washington-extract"].mindsets["us"] == {"washington-extract": 1.0}


def test_a_rule_that_the_scenario_states_holds_unless_its_actor_is_named() -> None:
    still = load("baghdad-2020").with_({"policies.us": "passive"})
    variants = rule_variants(still)
    assert {each.policies["us"] for each in variants.values()} == {"passive"}
    assert variants["rule: random"].policies["iran"] == "random"
    assert rule_variants(still, ["us"])["rule: quantal"].policies["us"] == "quantal"
    found = compare_rules(still, 3)
    assert found.differences.query("outcome == 'us_struck'")["other"].max() == 0
    assert any("In every row, as the scenario states: us passive" in note for note in found.to_dict()["notes"])
    with pytest.raises(InputError, match="--actor iran is given twice"):
        rule_variants(still, ["iran", "iran"])


def test_a_mindset_is_the_one_that_worlds_of_the_scenario_have() -> None:
    """Where the scenario gives Washington max pressure, its world is the one of the row; stated numbers stand."""
    scenario = load("closure-now")
    pressed = rule_variants(scenario)["mindset: washington-max-pressure"]
    assert pressed.values["us.weight_stay"] == scenario.values["us.weight_stay"]
    held = Worlds(scenario, 0, 40, {}).minds["us"]["washington-max-pressure"]
    own, row = (live_chunk(each, 0, 40, "outcomes").outcomes for each in (scenario, pressed))
    assert held.any()
    assert own[held].tobytes() == row[held].tobytes()


def test_policies_in_plain_python_are_refused() -> None:
    scripted = load("baghdad-2020").with_({"policies": {"us": "outside_policies:plain"}})
    with pytest.raises(InputError, match=r"plain Python.*@sim\.rule"):
        compare_rules(scripted, 4)


def test_folder_and_command(found: RuleComparison, tmp_path: Path) -> None:
    target = found.save(tmp_path / "out")
    assert (target / "rules.png").stat().st_size > 5000
    assert len(json.loads((target / "numbers.json").read_text())["scenarios"]) == len(found.others)
    done = CliRunner().invoke(app, ["compare-rules", "baghdad-2020", "--actor", "iraq", "--worlds", "4"])
    assert done.exit_code == 0, done.output
    assert "mindset: baghdad-survival" in done.stdout
