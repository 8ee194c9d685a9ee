"""The particle driver: many worlds moved through a record together, day by day, weighed, copied and set free.

A bootstrap of worlds with weights from :mod:`sim.rules.follow`; resampling is systematic (Carpenter, Clifford and
Fearnhead 1999; Chopin and Papaspiliopoulos 2020, chapter 9), and done when the effective sample size falls below half.
A copy is told apart from its original by its number, which keys its luck from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.drivers.ensemble import plan_of, set_out, together
from sim.errors import InputError
from sim.rules.day import close_day, live_day
from sim.rules.follow import UNOPENED, live_known_day
from sim.rules.outcome import keep_day
from sim.rules.start import begin
from sim.world.chance import chance
from sim.world.identity import identity
from sim.world.records import ACTOR, BENCH, SERIES, WORLD, Crisis, Tables

RESAMPLE_BELOW = 0.5
"""Share of the particles that the effective sample size must not fall below."""
Floats = NDArray[np.float64]


class Reporting(NamedTuple):
    """How well the acts of a crisis are known.

    Attributes:
        report: (n_actions,) probability that an act that lands is on record.
        announced: (n_actions,) 1 for acts that are recorded on the day of their decision, not of their effect.
        outside: (n_kinds,) probability a day that an actor of a kind acts for reasons outside the model.
    """

    report: Floats
    announced: NDArray[np.int64]
    outside: Floats


class Slice(NamedTuple):
    """Which particles a thread moves, and whether they follow the record.

    Attributes:
        start: first particle.
        stop: last particle plus one.
        seed: seed of all luck.
        follows: 1 while there is a record to follow, 0 where luck is free.
    """

    start: int
    stop: int
    seed: int
    follows: int


class Swarm(NamedTuple):
    """The state of the particles.

    Attributes:
        worlds: (n,) WORLD.
        actors: (n, n_actors) ACTOR.
        rows: (n,) which draw of the parameters and mindsets each has.
    """

    worlds: Any
    actors: Any
    rows: Any


@rule
def begin_slice(tables: Tables, plan: Any, benches: Any, swarm: Swarm, part: Slice) -> int:
    """Set particles to the morning of day 0."""
    bench, n = benches[0], tables.traits.shape[1]
    for j in range(part.start, part.stop):
        row = swarm.rows[j]
        set_out(bench, tables, row, False)
        p = tables.parameters[row % len(tables.parameters)]
        c = Crisis(p, plan[0], bench.traits[:n], bench.acts[:], swarm.worlds[j], bench.actors[:n])
        begin(c, part.seed, j)
        c.w.follows = 1
        c.w.lead[:] = UNOPENED
        for i in range(n):
            swarm.actors[j, i] = bench.actors[i]
    return 0


@rule
def move_slice(pages: Any, tables: Tables, plan: Any, benches: Any, swarm: Swarm, part: Slice) -> int:
    """Move particles by one day; returns how many had more events than fit."""
    bench, n, lost = benches[0], tables.traits.shape[1], 0
    for j in range(part.start, part.stop):
        row = swarm.rows[j]
        set_out(bench, tables, row, False)
        for i in range(n):
            bench.actors[i] = swarm.actors[j, i]
        p = tables.parameters[row % len(tables.parameters)]
        c = Crisis(p, plan[0], bench.traits[:n], bench.acts[:], swarm.worlds[j], bench.actors[:n])
        c.w.number, c.w.follows = j, part.follows
        seen = c.w.n_events
        if part.follows == 1:
            live_known_day(c)
        else:
            live_day(c)
        keep_day(c, seen, pages[j])
        close_day(c)
        lost += 1 if c.w.overflow != 0 else 0
        for i in range(n):
            swarm.actors[j, i] = bench.actors[i]
    return lost


@rule
def copy_particles(worlds: Any, actors: Any, ancestors: Any) -> None:
    """Replace every particle by its ancestor, in place: who lives on is its own ancestor."""
    for j in range(len(ancestors)):
        if ancestors[j] != j:
            worlds[j] = worlds[ancestors[j]]
            for i in range(actors.shape[1]):
                actors[j, i] = actors[ancestors[j], i]


def systematic(weights: Floats, u: float) -> NDArray[np.int64]:
    """Ancestors of a new generation by systematic resampling, each survivor in its own place.

    Args:
        weights: (n,), summing to 1.
        u: uniform number in [0, 1).

    Returns:
        (n,) rows; row j is j for every particle that lives on.
    """
    n = len(weights)
    bounds = np.minimum(np.cumsum(weights), 1.0)
    drawn = np.minimum(np.searchsorted(bounds, (np.arange(n) + u) / n, side="right"), n - 1)
    counts = np.bincount(drawn, minlength=n)
    ancestors = np.arange(n)
    ancestors[counts == 0] = np.repeat(np.arange(n), np.maximum(counts - 1, 0))
    return ancestors


class Step(NamedTuple):
    """What a day of the record said of the particles.

    Attributes:
        log_likelihood: estimate of the log probability of the day's record given the days before.
        size: effective number of particles after weighing, before resampling.
        by_actor: (n_actors,) log of the mean weight due to each actor alone; what they did jointly is not in it.
        chances: (n_actors, n_actions) mean probability, before the day was known, that each act was decided.
    """

    log_likelihood: float
    size: float
    by_actor: Floats
    chances: Floats


@dataclass
class Particles:
    """Weighted worlds on one morning.

    Attributes:
        tables: the scenario's records; particle j has row ``rows[j]`` of what varies by world.
        plan: (1,) PLAN, with the record in its script.
        seed: seed of all luck.
        worlds: (n,) WORLD.
        actors: (n, n_actors) ACTOR.
        rows: (n,) which draw of the parameters and mindsets each particle has.
        weights: (n,) that sum to 1.
        day: the day about to be lived.
        threads: number of threads.
    """

    tables: Tables
    plan: Any
    seed: int
    worlds: Any
    actors: Any
    rows: NDArray[np.int64]
    weights: Floats
    day: int = 0
    threads: int = field(default_factory=numba.get_num_threads)

    @classmethod
    def on_day_0(cls, tables: Tables, record: Any, count: int, seed: int) -> Particles:
        """Particles on the first morning, as the scenario describes it.

        Args:
            tables: the scenario's records.
            record: (1,) PLAN made by :func:`plan_with`.
            count: number of particles.
            seed: seed of all luck.
        """
        n_actors = tables.traits.shape[1]
        worlds, actors = np.zeros(count, WORLD), np.zeros((count, n_actors), ACTOR)
        rows = np.arange(count)
        new = cls(tables, record, seed, worlds, actors, rows, np.full(count, 1.0 / count))
        new._share(begin_slice, 1)
        return new

    def __len__(self) -> int:
        return len(self.worlds)

    @property
    def effective_size(self) -> float:
        """1 / sum of squared weights."""
        return float(1.0 / np.square(self.weights).sum())

    def follow_day(self) -> Step:
        """Move all particles by a day that agrees with the record, weigh them, and resample if too few count."""
        before, n = self.weights, self.actors.shape[1]
        self._move(1)
        logs = np.ascontiguousarray(self.worlds["log_weight"][:, :n])
        mean = self._weigh(logs.sum(axis=1))
        by_actor = np.log(before @ np.exp(logs))
        chances = np.einsum("j,jia->ia", before, self.worlds["chance"][:, :n])
        size = self.effective_size
        lost = self._resample_by_outlook()
        return Step(mean + lost, size, by_actor, chances)

    def _weigh(self, logs: Floats) -> float:
        """Multiply the weights; returns the log of their mean, which is taken out."""
        top = logs.max()
        raised = self.weights * np.exp(logs - top)
        mean = raised.sum()
        self.weights = raised / mean
        return float(top + np.log(mean))

    def _resample_by_outlook(self) -> float:
        """Resample, if too few particles count, by weight and outlook; returns the log of what their mean changed by.

        The outlook steers which particles are copied and is divided out of their weights, so that it biases nothing.
        """
        outlook = self.worlds["outlook"]
        raised = self.weights * np.exp(outlook - outlook.max())
        score = raised / raised.sum()
        if 1.0 / np.square(score).sum() >= RESAMPLE_BELOW * len(self):
            return 0.0
        ratio = self.weights / np.maximum(score, np.finfo(float).tiny)
        self.weights = ratio[self._replace(score)] / len(self)
        mean = self.weights.sum()
        self.weights /= mean
        return float(np.log(mean))

    def _replace(self, score: Floats) -> NDArray[np.int64]:
        """Copy particles in proportion to a score that sums to 1; returns the row that each is a copy of."""
        ancestors = systematic(score, chance(self.seed, 0, self.day, identity("resample"), 0))
        copy_particles(self.worlds, self.actors, ancestors)
        self.rows = self.rows[ancestors]
        return ancestors

    def live(self, days: int) -> Any:
        """Live on under free luck; returns what happened on each day of each particle, (n, days) SERIES.

        Raises:
            InputError: a world had more events than a trace holds.
        """
        series = np.zeros((len(self), days), SERIES)
        for day in range(days):
            series[:, day] = self._move(0)
        return series

    def resample(self) -> None:
        """Give all particles the same weight: replace those of little weight by copies of others."""
        self._replace(self.weights)
        self.weights = np.full(len(self), 1.0 / len(self))

    def _move(self, follows: int) -> Any:
        """Live one day in every particle; returns what happened, (n,) SERIES.

        Raises:
            InputError: a world had more events than a trace holds.
        """
        pages = np.zeros(len(self), SERIES)
        lost = self._share(partial(move_slice, pages), follows)
        if lost:
            raise InputError(f"{lost} worlds had more events than a trace holds by day {self.day}")
        self.day += 1
        return pages

    def _share(self, work: Any, follows: int) -> int:
        """Let threads do their parts of the particles; the sum of what they return."""
        size = -(-len(self) // self.threads)
        swarm, found = Swarm(self.worlds, self.actors, self.rows), [0]

        def do(start: int) -> None:
            part = Slice(start, min(start + size, len(self)), self.seed, follows)
            found.append(int(work(self.tables, self.plan, np.zeros(1, BENCH), swarm, part)))

        together(do, range(0, len(self), size), self.threads)
        return sum(found)


def plan_with(tables: Tables, script: Any, known_until: int, reporting: Reporting) -> Any:
    """The PLAN of a scenario that follows a record instead of its own script.

    Args:
        tables: the scenario's records.
        script: (n,) SCRIPT, acts on record by day.
        known_until: day of which, and of later ones, nothing is known.
        reporting: how well acts are known.

    Raises:
        InputError: more acts or days than a world holds.
    """
    plan = plan_of(tables._replace(script=script))
    plan["known_until"] = known_until
    plan["report"][0], plan["announced"][0] = reporting.report, reporting.announced
    plan["outside"][0] = reporting.outside
    return plan
