"""A scenario is complete, immutable in use, equal by content, and survives being written and read again."""

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from sim.actions import CATALOGUE
from sim.errors import InputError
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.quantity import Quantity
from sim.scenario import Distribution, Scenario, load, paths
from sim.scenario.quantities import drawable

BASELINE = load("baghdad-2020")
ASKED = {
    "id": "calm",
    "text": "Calm from {end} on?",
    "measure": "rockets",
    "statistic": "peak",
    "comparison": "<",
    "threshold": 2.5,
    "opens": 30,
    "closes": "2020-11-03",
    "window_days": 7,
    "after": "arrests",
    "after_from": 1,
    "after_to": 4,
}
KNOWN = drawable(group.id for group in BASELINE.groups)


def changes_of(path: str, share: float, kind: str) -> Any:
    """A value that a quantity allows, as a number or a distribution."""
    quantity = KNOWN[path]
    value = quantity.low + share * (quantity.high - quantity.low)
    value = round(value) if quantity.whole else value
    return {"choice": {quantity.low: 0.5, value: 0.5}} if kind == "choice" and value != quantity.low else value


FREE = sorted(path for path in KNOWN if ".lag_" not in path)
CHANGES = st.dictionaries(st.sampled_from(FREE), st.tuples(st.floats(0, 1), st.sampled_from(["number", "choice"])))


@given(CHANGES)
def test_whatever_is_changed_is_written_and_read_again(changes: dict[str, tuple[float, str]]) -> None:
    scenario = BASELINE.with_({path: changes_of(path, *how) for path, how in changes.items()})
    for path, how in changes.items():
        expected = changes_of(path, *how)
        found = scenario.values[path]
        assert isinstance(found, Distribution) if isinstance(expected, dict) else found == expected
    assert load(scenario.to_yaml(defaults=False)) == scenario
    for defaults in (True, False):
        assert load(json.loads(json.dumps(scenario.to_dict(defaults=defaults)))) == scenario


def test_the_complete_text_holds_every_number_and_is_read_again() -> None:
    text = BASELINE.to_yaml()
    assert "closure_days: 90" in text
    assert load(text) == BASELINE


def test_every_declared_number_has_a_value() -> None:
    kinds = {"us", "iran", "iraq", "sadr", "coalition", "militia"}
    own = sum(
        len(each.defaults) + ("militia" in each.defaults) * (len(BASELINE.groups) - 1) for each in ACTOR_PARAMETERS
    )
    actions = [path for path in BASELINE.values if path.startswith("actions.")]
    assert {kind for each in ACTOR_PARAMETERS for kind in each.defaults} == kinds
    assert len(BASELINE.values) == len(PARAMETERS) + own + len(actions)
    assert len(actions) >= 15 * len(CATALOGUE)
    assert all(isinstance(value, float) for value in BASELINE.values.values())


def test_paths_are_everything_that_can_be_set() -> None:
    known = paths(BASELINE.with_({"events+": [{"day": 1, "act": "us.talk"}]}))
    assert set(BASELINE.values) < set(known)
    for path in ("events.0.day", "parliament.blocs.fatah.seats", "us.red_line", "militias.badr.capability"):
        assert isinstance(known[path], Quantity)
        assert known[path].path == path


def test_two_scenarios_are_equal_by_content_not_by_name() -> None:
    twin = load(BASELINE.to_dict())
    assert twin == BASELINE
    assert hash(twin) == hash(BASELINE)
    assert twin.name != BASELINE.name
    assert twin != BASELINE.with_({"us.red_line": 2})
    assert twin != "baghdad-2020"


def test_words_change_equality_but_not_the_hash_of_what_a_run_depends_on() -> None:
    retold = BASELINE.with_({"story": "Another story."})
    assert retold != BASELINE
    assert retold.hash == BASELINE.hash


@pytest.mark.parametrize(
    "change",
    [
        {"us.red_line": 2},
        {"seed": 1},
        {"horizon": 60},
        {"start": date(2020, 9, 29)},
        {"us.mindset": "washington-caution"},
        {"policies.sadr": "passive"},
        {"events+": [{"day": 1, "act": "us.talk"}]},
        {"calendar.election": None, "calendar.inauguration": None},
        {"parliament.blocs.fatah.position": 0.2},
        {"actions.us.strike_limited.enabled": False},
        {"militias.badr.name": "Badr"},
        {"questions+": [ASKED]},
        {"design": {"vary": {"us.red_line": [1, 2]}}},
        {"define_mindsets": {"mine": {"actor": "us", "weight_safe": 1}}},
    ],
)
def test_any_change_of_substance_changes_the_hash(change: dict[str, Any]) -> None:
    changed = BASELINE.with_(change)
    assert changed.hash != BASELINE.hash
    assert changed.name == BASELINE.name
    assert load(changed.to_yaml(defaults=False)) == changed


def test_the_order_of_groups_matters_as_it_is_the_order_of_rows() -> None:
    content = BASELINE.to_dict()
    content["militias"] = dict(reversed(content["militias"].items()))
    assert load(content) != BASELINE


