"""Peak memory of processes that live few and many worlds."""

from __future__ import annotations

from benchmarks.measure import Row, child
from benchmarks.worlds import SCENARIO

DRIVER = """
import resource
from sim import load
from sim.drivers.ensemble import chunks
for _ in chunks(load({scenario!r}), {worlds}, "outcomes"):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
MEGABYTE = 1024.0  # of kilobytes
BASE = 10_000
ROOM = 100.0


def peak(worlds: int) -> float:
    """Megabytes that a process takes at most while it lives some worlds, outcomes only."""
    return float(child(DRIVER.format(scenario=SCENARIO, worlds=worlds))) / MEGABYTE


def rows(quick: bool) -> list[Row]:
    """(e) From a thousand worlds to a million."""
    counts = (1000, BASE, 100_000) if quick else (1000, BASE, 100_000, 1_000_000)
    found = {count: peak(count) for count in counts}
    rows = [Row(f"(e) peak memory, {count:,} worlds", value, "MB", 1) for count, value in found.items()]
    more = found[counts[-1]] - found[BASE]
    last = rows[-1]._replace(ratio=f"{more:+.0f} MB on {BASE:,} worlds", reach="≤ +100 MB", reached=more <= ROOM)
    return [*rows[:-1], last]
