"""What matters: screen all quantities, take the variance apart for those that matter, move each to its ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis import sensitivity_text
from sim.analysis.alike import loaded_scenario
from sim.analysis.evaluate import Progress, ensemble
from sim.analysis.factors import Factor, factors_of
from sim.analysis.indicators import indicators
from sim.analysis.indices import Indices, refuse_unbalanced, sobol
from sim.analysis.screening import Screening, morris, refuse_few
from sim.analysis.tornado import tornado
from sim.errors import InputError, require_all, unknown
from sim.results.drawing import plots
from sim.results.lives import refuse_too_many, with_whole
from sim.results.rich_html import as_html

if TYPE_CHECKING:
    from sim.scenario import Scenario

METHODS = ("auto", "morris", "sobol")
FEW = 12
"""So many quantities need no screening."""
TRAJECTORIES, POINTS, TOP = 10, 256, 8
"""What a plan does that does not say."""


@dataclass(frozen=True)
class SensitivityPlan:
    """What a sensitivity analysis does.

    Attributes:
        vary: addresses or patterns such as ``us.*``; all quantities of the world and the actors by default.
        outcomes: columns of the outcomes; the usual ones by default.
        method: ``auto`` screens when there are more than twelve quantities and then looks at the ``top`` ones;
            ``morris`` only screens, ``sobol`` does not.
        trajectories: of the screening, 10 by default; None where nothing is screened.
        points: N of the Sobol' sample, a power of two, 256 by default; None where no indices are computed.
        worlds: worlds at each point; twice as many for the indices and ten times as many for the tornado.
        top: how many of the screened quantities the indices and the tornado are computed for, 8 by default; None where
            nothing is screened.
        width: part of the declared ranges to cover, around the scenario's values.
        seed: seed of the designs.

    Examples:
        >>> sim.SensitivityPlan(vary=("us.*",), method="morris", trajectories=4).worlds
        30
    """

    vary: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    method: str = "auto"
    trajectories: int | None = None
    points: int | None = None
    worlds: int = 30
    top: int | None = None
    width: float = 1.0
    seed: int = 1

    @property
    def index_worlds(self) -> int:
        """Worlds at each point of the Sobol' sample."""
        return 2 * self.worlds

    @property
    def end_worlds(self) -> int:
        """Worlds at each end of the tornado."""
        return 10 * self.worlds

    def screens(self, factors: int) -> bool:
        """Whether so many quantities are screened first."""
        return self.method == "morris" or (self.method == "auto" and factors > FEW)

    def complete(self, factors: int) -> SensitivityPlan:
        """The plan for so many quantities, with what it leaves open filled in.

        Raises:
            InputError: it says something that such an analysis does not use.
        """
        screens, indexed = self.screens(factors), self.method != "morris"
        if not screens:
            few = f"{factors} quantities, {FEW} at most, are not screened"
            reason = few if self.method == "auto" else "method 'sobol' does not screen"
            _refuse_unused(reason, {"trajectories": self.trajectories, "top": self.top})
        if not indexed:
            _refuse_unused("method 'morris' computes no Sobol' indices", {"points": self.points})
        return replace(
            self,
            trajectories=(self.trajectories or TRAJECTORIES) if screens else None,
            points=(self.points or POINTS) if indexed else None,
            top=(self.top or TOP) if screens else None,
        )

    def lives(self, factors: int) -> int:
        """Number of worlds that are lived in all."""
        plan = self.complete(factors)
        screening = (plan.trajectories or 0) * (factors + 1) * self.worlds
        kept = min(plan.top, factors) if plan.top else factors
        indices = (plan.points or 0) * (kept + 2) * self.index_worlds
        return screening + indices + (1 + 2 * kept) * self.end_worlds


def _refuse_unused(reason: str, given: dict[str, int | None]) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name} = {value} would change nothing: {reason}")


