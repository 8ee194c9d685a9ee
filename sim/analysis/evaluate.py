"""Evaluate points: the mean of each indicator over a number of worlds, the same worlds at every point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.factors import Points
from sim.analysis.indicators import Indicator, measure
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]
BLOCK = 250
"""Points whose records are compiled together."""


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
        for point, outcomes in enumerate(lived(scenario, points, worlds, threads)):
            values = measure(outcomes, wanted)
            mean[point], error[point] = values.mean(axis=0), values.var(axis=0, ddof=1) / worlds
            if progress is not None:
                progress(point + 1, count)
        return Moments(mean, error, worlds)

    return evaluate


def lived(scenario: Scenario, points: Points, worlds: int, threads: int | None = None) -> Iterator[pd.DataFrame]:
    """Outcomes (a table, one row a world) of worlds 0 to ``worlds - 1`` at each point in turn.

    Where nothing else differs between the worlds of a scenario, the records of many points are compiled together.
    """
    from sim.drivers.ensemble import live_chunk, live_tables
    from sim.results.scores import decode
    from sim.scenario import tables

    count = len(next(iter(points.values())))
    if _differs_by_world(scenario):
        for point in range(count):
            held = {path: np.full(worlds, values[point]) for path, values in points.items()}
            yield decode(live_chunk(scenario, 0, worlds, "outcomes", threads, held).outcomes)
        return
    for start in range(0, count, BLOCK):
        block = {path: values[start : start + BLOCK] for path, values in points.items()}
        size = len(next(iter(block.values())))
        built = tables(scenario, 0, size, block)
        for point in range(size):
            yield decode(live_tables(_row(built, point), scenario.seed, 0, worlds, "outcomes", threads).outcomes)


def _differs_by_world(scenario: Scenario) -> bool:
    """Whether a scenario draws numbers or mindsets anew for each world."""
    drawn = any(not isinstance(value, int | float) for value in scenario.values.values())
    return drawn or any(sum(share > 0 for share in mix.values()) > 1 for mix in scenario.mindsets.values())


def _row(built: Any, point: int) -> Any:
    """The tables of one point: tables with one row are the same at every point."""
    chosen = {
        name: getattr(built, name)[point : point + 1]
        for name in ("parameters", "traits", "actions")
        if len(getattr(built, name)) > 1
    }
    return built._replace(**chosen)
