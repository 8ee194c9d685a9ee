"""Work in processes beside this one, where they pay."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

MOST = 4
Result = TypeVar("Result")
Work = Callable[[int], Result]


class _Inherited:
    """What a process is to do. It is inherited by the fork, so that it need not be pickled."""

    work: Work[Any]


@contextmanager
def beside(work: Work[Result], count: int) -> Iterator[Iterator[Result]]:
    """Do ``work(0)`` to ``work(count - 1)`` while the block runs, and give the results in this order.

    Where no process can be forked, or only one core is there, the work is done when a result is asked for. What has
    not begun when the block ends is not done.
    """
    started = _start(work, count)
    if started is None:
        yield map(work, range(count))
        return
    pool, futures = started
    try:
        yield (_result(future, work, place) for place, future in enumerate(futures))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start(work: Work[Result], count: int) -> tuple[ProcessPoolExecutor, list[Future[Result]]] | None:
    if not _pays():
        return None
    try:
        context = multiprocessing.get_context("fork")
        pool = ProcessPoolExecutor(min(MOST, _cores(), count), context, _inherit, (work,))
        return pool, [pool.submit(_do, place) for place in range(count)]
    except (OSError, ImportError, NotImplementedError):  # no room for a process, or a system without semaphores
        return None


def _pays() -> bool:
    """Whether processes may be forked here.

    Not beside the threads of a server, nor in a worker that may have no children; elsewhere than on Linux a forked
    process cannot be trusted, and a new one would read all libraries again.
    """
    in_charge = threading.current_thread() is threading.main_thread() and not multiprocessing.current_process().daemon
    return sys.platform == "linux" and in_charge and _cores() > 1


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _inherit(work: Work[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that asked
    _Inherited.work = work


def _do(place: int) -> Any:
    return _Inherited.work(place)


def _result(future: Future[Result], work: Work[Result], place: int) -> Result:
    """A result; what was lost with a process that died is done here."""
    try:
        return future.result()
    except BrokenProcessPool:
        return work(place)
