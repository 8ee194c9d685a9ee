"""Intervals of shares: how sure a number of worlds lets us be."""

from __future__ import annotations

from typing import Any

import numpy as np

USUAL = 0.95
USUAL_Z = 1.959963984540054
"""The normal quantile of the usual level, as SciPy gives it: reading SciPy takes longer than all intervals of a run."""


def wilson(successes: Any, worlds: Any, level: float = USUAL) -> tuple[Any, Any]:
    """Score interval of a share (Wilson 1927): keeps its coverage near 0 and 1, where outcomes of interest lie.

    Args:
        successes: number of worlds in which it happened; number or array.
        worlds: number of worlds; number or array of the same shape.
        level: probability with which the interval covers the share of an infinite number of worlds.

    Returns:
        Lower and upper end, of the shape of the arguments; 0 and 1 where there are no worlds.

    Raises:
        ValueError: when the level does not lie strictly between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"the level of an interval lies between 0 and 1, not {level}")
    z = USUAL_Z if level == USUAL else _quantile(0.5 + level / 2.0)
    n = np.asarray(worlds, dtype=float)
    k = np.asarray(successes, dtype=float)
    centre = k + z * z / 2.0
    half = z * np.sqrt(np.divide(k * (n - k), n, out=np.zeros_like(centre), where=n > 0) + z * z / 4.0)
    low = np.where(k == 0, 0.0, (centre - half) / (n + z * z))
    high = np.where(k == n, 1.0, (centre + half) / (n + z * z))
    return low, high


def _quantile(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))
