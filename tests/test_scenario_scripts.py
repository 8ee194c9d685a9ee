"""Scripted events: whom they can be aimed at, which numbers count, and which can never happen; all faults at once."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
import sim.cli
from sim.actions import CATALOGUE, Action
from sim.errors import InputError
from sim.results.scripted import unmet
from sim.scenario import Scenario, load, paths
from sim.scenario.authoring import check
from sim.scenario.quantities import STATES
from sim.scenario.scripts import NEEDS_TARGET, counts_of, targets_of

GROUPS = tuple(group.id for group in load("baghdad-2020").groups)
ACTORS = (*STATES, *GROUPS)
COUNTS = tuple(sorted({name for action in CATALOGUE for name in counts_of(action.id)}))
CALM = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")


def event(action: Action, **keys: Any) -> dict[str, Any]:
    """An event with an act that is aimed at somebody where it has to be."""
    kind = action.owner.name.lower()
    by = kind if kind in STATES else GROUPS[0]
    at = {"at": targets_of(action.id, by, GROUPS)[0]} if action.id in NEEDS_TARGET else {}
    return {"day": 3, "act": action.id, "by": by, **at, **keys}


def scripted(*events: dict[str, Any], **changes: Any) -> Scenario:
    return load("baghdad-2020", {"events": list(events), **changes})


@pytest.mark.parametrize("action", CATALOGUE, ids=lambda action: action.id)
def test_each_act_takes_the_targets_and_numbers_that_count_for_it_and_no_other(action: Action) -> None:
    plain = event(action)
    allowed = targets_of(action.id, plain["by"], GROUPS)
    for at in ACTORS:
        if at in allowed:
            assert scripted({**plain, "at": at}).events[0].at == at
        else:
            with pytest.raises(
                InputError, match=rf"{action.id} of .* cannot be aimed at {at}; (allowed: |it is aimed)"
            ):
                scripted({**plain, "at": at})
    for name in COUNTS:
        if name in counts_of(action.id):
            assert getattr(scripted({**plain, name: 2}).events[0], name) == 2
        else:
            with pytest.raises(
                InputError, match=f"{name} has no effect in an event with {action.id}; (allowed|it takes)"
            ):
                scripted({**plain, name: 2})
    if action.id in NEEDS_TARGET:
        del plain["at"]
        with pytest.raises(InputError, match=rf"an event with {action.id} needs `at`: at whom; one of .*badr"):
            scripted(plain)


@given(st.sampled_from(CATALOGUE), st.data())
def test_what_is_aimed_stays_aimed_there(action: Action, data: st.DataObject) -> None:
    """The event of the trace has the target that was written, whatever the act."""
    plain = event(action)
    targets = targets_of(action.id, plain["by"], GROUPS)
    if not targets or action.id in ("us.pause_closure", "us.reverse_closure"):
        return
    at = data.draw(st.sampled_from(targets))
    events = sim.run(scripted({**plain, "at": at}, policies=CALM, horizon=5), 2, depth="trace").events
    assert set(events[events.scripted & (events.act == action.id) & (events.actor == plain["by"])].target) == {at}


def test_only_numbers_that_count_can_be_swept() -> None:
    known = paths(scripted({"day": 1, "act": "us.talk"}, {"day": 1, "act": "mi.salvo", "by": "badr"}))
    assert "events.0.day" in known
    assert "events.0.rockets" not in known
    assert "events.1.rockets" in known


NEVER: dict[str, tuple[dict[str, Any], str]] = {
    "pause before a decision can be made": ({"events": [{"day": 4, "act": "us.pause_closure"}]}, "no closure"),
    "reverse on the first morning": ({"events": [{"day": 0, "act": "us.reverse_closure"}]}, "no closure"),
    "pause among actors who choose nothing": (
        {"policies": CALM, "events": [{"day": 40, "act": "us.pause_closure"}]},
        "no closure",
    ),
    "pause where deciding is switched off": (
        {"actions.us.decide_closure.enabled": False, "events": [{"day": 60, "act": "us.pause_closure"}]},
        "no closure",
    ),
    "reverse twice among actors who choose nothing": (
        {
            "policies": CALM,
            "embassy.stage": 2,
            "events": [{"day": day, "act": "us.reverse_closure"} for day in (3, 9)],
        },
        "us.reverse_closure can do nothing on day 9",
    ),
    "decide when closed": (
        {"events": [{"day": 4, "act": "us.complete_closure"}, {"day": 9, "act": "us.decide_closure"}]},
        "is closed by then",
    ),
    "close when closed": ({"embassy.stage": 4, "events": [{"day": 9, "act": "us.complete_closure"}]}, "is closed"),
    "release of nobody": ({"events": [{"day": 0, "act": "iq.release", "at": "badr"}]}, "nobody of badr can be held"),
    "aid that flows": ({"events": [{"day": 9, "act": "us.provide_aid"}]}, "no aid can have been withheld"),
    "end of no truce": ({"events": [{"day": 0, "act": "mi.end_truce", "by": "badr"}]}, "badr can be in no truce"),
    "end of a truce it never joins": (
        {"events": [{"day": 60, "act": "mi.end_truce", "by": "saraya_al_salam"}]},
        "saraya_al_salam can be in no truce",
    ),
    "cut of no troops": ({"forces.troops": 2500, "events": [{"day": 9, "act": "us.cut_troops"}]}, "no more troops"),
}
MAYBE: dict[str, dict[str, Any]] = {
    "pause when a decision may have been made": {"events": [{"day": 30, "act": "us.pause_closure"}]},
    "pause of a scripted closure": {
        "policies": CALM,
        "events": [{"day": 3, "act": "us.pause_closure"}, {"day": 2, "act": "us.decide_closure"}],
    },
    "pause of a closure under way": {"embassy.stage": 2, "events": [{"day": 0, "act": "us.pause_closure"}]},
    "pause where the stage is drawn": {
        "embassy.stage": {"choice": [0, 2]},
        "events": [{"day": 0, "act": "us.pause_closure"}],
    },
    "release of those arrested by the script": {
        "policies": CALM,
        "events": [
            {"day": 1, "act": "iq.arrest", "at": "badr"},
            {"day": 2, "act": "iq.release", "at": "badr"},
        ],
    },
    "aid after it was withheld": {
        "events": [{"day": 2, "act": "us.withhold_aid"}, {"day": 2, "act": "us.provide_aid"}],
    },
    "end of a truce of others": {
        "policies": CALM,
        "events": [
            {"day": 1, "act": "mi.truce", "by": "kataib_hezbollah"},
            {"day": 2, "act": "mi.end_truce", "by": "badr"},
        ],
    },
}


@pytest.mark.parametrize("name", NEVER)
def test_check_refuses_what_can_never_happen(name: str) -> None:
    changes, says = NEVER[name]
    with pytest.raises(InputError, match=says):
        check("baghdad-2020", changes)
    assert load("baghdad-2020", changes).events  # a player, or a point of a sweep, may still make it possible


@pytest.mark.parametrize("name", MAYBE)
def test_check_takes_what_may_happen(name: str) -> None:
    assert "is a valid scenario" in check("baghdad-2020", MAYBE[name])


def test_a_run_says_which_events_happened_in_no_world() -> None:
    events = [{"day": 3, "act": "us.pause_closure"}, {"day": 9, "act": "us.talk"}]
    never = sim.run(scripted(*events, policies=CALM, horizon=12), 3, depth="outcomes")
    assert unmet(never) == ["us.pause_closure on 1 Oct 2020"]
    assert "happened in no world: us.pause_closure on 1 Oct 2020" in " ".join(never.summary().split())
    stopped = sim.run(scripted(*events, policies=CALM, horizon=12, **{"embassy.stage": 2}), 3, depth="outcomes")
    assert unmet(stopped) == []
    assert "happened in no world" not in stopped.summary()


FAULTS = """extends: baghdad-2020
tittle: x
us: {red_lin: 2, weight_calm: 9, mindset: nobody}
militias:
  kataib_hezbolla: {capability: 0.2}
  badr: {capabilty: 0.3, iran_control: x}
