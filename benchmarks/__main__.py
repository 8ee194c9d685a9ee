"""All speed benchmarks in one command: prints a table and writes ``benchmarks/results.md``."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Row
from benchmarks.speed import rows
from benchmarks.sweep import rows as sweeps

RESULTS = Path(__file__).with_name("results.md")
HEAD = ("measured", "figure", "beside", "reach")


def machine() -> str:
    """The machine and the versions the figures hold for."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "mesa"))
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {libraries}"


def write(measured: list[Row]) -> None:
    """Write the table as Markdown."""
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench`. {machine()}. Medians of several runs; compare ratios, not seconds.",
    ]
    lines += ["", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(row) + " |" for row in measured]
    RESULTS.write_text("\n".join(lines) + "\n")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer worlds and runs")
    quick = parser.parse_args().quick
    measured = rows(quick) + sweeps(quick)
    table = Table(*HEAD, title=machine())
    for row in measured:
        table.add_row(*row)
    Console().print(table)
    write(measured)


if __name__ == "__main__":
    main()
