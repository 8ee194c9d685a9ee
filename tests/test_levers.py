"""Numbers move what their text says, in the direction it says: pairs of runs under the same luck."""

from small_world import IRAN, US, A, crisis, many_days

import sim
from sim.actions import Act
from sim.rules.modulate import modulators, safety
from sim.rules.weigh import weigh
from sim.world.names import Kind, Term

pytestmark = many_days


def counts(change: dict[str, float], *acts: str) -> float:
    """How often acts are done in a world of the baseline with a change."""
    events = sim.run(sim.load("baghdad-2020").with_(change), worlds=400, depth="trace").events
    return float(events.act.astype(str).isin(acts).sum()) / 400


def test_who_fears_a_strike_from_the_first_fires_less() -> None:
    rockets = [counts({"signals.strike_prior": prior}, "mi.salvo", "mi.barrage") for prior in (0.08, 0.2, 0.4)]
    assert rockets[0] > 1.2 * rockets[1] > 1.2 * 1.2 * rockets[2]


def test_whom_washington_holds_responsible_it_sanctions_more() -> None:
    sanctions = [counts({"perception.sponsor": belief}, "us.designate") for belief in (0.01, 0.99)]
    assert sanctions[1] > 1.05 * sanctions[0]


def test_fear_weighs_beside_what_is_usual() -> None:
    """Twice the usual fear weighs twice; the usual fear is a number of its own."""
    c = crisis({"signals.strike_usual": 0.25})
    c.actors[A].fear = 0.5
    assert safety(c, A, Kind.MILITIA.value) == 2.0
    c.p.signals_strike_prior = 0.4
    assert safety(c, A, Kind.MILITIA.value) == 2.0


def test_what_is_aimed_at_tehran_is_worth_the_belief_in_its_hand() -> None:
    """Sanctions at a belief of one half, share of the worth that rests on it .6: 1 - .6 * .5 of their full worth."""
    c = crisis({"perception.attribution_weight": 0.6})
    m, option = modulators(c, int(US)), c.w.options[Act.US_DESIGNATE]
    hurt = []
    for belief in (1.0, 0.5):
        c.actors[US].sponsor = belief
        weigh(c, int(US), Act.US_DESIGNATE.value, int(IRAN), m, option)
        hurt.append(float(option.terms[Term.HURT]))
    assert hurt[1] == 0.7 * hurt[0] > 0
