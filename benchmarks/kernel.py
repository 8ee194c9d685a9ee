"""The decision kernel of one actor-day: the compiled rule against a C program on the same numbers."""

from __future__ import annotations

import ctypes
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Row, alternating, program
from sim.actions import CATALOGUE
from sim.compiled import rule
from sim.rules.choose import SHARPER, quantal
from sim.world.names import Kind
from sim.world.records import N_ACTIONS, OPTION

SOURCE = Path(__file__).with_name("kernel.c")
TABLES, PRECISION = 512, 6.0
MENU = [row for row, action in enumerate(CATALOGUE) if action.owner == Kind.US]
FIRST, LAST = MENU[0], MENU[-1] + 1
NANO = 1e9


@rule
def choose_many(tables: Any, uniforms: Any, rounds: int, first: int, last: int, precision: float) -> int:
    """Choose ``rounds`` times from each table of options; the sum of what is chosen."""
    total = 0
    for _ in range(rounds):
        for k in range(len(tables)):
            total += quantal(tables[k], first, last, precision, uniforms[k, 0], uniforms[k, 1])
    return total


def prepared() -> tuple[Any, Any]:
    """Washington's menu, weighed at random and half feasible: (TABLES, actions) OPTION and (TABLES, 2) uniforms."""
    random = np.random.default_rng(1)
    tables = np.zeros((TABLES, N_ACTIONS), OPTION)
    tables["feasible"] = random.random(tables.shape) < 0.5
    tables["feasible"][:, FIRST] = 1
    tables["kind"] = [action.kind for action in CATALOGUE]
    tables["utility"] = random.normal(0.0, 0.3, tables.shape)
    return tables, random.random((TABLES, 2))


def built(folder: Path) -> Any:
    """The C program as a function.

    Raises:
        RuntimeError: gcc cannot compile it.
    """
    library = folder / "kernel.so"
    program(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-lm"])
    function = ctypes.CDLL(str(library)).choose_many
    function.restype = ctypes.c_int64
    pointer, whole, number = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    function.argtypes = [pointer, whole, pointer, whole, whole, whole, whole, number, number]
    return function


def rows(quick: bool) -> list[Row]:
    """(c) The two, in turns; nothing where there is no gcc."""
    if not shutil.which("gcc"):
        return []
    runs, rounds = (5, 20) if quick else (11, 200)
    tables, uniforms = prepared()
    with tempfile.TemporaryDirectory() as folder:
        in_c = built(Path(folder))

        def c_program() -> int:
            where, luck = tables.ctypes.data, uniforms.ctypes.data
            return int(in_c(where, N_ACTIONS, luck, TABLES, rounds, FIRST, LAST, PRECISION, SHARPER))

        def compiled() -> int:
            return int(choose_many(tables, uniforms, rounds, FIRST, LAST, PRECISION))

        if compiled() != c_program():
            raise RuntimeError("the C program and the rule choose differently")
        ours, theirs = alternating(compiled, c_program, runs)
    each = TABLES * rounds
    return [
        Row("(c) decision kernel, C program", theirs / each * NANO, "ns a decision", runs),
        Row(
            "(c) decision kernel, compiled rule", ours / each * NANO, "ns a decision", runs,
            f"{ours / theirs:.2f} times C", "≤ 1.0 times", ours <= theirs * 1.0,
        ),
    ]  # fmt: skip
