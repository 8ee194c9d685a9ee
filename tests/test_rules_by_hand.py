"""Rules at their edges: the largest toll, the last day of a window, the cap of a sum, each worked out by hand."""

from typing import Any

import numpy as np
import pytest
from small_world import COALITION, IRAN, IRAQ, NOBODY, SADR, US, A, B, Stage, crisis, model, rows

from sim.actions import Act, Need
from sim.drivers.ensemble import chunks
from sim.drivers.mesa_model import CrisisModel
from sim.rules.anticipate import INDIRECT, PRIOR, anticipation, expected_reply, value_of_reply
from sim.rules.attack import hit_people, rocket_site, salvo_size
from sim.rules.calendar import keep_calendar
from sim.rules.commit import commit
from sim.rules.embassy import decide_closure, run_clock
from sim.rules.feasible import met, met_force, met_politics
from sim.rules.force import fire_missiles, strike, strike_iran
from sim.rules.land import land_iraq
from sim.rules.luck import power_law
from sim.rules.outcome import close_world, keep_day
from sim.rules.perceive import (
    assign_blame,
    attribute,
    believed_strike,
    compliance,
    own_deaths,
    partner_of,
    shift_resolve,
    suspicion,
)
from sim.rules.proceed import fade
from sim.rules.record import luck_of, note
from sim.rules.weigh import target_of
from sim.scenario import load
from sim.world.names import NEVER, UNKNOWN, Draw, Embassy, Reply, Site, TruceFate
from sim.world.records import OUTCOME, SERIES

HEAVY_TAIL = 1.05
"""Of attacks with this exponent four in five reach any bound."""
CALM = dict.fromkeys(("us", "iran", "iraq", "sadr", "coalition", "militias"), "scripted")
TOLL = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "iraqi_hurt", "militia_killed", "iranian_killed")


def event(c: Any, act: Act, by: int = A, at: int = int(US), **fields: int) -> Any:
    """An event of today with some fields set."""
    e = c.w.events[note(c, act.value, by, at, NOBODY)]
    for field, value in fields.items():
        e[field] = value
    return e


def worst(toll: Any) -> list[int]:
    """The largest of each casualty over some worlds in which attacks of any kind are certain to hurt and kill."""
    found = []
    for world in range(30):
        c = crisis(world=world)
        c.p.combat_severity = c.p.strikes_severity = HEAVY_TAIL
        c.p.combat_us_hit = c.p.combat_us_deadly = c.p.combat_iraqi_hit = c.p.combat_iraqi_deadly = 1.0
        c.p.combat_coalition_hit = c.p.strikes_iraqi_hit = c.p.strikes_missile_deadly = 1.0
        c.w.troops = 1e6
        e = c.w.events[toll(c)]
        found.append([e[name] for name in TOLL])
    return np.max(found, axis=0).tolist()


def rocket(c: Any) -> int:
    e = event(c, Act.MI_SALVO, rockets=3, landed=3)
    hit_people(c, 0)
    assert e.us_hurt > 3
    return 0


def test_the_worst_that_an_attack_can_do() -> None:
    """60 killed, 100 hurt and three more beside the dead; strikes kill 3 to 63, a campaign four times as many."""
    assert worst(rocket) == [60, 103, 1, 60, 100, 0, 0]
    assert worst(lambda c: strike(c, Act.US_STRIKE_LIMITED.value, A, NOBODY)) == [0, 0, 0, 30, 0, 63, 0]
    assert worst(lambda c: strike(c, Act.US_STRIKE_CAMPAIGN.value, A, NOBODY)) == [0, 0, 0, 30, 0, 243, 0]
    assert worst(lambda c: strike_iran(c, Act.US_STRIKE_IRAN.value, NOBODY))[-1] == 102
    assert worst(lambda c: fire_missiles(c, Act.IR_MISSILES.value, NOBODY))[0] == 60


