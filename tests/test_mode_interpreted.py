"""The tests of rules with the rules interpreted: they hold there too, and run nearly every line and branch."""

import json
from pathlib import Path

from rule_modes import RULE_TESTS, marks, run

LEAST = 0.95
"""Share of the lines, and of the branches, of ``sim/rules`` that the tests of rules run."""

pytestmark = marks


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
