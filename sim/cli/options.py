"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import completion
from sim.errors import InputError


def _free(ctx: typer.Context, out: Path | None) -> Path | None:
    """Check the folder of an analysis before anything is lived.

    Raises:
        InputError: an analysis cannot be saved there.
    """
    if out is not None and not ctx.resilient_parsing:
        from sim.analysis.saving import refuse_target

        refuse_target(out)
    return out


def writable(ctx: typer.Context, out: Path) -> Path:
    """Check that a file or a folder can be written before the work begins.

    Raises:
        InputError: it cannot.
    """
    if not ctx.resilient_parsing:
        from sim.results.store import refuse_unwritable, writing

        with writing(out):
            refuse_unwritable(out.expanduser().absolute().parent)
    return out


Scenario = Annotated[
    str, typer.Argument(help="Name of a shipped scenario, or a file.", autocompletion=completion.scenarios)
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value, as us.red_line=2; repeatable.",
        autocompletion=completion.settings,
    ),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the luck; the scenario's by default.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Out = Annotated[Path | None, typer.Option(callback=_free, help="Folder for summary, numbers, tables and figures.")]
Trust = Annotated[
    bool, typer.Option("--trust", help="Import the policy modules that a folder or saved game names: runs their code.")
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads; all by default.")]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH",
        help="Quantity to vary, or a pattern as 'us.*'; repeatable.",
        autocompletion=completion.quantities,
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option("--outcome", help="Outcome to look at; repeatable.", autocompletion=completion.outcomes),
]
Width = Annotated[float, typer.Option(help="Part of each declared range to cover, around the scenario's value.")]
Depth = Annotated[
    str,
    typer.Option(
        help="What to keep: outcomes, daily or trace.", autocompletion=completion.choices("sim.results.run", "DEPTHS")
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=VALUES",
        help="What varies: us.rationality=0.5:3:6, us.mindset=a,b; low:high for lhs and sobol; repeatable.",
        autocompletion=completion.values,
    ),
]


def seeded(changes: list[str] | None, seed: int | None) -> list[str]:
    """The changes with the seed among them.

    Raises:
        InputError: the seed is said twice.
    """
    told = list(changes or ())
    if seed is None:
        return told
    if any(change.partition("=")[0].strip() == "seed" for change in told):
        raise InputError("the seed is said twice: by --seed and by --set seed")
    return [*told, f"seed={seed}"]