def test_the_hurt_of_a_rocket_by_its_own_luck() -> None:
    """One that lands hits Americans with at most one and a half times the base chance; strays come from every third."""
    for world in range(60):
        c = crisis({"combat.coalition_hit": 0}, world)
        c.w.troops = 1e6
        c.p.combat_us_hit, c.p.combat_iraqi_hit, c.p.combat_us_deadly, c.p.combat_severity = 0.4, 0.3, 0.0, 1e9
        e = event(c, Act.MI_SALVO, rockets=7, landed=1)
        hit_people(c, 0)
        assert e.us_hurt == (luck_of(c, 0, Draw.US_HIT.value) < 1.5 * 0.4)
        assert e.iraqi_hurt == (luck_of(c, 0, Draw.OTHER_HIT.value) < 1 - 0.7**2)
    assert [salvo_size(u) for u in (0.0, 0.2275, 0.4551, 0.6826, 0.9099, 0.91, 0.999)] == [1, 2, 3, 4, 4, 5, 11]


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED])
def test_shares_of_the_sites(stage: Stage) -> None:
    """The embassy its share; of the rest the airport 60 %, Asad 25 %, Erbil 15 %."""
    c = crisis({"combat.embassy_share": 0.5})
    c.w.stage = stage
    share = 0.5 if stage == Stage.OPEN else 0.0
    edges = [0, share, share + 0.6 * (1 - share), share + 0.85 * (1 - share), 1]
    for site, low, high in zip((Site.EMBASSY, Site.AIRPORT, Site.ASAD, Site.ERBIL), edges, edges[1:], strict=False):
        if low < high:
            assert (rocket_site(c, low + 1e-9), rocket_site(c, high - 1e-9)) == (site, site)


def test_missiles_by_their_own_luck() -> None:
    """12 to 21 of which at most 5 miss; they hurt one and .25 to 1.75 of the number set, by those present."""
    for world in range(20):
        c = crisis({"strikes.missile_hurt": 100, "combat.severity": 3}, world)
        c.w.troops = 1e6
        c.p.strikes_missile_deadly = 0.4
        e = c.w.events[fire_missiles(c, Act.IR_MISSILES.value, NOBODY)]
        size, miss, hurt, dead = (
            luck_of(c, 0, draw.value) for draw in (Draw.SALVO, Draw.LANDED, Draw.US_HURT, Draw.US_DEAD)
        )
        assert (e.rockets, e.rockets - e.landed) == (12 + int(10 * size), int(6 * miss))
        assert e.us_hurt == 1 + int(150 * (0.25 + 1.5 * hurt))
        many = power_law(luck_of(c, 0, Draw.US_TOLL.value), 3.0, 60)
        assert e.us_killed == (many if dead < 0.6 else 0)


def test_tolls_by_their_own_luck() -> None:
    """Whether somebody dies and how many are two draws."""
    for world in range(20):
        c = crisis(world=world)
        c.p.combat_us_hit = c.p.combat_iraqi_hit = c.p.combat_us_deadly = c.p.combat_iraqi_deadly = 1.0
        c.p.strikes_iraqi_hit, c.p.combat_severity, c.p.strikes_severity = 1.0, 1.5, 1.5
        c.w.troops = 1e6
        e = event(c, Act.MI_SALVO, rockets=3, landed=3)
        hit_people(c, 0)
        drawn = [power_law(luck_of(c, 0, draw.value), 1.5, 60) for draw in (Draw.US_TOLL, Draw.OTHER_TOLL)]
        assert [e.us_killed, e.iraqi_killed] == drawn
        drawn = [power_law(luck_of(c, 0, draw.value), 1.5, 100) for draw in (Draw.US_HURT, Draw.OTHER_HURT)]
        assert [e.us_hurt - 3, e.iraqi_hurt] == drawn
        raid = c.w.events[strike(c, Act.US_STRIKE_LIMITED.value, A, NOBODY)]
        assert raid.militia_killed == 3 + power_law(luck_of(c, 1, Draw.STRIKE_DEAD.value), 1.5, 60)
        assert raid.iraqi_killed == power_law(luck_of(c, 1, Draw.CIVILIAN_TOLL.value), 1.5, 30)


