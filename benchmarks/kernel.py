"""The decision kernel of one actor-day: the compiled rule against a C program on the same numbers."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Row, alternating
from sim.actions import CATALOGUE, MENUS
from sim.compiled import rule
from sim.rules.choose import SHARPER, draw, quantal
from sim.world.names import Kind
from sim.world.records import N_ACTIONS, OPTION

SOURCE = Path(__file__).with_name("kernel.c")
TABLES, ROUNDS, PRECISION = 64, 400, 6.0
"""As many menus as stay in the processor's cache, as those of a world do; each is used many times."""
MENU = sorted(int(act) for act in MENUS[Kind.US])
DELIBERATION = np.dtype((np.record, [("options", OPTION, (N_ACTIONS,))]))
"""Options are part of a record, as they are in a world."""
FIRST, LAST = MENU[0], MENU[0] + len(MENU)
NANO = 1e9


@rule
def choose_many(tables: Any, uniforms: Any, rounds: int, menu: Any, precision: float) -> int:
    """Choose ``rounds`` times from each table of options; the sum of what is chosen."""
    total = 0
    for _ in range(rounds):
        for k in range(len(tables)):
            quantal(tables[k].options, menu, precision)
            total += draw(tables[k].options, menu, uniforms[k, 0], uniforms[k, 1])
    return total


def prepared() -> tuple[Any, Any]:
    """Washington's menu, weighed at random and half feasible: (TABLES,) DELIBERATION and (TABLES, 2) uniforms."""
    random = np.random.default_rng(1)
    tables = np.zeros(TABLES, DELIBERATION)
    options = tables["options"]
    options["feasible"] = random.random(options.shape) < 0.5
    options["feasible"][:, FIRST] = 1
    options["kind"] = [action.kind for action in CATALOGUE]
    options["utility"] = random.normal(0.0, 0.3, options.shape)
    return tables, random.random((TABLES, 2))


def built(folder: Path) -> Any:
    """The C program as a function.

    Raises:
        OSError: there is no gcc.
        CalledProcessError: gcc cannot compile it.
    """
    library = folder / "kernel.so"
    command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-lm"]
    subprocess.run(command, check=True)
    function = ctypes.CDLL(str(library)).choose_many
    function.restype = ctypes.c_int64
    pointer, whole, number = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    function.argtypes = [pointer, whole, pointer, whole, whole, whole, whole, number, number]
    return function


def kernel(runs: int) -> Row:
    """(c): the compiled rule beside a C program on the same numbers in the same layout, in turns.

    Raises:
        SystemExit: the two do not choose alike.
    """
    tables, uniforms = prepared()
    with tempfile.TemporaryDirectory() as folder:
        in_c = built(Path(folder))

        def c_program() -> int:
            where, luck = tables.ctypes.data, uniforms.ctypes.data
            return int(in_c(where, N_ACTIONS, luck, TABLES, ROUNDS, FIRST, LAST, PRECISION, SHARPER))

        def compiled() -> int:
            return int(choose_many(tables, uniforms, ROUNDS, np.arange(FIRST, LAST), PRECISION))

        if compiled() != c_program():
            raise SystemExit("the C program and the compiled rule do not choose alike")
        ours, theirs = alternating(compiled, c_program, runs)
    figure = f"{ours / (TABLES * ROUNDS) * NANO:.0f} ns an actor-day"
    return Row("decision kernel, compiled rule", figure, f"{ours / theirs:.2f}x the time of C (gcc -O3)", "<= 1x")
