"""The level of attacks comes from the weeks, whatever the fit makes of the rates."""

from datetime import date

import numpy as np
import pytest

from sim.analysis import priors
from sim.analysis.calibrate import CRISIS
from sim.analysis.level import DAYS, levelled, weekly_level
from sim.analysis.origin import at
from sim.analysis.record import Record, load_record
from sim.drivers.ensemble import live_chunk
from sim.results.daily_table import daily_from_worlds


@pytest.fixture(scope="module")
def known() -> Record:
    return load_record(before=CRISIS)


def test_the_level_is_that_of_the_weeks_since_the_first_attack(known: Record) -> None:
    rng = np.random.default_rng(0)
    bombs = weekly_level(known, "ieds", 4000, rng)
    since = [week.ieds for week in known.weeks if week.week_start >= date(2020, 7, 6)]
    assert bombs.mean() == pytest.approx((sum(since) + 0.5) / len(since), rel=0.02)
    assert bombs.std() == pytest.approx(np.sqrt(sum(since) + 0.5) / len(since), rel=0.05)
    assert not weekly_level(known.before(date(2020, 6, 1)), "ieds", 5, rng).any()


def test_draws_make_as_many_attacks_as_the_weeks_did(known: Record) -> None:
    """Draws whose rates were far off, some too low and some too high, are set right."""
    scenario = at(known, CRISIS, 91)
    draws = priors.draw(40, np.random.default_rng(1))
    points = levelled(scenario, draws, known, np.random.default_rng(2))
    worlds = {path: np.repeat(column, 50) for path, column in points.items()}
    lived = live_chunk(scenario.with_({"horizon": DAYS}), 10**6, 2000, "daily", points=worlds)
    days = daily_from_worlds(scenario.start, lived.series)
    for channel in ("rockets", "ieds"):
        made = days.series(channel).sum() / 2000 / (DAYS / 7)
        wanted = weekly_level(known, channel, 4000, np.random.default_rng(3)).mean()
        assert made == pytest.approx(wanted, rel=0.25), channel


def test_a_truce_lowers_the_rates_of_nobody(known: Record) -> None:
    """The same draws and weeks give the same rates whether or not the morning lies in a truce."""
    scenario = at(known, CRISIS, 91)
    draws = priors.draw(20, np.random.default_rng(1))
    outside, inside = (
        levelled(scenario.with_({"truce.on": on}), draws, known, np.random.default_rng(2)) for on in (0, 1)
    )
    assert outside.keys() == inside.keys()
    for path, column in outside.items():
        assert np.array_equal(column, inside[path]), path
