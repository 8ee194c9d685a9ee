"""Compiled policies from outside: the same bytes everywhere, faults named, refusals explained."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numba
import numpy as np
import outside_policies
import pytest
from test_differential import agree, together
from twins import Interpreter, live

import sim
from sim.actions import Act
from sim.analysis import evaluate
from sim.drivers.ensemble import live_chunk
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError
from sim.results.folder import read_manifest
from sim.rules.luck import luck
from sim.scenario import Scenario, load
from sim.view import View
from sim.world.names import Draw
from sim.world.outside import address_of
from sim.world.records import OWN, OWN_OF_GROUP

HERE = Path(__file__).parent
DAYS = 25
COMPILED = not numba.config.DISABLE_JIT
WORLDS = 30 if COMPILED else 6
needs_compiler = pytest.mark.skipif(not COMPILED, reason="with the rules interpreted nothing is compiled")


def under(name: str, *actors: str, days: int = DAYS) -> Scenario:
    """The baseline with some actors under one decision rule."""
    rule = name if name in ("expected_utility", "passive") else f"outside_policies:{name}"
    return load("baghdad-2020", [f"horizon={days}", *(f"policies.{actor}={rule}" for actor in actors or ("us",))])


def lived(scenario: Scenario, worlds: int = WORLDS, threads: int | None = None) -> Any:
    return live_chunk(scenario, 0, worlds, "trace", threads)


def same(one: Any, other: Any) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ("outcomes", "events"))


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """A process that interprets the rules and finds the policies of the tests."""
    twin = Interpreter()
    yield twin
    twin.close()


@pytest.mark.parametrize(("outside", "rulebook"), [("best", "expected_utility"), ("hold", "passive")])
@pytest.mark.parametrize("actor", ["us", "iraq", "militias"])
def test_a_rule_written_again_outside_gives_the_same_bytes(outside: str, rulebook: str, actor: str) -> None:
    own, again, other = lived(under(rulebook, actor)), lived(under(outside, actor)), lived(under("moody", actor))
    assert same(own, again)
    assert not same(own, other)


@needs_compiler
@pytest.mark.parametrize("name", ["best", "moody"])
def test_every_way_of_living_agrees(name: str, interpreter: Interpreter) -> None:
    scenario = under(name, "us", "iran", "iraq", "sadr", "coalition", "militias")
    usual = together(scenario.to_dict(), 12, 1, 12)
    for threads, chunk in ((2, 12), (2, 5)):
        for one, other in zip(usual, together(scenario.to_dict(), 12, threads, chunk), strict=True):
            agree(one, other, scenario.actors)
    for world in (0, 11):
        alone = live(scenario.to_dict(), world)
        agree(alone, usual[world], scenario.actors)
        agree(alone, interpreter.live(scenario.to_dict(), world), scenario.actors)


def test_mesa_takes_the_function_itself() -> None:
    named = CrisisModel(under("moody"), world=4).run()
    given = CrisisModel(load("baghdad-2020", [f"horizon={DAYS}"]), 4, policies={"us": outside_policies.moody}).run()
    assert named.trace.tobytes() == given.trace.tobytes()
    assert not given.actors[0].follows_policy


def test_what_a_policy_is_shown_it_cannot_change() -> None:
    assert same(lived(under("best")), lived(under("vandal")))


def test_a_compiled_policy_sees_what_a_view_shows() -> None:
    model = CrisisModel(under("hold", "us", "iran", "badr"), 3).run(20)
    for actor in model.actors:
        view, c = View(actor), model.crisis
        seen = view.seen
        assert (seen["actor"], seen["day"]) == (actor.row, 20)
        assert {name: seen[name] for name in view.public} == view.public
        assert {name: seen[name] for name in view.own} == view.own
        for row, known in zip(seen["groups"], view.groups.values(), strict=False):
            assert {name: row[name] for name in known} == known
        hidden = set(OWN_OF_GROUP) - set(view.own)
        assert not any(seen[name] for name in hidden)
        assert view.own["fear"] == c.actors[actor.row].fear
        assert set(OWN) <= set(view.own)
    draws = [luck(model.crisis, 0, draw.value) for draw in (Draw.CLASS, Draw.INSTANCE)]
    assert View(model.actors[0]).seen["luck"].tolist() == draws


FAULTS = {
    "complains": r"the policy of us failed on day \d+ of world \d+: ValueError\('no idea what to do'\)$",
    "divides": r"the policy of us failed on day \d+ of world \d+: (ZeroDivision|FloatingPoint)Error",
    "beyond": r"the policy of us chose option (\d+) on day \d+ of world \d+; it had options 0 to \d+$",
    "outside_the_array": r"the policy of us failed on day \d+ of world \d+: IndexError",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_actor_day_and_world(name: str) -> None:
    told = set()
    for threads in (1, 2):
        with pytest.raises(InputError, match=FAULTS[name]) as caught:
            lived(under(name), WORLDS, threads)
        told.add(str(caught.value))
    with pytest.raises(InputError, match=FAULTS[name]) as caught:
        CrisisModel(under(name), 0).run()
    assert told == {str(caught.value)}, "whatever the driver, the first world is the one named"


def test_a_fault_of_a_group_names_the_group() -> None:
    with pytest.raises(InputError, match="the policy of badr failed on day"):
        lived(under("divides", "badr", days=60), WORLDS)


@needs_compiler
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("misspelt", "has a field 'clok'; did you mean 'clock'"),
        ("fraction", "must return a whole number, the index of an option, not float64"),
        ("text", "must return a whole number"),
        ("nameless", "cannot be compiled: NameError: name 'wibble' is not defined"),
        ("sorts", "cannot be compiled: "),
    ],
)
def test_a_policy_that_cannot_be_compiled_is_refused(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=f"policy outside_policies:{name} .*{reason}") as caught:
        lived(under(name))
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match=reason):
        CrisisModel(policies={"us": getattr(outside_policies, name)})


def test_a_policy_of_one_argument_is_refused() -> None:
    with pytest.raises(InputError, match=r"takes two arguments, \(seen, options\)"):
        lived(under("alone"))


def test_plain_python_is_refused_where_it_cannot_be_called_with_a_way_out() -> None:
    scenario = under("plain")
    calls = {
        "ensemble": lambda: lived(scenario),
        "sweep": lambda: sim.sweep(scenario, {"us.red_line": [1, 2]}, worlds=2),
        "design": lambda: sim.sweep("baghdad-2020", {"policies.us": ["quantal", "outside_policies:plain"]}, worlds=2),
        "rules": lambda: sim.compare_rules(scenario, worlds=2),
        "points": lambda: next(evaluate.lived(scenario, [{"us.red_line": 1.0}], 2)),
    }
    for what, call in calls.items():
        with pytest.raises(InputError, match=r"plain Python.*@sim.rule"):
            call()
        assert what


@needs_compiler
def test_an_address_is_of_this_process_and_stays_in_it() -> None:
    first = address_of(outside_policies.best, "best")
    assert first == address_of(outside_policies.best, "best")
    run = sim.run(under("best"), worlds=3)
    assert str(first) not in str(run.scenario.to_dict())
    assert "outside" not in run.outcomes


def test_the_word_for_it_is_no_rule_of_the_rulebook() -> None:
    with pytest.raises(InputError, match="policy 'outside'"):
        load("baghdad-2020", ["policies.us=outside"])


def test_comparisons_follow_it() -> None:
    group = "kataib_hezbollah"
    found = sim.compare([under(rule, group) for rule in ("expected_utility", "best", "hold")], worlds=WORLDS)
    same_rule, other_rule = found.others
    assert not len(found.changed(same_rule, "events"))
    assert len(found.changed(other_rule, "events"))
    ruled = sim.compare_rules(under("best", group), worlds=WORLDS, actors=[group])
    rule = next(side for side in ruled.others if side.name == "rule: expected utility")
    assert not len(ruled.changed(rule, "events"))


def test_an_explanation_says_what_it_followed() -> None:
    from sim.drivers.replay import replay

    model = replay(under("best"), 3)
    sat = [each for each in model.deliberations if each.actor == "us" and each.chosen]
    assert sat
    for each in sat:
        assert {option.id: option.chance for option in each.options if option.chance} == {each.chosen: 1.0}


# Sweeps


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def test_a_sweep_follows_it_in_this_process_and_in_others(tmp_path: Path) -> None:
    design = {"policies.militias": ["expected_utility", "outside_policies:best", "outside_policies:hold"]}
    usual = sim.sweep(under("moody"), design, worlds=6, out=tmp_path / "one", settings=sim.SweepSettings(part=6))
    table = usual.outcomes.drop(columns=[*design])
    points = [table[table["point"] == k].drop(columns="point").reset_index(drop=True) for k in range(3)]
    assert points[0].equals(points[1])
    assert not points[0].equals(points[2])
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        settings = sim.SweepSettings(part=6, executor=pool)
        sim.sweep(under("moody"), design, worlds=6, out=tmp_path / "other", settings=settings)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def python(folder: Path, code: str) -> str:
    """Run code in a folder in a new process, the rules as here; what it prints, errors too."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


