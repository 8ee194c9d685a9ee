"""Records of many worlds: every number arrives, draws depend on nothing but seed, world and name."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from sim.actions import CATALOGUE, Act, reply_class
from sim.errors import InputError
from sim.parameters import MINDSETS
from sim.scenario import load, python_policy, tables
from sim.scenario.quantities import drawable
from sim.scenario.worlds import Worlds
from sim.world.chance import chance
from sim.world.identity import identity
from sim.world.names import NOBODY, Aim, Draw, Kind, Policy
from sim.world.records import Tables

ACTORS = ("us", "iran", "iraq")
BASELINE = load("baghdad-2020", [f"{actor}.mindset=default" for actor in ACTORS])
"""The baseline with every actor's own numbers in every world."""
DRAWN = BASELINE.with_(
    {
        "us.red_line": {"choice": {1: 0.5, 2: 0.5}},
        "combat.severity": {"normal": [2.4, 0.2]},
        "actions.mi.salvo.cost": {"uniform": [0.02, 0.1]},
        "define_mindsets": {"calm-one": {"actor": "us", "weight_calm": 1.9}},
        "mindsets.us": {"calm-one": 0.3, "default": 0.7},
        "militias.badr.capability": {"beta": [2, 3], "range": [0.1, 0.9]},
    }
)


def same(one: Tables, other: Tables) -> bool:
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in zip(one, other, strict=True))


def another(path: str) -> float | None:
    """Another allowed value of a quantity of the baseline, or None where its neighbours leave no room."""
    quantity = drawable(group.id for group in BASELINE.groups)[path]
    now: Any = BASELINE.values[path]
    stem, _, name = path.rpartition("lag_")
    lags: list[Any] = [BASELINE.values.get(f"{stem}lag_{end}") for end in ("low", "mode", "high")]
    low, high = {"low": (0, lags[1]), "mode": (lags[0], lags[2]), "high": (lags[1], 120)}.get(
        name if stem else "", (quantity.low, quantity.high)
    )
    return next((float(value) for value in (low, high) if value != now), None)


def test_every_number_reaches_the_records_and_nothing_else_moves() -> None:
    """One world for each quantity, in which that quantity alone differs."""
    others = {path: value for path in BASELINE.values if (value := another(path)) is not None}
    assert len(others) > 0.9 * len(BASELINE.values)
    points = {}
    for world, (path, value) in enumerate(others.items()):
        points[path] = np.full(len(others), BASELINE.values[path])
        points[path][world] = value
    usual, varied = tables(BASELINE, 0, 1), tables(BASELINE, 0, len(others), points)
    for world, path in enumerate(others):
        table = "actions" if path.startswith("actions.") else "parameters"
        table = "traits" if path.partition(".")[0] in ("us", "iran", "iraq", "sadr", "coalition", "militias") else table
        for name in ("parameters", "traits", "actions"):
            row = getattr(varied, name)
            moved = row[world].tobytes() != getattr(usual, name)[0].tobytes()
            assert moved == (name == table), f"{path} in {name}"


def test_a_point_is_the_same_as_a_changed_scenario() -> None:
    points = {
        "us.red_line": np.array([3.0]),
        "actions.mi.salvo.rung": np.array([10.0]),
        "us.mindset": np.array(["washington-extract"]),
    }
    changed = BASELINE.with_({"us.red_line": 3, "actions.mi.salvo.rung": 10, "us.mindset": "washington-extract"})
    assert same(tables(BASELINE, 5, 1, points), tables(changed, 5, 1))


def test_what_does_not_vary_is_there_once() -> None:
    found = tables(BASELINE, 0, 50)
    groups = len(BASELINE.groups)
    assert found.parameters.shape == (1,)
    assert found.traits.shape == (1, 5 + groups)
    assert found.actions.shape == (1, len(CATALOGUE))
    drawn = tables(DRAWN, 0, 50)
    assert (drawn.parameters.shape, drawn.traits.shape) == ((50,), (50, 5 + groups))
    assert drawn.actions.shape == (50, len(CATALOGUE))


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_chunks_do_not_change_a_draw(chunk: int) -> None:
    whole = tables(DRAWN, 0, 200)
    for first in range(0, 200 - chunk, 61):
        part = tables(DRAWN, first, chunk)
        for name in ("parameters", "traits", "actions"):
            assert getattr(part, name).tobytes() == getattr(whole, name)[first : first + chunk].tobytes()


