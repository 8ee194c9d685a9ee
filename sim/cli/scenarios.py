"""Commands about scenario files and what may stand in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Filter, Json, Scenario, Settings
from sim.cli.output import print_json, print_rows


@app.command()
def check(scenario: Scenario, changes: Settings = None) -> None:
    """Check a scenario file and say what it holds."""
    from sim.scenario import authoring

    print(authoring.check(scenario, changes or ()))


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
    extends: Annotated[str, typer.Option(help="Scenario that it changes.")] = "baghdad-2020",
) -> None:
    """Write a commented scenario file to start from."""
    from sim.scenario import authoring

    path = authoring.new(name, folder, extends)
    print(f"{path} written; change it, then: sim check {path}")


@app.command()
def actions(matching: Filter = "", as_json: Json = False) -> None:
    """Print the catalogue of actions."""
    from sim.scenario import reference

    print_rows(reference.action_table(), matching, as_json)


@app.command()
def parameters(matching: Filter = "", as_json: Json = False) -> None:
    """Print every number of the model: default, range, unit, meaning, source."""
    from sim.scenario import reference

    print_rows(reference.parameter_table(), matching, as_json)
