"""Every point of a sweep reaches the model: each quantity, varied alone, changes the tables and the outcomes."""

from fnmatch import fnmatchcase

import numpy as np
import pytest
from reach import alone, fingerprints, inert, others, quantities, reason, reasons
from sweeps import PLAIN

import sim
from sim.scenario import paths, tables

KNOWN = quantities(PLAIN)
EVENT = {"day": 2, "act": "mi.salvo", "by": "kataib_hezbollah", "rockets": 3}
PINNED = 60
"""More lags than this that cannot move alone would mean that the test has lost its subject."""


def test_every_quantity_alone_reaches_the_compiled_tables() -> None:
    """One point a quantity, and the first point, which changes nothing: all records differ from one another."""
    ends = {path: others(PLAIN, quantity)[:1] for path, quantity in KNOWN.items()}
    first = next(iter(KNOWN))
    changed = [(first, float(PLAIN.values[first])), *((path, end[0]) for path, end in ends.items() if end)]
    seen: dict[bytes, str] = {}
    for (path, _), made in zip(changed, fingerprints(alone(PLAIN, changed)), strict=True):
        assert made not in seen, f"{path} compiles to the same records as {seen[made]}"
        seen[made] = path
    pinned = [path for path, end in ends.items() if not end]
    assert all(path.rpartition(".lag_")[1] for path in pinned), "only lags are held by their neighbours"
    assert len(pinned) < PINNED


def test_every_mindset_and_policy_reaches_the_compiled_tables() -> None:
    vary = {"us.mindset": "default,washington-max-pressure", "policies.iran": "quantal,passive,tit_for_tat,random"}
    records = list(fingerprints(sim.sweep(PLAIN, vary, 1).plan.points))
    assert len(set(records)) == 8


@pytest.mark.parametrize("path", [path for path in paths(PLAIN.with_({"events+": [EVENT]})) if path not in KNOWN])
def test_blocs_and_events_reach_the_compiled_tables(path: str) -> None:
    scenario = PLAIN.with_({"events+": [EVENT]})
    quantity = paths(scenario)[path]
    points = sim.sweep(scenario.with_({"horizon": 4}), {path: [quantity.low, min(quantity.high, 3)]}, 1).plan.points
    one, two = (tables(points.variant(point), 0, 1) for point in (0, 1))
    assert not (np.array_equal(one.blocs, two.blocs) and np.array_equal(one.script, two.script))


@pytest.mark.slow
def test_every_quantity_alone_changes_outcomes_or_is_marked_inert() -> None:
    known = reasons()
    expected_to_move = [path for path in KNOWN if reason(path, known) is None]
    assert len(expected_to_move) > 1000
    assert inert(PLAIN, expected_to_move) == [], (
        "these change no outcome of the baseline: a rule has lost them, or tests/inert.yaml must say why"
    )


def test_every_reason_is_about_something() -> None:
    for pattern, why in reasons().items():
        assert any(fnmatchcase(path, pattern) for path in KNOWN), f"no quantity is called {pattern}"
        assert len(why) > 15