def test_scripted_deaths_make_harassment_lethal() -> None:
    events = [{"day": 0, "act": "ir.harass_at_sea", "by": "iran", "at": "us", "us_killed": 1}]
    c = crisis({"policies": CALM, "events": events})
    keep_calendar(c)
    assert {Act(e.act): e.rung for e in rows(c)} == {Act.IR_HARASS_AT_SEA: 8}


def test_a_scripted_step_whose_occasion_has_passed_leaves_nothing() -> None:
    """Tables are used again for the next world, so behind the last event stands what an earlier world wrote there."""
    c = crisis({"policies": CALM, "events": [{"day": 0, "act": "us.pause_closure", "by": "us", "at": "iraq"}]})
    c.w.events[0].us_killed, c.w.events[0].rung, c.w.events[0].scripted = 5, 9, 0
    keep_calendar(c)
    assert (c.w.n_events, c.w.us_killed, c.w.top_rung, c.w.events[0].scripted) == (0, 0, 0, 0)


WINDOWS = {
    Need.ATTACKED: ("attack_day", 14),
    Need.COMMANDER_FOUND: ("found_day", 5),
    Need.RUNG_TEN: ("missile_day", 14),
    Need.AVENGE: ("iran_hit_day", 30),
    Need.VOTE_CALLED: ("called_day", 21),
}


@pytest.mark.parametrize("need", WINDOWS, ids=lambda need: need.name.lower())
def test_windows_end_on_their_last_day(need: Need) -> None:
    field, last = WINDOWS[need]
    c = crisis({"us.preempts": 0})
    c.w[field] = 2
    c.w.day = 2 + last
    if need == Need.COMMANDER_FOUND:
        assert not met(c, int(US), need.value), "and an attack to answer"
        c.w.attack_day = c.w.day
    assert met(c, int(US), need.value)
    c.w.day = 3 + last
    assert not met(c, int(US), need.value)


def test_who_strikes_without_an_attack() -> None:
    c = crisis({"us.preempts": 1})
    assert met(c, int(US), Need.ATTACKED.value)
    assert not met(c, int(US), Need.COMMANDER_FOUND.value)
    c.w.found_day = 0
    assert met(c, int(US), Need.COMMANDER_FOUND.value)
    c.w.attack_day = 0
    for staff, free in ((0.34, False), (0.33, True)):
        c.w.staff = staff
        assert met(c, int(US), Need.LINE_CROSSED.value) == free


def test_a_strike_on_iran_needs_a_crossed_line_a_known_sponsor_and_a_fight_on_rung_ten() -> None:
    c = crisis({"us.red_line": 1})
    c.w.day, c.w.us_ten_day, c.actors[US].unanswered, c.actors[US].sponsor = 16, 2, 1.0, 0.8
    assert met(c, int(US), Need.RUNG_TEN.value)
    for target, field, value in (
        (c.w, "us_ten_day", 1),
        (c.actors[US], "unanswered", 0),
        (c.actors[US], "sponsor", 0.79),
    ):
        before = target[field].item()
        target[field] = value
        assert not met(c, int(US), Need.RUNG_TEN.value), field
        target[field] = before


def test_probabilities_of_replies_are_probabilities() -> None:
    for row in (*PRIOR, INDIRECT):
        assert all(0 <= share <= 1 for share in row)
        assert sum(row) == pytest.approx(1, abs=1e-3)


def test_anticipation_by_hand() -> None:
    """Weights 1 and .5: Iran, whose client is hit, and the groups; each reply is worth what is set."""
    c = crisis({"us.reply_weight_first": 1, "us.reply_weight_second": 0.5, "perception.pseudo_cases": 10})
    values = [value_of_reply(c, reply) for reply in range(len(Reply))]
    names = ("concede", None, "pressure", "display", "limited", "severe")
    assert values == [c.p[f"anticipation_{name}"] if name else 0 for name in names]
    strike_row = Act.US_STRIKE_LIMITED.value
    c.actors[US].replies[0, 4, 2], c.actors[US].memory = 4.0, 1.5
    mine = [expected_reply(c, int(US), 0, 4, k, True) for k in range(6)]
    assert mine == pytest.approx([(15 * INDIRECT[k] + (4 if k == 2 else 0)) / 19 for k in range(6)])
    expected = np.dot(mine, values) + 0.5 * np.dot(PRIOR[4], values)
    assert anticipation(c, int(US), strike_row, A) == pytest.approx(expected * c.acts[strike_row].attributability)


