"""One meaning of a change: by whatever door it comes, and in whatever order, it makes the same scenario."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import sim
from sim.actions import CATALOGUE
from sim.analysis.alike import loaded_scenario
from sim.errors import InputError
from sim.parameters import MINDSETS
from sim.scenario import Scenario, load, shipped
from sim.scenario.loading import reopened
from sim.scenario.people import POLICIES
from sim.scenario.quantities import drawable, split

NAMES = [name for name in shipped() if name != "template"]
BASES = {name: load(name) for name in NAMES}
Changes = Mapping[str, Any]


def texts(changes: Changes) -> list[str]:
    """The changes as the command line takes them."""
    return [f"{path}={json.dumps(value, default=str)}" for path, value in changes.items()]


def nested(changes: Changes) -> dict[str, Any]:
    """The changes as the keys of a file."""
    content: dict[str, Any] = {}
    for path, value in changes.items():
        *above, last = split(path)
        node = content
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    return content


def as_child(name: str, changes: Changes) -> Scenario:
    return load({"extends": name, **nested(changes)})


def stored(scenario: Scenario) -> Scenario:
    """The scenario as a run's manifest gives it back."""
    return reopened(json.loads(json.dumps(scenario.to_dict())), Path("/nowhere"), scenario.name)


DOORS: dict[str, Callable[[str, Changes], Scenario]] = {
    "load": load,
    "--set": lambda name, changes: load(name, texts(changes)),
    "with_": lambda name, changes: BASES[name].with_(changes),
    "with_ texts": lambda name, changes: BASES[name].with_(texts(changes)),
    "--with": lambda name, changes: loaded_scenario(BASES[name], texts(changes)),
    "a child file": as_child,
    "a run read back": lambda name, changes: stored(BASES[name]).with_(changes),
    "written in full": lambda name, changes: load(BASES[name].to_dict()).with_(changes),
    "written in brief": lambda name, changes: load(BASES[name].to_yaml(defaults=False)).with_(changes),
    "changed, then stored": lambda name, changes: stored(BASES[name].with_(changes)),
    "changed, then written": lambda name, changes: load(BASES[name].with_(changes).to_yaml(defaults=False)),
    "changed in two files": lambda name, changes: load({"extends": name, "title": "x"}, changes),
}


def found(door: str, name: str, changes: Changes) -> str:
    """The hash of what a door gives, or that it refuses."""
    try:
        return DOORS[door](name, changes).hash
    except InputError:
        return "refused"


# What may be changed


def numbers(scenario: Scenario) -> st.SearchStrategy[tuple[str, Any]]:
    known = drawable(group.id for group in scenario.groups)
    free = st.sampled_from([path for path in known if ".lag_" not in path])

    def value_of(path: str) -> st.SearchStrategy[tuple[str, Any]]:
        each = known[path]
        plain = st.integers(int(each.low), int(each.high)) if each.whole else st.floats(each.low, each.high)
        some = st.one_of(plain, st.just({"choice": [each.low, each.high]}))
        return some.map(lambda value: (path, bool(value) if each.unit == "switch" and value in (0, 1) else value))

    return free.flatmap(value_of)


def minds(scenario: Scenario) -> st.SearchStrategy[tuple[str, Any]]:
    shipped_by_kind = {kind: [m.name for m in MINDSETS.values() if m.kind == kind] for kind in ("us", "iran", "iraq")}
    single = [(f"{actor}.mindset", name) for actor, names in shipped_by_kind.items() for name in ("default", *names)]
    mixed = [(f"mindsets.{actor}", {"default": 0.25, names[0]: 0.75}) for actor, names in shipped_by_kind.items()]
    angry = {"define_mindsets.angry": {"actor": "militia", "weight_blood": 1.5, "meaning": "revenge first"}}
    groups = [
        ("mindsets.militias", {"default": 1}),
        *((f"militias.{g.id}.mindset", "default") for g in scenario.groups),
    ]
    return st.sampled_from([*single, *mixed, *groups, *angry.items()])


def policies(scenario: Scenario) -> st.SearchStrategy[tuple[str, Any]]:
    who = st.sampled_from([f"policies.{actor}" for actor in ("militias", *scenario.actors)])
    return st.tuples(who, st.sampled_from(POLICIES))


