"""A sweep that has been computed: its tables, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from sim.errors import InputError, unknown, whole
from sim.experiments.check import MEND, missing, refuse_changed
from sim.experiments.plan import Plan
from sim.experiments.resume import read_manifest, stored_plan
from sim.experiments.tables import ROW_GROUP, TABLES, part_path
from sim.results.answers import answers_again
from sim.results.daily import Daily
from sim.results.drawing import plots
from sim.results.intervals import wilson
from sim.results.run import Run
from sim.results.scores import LABELS, OUTCOME_QUESTIONS, label
from sim.results.store import path_of
from sim.results.temporary import Temporary


class Sweep:
    """Worlds of a scenario at many points.

    Attributes:
        folder: where it is stored.
        plan: scenario, points, worlds at each point, depth, luck.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> swept = sim.sweep(short, sim.Design({"us.red_line": [1, 2]}), worlds=4)
        >>> len(swept.points)
        2
    """

    def __init__(self, folder: Path, plan: Plan, temporary: Temporary | None = None) -> None:
        """Put a plan beside the folder that was written for it; :func:`sweep` and :func:`open_sweep` make one."""
        self._temporary = temporary
        self.folder = folder
        self.plan = plan

    def __repr__(self) -> str:
        return f"Sweep('{self.folder}': {self._facts})"

    def _repr_html_(self) -> str:
        return f"<h4>{escape(self.scenario.title)}</h4><p>{escape(self._facts)}</p>{self.points.head(20).to_html()}"

    @property
    def scenario(self) -> Any:
        """What was swept."""
        return self.plan.scenario

    @property
    def worlds(self) -> int:
        """Worlds at each point."""
        return self.plan.worlds

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point, one column a path; the index is the number of the point."""
        return self.plan.table.rename_axis("point")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a world and point: point, world, a column for every path, then what a run has.

        All of it is in memory then; for a large sweep see :meth:`read` and :attr:`dataset`.
        """
        return self.read()

    @cached_property
    def daily(self) -> pd.DataFrame | None:
        """Numbers of worlds by point, name, period and level of :class:`~sim.results.Daily`, or None."""
        if self.plan.depth == "outcomes":
            return None
        keys = ["point", "name", "period", "level"]
        table = self._stored("daily").to_table().to_pandas()
        return table.groupby(keys, observed=True, as_index=False)["worlds"].sum()

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event.

        Raises:
            InputError: the sweep did not keep traces.
        """
        if self.plan.depth != "trace":
            raise InputError(f"this sweep has depth '{self.plan.depth}' and kept no events; sweep with depth 'trace'")
        return self._stored("traces").to_table().to_pandas()

    def dataset(self, table: str = "outcomes") -> Any:
        """A table as a :class:`pyarrow.dataset.Dataset`, which reads parts of it as they are asked for.

        The files of a sweep without a folder of its own stay from then on until the program ends.

        Raises:
            InputError: the sweep did not keep that table, or it is damaged.
        """
        if table not in TABLES[self.plan.depth]:
            raise InputError(f"this sweep kept {', '.join(TABLES[self.plan.depth])}, not '{table}'")
        if self._temporary is not None:
            self._temporary.keep()
        return self._stored(table)

    def _stored(self, table: str) -> Any:
        with _whole(self.folder / table):
            return ds.dataset([str(path) for path in self._files(table)], format="parquet")

    def _files(self, table: str) -> list[Path]:
        """The files of a table, those that were written and no others.

        Raises:
            InputError: one is missing or has changed since.
        """
        refuse_changed(self.folder, self.plan, read_manifest(self.folder))
        return [part_path(self.folder, table, part) for part in range(self.plan.layout.parts)]

    def read(self, columns: Sequence[str] | None = None, point: int | None = None) -> pd.DataFrame:
        """Some columns (default: all), of all points or one, as a table.

        Raises:
            InputError: there is no such point or column, or the table is damaged.
        """
        only = None if point is None else ds.field("point") == self._point(point)
        stored = self._stored("outcomes")
        strange = [column for column in columns or () if column not in stored.schema.names]
        if strange:
            raise unknown("column", strange[0], stored.schema.names)
        with _whole(self.folder / "outcomes"):
            table = stored.to_table(columns=list(columns) if columns else None, filter=only)
        return table.to_pandas()

    def _point(self, point: int) -> int:
        point = whole("the number of a point", point)
        if not 0 <= point < len(self.points):
            raise InputError(f"no point {point}: this sweep has points 0 to {len(self.points) - 1}")
        return point

    def probabilities(self) -> pd.DataFrame:
        """Answer each question at each point: point, its values, outcome, title, estimate, low, high, happened, worlds.

        The interval is Wilson's, 95 %. Files are read a piece at a time, so memory does not grow with the worlds.
        """
        return self._answers.copy()

    @cached_property
    def _answers(self) -> pd.DataFrame:
        columns = [question.column for question in OUTCOME_QUESTIONS]
        happened = self.totals(columns).to_numpy().astype(np.int64)
        low, high = wilson(happened, np.full(happened.shape, self.worlds))
        table = self._beside_points(len(columns))
        return table.assign(
            outcome=np.tile(columns, len(self.points)),
            title=np.tile([question.title for question in OUTCOME_QUESTIONS], len(self.points)),
            estimate=happened.ravel() / self.worlds,
            low=low.ravel(),
            high=high.ravel(),
            happened=happened.ravel(),
            worlds=self.worlds,
        )

    def totals(self, columns: Sequence[str]) -> pd.DataFrame:
        """Sums over the worlds of each point of some columns of numbers or answers: one row a point."""
        total = np.zeros((len(self.points), len(columns)))
        for batch in self._batches(["point", *columns]):
            for place, column in enumerate(columns):
                values = batch[column].to_numpy(zero_copy_only=False).astype(float)
                total[:, place] += np.bincount(batch["point"].to_numpy(), values, len(self.points))
        return pd.DataFrame(total, columns=list(columns), index=self.points.index)

    def shares(self, column: str = "force") -> pd.DataFrame:
        """Share of worlds with each value of ``embassy``, ``force`` or ``truce``: one row a point.

        Raises:
            InputError: that column holds no labels.
        """
        if column not in LABELS:
            raise InputError(f"'{column}' is no column of labels; known: {', '.join(LABELS)}")
        width = len(LABELS[column])
        counts = np.zeros(len(self.points) * width, np.int64)
        for batch in self._batches(["point", f"{column}_code"]):
            cell = batch["point"].to_numpy().astype(np.int64) * width + batch[f"{column}_code"].to_numpy()
            counts += np.bincount(cell, minlength=counts.size)
        names = pd.Index([label(member) for member in LABELS[column]], name=column)
        return pd.DataFrame(counts.reshape(-1, width) / self.worlds, columns=names, index=self.points.index)

    def run(self, point: int) -> Run:
        """One point as a run, with its report, plots and worlds.

        Raises:
            InputError: there is no such point, or its worlds bear numbers of their own (luck ``fresh``).
        """
        if self.plan.luck != "same":
            raise InputError("points of a sweep with fresh luck do not start at world 0, so they are not runs")
        point = self._point(point)
        outcomes = self.read(point=point).drop(columns=["point", *self.points.columns])
        scenario = self.plan.points.scenario_of(point)
        return Run(scenario, _OfPoint(self, point, outcomes), self.worlds, self.plan.depth)

    def plot(self, outcomes: Sequence[str] | None = None, kind: str | None = None) -> Any:
        """Draw the sweep and return the axes; see :func:`sim.plots.sweep.draw`."""
        return plots("sweep").draw(self, outcomes, kind)

    def _batches(self, columns: list[str]) -> Iterator[Any]:
        """Some columns, a row group at a time; a dataset would keep what it knows of every file it has read."""
        for path in self._files("outcomes"):
            with _whole(path), pq.ParquetFile(path) as file:
                yield from file.iter_batches(batch_size=ROW_GROUP["outcomes"], columns=columns)

    def _beside_points(self, times: int) -> pd.DataFrame:
        return self.points.reset_index().loc[np.repeat(np.arange(len(self.points)), times)].reset_index(drop=True)

    @property
    def _facts(self) -> str:
        return (
            f"{len(self.points):,} points of {', '.join(self.points.columns)}; {self.worlds:,} worlds each,"
            f" {self.plan.luck} luck, depth {self.plan.depth}"
        )


