"""The cache of compiled rules cannot lie, and works wherever there is a folder to write to."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numba
import pytest
from typer.testing import CliRunner, Result

from sim import rule_cache, rule_folders
from sim.cli import app
from sim.rule_files import RuleLocator

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


def copied(folder: Path) -> Path:
    """A copy of the package in a folder."""
    return shutil.copytree(ROOT / "sim", folder / "copy of sim" / "sim", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """A copy of the package, which may become read-only during the test."""
    copy = copied(tmp_path)
    yield copy
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def run(package: Path, home: Path | None, first: str = "", **variables: str) -> tuple[Path, float, str]:
    """Run the program with this package in a fresh process; its cache folder, its number and what it said.

    What stands in ``first`` is done before the package is imported.
    """
    kept = {
        key: value for key, value in os.environ.items() if key not in {"HOME", "XDG_CACHE_HOME", "NUMBA_DISABLE_JIT"}
    }
    told = {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    environment = kept | told | ({"HOME": str(home)} if home else {})
    command = [sys.executable, "-c", first + PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=package.parents[1])
    folder, _, number = done.stdout.strip().rpartition(" ")
    return Path(folder), float(number), done.stderr


def compiled(folder: Path) -> dict[Path, int]:
    """What the cache holds of compiled code, with the time it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.nbc")}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, float]:
    """A home in which the rules of the program were compiled, the name of their folder, and the program's number."""
    home = tmp_path_factory.mktemp("stock")
    folder, number, said = run(copied(home), home)
    assert COMPILING in said
    return home, folder.name, number


@pytest.fixture
def kept(stock: tuple[Path, str, float], tmp_path: Path) -> tuple[Path, float]:
    """What :func:`run` gives with ``tmp_path`` as home, which holds a copy of rules that were compiled before."""
    home, name, number = stock
    shutil.copytree(home / ".cache", tmp_path / ".cache")
    folder = tmp_path / ".cache" / "escalation-sim" / name
    assert compiled(folder)
    return folder, number


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


def test_a_second_installation_shares_what_was_compiled(
    package: Path, tmp_path: Path, kept: tuple[Path, float]
) -> None:
    first, before = kept
    assert run(package, tmp_path) == (first, before, "")
    stock = compiled(first)
    second = shutil.copytree(package, tmp_path / "second" / "sim")
    assert run(second, tmp_path) == (first, before, "")
    assert compiled(first) == stock


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
@pytest.mark.parametrize("damage", ["empty", "cut short", "a byte changed", "gone"])
def test_a_damaged_file_is_compiled_anew(
    package: Path, tmp_path: Path, kept: tuple[Path, float], kind: str, damage: str
) -> None:
    folder, before = kept
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


def test_rules_that_cannot_be_kept_are_used_all_the_same(
    package: Path, tmp_path: Path, kept: tuple[Path, float]
) -> None:
    """A file where the folder of one room of rules should be: the same error as a full disk gives."""
    folder, before = kept
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


@pytest.mark.parametrize("name", ["_CacheLocator", "IndexDataCacheFile", "Cache"])
def test_another_numba_costs_time_and_breaks_nothing(
    package: Path, tmp_path: Path, stock: tuple[Path, str, float], name: str
) -> None:
    """One without the private classes that the cache is built on: rules are compiled each time, which is said once."""
    before = stock[2]
    folder, again, said = run(package, tmp_path / "other", f"import numba.core.caching as c; del c.{name}\n")
    assert again == before
    assert said.count("rules are compiled each time") == 1
    assert "Traceback" not in said
    assert compiled(folder) == {}


def test_a_cache_that_cannot_be_made_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """The classes are there, and are made otherwise."""

    def changed(*_: object) -> None:
        raise TypeError("missing 1 required positional argument")

    monkeypatch.setattr(rule_cache, "_files", lambda _: SimpleNamespace(RuleCache=changed))
    monkeypatch.setattr(rule_cache, "_unknown", lambda: None)
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    rule = numba.njit(shown)
    usual = rule._cache
    assert rule_cache.kept(rule, Path("cache"), Path(__file__).parent) is rule
    assert rule._cache is usual


def shown(number: float) -> float:
    return number


MANGLERS = {
    "gone": {},
    "of other arguments": {"mangle_type_or_value": lambda kind, name, more: "name"},
    "of another answer": {"mangle_type_or_value": lambda kind: ("a", "name")},
    "no function": {"mangle_type_or_value": None},
}


