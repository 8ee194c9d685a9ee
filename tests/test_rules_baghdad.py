"""Arrests, their answers, sessions and votes: what happens in each world is what its own luck says."""

from typing import Any

import numpy as np
import pytest
from small_world import IRAQ, NOBODY, US, A, crisis, rows

from sim.actions import Act
from sim.rules.iraq import answer_arrest, arrest, expulsion_step, parliament_meets, vote
from sim.rules.luck import luck
from sim.rules.parliament import draw_option, option_probabilities
from sim.world.names import Draw, Vote

WORLDS = range(40)


def pending(c: Any) -> dict[Act, int]:
    """Due days of what is under way."""
    return {Act(c.w.pending[k].act): int(c.w.pending[k].due) for k in range(c.w.n_pending)}


def test_an_arrest_is_kept_by_the_odds_of_authority_and_means() -> None:
    """log-odds: base + 2 authority + counter-terrorism service - half the group's means."""
    numbers = {"baghdad.arrest_gain": 0.1, "baghdad.release_cost": 0.2, "proxies.arrest_anger": 0.3}
    kept = 0
    for world in WORLDS:
        c = crisis({"baghdad.arrest_base": -1, "baghdad.cts": 0.4, **numbers}, world)
        c.w.authority, c.actors[A].capability, c.actors[A].grievance = 0.5, 0.8, 0.2
        arrest(c, A, NOBODY)
        odds = -1 + 2 * 0.5 + 0.4 - 0.5 * 0.8
        holds = luck(c, A, Draw.ARREST.value) < 1 / (1 + np.exp(-odds))
        kept += holds
        assert c.w.authority == pytest.approx(0.5 + (0.1 if holds else -0.25 * 0.2))
        assert c.actors[A].grievance == pytest.approx(0.2 + 0.3 * holds)
        assert c.actors[A].prisoners == holds
    assert 10 < kept < 30


def test_armed_replies_come_within_three_days_and_climbing_down_a_day_later() -> None:
    seen = set()
    for world in WORLDS:
        c = crisis({"baghdad.armed_reply": 0.7, "baghdad.climb_down": 0.5}, world)
        c.w.day, c.w.authority = 4, 0.4
        answer_arrest(c, A, 0)
        delay = int(4 * luck(c, A, Draw.REPLY_DELAY.value))
        expected = {}
        if luck(c, A, Draw.ARREST_REPLY.value) < 0.7:
            expected[Act.MI_PARADE] = 4 + delay
            if luck(c, A, Draw.CLIMB_DOWN.value) < 0.5 * (1.5 - 0.4):
                expected[Act.IQ_RELEASE] = 5 + delay
        assert pending(c) == expected
        seen.add((len(expected), delay))
    assert {size for size, _ in seen} == {0, 1, 2}
    assert {delay for _, delay in seen} == {0, 1, 2, 3}


def test_a_vote_moves_its_options_by_street_and_legitimacy() -> None:
    names = ("parliament_timetable", "parliament_expel", "parliament_break")
    passed = set()
    for world in WORLDS:
        c = crisis(world=world)
        c.w.street, c.w.legitimacy, c.w.day = 0.9, 0.1, 6
        shift = c.p.parliament_street_pull * 0.4 + 0.1
        options = (0.0, *(c.p[name] - shift for name in names))
        out = np.empty(4)
        blocs = c.plan.blocs[: c.plan.n_blocs]
        option_probabilities(blocs, options, np.empty((4, 4)), np.empty((4, 4)), out)
        assert vote(c, 0) == draw_option(out, luck(c, int(IRAQ), Draw.VOTE.value))
        assert c.w.expulsion_day == 6
        passed.add(vote(c, 0))
    assert len(passed) > 1


def test_parliament_meets_on_the_call_of_the_street() -> None:
    met = 0
    for world in WORLDS:
        c = crisis({"parliament.session": 0.3}, world)
        c.w.street, c.w.day = 0.8, 21
        parliament_meets(c)
        assert not rows(c), "nobody called it"
        c.w.called_day = 0
        parliament_meets(c)
        assert len(rows(c)) == (luck(c, int(IRAQ), Draw.SESSION.value) < 0.3 * 2 * 0.8)
        met += len(rows(c))
        c.w.day = 22
        parliament_meets(c)
        assert len(rows(c)) <= 1, "too late, or already met"
    assert 8 < met < 32


def test_parliament_meets_once_a_call() -> None:
    """Also when it is called on the day on which it meets."""
    c = crisis({"parliament.session": 0.3})
    c.p.parliament_session, c.w.street, c.w.called_day = 100.0, 0.8, 0
    parliament_meets(c)
    parliament_meets(c)
    assert len(rows(c)) == 1


@pytest.mark.parametrize("binding", [0, 1])
def test_what_the_government_makes_of_a_vote(binding: int) -> None:
    """Nothing is a protest; a timetable opens a month of talks; more is an order, or counts as a timetable."""
    passed = set()
    for world in WORLDS:
        c = crisis({"parliament.binding": binding, "baghdad.talks_days": 0}, world)
        c.w.day, c.w.street = 3, 0.7
        result = Vote(vote(c, 0))
        expulsion_step(c, int(US))
        passed.add(min(result, Vote.EXPEL))
        ordered = binding == 1 and result >= Vote.EXPEL
        assert c.w.expulsion == (result if ordered else min(result, Vote.TIMETABLE))
        assert (c.w.order_day == 3) == ordered
        assert (c.w.talks_until == 33) == (result == Vote.TIMETABLE)
        usual = c.acts[Act.IQ_EXPULSION_STEP].rung
        assert rows(c)[0].rung == {Vote.NO_ACT: 1, Vote.TIMETABLE: 2}.get(result, usual)
    assert len(passed) > 1
