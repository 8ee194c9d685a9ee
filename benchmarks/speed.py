"""Speed of the drivers beside named peers, on the same work in one run; each figure is a median of several runs."""

from __future__ import annotations

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import mesa
import numba
import numpy as np

from sim.drivers.ensemble import live_tables
from sim.drivers.mesa_model import CrisisModel
from sim.rules.choose import quantal
from sim.scenario import load, tables
from sim.world.chance import chance
from sim.world.records import OPTION

SCENARIO = "baghdad-2020"
DRAWS_A_DAY = 25  # eleven convenings, twelve opportunities, evidence and intelligence


class Row(NamedTuple):
    """One line of the table: what was measured, the figure, and what it is compared with."""

    what: str
    figure: str
    beside: str
    reach: str


def median_time(work: Callable[[], object], runs: int) -> float:
    """Median seconds of ``runs`` calls, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def ensemble(worlds: int, threads: int, runs: int) -> float:
    """Seconds a world of the ensemble, outcomes only."""
    built, seed = tables(load(SCENARIO), 0, worlds), load(SCENARIO).seed
    return median_time(lambda: live_tables(built, seed, 0, worlds, "outcomes", threads), runs) / worlds


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


@numba.njit(cache=False)
def _draw_all(days: int, draws: int) -> float:
    total = 0.0
    for day in range(days):
        for k in range(draws):
            total += chance(20200928, 7, day, 12345 + k, k)
    return total


def luck(world: float, runs: int) -> Row:
    """(d): the draws of a world alone, as a share of a world's time."""
    days = load(SCENARIO).horizon
    alone = median_time(lambda: [_draw_all(days, DRAWS_A_DAY) for _ in range(200)], runs) / 200
    return Row("luck alone", f"{alone * 1e6:.1f} µs a world", f"{alone / world:.0%} of a world, 1 thread", "<= 15 %")


def menus(days: int) -> tuple[np.ndarray, np.ndarray]:
    """Random menus of twenty options and the uniforms that draw from them."""
    rng = np.random.default_rng(1)
    options = np.zeros((days, 20), OPTION)
    options["feasible"] = rng.random((days, 20)) < 0.7
    options["feasible"][:, 0] = 1
    options["kind"] = rng.integers(0, 10, (days, 20))
    options["utility"] = rng.normal(0, 0.3, (days, 20))
    return options, rng.random((days, 2))


@numba.njit(cache=False)
def _choose_many(options: np.ndarray, uniforms: np.ndarray, precision: float) -> int:
    total = 0
    for d in range(len(options)):
        total += quantal(options[d], 0, options.shape[1], precision, uniforms[d, 0], uniforms[d, 1])
    return total


def kernel(runs: int) -> Row:
    """(c): the compiled rule beside a C program on the same numbers.

    Raises:
        SystemExit: the two do not choose alike.
    """
    days = 100_000
    options, uniforms = menus(days)
    ours = median_time(lambda: _choose_many(options, uniforms, 6.0), runs)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel.so"
        source = Path(__file__).with_name("kernel.c")
        command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source), "-lm"]
        subprocess.run(command, check=True)
        in_c = ctypes.CDLL(str(library)).choose_many
        in_c.restype = ctypes.c_int64
        arrays = [np.ascontiguousarray(options[name]) for name in ("feasible", "kind", "utility")] + [uniforms]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
        sizes = (ctypes.c_int64(20), ctypes.c_int64(days), ctypes.c_double(6.0))
        if in_c(*pointers, *sizes) != _choose_many(options, uniforms, 6.0):
            raise SystemExit("the C program and the compiled rule do not choose alike")
        theirs = median_time(lambda: in_c(*pointers, *sizes), runs)
    figure = f"{ours / days * 1e9:.0f} ns an actor-day"
    return Row("decision kernel, compiled rule", figure, f"{ours / theirs:.2f}x the time of C (gcc -O3)", "<= 1x")


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
    """(f) and (g): ``sim run`` cold and warm, and the help."""
    live = ["run", SCENARIO, "--worlds", "1000"]
    cache = tempfile.mkdtemp()
    cold = command_time(live, {"XDG_CACHE_HOME": cache})
    warm = statistics.median(command_time(live, {"XDG_CACHE_HOME": cache}) for _ in range(runs))
    shutil.rmtree(cache)
    helped = statistics.median(command_time(["--help"]) for _ in range(runs))
    return [
        Row("sim run, 1,000 worlds, cold (compiling)", f"{cold:.1f} s", "", "< 45 s"),
        Row("sim run, 1,000 worlds, warm", f"{warm:.2f} s", f"{cold / warm:.0f}x faster than cold", "< 3 s"),
        Row("sim --help", f"{helped:.2f} s", "", "< 0.4 s"),
    ]


def rows(quick: bool) -> list[Row]:
    """All measurements, in the order of the table."""
    runs = 3 if quick else 7
    return [*drivers(quick), kernel(runs), *memory(quick), *commands(3 if quick else 5)]
