"""Fuzz the reading of scenarios: ``python -m benchmarks.fuzz --cases 100000``.

Every case goes through what `sim check` does and, when it loads, through a short run. Nothing but a scenario or one of
our own messages may come of it, in seconds and within a gigabyte, and no file may appear. Cases that break this are
kept in ``tests/regressions`` with the reason.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.grammar import case
from sim.errors import SimError

SECONDS = 60.0
BYTES = 1 << 30
REGRESSIONS = Path(__file__).parents[1] / "tests" / "regressions"
WORLDS = 2


class TooSlowError(Exception):
    """A case took too long."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer.

    Raises:
        TooSlowError: it did.
    """

    def ring(number: int, frame: object) -> None:
        raise TooSlowError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def limited_memory(more: int = BYTES) -> Iterator[None]:
    """Let the process take no more than so many bytes beyond what it has; no limit where the system has none."""
    try:
        import resource
    except ImportError:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    memory = Path("/proc/self/statm")
    pages = int(memory.read_text(encoding="ascii").split()[0]) if memory.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@cache
def compile_rules() -> None:
    """Live one world, so that no case is charged with the seconds and the memory that compiling takes."""
    from sim.drivers.ensemble import live_chunk
    from sim.scenario import load

    live_chunk(load("baghdad-2020"), 0, 1, "outcomes")


def judge(raw: bytes, folder: Path) -> tuple[str, str]:
    """What became of a case: "loaded", "refused" or "broken", and why it is broken.

    Args:
        raw: contents of the scenario file.
        folder: an empty folder, in which the file is written and nothing else may appear.
    """
    compile_rules()
    path = folder / "case.yaml"
    path.write_bytes(raw)
    try:
        with within(SECONDS), limited_memory():
            verdict = read_and_run(path)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever it is, it is the finding
        return "broken", f"{type(error).__name__}: {str(error)[:200]}"
    strays = sorted(each.name for each in folder.iterdir() if each != path)
    return ("broken", f"wrote {strays}") if strays else (verdict, "")


def read_and_run(path: Path) -> str:
    """Check a scenario as `sim check` does and live two worlds of it."""
    from sim.drivers.ensemble import chunks
    from sim.scenario import authoring, load

    try:
        scenario = load(path)
        authoring.describe(scenario)
    except SimError as refusal:
        if "Traceback" in str(refusal) or not str(refusal).strip():
            raise AssertionError(f"a poor message: {refusal!s:.100}") from None
        return "refused"
    try:
        for _ in chunks(scenario, WORLDS, "outcomes", threads=1):
            pass
    except SimError:
        return "refused"
    return "loaded"


def fuzz(seed: int, numbers: range, keep: Path | None = REGRESSIONS) -> tuple[Counter[str], list[str]]:
    """Judge many cases, and print what breaks as soon as it does: a run of an hour may not reach its end.

    Args:
        seed: seed of the cases.
        numbers: which of them.
        keep: folder for cases that break something, or None.

    Returns:
        How many loaded, were refused, were broken; and what broke.
    """
    found: Counter[str] = Counter()
    broken = []
    with tempfile.TemporaryDirectory() as top:
        for number in numbers:
            folder = Path(top) / "case"
            folder.mkdir(exist_ok=True)
            raw = case(seed, number)
            verdict, why = judge(raw, folder)
            found[verdict] += 1
            if verdict == "broken":
                broken.append(f"seed {seed}, case {number}: {why}")
                print(broken[-1], flush=True)
                if keep:
                    store(raw, why, keep)
                for each in folder.iterdir():
                    each.unlink()
    return found, broken


def store(raw: bytes, why: str, folder: Path) -> None:
    """Keep a case under a name made of its contents, the reason beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(raw).hexdigest()[:12]
    (folder / f"{name}.yaml").write_bytes(raw)
    (folder / f"{name}.txt").write_text(f"{why}\n", encoding="utf-8")


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Fuzz the reading of scenarios.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    given: Any = parser.parse_args()
    start = time.perf_counter()
    found, broken = fuzz(given.seed, range(given.first, given.first + given.cases))
    seconds = time.perf_counter() - start
    print(f"{dict(found)} in {seconds:.0f} s, {seconds / given.cases * 1000:.1f} ms a case")
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
