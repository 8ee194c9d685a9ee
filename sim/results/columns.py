"""Outcomes of many worlds, read as far as they are asked for, so that memory does not grow with the worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

MOST_VALUES = 200_000
DECIMALS = 2
"""Digits after the point that are kept of a column of more values than these."""
Batches = Callable[[Sequence[str]], Iterator[pd.DataFrame]]
"""Gives some columns, a batch of worlds after another."""


class Columns:
    """A table of outcomes of which one column is in memory at a time, as far as summaries and figures need a table.

    ``table["rockets"]`` reads a column, ``table[["rockets", "ieds"]]`` some; a column of answers picks rows, as in
    pandas.
    """

    def __init__(self, batches: Batches, names: Sequence[str], worlds: int, rows: Any = None) -> None:
        """Say how to read it, what it holds, and which rows of it count (all, or an answer for each)."""
        self.batches = batches
        self.columns = pd.Index(names)
        self._worlds = worlds
        self._rows = rows

    def __len__(self) -> int:
        return self._worlds if self._rows is None else int(np.count_nonzero(self._rows))

    @property
    def empty(self) -> bool:
        """Whether it has no row."""
        return len(self) == 0

    @property
    def loc(self) -> Columns:
        """Itself: ``table.loc[rows, column]`` is one column of some rows."""
        return self

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            rows, name = key
            return self[name][rows]
        if isinstance(key, str):
            return self._read([key])[key]
        if isinstance(key, list | pd.Index) and all(isinstance(name, str) for name in key):
            return self._read(list(key))
        if self._rows is not None:
            raise TypeError("rows are picked once")
        return Columns(self.batches, list(self.columns), self._worlds, np.asarray(key, bool))

    def _read(self, names: list[str]) -> pd.DataFrame:
        table = pd.concat(list(self.batches(names)), ignore_index=True)
        return table if self._rows is None else table[self._rows]


def batches(outcomes: pd.DataFrame | Columns, names: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Some columns of outcomes, a batch of worlds after another; a table in memory is one batch."""
    if isinstance(outcomes, Columns):
        yield from outcomes.batches(names)
    else:
        yield outcomes[list(names)]


class Counts(NamedTuple):
    """The values of a column in ascending order, and in how many worlds each stands.

    Attributes:
        values: the values.
        worlds: numbers of worlds.
        decimals: digits after the point to which values were rounded, since there were too many; None if they were not.
    """

    values: np.ndarray
    worlds: np.ndarray
    decimals: int | None

    def place(self, column: pd.Series) -> np.ndarray:
        """The place of each entry of the column among the values."""
        return np.searchsorted(self.values, _rounded(column.to_numpy(dtype=float), self.decimals))


def value_counts(outcomes: pd.DataFrame | Columns, name: str) -> Counts:
    """Count the values of a column; the result depends neither on the batches nor on their order."""
    found = Counts(np.zeros(0), np.zeros(0, np.int64), None)
    for batch in batches(outcomes, [name]):
        column = _rounded(batch[name].to_numpy(dtype=float), found.decimals)
        values, worlds = np.unique(column, return_counts=True)
        found = _summed(np.r_[found.values, values], np.r_[found.worlds, worlds], found.decimals)
        if len(found.values) > MOST_VALUES and found.decimals is None:
            found = _summed(_rounded(found.values, DECIMALS), found.worlds, DECIMALS)
    return found


def _summed(values: np.ndarray, worlds: np.ndarray, decimals: int | None) -> Counts:
    each, place = np.unique(values, return_inverse=True)
    total = np.zeros(len(each), np.int64)
    np.add.at(total, place, worlds)
    return Counts(each, total, decimals)


def _rounded(values: np.ndarray, decimals: int | None) -> np.ndarray:
    return values if decimals is None else np.round(values, decimals)
