"""The core runs without any extra, and says which one to install where one is needed."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EXTRAS = {
    "analysis": ["SALib", "ema_workbench", "sklearn", "scoringrules"],
    "cluster": ["dask", "distributed"],
    "dashboard": ["solara", "solara_assets", "ipyvuetify", "reacton", "uvicorn", "starlette"],
    "notebooks": ["nbclient", "nbformat", "ipykernel", "jupyterlab"],
    "rl": ["pettingzoo", "gymnasium"],
    "docs": ["mkdocs", "material", "mkdocstrings"],
}
"""What each extra brings, by the names under which it is imported."""
PROGRAM = """
import json, sys
from sim import cli
from sim.errors import SimError

class Absent:
    names = json.loads(sys.argv[1])

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
try:
    exec(sys.argv[2])
except SimError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""
CALL = "sys.argv = ['sim', *{!r}]; cli.main()"
SENSITIVITY = ["sensitivity", "baghdad-2020", "--vary", "us.*", "--method", "morris", "--worlds", "2"]
NEEDS = {
    "analysis-morris": (CALL.format(SENSITIVITY), "SALib"),
    "analysis-prim": ("from sim.analysis.prim import peel; peel(None)", "ema_workbench"),
    "analysis-scores": ("from sim.analysis.scores import brier; brier([0.5], [1])", "scoringrules"),
    "cluster": ("from sim.experiments.cluster import cluster\nwith cluster('tcp://127.0.0.1:1'): pass", "distributed"),
    "dashboard": (CALL.format(["dashboard"]), "uvicorn"),
    "notebooks": ("from docs.execute import main; main(['01'])", "nbformat"),
    "rl": ("from sim.rl import parallel_env; parallel_env()", "pettingzoo"),
}
"""Something that needs the extra, and the module it then names."""
CORE = [
    ["check", "closure-now"],
    ["run", "baghdad-2020", "--worlds", "20", "--out", "run"],
    ["explain", "run", "--world", "3"],
    ["compare", "baghdad-2020", "closure-now", "--worlds", "20", "--out", "compared"],
    ["sweep", "baghdad-2020", "--vary", "us.red_line=1,2", "--worlds", "20", "--out", "swept"],
]


def without(modules: list[str], program: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program in a process in which some modules are not to be had."""
    command = [sys.executable, "-c", PROGRAM, json.dumps(modules), program]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_extra_is_looked_at() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(extras) - {"all", "dev"}
    assert {name.partition("-")[0] for name in NEEDS} == set(EXTRAS) - {"docs"}  # the site is built by mkdocs itself


@pytest.mark.parametrize("case", NEEDS)
def test_a_missing_extra_is_named(case: str) -> None:
    program, module = NEEDS[case]
    extra = case.partition("-")[0]
    done = without(EXTRAS[extra], program)
    assert done.returncode != 0
    assert f"pip install -e '{ROOT}[{extra}]'" in done.stderr
    assert f"'{module}" in done.stderr
    assert "Traceback" not in done.stderr


IDLE = """
import sim.drivers.ensemble as ensemble

def live(*_, **__):
    raise AssertionError("worlds are lived before the extra is looked for")

ensemble.live_chunk = ensemble.live_tables = ensemble.chunks = ensemble.live_share = live
"""
"""No world can be lived after this."""
BEFORE = {
    "sensitivity": ["sensitivity", "baghdad-2020"],
    "sensitivity --method sobol": ["sensitivity", "baghdad-2020", "--method", "sobol", "--vary", "us.red_line"],
    "discover": ["discover", "baghdad-2020", "us_struck"],
    "calibrate": ["calibrate", "--quick"],
    "backtest": ["backtest", "--quick"],
    "validate": ["validate", "--quick", "--out", "page"],
    "dashboard": ["dashboard"],
    "sweep --cluster": ["sweep", "baghdad-2020", "--vary", "us.red_line=1,2", "--cluster", "tcp://127.0.0.1:1"],
}
"""Commands that need an extra, as they are called."""
NEED_NONE = {
    "actions", "cache", "check", "compare", "compare-rules", "explain", "follow", "list", "new", "parameters", "play",
    "run", "schema", "sweep", "uncertainty",
}  # fmt: skip
ALL_EXTRAS = [module for modules in EXTRAS.values() for module in modules]


def test_every_command_is_known_to_need_an_extra_or_none() -> None:
    from typer.main import get_command

    from sim.cli import app

    group: Any = get_command(app)
    assert set(group.commands) == NEED_NONE | {name.partition(" ")[0] for name in BEFORE}


@pytest.mark.parametrize("case", BEFORE)
def test_a_missing_extra_is_said_before_the_work(case: str, tmp_path: Path) -> None:
    done = without(ALL_EXTRAS, IDLE + CALL.format(BEFORE[case]), tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "which is not installed: pip install" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", ["sklearn", "scoringrules"])
@pytest.mark.parametrize("case", ["backtest", "validate"])
def test_all_of_an_extra_is_looked_for(case: str, module: str, tmp_path: Path) -> None:
    done = without([module], IDLE + CALL.format(BEFORE[case]), tmp_path)
    assert done.returncode == 2
    assert f"this needs '{module}'" in done.stderr


def test_the_core_needs_no_extra(tmp_path: Path) -> None:
    guarded = "try:\n    {}\nexcept SystemExit as end:\n    assert not end.code"
    done = without(ALL_EXTRAS, "\n".join(guarded.format(CALL.format(each)) for each in CORE), tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"run", "compared", "swept"}
