"""The tests of rules compiled with a guard at the ends of every table."""

from pathlib import Path

from rule_modes import RULE_TESTS, marks, run

pytestmark = marks


def test_no_rule_reads_or_writes_beyond_a_table(tmp_path: Path) -> None:
    """Compiled rules do not look where a table ends unless they are told to; these have a cache of their own."""
    out = run(
        [*RULE_TESTS, "-rs", "-m", "not slow"], {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    )
    assert "bounds are not watched" not in out