def dated(scenario: Scenario) -> st.SearchStrategy[tuple[str, Any]]:
    start = scenario.start
    when = st.integers(-9, 9).map(lambda days: (start + timedelta(days=days)).isoformat())
    event = {"act": "mi.salvo", "by": scenario.groups[0].id, "at": "us", "rockets": 4}
    options: list[tuple[str, Any]] = [
        ("events+", [{"date": (start + timedelta(days=12)).isoformat(), **event}]),
        ("events+", [{"day": 5, "act": "us.talk"}]),
        ("events", [{"day": 2, **event}, {"date": start + timedelta(days=12), "act": "us.talk"}]),
        ("events.0.day", 6),
        ("events.0.date", (start + timedelta(days=10)).isoformat()),
        ("calendar.troop_steps+", [{"date": start + timedelta(days=20), "level": 2500}]),
        ("calendar.anniversaries+", [start + timedelta(days=9)]),
        ("militias.another", {"capability": 0.3}),
        ("militias.badr.absent", True),
        ("actions.us.talk.lag", [1, 2, 3]),
        ("us", {"red_line": 4}),
        ("parliament.blocs.fatah.seats", 60),
    ]
    numbers = st.tuples(st.sampled_from(["horizon", "seed"]), st.integers(60, 200))
    return st.one_of(st.tuples(st.just("start"), when), numbers, st.sampled_from(options))


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A shipped scenario, some changes of it, and the same changes in another order."""
    name = draw(st.sampled_from(NAMES))
    base = BASES[name]
    kinds = st.one_of(numbers(base), minds(base), policies(base), dated(base))
    changes = dict(draw(st.lists(kinds, min_size=1, max_size=6)))
    return name, changes, dict(draw(st.permutations(list(changes.items()))))


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from(sorted(DOORS)))
def test_every_door_gives_the_same_scenario_in_any_order(
    case: tuple[str, dict[str, Any], dict[str, Any]], other: str
) -> None:
    name, changes, shuffled = case
    expected = found("load", name, changes)
    assert found("load", name, shuffled) == expected
    assert found(other, name, changes) == expected
    assert found(other, name, shuffled) == expected


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", NAMES)
def test_every_door_of_every_shipped_scenario(name: str, door: str) -> None:
    """Something of everything at once: numbers beside mindsets, rules of all groups and of one, dates, seed."""
    changes = {
        "us.weight_calm": 0.4,
        "us.mindset": "washington-caution",
        "iran.weight_calm": {"uniform": [0.2, 0.6]},
        "policies.militias": "tit_for_tat",
        "policies.badr": "random",
        "militias.another.capability": 0.2,
        "events+": [{"date": BASES[name].start + timedelta(days=30), "act": "us.talk"}],
        "start": BASES[name].start - timedelta(days=3),
        "horizon": 350,
        "seed": 7,
    }
    expected = load(name, changes)
    assert found(door, name, changes) == found(door, name, dict(reversed(changes.items()))) == expected.hash
    assert {expected.policies[who] for who in ("kataib_hezbollah", "another")} == {"tit_for_tat"}
    assert expected.policies["badr"] == "random"


def subjects(path: str, scenario: Scenario) -> set[str]:
    """Of whom or what a change says something: actors, else the section."""
    section, *rest = (str(key) for key in split(path))
    groups = {group.id for group in scenario.groups}
    if section in ("policies", "mindsets"):
        return {*groups, "another"} if rest == ["militias"] else {rest[0]}
    return {rest[0]} if section == "militias" else {section.rstrip("+")}


def is_one_number(path: str) -> bool:
    """Whether a change touches one number alone: neither a mindset, nor a list, nor a whole section."""
    section, *rest = split(path)
    return bool(rest) and rest[-1] not in ("mindset", "absent") and section not in ("policies", "mindsets", "events")


def covers(one: str, other: str, scenario: Scenario) -> bool:
    """Whether two changes say something of the same, so that the later of them counts."""
    shared = subjects(one, scenario) & subjects(other, scenario)
    return bool(shared) and not (is_one_number(one) and is_one_number(other))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_changes_made_one_after_another_are_the_same_unless_one_covers_another(
    case: tuple[str, dict[str, Any], dict[str, Any]],
) -> None:
    name, changes, shuffled = case
    if any(covers(one, other, BASES[name]) for one, other in combinations(changes, 2)):
        return
    try:
        scenario = BASES[name]
        for path, value in shuffled.items():
            scenario = stored(scenario.with_({path: value}))
    except InputError:
        return
    assert scenario.hash == load(name, changes).hash


# Dates


DATED = [
    {"date": "2020-10-10", "act": "mi.salvo", "by": "kataib_hezbollah", "at": "us", "rockets": 4, "us_killed": 2},
    {"day": 20, "act": "us.talk"},
]
ASKED = {"id": "q", "text": "?", "measure": "rockets", "statistic": "total", "comparison": ">=", "threshold": 1}


@pytest.mark.parametrize("start", ["2020-09-18", "2020-10-05"])
def test_what_is_written_with_a_date_keeps_it_when_the_start_moves(start: str) -> None:
    content = {"extends": "baghdad-2020", "events": DATED, "questions": [{**ASKED, "opens": 3, "closes": "2020-11-03"}]}
    by_load, by_with = load(content, {"start": start}), stored(load(content)).with_({"start": start})
    assert by_load.hash == by_with.hash
    for scenario in (by_load, by_with):
        first, second = scenario.events
        assert scenario.start + timedelta(days=first.day) == date(2020, 10, 10)
        assert second.day == 20
        assert (scenario.questions[0].opens, scenario.questions[0].closes) == (3, date(2020, 11, 3))
        assert [event.get("date") for event in scenario.to_dict()["events"]] == ["2020-10-10", None]
        assert scenario.calendar.troop_steps[0] == (date(2020, 9, 30), 3000)


def test_the_strike_of_january_stays_on_its_day() -> None:
    moved = load("january-2020").with_({"start": "2019-12-20"})
    assert [str(moved.start + timedelta(days=event.day)) for event in moved.events][-1] == "2020-01-03"


def test_a_day_takes_the_place_of_a_date_and_a_date_that_of_a_day() -> None:
    base = load({"extends": "baghdad-2020", "events": DATED})
    for first, second in ((base, stored(base)), (stored(base), base)):
        assert first.with_({"events.0.day": 4}).hash == second.with_({"events.0.day": 4}).hash
        assert second.with_({"events.0.day": 4}).to_dict()["events"][0]["day"] == 4
        moved = first.with_({"events.1.date": "2020-11-01"}).with_({"start": "2020-10-01"})
        assert (moved.events[1].day, moved.events[0].day) == (31, 9)
    with pytest.raises(InputError, match="either its day or its date"):
        base.with_({"events.0": {"day": 4, "date": "2020-10-10"}})


def test_who_does_it_follows_the_act_where_the_act_alone_tells() -> None:
    base = load({"extends": "baghdad-2020", "events": [{"day": 2, "act": "us.talk"}]})
    assert stored(base).with_({"events.0.act": "ir.back_channel"}).events[0].by == "iran"
    with pytest.raises(InputError, match=r"us cannot do ir\.back_channel"):
        stored(base.with_({"events.0.by": "us"})).with_({"events.0.act": "ir.back_channel"})


# All groups


@pytest.mark.parametrize("again", [lambda s: s, stored, lambda s: load(s.to_yaml(defaults=False))])
def test_what_is_said_of_all_groups_reaches_every_group(again: Callable[[Scenario], Scenario]) -> None:
    quiet = again(load({"extends": "baghdad-2020", "policies": {"militias": "passive", "badr": "random"}}))
    groups = [group.id for group in quiet.groups]
    loud = again(quiet.with_({"policies.militias": "quantal"}))
    assert {loud.policies[group] for group in groups} == {"quantal"}
    assert again(quiet.with_({"militias.another": {}})).policies["another"] == "passive"
    angry = {"define_mindsets.angry": {"actor": "militia", "weight_blood": 1.5}, "mindsets.militias": {"angry": 1}}
    own = again(quiet.with_({"militias.badr.mindset": "default"}))
    furious = again(own.with_(angry))
    assert all(furious.mindsets[group] == {"angry": 1} for group in groups)
    assert again(furious.with_({"militias.another": {}})).mindsets["another"] == {"angry": 1}


SWEPT: dict[str, list[Any]] = {
    "policies.militias": ["passive", "quantal"],
    "policies.badr": ["passive", "random"],
    "us.mindset": ["washington-caution", "default"],
    "mindsets.us": [{"default": 1}, {"default": 0.5, "washington-caution": 0.5}],
    "mindsets.militias": [{"default": 1}, {"angry": 0.5, "default": 0.5}],
    "us.weight_calm": [0.1, 0.9],
    "start": ["2020-09-18", "2020-09-28"],
    "horizon": [70, 90],
    "seed": [1, 2],
    "militias.badr.absent": [True, False],
    "events.0.day": [3, 9],
}


@pytest.mark.parametrize("path", SWEPT)
def test_a_point_of_a_sweep_is_the_changed_scenario(path: str) -> None:
    content = {
        "extends": "baghdad-2020",
        "policies": {"militias": "passive", "badr": "random"},
        "define_mindsets": {"angry": {"actor": "militia", "weight_blood": 1.5}},
        "us": {"weight_calm": 0.3},
        "events": DATED,
        "horizon": 60,
    }
    scenario = load(content)
    swept = sim.sweep(scenario, {path: SWEPT[path]}, 2)
    for point, value in enumerate(SWEPT[path]):
        changed = load(content, {path: value})
        assert swept.run(point).scenario.hash == changed.hash == scenario.with_({path: value}).hash
        assert swept.run(point).outcomes.equals(sim.run(changed, 2).outcomes)


# Numbers beside mindsets


def test_numbers_stated_beside_mixed_mindsets_stand_by_every_door(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baghdad-2020\nus: {weight_calm: 0, weight_hurt: 2}\n")
    mine = load(file)
    assert mine.pinned == {"us.weight_calm", "us.weight_hurt"}
    for again in (stored(mine), mine.with_({}), load(mine.to_yaml()), mine.with_({"iran.mindset": "default"})):
        assert mine.pinned <= again.pinned | {"iran.weight_calm"}
    assert {path for path in stored(mine).pinned if path.startswith("us.")} == mine.pinned
    assert not {path for path in mine.with_({"us.mindset": "washington-caution"}).pinned if path.startswith("us.")}


def test_a_scenario_carries_its_posterior_draws(tmp_path: Path) -> None:
    """The file may be replaced or gone: the scenario in hand keeps the draws that it was loaded with."""
    from sim.scenario.posterior import save

    file = tmp_path / "draws.parquet"
    file.write_bytes((shipped()["baghdad-2020"].parent / "posterior-2020-09-28.parquet").read_bytes())
    (tmp_path / "mine.yaml").write_text("extends: baghdad-2020\nparameters: draws.parquet\n")
    mine = load(tmp_path / "mine.yaml")
    assert mine.posterior is not None
    kept = tmp_path / "kept"
    kept.mkdir()
    save(mine.posterior, kept / "copy.parquet")
    file.unlink()
    changed = mine.with_({"us.red_line": 2, "militias.badr.absent": True})
    assert changed.posterior == mine.posterior
    assert changed.with_({"us.red_line": 1}).values["us.red_line"] == 1
    content = {**mine.to_dict(), "parameters": "copy.parquet"}
    assert reopened(content, kept, "mine").hash == mine.hash
    with pytest.raises(InputError, match=r"nowhere.*copy\.parquet' cannot be read"):
        reopened(content, tmp_path / "nowhere", "mine")


def test_a_run_folder_read_back_is_the_scenario_that_was_run(tmp_path: Path) -> None:
    changes = {"policies.militias": "passive", "start": "2020-09-18", "us.weight_calm": 0.1}
    scenario = load({"extends": "baghdad-2020", "events": DATED, "horizon": 40}, changes)
    sim.run(scenario, 2).save(tmp_path / "run")
    more = {"policies.militias": "quantal", "start": "2020-09-28"}
    for again in (loaded_scenario(str(tmp_path / "run")), load(tmp_path / "run" / "scenario.yaml")):
        assert again.hash == scenario.hash
        assert again.with_(more).hash == scenario.with_(more).hash
    assert loaded_scenario(str(tmp_path / "run"), texts(more)).hash == scenario.with_(more).hash


def test_every_act_can_be_written_and_read_again() -> None:
    """Nothing of an event is lost on the way."""
    for action in CATALOGUE:
        kind = action.owner.name.lower()
        event = {"day": 3, "act": action.id, **({"by": "badr"} if kind == "militia" else {})}
        try:
            scenario = load("baghdad-2020", {"events+": [event]})
        except InputError:
            continue
        assert stored(scenario).events == scenario.events


def test_the_texts_of_the_tests_are_what_the_command_line_reads() -> None:
    assert YAML(typ="safe").load(texts({"a": {"choice": [1, 2]}})[0].partition("=")[2]) == {"choice": [1, 2]}
