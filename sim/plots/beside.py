"""Work in forked processes beside this one, where they pay."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from pickle import PicklingError
from typing import Any, NamedTuple, TypeVar, cast

MOST = 4
"""More processes than this are not worth their start."""
Result = TypeVar("Result")
Work = Callable[[int], Result]


@contextmanager
def beside(work: Work[Result], count: int) -> Iterator[Iterator[Result]]:
    """Do ``work(0)`` to ``work(count - 1)`` while the block runs, at most 255 of them, and give the results in order.

    Where no process may be forked, or only one core is there, work is done when its result is asked for. What has not
    begun when the block ends is not done.

    Raises:
        Exception: whatever the work raised, when its result is asked for.
    """
    if not pays():
        yield map(work, range(count))
        return
    tasks = _tasks(count)
    helpers = _helpers(work, tasks, min(MOST, cores(), count))
    try:
        yield _in_order(work, count, [helper.results for helper in helpers])
    finally:
        os.read(tasks, count)  # what nobody has begun
        os.close(tasks)
        for helper in helpers:
            helper.results.close()
            helper.process.join()


def pays() -> bool:
    """Whether processes may be forked here.

    Not beside the threads of a server, nor in a worker that may have no children; elsewhere than on Linux a forked
    process cannot be trusted, and one that is started would read all libraries again.
    """
    in_charge = threading.current_thread() is threading.main_thread() and not multiprocessing.current_process().daemon
    return sys.platform == "linux" and in_charge and cores() > 1


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


class Helper(NamedTuple):
    """A process, and the end of a pipe from which its results are read: (number, result or exception)."""

    process: Any
    results: Connection


def _tasks(count: int) -> int:
    """A pipe that holds the numbers of all tasks, a byte each; whoever is free reads the next until there is none."""
    tasks, feed = os.pipe()
    os.write(feed, bytes(range(count)))
    os.close(feed)
    return tasks


def _helpers(work: Work[Any], tasks: int, number: int) -> list[Helper]:
    """As many processes as the system has room for. They inherit the work, so that it need not be pickled."""
    context = multiprocessing.get_context("fork")
    helpers = []
    with suppress(OSError):
        for _ in range(number):
            results, answers = context.Pipe(duplex=False)
            with answers:
                process = context.Process(target=_help, args=(work, tasks, answers))
                process.start()
            helpers.append(Helper(process, results))
    return helpers


def _help(work: Work[Any], tasks: int, answers: Connection) -> None:
    """Do tasks until none is left, nobody listens any more, or one makes what cannot be sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that asked
    gc.freeze()  # the collector need not go through what was inherited, each page of which would have to be copied
    with suppress(OSError, PicklingError, TypeError, AttributeError):
        while task := os.read(tasks, 1):
            answers.send((task[0], _attempt(work, task[0])))


def _attempt(work: Work[Any], number: int) -> Any:
    try:
        return work(number)
    except Exception as error:  # noqa: BLE001 it is raised where the result is asked for
        return error


def _in_order(work: Work[Result], count: int, sources: list[Connection]) -> Iterator[Result]:
    """The results by number; what was lost with a process that died is done here."""
    done: dict[int, Any] = {}
    for number in range(count):
        while number not in done and sources:
            for source in cast(list[Connection], wait(sources)):
                try:
                    place, result = source.recv()
                    done[place] = result
                except (EOFError, OSError):
                    sources.remove(source)
        result = done.pop(number) if number in done else work(number)
        if isinstance(result, Exception):
            raise result
        yield result
