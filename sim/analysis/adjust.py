"""Regression adjustment of accepted parameters (Beaumont, Zhang and Balding 2002)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.errors import require

Values = NDArray[np.float64]

RIDGE = 10.0
"""Penalty on the slopes, in worlds: as if so many more had deviated in one thing and nothing had come of it."""
REACH = 0.1
"""Share of the accepted worlds on either side that the record may lie beyond: the slopes are not followed further."""
EDGE = 1e-3
"""Share of the prior's width that keeps a parameter from its ends, where its logit is infinite."""


def adjusted(scaled: Values, weights: Values, deviations: Values, ends: Values) -> Values:
    """Move each accepted parameter to where it would be had its world matched the record.

    The parameters are regressed on the deviations, on the logit of their place between the ends of their priors, which
    they therefore never leave. Where nearly all accepted worlds lie on one side of the record, they are moved only to
    the edge of their own range: beyond it a line would be an invention.

    Args:
        scaled: (n_worlds, n_parameters) accepted, on the scale on which the priors are uniform.
        weights: (n_worlds,) of the worlds.
        deviations: (n_worlds, n_statistics) of the worlds from the record.
        ends: (n_parameters, 2) lower and upper ends of the priors on that scale.

    Returns:
        (n_worlds, n_parameters), still weighted.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    low, width = ends[:, 0], ends[:, 1] - ends[:, 0]
    place = np.clip((scaled - low) / width, EDGE, 1 - EDGE)
    logits = np.log(place / (1 - place))
    near = np.clip(0.0, *np.quantile(deviations, [REACH, 1 - REACH], axis=0))
    spread = deviations.std(axis=0)
    ways = np.divide(deviations - near, spread, out=np.zeros_like(deviations), where=spread > 0)
    shares = weights / weights.sum()
    ridge = require("sklearn.linear_model", "analysis").Ridge(alpha=RIDGE)
    ridge.fit(ways, logits, sample_weight=shares * len(shares))
    moved = logits - ways @ np.atleast_2d(ridge.coef_).T
    centre = shares @ moved
    widened = centre + (moved - centre) * _lost_spread(ways, shares)
    return np.asarray(low + width / (1 + np.exp(-widened)))


def _lost_spread(ways: Values, shares: Values) -> float:
    """Factor that gives residuals back the spread that fitting the slopes took: sqrt(n / (n - degrees of freedom)).

    n is the effective number of worlds under their weights, the degrees of freedom are those of the ridge.
    """
    squares = (
        np.linalg.svd((ways - shares @ ways) * np.sqrt(shares * len(shares))[:, np.newaxis], compute_uv=False) ** 2
    )
    n = 1 / (shares**2).sum()
    return float(np.sqrt(n / max(n - (squares / (squares + RIDGE)).sum(), 1.0)))


def systematic(weights: Values, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return `n` rows drawn in proportion to their weights, each as often as it should be give or take one."""
    edges = np.cumsum(weights) / np.sum(weights)
    rows = np.searchsorted(edges, (np.arange(n) + rng.uniform()) / n, side="right")
    return np.minimum(rng.permutation(rows), len(weights) - 1)