def test_who_learns_whose_replies() -> None:
    """First and second partner of each kind of actor."""
    c = crisis()
    everybody = [int(row) for row in (US, IRAN, IRAQ, SADR, COALITION)] + [A]
    partners = {row: [partner_of(c, row, other) for other in everybody] for row in everybody}
    assert partners == {
        US: [-1, 0, -1, -1, -1, 1],
        IRAN: [0, -1, -1, -1, -1, -1],
        IRAQ: [1, -1, -1, -1, -1, 0],
        SADR: [-1] * 6,
        COALITION: [-1] * 6,
        A: [0, -1, 1, -1, -1, -1],
    }


def test_blame_by_hand() -> None:
    """An attack weighs .1, with wounded .9, with dead 3 more for each."""
    for toll, weight in (({}, 0.1), ({"us_hurt": 2}, 0.9), ({"us_hurt": 2, "us_killed": 2}, 6.9)):
        c = crisis()
        assign_blame(c, event(c, Act.MI_SALVO, believed_author=B, **toll))
        assert (c.actors[A].blame, c.actors[B].blame) == (0, pytest.approx(weight))
    c.actors[A].capability, c.actors[A].control, c.traits[A].rocket_rate = 0.4, 0.3, 0.2
    assert suspicion(c, A) == pytest.approx(0.4 * 0.2 * 0.8)


def test_own_deaths_count_for_their_own() -> None:
    """A commander counts twice with Tehran and once with the group that loses him."""
    c = crisis()
    killing = event(c, Act.US_KILL_COMMANDER, int(US), A, iranian_killed=1, coalition_killed=3, us_killed=4)
    found = [own_deaths(int(row), killing) for row in (US, IRAN, IRAQ, SADR, COALITION, A, B)]
    assert found == [4, 2, 0, 0, 3, 1, 0]
    raid = event(c, Act.US_STRIKE_LIMITED, int(US), A, iranian_killed=1, militia_killed=5)
    assert [own_deaths(int(row), raid) for row in (IRAN, A)] == [1, 0]


def test_the_fear_of_a_strike_by_hand() -> None:
    numbers = {"signals.strike_prior": 0.1, "signals.fear_of_reprisal": 0.6, "signals.deniability": 0.4}
    c = crisis(numbers)
    c.actors[A].us_resolve, c.w.free_hand, c.actors[US].violations = 0.7, 0.5, 1.5
    c.traits[A].closure_reading, c.traits[A].deniability = 0.8, 0.9
    expected = 0.1 * 2 * 0.7 * (1 + 0.8 * 0.5) * (1 + 0.6 * 1.5 / 3) * (1 + 0.4 * (0.5 - 0.9))
    assert believed_strike(c, A) == pytest.approx(expected)
    c.actors[US].violations = 9.0
    assert believed_strike(c, A) == pytest.approx(expected * 1.6 / 1.3)


def test_resolve_moves_on_the_scale_of_log_odds_up_to_four() -> None:
    c = crisis({"signals.weight": 0.5})
    c.actors[A].us_resolve, c.actors[A].us_credibility = 0.5, 0.8
    shift_resolve(c, A, 1.0)
    assert c.actors[A].us_resolve == pytest.approx(1 / (1 + np.exp(-0.4)))
    for signal, bound in ((100.0, 4.0), (-100.0, -4.0)):
        shift_resolve(c, A, signal)
        assert c.actors[A].us_resolve == pytest.approx(1 / (1 + np.exp(-bound)))


