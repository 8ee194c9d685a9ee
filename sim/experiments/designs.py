"""Designs: which points a sweep visits, as a table with one row a point and one column a path."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, unknown
from sim.experiments.axes import MOST_POINTS, Axis, axis_of, whole_column
from sim.scenario import Design, Scenario

KINDS = ("grid", "lhs", "sobol")
USUAL_POINTS = 64
Given = Mapping[str, Any] | Design | pd.DataFrame | str | Path | None
"""A design as users give it: values by path (a grid), a :class:`sim.Design`, a table of points, or a file of one."""


def points_of(scenario: Scenario, given: Given) -> pd.DataFrame:
    """The points of a design, shape (points, paths): numbers, or text for what is named rather than counted.

    Raises:
        InputError: there is no design, it names what cannot vary, or its values are not allowed.
    """
    if isinstance(given, str | Path):
        return _checked(scenario, read_points(Path(given)))
    if isinstance(given, pd.DataFrame):
        return _checked(scenario, with_columns_only(given))
    design = Design(given) if isinstance(given, Mapping) else given
    if design is None or not design.vary:
        raise InputError("nothing varies: name what does, as --vary us.red_line=1,2,3, or write a design: section")
    axes = [axis_of(scenario, path, values) for path, values in design.vary.items()]
    if design.kind == "grid":
        return grid(axes, design.points)
    if design.kind not in KINDS:
        raise unknown("design", design.kind, KINDS)
    return spread(axes, design, scenario.seed)


def grid(axes: list[Axis], points: int | None = None) -> pd.DataFrame:
    """All combinations; the last path varies fastest.

    Raises:
        InputError: an axis has no number of values, or there are too many combinations, or not as many as asked for.
    """
    values = [axis.levels() for axis in axes]
    count = prod(map(len, values))
    if count > MOST_POINTS:
        raise InputError(f"the grid has {count:,} points, more than {MOST_POINTS:,}; use --design lhs or sobol")
    if points not in (None, count):
        raise InputError(f"the grid has {count} points, not {points}; a number of points is for lhs and sobol")
    rows = product(*values)
    return pd.DataFrame(rows, columns=[axis.path for axis in axes])


def spread(axes: list[Axis], design: Design, seed: int) -> pd.DataFrame:
    """A Latin hypercube, or a scrambled Sobol' sequence, drawn with the seed of the scenario.

    Raises:
        InputError: the number of points is not allowed, or not one that the sequence is balanced for.
    """
    count = USUAL_POINTS if design.points is None else design.points
    if not 1 <= count <= MOST_POINTS:
        raise InputError(f"a {design.kind} design has 1 to {MOST_POINTS:,} points, not {count:,}")
    if design.kind == "sobol" and count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        raise InputError(f"a sobol design needs a power of two as its number of points: {below} or {2 * below}")
    share = _unit_cube(design.kind, len(axes), count, seed)
    return pd.DataFrame({axis.path: axis.at(share[:, place]) for place, axis in enumerate(axes)})


def _unit_cube(kind: str, paths: int, count: int, seed: int) -> np.ndarray:
    """(count, paths) points of the unit cube."""
    from scipy.stats import qmc

    luck = np.random.default_rng(seed)
    sampler = qmc.LatinHypercube(paths, seed=luck) if kind == "lhs" else qmc.Sobol(paths, seed=luck)
    return sampler.random(count)


def read_points(path: Path) -> pd.DataFrame:
    """Read a file of points; the columns are paths, and a column ``point`` is left out.

    Raises:
        InputError: it is neither CSV nor Parquet, cannot be read, or holds no points.
    """
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".pq": _read_parquet}
    if path.suffix.lower() not in readers:
        raise unknown("kind of design or file of points", str(path), (*KINDS, "a .csv file", "a .parquet file"))
    try:
        table = readers[path.suffix.lower()](path)
    except (OSError, ValueError) as error:  # pandas and pyarrow derive their errors from these
        raise InputError(f"'{path}' cannot be read as points ({str(error).splitlines()[0]})") from None
    return table.drop(columns="point", errors="ignore")


def _read_csv(path: Path) -> pd.DataFrame:
    """A CSV file whose rows are all as wide as its header.

    Raises:
        InputError: one is not, or two columns have one name.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        twice = [name for place, name in enumerate(header) if name in header[:place]]
        if twice:
            raise InputError(f"'{path}' has two columns '{twice[0]}'")
        for row in rows:
            if row and len(row) != len(header):
                raise InputError(
                    f"{path}:{rows.line_num}: {len(row)} values under {len(header)} columns"
                    f" ({', '.join(header)}); every row needs one for each"
                )
    return pd.read_csv(path, index_col=False, encoding="utf-8-sig")


def _read_parquet(path: Path) -> pd.DataFrame:
    return with_columns_only(pd.read_parquet(path))


def with_columns_only(table: pd.DataFrame) -> pd.DataFrame:
    """A table of points without its index.

    Raises:
        InputError: the index has a name, so it may be meant as a column.
    """
    named = [str(name) for name in table.index.names if name not in (None, "point")]
    if named:
        raise InputError(f"'{named[0]}' is the index of the table of points, not a column: use reset_index()")
    return table.reset_index(drop=True)


def _checked(scenario: Scenario, table: pd.DataFrame) -> pd.DataFrame:
    """A table of points from outside, each value in the form that a design gives it."""
    twice = [str(path) for path in table.columns[table.columns.duplicated()]]
    if twice:
        raise InputError(f"the table of points has two columns '{twice[0]}'")
    if not len(table) or not len(table.columns):
        raise InputError("the table of points is empty; it needs a column for every path and a row for every point")
    if len(table) > MOST_POINTS:
        raise InputError(f"{len(table):,} points are more than {MOST_POINTS:,}")
    return pd.DataFrame({str(path): whole_column(scenario, str(path), table[path]) for path in table.columns})
