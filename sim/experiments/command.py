"""The command ``sim sweep``: what was asked on the command line, and the summary."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.experiments.cluster import cluster
from sim.experiments.dataset import Sweep
from sim.experiments.designs import KINDS, Given
from sim.experiments.files import keeping
from sim.experiments.moved import moved
from sim.experiments.plan import SweepSettings, plan_of
from sim.experiments.resume import PLOTS
from sim.experiments.sweep import carry_out
from sim.log import LOGGER
from sim.progress import progress_bar
from sim.results.drawing import plots
from sim.results.store import Overwrite
from sim.results.words import interval, listed, measured, worlds_text
from sim.scenario import Design, Scenario, load

SHOWN = 12
FEW = 2
"""As many varied quantities have their values told; of more, the number of the point."""
"""Outcomes that the summary names."""

__all__ = ["Asked", "SweepSettings", "as_records", "summary", "sweep_to"]


@dataclass(frozen=True)
class Asked:
    """A design as the command line gives it, each part optional; what is missing comes from the scenario file."""

    scenario: str
    changes: list[str]
    vary: list[str]
    design: str | None = None
    points: int | None = None
    worlds: int | None = None

    def given(self, scenario: Scenario) -> Given:
        """The design, or the file of points.

        Raises:
            InputError: the parts do not fit together, or one is of another form.
        """
        if self.design is not None and self.design not in KINDS:
            if self.vary or self.points:
                raise InputError(f"the points come from '{self.design}': --vary and --points have no place beside it")
            return Path(self.design)
        base = scenario.design or Design()
        vary = dict(map(_split, self.vary)) or base.vary
        if len(vary) < len(self.vary):
            raise InputError("--vary names the same path twice; give all its values at once: path=a,b,c")
        kind = self.design or ("grid" if self.vary else base.kind)
        points = self.points or (base.points if kind == base.kind and not self.vary else None)
        return Design(vary, kind, points, base.worlds)


def sweep_to(
    out: Path | None, asked: Asked, settings: SweepSettings, address: str | None = None, force: bool = False
) -> Sweep:
    """Sweep into a folder with a progress bar on stderr, on a Dask cluster if there is an address; draw the figures.

    Without a folder it goes to ``out/NAME-sweep``, as stderr says.

    Raises:
        InputError: see :func:`sim.sweep`.
    """
    scenario = load(asked.scenario, asked.changes)
    plan = plan_of(scenario, asked.given(scenario), asked.worlds, settings)
    if out is None:
        out = Path("out") / f"{scenario.name}-sweep"
        LOGGER.info("The sweep goes to '%s'; run the same again to go on after an interruption.", out)
    target = Overwrite(out) if force else out
    workers = cluster(address) if address else nullcontext()
    with workers as executor, progress_bar(len(plan.table) * plan.worlds) as progress:
        done = carry_out(plan, target, replace(settings, executor=executor), progress)
    with keeping(done.folder):
        plots("sweep").draw_all(done, done.folder / PLOTS)
    return done


def summary(done: Sweep) -> str:
    """What varied, what moved most, and where the files are."""
    lines = [
        f"{len(done.points):,} points × {worlds_text(done.worlds)} of {done.scenario.title or done.scenario.name}",
        f"varied: {listed(list(done.points.columns))} ({done.plan.kind}, {done.plan.luck} luck)",
        "",
        f"{'share of worlds':24} {'lowest':>8} {'highest':>8}   95 % intervals   at",
    ]
    for outcome in moved(done)[:SHOWN]:
        low, high = outcome.lowest, outcome.highest
        ends = f"{interval(low.low, low.high)}, {interval(high.low, high.high)}"
        where = f"{_point(done, low.point)} → {_point(done, high.point)}"
        shares = [measured(each.estimate, each.low, each.high) for each in (low, high)]
        lines.append(f"{outcome.title:24} {shares[0]:>8} {shares[1]:>8}   {ends}   {where}")
    return "\n".join([*lines, "", f"tables and plots: {done.folder}"])


def _point(done: Sweep, number: int) -> str:
    """The values at a point, in the order in which they are said to vary; its number where there are many."""
    values = done.points.loc[number]
    if len(values) > FEW:
        return f"point {number}"
    return ", ".join(f"{each:g}" if isinstance(each, float | int) else str(each) for each in values)


def as_records(done: Sweep) -> list[dict[Any, Any]]:
    """The probabilities of every point, fit for JSON."""
    return done.probabilities().drop(columns="title").to_dict("records")


def _split(text: str) -> tuple[str, str]:
    path, equals, values = text.partition("=")
    if not equals or not path.strip() or not values.strip():
        raise InputError(f"--vary {text}: it is written path=values, such as us.rationality=0.5:3:6 or us.mindset=a,b")
    return path.strip(), values.strip()