events:
  - {day: 3, act: iq.arrest}
  - {day: 3, act: us.talk, rockets: 3, us_killed: 1, at: sadr}
  - {day: 300, act: us.talk}
  - {day: 2, act: us.tak}
policies: {us: quanta, nobody: passive}
questions:
  - {id: q}
design: {vary: {us.red_lin: [1], us.red_line: [99]}}
calendar: {inauguration: 2021-01-20, election: 2021-02-20}
"""
LINES = [2, 3, 3, 3, 5, 6, 6, 8, 9, 9, 9, 10, 11, 12, 12, 14, 15, 15, 16]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Each with its line, in the order of the file, and the nearest name; nothing that only follows from another."""
    path = tmp_path / "bad.yaml"
    path.write_text(FAULTS)
    done = CliRunner().invoke(sim.cli.app, ["check", str(path)])
    lines = done.stderr.strip().splitlines()
    assert done.exit_code == 2
    assert [int(line.removeprefix(f"{path}:").partition(":")[0]) for line in lines] == LINES
    for name in ("title", "red_line", "kataib_hezbollah", "capability", "us.talk", "quantal", "us.red_line"):
        assert f"did you mean '{name}'?" in done.stderr
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).splitlines() == lines


def test_the_case_of_events_that_never_happen(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("""extends: baghdad-2020
events+:
  - {day: 3, act: iq.arrest, by: iraq}
  - {day: 4, act: us.pause_closure}
  - {day: 5, act: mi.salvo, by: badr, at: iran, rockets: 4}
  - {day: 6, act: us.strike_limited, at: sadr}
  - {day: 7, act: us.kill_commander, at: us}
""")
    with pytest.raises(InputError) as caught:
        check(path)
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "4", "5", "6", "7"]


