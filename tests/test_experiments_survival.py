"""What a sweep survives: kill -9 at any moment, a second process, a full disk, a folder that cannot be written."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweeps import contents, small

import sim
from sim.errors import InputError

SWEEP = """
import sys
from sweeps import small
small(__import__("pathlib").Path(sys.argv[1]), 60, part=20, depth="trace")
"""


def start(folder: Path, program: str = SWEEP) -> subprocess.Popen[str]:
    """The sweep of :func:`small` in a process of its own, in twelve parts."""
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent) + os.pathsep + str(Path(sim.__file__).parents[1])
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def parts(folder: Path) -> int:
    return len(list(folder.glob("outcomes/part-*.parquet")))


def wait_for(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Until a number of parts are there."""
    while parts(folder) < count and process.poll() is None:
        time.sleep(0.001)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("undisturbed") / "sweep"
    small(folder, 60, part=20, depth="trace")
    return contents(folder)


@pytest.mark.slow
def test_kill_9_at_any_moment_loses_no_finished_part(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    """Three kills: while the folder is begun, and at random moments while parts are written."""
    folder, luck = tmp_path / "killed", random.Random(20200928)
    kept = 0
    for after in (0, 3, 7):
        process = start(folder)
        wait_for(folder, after, process)
        time.sleep(luck.uniform(0, 0.05))
        process.kill()
        process.wait()
        assert parts(folder) >= kept, "a finished part was lost"
        kept = parts(folder)
    with pytest.raises(InputError, match=r"is unfinished|no sweep folder|not a sweep"):
        sim.open_run(folder)
    small(folder, 60, part=20, depth="trace")
    assert contents(folder) == undisturbed


@pytest.mark.slow
def test_second_process_says_so_and_stops(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    folder = tmp_path / "shared"
    first = start(folder)
    wait_for(folder, 1, first)
    with pytest.raises(InputError, match=f"is being written by process {first.pid}"):
        small(folder, 60, part=20, depth="trace")
    assert first.wait() == 0
    assert contents(folder) == undisturbed


LIMITED = """
import resource, sys
from pathlib import Path
from sim.errors import InputError
from sim.experiments.plan import SweepSettings, plan_of
from sim.experiments.resume import begin
from sweeps import SHORT, VARY, small

folder = Path(sys.argv[1])
folder.mkdir()
begin(folder, plan_of(SHORT, VARY, 60, SweepSettings("trace", part=20)))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    small(folder, 60, part=20, depth="trace")
except InputError as error:
    print(error)
    sys.exit(2)
"""


@pytest.mark.slow
def test_limit_on_the_size_of_files_is_told_and_resumed(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    """A limit that the system itself enforces, for any user."""
    folder = tmp_path / "limited"
    process = start(folder, LIMITED)
    said, wrong = process.communicate()
    assert process.returncode == 2, wrong
    assert "no space left" in said
    assert "run the same again" in said
    assert not list(folder.rglob("*.draft"))
    small(folder, 60, part=20, depth="trace")
    assert contents(folder) == undisturbed


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)  # a reader may still hold a file


def test_full_disk_is_told_and_resumed(tiny_disk: Path, undisturbed: dict[str, str]) -> None:
    folder = tiny_disk / "sweep"
    with pytest.raises(InputError, match=r"no space left.*make room and run the same again"):
        small(folder, 60, part=20, depth="trace")
    assert 0 < parts(folder) < 12
    assert not list(folder.rglob("*.draft"))
    subprocess.run(["mount", "-o", "remount,size=20m", tiny_disk], check=True)
    small(folder, 60, part=20, depth="trace")
    assert contents(folder) == undisturbed


def test_read_only_disk_is_told(tiny_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    with pytest.raises(InputError, match="not writable: Read-only file system"):
        small(tiny_disk / "sweep", 5)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_forbids_writing_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(InputError, match="not writable: Permission denied"):
        small(tmp_path / "closed" / "sweep", 5)


def test_finished_sweep_on_a_read_only_disk_is_opened(tiny_disk: Path) -> None:
    lived = small(tiny_disk / "sweep", 5).outcomes
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    assert small(tiny_disk / "sweep", 5).outcomes.equals(lived)


@pytest.mark.slow
def test_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    """Ctrl-C at the command line: exit code 130, and the same command goes on."""
    folder = tmp_path / "interrupted"
    command = [sys.executable, "-m", "sim", "sweep", "baghdad-2020", "--set", "horizon=12", "--worlds", "300"]
    command += ["--vary", "us.rationality=1:9:60", "--out", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(folder, 1, process)
    process.send_signal(2)
    _, said = process.communicate()
    assert process.returncode == 130
    assert said.strip().endswith("interrupted")
    assert parts(folder) >= 1
    assert "Traceback" not in said
