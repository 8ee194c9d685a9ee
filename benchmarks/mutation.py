"""How many small mistakes in the rules the tests notice: ``python -m benchmarks.mutation --sample 500``.

A random sample of the mutants of :mod:`benchmarks.mutants` is judged by the tests of single rules, with the rules
interpreted. Each mutant meets the tests that run its line, those that run the fewest lines first, in a child process
of its own; the first failure kills it, as does an import that fails or a minute of computing. Everything happens in a
temporary copy. The share killed goes to ``docs/quality/mutation.md``, with every survivor, and the command fails when
it is below the goal. It needs a system that can fork.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from benchmarks.mutants import Mutant, lines_of, mutants, mutated, sample
from benchmarks.mutation_page import PAGE, Verdict, share, survivors, write

ROOT = Path(__file__).parents[1]
COPIED = ("sim", "scenarios", "tests", "benchmarks", "docs", "README.md", "Makefile", "pyproject.toml")
TESTS = ("test_rules_*.py", "test_parliament.py", "test_traces.py", "test_results_scores.py")
HEAVY = ("hypothesis", "mesa", "numba", "pandas", "pyarrow", "pytest", "scipy.stats", "sim.scenario")
"""What every child needs and no mutant touches, imported once."""
NARROW, BROAD = 50, 6
SECONDS = 60
GOAL = 0.85
OK, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4
"""How pytest ends: passed; a test failed; a test file or, named by its tests, did not import."""


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with other code than its file holds."""

    def __init__(self, name: str, path: str, code: str) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        """The other code; the bytecode on disk is passed by."""
        return compile(self.code, self.path, "exec")


class Finder(importlib.abc.MetaPathFinder):
    """Finds one module with a mistake in it."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.path.removesuffix(".py").replace("/", ".")
        self.loader = Loader(self.name, mutant.path, mutated(Path(mutant.path).read_text(encoding="utf-8"), mutant))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The mutated module by its name, nothing else."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self.loader)


def judge(arguments: Sequence[str], mutant: Mutant | None) -> None:
    """Run pytest in this process, which ends with its exit code; SIGXCPU ends it after :data:`SECONDS` of computing."""
    import pytest

    code = 3
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS) if mutant else (-1, -1))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if mutant:
            sys.meta_path.insert(0, Finder(mutant))
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments])
    finally:
        os._exit(int(code))


def start(arguments: Sequence[str], mutant: Mutant | None = None) -> int:
    """Judge in a child; returns its process id."""
    child = os.fork()
    if child == 0:
        judge(arguments, mutant)
    return child


def tests_by_line(files: Sequence[str]) -> Callable[[Mutant], list[str]]:
    """Run the tests on sources without mistakes, and learn which tests run which line.

    Returns:
        A function that gives the tests which run the statement of a mutant, those first that run the fewest lines; of
        many the :data:`NARROW` narrowest and the :data:`BROAD` broadest. For what runs at import, all of them.

    Raises:
        RuntimeError: a test fails without any mistake.
    """
    cover = ["--cov=sim", "--cov-context=test", "--cov-report="]
    if os.waitpid(start([*files, *cover]), 0)[1] != OK:
        raise RuntimeError("the tests fail without a mistake: python -m pytest " + " ".join(files))
    from coverage import CoverageData

    data = CoverageData(".coverage")
    data.read()
    run: dict[str, dict[int, set[str]]] = {}
    breadth: dict[str, int] = {}
    for path in data.measured_files():
        lines = {
            line: {name.split("|")[0] for name in names if name}
            for line, names in data.contexts_by_lineno(path).items()
        }
        run[Path(path).relative_to(Path.cwd()).as_posix()] = lines
        for name in (name for names in lines.values() for name in names):
            breadth[name] = breadth.get(name, 0) + 1

    def choose(mutant: Mutant) -> list[str]:
        span = lines_of(Path(mutant.path).read_text(encoding="utf-8"), mutant.line)
        lines = run.get(mutant.path, {})
        chosen = set().union(*(lines.get(line, set()) for line in span))
        if not chosen:
            return by_mention(files, mutant)
        ranked = sorted(chosen, key=lambda name: (breadth[name], name))
        return ranked if len(ranked) <= NARROW + BROAD else ranked[:NARROW] + ranked[-BROAD:]

    return choose


def by_mention(files: Sequence[str], mutant: Mutant) -> list[str]:
    """Test files, those first that name the module of a mutant: a test of a constant may run no line of it."""
    module = mutant.path.removesuffix(".py").replace("/", ".")
    return sorted(files, key=lambda path: f"from {module} import" not in Path(path).read_text(encoding="utf-8"))


def judge_all(drawn: list[Mutant], choose: Callable[[Mutant], list[str]], jobs: int) -> list[Verdict]:
    """Judge mutants, several at a time and in random order, so that the share on the way is an estimate already.

    Returns:
        Verdicts in the order of the mutants.

    Raises:
        RuntimeError: pytest could not do its work, so that nothing is known of a mutant.
    """
    verdicts: dict[Mutant, Verdict] = {}
    running: dict[int, Mutant] = {}
    waiting = random.Random(len(drawn)).sample(drawn, len(drawn))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[start(choose(mutant), mutant)] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code > 0 and code not in (FAILED, INTERRUPTED, USAGE):
            raise RuntimeError(f"pytest ended with {code} on {mutant}")
        source = Path(mutant.path).read_text(encoding="utf-8")
        verdicts[mutant] = Verdict(mutant, code != OK, source)
        tell(list(verdicts.values()), len(drawn))
    return [verdicts[mutant] for mutant in drawn]


def tell(verdicts: list[Verdict], all_of_them: int) -> None:
    """Print a survivor as it is found, and how far the work is."""
    for line in survivors(verdicts[-1:]):
        print(line, flush=True)
    if len(verdicts) % 20 == 0:
        killed = sum(verdict.killed for verdict in verdicts)
        print(f"{len(verdicts)} of {all_of_them}: {killed} killed", file=sys.stderr, flush=True)


def move(folder: Path) -> None:
    """Copy the checkout, work there from now on, and import what every child needs."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    for name in HEAVY:
        import_module(name)
    early = [name for name in sys.modules if name.startswith("sim.rules") or name == "sim.results.scores"]
    if early:
        raise RuntimeError(f"imported before the mistake is made: {early}")


def parse() -> Any:
    """The command's options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--sample", type=int, default=500, help="number of mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the path of the files to mutate; writes no page")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants judged at the same time")
    return parser.parse_args()


def main() -> None:
    """Run as a command."""
    given, began = parse(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        move(Path(folder))
        population = [mutant for mutant in mutants(Path(folder)) if given.only in mutant.path]
        drawn = sample(population, given.sample or len(population), given.seed)
        files = sorted(str(path) for pattern in TESTS for path in Path("tests").glob(pattern))
        verdicts = judge_all(drawn, tests_by_line(files), given.jobs)
        killed, low, high = share(verdicts)
        if not given.only:
            write(verdicts, len(population), given.seed)
            print(f"written: {PAGE}")
        os.chdir(ROOT)
        print(f"{killed:.1%} of {len(drawn)} mutants killed ({low:.1%} to {high:.1%}), drawn from {len(population)}")
    print(f"{time.perf_counter() - began:.0f} s")
    raise SystemExit(killed < GOAL)


if __name__ == "__main__":
    main()
