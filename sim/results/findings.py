"""What a run found, one sentence each, computed from its tables: titles of figures and first lines of the report."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sim.results.columns import value_counts
from sim.results.daily import Daily
from sim.results.intervals import wilson
from sim.results.scores import FIRST_DAYS
from sim.results.trace import day_of, short_date
from sim.results.words import amount, listed, percent, share, worlds_text
from sim.rules.ladder import RUNGS

RARE = 0.05
EMBASSY_ENDS = {
    "open": "stays open, without a threat",
    "threatened": "stays open under threat",
    "partial": "stays open after part of its staff was sent away",
    "closing": "is still closing at the horizon",
    "reversed": "sees its closure reversed",
    "closed": "is closed",
}


def never(outcomes: pd.DataFrame, what: str, why: str = "") -> str:
    """Say that something came in no world, and how likely it may be all the same, or why it cannot come."""
    if why:
        return f"No {what} can come: {why}"
    _, high = wilson(0, len(outcomes))
    return f"No {what} in any of {worlds_text(len(outcomes))} (below {percent(float(high))}, 95 %)"


def us_strike(outcomes: pd.DataFrame, why: str = "") -> str:
    """How often US forces strike, and whether an American had been killed before.

    Args:
        outcomes: table of :func:`sim.results.scores.decode`.
        why: why there is a strike in every world or in none, if the scenario settles it.
    """
    struck = outcomes[outcomes["strike_day"] >= 0]
    if struck.empty:
        return never(outcomes, "US strike", why)
    if why:
        return f"A US strike in every world: {why}"
    death = struck["us_death_day"]
    after = int(((death >= 0) & (death <= struck["strike_day"])).sum())
    how_often = f"A US strike in {share(len(struck), len(outcomes))} of worlds"
    if after == len(struck):
        return f"{how_often}, each after an American death"
    if after >= 0.5 * len(struck):
        return f"{how_often}, most often ({share(after, len(struck))} of them) after an American death"
    before = share(len(struck) - after, len(struck))
    return f"{how_often}, most often ({before} of them) with no American killed before"


def embassy(outcomes: pd.DataFrame, why_never: str = "") -> str:
    """What becomes of the embassy: the likeliest end, and how often it is closed.

    Args:
        outcomes: table of :func:`sim.results.scores.decode`.
        why_never: why the embassy cannot be closed within the days of the scenario, if it cannot.
    """
    counts = outcomes["embassy"].value_counts()
    likeliest = str(counts.idxmax())
    first = f"The embassy {EMBASSY_ENDS[likeliest]} in {share(int(counts.max()), len(outcomes))} of worlds"
    if likeliest == "closed":
        return first
    if why_never:
        return f"{first}; it cannot be closed: {why_never}"
    closed = int(outcomes["closed"].sum())
    return f"{first}; it is closed in {share(closed, len(outcomes)) if closed else 'none'}"


def ladder(outcomes: pd.DataFrame) -> str:
    """How high the worlds climb: the median, and how many reach the highest rung that one in twenty reaches."""
    top = outcomes["top_rung"].to_numpy()
    median = int(np.quantile(top, 0.5, method="inverted_cdf"))
    tail = max(rung for rung in RUNGS if (top >= rung).mean() >= RARE or rung == min(RUNGS))
    reached = share(int((top >= tail).sum()), len(top))
    climb = f"The median world climbs to rung {median} ({RUNGS[median]})"
    if tail == median:
        return f"{climb}; fewer than one in 20 go higher"
    return f"{climb}; {reached} reach rung {tail} ({RUNGS[tail]})"


def highest_rung(outcomes: pd.DataFrame) -> str:
    """Over which rungs the highest one spreads."""
    counts = outcomes["top_rung"].value_counts()
    usual = int(counts.index.to_numpy()[counts.argmax()])
    held = int((counts >= 0.01 * len(outcomes)).sum())
    return (
        f"The highest rung is most often {usual} ({RUNGS[usual]}, {share(int(counts.max()), len(outcomes))} of worlds);"
        f" {held} rung{' holds' if held == 1 else 's hold'} 1 % or more"
    )


def weekly(daily: Daily, name: str, what: str) -> str:
    """How many attacks a week sees: median and 90 % band over all weeks and worlds."""
    counts = daily.counts[name].sum(axis=0)
    if not counts.sum():
        return f"No whole week to count {what} in"
    reached = np.cumsum(counts) / counts.sum()
    low, median, high = (int(np.argmax(reached >= q)) for q in (0.05, 0.5, 0.95))
    mean = float(counts @ np.arange(len(counts)) / counts.sum())
    average = "fewer than 0.1" if 0 < mean < 0.05 else f"{mean:.1f}"
    band = f"{low}" if low == high else f"{low}–{high}"
    return f"{what[0].upper()}{what[1:]}: {average} a week on average, median {median}, 90 % of weeks {band}"


def incidence(outcomes: pd.DataFrame, start: date, by: int, when: str) -> str:
    """How often the first events have come by a day.

    Args:
        outcomes: table of :func:`sim.results.scores.decode`.
        start: date of day 0.
        by: the day up to which events count.
        when: what that day is, such as ``the election``.
    """
    n = len(outcomes)
    came = {event: int(outcomes[column].between(0, by).sum()) for column, event in FIRST_DAYS.items()}
    told = sorted(((count, event) for event, count in came.items() if count >= 0.005 * n), reverse=True)[:3]
    if not told:
        return f"By {when} ({short_date(day_of(start, by))}) none of the first events has come in 0.5 % of worlds"
    parts = [f"{_article(event)} in {share(count, n)}" for count, event in told]
    return f"By {when} ({short_date(day_of(start, by))}): {listed(parts)} of worlds"


def _article(event: str) -> str:
    return {
        "first US strike": "a US strike",
        "first American killed": "an American killed",
        "truce": "a truce",
        "closure decided": "closure decided",
        "embassy closed": "the embassy closed",
        "Iranian missiles": "Iranian missiles",
        "sustained war": "war",
    }[event]


def truce(outcomes: pd.DataFrame, why: str = "") -> str:
    """How often a truce comes, and whether it holds; ``why`` says why none can come."""
    came = outcomes["truce_code"] > 0
    if not came.any():
        return never(outcomes, "truce", why)
    held, declared = int(outcomes.loc[came, "truce_held"].sum()), int(came.sum())
    return (
        f"A truce in {share(declared, len(outcomes))} of worlds; {share(held, declared)} of them hold unbroken to the"
        " horizon"
    )


def war(outcomes: pd.DataFrame, why: str = "") -> str:
    """How often the US and Iran come to blows; ``why`` says why none of it can come."""
    missiles, exchange, wars = (int(outcomes[name].sum()) for name in ("missiles_fired", "exchange", "war"))
    if not missiles + exchange + wars:
        return never(outcomes, "Iranian missile, US-Iran exchange or war", why)
    n = len(outcomes)
    return (
        f"Iran fires missiles in {share(missiles, n)} of worlds, the US and Iran exchange blows in"
        f" {share(exchange, n)}, sustained war comes in {share(wars, n)}"
    )


def deaths(outcomes: pd.DataFrame, why: str = "") -> str:
    """How many Americans die, and how many people in all; ``why`` says why one dies in every world or in none."""
    american = outcomes["us_killed"]
    columns = [name for name in outcomes.columns if name.endswith("_killed") and name != "commander_killed"]
    everyone = value_counts(outcomes, *columns)
    killed = f"An American is killed in {share(int((american > 0).sum()), len(outcomes))} of worlds"
    if why:
        killed = f"An American is killed in {'every world' if american.any() else 'no world'} ({why})"
    return (
        f"{killed}; all parties together lose {amount(everyone.mean, everyone.error)} people on average,"
        f" {int(everyone.quantile(0.95)):,} or fewer in 95 % of the worlds lived"
    )


def story(chronicle: Any) -> str:
    """One world in a sentence: attacks, Americans killed, strikes, highest rung."""
    events = chronicle.events
    acts = events["act"].astype(str)
    attacks = int(acts.isin(["mi.salvo", "mi.barrage", "mi.convoy_ied"]).sum())
    strikes = int(acts.isin(["us.strike_limited", "us.strike_campaign", "us.kill_commander", "us.strike_iran"]).sum())
    killed, top = int(events["us_killed"].sum()), int(events["rung"].max())
    return (
        f"World {chronicle.world}: {_count(attacks, 'attack')}, {_count(killed, 'American')} killed,"
        f" {_count(strikes, 'US strike')}; it climbs to rung {top} ({RUNGS[top]})"
    )


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def answers(run: Any) -> list[str]:
    """The answer in five lines."""
    outcomes = run.outcomes
    blows = [_why(run, name) for name in ("missiles_fired", "exchange", "war")]
    return [
        embassy_of(run),
        us_strike_of(run),
        war(outcomes, blows[0] if all(blows) else ""),
        truce(outcomes, _why(run, "truce_held")),
        deaths(outcomes, _why(run, "us_death")),
    ]


def embassy_of(run: Any) -> str:
    """What becomes of the embassy in a run."""
    closed = run.settled.get("closed")
    return embassy(run.outcomes, closed.why if closed and not closed.comes else "")


def us_strike_of(run: Any) -> str:
    """How often US forces strike in a run."""
    return us_strike(run.outcomes, _why(run, "us_struck"))


def _why(run: Any, column: str) -> str:
    """Why the scenario of a run settles an outcome itself; empty where it does not."""
    return run.settled[column].why if column in run.settled else ""
