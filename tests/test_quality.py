"""The house rules as tests: style, types, borders between the parts, size of functions, speed of the first import."""

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_BODY = 40  # lines without the docstring
HEAVY = {
    "SALib", "dask", "distributed", "ema_workbench", "matplotlib", "mesa",
    "numba", "pandas", "pyarrow", "scipy", "solara",
}  # fmt: skip

CHECKS = {
    "lint": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
    "borders": ["lint-imports", "--no-logo", "--no-cache"],
}
TRESPASSES = {
    "rules/trespass.py": "import mesa",
    "world/trespass.py": "import sim.scenario",
    "analysis/trespass.py": "import matplotlib.pyplot",
    "results/trespass.py": "import sim.plots",
}


def run_tool(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment, whether or not its folder is on the PATH."""
    tool = Path(sysconfig.get_path("scripts")) / command[0]
    return subprocess.run([tool, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("check", CHECKS)
def test_checker_is_content(check: str) -> None:
    done = run_tool(CHECKS[check], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("place", TRESPASSES)
def test_borders_are_guarded(place: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sim", tmp_path / "sim")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "sim" / place).write_text(f"{TRESPASSES[place]}\n")
    done = run_tool(CHECKS["borders"], tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "trespass" in done.stdout


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the package, with the place where it stands."""
    for path in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    has_docstring = ast.get_docstring(function) is not None and len(function.body) > 1
    first = function.body[1] if has_docstring else function.body[0]
    return (function.end_lineno or first.lineno) - first.lineno + 1


def test_no_function_is_too_long_to_read() -> None:
    lengths = {place: body_length(function) for place, function in functions()}
    assert lengths, "no function found: the package has moved"
    assert {place: length for place, length in lengths.items() if length > LONGEST_BODY} == {}


def test_no_signature_hides_its_arguments() -> None:
    assert [place for place, function in functions() if function.args.kwarg] == []


@pytest.mark.parametrize("module", ["sim", "sim.cli"])
def test_import_is_light(module: str) -> None:
    """`import sim` and `sim --help` answer at once, so what is slow to import comes later."""
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert HEAVY.intersection(loaded) == set()


def test_a_run_without_a_folder_draws_nothing_and_loads_no_compiler() -> None:
    """Compiled rules are loaded without what Numba reads to compile, which takes longer than many worlds."""
    code = "import json, sys, sim; sim.run('baghdad-2020', 2).summary(); print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", code]
    subprocess.run(command, capture_output=True, check=True)  # compiled from here on
    loaded = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert {"matplotlib", "scipy.linalg", "scipy.special", "numba.np.linalg"}.intersection(loaded) == set()


def test_wheel_carries_scenarios_and_data(tmp_path: Path) -> None:
    """Whoever installs the package can run the shipped scenarios from any folder."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    scenarios = {f"sim/shipped_scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.yaml")}
    data = {f"sim/data/{path.name}" for path in (ROOT / "sim" / "data").glob("*.csv")}
    assert "sim/shipped_scenarios/baghdad-2020.yaml" in packed
    assert scenarios | data | {"sim/py.typed"} <= packed
