"""Uncertainty apart: how much of the spread of each outcome is luck, parameters, and rule or mindset.

A draw is of the scenario's own numbers. Where the mindset of a structure puts another number in the place of one, that
holds, as it does in a run: what is asked is how numbers, rules and mindsets share the spread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import uncertainty_text
from sim.analysis.alike import loaded_scenario
from sim.analysis.factors import Factor, factors_of, points_of
from sim.analysis.indicators import Indicator, indicators, measure
from sim.analysis.paired import standard_error
from sim.analysis.structures import PLAUSIBLE, Structure, stated_rules, structures
from sim.analysis.variance import bootstrap, parts
from sim.errors import InputError, unknown
from sim.results.drawing import plots
from sim.results.lives import refuse_too_many, with_whole
from sim.results.rich_html import as_html

if TYPE_CHECKING:
    from sim.scenario import Scenario

SOURCES = ("auto", "ranges", "scenario")
Progress = Callable[[int, int], None]
Draws = dict[str, NDArray[Any]]
PARTS = ("luck", "parameters", "structure")


@dataclass(frozen=True)
class UncertaintyLayout:
    """How worlds are laid out: structures by draws of the parameters by worlds, all of the same number.

    Attributes:
        vary: addresses or patterns that are drawn over their ranges; by default none where the scenario has
            distributions of its own, else all quantities of the world and the actors.
        outcomes: columns of the outcomes; the usual ones by default.
        rules: decision rules that count as possible, for actors whose rule the scenario does not state.
        draws: draws of the parameters.
        worlds: worlds of each draw under each structure.
        width: part of the declared ranges to cover, around the scenario's values.
        source: ``ranges`` draws what is varied over its range, ``scenario`` only from the scenario's own distributions
            or posterior. Numbers of which the scenario gives a distribution are always drawn from it, unless they are
            varied. ``auto`` is ``scenario`` where the scenario has any and nothing is named.
        seed: seed of the draws.

    Examples:
        >>> sim.UncertaintyLayout(rules=("quantal",), draws=10).worlds
        10
    """

    vary: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    rules: tuple[str, ...] = PLAUSIBLE
    draws: int = 60
    worlds: int = 10
    width: float = 1.0
    source: str = "auto"
    seed: int = 1


@dataclass(frozen=True)
class Uncertainty:
    """The spread of each outcome, taken apart.

    Attributes:
        scenario: what was lived.
        layout: how.
        source: where the parameters were drawn from: ``ranges``, ``scenario``, or ``both``.
        table: one row for each outcome: outcome, title, unit, ``mean`` with its standard ``error`` (over draws),
            ``total`` (variance), and for luck, parameters and structure the variance (``luck``), its share
            (``luck_share``) and the share's 95 % bootstrap interval (``luck_low``, ``luck_high``). The three variances
            sum to the total, the three shares to 1.
        by_structure: one row for each structure: its weight (among those of the same rule), rule, mindsets, and the
            mean of each outcome under it.
        drawn: number of quantities drawn.
    """

    scenario: Scenario
    layout: UncertaintyLayout
    source: str
    table: pd.DataFrame
    by_structure: pd.DataFrame
    drawn: int

    @property
    def held(self) -> dict[str, str]:
        """Decision rules by actor that hold in every structure, since the scenario states them."""
        return stated_rules(self.scenario)

    @property
    def worlds(self) -> int:
        """Number of worlds in all."""
        return len(self.by_structure) * self.layout.draws * self.layout.worlds

    def sentences(self) -> list[str]:
        """What was found, one sentence each."""
        return uncertainty_text.sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """Every number, fit for JSON."""
        return uncertainty_text.to_dict(self)

    def save(self, folder: str | Path) -> Path:
        """Write summary, numbers, tables and the figure (PNG and SVG) into a folder; returns it.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        return uncertainty_text.save(self, folder)

    def plot(self) -> Any:
        """Draw the shares and return the axes."""
        return plots("uncertainty").shares(self)

    def __repr__(self) -> str:
        return f"Uncertainty({self.scenario.name}; {self.drawn} quantities drawn, {len(self.by_structure)} structures)"

    def _repr_html_(self) -> str:
        return as_html(self)

    def __rich__(self) -> Any:
        return uncertainty_text.table(self)


def uncertainty(
    scenario: Any, layout: UncertaintyLayout | None = None, threads: int | None = None, progress: Progress | None = None
) -> Uncertainty:
    """Take the spread of outcomes apart.

    Every structure is lived with the same draws and the same luck; every draw has luck of its own.

    Args:
        scenario: a scenario, the name of a shipped one, or a path.
        layout: how worlds are laid out.
        threads: number of threads; all by default.
        progress: called with the number of worlds lived so far and the number of all.

    Raises:
        InputError: an outcome, a rule or a quantity that does not exist, an option that would change nothing, or too
            few draws or worlds, or too many.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> layout = sim.UncertaintyLayout(("us.*",), ("rockets",), ("quantal",), draws=3, worlds=2)
        >>> found = sim.uncertainty(short, layout)
    """
    layout = layout or UncertaintyLayout()
    layout = with_whole(layout, "draws", "worlds")
    _check(layout)
    loaded, wanted = loaded_scenario(scenario), indicators(layout.outcomes)
    rivals = structures(loaded, layout.rules)
    refuse_too_many(layout.draws * layout.worlds * len(rivals))
    source, drawn = _draws(loaded, layout)
    points = {path: np.repeat(values, layout.worlds) for path, values in drawn.items()}
    cells = np.empty((2, len(wanted), len(rivals), layout.draws))
    for k, rival in enumerate(rivals):
        values = _lived(rival, points, wanted, threads)
        worlds = values.reshape(layout.draws, layout.worlds, len(wanted))
        cells[0, :, k], cells[1, :, k] = worlds.mean(axis=1).T, worlds.var(axis=1, ddof=1).T
        if progress is not None:
            progress((k + 1) * len(values), len(rivals) * len(values))
    weights = np.array([rival.weight for rival in rivals])
    table = _table(cells, wanted, layout.worlds, weights / weights.sum())
    return Uncertainty(loaded, layout, source, table, _rivals(cells, rivals, wanted), len(drawn))