def test_unknown_keys_of_several_changes_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        load("baghdad-2020", ["us.red_lin=2", "embassy.closure_day=60", "horizonn=3"])
    assert len(str(caught.value).splitlines()) == 3


def test_a_hundred_faults_are_cut_short() -> None:
    with pytest.raises(InputError, match="and 70 more faults"):
        load("baghdad-2020", {f"nonsense_{number:03}": 1 for number in range(100)})


ASKED = {"id": "q", "text": "?", "measure": "rockets", "statistic": "total", "comparison": ">=", "threshold": 1}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"questions": [{**ASKED, "window_days": 3}]}, "question 'q': window_days has no effect with total"),
        ({"questions": [{**ASKED, "after_to": 3}]}, "question 'q': after_to has no effect without `after`"),
        ({"questions": [{**ASKED, "after_from": 1}]}, "question 'q': after_from has no effect without `after`"),
        ({"design": {"vary": {"us.red_line": [1, 2]}, "points": 4}}, "design.points has no effect in a grid"),
        ({"design": {"kind": "lhs"}}, "design.kind has no effect without design.vary"),
        ({"design": {"worlds": 7}}, "design.worlds has no effect without design.vary"),
    ],
)
def test_what_would_not_be_used_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        load("baghdad-2020", changes)


def test_check_says_what_of_the_calendar_lies_outside() -> None:
    assert "no effect in these days: troop step of 2021-01-15, anniversary of 2021-01-03" in check("baghdad-2020")
    assert "no effect in these days" not in check("baghdad-2020", ["horizon=120"])


@pytest.mark.parametrize("seed", ["seven", "7", 7.5, -1, True, [7], 2**64])
def test_a_seed_that_is_none_gets_one_clear_error(seed: Any) -> None:
    with pytest.raises(InputError, match=r"seed (must be a whole number in|= .* is out of range)") as caught:
        load("baghdad-2020", {"seed": seed})
    assert len(str(caught.value).splitlines()) == 1


def test_whole_numbers_may_come_as_fractions() -> None:
    assert load("baghdad-2020", {"seed": 7.0}).hash == load("baghdad-2020", {"seed": 7}).hash
    assert load("baghdad-2020", {"horizon": 30.0}).horizon == 30
