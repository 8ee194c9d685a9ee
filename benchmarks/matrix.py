"""Which Python takes what: ``python3 -m benchmarks.matrix [PYTHON ...]`` (``make matrix``), a table in Markdown.

For each Python and each extra an environment with nothing but the wheel and the newest of what it asks for, and a small
piece of work in it, interpreted: what is looked at is what gets installed, not what is computed. Needs no more than a
Python; exits with 1 if a cell fails, whose last line is then told below the table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = (".pyenv/versions/*/bin/python3", ".local/share/uv/python/*/bin/python3")
"""Where others keep Pythons, below the home of the user."""
CORE = "core"
NOT_FOR_USE = ("all", "dev")
WORK = {
    CORE: """
        from subprocess import check_call
        for words in ("list", "check closure-now", "run baghdad-2020 --worlds 2 --set horizon=9 --out run",
                      "explain run --world 1", "sweep baghdad-2020 --vary us.red_line=1,2 --set horizon=9 --worlds 2"):
            check_call(["sim", *words.split()])
        from sim import CrisisModel
        CrisisModel("baghdad-2020").step()
    """,
    "analysis": """
        from subprocess import check_call
        short = "--set horizon=5 --worlds 2 --vary us.red_line --vary us.rationality"
        check_call(["sim", *f"sensitivity baghdad-2020 --method morris --trajectories 4 {short}".split()])
        import os
        del os.environ["NUMBA_DISABLE_JIT"]  # under which scoringrules cannot be imported
        from sim.analysis.adjust import adjusted
        from sim.analysis.scores import brier
        from ema_workbench.analysis import prim
        brier([0.5], [1])
        from sklearn.linear_model import Ridge
    """,
    "cluster": """
        from subprocess import check_call
        from distributed import LocalCluster
        if __name__ == "__main__":
            with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as made:
                words = "sweep baghdad-2020 --vary us.red_line=1,2 --set horizon=5 --worlds 2 --cluster"
                check_call(["sim", *words.split(), made.scheduler_address])
    """,
    "dashboard": """
        from sim.dashboard.serve import application
        import sim.dashboard.page
        application()
    """,
    "notebooks": """
        import jupyterlab
        import nbformat
        from nbclient import NotebookClient
        cell = nbformat.v4.new_code_cell("import sim; sim.load('baghdad-2020').horizon")
        NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
        assert cell["outputs"]
    """,
    "rl": """
        from sim.rl import parallel_env
        env = parallel_env("baghdad-2020", ["us"])
        env.reset()
        env.step({"us": 0})
    """,
    "docs": f"""
        from subprocess import check_call
        import sys
        site = sys.argv[1] + "/site"
        check_call([sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site], cwd={str(ROOT)!r})
    """,
}
"""A piece of work for each extra, run in its environment; the folder to work in is the argument."""


@dataclass(frozen=True)
class Trial:
    """What came of one cell: nothing, or the last line of what went wrong."""

    error: str = ""

    def __str__(self) -> str:
        return "fails" if self.error else "works"


def extras() -> list[str]:
    """The extras that users install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [name for name in project["optional-dependencies"] if name not in NOT_FOR_USE]


def pythons() -> dict[str, Path]:
    """Pythons that are new enough, by version: on the path, and where pyenv and uv keep them."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)]
    found = [path for folder in folders for path in folder.glob("python3.1[0-9]")]
    found += [path for place in PLACES for path in Path.home().glob(place)]
    versions = {version(path): path for path in reversed(found)}
    return {name: versions[name] for name in sorted(versions, key=_key) if name and _key(name) >= (3, 11)}


def version(python: Path) -> str:
    """Version of a Python, or nothing if it cannot make environments."""
    ask = "import ensurepip, platform, venv; print(platform.python_version())"
    done = subprocess.run([python, "-I", "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _key(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".")[:2] if part.isdigit())


def tried(python: Path, extra: str, wheel: Path) -> Trial:
    """Install the wheel with an extra into an empty environment, and do the work there."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        wanted = str(wheel) if extra == CORE else f"{wheel}[{extra}]"
        inside = folder / "venv" / "bin" / "python"
        work = folder / "work.py"
        work.write_text("\n".join(line.strip("\n")[8:] for line in WORK[extra].splitlines()), encoding="utf-8")
        for command in (
            [python, "-m", "venv", folder / "venv"],
            [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted],
            [inside, work, folder],
        ):
            done = subprocess.run(command, cwd=folder, env=_clean(folder), capture_output=True, text=True, check=False)
            if done.returncode:
                return Trial((done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1])
    return Trial()


def _clean(folder: Path) -> dict[str, str]:
    """An environment with nothing of a developer's, whose commands come first."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTP", "LANG"))}
    path = os.pathsep.join([str(folder / "venv" / "bin"), os.environ["PATH"]])
    return kept | {"PATH": path, "HOME": str(folder), "NUMBA_DISABLE_JIT": "1", "MPLBACKEND": "Agg"}


def table(results: dict[str, dict[str, Trial]]) -> str:
    """The results in Markdown, a row a Python, and below it what failed."""
    columns = list(next(iter(results.values())))
    lines = ["| Python | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    lines += [
        f"| {name} | " + " | ".join(str(row[column]) for column in columns) + " |" for name, row in results.items()
    ]
    failed = [
        f"- {name}, {column}: `{trial.error}`"
        for name, row in results.items()
        for column, trial in row.items()
        if trial.error
    ]
    return "\n".join([*lines, *([""] if failed else []), *failed])


def main(arguments: list[str]) -> int:
    """Try the Pythons that are named, or all there are, with the core and each extra."""
    named = {version(Path(name)): Path(name) for name in arguments} if arguments else pythons()
    results: dict[str, dict[str, Trial]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", scratch, str(ROOT)]
        subprocess.run(build, check=True)
        wheel = next(Path(scratch).glob("*.whl"))
        for name, python in named.items():
            results[name] = {}
            for extra in (CORE, *extras()):
                results[name][extra] = tried(python, extra, wheel)
                print(f"Python {name}, {extra}: {results[name][extra]}", file=sys.stderr, flush=True)
    print(table(results))
    return int(any(trial.error for row in results.values() for trial in row.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
