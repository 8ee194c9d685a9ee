"""Kill a sweep again and again and resume it: ``python -m benchmarks.survival [kills] [seed]``.

Each time the sweep runs in a process group of its own that is killed (``kill -9``) at a random moment: while it begins,
lives worlds, writes, or finishes. Its folder must end as the same bytes as that of a sweep left alone.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KILLS = 20
SEED = 20200928
PROGRAM = """
import sys
import sim
vary = {"us.rationality": "2:10:9", "us.mindset": "default,washington-max-pressure"}
settings = sim.SweepSettings(depth="trace", part=50)
sim.sweep("baghdad-2020", vary, 200, sys.argv[1], settings)
"""


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, folder], start_new_session=True)


def parts(folder: Path) -> int:
    return len(list(folder.glob("outcomes/part-*.parquet")))


def wait(folder: Path, target: int, process: subprocess.Popen[bytes]) -> None:
    """Until a number of parts are there, or the process has ended."""
    while parts(folder) < target and process.poll() is None:
        time.sleep(0.0005)


def kill(folder: Path, early: float, luck: random.Random) -> tuple[int, bool]:
    """Start or resume the sweep and kill it; how many parts are there then, and whether it was still at work.

    Kills strike within the first ``early`` seconds, also while nothing has been written, or, where that is 0, shortly
    after one to three more parts have appeared.
    """
    there = parts(folder)
    process = start(folder)
    if early:
        time.sleep(luck.uniform(0.0, early))
    else:
        wait(folder, there + luck.randint(1, 3), process)
        time.sleep(luck.uniform(0.0, 0.1))
    hit = process.poll() is None
    if hit:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return parts(folder), hit


def main(arguments: list[str]) -> int:
    """Compare the folder of a sweep that was killed again and again with that of one left alone; 0 when they agree."""
    kills, seed = (int(arguments[k]) if len(arguments) > k else default for k, default in enumerate((KILLS, SEED)))
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as base:
        alone, killed = Path(base) / "alone", Path(base) / "killed"
        begun = time.monotonic()
        process = start(alone)
        wait(alone, 1, process)
        first_part = time.monotonic() - begun
        process.wait()
        total = parts(alone)
        hits = 0
        for number in range(kills):
            there, hit = kill(killed, 1.1 * first_part if number % 4 == 0 else 0.0, luck)
            hits += hit
            print(f"kill {number + 1:2}: {there} of {total} parts {'' if hit else '(had finished)'}", flush=True)
        start(killed).wait()
        same = contents(alone) == contents(killed)
    print(f"{hits} of {kills} kills hit; {total} parts; bytes {'the same' if same else 'DIFFER'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
