"""Dask as the executor: the same bytes, also when a worker or the scheduler dies."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweeps import SHORT, VARY, contents, small

import sim
from sim.errors import InputError, MissingExtra, SimError
from sim.experiments import cluster as module
from sim.experiments.cluster import cluster

WORLDS, PART = 60, 20
"""Twelve parts."""


def dask(*words: str) -> subprocess.Popen[bytes]:
    """A scheduler or a worker in a process group of its own."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:], "--no-dashboard"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Machines:
    """A scheduler and two workers."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port))
        self.workers = [dask("worker", self.address, "--nthreads", "1") for _ in range(2)]

    def kill(self) -> None:
        for process in (self.scheduler, *self.workers):
            kill(process)


@pytest.fixture
def machines() -> Iterator[Machines]:
    pytest.importorskip("distributed")
    found = Machines()
    yield found
    found.kill()


def run(machines: Machines, folder: Path, disturb: object = None) -> None:
    """The sweep on the cluster; ``disturb`` is called once, when the first part is finished."""
    calls = [disturb] if disturb else []

    def progress(done: int, total: int) -> None:
        while calls:
            calls.pop()()

    with cluster(machines.address) as executor:
        sim.sweep(SHORT, VARY, WORLDS, folder, sim.SweepSettings("trace", part=PART, executor=executor), progress)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("alone") / "sweep"
    small(folder, WORLDS, part=PART, depth="trace")
    return contents(folder)


@pytest.mark.slow
def test_cluster_gives_the_bytes_of_no_cluster(machines: Machines, tmp_path: Path, alone: dict[str, str]) -> None:
    run(machines, tmp_path / "sweep")
    assert contents(tmp_path / "sweep") == alone


@pytest.mark.slow
def test_dead_worker_is_replaced(machines: Machines, tmp_path: Path, alone: dict[str, str]) -> None:
    run(machines, tmp_path / "sweep", lambda: kill(machines.workers[0]))
    assert contents(tmp_path / "sweep") == alone


@pytest.mark.slow
def test_lost_scheduler_leaves_a_folder_to_resume(machines: Machines, tmp_path: Path, alone: dict[str, str]) -> None:
    folder = tmp_path / "sweep"
    start = time.monotonic()
    with pytest.raises(SimError, match="run the same again"):
        run(machines, folder, lambda: kill(machines.scheduler))
    assert time.monotonic() - start < 120
    for worker in machines.workers:  # a worker that nobody heeds any more may still write its part: that is harmless
        kill(worker)
    assert list((folder / "outcomes").glob("*.parquet"))
    small(folder, WORLDS, part=PART, depth="trace")
    assert contents(folder) == alone


def test_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(module, "PATIENCE", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(InputError, match=f"no Dask scheduler answers at '{address}'"), cluster(address):
            pytest.fail("there is none")


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install .*\[cluster\]'"), cluster("tcp://127.0.0.1:9"):
        pytest.fail("Dask is not there")
