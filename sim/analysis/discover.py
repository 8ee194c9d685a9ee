"""Where it tips: regions of the quantities in which an outcome of interest is common (scenario discovery).

Every point is one world: quantities drawn over their ranges, luck of its own. The density of a box is then the
probability of the outcome in it, luck included. Boxes are found by PRIM (Friedman and Fisher 1999; Bryant and Lempert
2010) on one half of the worlds and judged on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import discover_text
from sim.analysis.alike import loaded_scenario
from sim.analysis.factors import Factor, Points, factors_of, points_of
from sim.analysis.interest import Interest, interest
from sim.analysis.prim import Box, Sample, Trajectory, best, boxes, judged, peel
from sim.errors import InputError, require_all
from sim.results.drawing import plots
from sim.results.lives import refuse_too_many, with_whole
from sim.results.rich_html import as_html

if TYPE_CHECKING:
    from sim.scenario import Scenario

FEWEST_HITS = 20
Happens = Callable[[Points], NDArray[np.bool_]]
"""Whether the outcome comes at each point: (points,)."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DiscoverySearch:
    """How to look for boxes.

    Attributes:
        vary: addresses or patterns; all quantities of the world and the actors by default.
        worlds: number of worlds, half to find boxes and half to judge them.
        keep: PRIM looks at so many quantities, those whose values differ most between hits and misses
            (Kolmogorov-Smirnov; regional sensitivity analysis of Spear and Hornberger 1980).
        boxes: how many boxes at most.
        coverage: least part of the cases that a box shall hold; the densest such box is taken. By default the box whose
            coverage exceeds its mass most.
        width: part of the declared ranges to cover, around the scenario's values.
        seed: seed of the design.

    Examples:
        >>> sim.DiscoverySearch(vary=("us.*",), boxes=1).worlds
        4000
    """

    vary: tuple[str, ...] = ()
    worlds: int = 4000
    keep: int = 12
    boxes: int = 3
    coverage: float | None = None
    width: float = 1.0
    seed: int = 1


