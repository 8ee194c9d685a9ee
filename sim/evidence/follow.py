"""Live a record: what the actors seem to be after, what surprised the model, what it believes, and what comes next.

The method is in :mod:`sim.rules.follow` and :mod:`sim.drivers.particles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.actions import CATALOGUE
from sim.analysis.questions import load_questions
from sim.analysis.record import Event, Record, load_record
from sim.drivers.particles import Particles, Step, plan_with
from sim.errors import InputError
from sim.evidence.forecast import Forecast, forecast
from sim.evidence.on_record import Source, rows_of
from sim.evidence.reporting import reporting
from sim.rows import read_dated
from sim.scenario import Scenario, load, tables
from sim.scenario.design import held_path
from sim.scenario.question import Question
from sim.world.names import FIRST_GROUP, NOBODY, Class

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
WEEK = 7
LEAST_SHARE = 0.001
"""Probability below which a combination of mindsets is left out of what is told of today and of the forecast."""
GROUPS = "militias"
"""The account of the armed groups together, since nobody is named for most attacks."""
BELIEFS = {
    "rate": "attacks a day that it expects",
    "sponsor": "that Tehran orders the attacks",
    "us_resolve": "that Washington is resolute",
    "fear": "that Washington answers the next attack by force",
    "unanswered": "own dead not answered",
    "violations": "wrongs not answered",
    "commitment": "bound by its word",
    "grievance": "grievance",
}
"""What an actor believes and is bound by, in words."""


@dataclass(frozen=True)
class FollowSettings:
    """How a record is followed.

    Attributes:
        particles: number of worlds carried along for each combination of mindsets.
        seed: seed of all luck.
        ahead: days of the forecast from the end of the record on.
        copies: how many futures each particle has in the forecast.
        threads: number of threads; all by default.

    Examples:
        >>> sim.FollowSettings(particles=20, ahead=30).seed
        1
    """

    particles: int = 60
    seed: int = 1
    ahead: int = 90
    copies: int = 2
    threads: int | None = None


class Mind(NamedTuple):
    """A mindset for each actor that may have several, and the probability that all of them hold."""

    held: dict[str, str]
    prior: float


class Lived(NamedTuple):
    """What particles of one combination of mindsets went through, and where they are now."""

    steps: list[Step]
    particles: Particles


class Mixture(NamedTuple):
    """The record under every combination of mindsets."""

    minds: list[Mind]
    lived: list[Lived]

    def log_weights(self) -> Any:
        """(n_days + 1, n_minds) log of prior times likelihood of the days so far."""
        logs = np.array([[step.log_likelihood for step in each.steps] for each in self.lived]).T
        prior = np.log([mind.prior for mind in self.minds])
        return prior + np.vstack([np.zeros(len(self.minds)), np.cumsum(logs, axis=0)])

    def shares(self) -> Any:
        """(n_days + 1, n_minds) probability of each combination on each morning."""
        logs = self.log_weights()
        raised = np.exp(logs - logs.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def weights(self) -> Any:
        """(n_minds,) probability of each combination after the record."""
        return self.shares()[-1]

    def log_likelihoods(self) -> Any:
        """(n_days,) log probability of each day, given the days before."""
        logs = self.log_weights()
        top = logs.max(axis=1)
        totals = top + np.log(np.exp(logs - top[:, np.newaxis]).sum(axis=1))
        return np.diff(totals)

    def by_actor(self) -> Any:
        """(n_days, n_actors) log of the mean weight due to each actor."""
        parts = np.array([[step.by_actor for step in each.steps] for each in self.lived])
        return np.log(np.einsum("dk,kda->da", self.shares()[:-1], np.exp(parts)))

    def sizes(self) -> Any:
        """(n_days,) mean effective number of particles of a combination."""
        parts = np.array([[step.size for step in each.steps] for each in self.lived])
        return np.einsum("dk,kd->d", self.shares()[1:], parts)

    def chances(self) -> Any:
        """(n_days, n_actors, n_actions) probability, on the morning, that each act is decided."""
        shares = self.shares()[:-1]
        return sum(
            shares[:, k, np.newaxis, np.newaxis] * np.array([step.chances for step in each.steps])
            for k, each in enumerate(self.lived)
        )

    def counting(self) -> list[tuple[float, Lived]]:
        """The combinations that still count, with their probabilities."""
        weights = self.weights()
        return [(float(weight), each) for weight, each in zip(weights, self.lived, strict=True) if weight > LEAST_SHARE]


@dataclass(frozen=True)
class Following:
    """A record that was lived.

    Attributes:
        scenario: the crisis as it stood before the first day.
        until: the first day of which nothing is known.
        settings: how.
        combinations: number of combinations of mindsets that were followed.
        days: one row a day: ``date``, ``log_likelihood``, ``size`` (effective number of particles), and the surprise
            (minus the log probability) of each actor, the groups together as ``militias``.
        acts: one row an act on record: ``date``, ``actor``, ``act``, ``expected`` (mean number of such acts that the
            model decided a day over the week before), ``source``.
        mindsets: one row an actor and mindset: its probability ``before`` and ``after`` the record.
        beliefs: one row an actor and belief on the last morning: ``mean``, ``low``, ``high`` (90 % of particles).
        expected: one row a public act: how often it was ``expected`` to be decided, and is ``recorded``.
        forecast: what comes next, or None if nothing was asked.
    """

    scenario: Scenario
    until: date
    settings: FollowSettings
    combinations: int
    days: pd.DataFrame
    acts: pd.DataFrame
    mindsets: pd.DataFrame
    beliefs: pd.DataFrame
    expected: pd.DataFrame
    forecast: Forecast | None

    @property
    def log_likelihood(self) -> float:
        """Estimate of the log probability of the record."""
        return float(self.days["log_likelihood"].sum())

    def surprises(self, number: int = 10) -> pd.DataFrame:
        """The days that surprised the model most, most surprising first."""
        return self.days.sort_values("log_likelihood").head(number)


def follow(
    scenario: Any = "autumn-2019",
    record: Any = None,
    until: date | str | None = None,
    settings: FollowSettings | None = None,
    questions: Sequence[Question] | None = None,
    progress: Progress | None = None,
) -> Following:
    """Live a record day by day and forecast from its end.

    Args:
        scenario: the crisis as it stood on the first morning: a scenario, a shipped name or a file. Its own scripted
            events are left out, since the record tells what happened.
        record: a :class:`sim.analysis.record.Record`, its folder, or a CSV of events; the shipped one by default.
        until: first day of which nothing is known; the day after the last event by default.
        settings: how many particles, which seed, how far ahead.
        questions: what to forecast; the shipped questions by default.
        progress: called with the number of days lived and the number of all.

    Raises:
        InputError: the scenario or the record cannot be read, or the record has no act on the days of the scenario.

    Examples:
        >>> settings = sim.FollowSettings(particles=2, ahead=0)
        >>> found = sim.follow("autumn-2019", until="2019-11-05", settings=settings)
        >>> len(found.days)
        8
    """
    settings = settings or FollowSettings()
    events = events_of(record)
    known = _until(until, events)
    crisis = prepared(scenario, known, settings.ahead)
    script, sources = rows_of(events, crisis, known)
    n_days = (known - crisis.start).days
    if not len(script) or n_days < 1:
        raise InputError(f"the record has no act from {crisis.start} to {known - timedelta(days=1)}: nothing to follow")
    minds = combinations(crisis)
    lived = []
    for k, mind in enumerate(minds):
        show = None if progress is None else (lambda done, k=k: progress(k * n_days + done, len(minds) * n_days))
        lived.append(_through(crisis, mind, script, n_days, settings, show))
    return _told(crisis, known, settings, Mixture(minds, lived), sources, questions)


def combinations(scenario: Scenario) -> list[Mind]:
    """Every combination of the mindsets that the scenario thinks possible, with its probability.

    What stays the same through a world is not left to particles, which would soon all have one and the same: each
    combination is followed by particles of its own, and the record says how likely it makes each.
    """
    mixtures = {actor: mix for actor, mix in scenario.mindsets.items() if sum(share > 0 for share in mix.values()) > 1}
    found = []
    for names in product(*(tuple(name for name in mix if mix[name] > 0) for mix in mixtures.values())):
        held = dict(zip(mixtures, names, strict=True))
        found.append(Mind(held, prod(mixtures[actor][name] for actor, name in held.items())))
    return found


def _through(
    crisis: Scenario, mind: Mind, script: Any, n_days: int, settings: FollowSettings, show: Callable[[int], None] | None
) -> Lived:
    """Live the record under one combination of mindsets."""
    n = settings.particles
    points = {held_path(actor): np.full(n, name) for actor, name in mind.held.items()}
    built = tables(crisis, 0, n, points)
    plan = plan_with(built, script, n_days, reporting())
    particles = Particles.on_day_0(built, plan, n, settings.seed)
    particles.threads = settings.threads or particles.threads
    steps = []
    for day in range(n_days):
        steps.append(particles.follow_day())
        if show is not None:
            show(day + 1)
    return Lived(steps, particles)


def events_of(record: Any) -> tuple[Event, ...]:
    """The events of a record, a folder or a CSV file; of the shipped record by default.

    Raises:
        InputError: it cannot be read.
    """
    if isinstance(record, Record):
        return record.events
    if record is not None and Path(record).is_file():
        return read_dated(Path(record), Event)
    return load_record(record).events


def _until(until: date | str | None, events: Sequence[Event]) -> date:
    if isinstance(until, str):
        try:
            return date.fromisoformat(until)
        except ValueError:
            raise InputError(f"until = '{until}' is no date; dates are written like 2020-09-28") from None
    if until is not None:
        return until
    if not events:
        raise InputError("the record holds no event")
    return max(event.date for event in events) + timedelta(days=1)


def prepared(scenario: Any, until: date, ahead: int) -> Scenario:
    """The scenario with days enough for the record and the forecast, and without a script of its own."""
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    horizon = (until - loaded.start).days + ahead
    return loaded.with_({"horizon": max(1, horizon), "events": [], "calendar.troop_steps": [], "questions": []})


def _told(
    crisis: Scenario,
    until: date,
    settings: FollowSettings,
    mixture: Mixture,
    sources: Sequence[Source],
    questions: Sequence[Question] | None,
) -> Following:
    ahead = None
    if settings.ahead > 0:
        asked = load_questions() if questions is None else questions
        parts = [(weight, lived.particles) for weight, lived in mixture.counting()]
        ahead = forecast(parts, until, settings.ahead, settings.copies, asked)
    return Following(
        crisis,
        until,
        settings,
        len(mixture.minds),
        _days(crisis, mixture),
        _acts(mixture, sources),
        _learned(crisis, mixture),
        _beliefs(crisis, mixture),
        _expected(mixture, sources),
        ahead,
    )


def _days(crisis: Scenario, mixture: Mixture) -> pd.DataFrame:
    import pandas as pd

    surprise = -mixture.by_actor()
    states = {actor: surprise[:, i] for i, actor in enumerate(crisis.actors[:FIRST_GROUP])}
    return pd.DataFrame(
        {
            "date": pd.date_range(crisis.start, periods=len(surprise)),
            "log_likelihood": mixture.log_likelihoods(),
            "size": mixture.sizes(),
            **states,
            GROUPS: surprise[:, FIRST_GROUP:].sum(axis=1),
        }
    )


def _acts(mixture: Mixture, sources: Sequence[Source]) -> pd.DataFrame:
    import pandas as pd

    chances = mixture.chances()
    rows = []
    for source in sources:
        event, first = source.event, max(0, source.day - WEEK + 1)
        own = slice(FIRST_GROUP, None) if source.actor == NOBODY else slice(source.actor, source.actor + 1)
        week = chances[first : source.day + 1, own, source.act].sum(axis=1)
        row = {"date": event.date, "actor": event.actor, "act": event.act, "expected": float(week.mean())}
        rows.append(row | {"source": event.source})
    return pd.DataFrame(rows)


def _expected(mixture: Mixture, sources: Sequence[Source]) -> pd.DataFrame:
    """How often each public act was expected to be decided over the days, and how often it is on record."""
    import pandas as pd

    total = mixture.chances().sum(axis=(0, 1))
    recorded = Counter(source.act for source in sources)
    public = [each for each in CATALOGUE if not each.private and each.kind != Class.HOLD]
    rows = [
        {"act": each.id, "expected": float(total[each.act]), "recorded": recorded[int(each.act)]} for each in public
    ]
    return pd.DataFrame(rows)


def _learned(crisis: Scenario, mixture: Mixture) -> pd.DataFrame:
    """Probability of each mindset before and after the record."""
    import pandas as pd

    after = mixture.weights()
    rows = []
    for actor, names in crisis.mindsets.items():
        for name, before in names.items():
            own = [mind.held.get(actor) == name for mind in mixture.minds]
            if any(own):
                rows.append({"actor": actor, "mindset": name, "before": before, "after": float(after[own].sum())})
    return pd.DataFrame(rows, columns=["actor", "mindset", "before", "after"])


def _beliefs(crisis: Scenario, mixture: Mixture) -> pd.DataFrame:
    import pandas as pd

    parts = mixture.counting()
    weights = np.concatenate([weight * lived.particles.weights for weight, lived in parts])
    rows = []
    for i, actor in enumerate(crisis.actors):
        for name, meaning in BELIEFS.items():
            values = np.concatenate([lived.particles.actors[name][:, i] for _, lived in parts]).astype(float)
            low, high = weighted_quantiles(values, weights, (0.05, 0.95))
            mean = float(weights @ values / weights.sum())
            rows.append({"actor": actor, "belief": name, "meaning": meaning, "mean": mean, "low": low, "high": high})
    return pd.DataFrame(rows)


def weighted_quantiles(values: Any, weights: Any, levels: Sequence[float]) -> list[float]:
    """Quantiles of weighted values: the first value at which the weights up to it reach the level."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(np.asarray(weights)[order])
    places = np.minimum(np.searchsorted(reached, np.asarray(levels) * reached[-1]), len(order) - 1)
    return [float(value) for value in np.asarray(values)[order][places]]
