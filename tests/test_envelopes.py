"""Facts the model must give without being told them one by one, as ranges with their sampling error.

Each range is the 95 % interval of the record or of a reference class, so a model that leaves it contradicts what was
seen. Worlds are those of the calibrated scenario of the months before, and of the calibrated baseline.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import zeta

from sim.actions import BY_ID
from sim.analysis.record import load_record
from sim.analysis.scores import jeffreys
from sim.analysis.summary import days_since, days_until, fano
from sim.drivers.ensemble import Lived, live_chunk
from sim.results.daily_table import DailyTable, daily_from_worlds, weekly
from sim.scenario import Scenario, load

WORLDS = 500
MANY = 4000
POSTERIOR = Path(__file__).parents[1] / "scenarios" / "posterior-2020-09-28.parquet"
ROCKETS = [BY_ID[name].act for name in ("mi.salvo", "mi.barrage")]


class Envelope(NamedTuple):
    """A range and what it stands on."""

    low: float
    high: float
    source: str


ENVELOPES = {
    "truce_rockets": Envelope(0.02, 0.46, "record: 2 rocket attacks in the 79 days from 10 October, .19 a day before"),
    "truce_ieds": Envelope(0.25, 2.5, "record: 7 bombs in the 79 days from 10 October, 18 in the 79 before"),
    "strike_wait": Envelope(1, 5, "record: two days after K1 and two after Taji"),
    "fano": Envelope(0.45, 1.75, "record: .70 and 1.18 in halves of 24 weeks; 95 % of a Poisson week is .50 to 1.65"),
    "severity": Envelope(1.9, 3.0, "Clauset, Young and Gleditsch 2007; Bohorquez et al. 2009: exponent about 2.4"),
    "closed": Envelope(0, 0.5, "TIES data: of threats that were resisted the US carried out about two in three, within"
                               " any time; the record: none in ninety days"),
    "war": Envelope(0, 0.01, "GML-MID: 0 wars in 15 US-Iran disputes; MID: 6 of 711 disputes"),
    "top": Envelope(0, 0.25, "record: missiles from Iranian soil once in 14 months"),
}  # fmt: skip


def fitted(name: str) -> Scenario:
    """A scenario whose open parameters are drawn from the posterior."""
    return load(POSTERIOR.parent / f"{name}.yaml", {"parameters": str(POSTERIOR)})


def table(scenario: Scenario, lived: Lived) -> DailyTable:
    return daily_from_worlds(scenario.start, lived.series, lived.events, lived.offsets)


@pytest.fixture(scope="module")
def before() -> tuple[DailyTable, Any]:
    """The months before, lived with every event: the daily table and the events."""
    scenario = fitted("autumn-2019")
    lived = live_chunk(scenario, 0, WORLDS, "trace")
    return table(scenario, lived), lived.events


@pytest.fixture(scope="module")
def crisis() -> tuple[DailyTable, Any]:
    """The calibrated baseline: daily table and outcomes."""
    scenario = fitted("baghdad-2020")
    lived = live_chunk(scenario, 0, MANY, "daily")
    return table(scenario, lived), lived.outcomes


def assert_within(share: float, envelope: Envelope) -> None:
    assert envelope.low <= share <= envelope.high, f"{share:.4f} contradicts {envelope.source}"


def base_rate(name: str) -> Envelope:
    rate = load_record().base_rate(name)
    return Envelope(rate.low, rate.high, f"{rate.meaning}: {rate.numerator} of {rate.denominator} ({rate.source})")


@pytest.mark.parametrize("name", ["us_strikes", "iran_missiles", "commander_killed"])
def test_days_between_grave_acts(before: tuple[DailyTable, Any], name: str) -> None:
    """Acts a day, against the record's rate with its Jeffreys interval."""
    series = before[0].series("commander_kills" if name == "commander_killed" else name)
    assert_within(float(series.mean()), base_rate(name))


@pytest.mark.parametrize(
    ("name", "column"), [("rocket_kills_american", "us_killed"), ("rocket_hurts_american", "us_hurt")]
)
def test_rockets_that_hurt_americans(before: tuple[DailyTable, Any], name: str, column: str) -> None:
    rockets = before[1][np.isin(before[1]["act"], ROCKETS)]
    hit = rockets["us_killed"] > 0 if column == "us_killed" else rockets["us_killed"] + rockets["us_hurt"] > 0
    assert_within(float(hit.mean()), base_rate(name))


