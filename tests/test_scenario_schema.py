"""The JSON Schema says of a scenario file what the checks say."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.actions import BY_ID
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.scenario import load, schema, shipped
from sim.scenario.places import iso
from sim.scenario.section import united

jsonschema = pytest.importorskip("jsonschema")
BROKEN = Path(__file__).parent / "broken"
SHAPE = (
    *("unknown_key", "unknown_section", "unknown_key_of_group", "unknown_action", "unknown_effect", "wrong_type"),
    *("number_of_another_actor", "section_is_a_list", "title_is_a_number", "out_of_range", "not_whole"),
    *("horizon_too_long", "seed_negative", "holding_switched_off", "unknown_distribution", "distribution_of_a_bloc"),
    *("unknown_act", "events_is_a_mapping", "eleven_months", "lag_of_two", "own_mindset_with_a_stranger"),
)
"""Broken files whose fault a schema can see."""


@pytest.fixture(scope="module")
def validator() -> Any:
    found = schema()
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def written(path: Path) -> Any:
    return iso(YAML(typ="safe").load(path))


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_fits(validator: Any, name: str) -> None:
    assert [error.message for error in validator.iter_errors(written(shipped()[name]))] == []


def test_a_scenario_written_in_full_fits(validator: Any) -> None:
    content = load("baghdad-2020", {"us.weight_safe": {"normal": [1, 0.1]}, "us.preempts": True}).to_dict()
    assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize("name", sorted(set(SHAPE) - {"own_mindset_with_a_stranger"}))
def test_broken_shapes_do_not_fit(validator: Any, name: str) -> None:
    assert list(validator.iter_errors(written(BROKEN / f"{name}.yaml")))


def test_every_number_is_described_with_its_source() -> None:
    found = schema()
    for quantity in PARAMETERS:
        section, _, name = quantity.path.partition(".")
        reference = found["properties"][section]["$ref"].rpartition("/")[2]
        described = found["$defs"][reference]["properties"][name]
        assert quantity.source in described["description"]
        assert described["default"] == quantity.default
    assert set(found["$defs"]["Us"]["properties"]) > {each.name for each in ACTOR_PARAMETERS if "us" in each.defaults}
    assert set(found["$defs"]["Actions"]["properties"]) == set(BY_ID)


def test_it_is_json() -> None:
    assert json.loads(json.dumps(schema())) == schema()


def test_two_declarations_of_one_key_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"declared twice: \['x'\]"):
        united({"x": (int, "", 0)}, {"x": (int, "", 0)})
