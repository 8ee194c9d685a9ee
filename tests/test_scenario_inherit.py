"""Inheritance and overrides: what merges, what is replaced, what is appended, what is left out."""

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sim.errors import InputError
from sim.scenario import load

BASE = """
title: Base
sources: [one]
militias:
  badr: {name: Badr, iran_control: 0.5, capability: 0.4}
  kss: {facades: [a, b]}
us: {red_line: 2, weight_safe: {uniform: [0.5, 1.0]}}
actions: {us.strike_limited: {cost: 0.3, effects: {hurt: 0.2, calm: -0.2}}}
events: [{day: 3, act: us.talk}, {day: 5, act: us.hold}]
mindsets: {us: {washington-caution: 0.5, default: 0.5}}
policies: {militias: passive, badr: random}
calendar: {election: 2020-11-03, anniversaries: [2021-01-03]}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.yaml"
    path.write_text(BASE)
    return path


def child(base: Path, text: str, name: str = "child") -> Path:
    path = base.parent / f"{name}.yaml"
    path.write_text(f"extends: ./base.yaml\n{text}")
    return path


def test_what_a_variant_does_not_say_stays(base: Path) -> None:
    scenario = load(child(base, "title: Child\n"))
    assert scenario.title == "Child"
    assert scenario.name == "child"
    assert scenario.with_({"title": "Base"}) == load(base)


def test_groups_merge_number_by_number(base: Path) -> None:
    scenario = load(child(base, "militias: {badr: {capability: 0.1}, new_group: {}}\n"))
    assert [group.id for group in scenario.groups] == ["badr", "kss", "new_group"]
    assert scenario.values["militias.badr.capability"] == 0.1
    assert scenario.values["militias.badr.iran_control"] == 0.5
    assert scenario.groups[2].name == "New Group"


def test_an_absent_group_is_gone_with_what_was_said_of_it_alone(base: Path) -> None:
    scenario = load(child(base, "militias: {badr: {absent: true}}\n"))
    assert scenario.actors == ("us", "iran", "iraq", "sadr", "coalition", "kss")
    assert "badr" not in scenario.policies


@pytest.mark.parametrize(
    "text",
    [
        "militias: {badr: {capability: 0.2}}",
        "militias: {badr: {absent: false}}",
        "militias: {badr: {}}",
        "militias: {badr: {mindset: default}}",
        "policies: {badr: random}",
    ],
)
def test_no_group_comes_back_with_default_numbers(base: Path, text: str) -> None:
    left = load(child(base, "militias: {badr: {absent: true}}\n", "middle"))
    grandchild = base.parent / "grandchild.yaml"
    grandchild.write_text(f"extends: ./middle.yaml\n{text}\n")
    with pytest.raises(InputError, match=r"grandchild.yaml:2: .* is left out \(at .*middle.yaml:2\)"):
        load(grandchild)
    change = YAML(typ="safe").load(text)
    for again in (left, load(left.to_dict()), load(left.to_yaml(defaults=False))):
        with pytest.raises(InputError, match=r"badr.* is left out"):
            again.with_(change)


def test_a_group_cannot_be_left_out_and_changed_at_once(base: Path) -> None:
    both = ["militias.badr.absent=true", "militias.badr.capability=0.2"]
    for changes in (both, both[::-1]):
        with pytest.raises(InputError, match=r"militias\.badr\.capability is said of a group that is left out"):
            load(base, changes)
    with pytest.raises(
        InputError, match=r"militias.bard is said to be there already, but is not; did you mean 'badr'\?"
    ):
        load(base, ["militias.bard.absent=false"])


def test_a_distribution_is_replaced_whole(base: Path) -> None:
    scenario = load(child(base, "us: {weight_safe: {normal: [1.0, 0.1]}}\n"))
    assert scenario.values["us.weight_safe"].kind == "normal"
    assert load(child(base, "us: {weight_safe: 0.7}\n")).values["us.weight_safe"] == 0.7


def test_mixtures_of_mindsets_are_replaced_whole(base: Path) -> None:
    scenario = load(child(base, "mindsets: {us: {washington-extract: 1.0}}\n"))
    assert scenario.mindsets["us"] == {"washington-extract": 1.0}
    assert load(child(base, "us: {mindset: default}\n")).mindsets["us"] == {"default": 1.0}


def test_lists_are_replaced_unless_appended(base: Path) -> None:
    assert [event.day for event in load(child(base, "events: [{day: 9, act: us.talk}]\n")).events] == [9]
    assert [event.day for event in load(child(base, "events+: [{day: 9, act: us.talk}]\n")).events] == [3, 5, 9]
    assert load(child(base, "sources+: [two]\n")).sources == ("one", "two")


def test_an_effect_merges_and_a_lag_is_replaced(base: Path) -> None:
    values = load(child(base, "actions: {us.strike_limited: {effects: {hurt: 0.9}, lag: [0, 1, 2]}}\n")).values
    assert values["actions.us.strike_limited.effects.hurt"] == 0.9
    assert values["actions.us.strike_limited.effects.calm"] == -0.2
    assert [values[f"actions.us.strike_limited.lag_{end}"] for end in ("low", "mode", "high")] == [0, 1, 2]


def test_a_date_can_be_taken_back(base: Path) -> None:
    calendar = load(child(base, "calendar: {election: null}\n")).calendar
    assert calendar.election is None
    assert len(calendar.anniversaries) == 1


def test_a_section_left_blank_changes_nothing(base: Path) -> None:
    assert load(child(base, "title: Base\nus:\nmilitias:\n  badr:\n")) == load(base)


def test_any_section_may_be_left_blank() -> None:
    blank = (
        "us:\nmindsets:\nevents:\ncalendar:\n  seasons:\n  anniversaries:\nparliament:\n  blocs:\ndesign:\nsources:\n"
    )
    assert load(f"militias:\n  badr:\n{blank}") == load({"militias": {"badr": {}}})


def test_policies_of_all_groups_yield_to_a_groups_own(base: Path) -> None:
    policies = load(base).policies
    assert (policies["badr"], policies["kss"], policies["us"]) == ("random", "passive", "quantal")


def test_errors_point_into_the_file_that_is_wrong(base: Path) -> None:
    base.write_text(BASE.replace("capability: 0.4", "capability: 40"))
    with pytest.raises(InputError, match=r"base\.yaml:5: militias\.badr\.capability = 40 is out of range"):
        load(child(base, "title: Child\n"))


OUTSIDE = ["../base.yaml", "./link.yaml", "./loop.yaml", "..\\base.yaml", "a/../../base.yaml", "/etc/hostname.yaml"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_extends_may_not_leave_the_folder(base: Path, name: str) -> None:
    inner = base.parent / "inner"
    inner.mkdir()
    (inner / "link.yaml").symlink_to(base)
    (inner / "loop.yaml").symlink_to(inner / "loop.yaml")
    (inner / "child.yaml").write_text(f"extends: '{name}'\n")
    # From Python 3.13 on a link to itself resolves, to a file that is not there.
    said = "lies outside the folder of the scenario" + ("|there is no such file" if "loop" in name else "")
    with pytest.raises(InputError, match=said):
        load(inner / "child.yaml")


def test_a_folder_below_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "deep.yaml").write_text(BASE)
    (tmp_path / "top.yaml").write_text("extends: below/deep.yaml\n")
    assert load(tmp_path / "top.yaml").title == "Base"


# Overrides


def test_overrides_lie_on_top_in_order(base: Path) -> None:
    scenario = load(base, ["us.red_line=3", "us.red_line=4", "horizon=30"])
    assert scenario.values["us.red_line"] == 4
    assert scenario.horizon == 30


def test_overrides_as_a_mapping_take_sections_and_values(base: Path) -> None:
    scenario = load(base, {"us": {"red_line": 5}, "militias.badr.capability": 0.9})
    assert scenario.values["us.red_line"] == 5
    assert scenario.values["us.weight_safe"].kind == "uniform"
    assert scenario.values["militias.badr.capability"] == 0.9


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("actions.us.strike_limited.cost=0.9", "actions.us.strike_limited.cost", 0.9),
        ("actions.us.strike_limited.effects.hurt=0.9", "actions.us.strike_limited.effects.hurt", 0.9),
        ("actions.us.strike_limited.enabled=false", "actions.us.strike_limited.enabled", 0),
        ("us.preempts=true", "us.preempts", 1),
        ("embassy.closure_days=45", "embassy.closure_days", 45),
    ],
)
def test_every_kind_of_path_can_be_overridden(base: Path, override: str, path: str, value: float) -> None:
    assert load(base, [override]).values[path] == value


def test_an_item_of_a_list_can_be_overridden_by_position(base: Path) -> None:
    assert load(base, ["events.1.day=7"]).events[1].day == 7
    with pytest.raises(InputError, match=r"--set events\.2\.day=7: events\.2: there are 2 items"):
        load(base, ["events.2.day=7"])


def test_a_mindset_can_be_overridden_by_name(base: Path) -> None:
    assert load(base, ["us.mindset=washington-extract"]).mindsets["us"] == {"washington-extract": 1.0}
    assert load(base, ["militias.kss.mindset=default"]).mindsets["kss"] == {"default": 1.0}


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("us.red_lin=2", r"--set us\.red_lin=2: unknown key 'red_lin' in us; did you mean 'red_line'\?"),
        ("us.red_line=99", r"--set us\.red_line=99: us\.red_line = 99 is out of range"),
        ("us.red_line", r"--set us\.red_line: an override is written path=value"),
        ("us.red_line=[1", r"--set us\.red_line=\[1.*not valid YAML"),
        ("us.red_line=", r"us\.red_line must be a number in 1\.\.20 deaths, not nothing"),
        ("us..red_line=1", r"'us\.\.red_line' is not a path"),
        ("=1", r"'' is not a path"),
        ("title.x=1", r"title must be text"),
        ("extends=base", r"extends cannot be overridden"),
        ("nonsense=1", r"unknown key 'nonsense' in a scenario"),
        ("us.weight_safe={uniform: [1, 9]}", r"weight_safe = 9 is out of range"),
        ("militias.badr=!!python/name:os.system", r"the tag .* is not allowed"),
    ],
)
def test_a_wrong_override_names_itself(base: Path, override: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        load(base, [override])


def test_a_number_stands_that_is_stated_with_the_mindset_or_later(base: Path) -> None:
    """Whatever the order of the overrides, and until a mindset is chosen anew."""
    both = ["us.weight_safe=2", "us.mindset=washington-extract"]
    assert load(base, both).pinned == load(base, both[::-1]).pinned == {"us.weight_safe"}
    assert load(base).pinned == {"us.red_line", "us.weight_safe"}
    assert load(child(base, "us: {mindset: washington-extract}\n")).pinned == set()
    assert load(child(base, "us: {mindset: washington-extract, red_line: 3}\n")).pinned == {"us.red_line"}
    assert load(child(base, "us: {red_line: 3}\n")).pinned == {"us.red_line", "us.weight_safe"}


def test_only_numbers_of_actors_can_be_pinned(base: Path) -> None:
    with pytest.raises(InputError, match=r"pinned: unknown path 'us\.weight_saf'; did you mean 'us\.weight_safe'\?"):
        load(child(base, "pinned: [us.weight_saf]\n"))
    for text in ("us.weight_safe", "[5]", "{us: 1}"):
        with pytest.raises(InputError, match="pinned must be a list of paths"):
            load(child(base, f"pinned: {text}\nmilitias: {{badr: {{absent: true}}}}\n"))
    with pytest.raises(InputError, match=r"pinned\+ appends to a list that is made anew"):
        load(child(base, "pinned+: [us.weight_safe]\n"))


# Sources


def test_unknown_names_and_missing_files_say_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"unknown scenario 'bagdad-2020'; did you mean 'baghdad-2020'\?"):
        load("bagdad-2020")
    with pytest.raises(InputError, match="no such scenario file"):
        load(tmp_path / "nowhere.yaml")
    with pytest.raises(InputError, match=r"is a folder, not a scenario file$"):
        load(tmp_path)
    (tmp_path / "scenario.yaml").touch()
    with pytest.raises(InputError, match=r"is a folder, not a scenario file; did you mean '.*scenario.yaml'\?"):
        load(tmp_path)
    monkeypatch.chdir(tmp_path.parent)
    with pytest.raises(InputError, match="is a folder"):
        load(tmp_path.name)
    with pytest.raises(InputError, match="a scenario is a name, a path or a mapping, not int"):
        load(5)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "nul\0.yaml", "", "."])
def test_names_that_no_file_can_have_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        load(name)


def test_a_file_that_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is not a regular file"):
        load(pipe)


def test_a_mapping_and_its_yaml_are_the_same_scenario() -> None:
    mapping = {"title": "Small", "militias": {"badr": {"capability": 0.3}}, "events": [{"day": 1, "act": "us.talk"}]}
    text = "title: Small\nmilitias: {badr: {capability: 0.3}}\nevents: [{day: 1, act: us.talk}]\n"
    assert load(mapping) == load(text)


def test_a_mapping_is_checked_like_a_file() -> None:
    with pytest.raises(InputError, match=r"scenario mapping: us\.red_line must be a number"):
        load({"militias": {"badr": {}}, "us": {"red_line": "two"}})
    for strange in (object(), {()}, b"x", "\ud800", "\x1b[2J", float("nan"), 10**400, {(): 1}, {None: 1}):
        with pytest.raises(InputError, match="scenario mapping: "):
            load({"militias": {"badr": {}}, "questions": [{"id": "q", "text": strange}]})
    nested: dict = {}
    nested["us"] = nested
    with pytest.raises(InputError, match="nested deeper"):
        load(nested)


@pytest.mark.parametrize("name", ["kataib_hezbollah_2", "kataib_hezbollah_north", "usbat_al_thaireen", "saraya_7"])
def test_a_new_group_may_be_called_after_another(name: str) -> None:
    assert load("baghdad-2020", {"militias": {name: {"capability": 0.3}}}).groups[-1].id == name


def test_groups_may_differ_by_a_digit() -> None:
    base = {"militias": {"group_1": {}, "group_2": {}}}
    assert [group.id for group in load(base, {"militias": {"group_11": {}}}).groups] == [
        "group_1",
        "group_2",
        "group_11",
    ]
