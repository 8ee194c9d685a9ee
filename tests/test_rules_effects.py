"""Every act of the catalogue as a script lets it happen: it stands in the trace, and leaves what its rule says."""

from typing import Any

import pytest
from small_world import A, model

from sim.actions import BY_ID, CATALOGUE, Act, Action
from sim.drivers.mesa_model import CrisisModel
from sim.world.names import Kind, Stage, Violence

CALM = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")
ACTORS = {Kind.US: "us", Kind.IRAN: "iran", Kind.IRAQ: "iraq", Kind.SADR: "sadr", Kind.COALITION: "coalition"}
MOOT = {Act.US_PAUSE_CLOSURE, Act.US_REVERSE_CLOSURE}
"""Nothing to stop in an open embassy."""


def happened(action: Action, day: int = 2, days: int = 4, **changes: Any) -> CrisisModel:
    """A model of actors who only hold, in which this act is scripted, lived a little longer."""
    event = {"day": day, "act": action.id, "by": ACTORS.get(action.owner, "group_0")}
    if action.act in (Act.IQ_ARREST, Act.IQ_RELEASE, Act.US_STRIKE_LIMITED, Act.US_STRIKE_CAMPAIGN):
        event["at"] = "group_0"
    if action.act in (Act.IR_RESTRAIN, Act.IR_PERMIT, Act.IR_PRESS, Act.US_KILL_COMMANDER):
        event["at"] = "group_0"
    return model({"policies": CALM, "events": [event], **changes}).run(days)


def nothing_happened(days: int = 4, **changes: Any) -> CrisisModel:
    """The same model without the act."""
    return model({"policies": CALM, **changes}).run(days)


@pytest.mark.parametrize("action", CATALOGUE, ids=lambda action: action.id)
def test_a_scripted_act_stands_in_the_trace(action: Action) -> None:
    trace = happened(action).trace
    found = trace[trace["act"] == action.act]
    groups = 2
    assert len(found) == (0 if action.act in MOOT else groups if action.act == Act.MI_TRUCE else 1)
    for e in found:
        assert (e["day"], e["scripted"], e["private"]) == (2, 1, action.private)
        assert e["rung"] >= min(action.rung, 1)


RAISED = {
    Act.US_LONG_WAIVER: "waiver_until",
    Act.US_SHORT_WAIVER: "waiver_until",
    Act.US_DEFEND: "air_defence",
    Act.US_TALK: "talks_until",
    Act.IQ_TIMETABLE_TALKS: "talks_until",
    Act.IQ_GUARD: "guard_until",
    Act.IQ_FISCAL_EMERGENCY: "street",
    Act.SA_PLEA_FOR_CALM: "plea_until",
    Act.SA_MARCH: "street",
    Act.SA_BACK_GOVERNMENT: "authority",
    Act.IR_CUT_GAS: "stress",
    Act.US_DECIDE_CLOSURE: "stress",
    Act.US_STRIKE_LIMITED: "crowd",
    Act.US_COMPLETE_CLOSURE: "free_hand",
}
LOWERED = {
    Act.US_WITHHOLD_AID: "aid",
    Act.US_CUT_TROOPS: "troop_goal",
    Act.US_PARTIAL_DRAWDOWN: "staff",
    Act.US_STRIKE_CAMPAIGN: "authority",
    Act.CO_FOLLOW: "coalition_stays",
    Act.IQ_FISCAL_EMERGENCY: "stress",
    Act.IQ_RELEASE: "authority",
    Act.MI_ASSASSINATE: "authority",
    Act.SA_MARCH: "legitimacy",
}
SHORT = {"baghdad.plea_days": -1, "economy.waiver_days": 1, "forces.air_defence": 0.5, "forces.troops": 5000}


@pytest.mark.parametrize(("act", "field"), RAISED.items(), ids=lambda each: getattr(each, "name", each))
def test_what_an_act_raises(act: Act, field: str) -> None:
    usual, changed = nothing_happened(**SHORT), happened(CATALOGUE[act], **SHORT)
    assert changed.crisis.w[field] > usual.crisis.w[field]


@pytest.mark.parametrize(("act", "field"), LOWERED.items(), ids=lambda each: getattr(each, "name", each))
def test_what_an_act_lowers(act: Act, field: str) -> None:
    usual, changed = nothing_happened(**SHORT), happened(CATALOGUE[act], **SHORT)
    assert changed.crisis.w[field] < usual.crisis.w[field]


OF_GROUPS = {
    Act.IR_ARM: ("capability", 1),
    Act.IR_SEND_ENVOY: ("control", 1),
    Act.US_DESIGNATE: ("capability", -1),
    Act.US_STRIKE_LIMITED: ("capability", -1),
    Act.US_KILL_COMMANDER: ("control", -1),
    Act.IR_PRESS: ("directive", 1),
    Act.IR_RESTRAIN: ("directive", -1),
}
MIDDLE = {"militias.group_0.capability": 0.5, "militias.group_0.iran_control": 0.5, "proxies.sanction_loss": 0.1}