@dataclass(frozen=True)
class Sensitivity:
    """What matters for a scenario's outcomes.

    Attributes:
        scenario: what was lived.
        plan: how.
        factors: what was varied.
        screening: elementary effects, or None.
        indices: Sobol' indices, or None.
        tornado: effect of moving one quantity at a time, as :func:`sim.analysis.tornado.tornado` gives it.
    """

    scenario: Scenario
    plan: SensitivityPlan
    factors: tuple[Factor, ...]
    screening: Screening | None
    indices: Indices | None
    tornado: pd.DataFrame

    @property
    def warnings(self) -> list[str]:
        """What the samples are too small to say."""
        return [line for part in (self.screening, self.indices) if part is not None for line in part.warnings]

    def sentences(self) -> list[str]:
        """What was found, one sentence each."""
        return sensitivity_text.sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """Every number, fit for JSON."""
        return sensitivity_text.to_dict(self)

    def save(self, folder: str | Path) -> Path:
        """Write summary, numbers, tables and figures (PNG and SVG) into a folder; returns it.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        return sensitivity_text.save(self, folder)

    def plot(self) -> Any:
        """Draw the indices, or the screening where there are none, and return the axes."""
        draw = plots("sensitivity")
        return draw.total_indices(self) if self.indices is not None else draw.screened(self)

    def __repr__(self) -> str:
        return f"Sensitivity({self.scenario.name}; {len(self.factors)} quantities, method='{self.plan.method}')"

    def _repr_html_(self) -> str:
        return as_html(self)

    def __rich__(self) -> Any:
        return sensitivity_text.table(self)


class _Told:
    """Turns the points of each stage into worlds of the whole, for one progress bar."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.before = progress, total, 0

    def stage(self, worlds: int) -> Progress:
        """What to tell a stage of so many worlds a point."""
        start = self.before

        def told(done: int, _points: int) -> None:
            self.before = start + done * worlds
            if self.progress is not None:
                self.progress(self.before, self.total)

        return told


def sensitivity(
    scenario: Any, plan: SensitivityPlan | None = None, threads: int | None = None, progress: Progress | None = None
) -> Sensitivity:
    """Find what matters for a scenario's outcomes.

    Every point is lived with the same worlds and the same luck, so differences between points are not those of luck.
    Screening and indices move many quantities together: at each of their points all quantities that are varied are
    held at numbers, whatever an actor's mindset, and everything else is as the scenario says. The tornado moves one
    quantity alone, from the scenario as it stands.

    Args:
        scenario: a scenario, the name of a shipped one, or a path.
        plan: what to do; everything by default.
        threads: number of threads; all by default.
        progress: called with the number of worlds lived so far and the number of all.

    Raises:
        InputError: a quantity, an outcome or a method that does not exist, or a sample that cannot be used.
        MissingExtra: SALib is not installed.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> plan = sim.SensitivityPlan(("us.red_line", "us.rationality"), method="morris", trajectories=4, worlds=4)
        >>> found = sim.sensitivity(short, plan)
    """
    require_all(("SALib",), "analysis")
    plan = plan or SensitivityPlan()
    plan = with_whole(plan, "trajectories", "points", "worlds", "top")
    _check(plan)
    loaded = loaded_scenario(scenario)
    factors, wanted = factors_of(loaded, plan.vary, plan.width), indicators(plan.outcomes)
    plan = plan.complete(len(factors))
    refuse_too_many(plan.lives(len(factors)))
    told, chosen, screening, indices = _Told(progress, plan.lives(len(factors))), factors, None, None
    if plan.trajectories and plan.top:
        evaluate = ensemble(loaded, wanted, plan.worlds, threads, told.stage(plan.worlds))
        screening = morris(evaluate, factors, wanted, plan.trajectories, plan.seed)
        chosen = tuple(factor for path in screening.top(plan.top) for factor in factors if factor.path == path)
    if plan.points:
        evaluate = ensemble(loaded, wanted, plan.index_worlds, threads, told.stage(plan.index_worlds))
        indices = sobol(evaluate, chosen, wanted, plan.points, plan.seed)
    moved = tornado(loaded, chosen, wanted, plan.end_worlds, told.stage(plan.end_worlds), threads)
    return Sensitivity(loaded, plan, factors, screening, indices, moved)


def _check(plan: SensitivityPlan) -> None:
    if plan.method not in METHODS:
        raise unknown("method", plan.method, METHODS)
    if plan.top is not None and plan.top < 1:
        raise InputError(f"at least 1 quantity must be kept after screening, not {plan.top}")
    if plan.trajectories is not None:
        refuse_few(plan.trajectories)
    if plan.points is not None:
        refuse_unbalanced(plan.points)