@pytest.mark.parametrize("case", MANGLERS)
def test_a_function_that_numba_changed_is_left_alone(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Symbols then have the names that Numba gives them."""
    module = SimpleNamespace(**MANGLERS[case])
    before = dict(vars(module))
    monkeypatch.setattr(rule_cache, "import_module", lambda _: module)
    assert not rule_cache.short_symbols()
    assert vars(module) == before


def test_a_module_that_numba_dropped_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_cache, "SYMBOLS", "numba.core.no_such_module")
    assert not rule_cache.short_symbols()


def test_long_names_are_shortened_and_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(mangle_type_or_value=str)
    monkeypatch.setattr(rule_cache, "import_module", lambda _: module)
    assert rule_cache.short_symbols()
    first, second = (module.mangle_type_or_value("x" * 20_000 + end) for end in "ab")
    assert first != second
    assert len(first) < rule_cache.LONGEST_NAME
    assert module.mangle_type_or_value("short") == "short"


def folder_of(home: Path, name: str, days: float) -> Path:
    """A folder of rules that was last used so many days ago."""
    folder = home / name
    folder.mkdir(parents=True)
    (folder / "rule.nbc").write_bytes(b"x" * 1000)
    then = datetime.now(UTC).timestamp() - 86_400 * days
    os.utime(folder, (then, then))
    return folder


def test_old_rules_go_when_new_ones_are_compiled(package: Path, tmp_path: Path) -> None:
    home = tmp_path / ".cache" / "escalation-sim"
    old = folder_of(home, "0123456789abcdef-numba0.68.1", 31)
    recent = folder_of(home, "fedcba9876543210-numba0.68.1", 29)
    foreign = folder_of(home, "notes", 400)
    folder, _, _ = run(package, tmp_path)
    assert not old.exists()
    assert recent.is_dir()
    assert foreign.is_dir()
    assert folder.parent == home


def test_rules_in_use_are_not_old(package: Path, tmp_path: Path, kept: tuple[Path, float]) -> None:
    """A version that was compiled long ago and is used today stays, whatever else is compiled."""
    folder, before = kept
    os.utime(folder, (0, 0))
    assert run(package, tmp_path) == (folder, before, "")
    assert rule_folders.prune(folder.parent) == []
    os.utime(folder, (0, 0))
    assert rule_folders.prune(folder.parent, keep=folder) == []
    assert rule_folders.prune(folder.parent) == [folder]


def cache_command(monkeypatch: pytest.MonkeyPatch, current: Path, *words: str) -> Result:
    monkeypatch.setattr("sim.compiled.CACHE", current)
    done = CliRunner().invoke(app, ["cache", *words])
    assert done.exit_code == 0, done.output
    return done


def test_the_command_shows_prunes_and_clears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current = folder_of(tmp_path, "0123456789abcdef-numba0.68.1", 40)
    old = folder_of(tmp_path, "fedcba9876543210-numba0.67.0", 31)
    recent = folder_of(tmp_path, "aaaaaaaaaaaaaaaa", 2)
    (tmp_path / "mine.txt").touch()
    said = cache_command(monkeypatch, current).stdout
    assert said.startswith(f"{tmp_path}\n")
    assert "3 versions, 0.0 MB" in said
    rows = json.loads(cache_command(monkeypatch, current, "--json", "--prune").stdout)["versions"]
    assert [(row["name"], row["bytes"], row["current"], row["removed"]) for row in rows] == [
        (recent.name, 1000, False, False),
        (old.name, 1000, False, True),
        (current.name, 1000, True, False),
    ]
    assert not old.exists()
    cache_command(monkeypatch, current, "--clear")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert CliRunner().invoke(app, ["cache", "--prune", "--clear"]).exit_code == 2


def test_an_edit_of_a_file_outside_the_rules_is_no_stale_copy(tmp_path: Path) -> None:
    """Compiled functions of drivers and the game call others of their own file, which no hash of the rules covers."""
    path = tmp_path / "own.py"

    def stamp(source: str) -> str:
        path.write_text(source)
        space: dict[str, object] = {}
        exec(compile(source, str(path), "exec"), space)
        return RuleLocator(space["outer"], tmp_path / "rules", tmp_path).get_source_stamp()

    caller = "def outer(): return inner()"
    assert stamp(f"def inner(): return 1\n{caller}\n") != stamp(f"def inner(): return 2\n{caller}\n")
