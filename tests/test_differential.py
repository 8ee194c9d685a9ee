"""One rulebook, many ways to run it: every way gives the same bytes, of traces, series, outcomes and states."""

import os
from collections.abc import Iterator
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from strategies import scenarios
from twins import Difference, Interpreter, Life, first_difference, live, plain

from sim.drivers.ensemble import chunks
from sim.errors import SimError
from sim.scenario import load, shipped

EXAMPLES = int(os.environ.get("SIM_EXAMPLES", "25"))
"""Random scenarios to try; `make differential` tries 300."""
DAYS = 15
THREADS = numba.config.NUMBA_NUM_THREADS

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="with the rules interpreted there is but one way")


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """A process that interprets the rules."""
    twin = Interpreter()
    yield twin
    twin.close()


def together(mapping: Any, worlds: int, threads: int, chunk: int, first: int = 0) -> list[Life]:
    """The lives of some worlds from the ensemble driver."""
    lives = []
    for part in chunks(load(mapping), worlds, "trace", first=first, threads=threads, chunk=chunk):
        for k in range(len(part.outcomes)):
            events = part.events[part.offsets[k] : part.offsets[k + 1]]
            lives.append(Life(plain(events), plain(part.series[k]), plain(part.outcomes[k : k + 1]), None))
    return lives


def agree(one: Life, other: Life, actors: tuple[str, ...]) -> None:
    """Fail with day, actor and field of the first difference."""
    assert first_difference(one, other, actors) is None


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_scenarios_interpreted_and_compiled(name: str, interpreter: Interpreter) -> None:
    """Interpreted days are slow, so only the first of them; the drivers agree on all days below."""
    agree(live(name, 7, DAYS), interpreter.live(name, 7, DAYS), load(name).actors)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_scenarios_alone_and_together(name: str) -> None:
    """To the last day, alone in Mesa, and in the ensemble on one thread and all, in large and small chunks."""
    scenario = load(name)
    usual = together(name, 24, 1, 24)
    for threads, chunk in ((THREADS, 24), (THREADS, 5), (1, 1)):
        for one, other in zip(usual, together(name, 24, threads, chunk), strict=True):
            agree(one, other, scenario.actors)
    for world in (0, 23):
        agree(live(name, world), usual[world], scenario.actors)


@settings(max_examples=EXAMPLES)
@given(mapping=scenarios(), world=st.integers(0, 2**32 - 4))
def test_random_scenarios(interpreter: Interpreter, mapping: Any, world: int) -> None:
    try:
        usual = together(mapping, 3, THREADS, 3, first=world)
    except SimError:
        reject()
    actors = load(mapping).actors
    alone = live(mapping, world)
    agree(alone, interpreter.live(mapping, world), actors)
    agree(alone, usual[0], actors)
    for one, other in zip(usual, together(mapping, 3, 1, 2, first=world), strict=True):
        agree(one, other, actors)


def test_depths_agree() -> None:
    """How much is kept changes nothing of what is lived."""
    scenario = load("baghdad-2020", ["horizon=40"])
    full, daily, short = (next(chunks(scenario, 8, depth)) for depth in ("trace", "daily", "outcomes"))
    assert full.outcomes.tobytes() == daily.outcomes.tobytes() == short.outcomes.tobytes()
    assert full.series.tobytes() == daily.series.tobytes()
    assert short.series is None
    assert daily.events is None


@pytest.mark.parametrize(
    ("field", "day", "actor"), [("grievance", 3, "badr"), ("rate", 0, "us"), ("last_used", 4, "iran")]
)
def test_a_difference_is_found_where_it_is(field: str, day: int, actor: str) -> None:
    mapping = load("baghdad-2020", ["horizon=6"]).to_dict()
    actors = load(mapping).actors
    one, other = live(mapping, 0), live(mapping, 0)
    assert first_difference(one, other, actors) is None
    np.asarray(other.states[field])[day, actors.index(actor)] += 1
    found = first_difference(one, other, actors)
    assert isinstance(found, Difference)
    assert (found.day, found.actor, found.field) == (day, actor, field)


def test_differences_of_events_series_and_outcomes_are_found() -> None:
    mapping = load("baghdad-2020", ["horizon=60"]).to_dict()
    actors = load(mapping).actors
    one = live(mapping, 0)
    changed = live(mapping, 0)
    changed.events["us_hurt"][1] += 1
    first = one.events[1]
    expected = (first["day"], actors[first["actor"]], "us_hurt")
    assert first_difference(one, changed, actors)[:3] == expected  # type: ignore[index]
    shorter = Life(one.events[:-1], one.series, one.outcome, None)
    assert first_difference(one, shorter, actors).field == "number of events"  # type: ignore[union-attr]
    changed = live(mapping, 0)
    changed.outcome["rockets"] += 1
    assert first_difference(one, changed, actors)[:3] == (-1, "world", "rockets")  # type: ignore[index]