@contextmanager
def _whole(table: Path) -> Iterator[None]:
    """Turn what Arrow says of damaged files into a message.

    Raises:
        InputError: a file is damaged or missing.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # the errors of Arrow are one of these
        reason = str(error).splitlines()[0]
        raise InputError(f"'{table}' is damaged: {MEND} ({reason})") from error


class _OfPoint:
    """The tables of one point, as a run asks for them."""

    def __init__(self, sweep: Sweep, point: int, outcomes: pd.DataFrame) -> None:
        self._sweep = sweep
        self._point = point
        self._outcomes = outcomes

    def outcomes(self) -> pd.DataFrame:
        return self._outcomes

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        yield self._outcomes[list(columns)]

    def daily(self) -> Daily | None:
        table = self._sweep.daily
        if table is None:
            return None
        horizon = self._sweep.plan.points.variant(self._point).horizon
        return Daily.from_frame(table[table["point"] == self._point], horizon, self._sweep.worlds)

    def events(self, world: int | None = None) -> pd.DataFrame | None:
        if self._sweep.plan.depth != "trace":
            return None
        only = ds.field("point") == self._point
        if world is not None:
            only &= ds.field("world") == world
        return self._sweep._stored("traces").to_table(filter=only).to_pandas().drop(columns="point")

    def answers(self) -> pd.DataFrame:
        return answers_again(self._sweep.plan.points.scenario_of(self._point), self._outcomes)


def open_sweep(folder: str | Path, trust: bool = False) -> Sweep:
    """Open the folder of a finished sweep.

    Args:
        folder: the folder.
        trust: as for :func:`sim.open_run`.

    Raises:
        InputError: it does not exist, is not a sweep, is one of another version, is unfinished, or is not what was
            written.
    """
    folder = path_of(folder)
    manifest = read_manifest(folder)
    plan = stored_plan(folder, trust)
    if not manifest["complete"]:
        left = len(missing(folder, plan, manifest))
        raise InputError(
            f"'{folder}' is unfinished: {left} of {plan.layout.parts} parts are missing; run the same sweep again"
        )
    refuse_changed(folder, plan, manifest)
    return Sweep(folder, plan)
