"""Mutants differ from their source in one line, are the same every time, and stand in no file."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from benchmarks.mutants import change, lines_of, mutants, sample
from benchmarks.mutation import Finder
from benchmarks.mutation_page import Verdict, by_file, share, survivors

TOY = """\
def rule(function):
    return function


@rule
def answer(a, b):
    if a > 3 and not b:
        return (a +
                b)
    return -a
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one rule file."""
    path = tmp_path / "sim" / "rules" / "toy.py"
    path.parent.mkdir(parents=True)
    path.write_text(TOY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_mistake_in_a_toy(toy: Path) -> None:
    """Decorated functions are mutated too."""
    found = sorted(change(TOY, mutant)[1] for mutant in mutants(toy))
    assert found == sorted(
        [
            "if a > 3 or not b:",
            "if a > 3 and  b:",
            "if a > 4 and not b:",
            "if a > 2 and not b:",
            "if a >= 3 and not b:",
            "if a <= 3 and not b:",
            "if not a > 3 and not b:",
            "return (a -",
            "return a",
        ]
    )


def test_a_sample_is_the_same_every_time_and_another_with_another_seed() -> None:
    population = mutants(Path(__file__).parents[1])
    assert len(population) > 2000
    drawn = sample(population, 100, 1)
    assert drawn == sample(population, 100, 1) != sample(population, 100, 2)
    assert len(set(drawn)) == 100
    assert set(drawn) <= set(population)
    assert sample(population[:5], 100, 1) == population[:5]


def test_the_statement_of_a_line() -> None:
    assert lines_of(TOY, 7) == range(7, 8)  # the condition without what follows from it
    assert lines_of(TOY, 9) == range(8, 10)  # the second line of the sum
    assert lines_of(TOY, 3) == range(3, 4)


def test_a_mutant_is_imported_in_place_of_its_source(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (toy / "toy.py").write_text(TOY)
    mutant = next(each for each in mutants(toy) if change(TOY, each)[1] == "return a")._replace(path="toy.py")
    monkeypatch.setattr(sys, "meta_path", [Finder(mutant), *sys.meta_path])
    assert import_module("toy").answer(2, 0) == 2  # the source says -2
    del sys.modules["toy"]
    assert (toy / "toy.py").read_text() == TOY


def test_survivors_are_listed_with_their_place(toy: Path) -> None:
    verdicts = [Verdict(mutant, "or" not in change(TOY, mutant)[1], TOY) for mutant in mutants(toy)]
    assert survivors(verdicts) == ["sim/rules/toy.py:7  if a > 3 and not b:  →  if a > 3 or not b:"]
    assert by_file(verdicts) == ["| `sim/rules/toy.py` | 8 of 9 |"]
    killed, low, high = share(verdicts)
    assert killed == 8 / 9
    assert 0.5 < low < killed < high < 1
