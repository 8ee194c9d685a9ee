"""What must hold in every world of every scenario, whatever its numbers, policies, script and luck."""

import math
import os
from functools import partial
from typing import Any
from unittest.mock import patch

import numba
import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from small_world import many_days
from strategies import scenarios

from sim.actions import CATALOGUE, Act, Need
from sim.drivers import mesa_model
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.errors import SimError
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.rules.decide import menu_of
from sim.rules.feasible import met
from sim.rules.ladder import hostility, violence, weight
from sim.rules.land import launch
from sim.scenario import load
from sim.world.names import FIRST_GROUP, NEVER, NOBODY, UNKNOWN, Class, Stage, TruceFate

EXAMPLES = int(os.environ.get("SIM_EXAMPLES", "6" if numba.config.DISABLE_JIT else "40"))
SHARES = ("staff", "authority", "stress", "guard", "air_defence", "street", "crowd", "aid")
TOLL = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")
BELIEFS = ("sponsor", "us_resolve", "fear")
STOCKS = ("rate", "violations", "commitment", "grievance", "blame", "capability", "control", "unanswered", "memory")


def check_state(c: Any) -> None:
    """Everything finite and in its range."""
    w = c.w
    for name in SHARES:
        assert 0 <= w[name] <= 1, (name, w[name])
    assert w.troops >= 0
    assert w.clock >= 0
    for name in (*BELIEFS, "control"):
        assert np.all((c.actors[name] >= 0) & (c.actors[name] <= 1)), name
    for name in STOCKS:
        assert np.isfinite(c.actors[name]).all(), name
        assert (c.actors[name] >= 0).all(), name
    assert np.isfinite(c.actors["replies"]).all()


def check_agenda(c: Any, day: int) -> None:
    """What is under way lands on a day to come: nothing is late."""
    for k in range(c.w.n_pending):
        q = c.w.pending[k]
        assert q.due > day, CATALOGUE[q.act].id
        assert 0 <= q.actor < len(c.actors)
        assert q.decided <= day


class Watched(CrisisModel):
    """A model that checks itself at every midnight."""

    def step(self) -> None:
        before = {name: self.crisis.w[name].item() for name in (*TOLL, "staff", "troops", "stage", "n_events")}
        super().step()
        check_state(self.crisis)
        check_agenda(self.crisis, self.day - 1)
        self.check_change(before)

    def check_change(self, before: dict[str, Any]) -> None:
        """Nothing moves without a cause in today's events."""
        w = self.crisis.w
        today = [w.events[k] for k in range(before["n_events"], w.n_events)]
        for name in TOLL:
            assert w[name] - before[name] == sum(e[name] for e in today), name
        assert w.troops <= before["troops"]
        acts = {e.act for e in today}
        if w.staff > before["staff"]:
            assert w.stage in (Stage.OPEN, Stage.WARNED, Stage.REVERSED)
        if w.stage == Stage.CLOSED and before["stage"] != Stage.CLOSED:
            assert Act.US_COMPLETE_CLOSURE in acts
        if before["stage"] == Stage.CLOSED:
            assert w.stage == Stage.CLOSED, "a closed embassy stays closed"


def launch_watched(c: Any, row: int) -> None:
    """Let an actor act, if its choice is on its menu, switched on, and its need is met."""
    act = c.actors[row].choice
    if act != NOBODY:
        assert act in menu_of(c, c.traits[row].kind)
        assert c.acts[act].enabled == 1
        assert c.acts[act].kind == Class.HOLD or met(c, row, c.acts[act].need), CATALOGUE[act].id
        assert c.acts[act].need not in (Need.ORDER_ONLY, Need.JOINT_ONLY)
    launch(c, row)


def lived(mapping: Any, world: int) -> Watched:
    """A watched world, lived to its horizon; scenarios whose trace overflows are not what is tested here."""
    model = Watched(load(mapping), world)
    try:
        with patch.object(mesa_model, "launch", launch_watched):
            model.run()
    except SimError:
        reject()
    return model


@settings(max_examples=EXAMPLES)
@given(scenarios(most_days=40), st.integers(0, 1000))
def test_random_worlds_keep_every_invariant(mapping: Any, world: int) -> None:
    model = lived(mapping, world)
    trace = model.trace
    check_trace(model, trace)
    check_outcome(model, trace)