def test_compliance_by_hand() -> None:
    """Three quarters fewer attacks, an arrest within thirty days, a guard while it stands, together at most 1."""
    numbers = {"perception.rate_reference": 0.4, "perception.arrest_weight": 0.1, "perception.guard_weight": 0.2}
    c = crisis(numbers)
    c.actors[US].rate, c.w.guard, c.w.guard_until, c.w.arrest_day, c.w.day = 0.3, 0.5, 30, 0, 30
    assert compliance(c) == pytest.approx(0.25 + 0.1 + 0.1)
    c.w.day = 31
    assert compliance(c) == pytest.approx(0.25)
    c.actors[US].rate = 4.0
    assert compliance(c) == 0


@pytest.mark.parametrize("facade", [0, 1])
def test_authors_are_named_by_their_own_luck(facade: int) -> None:
    c = crisis({"perception.facade_shield": 0.5, "perception.wrong_author": 0.3})
    c.acts[Act.MI_SALVO].attributability = 0.6
    seen = set()
    for world in range(80):
        c.w.number, c.w.n_events = world, 0
        e = event(c, Act.MI_SALVO, facade=facade)
        attribute(c, 0)
        named = luck_of(c, 0, Draw.ATTRIBUTE.value) < 0.6 * (1 - 0.5 * facade)
        wrong = luck_of(c, 0, Draw.WRONG_AUTHOR.value) < 0.3
        assert e.believed_author == (A if named else B if wrong else UNKNOWN)
        seen.add(int(e.believed_author))
    assert seen == {A, B, UNKNOWN}


TARGETS = {
    Act.US_STRIKE_IRAN: (US, IRAN),
    Act.US_DESIGNATE: (US, IRAN),
    Act.US_PUBLIC_RED_LINE: (US, IRAN),
    Act.US_STRIKE_CAMPAIGN: (US, B),
    Act.US_LETTER_OF_WARNING: (US, IRAQ),
    Act.IR_CUT_GAS: (IRAN, IRAQ),
    Act.IR_MISSILES: (IRAN, US),
    Act.IQ_ARREST: (IRAQ, B),
    Act.IQ_RELEASE: (IRAQ, A),
    Act.IQ_GUARD: (IRAQ, NOBODY),
    Act.SA_MARCH: (SADR, NOBODY),
    Act.CO_FOLLOW: (COALITION, NOBODY),
    Act.MI_PARADE: (A, IRAQ),
    Act.MI_ASSASSINATE: (A, IRAQ),
    Act.MI_BARRAGE: (A, US),
}


def test_whom_acts_are_aimed_at() -> None:
    c = crisis()
    c.actors[A].prisoners, c.actors[B].capability = 1, 1.0
    assert c.actors[A].capability < 1
    assert {act: target_of(c, int(by), act.value) for act, (by, _) in TARGETS.items()} == {
        act: target for act, (_, target) in TARGETS.items()
    }


COUNTED = {
    Act.MI_SALVO: "rockets",
    Act.MI_BARRAGE: "rockets barrages",
    Act.MI_CONVOY_IED: "ieds",
    Act.MI_STORM: "embassy_stormed",
    Act.MI_PARADE: "parades",
    Act.IQ_ARREST: "arrests",
    Act.IR_MISSILES: "iran_missiles missile_day missiles_fired",
    Act.US_STRIKE_LIMITED: "us_strikes strike_day us_struck",
    Act.US_STRIKE_CAMPAIGN: "us_strikes strike_day us_struck",
    Act.US_KILL_COMMANDER: "us_strikes strike_day us_struck commander_killed",
    Act.US_PARTIAL_DRAWDOWN: "partial",
    Act.US_REVERSE_CLOSURE: "reversed",
    Act.US_DECIDE_CLOSURE: "closure_decided_day closing_decided",
    Act.US_TALK: "",
}
COLUMNS = sorted({name for names in COUNTED.values() for name in names.split()})


def judged(c: Any) -> Any:
    """The outcome of a world as it stands, in a row in which something else stood before."""
    row = np.ones(1, OUTCOME)[0]
    close_world(c, row)
    return row


