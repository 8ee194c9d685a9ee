"""Boxes of scenario discovery: PRIM peels (ema-workbench), fresh points judge."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import require
from sim.results.intervals import wilson

Hits = NDArray[np.bool_]
LEVEL = 0.05
"""A restriction stays only where fresh points would do so well without it less often than this."""
SMALLEST = 0.03
"""Least part of the points that a box holds."""


@dataclass(frozen=True)
class Limits:
    """One restriction of a box: the factor lies between ``low`` and ``high`` (infinite where it is open).

    Attributes:
        path: address of the factor.
        low: lower limit.
        high: upper limit.
        chance: probability that fresh points inside the box hit so much more often than those that only this limit cuts
            off, if the limit did nothing (one-sided exact test of Fisher).
    """

    path: str
    low: float
    high: float
    chance: float = 1.0


@dataclass(frozen=True)
class Box:
    """A region where the outcome is common, judged on fresh points.

    Attributes:
        limits: its restrictions.
        coverage: part of all hits that lie in it and in no earlier box.
        density: part of its points that are hits, with its Wilson 95 % interval ``low`` to ``high``.
        mass: part of all points that lie in it and in no earlier box.
        points: number of fresh points in it.
    """

    limits: tuple[Limits, ...]
    coverage: float
    density: float
    low: float
    high: float
    mass: float
    points: int


class Sample(NamedTuple):
    """Points and whether the outcome came at each.

    Attributes:
        x: (points, factors) a column for each path.
        hits: (points,) whether the outcome came.
    """

    x: pd.DataFrame
    hits: Hits

    def without(self, limits: Sequence[Limits]) -> Sample:
        """The points outside a box."""
        left = ~inside(limits, self.x)
        return Sample(self.x[left], self.hits[left])


Trajectory = list[tuple[Limits, ...]]


def inside(limits: Sequence[Limits], x: pd.DataFrame) -> Hits:
    """Which points lie in a box: (points,)."""
    held = np.ones(len(x), dtype=bool)
    for each in limits:
        values = x[each.path].to_numpy()
        held &= (values >= each.low) & (values <= each.high)
    return held


def judged(limits: Sequence[Limits], sample: Sample) -> Box:
    """A box with its coverage, density and mass on some points."""
    held = inside(limits, sample.x)
    n, k = int(held.sum()), int((held & sample.hits).sum())
    low, high = wilson(k, n)
    coverage, mass = k / max(int(sample.hits.sum()), 1), n / max(len(held), 1)
    return Box(tuple(limits), coverage, k / max(n, 1), float(low), float(high), mass, n)


def peel(sample: Sample) -> Trajectory:
    """The boxes of one peeling and pasting trajectory, from all points to the smallest box."""
    with warnings.catch_warnings(action="ignore"):  # of evaluators that are not used here, and of pandas to come
        return _peel(require("ema_workbench.analysis.prim", "analysis"), sample)


def _peel(module: Any, sample: Sample) -> Trajectory:
    # Up to version 2 the threshold tells hits from misses, and a box whose density is below it is thrown away.
    early: dict[str, Any] = {"threshold": 1e-9} if "threshold" in signature(module.Prim).parameters else {}
    x = sample.x.reset_index(drop=True)
    box = module.Prim(x, sample.hits.astype(int), peel_alpha=0.05, mass_min=SMALLEST, **early).find_box()
    return [_limits(frame, x) for frame in box.box_lims] if box is not None else [()]


def _limits(frame: pd.DataFrame, x: pd.DataFrame) -> tuple[Limits, ...]:
    """The restrictions of a box as PRIM gives it: a frame with a row of lower limits and a row of upper ones."""
    found = []
    for path in x.columns:
        low, high = float(frame[path].iloc[0]), float(frame[path].iloc[1])
        low = low if low > x[path].min() else -np.inf
        high = high if high < x[path].max() else np.inf
        if np.isfinite(low) or np.isfinite(high):
            found.append(Limits(path, low, high))
    return tuple(found)


def best(trajectory: Trajectory, sample: Sample, coverage: float | None = None) -> tuple[Limits, ...]:
    """The box that lifts most hits above what its size would hold by chance: largest coverage less mass.

    This is the weighted relative accuracy of subgroup discovery; of equals, the one with fewer restrictions. With
    ``coverage``, the densest box that holds at least this part of the hits.
    """
    found = [judged(limits, sample) for limits in trajectory]
    if coverage is not None:
        found = [box for box in found if box.coverage >= coverage]
        return max(found, key=lambda box: (round(box.density, 9), -len(box.limits))).limits
    return max(found, key=lambda box: (round(box.coverage - box.mass, 9), -len(box.limits))).limits


def pruned(limits: Sequence[Limits], fresh: Sample) -> tuple[Limits, ...]:
    """Drop restrictions that fresh points do not bear out, weakest first, and note the chance of those that stay.

    The level is shared out among the restrictions of the box (Bonferroni).
    """
    kept = list(limits)
    while kept:
        kept = [replace(each, chance=_chance(each, kept, fresh)) for each in kept]
        weakest = max(kept, key=lambda each: each.chance)
        if weakest.chance <= LEVEL / len(kept):
            break
        kept.remove(weakest)
    return tuple(sorted(kept, key=lambda each: each.chance))


def _chance(one: Limits, limits: Sequence[Limits], fresh: Sample) -> float:
    """How often a box would hit so often beside the points that only this limit cuts off, were they alike.

    One-sided exact test of Fisher on hits and misses, kept and cut off.
    """
    from scipy.stats import hypergeom

    held = inside(limits, fresh.x)
    cut = inside([each for each in limits if each is not one], fresh.x) & ~held
    hits = int((held & fresh.hits).sum()), int((cut & fresh.hits).sum())
    if not cut.any():
        return 1.0
    return float(hypergeom.sf(hits[0] - 1, int(held.sum() + cut.sum()), sum(hits), int(held.sum())))


def boxes(
    seen: Sample, fresh: Sample, most: int = 3, coverage: float | None = None
) -> Iterator[tuple[Box, Trajectory]]:
    """Find boxes one after another, each among the points that the earlier ones have left.

    Args:
        seen: the points among which boxes are looked for.
        fresh: the points on which they are judged.
        most: how many boxes at most; fewer where no further one lifts the density above that of all points.
        coverage: least part of the hits that a box shall hold, of those that are left.

    Returns:
        Each box with the peeling it was chosen from.

    Raises:
        MissingExtra: ema-workbench is not installed.
    """
    base = float(fresh.hits.mean())
    total, points = int(fresh.hits.sum()), len(fresh.hits)
    for _ in range(most):
        if not 0 < seen.hits.sum() < len(seen.hits):
            return
        trajectory = peel(seen)
        limits = pruned(best(trajectory, seen, coverage), fresh)
        box = judged(limits, fresh)
        if not limits or box.low <= base:
            return
        held = inside(limits, fresh.x)
        coverage, mass = float((held & fresh.hits).sum() / total), box.points / points
        yield replace(box, coverage=coverage, mass=mass), trajectory
        seen, fresh = seen.without(limits), fresh.without(limits)