def check_trace(model: CrisisModel, trace: Any) -> None:
    """Every event has an author who could do it, a cause before it, and lands at its lag."""
    n = len(model.crisis.actors)
    days = trace["day"]
    assert (np.diff(days) >= 0).all()
    for k, e in enumerate(trace):
        action = CATALOGUE[e["act"]]
        assert 0 <= e["actor"] < n
        assert model.crisis.traits[e["actor"]].kind == action.owner
        assert e["target"] in (NOBODY, *range(n))
        assert -1 <= e["cause"] < k
        assert e["believed_author"] in (UNKNOWN, e["actor"], *range(FIRST_GROUP, n))
        assert 0 <= e["landed"] <= max(e["rockets"], e["landed"] if e["scripted"] else 0)
        assert all(e[name] >= 0 for name in (*TOLL, "iraqi_hurt"))
        assert -2 <= e["rung"] <= 12
        check_lag(model.crisis.acts[e["act"]], e)


def check_lag(row: Any, e: Any) -> None:
    """Decided acts land after their lag; an armed reply and a climb-down have lags of their own."""
    if e["decided"] == e["day"] or e["act"] in (Act.MI_PARADE, Act.IQ_RELEASE):
        return
    assert math.floor(row.lag_low + 0.5) <= e["day"] - e["decided"] <= math.floor(row.lag_high + 0.5)


def check_outcome(model: CrisisModel, trace: Any) -> None:
    """The outcome says what the trace says."""
    found, w = model.outcome, model.crisis.w
    for name in TOLL:
        assert found[name] == trace[name].sum() == w[name]
    assert found["top_rung"] == max([0, *trace["rung"]])
    assert found["severity"] == pytest.approx(sum(weight(int(rung)) for rung in trace["rung"]))
    assert found["events"] == len(trace)
    closings = [e for e in trace if e["act"] == Act.US_COMPLETE_CLOSURE and not e["scripted"]]
    for e in closings:
        assert w.decided_day > NEVER
        assert e["day"] - w.decided_day >= model.crisis.p.embassy_closure_days
    check_warning(model, trace)
    if not (trace["act"] == Act.MI_TRUCE).any() and not model.crisis.p.truce_on:
        assert found["truce"] == TruceFate.NONE


def check_warning(model: CrisisModel, trace: Any) -> None:
    """Washington does not choose to close unless a letter, or a state on day 0, has warned Baghdad."""
    if int(model.crisis.p.embassy_stage) not in (Stage.OPEN, Stage.CLOSED, Stage.REVERSED):
        return
    told = [*trace["day"][trace["act"] == Act.US_LETTER_OF_WARNING], *trace["day"][trace["scripted"] == 1]]
    for e in trace[(trace["act"] == Act.US_DECIDE_CLOSURE) & (trace["scripted"] == 0)]:
        assert min(told, default=math.inf) <= e["decided"]


ENDS = [*PARAMETERS, *(each.of(kind) for each in ACTOR_PARAMETERS for kind in each.defaults)]


def address(path: str) -> str:
    """Path of a quantity; groups have theirs by id."""
    return path.replace("militia.", "militias.badr.")


@many_days
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ends_of_every_range(end: str) -> None:
    """One world for each quantity, in which it alone stands at the end of its range; and one with all at once."""
    scenario = load("baghdad-2020", {"horizon": 60})
    values = {address(each.path): getattr(each, end) for each in ENDS}
    points = {path: np.full(len(values) + 1, scenario.values[path]) for path in values}
    for world, (path, value) in enumerate(values.items()):
        points[path][[world, -1]] = value
    lived = next(chunks(scenario, len(values) + 1, "daily", points=points))
    for table in (lived.outcomes, lived.series):
        for name in table.dtype.names:
            assert np.isfinite(table[name]).all(), name
    for name in SHARES[:3]:
        assert ((lived.series[name] >= 0) & (lived.series[name] <= 1)).all()


def test_scores_never_fall_with_added_violence() -> None:
    """The same event on a higher rung weighs more, in every score."""
    weights = [weight(rung) for rung in range(-2, 13)]
    assert (np.diff(weights) > 0).all()
    for score in (hostility, partial(violence, killed=0)):
        assert (np.diff([score(rung) for rung in range(-2, 13)]) >= 0).all()
    assert violence(8, 0) <= violence(8, 24) <= violence(8, 25)


@pytest.mark.parametrize("act", ["mi.salvo", "us.strike_limited", "ir.missiles"])
def test_an_added_attack_raises_the_scores(act: str) -> None:
    """A scripted attack among actors who only hold, so that nothing else differs."""
    by = {"mi": "badr", "us": "us", "ir": "iran"}[act[:2]]
    calm = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")
    base = load("baghdad-2020", {"horizon": 30, "policies": calm})
    more = base.with_({"events": [{"day": 29, "act": act, "by": by, "at": "badr" if by == "us" else "us"}]})
    usual, added = (next(chunks(each, 10, "outcomes")).outcomes for each in (base, more))
    assert (added["severity"] > usual["severity"]).all()
    assert (added["goldstein"] < usual["goldstein"]).all()
    for name in ("top_rung", "hostility", "violence", "force"):
        assert (added[name] >= usual[name]).all(), name