@pytest.mark.parametrize("act", COUNTED, ids=lambda act: act.name.lower())
def test_what_each_act_adds_to_outcome_and_series(act: Act) -> None:
    """Twice the act, on days 0 and 1: counts are 2, flags 1, first days 0, and what the act is not stays away."""
    c = crisis()
    for day in (0, 1):
        c.w.day = day
        event(c, act)
    row, today = judged(c), np.ones(1, SERIES)[0]
    keep_day(c, 1, today)
    for name in COLUMNS:
        counts, of_act = (
            name in ("rockets", "barrages", "ieds", "parades", "arrests", "iran_missiles", "us_strikes"),
            (name in COUNTED[act].split()),
        )
        absent = -1 if name.endswith("_day") else 0
        present = 2 if counts else 0 if name.endswith("_day") else 1
        assert row[name] == (present if of_act else absent), name
        if name in (SERIES.names or ()):
            assert today[name] == of_act, name
    assert (row.events, row.goldstein) == (2, pytest.approx(2 * c.acts[act].goldstein))


def test_a_day_of_concessions_lies_below_routine() -> None:
    c = crisis()
    today = np.ones(1, SERIES)[0]
    event(c, Act.MI_TRUCE)
    keep_day(c, 0, today)
    assert today.rung == -2


def test_casualties_of_outcome_and_series() -> None:
    c = crisis()
    for day, dead in ((3, 0), (4, 2), (5, 1)):
        c.w.day = day
        event(c, Act.MI_SALVO, us_killed=dead, us_hurt=dead + 1)
    today = np.ones(1, SERIES)[0]
    keep_day(c, 1, today)
    assert (today.us_killed, today.us_hurt, today.rung) == (3, 5, 7)
    keep_day(c, 3, today)
    assert (today.us_killed, today.rockets, today.rung) == (0, 0, 0)
    c.w.us_killed, c.w.iraqi_killed, c.w.coalition_killed, c.w.militia_killed, c.w.iranian_killed = 1, 2, 4, 8, 10
    row = judged(c)
    assert (row.us_death, row.us_death_day, row.violence) == (1, 4, 3)  # 25 dead are serious clashes
    c.w.us_killed = 0
    assert (judged(c).us_death, judged(c).violence) == (0, 1)


FATES = {
    Stage.OPEN: Embassy.OPEN,
    Stage.WARNED: Embassy.THREATENED,
    Stage.PARTIAL: Embassy.PARTIAL,
    Stage.DECIDED: Embassy.CLOSING,
    Stage.DRAWDOWN: Embassy.CLOSING,
    Stage.CLOSED: Embassy.CLOSED,
    Stage.REVERSED: Embassy.REVERSED,
}


@pytest.mark.parametrize("stage", FATES, ids=lambda stage: stage.name.lower())
def test_the_fate_of_the_embassy_is_where_it_stands(stage: Stage) -> None:
    c = crisis()
    c.w.stage = stage
    if stage == Stage.REVERSED:
        event(c, Act.US_REVERSE_CLOSURE, int(US))
    row = judged(c)
    assert (row.embassy, row.closed) == (FATES[stage], stage == Stage.CLOSED)


@pytest.mark.parametrize(
    ("started", "on", "breached", "fate"),
    [
        (None, 0, None, TruceFate.NONE),
        (0, 1, None, TruceFate.HELD),
        (3, 1, None, TruceFate.HELD),
        (3, 1, 2, TruceFate.HELD),
        (3, 1, 3, TruceFate.BROKEN),
        (3, 0, None, TruceFate.BROKEN),
    ],
)
def test_a_truce_holds_until_it_ends_or_is_breached(
    started: int | None, on: int, breached: int | None, fate: TruceFate
) -> None:
    c = crisis()
    c.w.truce = on
    c.w.truce_day = c.w.truce_day if started is None else started
    c.w.breach_day = c.w.breach_day if breached is None else breached
    assert judged(c).truce == fate