def test_a_draw_is_the_quantile_of_its_own_chance() -> None:
    found = tables(DRAWN, 3, 1)
    uniform = chance(DRAWN.seed, 3, -1, identity("actions.mi.salvo.cost"), Draw.PARAMETER)
    assert found.actions[0, Act.MI_SALVO]["cost"] == 0.02 + (0.1 - 0.02) * uniform
    coin = chance(DRAWN.seed, 3, -1, identity("us.red_line"), Draw.PARAMETER)
    assert found.traits[0, 0]["red_line"] == (1 if coin < 0.5 else 2)


def test_a_draw_does_not_depend_on_what_else_is_drawn_or_who_else_is_there() -> None:
    more = DRAWN.with_({"us.weight_calm": {"uniform": [0, 1]}, "militias.another": {}})
    one, other = tables(DRAWN, 0, 100), tables(more, 0, 100)
    assert (one.traits["capability"][:, 9] == other.traits["capability"][:, 9]).all()
    assert (one.traits["red_line"][:, 0] == other.traits["red_line"][:, 0]).all()


def test_another_seed_is_other_luck() -> None:
    other = tables(DRAWN.with_({"seed": 2**63 - 1}), 0, 100)
    assert (other.parameters["combat_severity"] != tables(DRAWN, 0, 100).parameters["combat_severity"]).all()


def test_mindsets_are_held_by_their_share_of_worlds_and_replace_their_numbers() -> None:
    found = tables(DRAWN, 0, 4000).traits[:, 0]
    cautious = found["weights"][:, Aim.CALM] == 1.9
    assert abs(cautious.mean() - 0.3) < 0.03  # four standard errors
    assert (found["weights"][~cautious, Aim.CALM] == BASELINE.values["us.weight_calm"]).all()
    one = chance(DRAWN.seed, 17, -1, identity("us"), Draw.MINDSET)
    assert cautious[17] == (one < 0.3)


def test_a_mindset_replaces_what_was_said_before_it_and_yields_to_what_is_said_with_it_or_after_it() -> None:
    def calm(changes: dict[str, Any], points: dict[str, Any] | None = None) -> float:
        scenario = BASELINE.with_({"us.weight_calm": 0.1}).with_(changes)
        again = load(json.loads(json.dumps(scenario.to_dict())))
        assert same(tables(again, 0, 1, points), tables(scenario, 0, 1, points))
        return float(tables(scenario, 0, 1, points).traits[0, 0]["weights"][Aim.CALM])

    caution, extract = (MINDSETS[f"washington-{name}"].values["weight_calm"] for name in ("caution", "extract"))
    cautious = {"us.mindset": "washington-caution"}
    assert calm({}) == 0.1
    assert calm(cautious) == caution
    assert calm({"us.weight_calm": 0.3, **cautious}) == 0.3
    assert calm({"us": {"mindset": "washington-caution", "weight_calm": 0.3}}) == 0.3
    assert calm(cautious, {"us.weight_calm": np.array([0.4])}) == 0.4
    assert calm({"us.weight_calm": 0.3, **cautious}, {"us.mindset": np.array(["washington-extract"])}) == extract


def test_a_later_mindset_of_all_groups_reaches_those_with_one_of_their_own() -> None:
    minds = {"angry": {"actor": "militia", "weight_blood": 1.5}, "calm": {"actor": "militia", "weight_blood": 0.1}}
    first = BASELINE.with_({"define_mindsets": minds, "militias.badr": {"mindset": "calm", "weight_blood": 0.7}})
    second = first.with_({"militias.kataib_hezbollah.weight_blood": 0.9}).with_({"mindsets.militias": {"angry": 1}})
    blood = dict(zip(second.actors, tables(second, 0, 1).traits[0]["weights"][:, Aim.BLOOD], strict=True))
    assert blood["badr"] == blood["kataib_hezbollah"] == 1.5
    spared = first.with_({"mindsets": {"militias": {"angry": 1}, "badr": {"calm": 1}}})
    assert dict(zip(spared.actors, tables(spared, 0, 1).traits[0]["weights"][:, Aim.BLOOD], strict=True))["badr"] == 0.1


def test_identities_kinds_and_policies_stand_in_the_traits() -> None:
    scenario = BASELINE.with_(
        {"policies": {"us": "tit_for_tat", "militias": "passive", "badr": "outside_policies:plain"}}
    )
    traits = tables(scenario, 0, 1).traits[0]
    assert traits["identity"].tolist() == [identity(actor) for actor in scenario.actors]
    assert traits["kind"].tolist() == [Kind.US, Kind.IRAN, Kind.IRAQ, Kind.SADR, Kind.COALITION] + [Kind.MILITIA] * 6
    by_actor = dict(zip(scenario.actors, traits["policy"], strict=True))
    assert by_actor["us"] == Policy.TIT_FOR_TAT
    assert by_actor["iran"] == Policy.QUANTAL
    assert by_actor["kataib_hezbollah"] == Policy.PASSIVE
    assert by_actor["badr"] == Policy.SCRIPTED
    assert not traits["outside"].any()


