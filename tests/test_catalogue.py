"""The catalogue: an act is known by its name, wherever its row stands, and its values are those that were published."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_howto_changes import ROOT, python

from sim.actions import CATALOGUE, MENUS, ORDERS, Act, Need, in_order
from sim.analysis.explain_words import NEEDS, needs
from sim.errors import SimError
from sim.scenario import load, tables
from sim.world.names import ACT_KEYS, PURPOSES, Class, Directive, Draw, Kind

PUBLISHED = {
    "0256": -0.3, "036": 4.0, "042": 1.9, "045": 5.0, "046": 7.0, "051": 3.4, "071": 7.4, "072": 8.3, "084": 7.0,
    "0841": 7.0, "085": 7.0, "0871": 9.0, "0874": 10.0, "111": -2.0, "128": -5.0, "1311": -5.8, "138": -7.0,
    "139": -7.0, "141": -6.5, "145": -7.5, "150": -7.2, "152": -7.2, "153": -7.2, "154": -7.2, "160": -4.0,
    "161": -4.0, "1621": -5.6, "163": -8.0, "171": -9.2, "173": -5.0, "174": -5.0, "183": -10.0, "186": -10.0,
    "194": -10.0, "195": -10.0, "196": -9.5,
}  # fmt: skip
"""Goldstein values by CAMEO code (1.1b3), of the codes the catalogue uses: Goldstein (1992), "A conflict-cooperation
scale for WEIS events data", Journal of Conflict Resolution 36, as scaled to CAMEO by the Penn State event data project
and published by GDELT (file CAMEO.goldsteinscale.txt)."""
WITHOUT_CODE = {"us.cyber_or_covert": -6.0}
"""What no code fits, and is no holding or order, with the value judged."""


@pytest.mark.parametrize("action", CATALOGUE, ids=lambda action: action.id)
def test_a_row_has_the_published_goldstein_value_of_its_code(action) -> None:  # type: ignore[no-untyped-def]
    expected = WITHOUT_CODE.get(action.id, 0.0) if action.cameo == "-" else PUBLISHED[action.cameo]
    assert action.goldstein == expected


def test_no_published_value_is_left_over() -> None:
    assert set(PUBLISHED) == {action.cameo for action in CATALOGUE} - {"-"}


def test_rows_may_stand_in_any_order() -> None:
    shuffled = np.random.default_rng(1).permutation(len(CATALOGUE))
    assert in_order(CATALOGUE[k] for k in shuffled) == CATALOGUE
    assert [action.act for action in CATALOGUE] == list(range(len(CATALOGUE)))


def test_a_row_too_many_or_too_few_is_refused() -> None:
    with pytest.raises(SimError, match="US_HOLD has 0 rows"):
        in_order(CATALOGUE[1:])
    with pytest.raises(SimError, match="US_TALK has 2 rows"):
        in_order((*CATALOGUE, CATALOGUE[Act.US_TALK]))


def test_luck_is_keyed_by_hashes_that_fill_one_word() -> None:
    assert len(Draw) < PURPOSES
    assert PURPOSES * ACT_KEYS == 2**32
    keys = [action.key for action in CATALOGUE]
    assert len(set(keys)) == len(keys)
    assert max(keys) < ACT_KEYS


def test_menus_and_orders_are_told_by_owner_and_name() -> None:
    assert sorted(act for menu in MENUS.values() for act in menu) == list(Act)
    for kind, menu in MENUS.items():
        assert {CATALOGUE[act].owner for act in menu} == {kind}
        assert [CATALOGUE[act].id for act in menu] == sorted(CATALOGUE[act].id for act in menu)
    assert len(ORDERS) == len(Directive)


def test_every_need_is_put_into_words() -> None:
    never = {Need.NONE}
    assert {need.name for need in Need if need not in never} <= set(NEEDS)
    assert needs("ROAD_OPEN", {}, None, None) == "it needs road open; that was not so [ROAD_OPEN]"


NEW_ACT = """
    Action(
        Act.{name},
        Kind.{kind},
        "does something new",
        "-",
        -1.0,
        {rung},
        Class.{cls},
        Need.{need},
        lag=(0, 0, 0),
        duration=3,
        cost=0.0,
        effects={{{aim}: 0.9}},
        {words}record="a test",
    ),