def _check(layout: UncertaintyLayout) -> None:
    if layout.draws < 2 or layout.worlds < 2:
        raise InputError(
            f"2 draws of the parameters and 2 worlds of each are needed at least, not {layout.draws}, {layout.worlds}"
        )
    if layout.source not in SOURCES:
        raise unknown("source of draws", layout.source, SOURCES)


def _draws(scenario: Scenario, layout: UncertaintyLayout) -> tuple[str, Draws]:
    """Where the parameters come from, and (draws,) values by path."""
    own = {path: value for path, value in scenario.values.items() if not isinstance(value, int | float)}
    named = bool(layout.vary) or layout.width != 1.0
    if layout.source == "scenario" or (layout.source == "auto" and own and not layout.vary):
        _refuse_ranges(scenario, layout, bool(own), named)
        factors: tuple[Factor, ...] = ()
    else:
        factors = factors_of(scenario, layout.vary, layout.width)
    varied = {factor.path for factor in factors}
    own = {path: value for path, value in own.items() if path not in varied}
    units = _units(len(factors) + len(own) + bool(own), layout)
    drawn: Draws = dict(points_of(factors, units))
    for k, (path, value) in enumerate(own.items(), len(factors)):
        drawn[path] = _own(scenario, value, (units[:, k], units[:, -1]))
    return "both" if own and factors else "ranges" if factors else "scenario", drawn


def _refuse_ranges(scenario: Scenario, layout: UncertaintyLayout, has_own: bool, named: bool) -> None:
    """Check that a layout which draws from the scenario's distributions alone asks for nothing else.

    Raises:
        InputError: there are none, or ranges are asked for.
    """
    if not has_own:
        raise InputError(f"{scenario.name} has no distributions and no posterior to draw from; draw over the ranges")
    if named and layout.source == "scenario":
        raise InputError("source 'scenario' draws over no ranges, so --vary and --width would change nothing")
    if named:
        raise InputError(
            f"{scenario.name} has distributions of its own, so --width would change nothing: name with --vary what to"
            " draw over a range beside them, or draw everything over ranges with --source ranges"
        )


def _own(scenario: Scenario, value: Any, units: tuple[NDArray[np.float64], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Values of one distribution at places in [0, 1]; columns of the posterior share the second, to stay correlated."""
    if value.kind == "posterior" and scenario.posterior is not None:
        rows = (units[1] * scenario.posterior.draws).astype(np.intp)
        return np.asarray(scenario.posterior.columns[value.column][rows])
    return np.asarray(value.quantile(units[0]))


def _units(count: int, layout: UncertaintyLayout) -> NDArray[np.float64]:
    from scipy.stats.qmc import LatinHypercube

    return LatinHypercube(count, rng=np.random.default_rng(layout.seed)).random(layout.draws)


def _lived(rival: Structure, points: Draws, wanted: Sequence[Indicator], threads: int | None) -> NDArray[np.float64]:
    """The indicators of all worlds of a structure: (draws * worlds, indicators)."""
    from sim.drivers.ensemble import chunks
    from sim.results.scores import decode
    from sim.scenario.mindset import replaced

    count = len(next(iter(points.values())))
    held = {path: values for path, values in points.items() if not replaced(rival.scenario, path)}
    lived = chunks(rival.scenario, count, "outcomes", threads=threads, chunk=1000, points=held)
    return np.concatenate([measure(decode(chunk.outcomes), wanted) for chunk in lived])


def _table(
    cells: NDArray[np.float64], wanted: Sequence[Indicator], worlds: int, weights: NDArray[np.float64]
) -> pd.DataFrame:
    rows = []
    for k, indicator in enumerate(wanted):
        found = parts(cells[0, k], cells[1, k], worlds, weights)
        spans = bootstrap(cells[0, k], cells[1, k], worlds, weights)
        row: dict[str, Any] = {"outcome": indicator.column, "title": indicator.title, "unit": indicator.unit}
        by_draw = weights @ cells[0, k]
        row |= {"mean": float(by_draw.mean()), "error": standard_error(by_draw), "total": found.total}
        for name, part, share, (low, high) in zip(PARTS, found, found.shares, spans, strict=True):
            row |= {name: part, f"{name}_share": share, f"{name}_low": float(low), f"{name}_high": float(high)}
        rows.append(row)
    return pd.DataFrame(rows)


def _rivals(cells: NDArray[np.float64], rivals: Sequence[Structure], wanted: Sequence[Indicator]) -> pd.DataFrame:
    rows = []
    for k, rival in enumerate(rivals):
        means = {each.column: float(cells[0, j, k].mean()) for j, each in enumerate(wanted)}
        rows.append({"structure": rival.name, "weight": rival.weight, "rule": rival.rule} | rival.mindsets | means)
    return pd.DataFrame(rows)
