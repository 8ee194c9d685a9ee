"""Which outcomes a sweep moves."""

from __future__ import annotations

from typing import NamedTuple

from sim.experiments.dataset import Sweep
from sim.results.scores import OUTCOME_QUESTIONS


class Share(NamedTuple):
    """A share of worlds at one point, with its 95 % interval."""

    point: int
    estimate: float
    low: float
    high: float


class Moved(NamedTuple):
    """How far one outcome moves: its share where it is lowest and where it is highest."""

    outcome: str
    title: str
    lowest: Share
    highest: Share

    @property
    def span(self) -> float:
        """How far."""
        return self.highest.estimate - self.lowest.estimate


def moved(sweep: Sweep) -> list[Moved]:
    """Every outcome by how far its share of worlds moves across the points, farthest first."""
    table = sweep.probabilities()
    found = []
    for question in OUTCOME_QUESTIONS:
        rows = table[table["outcome"] == question.column]
        columns = (rows[name].tolist() for name in ("point", "estimate", "low", "high"))
        shares = [Share(*values) for values in zip(*columns, strict=True)]
        ends = min(shares, key=_estimate), max(shares, key=_estimate)
        found.append(Moved(question.column, question.title, *ends))
    return sorted(found, key=lambda each: -each.span)


def _estimate(share: Share) -> float:
    return share.estimate
