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
        structure: variance between the expectations under different structures.
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


def parts(means: Cells, variances: Cells, worlds: int, weights: NDArray[np.float64] | None = None) -> Parts:
    """Estimate the parts from cells of worlds.

    Args:
        means: (structures, draws) mean over the worlds of a cell; a column holds the same draw under every structure,
            and there are two columns or more.
        variances: (structures, draws) variance between the worlds of a cell (over n - 1).
        worlds: number of worlds in a cell.
        weights: (structures,) probabilities of the structures; equal by default.

    Means of few worlds differ by luck too, and structures seem to differ where only few draws were made; what these put
    into the means is taken out, as in an analysis of variance. A part that would then be below zero is zero.
    """
    shares = np.full(len(means), 1.0 / len(means)) if weights is None else weights
    luck = float(shares @ variances.mean(axis=1))
    between = float(shares @ means.var(axis=1, ddof=1))
    return Parts(luck, max(0.0, between - luck / worlds), max(0.0, _structure(means, shares)))


def _structure(means: Cells, weights: NDArray[np.float64]) -> float:
    """Variance between rows, less what the interaction of rows and columns lends to it."""
    structures, draws = means.shape
    rows = means.mean(axis=1)
    raw = float(weights @ (rows - weights @ rows) ** 2)
    if structures < 2:
        return raw
    rest = means - rows[:, None] - means.mean(axis=0) + means.mean()
    interaction = float((rest**2).sum()) / ((structures - 1) * (draws - 1))
    return raw - (1.0 - float(weights @ weights)) * interaction / draws


def bootstrap(
    means: Cells, variances: Cells, worlds: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """95 % intervals of the shares, drawing the draws anew: (3, 2) low and high of luck, parameters, structure.

    Arguments are those of :func:`parts`.
    """
    rng = np.random.default_rng(1)
    draws = means.shape[1]
    shares = np.empty((RESAMPLES, 3))
    for k in range(RESAMPLES):
        chosen = rng.integers(draws, size=draws)
        shares[k] = parts(means[:, chosen], variances[:, chosen], worlds, weights).shares
    return np.quantile(shares, [0.025, 0.975], axis=0).T
