"""What the worlds were like on each day, as counts: small whatever the number of worlds, and exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.rules.ladder import LOWEST_RUNG, TOP_RUNG
from sim.world.names import Stage

WEEK = 7
N_TRUCE = 3
AUTHORITY_BINS = 50
USUAL_ATTACKS = 40
"""Attacks a week up to which there is a level from the start; a week with more adds the levels up to its own."""


class Histogram(NamedTuple):
    """How one column of the daily series is counted.

    Attributes:
        levels: what each bin stands for, ascending; values beyond the ends fall into the first or last bin.
        bins: (worlds, days) series -> (worlds, periods) integers before they are cut to the ends.
        open: whether levels are whole numbers from 0 on that have no last one; then nothing is cut.
    """

    levels: np.ndarray
    bins: Callable[[Any], np.ndarray]
    open: bool = False


def _weekly(name: str) -> Callable[[Any], np.ndarray]:
    """Sum a column over whole weeks from the start; an incomplete last week is left out."""

    def bins(series: Any) -> np.ndarray:
        worlds, days = series.shape
        weeks = days // WEEK
        return series[name][:, : weeks * WEEK].reshape(worlds, weeks, WEEK).sum(axis=2)

    return bins


HISTOGRAMS: dict[str, Histogram] = {
    "top_rung": Histogram(np.arange(LOWEST_RUNG, TOP_RUNG + 1), lambda series: series["top_rung"] - LOWEST_RUNG),
    "rung": Histogram(np.arange(LOWEST_RUNG, TOP_RUNG + 1), lambda series: series["rung"] - LOWEST_RUNG),
    "stage": Histogram(np.arange(len(Stage)), lambda series: series["stage"]),
    "truce": Histogram(np.arange(N_TRUCE), lambda series: series["truce"]),
    "authority": Histogram(
        (np.arange(AUTHORITY_BINS) + 0.5) / AUTHORITY_BINS,
        lambda series: np.floor(series["authority"] * AUTHORITY_BINS).astype(np.int64),
    ),
    "rockets": Histogram(np.arange(USUAL_ATTACKS + 1), _weekly("rockets"), open=True),
    "ieds": Histogram(np.arange(USUAL_ATTACKS + 1), _weekly("ieds"), open=True),
}
WEEKLY = ("rockets", "ieds")


class Daily:
    """Counts of worlds per day (or week) and level, for the columns in :data:`HISTOGRAMS`.

    Whole numbers only, so neither the order nor the size of the chunks can change a result.

    Attributes:
        horizon: number of days.
        worlds: number of worlds counted so far.
        counts: name -> (periods, levels) int64.
    """

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon
        self.worlds = 0
        self.counts = {
            name: np.zeros((horizon // WEEK if name in WEEKLY else horizon, len(histogram.levels)), dtype=np.int64)
            for name, histogram in HISTOGRAMS.items()
        }

    def accumulate(self, series: Any) -> None:
        """Count the days of some more worlds; ``series`` is (worlds, horizon) of dtype SERIES.

        Raises:
            ValueError: when the series has another number of days.
        """
        worlds, days = series.shape
        if days != self.horizon:
            raise ValueError(f"expected {self.horizon} days, got {days}")
        self.worlds += worlds
        for name, histogram in HISTOGRAMS.items():
            bins = histogram.bins(series)
            if histogram.open and bins.size:
                self._widen(name, int(bins.max()) + 1)
            _count(self.counts[name], bins)

    def _widen(self, name: str, levels: int) -> None:
        """Have at least so many levels of a column."""
        missing = levels - self.counts[name].shape[1]
        if missing > 0:
            self.counts[name] = np.pad(self.counts[name], ((0, 0), (0, missing)))

    def levels(self, name: str) -> np.ndarray:
        """(levels,) what each column of the counts stands for."""
        return np.arange(self.counts[name].shape[1]) if HISTOGRAMS[name].open else HISTOGRAMS[name].levels

    def merge(self, other: Daily) -> None:
        """Add the counts of another part of the same ensemble."""
        if other.horizon != self.horizon:
            raise ValueError(f"expected {self.horizon} days, got {other.horizon}")
        self.worlds += other.worlds
        for name, counts in other.counts.items():
            self._widen(name, counts.shape[1])
            self.counts[name][:, : counts.shape[1]] += counts

    def quantile(self, name: str, q: float) -> np.ndarray:
        """(periods,) the lowest level that at least a share ``q`` of the worlds does not exceed."""
        reached = np.cumsum(self.counts[name], axis=1) >= q * self.worlds
        return self.levels(name)[np.argmax(reached, axis=1)]

    def mean(self, name: str) -> np.ndarray:
        """(periods,) mean level over the worlds."""
        return self.counts[name] @ self.levels(name) / max(self.worlds, 1)

    def shares(self, name: str) -> pd.DataFrame:
        """Share of worlds by day (or week; rows) and level (columns)."""
        counts = self.counts[name]
        return pd.DataFrame(counts / max(self.worlds, 1), columns=pd.Index(self.levels(name), name=name))

    def to_frame(self) -> pd.DataFrame:
        """One row per name, period and level that some world was in: name, period, level, worlds."""
        frames = []
        for name, counts in self.counts.items():
            period, level = np.nonzero(counts)
            levels = self.levels(name)[level].astype(float)
            frames.append(
                pd.DataFrame({"name": name, "period": period, "level": levels, "worlds": counts[period, level]})
            )
        return pd.concat(frames, ignore_index=True)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, horizon: int, worlds: int) -> Daily:
        """Inverse of :meth:`to_frame`."""
        daily = cls(horizon)
        daily.worlds = worlds
        for key, rows in frame.groupby("name"):
            name = str(key)
            if HISTOGRAMS[name].open:
                daily._widen(name, int(rows["level"].max()) + 1)
            column = np.searchsorted(daily.levels(name).astype(float), rows["level"].to_numpy())
            daily.counts[name][rows["period"].to_numpy(), column] = rows["worlds"].to_numpy()
        return daily


def _count(counts: np.ndarray, bins: np.ndarray) -> None:
    """Add to ``counts`` (periods, levels) the worlds in ``bins`` (worlds, periods)."""
    periods, levels = counts.shape
    cell = np.clip(bins, 0, levels - 1) + levels * np.arange(periods)
    counts += np.bincount(cell.ravel(), minlength=counts.size).reshape(counts.shape)
