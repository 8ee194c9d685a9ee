"""Files that appear whole or not at all; one process at a time on a folder; how a sweep is cut into parts."""

import errno
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.experiments.files import arriving, keeping, sweep_away
from sim.experiments.layout import LEAST, MOST, Layout, usual_size
from sim.experiments.lock import locked


def test_file_arrives_whole(tmp_path: Path) -> None:
    with arriving(tmp_path / "a") as file:
        file.write(b"one")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_bytes() == b"one"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_file_that_fails_leaves_nothing_and_keeps_the_old(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def write() -> None:
        with arriving(tmp_path / "a") as file:
            file.write(b"new")
            raise error

    with pytest.raises(error):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_drafts_of_the_dead_are_swept_away(tmp_path: Path) -> None:
    (tmp_path / "outcomes").mkdir()
    stays = tmp_path / "outcomes" / "part.parquet"
    for path in (tmp_path / ".manifest.json.ab12.draft", tmp_path / "outcomes" / ".part.parquet.cd34.draft", stays):
        path.touch()
    sweep_away(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [stays]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "what is finished is kept: make room and run the same again"),
        (errno.EROFS, "not writable"),
        (errno.EIO, "what is finished is kept"),
    ],
)
def test_errors_of_the_disk_say_how_to_go_on(number: int, says: str) -> None:
    with pytest.raises(InputError, match=says), keeping(Path("x")):
        raise OSError(number, os.strerror(number))


HOLD = """
import sys, time
from contextlib import suppress
from pathlib import Path
from sim.experiments.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
FORKED = HOLD.replace("    print", "    import os\n    if os.fork() == 0:\n        time.sleep(60)\n    print")


@pytest.mark.parametrize("program", [HOLD, FORKED])
def test_lock_ends_with_its_process_even_by_kill_9(tmp_path: Path, program: str) -> None:
    """Also when a forked child, as a worker of a process pool is, lives on."""
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=f"being written by process {holder.pid}"), locked(tmp_path):
            pytest.fail("two held the lock")
        holder.kill()
        holder.wait()
        with locked(tmp_path):
            assert str(os.getpid()) in (tmp_path / ".lock").read_text()
        assert (tmp_path / ".lock").read_text() == ""
    finally:
        with suppress(ProcessLookupError):
            os.killpg(holder.pid, 9)


def test_lock_keeps_out_another_thread(tmp_path: Path) -> None:
    seen: list[str] = []

    def second() -> None:
        with pytest.raises(InputError, match="this one") as caught, locked(tmp_path):
            pass
        seen.append(str(caught.value))

    with locked(tmp_path):
        thread = Thread(target=second)
        thread.start()
        thread.join()
    assert len(seen) == 1
    with locked(tmp_path):
        pass


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 400))
def test_parts_hold_every_world_of_every_point_once_and_in_order(points: int, worlds: int, size: int) -> None:
    layout = Layout(points, worlds, size)
    slices = [piece for part in range(layout.parts) for piece in layout.slices(part)]
    numbers = [(piece.point, world) for piece in slices for world in range(piece.first, piece.first + piece.worlds)]
    assert numbers == [(point, world) for point in range(points) for world in range(worlds)]
    assert all(1 <= layout.rows(part) <= max(size, 1) for part in range(layout.parts))


def test_files_are_few_and_large() -> None:
    assert usual_size(4, 50, "outcomes") == LEAST
    assert Layout(1000, 1000, usual_size(1000, 1000, "outcomes")).parts <= 67
    huge = Layout(100, 1_000_000, usual_size(100, 1_000_000, "outcomes"))
    assert huge.size == MOST["outcomes"]
    assert huge.parts == 400