@dataclass(frozen=True)
class Discovery:
    """Where an outcome is common.

    Attributes:
        title: the outcome in words.
        factors: what was varied.
        ranking: one row for each factor, most telling first: path, label, ``distance`` (between its distributions in
            hits and misses) and ``chance`` (that luck alone gives such a distance).
        boxes: the boxes, judged on fresh worlds.
        trajectory: one row for each box of the first peeling: ``coverage``, ``density``, ``mass``, ``limits`` (number
            of restrictions) and ``chosen``; on the worlds where boxes were looked for.
        fresh: the worlds on which the boxes are judged, with the quantities that PRIM looked at.
        worlds: number of worlds behind the boxes and behind their judgement together.
        scenario: the scenario, or None for another function.
    """

    title: str
    factors: tuple[Factor, ...]
    ranking: pd.DataFrame
    boxes: tuple[Box, ...]
    trajectory: pd.DataFrame
    fresh: Sample
    worlds: int
    scenario: Scenario | None = None

    @property
    def base(self) -> float:
        """Share of all fresh worlds with the outcome."""
        return float(self.fresh.hits.mean())

    def rules(self) -> list[str]:
        """The boxes in plain sentences."""
        return discover_text.rules(self)

    def to_dict(self) -> dict[str, Any]:
        """Every number, fit for JSON."""
        return discover_text.to_dict(self)

    def save(self, folder: str | Path) -> Path:
        """Write summary, numbers, tables and figures (PNG and SVG) into a folder; returns it.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        return discover_text.save(self, folder)

    def plot(self) -> Any:
        """Draw the first box and return the axes."""
        return plots("discover").box(self)

    def __repr__(self) -> str:
        return f"Discovery({self.title}; {len(self.factors)} quantities, {len(self.boxes)} boxes, worlds={self.worlds})"

    def _repr_html_(self) -> str:
        return as_html(self)

    def __rich__(self) -> Any:
        return discover_text.table(self)


def discover(
    scenario: Any,
    outcome: str | Interest,
    search: DiscoverySearch | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Discovery:
    """Find where in the ranges of its quantities a scenario makes an outcome common.

    Args:
        scenario: a scenario, the name of a shipped one, or a path.
        outcome: condition on the outcome of a world, as :func:`sim.analysis.interest.interest` reads it.
        search: how to look.
        threads: number of threads; all by default.
        progress: called with the number of worlds lived so far and the number of all.

    Raises:
        InputError: a quantity or an outcome that does not exist, or an outcome that hardly ever or nearly always comes.
        MissingExtra: ema-workbench is not installed.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> found = sim.discover(short, "rockets >= 1", sim.DiscoverySearch(("us.*",), worlds=200))
    """
    require_all(("ema_workbench",), "analysis")
    search = search or DiscoverySearch()
    loaded = loaded_scenario(scenario)
    wanted = outcome if isinstance(outcome, Interest) else interest(outcome)
    happens = _lived(loaded, wanted, threads, progress)
    return find_boxes(happens, factors_of(loaded, search.vary, search.width), wanted.title, search, loaded)


def find_boxes(
    happens: Happens, factors: Sequence[Factor], title: str, search: DiscoverySearch, scenario: Scenario | None = None
) -> Discovery:
    """Find boxes of any function of points.

    Args:
        happens: whether the outcome comes at each point.
        factors: what to vary.
        title: the outcome in words.
        search: how to look; its ``vary`` and ``width`` are not used.
        scenario: kept with the result.

    Raises:
        InputError: fewer than 20 hits or misses among the points, fewer than 100 points or too many, no box to find,
            or an impossible coverage.
        MissingExtra: ema-workbench is not installed.
    """
    search = with_whole(search, "worlds", "boxes")
    if search.coverage is not None and not 0.0 <= search.coverage <= 1.0:
        raise InputError(f"the coverage is a part of the cases, from 0 to 1, not {search.coverage:g}")
    if search.worlds < 100:
        raise InputError(f"scenario discovery needs at least 100 worlds, not {search.worlds}")
    refuse_too_many(search.worlds)
    if search.boxes < 1:
        raise InputError(f"scenario discovery looks for at least 1 box, not {search.boxes}")
    points = points_of(factors, _design(len(factors), search))
    hits = np.asarray(happens(points), dtype=bool)
    _check_hits(title, hits)
    x = pd.DataFrame(points)
    half = len(x) // 2
    ranking = _ranking(Sample(x[:half], hits[:half]), factors)
    looked = x[list(ranking["path"][: search.keep])]
    seen, fresh = Sample(looked[:half], hits[:half]), Sample(looked[half:], hits[half:])
    found = list(boxes(seen, fresh, search.boxes, search.coverage))
    trajectory = _judged(found[0][1] if found else peel(seen), seen, search.coverage)
    return Discovery(
        title, tuple(factors), ranking, tuple(box for box, _ in found), trajectory, fresh, len(x), scenario
    )


def _design(count: int, search: DiscoverySearch) -> NDArray[np.float64]:
    """Latin hypercube for each half: (worlds, factors) places in [0, 1]."""
    from scipy.stats.qmc import LatinHypercube

    half = search.worlds // 2
    draw = LatinHypercube(count, rng=np.random.default_rng(search.seed))
    return np.vstack([draw.random(half), draw.random(search.worlds - half)])


def _check_hits(title: str, hits: NDArray[np.bool_]) -> None:
    for name, count in (("comes", int(hits.sum())), ("fails to come", int((~hits).sum()))):
        if count < FEWEST_HITS:
            raise InputError(
                f"'{title}' {name} in {count} of {len(hits)} worlds only; {FEWEST_HITS} are needed: ask for more"
                " worlds, other ranges or another outcome"
            )


def _ranking(seen: Sample, factors: Sequence[Factor]) -> pd.DataFrame:
    from scipy.stats import ks_2samp

    rows = []
    for factor in factors:
        values = seen.x[factor.path].to_numpy()
        found = ks_2samp(values[seen.hits], values[~seen.hits])
        rows.append((factor.path, factor.label, float(found.statistic), float(found.pvalue)))
    table = pd.DataFrame(rows, columns=["path", "label", "distance", "chance"])
    return table.sort_values("distance", ascending=False, kind="stable", ignore_index=True)


def _judged(trajectory: Trajectory, seen: Sample, coverage: float | None) -> pd.DataFrame:
    chosen = best(trajectory, seen, coverage)
    found = [judged(limits, seen) for limits in trajectory]
    rows = [(box.coverage, box.density, box.mass, len(box.limits), box.limits == chosen) for box in found]
    return pd.DataFrame(rows, columns=["coverage", "density", "mass", "limits", "chosen"])


def _lived(scenario: Scenario, wanted: Interest, threads: int | None, progress: Progress | None) -> Happens:
    """One world for each point, each with luck of its own."""

    def happens(points: Points) -> NDArray[np.bool_]:
        from sim.drivers.ensemble import chunks
        from sim.results.scores import decode

        worlds = len(next(iter(points.values())))
        told = None if progress is None else (lambda done: progress(done, worlds))
        lived = chunks(scenario, worlds, "outcomes", threads=threads, chunk=1000, points=points, progress=told)
        return np.concatenate([wanted.holds(decode(chunk.outcomes)) for chunk in lived])

    return happens
