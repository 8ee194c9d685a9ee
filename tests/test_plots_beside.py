"""Figures are drawn beside the program: in order, errors told where they are asked for, nothing lost or left behind."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.plots import beside
from sim.plots.beside import Work

forks = pytest.mark.skipif(not beside.pays(), reason="needs Linux and two cores")


def all_of(work: Work[Any], count: int) -> list[Any]:
    with beside.beside(work, count) as results:
        return list(results)


def alone(_place: int) -> int:
    return os.getpid()


def test_results_come_in_the_order_of_their_numbers() -> None:
    def slow_first(number: int) -> int:
        time.sleep(0.2 if number == 0 else 0.0)
        return number * number

    assert all_of(slow_first, 9) == [number * number for number in range(9)]


@forks
def test_work_is_done_by_other_processes() -> None:
    assert os.getpid() not in all_of(alone, 4)


def test_work_need_not_be_pickled() -> None:
    lock = threading.Lock()
    assert all_of(lambda number: (number, lock.locked()), 2) == [(0, False), (1, False)]


def test_an_error_is_raised_where_its_result_is_asked_for() -> None:
    def third_fails(number: int) -> int:
        if number == 2:
            raise OSError(28, "No space left on device")
        return number

    with beside.beside(third_fails, 5) as results:
        assert [next(results), next(results)] == [0, 1]
        with pytest.raises(OSError, match="No space left") as told:
            next(results)
    assert told.value.errno == 28


@forks
def test_what_a_process_took_to_its_grave_is_done_here() -> None:
    parent = os.getpid()

    def dies(number: int) -> int:
        if number == 1 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert all_of(dies, 4) == [0, 1, 2, 3]


def test_a_result_that_cannot_be_sent_is_made_here() -> None:
    assert [made() for made in all_of(lambda number: lambda: number, 3)] == [0, 1, 2]


@forks
def test_what_has_not_begun_is_dropped_with_the_block(tmp_path: Path) -> None:
    def mark(number: int) -> None:
        (tmp_path / str(number)).touch()
        time.sleep(0.2)

    with pytest.raises(KeyboardInterrupt), beside.beside(mark, 50):
        raise KeyboardInterrupt
    assert len(list(tmp_path.iterdir())) < 50
    assert not multiprocessing.active_children()


def in_a_thread() -> list[int]:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.extend(all_of(alone, 2)))
    thread.start()
    thread.join()
    return found


def one_core(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(beside, "cores", lambda: 1)
    return all_of(alone, 2)


def may_have_no_children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(multiprocessing.current_process(), "_config", {"daemon": True})
    return all_of(alone, 2)


def no_room(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    return all_of(alone, 2)


@pytest.mark.parametrize(
    "where",
    [lambda _: in_a_thread(), one_core, may_have_no_children, no_room],
    ids=["thread", "core", "daemon", "full"],
)
def test_where_no_process_may_be_forked_the_work_is_done_here(
    where: Callable[[pytest.MonkeyPatch], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert where(monkeypatch) == [os.getpid()] * 2