def test_a_number_that_a_kind_does_not_have_is_zero() -> None:
    traits = tables(BASELINE, 0, 1).traits[0]
    assert traits["iran_control"][0] == 0
    assert traits["iran_control"][5] == BASELINE.values["militias.kataib_hezbollah.iran_control"]
    assert traits["red_line"][3] == 0


def test_the_catalogue_stands_in_the_actions() -> None:
    actions = tables(BASELINE, 0, 1).actions[0]
    for action in CATALOGUE:
        row = actions[action.act]
        assert (row["owner"], row["kind"], row["need"]) == (action.owner, action.kind, action.need)
        assert (row["rung"], row["reply"]) == (action.rung, action.reply)
        assert (row["lag_low"], row["lag_mode"], row["lag_high"]) == action.lag
        assert row["effects"].tolist() == [action.effects.get(aim, 0.0) for aim in Aim]
        assert (row["enabled"], row["facade"], row["private"]) == (1, action.facade, action.private)


def test_the_class_that_others_learn_follows_the_rung() -> None:
    points = {"actions.us.strike_limited.rung": np.array([3.0, 9.0, 11.0])}
    rows = tables(BASELINE, 0, 3, points).actions[:, Act.US_STRIKE_LIMITED]
    kind = CATALOGUE[Act.US_STRIKE_LIMITED].kind
    assert rows["reply"].tolist() == [reply_class(rung, kind) for rung in (3, 9, 11)]


def test_the_calendar_of_the_baseline() -> None:
    calendar = tables(BASELINE, 0, 1).calendar
    dates = [BASELINE.start + timedelta(days=day) for day in range(BASELINE.horizon)]
    assert len(calendar) == len(dates) == 90
    on = {f"{day:%m-%d}": row for day, row in zip(dates, calendar, strict=True)}
    assert (on["11-02"]["before_election"], on["11-02"]["lame_duck"]) == (1, 0)
    assert (on["11-03"]["before_election"], on["11-03"]["lame_duck"]) == (0, 0)
    assert (on["11-04"]["before_election"], on["11-04"]["lame_duck"]) == (0, 1)
    assert [day for day, row in on.items() if row["anniversary"]] == [
        *("09-28", "09-29", "09-30", *(f"10-0{n}" for n in range(1, 7))),
        *(f"10-{n}" for n in range(20, 31)),
    ]
    assert (on["10-31"]["winter"], on["11-01"]["winter"]) == (0, 1)
    assert {day: row["troop_ceiling"] for day, row in on.items() if row["troop_ceiling"]} == {"09-30": 3000}
    assert set(calendar["season_rocket"]) == set(calendar["season_ied"]) == {1.0}


def test_seasons_are_by_month_and_dates_may_be_missing() -> None:
    months = [float(month) for month in range(1, 13)]
    scenario = BASELINE.with_(
        {"calendar": {"election": None, "inauguration": None, "seasons": {"ied": [month / 2 for month in months]}}}
    )
    calendar = tables(scenario, 0, 1).calendar
    assert calendar["season_ied"][0] == 4.5
    assert calendar["season_ied"][3] == 5.0
    assert not calendar["before_election"].any()
    assert not calendar["lame_duck"].any()


def test_the_script_is_by_day_and_leaves_unsaid_numbers_to_chance() -> None:
    events = [
        {"date": "2020-10-20", "act": "mi.salvo", "by": "badr", "at": "us", "us_killed": 2, "rockets": 5},
        {"day": 3, "act": "us.talk"},
    ]
    script = tables(BASELINE.with_({"events": events}), 0, 1).script
    assert script["day"].tolist() == [3, 22]
    assert script["act"].tolist() == [Act.US_TALK, Act.MI_SALVO]
    assert script["actor"].tolist() == [0, BASELINE.actors.index("badr")]
    assert script["target"].tolist() == [NOBODY, 0]
    assert script["rockets"].tolist() == [-1, 5]
    assert script["us_killed"].tolist() == [-1, 2]
    assert script["us_hurt"].tolist() == [-1, -1]


def test_blocs_are_seats_position_salience() -> None:
    blocs = tables(BASELINE, 0, 1).blocs
    assert blocs.shape == (len(BASELINE.blocs), 3)
    assert blocs[:, 0].sum() == 329
    assert tables(load({"militias": {"badr": {}}}), 0, 1).blocs.shape == (0, 3)


# Points


