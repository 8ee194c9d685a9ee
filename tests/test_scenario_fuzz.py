"""Scenarios with anything anywhere: each is loaded, and then survives a round trip and compiles, or is refused."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import Scenario, load, tables

RICH: dict[str, Any] = {
    "title": "Rich",
    "story": "Everything a file can hold.",
    "sources": ["one"],
    "start": "2020-09-28",
    "horizon": 60,
    "seed": 5,
    "militias": {
        "badr": {"name": "Badr", "capability": {"beta": [2, 3], "range": [0.1, 0.9]}},
        "kss": {"facades": ["a", "b"], "mindset": "mine", "stake": 0.2},
    },
    "us": {"red_line": {"choice": {"1": 0.5, "2": 0.5}}, "weight_safe": {"uniform": [0.5, 1]}, "preempts": True},
    "combat": {"severity": {"normal": [2.4, 0.2]}, "branching": {"triangular": [0, 0.1, 0.3]}},
    "actions": {"us.talk": {"enabled": False, "lag": [1, 2, 3], "effects": {"hurt": 0.1}}},
    "define_mindsets": {"mine": {"actor": "militia", "weight_safe": 1}},
    "mindsets": {"us": {"washington-caution": 0.5, "default": 0.5}, "militias": {"default": 1}},
    "pinned": ["us.weight_safe"],
    "policies": {"us": "quantal", "militias": "random"},
    "events": [{"day": 3, "act": "mi.salvo", "by": "badr", "at": "us", "us_killed": 2}],
    "calendar": {
        "election": "2020-11-03",
        "inauguration": "2021-01-20",
        "anniversaries": ["2021-01-03"],
        "troop_steps": [{"date": "2020-11-17", "level": 2500}],
        "seasons": {"ied": [1] * 12},
    },
    "parliament": {"blocs": {"fatah": {"seats": 48, "position": 0.9}}, "expel": 0.7},
    "questions": [
        {"id": "q", "text": "?", "measure": "rockets", "statistic": "total", "comparison": ">=", "threshold": 1}
        | {"opens": 3, "closes": "2020-10-03", "after": "arrests", "after_from": 0, "after_to": 4}
    ],
    "design": {"vary": {"us.red_line": [1, 2]}, "kind": "lhs", "points": 3},
}
HOSTILE = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 2, 1.5, -0.0, 1e308, -1e308, float("nan"), float("inf"), 10**30, 10**400, 2**64),
        *("", "x", "us", "badr", "militias", "default", "quantal", "os:system", "{path}", "1:2:3", "nan:nan:3"),
        *("2020-09-28", "9999-12-31", "0001-01-01", "\x1b[2J", "\ud800", "🙂" * 50, "a" * 2000, "us.weight_calm"),
        *([], {}, [[]], [None], {"": 1}, {"a": 1}, {1: 2}, {None: 3}, {(): 1}, (1, 2), b"x", object(), np.float64(3)),
        *({"uniform": [0, 1]}, {"choice": {}}, {"choice": []}, {"posterior": "x"}, {"beta": [1, 1], "range": [0, 0]}),
        *({"mindset": "x"}, {"absent": True}, [1, 2, 3], {"0": 1}, {"events+": []}, [{"day": 1}], np.arange(3)),
    ]
)
KEYS = st.sampled_from(
    ["x", "+", "mindset", "absent", "uniform", "lag", "parameters", "extends", "pinned+", 5, None, ()]
)


def places(node: Any, address: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [address] * bool(address) + [place for key, item in children for place in places(item, (*address, key))]


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """The rich scenario with one to three values replaced, left out, or put under another key."""
    content = copy.deepcopy(RICH)
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(places(content)))
        holder: Any = content
        for key in above:
            holder = holder[key]
        how = draw(st.sampled_from(["replace", "replace", "remove", "rename"]))
        if how == "replace":
            holder[last] = copy.deepcopy(draw(HOSTILE))
        elif how == "rename" and isinstance(holder, dict):
            key = draw(KEYS)
            holder[f"{last}+" if key == "+" else key] = holder[last]
        else:
            del holder[last]
        if not places(content):
            break
    return content


def tried(content: dict[str, Any], changes: Mapping[str, object] | tuple[()] = ()) -> Scenario | str:
    """The scenario, or the message with which it was refused; anything else that is raised fails the test."""
    try:
        return load(content, changes)
    except InputError as refused:
        return str(refused)


def test_the_rich_scenario_itself_is_valid() -> None:
    assert isinstance(tried(RICH), Scenario)


@settings(max_examples=300)
@given(spoilt())
def test_it_loads_or_says_what_is_wrong(content: dict[str, Any]) -> None:
    found = tried(content)
    if isinstance(found, str):
        assert found.startswith("scenario mapping")
        assert found.isprintable() or "\n" in found
        return
    assert load(json.loads(json.dumps(found.to_dict(defaults=False)))) == found
    for table in tables(found, 0, 2)[:3]:
        assert all(np.isfinite(np.asarray(table[name], dtype=float)).all() for name in table.dtype.names)


@settings(max_examples=100)
@given(st.text(max_size=30), HOSTILE)
def test_any_override_is_taken_or_refused(path: str, value: Any) -> None:
    found = tried(RICH, {path: value})
    assert isinstance(found, Scenario) or found.startswith("override ")
