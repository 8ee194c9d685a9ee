"""Mutants: copies of a source file with one small mistake, made by the operators of Cosmic Ray.

Of its operators those are used that programmers and the literature call mistakes: a condition negated or off by one, a
number off by one, `+` for `-` and `*` for `/`, `and` for `or`, a lost sign or `not`, a loop without a turn. Left out
are bit operations on numbers that are not whole, which raise at once and would flatter the tests; `<=` or `>=` for
`==`, which changes nothing for the flags of the model; `is`; and the removal of `@rule`, which only interprets a rule.
"""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

SOURCES = ("sim/rules/*.py", "sim/results/scores.py")
"""The rules, with the outcomes that they record, and the questions asked of outcomes."""

COMPARISONS = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt")
ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "BitAnd_BitOr")
OPERATORS = (
    "NumberReplacer",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Not",
    *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISONS),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC),
)


class Mutant(NamedTuple):
    """One mistake.

    Attributes:
        path: the file, relative to the checkout.
        operator: name of the operator that makes the mistake.
        occurrence: which of the places where the operator applies, from 0.
        line: line of the mistake.
    """

    path: str
    operator: str
    occurrence: int
    line: int


def mutants(root: Path) -> list[Mutant]:
    """Every mutant of the sources, in an order that is the same everywhere."""
    found = []
    for path in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
        for operator in OPERATORS:
            positions = get_operator(f"core/{operator}")().mutation_positions
            lines = (start[0] for node in nodes for start, _ in positions(node))
            name = path.relative_to(root).as_posix()
            found += [Mutant(name, operator, occurrence, line) for occurrence, line in enumerate(lines)]
    return found


def sample(population: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """Some mutants, drawn without replacement, each with the same chance; all of them when there are no more."""
    drawn = random.Random(seed).sample(range(len(population)), min(size, len(population)))
    return [population[k] for k in sorted(drawn)]


def mutated(source: str, mutant: Mutant) -> str:
    """The source with the mistake in it.

    Raises:
        ValueError: the operator finds no such place in the source.
    """
    code: str | None = mutate_code(source, get_operator(f"core/{mutant.operator}")(), mutant.occurrence)
    if code is None:
        raise ValueError(f"{mutant.path} has no place for {mutant}")
    return code


def change(source: str, mutant: Mutant) -> tuple[str, str]:
    """The first line that the mistake changes, before and after."""
    pairs = zip(source.splitlines(), mutated(source, mutant).splitlines(), strict=True)
    return next((before.strip(), after.strip()) for before, after in pairs if before != after)


def lines_of(source: str, line: int) -> range:
    """Lines of the innermost statement that holds a line; of a compound statement those before its body."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            spans.append(range(node.lineno, end + 1))
    return min((span for span in spans if line in span), key=len, default=range(line, line + 1))
