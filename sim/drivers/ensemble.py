"""The ensemble driver: many worlds in one compiled, threaded kernel, from the same rules as the Mesa driver.

Worlds are lived in chunks, so memory does not grow with their number. Every draw is a function of seed, world, day,
actor and purpose, so neither threads nor chunks can change a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numba
import numpy as np

from sim.errors import InputError, SimError
from sim.rules.day import close_day, live_day
from sim.rules.outcome import close_world, keep_day
from sim.rules.start import begin
from sim.world.records import (
    ACTOR,
    EVENT,
    MAX_BLOCS,
    MAX_DAYS,
    MAX_EVENTS,
    MAX_SCRIPT,
    OUTCOME,
    PLAN,
    SERIES,
    WORLD,
    Crisis,
    Tables,
)

if TYPE_CHECKING:
    from sim.scenario import Scenario

Depth = Literal["outcomes", "daily", "trace"]
CHUNK = {"outcomes": 4_000, "daily": 2_000, "trace": 500}


class Lived(NamedTuple):
    """A chunk of worlds that have been lived.

    Attributes:
        first: number of the first world.
        outcomes: (n,) OUTCOME.
        series: (n, horizon) SERIES, or None at depth "outcomes".
        events: all EVENT rows of the chunk, or None unless the depth is "trace".
        offsets: (n + 1,) int; the events of world k are ``events[offsets[k]:offsets[k + 1]]``.
    """

    first: int
    outcomes: Any
    series: Any
    events: Any
    offsets: Any


def plan_of(tables: Tables) -> Any:
    """The PLAN record of a scenario's tables: (1,) PLAN.

    Raises:
        InputError: more days, scripted events or blocs than a world holds.
    """
    for name, rows, most in (
        ("days", tables.calendar, MAX_DAYS),
        ("scripted events", tables.script, MAX_SCRIPT),
        ("blocs", tables.blocs, MAX_BLOCS),
    ):
        if len(rows) > most:
            raise InputError(f"a scenario can have at most {most} {name}, not {len(rows)}")
    plan = np.zeros(1, PLAN)
    plan["calendar"][0, : len(tables.calendar)] = tables.calendar
    plan["n_script"], plan["n_blocs"] = len(tables.script), len(tables.blocs)
    plan["script"][0, : len(tables.script)] = tables.script
    plan["blocs"][0, : len(tables.blocs)] = tables.blocs
    return plan


@numba.njit(cache=True, nogil=True, error_model="python")
def live_world(c: Crisis, seed: int, number: int, horizon: int, series: Any, keep: bool) -> None:
    """Live one world to its horizon; fill its series row when ``keep`` is set."""
    begin(c, seed, number)
    for day in range(horizon):
        first = c.w.n_events
        live_day(c)
        if keep:
            keep_day(c, first, series[day])
        close_day(c)


@numba.njit(cache=True, parallel=True, nogil=True, error_model="python")
def live_many(  # noqa: PLR0913, PLR0917 the kernel takes arrays, not objects
    tables: Tables,
    plan: Any,
    seed: int,
    first: int,
    count: int,
    horizon: int,
    worlds: Any,
    actors: Any,
    outcomes: Any,
    series: Any,
    events: Any,
    offsets: Any,
    keep: bool,
    trace: bool,
) -> int:
    """Live ``count`` worlds on ``len(worlds)`` threads; every world writes only its own rows."""
    threads = len(worlds)
    overflow = np.zeros(threads, np.int64)
    for t in numba.prange(threads):
        for k in range(t, count, threads):
            c = Crisis(
                tables.parameters[k % len(tables.parameters)],
                plan[0],
                tables.traits[k % len(tables.traits)],
                tables.actions[k % len(tables.actions)],
                worlds[t],
                actors[t],
            )
            live_world(c, seed, first + k, horizon, series[k if keep else 0], keep)
            close_world(c, outcomes[k])
            overflow[t] += c.w.overflow
            if trace:
                n = c.w.n_events
                offsets[k + 1] = n
                events[k, :n] = c.w.events[:n]
    return overflow.sum()


def chunks(  # noqa: PLR0913 all but two are optional and named
    scenario: Scenario,
    worlds: int,
    depth: Depth = "daily",
    *,
    first: int = 0,
    threads: int | None = None,
    chunk: int | None = None,
    points: Mapping[str, np.ndarray] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Lived]:
    """Live ``worlds`` worlds of a scenario from number ``first`` on, chunk by chunk.

    Args:
        scenario: what to live.
        worlds: how many.
        depth: "outcomes" (a row a world), "daily" (and a row a day), "trace" (and every event).
        first: number of the first world.
        threads: number of threads; all by default.
        chunk: worlds a chunk; does not change any result.
        points: values by world for some addresses (sweeps), each of length ``worlds``.
        progress: called with the number of worlds finished so far after every chunk.

    Raises:
        SimError: a world had more events than the trace holds.
    """
    size = min(worlds, chunk or CHUNK[depth])
    for start in range(0, worlds, size):
        n = min(size, worlds - start)
        part = {path: values[start : start + n] for path, values in points.items()} if points else None
        yield live_chunk(scenario, first + start, n, depth, threads, part)
        if progress:
            progress(start + n)


def live_chunk(
    scenario: Scenario,
    first: int,
    count: int,
    depth: Depth,
    threads: int | None = None,
    points: Mapping[str, np.ndarray] | None = None,
) -> Lived:
    """Live one chunk; see :func:`chunks`.

    Raises:
        InputError: an actor follows a Python policy, which the compiled kernel cannot call.
    """
    from sim.scenario import tables as build

    in_python = [actor for actor, name in scenario.policies.items() if ":" in str(name)]
    if in_python:
        raise InputError(
            f"{', '.join(in_python)} follows a Python policy, which only CrisisModel can live; sim.run does so"
        )

    tables = build(scenario, first, count, points)
    return live_tables(tables, scenario.seed, first, count, depth, threads)


def live_tables(tables: Tables, seed: int, first: int, count: int, depth: Depth, threads: int | None = None) -> Lived:
    """Live the worlds of compiled tables.

    Raises:
        SimError: a world had more events than the trace holds.
    """
    threads = min(threads or numba.get_num_threads(), count)
    horizon, keep, trace = len(tables.calendar), depth != "outcomes", depth == "trace"
    outcomes = np.zeros(count, OUTCOME)
    series = np.zeros((count if keep else 1, horizon), SERIES)
    events = np.zeros((count if trace else 1, MAX_EVENTS), EVENT)
    offsets = np.zeros(count + 1, np.int64)
    worlds, actors = np.zeros(threads, WORLD), np.zeros((threads, tables.traits.shape[1]), ACTOR)
    plan = plan_of(tables)
    lost = live_many(
        tables, plan, seed, first, count, horizon, worlds, actors, outcomes, series, events, offsets, keep, trace
    )
    if lost:
        raise SimError(f"{lost} worlds had more events than a trace holds ({MAX_EVENTS}); shorten the horizon")
    if not trace:
        return Lived(first, outcomes, series if keep else None, None, None)
    rows = np.concatenate([events[k, : offsets[k + 1]] for k in range(count)])
    return Lived(first, outcomes, series, rows, np.cumsum(offsets))
