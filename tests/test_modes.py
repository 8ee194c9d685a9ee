"""The tests of single rules once more in two modes that no user runs: interpreted and covered, compiled and guarded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

ROOT = Path(__file__).parents[1]
RULE_TESTS = [*sorted(str(path) for path in ROOT.glob("tests/test_rules_*.py")), "tests/test_parliament.py"]
LEAST = 0.95
"""Share of the lines, and of the branches, of ``sim/rules`` that the tests of rules run."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(numba.config.DISABLE_JIT or numba.config.BOUNDSCHECK, reason="a mode within a mode"),
]


def run(arguments: list[str], settings: dict[str, str]) -> str:
    """Run the tests of rules in a process with other settings; returns its output."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
    usual = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(command, cwd=ROOT, env=usual | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_rules_interpreted_and_nearly_all_of_them(tmp_path: Path) -> None:
    """What Numba compiles is also plain Python; only then is it known which lines and branches ran."""
    report = tmp_path / "coverage.json"
    cover = ["--cov=sim.rules", "--cov-branch", f"--cov-report=json:{report}"]
    run(
        [*RULE_TESTS, "tests/test_traces.py", *cover],
        {"NUMBA_DISABLE_JIT": "1", "COVERAGE_FILE": str(tmp_path / "data")},
    )
    totals = json.loads(report.read_text())["totals"]
    assert totals["num_statements"] > 1000, "the rules have moved"
    assert totals["covered_lines"] >= LEAST * totals["num_statements"]
    assert totals["covered_branches"] >= LEAST * totals["num_branches"]


def test_no_rule_reads_or_writes_beyond_a_table(tmp_path: Path) -> None:
    """Compiled rules do not look where a table ends unless they are told to; these have a cache of their own."""
    out = run(
        [*RULE_TESTS, "-rs", "-m", "not slow"], {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    )
    assert "bounds are not watched" not in out
