"""Forecasts from a morning: particles that have lived a record live on under free luck."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.questions import askable
from sim.drivers.particles import Particles
from sim.results.daily_table import DailyTable, daily_from_worlds
from sim.results.intervals import wilson
from sim.results.resolve import resolve

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.question import Question


@dataclass(frozen=True)
class Forecast:
    """What comes after a morning.

    Attributes:
        start: the morning.
        days: number of days.
        worlds: number of futures.
        size: number of independent futures that they are worth, since copies of one past are alike.
        answers: one row a question: ``question``, ``text``, ``probability``, and the 95 % interval that the number of
            worlds allows, ``low`` and ``high``.
    """

    start: date
    days: int
    worlds: int
    size: float
    answers: pd.DataFrame


def forecast(
    parts: Sequence[tuple[float, Particles]], start: date, days: int, copies: int, questions: Sequence[Question]
) -> Forecast:
    """Live on from weighted particles; each has ``copies`` futures with luck of their own.

    Args:
        parts: probabilities, and particles on the morning of ``start``, which are left as they are.
        start: date of that morning.
        days: days to live.
        copies: futures of each particle.
        questions: what to answer; those whose days do not lie within are left out.
    """
    total = sum(weight for weight, _ in parts)
    weights = [weight / total for weight, _ in parts]
    tables = [_futures(particles, start, days, copies) for _, particles in parts]
    sizes = [
        min(copies * particles.effective_size, table.n_worlds)
        for (_, particles), table in zip(parts, tables, strict=True)
    ]
    size = 1.0 / sum(weight * weight / size for weight, size in zip(weights, sizes, strict=True))
    worlds = sum(table.n_worlds for table in tables)
    return Forecast(start, days, worlds, size, _answers(questions, tables, weights, size))


def _futures(particles: Particles, start: date, days: int, copies: int) -> DailyTable:
    """The days of the futures of some particles, all alike in weight."""
    lived = [_lived(particles, days, seed) for seed in range(1, copies + 1)]
    series, events, counts = (np.concatenate([part[k] for part in lived]) for k in range(3))
    return daily_from_worlds(start, series, events, np.concatenate([[0], np.cumsum(counts)]))


def _lived(particles: Particles, days: int, seed: int) -> tuple[Any, Any, Any]:
    """One future of each particle: (n, days) SERIES, its EVENT rows with days counted from the morning, and counts."""
    future = copy.copy(particles)
    future.worlds, future.actors = particles.worlds.copy(), particles.actors.copy()
    future.rows, future.weights = particles.rows.copy(), particles.weights.copy()
    future.seed = particles.seed + seed
    future.resample()
    first = particles.day
    series = future.live(days)
    events, counts = [], []
    for world in future.worlds:
        own = world["events"][: world["n_events"]]
        own = own[own["day"] >= first].copy()
        own["day"] -= first
        events.append(own)
        counts.append(len(own))
    return series, np.concatenate(events), np.array(counts)


def _answers(
    questions: Sequence[Question], tables: Sequence[DailyTable], weights: Sequence[float], size: float
) -> pd.DataFrame:
    import pandas as pd

    rows, days = [], tables[0]
    for question in askable(questions, days):
        shares = [float(resolve(question, table).mean()) for table in tables]
        share = float(np.dot(weights, shares))
        low, high = wilson(share * size, size)
        row = {"question": question.id, "text": question.asked(days.start, days.n_days), "probability": share}
        rows.append(row | {"low": float(low), "high": float(high)})
    return pd.DataFrame(rows, columns=["question", "text", "probability", "low", "high"])