"""
OWNED = {"US": "STAY", "IRAN": "HURT", "IRAQ": "STAY", "SADR": "STAY", "COALITION": "SAFE", "MILITIA": "STAY"}
PREFIX = {"US": "US", "IRAN": "IR", "IRAQ": "IQ", "SADR": "SA", "COALITION": "CO", "MILITIA": "MI"}
BRANCHES = {
    "US": ("        w.talks_until = max(w.talks_until, w.day + 30)\n", "w.stress = 0.123"),
    "IRAN": ("        c.w.stress = min(1.0, c.w.stress + c.p.economy_gas_stress)\n", "c.w.stress = 0.123"),
    "IRAQ": ("        economy.fiscal_emergency(c)\n", "c.w.stress = 0.123"),
    "SADR": ("        iraq.march(c)\n", "c.w.stress = 0.123"),
    "COALITION": ("        soothe(c)\n    elif act == Act.CO_FOLLOW", "c.w.stress = 0.123"),
    "MILITIA": ("        truce.leave(c, i)\n", "c.w.stress = 0.123"),
}


def copied(folder: Path) -> Path:
    """A copy of the package."""
    for name in ("sim", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def rewritten(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def with_acts(folder: Path, kinds: list[str], *, branch: bool, need: str = "NONE", words: bool = False) -> Path:
    """A copy in which each of some kinds of actor has a new act, the first of the catalogue and the last number."""
    actions, land = folder / "sim" / "actions.py", folder / "sim" / "rules" / "land.py"
    for number, kind in enumerate(kinds, start=len(Act)):
        name = f"{PREFIX[kind]}_NEW"
        row = NEW_ACT.format(
            name=name, kind=kind, rung=3, cls="PRESSURE", need=need, aim=OWNED[kind], words="words=True, " * words
        )
        rewritten(actions, "    MI_END_TRUCE = 60\n", f"    MI_END_TRUCE = 60\n    {name} = {number}\n")
        rewritten(actions, "] = (\n    # United States\n", f"] = (\n    # United States\n{row.lstrip()}")
        if branch:
            last, effect = BRANCHES[kind]
            first, rest = last.split("\n", 1)
            rewritten(land, last, f"{first}\n    elif act == Act.{name}:\n        {effect}\n{rest}")
    return folder


LIVE = """
import json, sim
from sim.actions import CATALOGUE
lives = []
for world in (0, 3):
    model = sim.CrisisModel(sim.load("baghdad-2020", ["horizon=40"]).with_(CHANGES), world).run()
    skip = ("act",)
    events = [
        [CATALOGUE[e["act"]].id, *(e[name].item() for name in e.dtype.names if name not in skip)] for e in model.trace
    ]
    lives.append([events, [float(x) for row in model.series for x in row.tolist()], model.outcome.tolist()])