def test_political_outcomes_begin_at_their_thresholds() -> None:
    c = crisis()
    names = ("aid_withheld", "expulsion_ordered", "expulsion_carried_out", "authority_lost", "coalition_left", "war")
    assert [judged(c)[name] for name in names] == [0] * 6
    c.w.aid_day = c.w.authority_lost_day = c.w.war_day = 0
    c.w.expulsion, c.w.troops, c.w.coalition_stays = 1, 0.0, 0
    assert [judged(c)[name] for name in names] == [1, 0, 0, 1, 1, 1]
    c.w.expulsion = 2
    assert [judged(c)[name] for name in names] == [1] * 6
    c.w.troops = 1.0
    assert [judged(c)[name] for name in names][:3] == [1, 1, 0]


def test_the_day_of_the_rulebook_is_the_day_of_the_agents() -> None:
    """The ensemble goes through :func:`sim.rules.day.live_day`, Mesa through its agents; both tell the same story."""
    scenario = load("january-2020", {"horizon": 25})
    for world in (1, 2):
        lived = next(chunks(scenario, 1, "trace", first=world))
        alone = CrisisModel(scenario, world).run()
        assert len(lived.events) > 5
        assert np.asarray(alone.trace).tobytes() == lived.events.tobytes()


def test_nobody_acts_in_a_scripted_world() -> None:
    assert len(model({"policies": CALM}).run(20).trace) == 0


@pytest.mark.parametrize("stage", [stage for stage in FATES if stage != Stage.REVERSED])
def test_the_morning_of_day_0(stage: Stage) -> None:
    """A clock that runs began today, a letter was sent as many days ago as the scenario says; what is left binds.

    A closure under way is reviewed in a week, and parliament may meet about it. Who has left is not there.
    """
    c = crisis({"embassy.stage": stage.value, "embassy.warned_days_ago": 8})
    running = stage in (Stage.DECIDED, Stage.DRAWDOWN)
    assert (c.w.stage_day, c.w.paused, c.w.day) == (0, 0, 0)
    closed = stage == Stage.CLOSED
    assert (c.w.decided_day, c.w.closed_day) == (0 if running or closed else NEVER, 0 if closed else NEVER)
    assert (c.w.review_day, c.w.called_day) == ((7, 0) if running else (NEVER, NEVER))
    staff = {Stage.CLOSED: 0.0, Stage.PARTIAL: c.p.embassy_partial_staff}.get(stage, 1.0)
    assert (c.w.staff, c.w.free_hand) == (staff, 1 - staff)
    warned = stage in (Stage.WARNED, Stage.PARTIAL)
    assert c.w.warned_day == (-8 if warned else NEVER)
    bound = c.acts[Act.US_LETTER_OF_WARNING if warned else Act.US_DECIDE_CLOSURE]
    left = bound.commitment * 2 ** (-8 / c.p.signals_commitment_half_life) if warned else bound.commitment
    expected = (left, bound.rung) if warned or running else (0, 0)
    assert (c.actors[US].commitment, c.actors[US].commitment_rung) == pytest.approx(expected)
    assert [c.actors[row].provoked for row in (US, IRAN, A)] == [NOBODY] * 3


def test_only_groups_are_arrested_and_released_and_anybody_may_be_voted_on() -> None:
    c = crisis()
    for act in (Act.IQ_ARREST, Act.IQ_RELEASE):
        land_iraq(c, act.value, NOBODY, NOBODY)
    assert c.w.n_events == 0
    c.actors[A].prisoners = 2
    land_iraq(c, Act.IQ_EXPULSION_STEP.value, A, NOBODY)
    assert [e.act for e in rows(c)] == [Act.IQ_EXPULSION_STEP]
    land_iraq(c, Act.IQ_RELEASE.value, A, NOBODY)
    assert c.actors[A].prisoners == 0


def test_a_full_trace_keeps_its_last_row_and_says_so() -> None:
    c = crisis()
    size = len(c.w.events)
    c.w.n_events = size - 1
    assert [note(c, Act.US_TALK.value, int(US), int(IRAQ), NOBODY) for _ in range(2)] == [size - 1] * 2
    assert (c.w.n_events, c.w.overflow) == (size, 1)