def test_barrages_are_rare(before: tuple[DailyTable, Any]) -> None:
    rockets = before[1][np.isin(before[1]["act"], ROCKETS)]
    assert_within(float((rockets["act"] == BY_ID["mi.barrage"].act).mean()), base_rate("rocket_is_barrage"))


def test_washington_strikes_after_a_death(before: tuple[DailyTable, Any]) -> None:
    """The share of deaths that a strike answers within a week, and how long it takes."""
    deaths, strikes = before[0].series("us_killed"), before[0].series("us_strikes")
    wait = days_until(strikes)[deaths > 0]
    assert_within(float((wait <= 7).mean()), base_rate("strike_after_us_death"))
    assert_within(float(np.median(wait[wait <= 7])), ENVELOPES["strike_wait"])


def test_washington_does_not_strike_for_a_harmless_rocket(before: tuple[DailyTable, Any]) -> None:
    daily = before[0]
    deaths, strikes, rockets = (daily.series(name) for name in ("us_killed", "us_strikes", "rockets"))
    unprovoked = strikes * (days_since(deaths) > 14)
    assert_within(float(unprovoked.sum() / rockets.sum()), base_rate("strike_after_harmless_rocket"))


@pytest.mark.parametrize("channel", ["rockets", "ieds"])
def test_a_truce_stops_rockets_and_hardly_bombs(crisis: tuple[DailyTable, Any], channel: str) -> None:
    """Attacks a day under a truce against the days before it, in worlds that see one for at least three weeks."""
    daily = crisis[0]
    truce = daily.series("truce") > 0
    seen = (truce.sum(axis=1) >= 21) & ((~truce).sum(axis=1) >= 7)
    counts = daily.series(channel)[seen]
    inside, outside = counts[truce[seen]].mean(), counts[~truce[seen]].mean()
    assert seen.sum() > 50, "too few worlds with a truce to say anything"
    assert_within(float(inside / outside), ENVELOPES[f"truce_{channel}"])


def test_weeks_are_close_to_poisson_given_the_phase(before: tuple[DailyTable, Any]) -> None:
    daily = before[0]
    open_weeks = weekly(daily.series("truce")).max(axis=1) == 0
    spread = fano(weekly(daily.series("rockets"))[open_weeks][:, :24])
    assert_within(float(np.median(spread)), ENVELOPES["fano"])


def test_casualties_have_a_heavy_tail(before: tuple[DailyTable, Any]) -> None:
    """Exponent of a discrete power law by maximum likelihood (Clauset, Shalizi and Newman 2009, equation 3.5)."""
    rockets = before[1][np.isin(before[1]["act"], ROCKETS)]
    killed = rockets["us_killed"][rockets["us_killed"] > 0]
    assert len(killed) > 100
    fit = minimize_scalar(
        lambda a: a * np.log(killed).mean() + np.log(zeta(a)),
        bounds=(1.2, 5),
        method="bounded",
        options={"xatol": 1e-4},
    )
    assert_within(float(fit.x), ENVELOPES["severity"])
    assert killed.max() >= 5


def test_a_threat_to_close_is_usually_not_carried_out(crisis: tuple[DailyTable, Any]) -> None:
    assert_within(float(crisis[1]["closing_decided"].mean()), ENVELOPES["closed"])
    assert crisis[1]["closed"].mean() <= crisis[1]["closing_decided"].mean()


def test_war_between_states_is_rare(crisis: tuple[DailyTable, Any]) -> None:
    wars = int(crisis[1]["war"].sum())
    assert jeffreys(wars, MANY)[0] <= ENVELOPES["war"].high, ENVELOPES["war"].source


def test_ladders_do_not_saturate(crisis: tuple[DailyTable, Any]) -> None:
    """Few worlds reach the rungs of state against state, and worlds differ in how far they climb."""
    rung = crisis[1]["top_rung"]
    assert_within(float((rung >= 11).mean()), ENVELOPES["top"])
    shares = np.bincount(rung, minlength=13) / len(rung)
    assert shares.max() < 0.9
    assert (shares > 0.02).sum() >= 3
