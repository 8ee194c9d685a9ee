"""The ensemble driver: many worlds in one compiled, threaded kernel, from the same rules as the Mesa driver.

Worlds are lived in chunks, so memory does not grow with their number. Every draw is a function of seed, world, day,
actor and purpose, so neither threads nor chunks can change a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numba
import numpy as np

from sim.actions import MENUS, ORDERS
from sim.compiled import rule
from sim.drivers.rehearsal import rehearse
from sim.errors import InputError
from sim.rules.day import close_day, live_day
from sim.rules.outcome import close_world, keep_day
from sim.rules.start import begin
from sim.world.names import Full
from sim.world.outside import refuse_faults
from sim.world.records import (
    ACTOR,
    BENCH,
    EVENT,
    MAX_BLOCS,
    MAX_DAYS,
    MAX_EVENTS,
    MAX_PENDING,
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
FULL = {
    Full.TRACE: f"events than a trace holds ({MAX_EVENTS})",
    Full.AGENDA: f"acts under way at once than an agenda holds ({MAX_PENDING})",
}
"""What a world had more of, by what ran over; see :class:`sim.world.names.Full`."""
HELP = {
    Full.TRACE: "shorten the horizon, or have fewer groups",
    Full.AGENDA: "shorten the lags of acts (`actions.<id>.lag`), or have fewer groups",
}
SHARE = 250
"""Worlds that a thread lives at a stretch; an interrupt waits for as many."""
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
    for kind, menu in MENUS.items():
        plan["menu_size"][0, kind], plan["menu"][0, kind, : len(menu)] = len(menu), menu
    plan["orders"] = ORDERS
    return plan


class Task(NamedTuple):
    """Which worlds a thread is to live, and what it is to keep of them.

    Attributes:
        seed: seed of the run.
        first: number of the first world of the chunk.
        start: row in the chunk of the first world of the share.
        horizon: days.
        keep: whether the days are written down.
        trace: whether the events are.
    """

    seed: int
    first: int
    start: int
    horizon: int
    keep: bool
    trace: bool


class Pages(NamedTuple):
    """What a share of worlds is written on.

    Attributes:
        outcomes: (n,) OUTCOME.
        series: (n, horizon) SERIES, or one row that is not used.
        events: (n, MAX_EVENTS) EVENT, or one row that is not used.
        counts: (n,) int, number of events of each world.
        overflows: (n,) int, what ran over in each world, a :class:`sim.world.names.Full`, else 0.
    """

    outcomes: Any
    series: Any
    events: Any
    counts: Any
    overflows: Any


@rule
def set_out(bench: Any, tables: Tables, k: int, again: bool) -> None:
    """Copy what is constant in world ``k`` of the chunk to the bench, unless it is the same as in the world before."""
    if len(tables.traits) > 1 or not again:
        for i in range(tables.traits.shape[1]):
            bench.traits[i] = tables.traits[k % len(tables.traits), i]
    if len(tables.actions) > 1 or not again:
        for a in range(tables.actions.shape[1]):
            bench.acts[a] = tables.actions[k % len(tables.actions), a]


@rule
def live_share(tables: Tables, plan: Any, task: Task, worlds: Any, benches: Any, pages: Pages) -> None:
    """Live a share of worlds one after another in ``worlds[0]``; ``pages.overflows`` says which ran over.

    Stops at the first world in which a policy from outside fails.
    """
    bench, actors = benches[0], tables.traits.shape[1]
    for j in range(len(pages.outcomes)):
        k = task.start + j
        set_out(bench, tables, k, j > 0)
        p = tables.parameters[k % len(tables.parameters)]
        c = Crisis(p, plan[0], bench.traits[:actors], bench.acts[:], worlds[0], bench.actors[:actors])
        begin(c, task.seed, task.first + k)
        for day in range(task.horizon):
            seen = c.w.n_events
            live_day(c)
            if c.w.fault == 1:
                return
            if task.keep:
                keep_day(c, seen, pages.series[j][day])
            close_day(c)
        close_world(c, pages.outcomes[j])
        pages.overflows[j] = c.w.overflow
        if task.trace:
            n = c.w.n_events
            pages.counts[j] = n
            pages.events[j, :n] = c.w.events[:n]


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
        InputError: an actor follows a policy in plain Python or a compiled one failed; a world had more events than the
            trace holds.
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
        InputError: as for :func:`live_tables`.
    """
    from sim.scenario import tables as build

    tables = build(scenario, first, count, points)
    return live_tables(tables, scenario, first, count, depth, threads)


