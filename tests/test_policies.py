"""Python policies: what they see, what they may return, when they are asked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sim.actions import BY_ID
from sim.drivers.deliberation import Option
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError, SimError
from sim.scenario import Scenario, load
from sim.view import View, named_rightly
from sim.world.names import FIRST_GROUP, Class, Directive

WORLD = 3


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("baghdad-2020", ["horizon=40"])


@pytest.fixture(scope="module")
def plain(scenario: Scenario) -> CrisisModel:
    return CrisisModel(scenario, WORLD, keep_options=True).run()


def hold(view: View, options: Sequence[Option]) -> Option:
    return next(option for option in options if BY_ID[option.id].kind == Class.HOLD)


class Recorder:
    """Holds, and keeps what it saw."""

    def __init__(self, seat: bool = False) -> None:
        self.seat = seat
        self.seen: list[tuple[int, list[str], dict[str, Any]]] = []

    def choose(self, view: View, options: Sequence[Option]) -> Option:
        told = view.public | view.own | {"events": view.events, "groups": view.groups, "under_way": view.under_way}
        self.seen.append((view.day, [option.id for option in options], told))
        return hold(view, options)


def test_a_policy_that_holds_means_no_act_of_that_actor(scenario: Scenario) -> None:
    model = CrisisModel(scenario, WORLD, policies={"us": hold}).run()
    assert not [e for e in model.trace if e["actor"] == 0 and not e["scripted"]]


def test_a_policy_is_asked_when_the_rulebook_sits_a_seat_every_day(scenario: Scenario) -> None:
    asked, seated = Recorder(), Recorder(seat=True)
    model = CrisisModel(scenario, WORLD, policies={"us": asked}, keep_options=True).run()
    CrisisModel(scenario, WORLD, policies={"us": seated}).run()
    sat = [each.day for each in model.deliberations if each.actor == "us" and each.chosen]
    assert [day for day, _, _ in asked.seen] == sat
    assert 0 < len(sat) < scenario.horizon
    assert [day for day, _, _ in seated.seen] == list(range(scenario.horizon))


def test_a_seat_that_plays_the_rulebooks_choices_lives_the_rulebooks_world(
    scenario: Scenario, plain: CrisisModel
) -> None:
    """Being asked every day changes nothing but what is chosen."""
    for actor in ("us", "iraq", "kataib_hezbollah"):
        chosen = {each.day: each.chosen for each in plain.deliberations if each.actor == actor and each.chosen}

        class Again:
            seat = True

            def choose(self, view: View, options: Sequence[Option], plan: dict[int, str | None] = chosen) -> Option:
                wanted = plan.get(view.day)
                return next((o for o in options if o.id == wanted), None) or hold(view, options)

        model = CrisisModel(scenario, WORLD, policies={actor: Again()}).run()
        assert model.trace.tobytes() == plain.trace.tobytes(), actor


def test_orders_of_a_policy_replace_tehrans(scenario: Scenario) -> None:
    class Press:
        seat = True
        choose = staticmethod(hold)

        def orders(self, view: View) -> dict[str, Directive]:
            return {"kataib_hezbollah": Directive.PRESS} if view.day == 2 else {}

    model = CrisisModel(scenario, WORLD, policies={"iran": Press()}).run()
    told = [(BY_ID_OF[e["act"]], model.name_of(e["target"])) for e in model.trace if e["actor"] == 1]
    assert told == [("ir.press", "kataib_hezbollah")]


BY_ID_OF = {action.act: action.id for action in BY_ID.values()}


def test_others_secrets_are_not_seen(scenario: Scenario) -> None:
    seats = {"us": Recorder(True), "iran": Recorder(True), "kataib_hezbollah": Recorder(True)}
    model = CrisisModel(scenario, WORLD, policies=seats).run()
    private = {action.id for action in BY_ID.values() if action.private}
    for actor, recorder in seats.items():
        for _, _, told in recorder.seen:
            secret = {e["act"] for e in told["events"] if e["act"] in private and e["author"] != actor}
            assert not secret
            assert set(told) & {"seed", "number", "believed_author"} == set()
    unseen = [e for e in model.trace if e["private"]]
    assert len(seats["us"].seen[-1][2]["events"]) <= len(model.trace) - len(unseen)


def test_an_unnamed_attacker_is_unknown_to_others_and_known_to_itself() -> None:
    scenario = load("baghdad-2020", ["horizon=60"])
    seats = {"us": Recorder(True)}
    model = CrisisModel(scenario, 1, policies=seats).run()
    attacks = [e for e in seats["us"].seen[-1][2]["events"] if e["rung"] >= 7 and e["act"].startswith("mi.")]
    unknown = [e for e in attacks if e["author"] == "unknown"]
    named = [e for e in attacks if e["author"] != "unknown"]
    assert unknown
    assert named
    assert all(e["sure"] == 0.0 for e in unknown)
    assert all(0.0 < e["sure"] < 1.0 for e in named)
    assert model.crisis.w.n_events >= len(attacks)


def test_how_sure_a_name_is_holds_in_the_long_run() -> None:
    """Of the authors named on the day, the share that is right is what observers are told (Bayes' rule)."""
    scenario = load("baghdad-2020", ["perception.evidence_hazard=0"])
    events = next(iter(chunks(scenario, 300, "trace"))).events
    attacks = events[(events["rung"] >= 7) & (events["actor"] >= FIRST_GROUP) & (events["believed_author"] >= 0)]
    crisis = CrisisModel(scenario).crisis
    sure = np.array([named_rightly(crisis, e) for e in attacks])
    right = attacks["believed_author"] == attacks["actor"]
    for doubtful in (True, False):
        part = (sure < np.median(sure)) == doubtful
        assert part.sum() > 300
        assert right[part].mean() == pytest.approx(sure[part].mean(), abs=0.06)


def test_tehran_knows_its_hold_washington_the_blame(scenario: Scenario) -> None:
    model = CrisisModel(scenario, WORLD).run(20)
    views = {actor.id: View(actor) for actor in model.actors}
    assert set(views["iran"].groups["badr"]) == {"in_truce", "capability", "control", "directive", "directive_strength"}
    assert set(views["us"].groups["badr"]) == {"in_truce", "blame", "prisoners"}
    assert set(views["sadr"].groups["badr"]) == {"in_truce"}
    assert "rocket_chance" in views["badr"].own
    assert "rocket_chance" not in views["us"].own


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (lambda view, options: None, "chose None on day"),
        (lambda view, options: 1 / 0, "failed on day"),
    ],
)
def test_errors_name_actor_and_day(scenario: Scenario, policy: Any, message: str) -> None:
    with pytest.raises(SimError, match=rf"the policy of us {message} \d+"):
        CrisisModel(scenario, WORLD, policies={"us": policy}).run()


def test_errors_in_orders_name_actor_and_day(scenario: Scenario) -> None:
    class Broken:
        choose = staticmethod(hold)

        def orders(self, view: View) -> dict[str, int]:
            raise ValueError("no")

    with pytest.raises(SimError, match="the policy of iran failed on day 0"):
        CrisisModel(scenario, WORLD, policies={"iran": Broken()}).run()


def test_a_policy_that_cannot_be_used_is_refused(scenario: Scenario) -> None:
    with pytest.raises(InputError, match="callable"):
        CrisisModel(scenario, policies={"us": 3})
    with pytest.raises(InputError, match="unknown actor 'usa'"):
        CrisisModel(scenario, policies={"usa": hold})


def test_the_morning_is_lived_once(scenario: Scenario, plain: CrisisModel) -> None:
    model = CrisisModel(scenario, WORLD)
    while model.day < model.horizon:
        model.morning()
        model.actors[0].deliberate()
        model.morning()
        model.step()
    assert model.trace.tobytes() == plain.trace.tobytes()
