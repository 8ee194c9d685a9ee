"""A line of the table, and medians of several runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table: what was measured, the figure, what it is compared with, and what was aimed at."""

    what: str
    figure: str
    beside: str
    reach: str


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_time(work: Callable[[], object], runs: int) -> float:
    """Median seconds of ``runs`` calls, after one that is not counted."""
    work()
    return statistics.median(timed(work) for _ in range(runs))


def alternating(one: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median seconds of two pieces of work in turns, so that a busy moment of the machine strikes both."""
    one(), other()
    pairs = [(timed(one), timed(other)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
