"""The cache of compiled rules cannot lie, and works wherever there is a folder to write to."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = """
import numpy as np
from sim.compiled import CACHE
from sim.rules.perceive import shift_resolve
from sim.world.records import ACTOR, PARAMETER, Crisis

p, actors = np.zeros(1, PARAMETER), np.zeros(1, ACTOR)
p["signals_weight"], actors["us_resolve"], actors["us_credibility"] = 1.0, 0.5, 1.0
shift_resolve(Crisis(p[0], None, None, None, None, actors), 0, 1.0)
print(CACHE, actors["us_resolve"].item())
"""
"""Calls a rule of one file that calls rules of another; numbers in, number out."""

COMPILING = "Compiling the rules"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """A copy of the package, which may become read-only during the test."""
    ignore = shutil.ignore_patterns("__pycache__")
    copy = shutil.copytree(ROOT / "sim", tmp_path / "copy of sim" / "sim", ignore=ignore)
    yield copy
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def run(package: Path, home: Path | None, **variables: str) -> tuple[Path, float, str]:
    """Run the program with this package in a fresh process; its cache folder, its number and what it said."""
    kept = {
        key: value for key, value in os.environ.items() if key not in {"HOME", "XDG_CACHE_HOME", "NUMBA_DISABLE_JIT"}
    }
    told = {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    environment = kept | told | ({"HOME": str(home)} if home else {})
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=package.parents[1])
    folder, _, number = done.stdout.strip().rpartition(" ")
    return Path(folder), float(number), done.stderr


def compiled(folder: Path) -> dict[Path, int]:
    """What the cache holds of compiled code, with the time it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.nbc")}


def test_an_edited_rule_is_compiled_again(package: Path, tmp_path: Path) -> None:
    """The edit is in another file than the rule that is called, which is what Numba itself does not notice."""
    rule = package / "rules" / "luck.py"
    source = rule.read_text(encoding="utf-8")
    first, before, said = run(package, tmp_path)
    assert COMPILING in said
    stock = compiled(first)
    assert stock
    assert run(package, tmp_path) == (first, before, "")
    assert compiled(first) == stock  # the second time nothing was compiled
    edited = source.replace("1.0 / (1.0 + math.exp(-x))", "0.5 / (1.0 + math.exp(-x))")
    assert edited != source
    rule.write_text(edited, encoding="utf-8")
    second, after, _ = run(package, tmp_path)
    assert after == pytest.approx(0.5 * before)
    assert second != first
    rule.write_text(source, encoding="utf-8")
    assert run(package, tmp_path) == (first, before, "")


def test_the_package_folder_may_be_read_only(package: Path, tmp_path: Path) -> None:
    before = sorted(package.rglob("*"))
    for path in [*before, package]:
        path.chmod(path.stat().st_mode & ~0o222)
    folder, _, _ = run(package, tmp_path)
    assert compiled(folder)
    assert folder.is_relative_to(tmp_path / ".cache")
    assert sorted(package.rglob("*")) == before


@pytest.mark.parametrize("home", ["a file", "missing and not to be made", None])
def test_without_a_home_the_temporary_folder_serves(package: Path, tmp_path: Path, home: str | None) -> None:
    """A file where the home should be keeps out even an administrator, for whom no folder is read-only."""
    (tmp_path / "a file").write_text("not a folder")
    place = tmp_path / "a file" if home == "a file" else Path("/proc/no/such/home")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    given = {"TMPDIR": str(temporary)} | ({} if home else {"XDG_CACHE_HOME": str(tmp_path / "a file")})
    folder, _, _ = run(package, place if home else None, **given)
    assert folder.is_relative_to(temporary)
    assert compiled(folder)


def test_the_cache_of_the_user_is_preferred(package: Path, tmp_path: Path) -> None:
    folder, _, _ = run(package, tmp_path, XDG_CACHE_HOME=str(tmp_path / "caches"))
    assert folder.is_relative_to(tmp_path / "caches" / "escalation-sim")


def test_a_second_installation_shares_what_was_compiled(package: Path, tmp_path: Path) -> None:
    first, before, _ = run(package, tmp_path)
    stock = compiled(first)
    second = shutil.copytree(package, tmp_path / "second" / "sim")
    assert run(second, tmp_path) == (first, before, "")
    assert compiled(first) == stock


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
@pytest.mark.parametrize("damage", ["empty", "cut short", "a byte changed", "gone"])
def test_a_damaged_file_is_compiled_anew(package: Path, tmp_path: Path, kind: str, damage: str) -> None:
    folder, before, _ = run(package, tmp_path)
    for path in folder.rglob(kind):
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            middle = len(content) // 2
            changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            path.write_bytes({"empty": b"", "cut short": content[:middle], "a byte changed": changed}[damage])
    _, again, said = run(package, tmp_path)
    assert (again, said.count(COMPILING)) == (before, 1)
    assert run(package, tmp_path) == (folder, before, "")


def test_rules_that_cannot_be_kept_are_used_all_the_same(package: Path, tmp_path: Path) -> None:
    """A file where the folder of one room of rules should be: the same error as a full disk gives."""
    folder, before, _ = run(package, tmp_path)
    shutil.rmtree(folder / "rules")
    (folder / "rules").write_text("in the way")
    _, again, said = run(package, tmp_path)
    assert again == before
    assert said.count("cannot be kept") == 1


def test_interpreted_rules_say_nothing_of_a_compiler(package: Path, tmp_path: Path) -> None:
    _, _, said = run(package, tmp_path, NUMBA_DISABLE_JIT="1")
    assert said == ""


def test_the_cache_of_the_users_own_functions_is_left_alone(package: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    own = "import numba, os, sim.compiled; print(numba.config.CACHE_DIR, os.environ['NUMBA_CACHE_DIR'])"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "mine"), "PYTHONPATH": str(package.parent)}
    said = subprocess.run([sys.executable, "-c", own], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(tmp_path / "mine")] * 2
