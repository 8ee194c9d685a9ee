"""Commands about scenario files and what may stand in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import completion
from sim.cli.app import BAD_INPUT, app
from sim.cli.options import Json, Settings
from sim.cli.output import print_json, print_rows

Scenarios = Annotated[
    list[str],
    typer.Argument(
        metavar="SCENARIO...",
        help="Names of shipped scenarios or files; - for standard input.",
        autocompletion=completion.scenarios,
    ),
]
ROWS = "Show only rows that hold this text."


@app.command()
def check(scenarios: Scenarios, changes: Settings = None, as_json: Json = False) -> None:
    """Check scenario files and say what they hold, or all that is wrong with them."""
    from sim.cli.checking import checked

    found = [checked(each, changes or ()) for each in scenarios]
    if as_json:
        print_json([each.as_record() for each in found])
    else:
        for each in found:
            each.tell()
    if not all(each.valid for each in found):
        raise typer.Exit(BAD_INPUT)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check."""
    from sim.scenario import schema as make

    print_json(make())


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the shipped scenarios."""
    from sim.scenario import authoring

    rows = authoring.listing()
    if as_json:
        print_json([row._asdict() for row in rows])
    else:
        print("\n".join(f"{row.name:22} {row.title}\n{'':22} {row.story}" for row in rows))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario.")],
    folder: Annotated[Path, typer.Option(help="Folder to write it to.")] = Path(),
    extends: Annotated[
        str, typer.Option(help="Scenario that it changes.", autocompletion=completion.scenarios)
    ] = "baghdad-2020",
) -> None:
    """Write a commented scenario file to start from."""
    from sim.scenario import authoring

    path = authoring.new(name, folder, extends)
    print(f"{path} written; change it, then: sim check {path}")


@app.command()
def actions(
    matching: Annotated[str, typer.Argument(help=ROWS, autocompletion=completion.acts)] = "",
    as_json: Json = False,
) -> None:
    """Print the catalogue of actions."""
    from sim.scenario import reference

    print_rows(reference.action_table(), matching, as_json)


@app.command()
def parameters(
    matching: Annotated[str, typer.Argument(help=ROWS, autocompletion=completion.quantities)] = "",
    as_json: Json = False,
) -> None:
    """Print every number of the model: default, range, unit, meaning, source."""
    from sim.scenario import reference

    print_rows(reference.parameter_table(), matching, as_json)
