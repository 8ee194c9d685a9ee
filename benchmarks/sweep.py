"""Sweeps beside ``mesa.batch_run``, and what a point costs beyond its worlds: ``python -m benchmarks.sweep [--quick]``.

Both live the same model at the same points and keep the same outcomes, on one core each, in processes of their own, so
that their peaks of memory can be compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row

SCENARIO = "baghdad-2020"
OURS = """
import json, resource, sys, time, tempfile
import sim
points, worlds = int(sys.argv[1]), int(sys.argv[2])
vary = {"us.rationality": [2.0 + 0.5 * k for k in range(points)]}
settings = sim.SweepSettings(threads=1)
with tempfile.TemporaryDirectory() as folder:
    sim.sweep("SCENARIO", vary, 2, folder + "/warm", settings)
    start = time.perf_counter()
    swept = sim.sweep("SCENARIO", vary, worlds, folder + "/sweep", settings)
    seconds = time.perf_counter() - start
    rows = swept.dataset().count_rows()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak": peak, "rows": rows}))
""".replace("SCENARIO", SCENARIO)
THEIRS = """
import json, resource, sys, time
import mesa
import sim
points, worlds = int(sys.argv[1]), int(sys.argv[2])
base = sim.load("SCENARIO")
scenarios = [base.with_({"us.rationality": 2.0 + 0.5 * k}) for k in range(points)]

class Reported(sim.CrisisModel):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        last = lambda model: tuple(model.outcome) if model.day == model.horizon else None
        self.datacollector = mesa.DataCollector({"outcome": last})

Reported(scenarios[0]).run()
start = time.perf_counter()
parameters = {"scenario": scenarios, "world": range(worlds)}
rows = mesa.batch_run(Reported, parameters, data_collection_period=-1, display_progress=False)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak": peak, "rows": len(rows)}))
""".replace("SCENARIO", SCENARIO)
REACH = "<= 5 %"
AT_ONCE = 500
"""Worlds at a point for which the overhead is measured."""


def lived(code: str, points: int, worlds: int) -> dict[str, float]:
    """Seconds, peak of memory (MB) and rows of one of the two in a process of its own."""
    command = [sys.executable, "-c", code, str(points), str(worlds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def overhead(points: int, runs: int) -> tuple[float, float]:
    """What a sweep costs beyond the bare ensemble of the same worlds, in processor time on one thread.

    Returns:
        For each further point, as a share of the bare ensemble's time for it; and once a sweep, in seconds. Of several
        runs the cheapest counts, so that a busy machine disturbs little.
    """
    few, many = _cheapest(points, runs), _cheapest(3 * points, runs)
    bare, swept = ((many[k] - few[k]) / (2 * points) for k in (0, 1))
    return swept / bare - 1.0, few[1] - few[0] - points * (swept - bare)


def _cheapest(points: int, runs: int) -> tuple[float, float]:
    """Least processor seconds of the bare ensemble and of the sweep, in turns, after one turn that is not counted."""
    import sim
    from sim.drivers.ensemble import chunks

    values = [2.0 + 0.1 * k for k in range(points)]
    scenarios = [sim.load(SCENARIO).with_({"us.rationality": value}) for value in values]
    times = []
    for _ in range(runs + 1):
        start = time.process_time()
        for scenario in scenarios:
            next(chunks(scenario, AT_ONCE, "outcomes", threads=1))
        middle = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            sim.sweep(SCENARIO, {"us.rationality": values}, AT_ONCE, Path(folder), sim.SweepSettings(threads=1))
        times.append((middle - start, time.process_time() - middle))
    return min(bare for bare, _ in times[1:]), min(swept for _, swept in times[1:])


def rows(quick: bool) -> list[Row]:
    """(s1) Mesa's batch runner, (s2) the sweep on the same points, (s3) many more worlds, (s4) overhead."""
    points, worlds = (4, 5) if quick else (8, 25)
    theirs, ours = lived(THEIRS, points, worlds), lived(OURS, points, worlds)
    many = lived(OURS, points, 100 * worlds)
    if ours["rows"] != theirs["rows"]:
        raise RuntimeError(f"{ours['rows']} rows beside {theirs['rows']}")
    runs = 2 if quick else 4
    share, once = overhead(6 if quick else 12, runs)
    gain = theirs["seconds"] / ours["seconds"]
    apart = theirs["seconds"] / theirs["rows"] / (many["seconds"] / many["rows"])
    size, large = (f"{points} points × {each:,} worlds" for each in (worlds, 100 * worlds))
    return [
        Row(f"(s1) mesa.batch_run, {size}", f"{theirs['seconds']:.2f} s, {theirs['peak']:.0f} MB", "", ""),
        Row(f"(s2) sweep, {size}", f"{ours['seconds']:.2f} s, {ours['peak']:.0f} MB", f"{gain:.0f}x faster", ""),
        Row(f"(s3) sweep, {large}", f"{many['seconds']:.2f} s, {many['peak']:.0f} MB", f"{apart:.0f}x a world", ""),
        Row(f"(s4) overhead, point of {AT_ONCE} worlds", f"{share:.1%} of CPU time", "bare ensemble", REACH),
        Row("(s4) and once a sweep", f"{once:.2f} s of CPU time", "", ""),
    ]


def main(arguments: list[str]) -> None:
    """Print the rows."""
    for row in rows("--quick" in arguments):
        print(f"{row.what:48} {row.figure:24} {row.beside:16} {row.reach}")


if __name__ == "__main__":
    main(sys.argv[1:])