@pytest.mark.parametrize("act", OF_GROUPS, ids=lambda act: act.name)
def test_what_an_act_does_to_a_group(act: Act) -> None:
    field, sign = OF_GROUPS[act]
    usual, changed = (
        each.crisis.actors[A][field] for each in (nothing_happened(**MIDDLE), happened(CATALOGUE[act], **MIDDLE))
    )
    assert sign * (changed - usual) > 0


@pytest.mark.parametrize("act", [Act.IQ_MEDIATE, Act.CO_MEDIATE], ids=lambda act: act.name)
def test_mediation_soothes(act: Act) -> None:
    """A salvo that hurt somebody is felt less when somebody mediates."""
    salvo = {"day": 0, "act": "mi.salvo", "by": "group_0", "at": "us", "us_hurt": 3, "us_killed": 0}
    by = ACTORS[CATALOGUE[act].owner]
    scripts = ([salvo], [salvo, {"day": 2, "act": CATALOGUE[act].id, "by": by}])
    lived = [model({"policies": CALM, "events": events}).run(4) for events in scripts]
    felt = [each.actors[0].state.violations for each in lived]
    assert 0 < felt[1] < felt[0]


STAGES = {
    Act.US_LETTER_OF_WARNING: Stage.WARNED,
    Act.US_PARTIAL_DRAWDOWN: Stage.PARTIAL,
    Act.US_DECIDE_CLOSURE: Stage.DRAWDOWN,
    Act.US_COMPLETE_CLOSURE: Stage.CLOSED,
}


@pytest.mark.parametrize("act", STAGES, ids=lambda act: act.name)
def test_steps_of_the_closure(act: Act) -> None:
    assert happened(CATALOGUE[act]).crisis.w.stage == STAGES[act]


@pytest.mark.parametrize("act", ["mi.truce", "iq.release", "mi.parade", "iq.expulsion_step"])
def test_an_act_that_is_switched_off_does_not_come_by_itself_either(act: str) -> None:
    """These also come without being chosen: weighed jointly, in answer to an arrest, called by parliament."""
    eager = {
        "truce.threshold": 0.2, "truce.least_share": 0.01, "baghdad.armed_reply": 1, "baghdad.climb_down": 1,
        "parliament.session": 0.3,
        "events": [{"day": day, "act": "iq.arrest", "by": "iraq", "at": "group_0"} for day in range(1, 50, 7)]
        + [{"day": 1, "act": "us.strike_limited", "by": "us", "at": "group_0"}],
    }  # fmt: skip
    number = BY_ID[act].act
    for enabled in (True, False):
        events = model({**eager, f"actions.{act}.enabled": enabled}).run(60).trace
        assert any(event["act"] == number for event in events) == enabled


def test_aid_flows_again_and_a_decided_closure_is_reversed() -> None:
    events = [{"day": 0, "act": "us.withhold_aid"}, {"day": 2, "act": "us.provide_aid"}]
    assert model({"policies": CALM, "events": events}).run(4).crisis.w.aid == 1
    events = [{"day": 0, "act": "us.decide_closure"}, {"day": 2, "act": "us.reverse_closure"}]
    assert model({"policies": CALM, "events": events}).run(4).crisis.w.stage == Stage.REVERSED


@pytest.mark.parametrize(
    ("acts", "force", "zone"),
    [
        ([], Violence.NONE, 0),
        (["mi.salvo"], Violence.ATTACKS_ONLY, 0),
        (["us.strike_limited"], Violence.US_STRIKES, 0),
        (["ir.missiles"], Violence.ATTACKS_ONLY, 0),
        (["us.strike_iran"], Violence.US_STRIKES, 0),
        (["us.strike_iran", "ir.missiles"], Violence.EXCHANGE, 1),
        (["us.strike_limited", "ir.missiles"], Violence.EXCHANGE, 1),
        (["us.strike_limited", "us.strike_iran"], Violence.EXCHANGE, 1),
        (["us.strike_campaign", "mi.barrage"], Violence.US_STRIKES, 1),
    ],
)
def test_how_far_force_went(acts: list[str], force: Violence, zone: int) -> None:
    """The outcome says what the script did; the barrage kills, so that it is a reply in kind."""
    by = {"us": "us", "ir": "iran", "mi": "group_0"}
    events = [{"day": day, "act": act, "by": by[act[:2]], "at": "us"} for day, act in enumerate(acts)]
    for event in events:
        event["at"] = "group_0" if event["act"].startswith("us.strike_") and "iran" not in event["act"] else event["at"]
        event.update({"us_killed": 1} if event["act"] == "mi.barrage" else {})
        event.update({"at": "iran"} if event["act"] == "us.strike_iran" else {})
    found = model({"policies": CALM, "war.psi": 0.01, "events": events}, world=1).run(8).outcome
    assert (found.force, found.battle_zone) == (force, zone)
