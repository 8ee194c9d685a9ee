"""Evaluate points: the mean of each indicator over a number of worlds, the same worlds at every point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.factors import Points
from sim.analysis.indicators import Indicator, measure
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]
Point = Mapping[str, float]
"""Numbers by path that are set, whatever mindsets an actor has; everything else is as the scenario says."""


class Moments(NamedTuple):
    """What is known at some points.

    Attributes:
        mean: (points, indicators) mean over the worlds.
        error: (points, indicators) variance of that mean: what luck leaves in it; zero for a function without luck.
        worlds: number of worlds at each point; 1 for a function without luck.
    """

    mean: NDArray[np.float64]
    error: NDArray[np.float64]
    worlds: int


Evaluate = Callable[[Points], Moments]
"""Any function of points can be analysed; :func:`exact` makes one of a formula, :func:`ensemble` of a scenario."""


def exact(formula: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Evaluate:
    """An evaluator of a formula without luck, from (points, factors) to (points,) or (points, indicators)."""

    def evaluate(points: Points) -> Moments:
        mean = formula(np.column_stack(list(points.values())))
        mean = mean[:, None] if mean.ndim == 1 else mean
        return Moments(mean, np.zeros_like(mean), 1)

    return evaluate


def ensemble(
    scenario: Scenario,
    wanted: Sequence[Indicator],
    worlds: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Evaluate:
    """An evaluator of a scenario: worlds 0 to ``worlds - 1`` are lived at every point, with the same luck.

    Args:
        scenario: what to live.
        wanted: indicators to measure.
        worlds: number of worlds at a point, two or more.
        threads: number of threads; all by default.
        progress: called with the number of points done and the number of all.

    Raises:
        InputError: fewer than two worlds.
    """
    if worlds < 2:
        raise InputError(f"at least 2 worlds a point are needed to see luck, not {worlds}")

    def evaluate(points: Points) -> Moments:
        count = len(next(iter(points.values())))
        mean, error = np.empty((count, len(wanted))), np.empty((count, len(wanted)))
        for point, outcomes in enumerate(lived(scenario, each_point(points), worlds, threads)):
            values = measure(outcomes, wanted)
            mean[point], error[point] = values.mean(axis=0), values.var(axis=0, ddof=1) / worlds
            if progress is not None:
                progress(point + 1, count)
        return Moments(mean, error, worlds)

    return evaluate


def each_point(points: Points) -> list[Point]:
    """The points of a design that sets all of its quantities, one by one."""
    rows = zip(*points.values(), strict=True)
    return [dict(zip(points, map(float, row), strict=True)) for row in rows]


def lived(
    scenario: Scenario, points: Sequence[Point], worlds: int, threads: int | None = None
) -> Iterator[pd.DataFrame]:
    """Outcomes (a table, one row a world) of worlds 0 to ``worlds - 1`` at each point in turn.

    They are the worlds of :func:`sim.run` of the scenario with the numbers of the point stated in it
    (``scenario.with_(point)``), bit for bit; at a point that sets nothing, those of the scenario as it stands.
    """
    from sim.drivers.ensemble import chunks
    from sim.results.scores import decode

    for point in points:
        held = {path: np.full(worlds, value) for path, value in point.items()}
        parts = [decode(part.outcomes) for part in chunks(scenario, worlds, "outcomes", threads=threads, points=held)]
        yield parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
