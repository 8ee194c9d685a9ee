"""Outcomes of many worlds, read as far as they are asked for, so that memory does not grow with the worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
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
        table = _joined(self.batches(names), self._worlds)
        return table if self._rows is None else table[self._rows]


def _joined(parts: Iterator[pd.DataFrame], rows: int) -> pd.DataFrame:
    """Batches as one table, in the memory of the table: numbers are not held twice, as a concatenation would."""
    first = next(parts)
    if not all(isinstance(kind, np.dtype) for kind in first.dtypes):
        return pd.concat([first, *parts], ignore_index=True)
    columns = {name: np.empty(rows, first[name].to_numpy().dtype) for name in first}
    start = 0
    for part in chain([first], parts):
        for name, column in columns.items():
            column[start : start + len(part)] = part[name].to_numpy()
        start += len(part)
    return pd.DataFrame(columns, copy=False)


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

    @property
    def mean(self) -> float:
        """Mean over the worlds."""
        return float((self.values * self.worlds).sum() / self.worlds.sum())

    @property
    def error(self) -> float:
        """Standard error of the mean; NaN of a single world."""
        n = int(self.worlds.sum())
        squares = float((self.worlds * (self.values - self.mean) ** 2).sum())
        return float(np.sqrt(squares / (n - 1) / n)) if n > 1 else float("nan")

    def quantile(self, q: float) -> float:
        """The least value that at least a share ``q`` of the worlds does not exceed."""
        reached = np.cumsum(self.worlds)
        return float(self.values[np.searchsorted(reached, np.ceil(q * reached[-1]))])

    @property
    def median(self) -> float:
        """The middle value; of an even number of worlds the mean of the two in the middle."""
        reached = np.cumsum(self.worlds)
        middle = np.searchsorted(reached, [(reached[-1] + 1) // 2, reached[-1] // 2 + 1])
        return float(self.values[middle].mean())

    def place(self, column: pd.Series) -> np.ndarray:
        """The place of each entry of the column among the values."""
        return np.searchsorted(self.values, _rounded(column.to_numpy(dtype=float), self.decimals))


def value_counts(outcomes: pd.DataFrame | Columns, *names: str) -> Counts:
    """Count the values of a column, or of the sum of some; neither the batches nor their order change the result."""
    found = Counts(np.zeros(0), np.zeros(0, np.int64), None)
    for batch in batches(outcomes, names):
        column = _rounded(batch[list(names)].to_numpy(dtype=float).sum(axis=1), found.decimals)
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
