"""What authors ask for: check, list, new, the tables; and that the template teaches only what is true."""

import re
from pathlib import Path

import pytest

from sim.actions import CATALOGUE
from sim.errors import InputError
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.scenario import authoring, load, reference, shipped


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_valid_and_has_story_and_sources(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert len(scenario.story) > 60
    assert scenario.sources
    assert authoring.check(name).startswith(f"{name} is a valid scenario: {scenario.title}")


def test_the_baseline_leaves_out_what_equals_the_defaults() -> None:
    written = shipped()["baghdad-2020"].read_text(encoding="utf-8")
    stated = load("baghdad-2020").to_dict(defaults=False)["militias"]
    for group, keys in stated.items():
        section = written.partition(f"  {group}:\n")[2].partition("\n  ")[0]
        for name in re.findall(r"^    (\w+):", section, re.MULTILINE):
            assert name in keys, f"{group}.{name} equals the default"


def test_check_tells_what_is_changed_drawn_mixed_and_idle() -> None:
    patient = load("baghdad-2020", {"iran.weight_calm": 0.2}).with_({"iran.mindset": "tehran-strategic-patience"})
    assert "iran.weight_calm counts in no world: the mindset tehran-strategic-patience" in authoring.describe(patient)
    kept = patient.with_({"iran.weight_calm": 0.2})
    assert "counts in no world" not in authoring.describe(kept)
    scenario = load(
        {
            "extends": "baghdad-2020",
            "define_mindsets": {"mine": {"actor": "sadr", "weight_calm": 1}},
            "sadr": {"weight_calm": 0.5, "mindset": "mine"},
            "us": {"red_line": {"choice": [1, 2]}},
            "policies": {"iran": "passive"},
        }
    )
    text = authoring.describe(scenario)
    assert "drawn per world: us.red_line" in text
    assert "mindsets of sadr: mine 1" in text
    assert "policy of iran: passive" in text


def test_new_writes_a_file_that_checks(tmp_path: Path) -> None:
    path = authoring.new("my-crisis", tmp_path, "baghdad-2020")
    assert path == tmp_path / "my-crisis.yaml"
    assert load(path).title == "My crisis"
    assert "# us:" in path.read_text(encoding="utf-8")


def test_new_can_extend_a_file_in_the_same_folder(tmp_path: Path) -> None:
    first = authoring.new("first", tmp_path)
    second = authoring.new("second", tmp_path, "first.yaml")
    assert "extends: ./first.yaml\n" in second.read_text(encoding="utf-8")
    first.write_text(first.read_text(encoding="utf-8") + "us: {red_line: 4}\n", encoding="utf-8")
    assert load(second).values["us.red_line"] == 4


def test_new_never_overwrites(tmp_path: Path) -> None:
    path = authoring.new("mine", tmp_path)
    path.write_text("precious")
    with pytest.raises(InputError, match="there is such a file already"):
        authoring.new("mine", tmp_path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("name", ["", "../up", "a/b", "Capital", "baghdad-2020", "x" * 80, "a b", ".hidden"])
def test_new_refuses_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        authoring.new(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_new_says_what_is_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        authoring.new("mine", tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"unknown scenario 'baghdad-2002'; did you mean 'baghdad-2020'\?"):
        authoring.new("mine", tmp_path, "baghdad-2002")


def test_everything_the_template_shows_in_comments_can_be_written() -> None:
    """Take away each # that hides a key or an item of a list; the posterior file alone does not exist."""
    template = shipped()["template"].read_text(encoding="utf-8").partition("# parameters:")[0]
    shown = re.sub(r"^( *)# ( *(?:- \{|[\w.+-]+:(?= |$)))", r"\1\2", template, flags=re.MULTILINE)
    assert shown.count("#") < template.count("#") - 30
    scenario = load(shown)
    assert "badr" not in scenario.actors
    assert scenario.policies["kataib_hezbollah"] == "tit_for_tat"
    assert scenario.groups[-1].name == "My Group"
    assert scenario.values["embassy.closure_days"] == 60
    assert len(scenario.events) == 2
    assert scenario.design is not None


def test_the_listing_gives_titles_and_first_sentences() -> None:
    rows = {row.name: row for row in authoring.listing()}
    assert set(rows) == set(shipped())
    for row in rows.values():
        assert row.title
        assert row.story.endswith((".", "?", "!"))
        assert "\n" not in row.story
    assert rows["baghdad-2020"].story.startswith("Washington has warned Baghdad")


def test_the_parameter_table_holds_every_quantity_once() -> None:
    rows = authoring.parameter_table()
    paths = [row.path for row in rows]
    assert len(set(paths)) == len(paths) == len(PARAMETERS) + sum(len(each.defaults) for each in ACTOR_PARAMETERS)
    assert "militias.<id>.iran_control" in paths
    closure = next(row for row in rows if row.path == "embassy.closure_days")
    assert (closure.default, closure.unit, closure.range) == (90, "days", "1..365")
    assert all(row.meaning and row.source for row in rows)


def test_the_action_table_is_the_catalogue() -> None:
    rows = authoring.action_table()
    assert [row.id for row in rows] == [action.id for action in CATALOGUE]
    salvo = next(row for row in rows if row.id == "mi.salvo")
    assert (salvo.rung, salvo.kind, salvo.facade, salvo.effects["hurt"]) == (7, "attack", True, 0.25)


def test_the_tables_as_text_name_everything_they_hold() -> None:
    text = reference.to_text(authoring.action_table())
    for action in CATALOGUE:
        assert f"{action.id}: {action.title}" in text
    text = reference.to_text(authoring.parameter_table())
    assert "embassy.closure_days = 90 days  (allowed: 1..365)" in text
    assert max(map(len, text.splitlines())) <= 110
