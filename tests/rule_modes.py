"""The tests of single rules once more, in a process of their own and a mode that no user runs."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

ROOT = Path(__file__).parents[1]
RULE_TESTS = [*sorted(str(path) for path in ROOT.glob("tests/test_rules_*.py")), "tests/test_parliament.py"]

marks = [
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