def together(work: Callable[[int], None], starts: range, threads: int) -> None:
    """Do the shares on threads; after an interrupt those under way are finished and the others dropped."""
    if threads == 1:
        for start in starts:
            work(start)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        list(pool.map(work, starts))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def refuse_plain_python(scenario: Scenario) -> None:
    """Check that the kernel can ask every actor.

    Raises:
        InputError: an actor follows a policy in plain Python.
    """
    from sim.scenario import COMPILED_INSTEAD, in_plain_python

    followers = [actor for actor, name in scenario.policies.items() if in_plain_python(name)]
    if followers:
        raise InputError(
            f"{', '.join(followers)} follows a policy in plain Python, which only CrisisModel and `sim run` can live;"
            f" {COMPILED_INSTEAD}"
        )


def refuse_overflows(overflows: Any) -> None:
    """Refuse worlds that had more of something than a world holds.

    Raises:
        InputError: some had; says how many, of what, and what helps.
    """
    for full, what in FULL.items():
        if lost := int((overflows == full).sum()):
            raise InputError(f"{lost} worlds had more {what}; {HELP[full]}")


def first_world(tables: Tables, plan: Any) -> Crisis:
    """The first world of compiled tables, on records of its own that may be written on."""
    actors = np.zeros(tables.traits.shape[1], ACTOR)
    return Crisis(tables.parameters[0], plan[0], tables.traits[0], tables.actions[0], np.zeros(1, WORLD)[0], actors)


def live_tables(
    tables: Tables, scenario: Scenario, first: int, count: int, depth: Depth, threads: int | None = None
) -> Lived:
    """Live the worlds of compiled tables of a scenario.

    Raises:
        InputError: an actor follows a policy in plain Python, which the compiled kernel cannot call; fewer than one
            thread; a compiled policy failed; a world had more events than the trace holds
            or more acts under way than the agenda.
        NoRuleError: an act or a precondition has no rule.
    """
    refuse_plain_python(scenario)
    if threads is not None and threads < 1:
        raise InputError(f"threads must be at least 1, not {threads}")
    threads = min(threads or numba.get_num_threads(), count)
    horizon, keep, trace = len(tables.calendar), depth != "outcomes", depth == "trace"
    outcomes = np.zeros(count, OUTCOME)
    series = np.zeros((count if keep else 1, horizon), SERIES)
    events = np.zeros((count if trace else 1, MAX_EVENTS), EVENT)
    offsets, overflows = np.zeros(count + 1, np.int64), np.zeros(count, np.int64)
    plan, size = plan_of(tables), min(SHARE, -(-count // threads))

    def share(start: int) -> None:
        rows = slice(start, min(start + size, count))
        kept = series[rows] if keep else series, events[rows] if trace else events
        pages = Pages(outcomes[rows], *kept, offsets[1:][rows], overflows[rows])
        task = Task(scenario.seed, first, start, horizon, keep, trace)
        worlds, benches = np.zeros(1, WORLD), np.zeros(1, BENCH)
        live_share(tables, plan, task, worlds, benches, pages)
        refuse_faults(worlds[0], benches["traits"][0], scenario.actors)

    rehearse(first_world(tables, plan))
    together(share, range(0, count, size), threads)
    refuse_overflows(overflows)
    if not trace:
        return Lived(first, outcomes, series if keep else None, None, None)
    rows = np.concatenate([events[k, : offsets[k + 1]] for k in range(count)])
    return Lived(first, outcomes, series, rows, np.cumsum(offsets))
