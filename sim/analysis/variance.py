"""Take the variance of an outcome apart: luck, parameters, structure (law of total variance)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float64]
RESAMPLES = 500


class Parts(NamedTuple):
    """Three variances that sum to the whole.

    Attributes:
        luck: mean variance between worlds of the same parameters and structure.
        parameters: mean variance, within a structure, between the expectations under different parameters.
        structure: variance between the expectations under different structures, all equally likely.
    """

    luck: float
    parameters: float
    structure: float

    @property
    def total(self) -> float:
        """The variance of a world whose structure, parameters and luck are all unknown: the sum of the parts."""
        return self.luck + self.parameters + self.structure

    @property
    def shares(self) -> tuple[float, float, float]:
        """The parts over the whole; they sum to 1, or are all 0 where nothing varies."""
        if self.total == 0.0:
            return 0.0, 0.0, 0.0
        luck, parameters = self.luck / self.total, self.parameters / self.total
        return luck, parameters, 1.0 - luck - parameters


def parts(means: Cells, variances: Cells, worlds: int) -> Parts:
    """Estimate the parts from cells of worlds.

    Args:
        means: (structures, draws) mean over the worlds of a cell; a column holds the same draw under every structure.
        variances: (structures, draws) variance between the worlds of a cell (over n - 1).
        worlds: number of worlds in a cell.

    Means of few worlds differ by luck too, and structures seem to differ where only few draws were made; what these put
    into the means is taken out, as in an analysis of variance. A part that would then be below zero is zero.
    """
    luck = float(variances.mean())
    between = float(means.var(axis=1, ddof=1).mean()) if means.shape[1] > 1 else 0.0
    parameters = max(0.0, between - luck / worlds) if means.shape[1] > 1 else 0.0
    return Parts(luck, parameters, max(0.0, _structure(means)))


def _structure(means: Cells) -> float:
    """Variance between rows, less what the interaction of rows and columns lends to it."""
    structures, draws = means.shape
    rows = means.mean(axis=1)
    raw = float(rows.var())
    if structures < 2 or draws < 2:
        return raw
    rest = means - rows[:, None] - means.mean(axis=0) + means.mean()
    interaction = float((rest**2).sum()) / ((structures - 1) * (draws - 1))
    return raw - (structures - 1) / structures * interaction / draws


def bootstrap(means: Cells, variances: Cells, worlds: int, seed: int = 1) -> NDArray[np.float64]:
    """95 % intervals of the shares, drawing the draws anew: (3, 2) low and high of luck, parameters, structure."""
    rng = np.random.default_rng(seed)
    draws = means.shape[1]
    shares = np.empty((RESAMPLES, 3))
    for k in range(RESAMPLES):
        chosen = rng.integers(draws, size=draws)
        shares[k] = parts(means[:, chosen], variances[:, chosen], worlds).shares
    return np.quantile(shares, [0.025, 0.975], axis=0).T
