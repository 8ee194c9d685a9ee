"""Time of whole commands in fresh processes: `sim run` cold and warm, `sim --help`."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Row, program, timed
from benchmarks.worlds import SCENARIO

SIM = [sys.executable, "-m", "sim"]
RUN = [*SIM, "run", SCENARIO, "--worlds", "1000"]


def rows(quick: bool) -> list[Row]:
    """(f) `sim run` for a thousand worlds with an empty and with a full cache; (g) `sim --help`."""
    runs = 3 if quick else 7
    with tempfile.TemporaryDirectory() as folder:
        cache = str(Path(folder) / "cache")
        cold = timed(lambda: program(RUN, XDG_CACHE_HOME=cache))
        warm = statistics.median(timed(lambda: program(RUN, XDG_CACHE_HOME=cache)) for _ in range(runs))
    helped = statistics.median(timed(lambda: program([*SIM, "--help"])) for _ in range(runs))
    return [
        Row("(f) sim run --worlds 1000, cold", cold, "s", 1, f"{cold / warm:.0f} times warm", "< 45 s", cold < 45),
        Row("(f) sim run --worlds 1000, warm", warm, "s", runs, "", "< 3 s", warm < 3),
        Row("(g) sim --help", helped, "s", runs, "", "< 0.4 s", helped < 0.4),
    ]
