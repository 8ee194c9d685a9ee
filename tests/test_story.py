"""The source story works in the model: one test for each part of it, shown by behaviour in paired worlds."""

from __future__ import annotations

import numpy as np
import pytest
from pairs import baseline, event, lived, paired_gap, rises

from sim.actions import Act
from sim.scenario import Scenario, load
from sim.world.names import Stage

WITHOUT_TROOP_CUT = {"calendar": {"troop_steps": []}, "actions": {"us.cut_troops": {"enabled": False}}}


def acts(scenario: Scenario, act: Act) -> np.ndarray:
    """Events of one act in the worlds of a scenario."""
    events = lived(scenario).events
    return events[events["act"] == act]


def test_the_letter_of_warning_makes_groups_fear_a_strike_and_fire_less() -> None:
    unwarned = baseline(
        embassy__stage=0, embassy__warned_days_ago=0, actions={"us.letter_of_warning": {"enabled": False}}
    )
    warned = unwarned.with_({"events": [event(1, "us.letter_of_warning", "us", "iraq")]})
    quiet, letter = lived(unwarned).series, lived(warned).series
    assert (letter["stage"][:, 1] == Stage.WARNED).all()
    assert rises(quiet["fear"][:, 2:12].mean(1), letter["fear"][:, 2:12].mean(1))
    assert rises(letter["rockets"].sum(1), quiet["rockets"].sum(1))


def test_the_threat_to_liquidate_is_carried_out_and_brings_crowds_to_the_gates() -> None:
    spared = baseline(actions={"us.kill_commander": {"enabled": False}})
    killed = spared.with_({"events": [event(5, "us.kill_commander", "us", "kataib_hezbollah")]})
    before, after = lived(spared).outcomes, lived(killed).outcomes
    assert (after["commander_killed"] == 1).all()
    assert after["militia_killed"].min() >= 2
    assert rises(before["embassy_stormed"], after["embassy_stormed"])
    assert (after["top_rung"] >= 10).all()


def test_a_public_red_line_raises_fear() -> None:
    plain = baseline(actions={"us.public_red_line": {"enabled": False}})
    drawn = plain.with_({"events": [event(2, "us.public_red_line", "us", "iran")]})
    assert rises(lived(plain).series["fear"][:, 4:14].mean(1), lived(drawn).series["fear"][:, 4:14].mean(1))


def test_closure_takes_its_time_and_can_be_taken_back() -> None:
    outcomes = lived(load("closure-now")).outcomes
    closed = outcomes["closure_day"][outcomes["closure_day"] >= 0]
    assert len(closed) > 0
    assert closed.min() >= 90
    assert 0 < outcomes["reversed"].mean() < 1


@pytest.mark.parametrize("days", [20, 60, 90])
def test_nothing_closes_earlier_than_the_closing_time(days: int) -> None:
    outcomes = lived(load("closure-now").with_({"embassy.closure_days": days})).outcomes
    closed = outcomes["closure_day"][outcomes["closure_day"] >= 0]
    assert len(closed) > 0
    assert closed.min() >= days


def test_staff_leave_by_stages_while_the_clock_runs() -> None:
    series = lived(load("closure-now").with_({"actions": {"us.reverse_closure": {"enabled": False}}})).series
    staff = series["staff"]
    assert (np.diff(staff, axis=1) <= 1e-12).all()
    assert len(np.unique(np.round(staff, 2))) == 4


def test_a_partial_withdrawal_is_temporary() -> None:
    scenario = baseline(actions={"us.decide_closure": {"enabled": False}}).with_(
        {"events": [event(5, "us.partial_drawdown", "us", "iraq")]}
    )
    stages = lived(scenario).series["stage"]
    assert (stages[:, 6] == Stage.PARTIAL).all()
    assert (stages[:, -1] != Stage.PARTIAL).any()


def test_the_freed_hand_raises_strikes() -> None:
    bound = load("closure-now").with_({"embassy.closure_days": 20, "embassy.freed_hand": 0.0})
    freed = bound.with_({"embassy.freed_hand": 0.9})
    assert rises(lived(bound).outcomes["us_strikes"], lived(freed).outcomes["us_strikes"])


def test_withheld_aid_costs_the_government_authority_and_money() -> None:
    spared = baseline(actions={"us.withhold_aid": {"enabled": False}})
    cut = spared.with_({"events": [event(5, "us.withhold_aid", "us")]})
    before, after = lived(spared).outcomes, lived(cut).outcomes
    assert (after["aid_withheld"] == 1).all()
    assert rises(after["authority_end"], before["authority_end"])
    assert rises(before["stress_end"], after["stress_end"])


def test_sanctions_on_banks_add_to_fiscal_stress_and_so_cost_authority() -> None:
    spared = baseline(economy__sanction_stress=0.0)
    hit = baseline(economy__sanction_stress=0.2)
    assert rises(lived(spared).outcomes["stress_end"], lived(hit).outcomes["stress_end"])
    assert rises(lived(hit).outcomes["authority_end"], lived(spared).outcomes["authority_end"])