print(json.dumps(lives))
"""


def lived(folder: Path, **changes: object) -> list[list[object]]:
    """Two worlds of the baseline as a copy lives them, acts by their ids."""
    found: list[list[object]] = json.loads(python(folder, f"CHANGES = {changes!r}\n{LIVE}"))
    return found


@pytest.fixture(scope="module")
def usual() -> list[list[object]]:
    return lived(ROOT)


@pytest.mark.slow
def test_acts_switched_off_or_impossible_change_no_bit(tmp_path: Path, usual: list[list[object]]) -> None:
    """An act more for every owner, before all others: switched off, and possible never (there is no truce to leave)."""
    folder = with_acts(copied(tmp_path), list(OWNED), branch=False)
    off = {f"actions.{PREFIX[kind].lower()}.new.enabled": False for kind in OWNED}
    assert lived(folder, **off) == usual


@pytest.mark.slow
def test_numbers_and_rows_in_another_order_change_no_bit(tmp_path: Path, usual: list[list[object]]) -> None:
    path = copied(tmp_path) / "sim" / "actions.py"
    text = path.read_text(encoding="utf-8")
    order = np.random.default_rng(7).permutation(len(Act))
    text = re.sub(
        r"^    ([A-Z]{2}_[A-Z_]+) = (\d+)$", lambda found: f"    {found[1]} = {order[int(found[2])]}", text, flags=re.M
    )
    path.write_text(text.replace("= in_order(_ROWS)", "= in_order(_ROWS[::-1])"), encoding="utf-8")
    assert lived(tmp_path) == usual


@pytest.mark.slow
@pytest.mark.parametrize("kind", OWNED)
def test_an_act_of_any_owner_takes_effect_or_is_refused(tmp_path: Path, kind: str) -> None:
    name = f"{PREFIX[kind].lower()}.new"
    by = "badr" if kind == "MILITIA" else kind.lower()
    script = {"events": [{"day": 0, "act": name, "by": by}]}
    code = f"""
import sim
model = sim.CrisisModel(sim.load("baghdad-2020", ["horizon=2"]).with_({script!r}), 0)
model.morning()
print(model.crisis.w.stress)
"""
    folder = with_acts(copied(tmp_path / "with"), [kind], branch=True)
    assert float(python(folder, code)) == 0.123
    folder = with_acts(copied(tmp_path / "without"), [kind], branch=False)
    failed = subprocess.run(
        [sys.executable, "-m", "sim", "run", "baghdad-2020", "--worlds", "2"],
        cwd=folder,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert f"nothing says what {name} leaves" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.slow
def test_a_need_is_tested_and_worded_or_refused(tmp_path: Path) -> None:
    """Whoever has the act; a need that no test knows is refused before the first world."""
    for name, owners in (("tested", ["US", "IRAQ", "MILITIA"]), ("untested", ["US"])):
        folder = with_acts(copied(tmp_path / name), owners, branch=False, need="DAY_THREE", words=True)
        rewritten(folder / "sim/actions.py", "    NONE = 0\n", "    NONE = 0\n    DAY_THREE = 99\n")
    rewritten(
        tmp_path / "tested/sim/rules/feasible.py",
        "    if need == Need.AID_FLOWING:\n",
        "    if need == Need.DAY_THREE:\n        return verdict(w.day >= 3)\n    if need == Need.AID_FLOWING:\n",
    )
    code = """
import sim
changes = {f"{who}.routine_pace": 1 for who in ("us", "iraq", "militias.badr")}
model = sim.CrisisModel(sim.load("baghdad-2020", ["horizon=10"]).with_(changes), 0, keep_options=True).run()
for each in model.deliberations:
    for option in each.options:
        if option.id.endswith(".new"):
            print(each.day, each.actor)
"""
    seen = {tuple(line.split()) for line in python(tmp_path / "tested", code).splitlines() if line.strip()}
    assert min(int(day) for day, _ in seen) == 3
    assert {"us", "iraq", "badr"} <= {who for _, who in seen}
    with pytest.raises(AssertionError, match=r"which us[.]new has: give it a line"):
        python(tmp_path / "untested", "import sim; sim.CrisisModel('baghdad-2020')")


def test_the_tables_carry_what_rules_decide_by() -> None:
    rows = tables(load("baghdad-2020"), 0, 1).actions[0]
    for action in CATALOGUE:
        row = rows[action.act]
        assert (row["owner"], row["key"], row["words"]) == (action.owner, action.key, action.words)
        if action.kind == Class.HOLD and action.need == Need.NONE:
            assert action.words, f"{action.id} leaves something"
    assert {Kind(int(row["owner"])) for row in rows} == set(Kind)
