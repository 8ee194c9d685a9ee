"""Measuring: medians of several runs, and what was measured on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("numpy", "numba", "llvmlite", "mesa")


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        name: what was measured.
        value: median, in ``unit``.
        unit: unit in words.
        runs: number of runs the median is of.
        ratio: what it comes to against the other side of the comparison, in words; empty where there is none.
        reach: what was aimed at, in words; empty where nothing was.
        reached: whether it was; None where nothing was aimed at.
    """

    name: str
    value: float
    unit: str
    runs: int
    ratio: str = ""
    reach: str = ""
    reached: bool | None = None


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], runs: int) -> float:
    """Median seconds over several runs."""
    return statistics.median(timed(work) for _ in range(runs))


def alternating(one: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median seconds of two pieces of work in turns, so that a busy moment of the machine strikes both."""
    pairs = [(timed(one), timed(other)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def child(code: str, **variables: str) -> str:
    """What a fresh Python process prints.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    return program([sys.executable, "-c", code], **variables)


def program(command: list[str], **variables: str) -> str:
    """What a program prints.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[:3]} failed: {done.stderr[-2000:]}")
    return done.stdout


def machine() -> dict[str, str]:
    """Processor, cores, load, system and versions."""
    facts = {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
    }
    return facts | {package: version(package) for package in PACKAGES}


def processor() -> str:
    """Name of the processor."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
