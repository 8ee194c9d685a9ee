"""Speed of the drivers beside named peers, on the same work in one run; each figure is a median of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

import mesa

from benchmarks.kernel import kernel
from benchmarks.measure import Row, median_time
from sim.compiled import rule
from sim.drivers.ensemble import live_tables
from sim.drivers.mesa_model import CrisisModel
from sim.scenario import load, tables
from sim.world.chance import chance

SCENARIO = "baghdad-2020"
WORLDS_COUNTED = 3
COUNT_DRAWS = f"""
from sim import CrisisModel
from sim.rules import luck

drawn, draw = 0, luck.chance

def counted(*arguments):
    global drawn
    drawn += 1
    return draw(*arguments)

luck.chance = counted
for world in range({WORLDS_COUNTED}):
    CrisisModel({SCENARIO!r}, world=world).run()
print(drawn // {WORLDS_COUNTED})
"""
"""Every draw of a rule passes through one function, which can be counted where the rules are interpreted."""


def ensemble(worlds: int, threads: int, runs: int) -> float:
    """Seconds a world of the ensemble, outcomes only."""
    scenario = load(SCENARIO)
    built = tables(scenario, 0, worlds)
    return median_time(lambda: live_tables(built, scenario, 0, worlds, "outcomes", threads), runs) / worlds


def batch(worlds: int, runs: int) -> float:
    """Seconds a world of ``mesa.batch_run`` on the same model, two processes."""
    parameters = {"scenario": SCENARIO, "world": range(worlds)}
    horizon = load(SCENARIO).horizon

    def work() -> object:
        return mesa.batch_run(
            CrisisModel,
            parameters,
            number_processes=2,
            max_steps=horizon,
            data_collection_period=-1,
            display_progress=False,
        )

    return median_time(work, runs) / worlds


def drivers(quick: bool) -> list[Row]:
    """(a) and (b): the ensemble beside Mesa's batch runner, two threads beside one."""
    worlds, runs = (2_000, 3) if quick else (20_000, 5)
    one, two = ensemble(worlds, 1, runs), ensemble(worlds, 2, runs)
    mesa_time = batch(24 if quick else 60, 1 if quick else 3)
    return [
        Row("mesa.batch_run, 2 processes", f"{mesa_time * 1e3:.1f} ms a world", "", ""),
        Row("ensemble, 1 thread", f"{one * 1e6:.0f} µs a world", f"{mesa_time / one:,.0f}x batch_run", ""),
        Row("ensemble, 2 threads", f"{two * 1e6:.0f} µs a world", f"{mesa_time / two:,.0f}x batch_run", ">= 100x"),
        Row("two threads beside one", f"{one / two:.2f}x", "ensemble, 1 thread", ">= 1.8x"),
        luck(one, runs),
    ]


@rule
def draw_many(draws: int) -> float:
    """The sum of as many uniforms."""
    total = 0.0
    for k in range(draws):
        total += chance(20200928, k >> 10, k & 1023, 12345, 3)
    return total


def draws_a_world() -> int:
    """How often a world draws, counted over a few worlds whose rules are interpreted."""
    command = [sys.executable, "-c", COUNT_DRAWS]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    return int(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)


def luck(world: float, runs: int) -> Row:
    """(d): the draws of a world alone, as a share of a world's time."""
    draws, worlds = draws_a_world(), 200
    alone = median_time(lambda: draw_many(draws * worlds), runs) / worlds
    figure = f"{alone * 1e6:.1f} µs for the {draws:,} draws of a world"
    return Row("luck alone", figure, f"{alone / world:.0%} of a world, 1 thread", "<= 15 %")


def peak_memory(worlds: int) -> int:
    """(e): peak memory in MB of a process that lives worlds, outcomes only, chunk by chunk."""
    code = (
        "import resource; from sim.scenario import load; from sim.drivers.ensemble import chunks\n"
        f"for lived in chunks(load('{SCENARIO}'), {worlds}, 'outcomes'): last = lived.outcomes['top_rung'].mean()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def memory(quick: bool) -> list[Row]:
    """Peak memory at growing numbers of worlds."""
    sizes = (1_000, 10_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    peaks = {worlds: peak_memory(worlds) for worlds in sizes}
    return [
        Row(
            f"peak memory, {worlds:,} worlds", f"{peak} MB", f"{peak - peaks[10_000]:+d} MB beside 10,000", "<= +100 MB"
        )
        for worlds, peak in peaks.items()
    ]


def command_time(arguments: list[str], environment: dict[str, str] | None = None) -> float:
    """Seconds of one call of the command ``sim``."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "sim", *arguments]
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, **(environment or {})})
    return time.perf_counter() - start


def commands(runs: int) -> list[Row]:
    """(f) and (g): what `make run` does, with report and figures, cold and warm; the worlds alone; and the help."""
    live = ["run", SCENARIO, "--worlds", "1000"]
    with tempfile.TemporaryDirectory() as folder:
        cache = {"XDG_CACHE_HOME": folder}
        whole = [*live, "--out", f"{folder}/run", "--force"]
        cold = command_time(whole, cache)
        warm = statistics.median(command_time(whole, cache) for _ in range(runs))
        alone = statistics.median(command_time(live, cache) for _ in range(runs))
    helped = statistics.median(command_time(["--help"]) for _ in range(runs))
    what = "make run: 1,000 worlds, report, 7 figures"
    return [
        Row(f"{what}, cold", f"{cold:.1f} s", "", "<= 15 s"),
        Row(f"{what}, warm", f"{warm:.2f} s", f"{warm / cold:.0%} of cold", "<= 2.0 s"),
        Row("the same without a folder, warm", f"{alone:.2f} s", f"{alone / warm:.0%} of it", ""),
        Row("sim --help", f"{helped:.2f} s", "", "< 0.4 s"),
    ]


def rows(quick: bool) -> list[Row]:
    """All measurements, in the order of the table."""
    runs = 3 if quick else 7
    return [*drivers(quick), kernel(runs), *memory(quick), *commands(3 if quick else 5)]