def test_an_expulsion_vote_binds_or_does_not() -> None:
    hostile = {"baghdad.street": 1.0, "parliament.session": 0.2, "parliament.notice": 10}
    symbolic = load("strikes-first").with_({**hostile, "parliament.binding": 0.0})
    ordered = symbolic.with_({"parliament.binding": 1.0})
    votes = acts(symbolic, Act.IQ_EXPULSION_STEP)
    assert (votes["rung"] == 5).any()
    assert not lived(symbolic).outcomes["expulsion_ordered"].any()
    carried = lived(ordered).outcomes
    assert carried["expulsion_ordered"].mean() > 0.3
    assert (carried["troops_end"][carried["expulsion_carried_out"] == 1] == 0).all()
    assert carried["expulsion_carried_out"].any()


def test_a_commander_killed_brings_missiles_within_days_that_hurt() -> None:
    killed = baseline().with_({"events": [event(5, "us.kill_commander", "us", "iran", iranian_killed=1)]})
    missiles = acts(killed, Act.IR_MISSILES)
    latency = missiles["day"] - 5
    assert lived(killed).outcomes["missiles_fired"].mean() > 0.2
    assert latency.min() >= 3
    assert np.median(latency) <= 10
    assert (missiles["us_hurt"] > 0).all()
    assert lived(baseline()).outcomes["missiles_fired"].mean() < 0.02


def test_rockets_kill_americans_coalition_soldiers_and_iraqis() -> None:
    rockets = acts(baseline(), Act.MI_SALVO)
    for party in ("us_killed", "coalition_killed", "iraqi_killed"):
        assert 0 < (rockets[party] > 0).mean() < 0.2, party


def test_an_american_death_brings_a_strike_within_days() -> None:
    outcomes = lived(load("us-death-in-october")).outcomes
    latency = (outcomes["strike_day"] - 12)[outcomes["strike_day"] >= 12]
    assert len(latency) / len(outcomes) > 0.7
    assert np.median(latency) <= 6
    assert rises(lived(baseline()).outcomes["us_struck"], outcomes["us_struck"])


def test_the_troop_cut_sets_the_government_back_against_the_militias() -> None:
    kept, cut = lived(baseline(**WITHOUT_TROOP_CUT)), lived(baseline())
    assert (cut.outcomes["troops_end"] <= 3000).all()
    assert rises(cut.series["authority"].mean(1), kept.series["authority"].mean(1))
    assert rises(cut.outcomes["arrests"], kept.outcomes["arrests"])


def test_sadrs_plea_lowers_attacks() -> None:
    silent = load("sadr-silent")
    pleading = silent.with_({"events": [event(0, "sa.plea_for_calm", "sadr")]})
    assert rises(lived(pleading).series["rockets"][:, :14].sum(1), lived(silent).series["rockets"][:, :14].sum(1))


def test_iraq_as_a_battle_zone_needs_both_sides() -> None:
    spiral, ordinary = lived(load("january-2020")).outcomes, lived(baseline()).outcomes
    assert spiral["battle_zone"].mean() > 0.4
    assert ordinary["battle_zone"].mean() < 0.1
    struck_once = (ordinary["us_strikes"] == 1) & (ordinary["missiles_fired"] == 0) & (ordinary["war"] == 0)
    one_sided = ordinary["battle_zone"][struck_once & (ordinary["top_rung"] == 9)]
    assert not one_sided.any()


def test_a_truce_stops_rockets_and_hardly_convoy_bombs() -> None:
    series = lived(baseline()).series
    on, off = series["truce"] == 1, series["truce"] == 0
    rockets = series["rockets"][on].mean() / series["rockets"][off].mean()
    bombs = series["ieds"][on].mean() / series["ieds"][off].mean()
    assert rockets < 0.46  # upper end of the record's interval of the truce multiplier
    assert bombs > rockets + 0.2


def test_arrests_are_answered_by_an_armed_show() -> None:
    events = lived(baseline()).events
    arrests = events[events["act"] == Act.IQ_ARREST]
    parades = events[(events["act"] == Act.MI_PARADE) & (events["cause"] >= 0)]
    assert len(arrests) > 50
    assert len(parades) > 0.5 * len(arrests)


def test_the_baseline_does_not_saturate() -> None:
    outcomes = lived(baseline(), 1000).outcomes
    shares = [(outcomes["top_rung"] == rung).mean() for rung in (7, 8, 9, 10)]
    assert min(shares) > 0.03
    assert max(shares) < 0.8
    assert outcomes["war"].mean() < 0.01


def test_paired_gap_is_what_it_says() -> None:
    gap, error = paired_gap(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 4.0]))
    assert gap == pytest.approx(4 / 3)
    assert error == pytest.approx(np.std([1, 1, 2], ddof=1) / np.sqrt(3))
