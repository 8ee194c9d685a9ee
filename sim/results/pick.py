"""Worlds to look at: the most ordinary one, and the oddest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.results.columns import Columns, Counts, batches, value_counts

TRAITS = ("severity", "top_rung", "us_killed", "us_strikes", "rockets", "embassy_code")
"""Columns in which a representative world is close to all others."""
LABELS = ("embassy", "force", "truce")
"""Columns whose combination makes a world surprising."""
RELATIVE, ABSOLUTE = 1e-12, 1e-9
"""Within these two distances are the same: they are sums of many numbers."""


def representative(outcomes: pd.DataFrame | Columns) -> int:
    """Number of the medoid world: the one with the least total distance to all others.

    Distance is the sum of absolute differences over :data:`TRAITS`, each divided by its standard deviation. Such sums
    separate by column, so the medoid is exact at any number of worlds; of equals the lowest number is taken.
    """
    counts = {column: value_counts(outcomes, column) for column in TRAITS}
    distances = {column: (each, _distances(each)) for column, each in counts.items()}
    least = min(float(total.min()) for _, total in _totals(outcomes, distances))
    close = (
        world[np.isclose(total, least, rtol=RELATIVE, atol=ABSOLUTE)].min(initial=np.iinfo(np.int64).max)
        for world, total in _totals(outcomes, distances)
    )
    return int(min(close))


def _totals(
    outcomes: pd.DataFrame | Columns, distances: dict[str, tuple[Counts, np.ndarray]]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Numbers of worlds and their total distances to all others, batch by batch."""
    for batch in batches(outcomes, ["world", *TRAITS]):
        total = np.zeros(len(batch))
        for column, (counts, distance) in distances.items():
            total += distance[counts.place(batch[column])]
        yield batch["world"].to_numpy(dtype=np.int64), total


def _distances(counts: Counts) -> np.ndarray:
    """The sum of the distances of each value to all worlds, in standard deviations."""
    values, worlds, n = counts.values, counts.worlds, counts.worlds.sum()
    mean = (values * worlds).sum() / n
    spread = np.sqrt((worlds * (values - mean) ** 2).sum() / n)
    if spread == 0.0:
        return np.zeros(len(values))
    below, sums = np.cumsum(worlds) - worlds, np.cumsum(values * worlds) - values * worlds
    above, rest = n - below - worlds, (values * worlds).sum() - sums - values * worlds
    return np.asarray(((values * below - sums) + (rest - values * above)) / spread)


def surprising(outcomes: pd.DataFrame | Columns, count: int = 5) -> pd.DataFrame:
    """The worlds with the rarest combinations of labels, one world for each combination.

    Returns:
        At most ``count`` rows, rarest first: world, embassy, force, truce, worlds (that share the combination) and
        estimate (its share). Of combinations equally rare, the one whose labels are rarer one by one comes first, then
        the lower world number.
    """
    parts = [
        batch.astype(dict.fromkeys(LABELS, str)).groupby(list(LABELS), as_index=False).agg(**_FOUND)
        for batch in batches(outcomes, ["world", *LABELS])
    ]
    found = pd.concat(parts).groupby(list(LABELS), as_index=False).agg(world=("world", "min"), worlds=("worlds", "sum"))
    found["chance"] = 1.0
    for column in LABELS:
        found["chance"] *= found.groupby(column)["worlds"].transform("sum") / found["worlds"].sum()
    found = found.sort_values(["worlds", "chance", "world"], ignore_index=True)
    found["estimate"] = found["worlds"] / found["worlds"].sum()
    return found[["world", *LABELS, "worlds", "estimate"]].head(count)


_FOUND = {"world": ("world", "min"), "worlds": ("world", "size")}
