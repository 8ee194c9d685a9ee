"""Whatever the surroundings do: results stay the same, a refusal is one line, nothing finished is lost."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest
from test_cache import PROGRAM, compiled
from test_cache import kept as kept  # noqa: PLC0414 a fixture: compiled rules in the home of the test
from test_cache import package as package  # noqa: PLC0414 a fixture: a copy of the package
from test_cache import run as run_copy
from test_cache import stock as stock  # noqa: PLC0414 a fixture: rules compiled once

import sim
from sim.compiled import CACHE
from sim.results.folder import is_run

ROOT = Path(__file__).parents[1]
LIVE = [sys.executable, "-m", "sim", "run", "baghdad-2020", "--worlds", "20", "--depth", "outcomes"]
CLOSED = ["bash", "-c", 'exec "$@" <&- >&- 2>&-', "bash"]
SPARSE = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(CACHE.parents[1])}
"""An environment with next to nothing in it, yet with the rules that are compiled already."""
NARROW = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SURROUNDINGS = {
    "no home, no terminal, no locale": {},
    "home that does not exist": {"HOME": "/proc/no/such/home"},
    "home that is a file": {"HOME": "/dev/null"},
    "locale of ASCII": NARROW,
    "locale with a decimal comma": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "locale that does not exist": {"LC_ALL": "xx_XX.UTF-8"},
    "day ahead of Greenwich": {"TZ": "Pacific/Kiritimati"},
    "time zone that does not exist": {"TZ": "Nowhere/At_All"},
}
pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="starts the program many times, too slow interpreted")


def live(out: Path, more: dict[str, str] | None = None, wrap: list[str] | None = None) -> tuple[int, str, str]:
    """Live twenty worlds in a process without a terminal; exit code, output and errors."""
    command, environment = [*(wrap or []), *LIVE, "--out", str(out)], SPARSE | (more or {})
    place = {"cwd": out.parent, "stdin": subprocess.DEVNULL, "start_new_session": True}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, **place)  # type: ignore[call-overload]
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def outcomes(folder: Path) -> str:
    return hashlib.sha256((folder / "outcomes.parquet").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    assert live(folder)[0] == 0
    return outcomes(folder)


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_surroundings_change_no_result(name: str, tmp_path: Path, undisturbed: str) -> None:
    code, said, wrong = live(tmp_path / "run", SURROUNDINGS[name])
    assert (code, "Traceback" in wrong) == (0, False), wrong
    assert "report.html" in said
    assert outcomes(tmp_path / "run") == undisturbed


def test_closed_streams_change_no_result(tmp_path: Path, undisturbed: str) -> None:
    """As a daemon is started; a file that is opened must not be taken for the output."""
    assert live(tmp_path / "run", wrap=CLOSED)[0] == 0
    assert outcomes(tmp_path / "run") == undisturbed


def test_a_path_may_have_spaces_and_any_letter(tmp_path: Path, undisturbed: str) -> None:
    folder = tmp_path / "Größe — Ж 日本 'x' $HOME %d"
    folder.mkdir()
    code, _, wrong = live(folder / "Lauf 1")
    assert code == 0, wrong
    assert outcomes(folder / "Lauf 1") == undisturbed
    assert sim.open_run(folder / "Lauf 1").worlds == 20


def test_a_path_that_the_locale_cannot_write_is_refused_in_a_line(tmp_path: Path) -> None:
    code, said, wrong = live(tmp_path / "Größe", NARROW)
    assert (code, said) == (2, "")
    assert wrong == "a path has letters that this locale (ascii) lacks: set PYTHONUTF8=1\n"
    assert list(tmp_path.iterdir()) == []


def test_two_runs_at_once_into_one_folder(tmp_path: Path, undisturbed: str) -> None:
    """Whoever is second keeps the first one's run, and says so."""
    command = [*LIVE, "--out", str(tmp_path / "run")]
    pair = [subprocess.Popen(command, env=SPARSE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for _ in range(2)]
    wrong = [process.communicate()[1].decode() for process in pair]
    assert sorted(process.returncode for process in pair) == [0, 2], wrong
    assert "holds a finished run; name another folder" in "".join(wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert outcomes(tmp_path / "run") == undisturbed


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_run_killed_at_any_moment_never_looks_finished(number: int, tmp_path: Path, undisturbed: str) -> None:
    process = subprocess.Popen([*LIVE, "--out", str(tmp_path / "run")], env=SPARSE, stdout=subprocess.DEVNULL)
    while process.poll() is None and not any(tmp_path.iterdir()):
        time.sleep(0.001)
    time.sleep(random.Random(number).uniform(0, 0.2))
    process.send_signal(number)
    status = process.wait()
    assert status in (-number, 0)  # 0: it was finished by then
    assert [is_run(path) for path in tmp_path.iterdir() if is_run(path)] == [True] * (status == 0)
    assert status == 0 or live(tmp_path / "run")[0] == 0
    assert outcomes(tmp_path / "run") == undisturbed


@pytest.mark.slow
def test_killed_while_it_compiles(package: Path, tmp_path: Path, stock: tuple[Path, str, float]) -> None:
    """What is half compiled is compiled again, not believed."""
    expected = stock[2]
    home = tmp_path / "killed"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(package.parent)}
    for files in (0, 1, 2):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.DEVNULL)
        while process.poll() is None and len(compiled(home)) < files:
            time.sleep(0.001)
        process.kill()
        process.wait()
    assert run_copy(package, home)[1] == expected


@pytest.mark.slow
@pytest.mark.parametrize("year", [1980, 2099])
def test_a_clock_that_was_moved_spoils_no_compiled_rule(
    package: Path, tmp_path: Path, kept: tuple[Path, float], year: int
) -> None:
    """Sources and compiled rules that seem to come from long ago or from the future."""
    folder, expected = kept
    moment = time.mktime((year, 1, 2, 0, 0, 0, 0, 0, 0))
    for path in [*package.rglob("*.py"), *compiled(folder)]:
        os.utime(path, (moment, moment))
    assert run_copy(package, tmp_path) == (folder, expected, "")
