"""Worlds to look at: the most ordinary one, and the oddest."""

from __future__ import annotations

import numpy as np
import pandas as pd

TRAITS = ("severity", "top_rung", "us_killed", "us_strikes", "rockets", "embassy_code")
"""Columns in which a representative world is close to all others."""
LABELS = ("embassy", "force", "truce")
"""Columns whose combination makes a world surprising."""


def representative(outcomes: pd.DataFrame) -> int:
    """Number of the medoid world: the one with the least total distance to all others.

    Distance is the sum of absolute differences over :data:`TRAITS`, each divided by its standard deviation. Such sums
    separate by column, so the medoid is exact at any number of worlds; of equals the lowest number is taken.
    """
    total = sum(_distance_to_all(outcomes[column].to_numpy(dtype=float)) for column in TRAITS)
    best = np.flatnonzero(np.isclose(total, np.min(total), rtol=1e-12, atol=1e-9))
    return int(outcomes["world"].to_numpy()[best].min())


def _distance_to_all(values: np.ndarray) -> np.ndarray:
    """(n,) sum over all worlds of the distance in one column, in standard deviations."""
    spread = values.std()
    if spread == 0.0:
        return np.zeros(len(values))
    ordered = np.sort(values / spread)
    below = np.searchsorted(ordered, values / spread)
    sums = np.r_[0.0, np.cumsum(ordered)]
    mine = values / spread
    return (mine * below - sums[below]) + (sums[-1] - sums[below] - mine * (len(values) - below))


def surprising(outcomes: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """The worlds with the rarest combinations of labels, one world for each combination.

    Returns:
        At most ``count`` rows, rarest first: world, embassy, force, truce, worlds (that share the combination) and
        estimate (its share). Of combinations equally rare, the one whose labels are rarer one by one comes first, then
        the lower world number.
    """
    labels = outcomes[list(LABELS)].astype(str)
    chance = np.ones(len(outcomes))
    for column in LABELS:
        chance *= labels[column].map(labels[column].value_counts(normalize=True)).to_numpy()
    table = labels.assign(world=outcomes["world"], chance=chance)
    found = table.groupby(list(LABELS), as_index=False).agg(
        world=("world", "min"), worlds=("world", "size"), chance=("chance", "first")
    )
    found = found.sort_values(["worlds", "chance", "world"], ignore_index=True).head(count)
    found["estimate"] = found["worlds"] / len(outcomes)
    return found[["world", *LABELS, "worlds", "estimate"]]