def test_points_of_mindsets_and_policies_are_names() -> None:
    points = {
        "us.mindset": np.array(["default", "washington-extract"]),
        "policies.militias": np.array(["random", "quantal"]),
        "policies.badr": np.array(["passive", "passive"]),
    }
    traits = tables(DRAWN, 0, 2, points).traits
    safe = MINDSETS["washington-extract"].values["weight_safe"]
    assert traits["weights"][:, 0, Aim.SAFE].tolist() == [BASELINE.values["us.weight_safe"], safe]
    assert traits["policy"][:, 5].tolist() == [Policy.RANDOM, Policy.QUANTAL]
    assert traits["policy"][:, 9].tolist() == [Policy.PASSIVE, Policy.PASSIVE]


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ({"us.red_lin": [1.0, 2.0]}, "unknown path 'us.red_lin'; did you mean 'us.red_line'?"),
        ({"us.red_line": [1.0, 99.0]}, "us.red_line = 99 is out of range"),
        ({"us.red_line": [1.0, 1.5]}, "must be a whole number"),
        ({"us.red_line": [1.0, float("nan")]}, "must be a number"),
        ({"us.red_line": ["a", "b"]}, "takes numbers"),
        ({"us.mindset": ["default", "washington-extrakt"]}, "did you mean 'washington-extract'?"),
        ({"policies.us": ["quantal", "qantal"]}, "did you mean 'quantal'?"),
        ({"parliament.blocs.fatah.seats": [1.0, 2.0]}, "is the same in all worlds of a run"),
        ({"actions.us.strike_limited.lag_low": [1.0, 50.0]}, "must not fall"),
    ],
)
def test_wrong_points_are_refused(points: dict[str, list], says: str) -> None:
    with pytest.raises(InputError) as caught:
        tables(BASELINE, 0, 2, {path: np.array(values) for path, values in points.items()})
    assert says in str(caught.value)


def test_points_must_be_one_a_world() -> None:
    with pytest.raises(ValueError, match="shape"):
        tables(BASELINE, 0, 3, {"us.red_line": np.array([1.0, 2.0])})


# Posterior


def test_a_world_takes_one_row_of_the_posterior(tmp_path: Path) -> None:
    path = tmp_path / "posterior.parquet"
    steps = np.linspace(0.1, 0.9, 9)
    parquet.write_table(pa.table({"us.weight_safe": steps, "baghdad.authority": 1 - steps}), path)
    found = tables(BASELINE.with_({"parameters": str(path)}), 0, 500)
    safe, authority = found.traits["weights"][:, 0, Aim.SAFE], found.parameters["baghdad_authority"]
    np.testing.assert_allclose(safe + authority, 1)
    assert set(safe) == set(steps)
    row = int(chance(BASELINE.seed, 7, -1, identity("posterior"), Draw.PARAMETER) * len(steps))
    assert safe[7] == steps[row]


# Python policies


def test_a_python_policy_is_imported_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules_of_mine.py").write_text("raise_me = 1\ndef choose(view, options):\n    return options[0]\n")
    (tmp_path / "broken_rules.py").write_text("1 / 0\n")
    monkeypatch.chdir(tmp_path)
    scenario = BASELINE.with_({"policies": {"us": "rules_of_mine:choose", "iran": "broken_rules:choose"}})
    assert python_policy(scenario.policies["us"])(None, [4]) == 4
    with pytest.raises(InputError, match="policy broken_rules:choose: module 'broken_rules' cannot be imported"):
        tables(scenario, 0, 1)
    with pytest.raises(InputError, match=r"holds no function or class 'chose'; did you mean 'choose'\?"):
        python_policy("rules_of_mine:chose")
    with pytest.raises(InputError, match="holds no function or class 'raise_me'"):
        python_policy("rules_of_mine:raise_me")


def test_worlds_are_the_same_when_the_mindset_that_they_hold_is_given() -> None:
    """Numbers stated beside mixed mindsets stand, as they do where the scenario draws the mindset itself."""
    mixed = load("baghdad-2020", {"us": {"weight_calm": 0.0, "weight_hurt": 2.0}})
    held = Worlds(mixed, 0, 300, {}).minds["us"]
    names = np.select([held[name] for name in held], list(held), default="")
    usual = tables(mixed, 0, 300)
    assert same(tables(mixed, 0, 300, {"us.held": names}), usual)
    assert (usual.traits["weights"][:, 0, Aim.CALM] == 0).all()
    assert (tables(mixed, 0, 300, {"us.mindset": names}).traits["weights"][:, 0, Aim.CALM] != 0).any()
    with pytest.raises(InputError, match="unknown mindset of us 'nobody'"):
        tables(mixed, 0, 1, {"us.held": np.array(["nobody"])})
