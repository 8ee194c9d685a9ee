"""A plain installation, with the newest dependencies and nothing of this environment, runs what the README says.

On the newest other Python that the machine has, where a dependency may be newer than this Python can have.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow
OLDEST = (3, 11)
PLACES = (".pyenv/versions/*/bin", ".local/share/uv/python/*/bin")
"""Where others keep Pythons, below the home of the user."""
COMMANDS = (
    ["list"],
    ["check", "closure-now"],
    ["run", "baghdad-2020", "--worlds", "3", "--out", "run"],
    ["explain", "run", "--world", "1"],
    ["explain", "run", "--pick", "representative"],
    ["compare", "baghdad-2020", "closure-now", "--set", "horizon=20", "--worlds", "3"],
    ["sweep", "baghdad-2020", "--vary", "us.red_line=1,2", "--worlds", "2"],
    ["play", "baghdad-2020", "--as", "us", "--script", "quit.txt", "--world", "1", "--compare", "2"],
    ["parameters", "iran_control"],
    ["actions", "salvo"],
)
MODEL = "from sim import CrisisModel; model = CrisisModel('baghdad-2020'); model.step(); print(model.steps)"


def version_of(python: Path) -> tuple[int, ...]:
    """Version of a Python, or nothing if it does not answer or has no venv and pip."""
    ask = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
    try:
        said = subprocess.run([python, "-I", "-c", ask], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in said.split())


def newest_python() -> Path:
    """The newest Python on the path or where pyenv and uv keep them; this one if there is no other."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)]
    folders += [folder for place in PLACES for folder in sorted(Path.home().glob(place))]
    found = {path.resolve(): path for folder in folders for path in folder.glob("python3.??")}
    versions = {version_of(path): path for path in found.values()}
    return versions[max(versions)] if max(versions, default=()) > sys.version_info[:2] else Path(sys.executable)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an environment with nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("plain")
    subprocess.run([newest_python(), "-m", "venv", folder], check=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    wheel = next((folder / "dist").glob("*.whl"))
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode and ("ConnectionError" in done.stderr or "NewConnectionError" in done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    (folder / "quit.txt").write_text("quit\n", encoding="utf-8")
    return folder


def call(folder: Path, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment, with the rules interpreted: what is looked at is what must be installed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "NUMBA_DISABLE_JIT": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_run_after_a_plain_installation(installed: Path, command: list[str]) -> None:
    done = call(installed, [installed / "bin" / "sim", *command])
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_mesa_model_runs_after_a_plain_installation(installed: Path) -> None:
    done = call(installed, [installed / "bin" / "python", "-c", MODEL])
    assert (done.stdout.split()[-1:], done.stderr) == (["1"], ""), done.stderr