SWEEP = """
import sim
try:
    scenario = sim.load("baghdad-2020", ["horizon=5", "policies.us=my_module:choose"])
    sim.sweep(scenario, {"us.red_line": [1, 2]}, 2, "out")
    print("lived")
except sim.errors.InputError as error:
    print(error)
"""
POLICY = "import sim\n@sim.rule\ndef choose(seen, options) -> int:\n    return 0\n"


def test_a_sweep_under_another_source_of_a_policy_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "my_module.py"
    source.write_text(POLICY)
    assert python(tmp_path, SWEEP) == python(tmp_path, SWEEP) == "lived\n"
    source.write_text(POLICY.replace("return 0", "return len(options) - 1"))
    assert "the source of a policy has changed (my_module:choose was" in python(tmp_path, SWEEP)


# The command line


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    line = [sys.executable, "-m", "sim", *words]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my_module.py").write_text(
        POLICY + "@sim.rule\ndef broken(seen, options) -> int:\n    return seen.foo\n"
    )
    (tmp_path / "mine.yaml").write_text(
        "extends: baghdad-2020\ntitle: Mine\nhorizon: 20\npolicies:\n  us: my_module:choose\n"
    )
    return tmp_path


def test_from_the_command_line(folder: Path) -> None:
    done = command(folder, "run", "mine.yaml", "--worlds", str(WORLDS), "--out", "out")
    assert done.returncode == 0, done.stderr
    stored = read_manifest(folder / "out")
    assert list(stored["policies"]) == ["my_module:choose"]
    assert len(stored["policies"]["my_module:choose"]) == 16
    done = command(folder, "compare", "mine.yaml", "baghdad-2020", "--worlds", str(WORLDS))
    assert done.returncode == 0, done.stderr


@needs_compiler
def test_from_the_command_line_refused(folder: Path) -> None:
    text = (folder / "mine.yaml").read_text().replace("my_module:choose", "my_module:broken")
    (folder / "mine.yaml").write_text(text)
    assert command(folder, "check", "mine.yaml").returncode == 0
    done = command(folder, "run", "mine.yaml", "--worlds", "5")
    assert done.returncode == 2
    assert "policy my_module:broken cannot be compiled" in done.stderr
    assert "Traceback" not in done.stderr


def test_orders_stay_with_the_rulebook() -> None:
    """A compiled policy of Tehran chooses its acts; the groups are directed by quantal response."""
    own, other = lived(under("hold", "iran", days=60), WORLDS), lived(under("passive", "iran", days=60), WORLDS)
    orders = [np.isin(each.events["act"], [Act.IR_PRESS, Act.IR_RESTRAIN]) for each in (own, other)]
    assert orders[0].any()
    assert not orders[1].any()
