"""The reference table: worlds with parameters from the priors, and the statistics of their days up to some dates.

One table serves every fit: the record before the crisis, the record before each earlier start date (a world cut off on
that date is a world), and the synthetic records on which the method is tested.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis import priors
from sim.analysis.summary import STATISTICS, summary
from sim.compiled import rule_hash
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.results.daily_table import daily_from_worlds
from sim.scenario import Scenario

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with the number of worlds lived so far and the number asked for."""

CHUNK = 500
MARK = "reference.json"


@dataclass(frozen=True)
class Reference:
    """Worlds of a scenario under the priors.

    Attributes:
        scenario: what was lived.
        ends: dates up to (but without) which the statistics speak.
        values: (n_worlds, len(PRIORS)) parameters.
        statistics: (n_worlds, n_ends, n_statistics).
    """

    scenario: Scenario
    ends: tuple[date, ...]
    values: Values
    statistics: Values

    def up_to(self, end: date) -> Values:
        """Return the statistics of all worlds up to a date, shape (n_worlds, n_statistics).

        Raises:
            InputError: the table has no statistics up to that date.
        """
        if end not in self.ends:
            raise InputError(
                f"the reference table speaks of the days before {', '.join(map(str, self.ends))}, not {end}"
            )
        return self.statistics[:, self.ends.index(end)]


def first_day_after(scenario: Scenario) -> date:
    """Return the first day that worlds of a scenario do not reach."""
    return scenario.start + timedelta(days=scenario.horizon)


def reference(
    scenario: Scenario, ends: Sequence[date], worlds: int, *, seed: int = 1, folder: Path | None = None,
    progress: Progress | None = None,
) -> Reference:  # fmt: skip
    """Live a table of worlds, or read what a folder holds of it and live the rest.

    Args:
        scenario: what is lived; it reaches at least to the last of the dates.
        ends: dates up to which statistics are taken.
        worlds: how many.
        seed: of the parameters; the luck of the worlds is the scenario's.
        folder: where every chunk is kept as soon as it is lived, so that nothing is lost when the work is interrupted.
        progress: called after each chunk.

    Raises:
        InputError: the scenario does not reach to the last date, or the folder holds another table.
    """
    spans = [(end - scenario.start).days for end in ends]
    if not spans or max(spans) > scenario.horizon:
        raise InputError(f"'{scenario.name}' has {scenario.horizon} days from {scenario.start}: too few for {ends}")
    _claim(folder, scenario, ends, seed)
    chunks = []
    for first in range(0, worlds, CHUNK):
        chunks.append(_chunk(scenario, spans, first, seed, folder))
        if progress:
            progress(min(first + CHUNK, worlds), worlds)
    values, statistics = (np.concatenate(part)[:worlds] for part in zip(*chunks, strict=True))
    return Reference(scenario, tuple(ends), values, statistics)


def _claim(folder: Path | None, scenario: Scenario, ends: Sequence[date], seed: int) -> None:
    """Note in the folder what it holds.

    Raises:
        InputError: it holds something else already.
    """
    if folder is None:
        return
    what = [scenario.hash, rule_hash(), repr(priors.PRIORS), seed, [str(end) for end in ends], STATISTICS]
    mark = {"digest": hashlib.sha256(json.dumps(what).encode()).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MARK
    if path.exists() and json.loads(path.read_text()) != mark:
        raise InputError(f"{folder}: holds worlds of another scenario, period, seed or version; name another folder")
    path.write_text(json.dumps(mark))


def _chunk(
    scenario: Scenario, spans: Sequence[int], first: int, seed: int, folder: Path | None
) -> tuple[Values, Values]:
    """Parameters and statistics of the worlds from number `first` on, from the folder if they are there."""
    path = None if folder is None else folder / f"worlds-{first:07d}.npz"
    if path is not None and path.exists():
        with np.load(path) as kept:
            return kept["values"], kept["statistics"]
    values = priors.draw(CHUNK, np.random.default_rng([seed, first]))
    statistics = lived_statistics(scenario, values, spans, first)
    if path is not None:
        unfinished = path.with_suffix(".part.npz")
        np.savez_compressed(unfinished, values=values, statistics=statistics)
        unfinished.replace(path)
    return values, statistics


def lived_statistics(scenario: Scenario, values: Values, spans: Sequence[int], first: int) -> Values:
    """Live a world for each row of parameters, numbered from `first`; statistics of their first days.

    Returns:
        (n_worlds, len(spans), n_statistics): those of the first ``spans[k]`` days.
    """
    lived = live_chunk(scenario, first, len(values), "daily", points=priors.points(scenario, values))
    days = daily_from_worlds(scenario.start, lived.series)
    return np.stack([summary(days.window(0, span)) for span in spans], axis=1)
