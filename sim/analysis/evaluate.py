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
ROWS = 5000
"""Worlds whose records are compiled together."""


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

    The records of many points are compiled together: what a scenario draws for each world is drawn once and repeated.
    """
    from sim.drivers.ensemble import live_tables
    from sim.results.scores import decode
    from sim.scenario import tables

    count = len(next(iter(points.values())))
    drawn = {path: values for path, values in drawn_by_world(scenario, worlds).items() if path not in points}
    step = max(1, ROWS // worlds)
    for start in range(0, count, step):
        block = {path: np.repeat(values[start : start + step], worlds) for path, values in points.items()}
        size = len(next(iter(block.values()))) // worlds
        built = tables(scenario, 0, size * worlds, block | {path: np.tile(each, size) for path, each in drawn.items()})
        for point in range(size):
            rows = _rows(built, point * worlds, worlds)
            yield decode(live_tables(rows, scenario, 0, worlds, "outcomes", threads).outcomes)


def drawn_by_world(scenario: Scenario, worlds: int) -> dict[str, NDArray[Any]]:
    """What a scenario draws for worlds 0 to ``worlds - 1``: numbers and names of mindsets by path, (worlds,) each."""
    from sim.scenario.quantities import owner_of
    from sim.scenario.worlds import Worlds

    view = Worlds(scenario, 0, worlds, {})
    found: dict[str, NDArray[Any]] = {
        path: np.asarray(view.value(path))
        for path, value in scenario.values.items()
        if not isinstance(value, int | float)
    }
    for actor, held in view.minds.items():
        if len(held) > 1:
            found[f"{owner_of(actor)}.mindset"] = np.select(list(held.values()), list(held), default="")  # type: ignore[arg-type]
    return found


def _rows(built: Any, first: int, worlds: int) -> Any:
    """The tables of some worlds; tables with one row hold for all."""
    chosen = {
        name: getattr(built, name)[first : first + worlds]
        for name in ("parameters", "traits", "actions")
        if len(getattr(built, name)) > 1
    }
    return built._replace(**chosen)
