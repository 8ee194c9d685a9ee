"""Worlds a second: Mesa's batch runner, the ensemble on one thread and on all, and luck alone."""

from __future__ import annotations

import json
from typing import Any

import numba
import numpy as np

from benchmarks.measure import Row, alternating, child, median
from sim.compiled import rule
from sim.world.chance import chance

SCENARIO = "baghdad-2020"
PROCESSES = 2
MICRO = 1e6
COUNT_DRAWS = f"""
import json
from sim.rules import luck
from sim.drivers.mesa_model import CrisisModel
import sys
drawn = [0]
def counted(*arguments, original=luck.chance):
    drawn[0] += 1
    return original(*arguments)
luck.chance = counted
for world in range(3):
    CrisisModel({SCENARIO!r}, world=world).run()
print(json.dumps(drawn[0] / 3))
"""
"""Interpreted, every draw of a world passes through one function and can be counted."""


@rule
def draw_many(seed: int, count: int) -> float:
    """The sum of ``count`` uniforms."""
    total = 0.0
    for k in range(count):
        total += chance(seed, k >> 10, k & 1023, 1, 2)
    return total


def mesa_batch(worlds: int) -> None:
    """Live some worlds by Mesa's own batch runner."""
    import mesa

    from sim import CrisisModel

    parameters = {"scenario": SCENARIO, "world": range(worlds)}
    mesa.batch_run(
        CrisisModel, parameters, number_processes=PROCESSES, data_collection_period=-1, display_progress=False
    )


def ensemble(worlds: int, threads: int) -> None:
    """Live some worlds by the ensemble driver, outcomes only."""
    from sim import load
    from sim.drivers.ensemble import chunks

    for _ in chunks(load(SCENARIO), worlds, "outcomes", threads=threads):
        pass


def rows(quick: bool) -> list[Row]:
    """(a) Mesa, (b) ensemble, (d) luck."""
    runs, few, many = (3, 20, 2000) if quick else (5, 200, 20_000)
    threads = numba.get_num_threads()
    ensemble(100, threads)
    mesa_batch(4)
    batch = median(lambda: mesa_batch(few), 3) / few
    one, all_ = alternating(lambda: ensemble(many, 1), lambda: ensemble(many, threads), runs)
    one, all_ = one / many, all_ / many
    draws = json.loads(child(COUNT_DRAWS, NUMBA_DISABLE_JIT="1"))
    luck = luck_alone(draws, runs)
    return [
        Row(f"(a) mesa.batch_run, {PROCESSES} processes", batch * MICRO, "µs a world", 3),
        Row("(b) ensemble, 1 thread", one * MICRO, "µs a world", runs, f"{batch / one:.0f} times (a)"),
        *scaled(threads, batch, one, all_, runs),
        Row(
            f"(d) luck alone, {draws:.0f} draws", luck * MICRO, "µs a world", runs,
            f"{luck / one:.1%} of (b)", "≤ 15 %", luck / one <= 0.15,
        ),
    ]  # fmt: skip


def scaled(threads: int, batch: float, one: float, all_: float, runs: int) -> list[Row]:
    """The ensemble on all threads against Mesa's batch runner and against itself on one."""
    name, value = f"(b) ensemble, {threads} threads", all_ * MICRO
    gain = one / all_
    return [
        Row(name, value, "µs a world", runs, f"{batch / all_:.0f} times (a)", "≥ 100 times", batch / all_ >= 100),
        Row(name, value, "µs a world", runs, f"{gain:.2f} times 1 thread", "≥ 1.8 times", gain >= 1.8),
    ]


def luck_alone(draws: float, runs: int) -> float:
    """Seconds that as many draws take as a world needs."""
    seed: Any = np.int64(20200928)
    draw_many(seed, 10)
    worlds = 500
    return median(lambda: draw_many(seed, int(draws * worlds)), runs) / worlds