@pytest.mark.parametrize("days", [0, 2, 30, 120])
def test_a_commitment_of_before_day_0_is_what_the_world_would_have_left_of_it(days: int) -> None:
    """A letter, a public line and a closure so many days ago bind as they do in a world that has lived those days."""
    stated = {
        Act.US_LETTER_OF_WARNING: {"embassy.stage": Stage.WARNED.value, "embassy.warned_days_ago": days},
        Act.US_PUBLIC_RED_LINE: {"signals.line_days_ago": days},
        Act.US_DECIDE_CLOSURE: {"embassy.stage": Stage.DRAWDOWN.value, "embassy.stage_days_ago": days},
    }
    for act, changes in stated.items():
        began, lived = crisis(changes), crisis()
        commit(lived, int(US), act.value)
        for _ in range(days):
            fade(lived)
        own, other = began.actors[US], lived.actors[US]
        assert (own.commitment, own.commitment_rung) == pytest.approx((other.commitment, other.commitment_rung)), act
    assert crisis({"signals.line_days_ago": days}).w.red_line_day == -days


def test_force_has_settled_what_was_said_before_it() -> None:
    line = {"signals.line_days_ago": 10}
    assert crisis({**line, "strikes.days_ago": 9}).actors[US].commitment == 0
    assert crisis({**line, "strikes.days_ago": 11}).actors[US].commitment > 0
    assert crisis().w.strike_day == NEVER


@pytest.mark.parametrize("days", [0, 1, 6, 7, 8, 45, 89, 200])
def test_a_closure_decided_before_day_0_is_as_far_as_one_that_was_lived(days: int) -> None:
    began = crisis({"embassy.stage": Stage.DRAWDOWN.value, "embassy.stage_days_ago": days})
    lived = crisis({"embassy.stage": Stage.WARNED.value, "embassy.warned_days_ago": 20})
    lived.w.day = -days
    decide_closure(lived)
    for _ in range(days):
        run_clock(lived)
        lived.w.day += 1
    for name in ("clock", "staff", "free_hand", "decided_day", "called_day", "review_day"):
        assert began.w[name] == lived.w[name], name


def test_a_partial_withdrawal_of_before_day_0_ends_when_its_time_is_over() -> None:
    c = crisis({"embassy.stage": Stage.PARTIAL.value, "embassy.stage_days_ago": 38, "embassy.warned_days_ago": 999})
    stages = []
    for day in range(4):
        c.w.day = day
        run_clock(c)
        stages.append(c.w.stage)
    assert stages == [Stage.PARTIAL, Stage.PARTIAL, Stage.OPEN, Stage.OPEN]


def test_day_0_remembers_what_the_scenario_says_of_the_days_before() -> None:
    c = crisis(
        {
            "us.unanswered": 2,
            "us.violations": 3.5,
            "iran.recent_grievance": 0.5,
            "militias.group_0.blame": 4,
            "militias.group_0.civil_grief": 0.1,
            "militias.group_0.directive": -1,
            "militias.group_0.directive_strength": 0.4,
            "combat.attack_days_ago": 3,
            "strikes.iran_hit_days_ago": 5,
            "strikes.days_ago": 5,
            "parliament.vote_days_ago": 4,
            "forces.guard_days": 7,
        }
    )
    us, iran, group = c.actors[US], c.actors[IRAN], c.actors[A]
    assert (us.unanswered, us.violations) == (2, 3.5)
    assert iran.grievance == pytest.approx(c.traits[IRAN].grievance + 0.5)
    assert (group.blame, group.civil_grief, group.directive, group.directive_strength) == (4, 0.1, -1, 0.4)
    assert met_force(c, Need.ATTACKED.value)
    assert met_force(c, Need.LINE_CROSSED.value)
    assert met_force(c, Need.AVENGE.value)
    assert not met_politics(c, Need.VOTE_CALLED.value)  # parliament has met about that strike
    assert (c.w.strike_day, c.w.called_day, c.w.guard_until) == (-5, -5, 7)
    quiet = crisis()
    assert not any(met_force(quiet, need.value) for need in (Need.ATTACKED, Need.LINE_CROSSED, Need.AVENGE))