def test_with_leaves_the_original_alone() -> None:
    before = BASELINE.hash
    changed = BASELINE.with_({"us": {"red_line": 3}, "militias": {"badr": {"capability": 0.1}}})
    assert (changed.values["us.red_line"], BASELINE.values["us.red_line"]) == (3, 1)
    assert load("baghdad-2020").hash == BASELINE.hash == before


def test_with_refuses_what_the_command_line_refuses() -> None:
    with pytest.raises(InputError, match=r"override us\.red_lin: unknown key 'red_lin' in us"):
        BASELINE.with_({"us.red_lin": 3})


def test_it_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(BASELINE)) == BASELINE


def test_it_shows_itself_shortly() -> None:
    assert repr(BASELINE).startswith("<Scenario baghdad-2020: Baghdad, 28 September 2020")
    assert len(repr(BASELINE)) < 200
    shown = BASELINE.with_({"title": "a <b> c"})._repr_html_()
    assert "a &lt;b&gt; c" in shown
    assert "Kataib Hezbollah" in shown


def test_a_mindset_of_ones_own_can_be_held() -> None:
    scenario = BASELINE.with_(
        {
            "define_mindsets": {"mine": {"actor": "militia", "weight_blood": 1.5, "meaning": "revenge first"}},
            "mindsets": {"militias": {"mine": 1}, "badr": {"default": 1}},
        }
    )
    assert scenario.mindsets["kataib_hezbollah"] == {"mine": 1.0}
    assert scenario.mindsets["badr"] == {"default": 1.0}
    assert scenario.defined["mine"].meaning == "revenge first"


# Posterior


@pytest.fixture
def posterior(tmp_path: Path) -> Path:
    path = tmp_path / "posterior.parquet"
    columns = {
        "us.weight_safe": np.linspace(0.5, 1.5, 11),
        "militias.badr.capability": np.linspace(0.1, 0.9, 11),
        "actions.us.strike_limited.cost": np.linspace(0.2, 0.4, 11),
        "_distance": np.arange(11),
    }
    parquet.write_table(pa.table(columns), path)
    return path


def variant(posterior: Path, text: str) -> Scenario:
    path = posterior.with_name("variant.yaml")
    path.write_text(f"extends: baghdad-2020\nparameters: posterior.parquet\n{text}")
    return load(path)


def test_a_posterior_stands_for_its_quantities(posterior: Path) -> None:
    scenario = variant(posterior, "")
    assert scenario.posterior is not None
    assert scenario.posterior.draws == 11
    value = scenario.values["militias.badr.capability"]
    assert isinstance(value, Distribution)
    assert value.column == "militias.badr.capability"
    assert "_distance" not in scenario.posterior.columns


def test_a_number_beside_or_above_a_posterior_stands(posterior: Path) -> None:
    assert variant(posterior, "us: {weight_safe: 1.0}\n").values["us.weight_safe"] == 1.0
    assert variant(posterior, "").with_({"us.weight_safe": 1.0}).values["us.weight_safe"] == 1.0


def test_a_posterior_above_a_number_replaces_it(posterior: Path) -> None:
    scenario = BASELINE.with_({"us.weight_safe": 1.2}).with_({"parameters": str(posterior)})
    assert isinstance(scenario.values["us.weight_safe"], Distribution)


def test_a_scenario_with_a_posterior_is_written_and_read_again(posterior: Path) -> None:
    scenario = variant(posterior, "us: {weight_safe: 1.0}\n")
    assert load(scenario.to_yaml()) == scenario
    assert load(scenario.to_yaml(defaults=False)) == scenario


def test_the_hash_follows_the_draws_not_the_name_of_the_file(posterior: Path, tmp_path: Path) -> None:
    first = BASELINE.with_({"parameters": str(posterior)})
    table = parquet.read_table(posterior)
    parquet.write_table(table, tmp_path / "copy.parquet")
    parquet.write_table(table.slice(1), tmp_path / "shorter.parquet")
    assert BASELINE.with_({"parameters": str(tmp_path / "copy.parquet")}).hash == first.hash
    assert BASELINE.with_({"parameters": str(tmp_path / "shorter.parquet")}).hash != first.hash


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"us.weight_saf": [1.0]}, "did you mean 'us.weight_safe'"),
        ({"us.weight_safe": [1.0, float("nan")]}, "leaves the allowed range"),
        ({"us.weight_safe": [1.0, 9.0]}, "leaves the allowed range 0..2 red lines"),
        ({"us.weight_safe": ["a"]}, "does not hold numbers"),
        ({"us.weight_safe": []}, "holds no draws"),
        ({"_note": [1.0]}, "holds no draws"),
        ({"militias.nobody.capability": [0.5]}, "unknown path 'militias.nobody.capability'"),
    ],
)
def test_a_posterior_that_does_not_fit_is_refused(tmp_path: Path, columns: dict[str, list], says: str) -> None:
    path = tmp_path / "wrong.parquet"
    parquet.write_table(pa.table(columns), path)
    with pytest.raises(InputError) as caught:
        BASELINE.with_({"parameters": str(path)})
    assert says in str(caught.value)
