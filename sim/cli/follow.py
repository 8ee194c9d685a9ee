"""The command that lives a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import completion
from sim.cli.app import app
from sim.cli.options import Json, Out, Threads
from sim.cli.output import print_json


@app.command()
def follow(
    scenario: Annotated[
        str,
        typer.Argument(
            help="The crisis on the first morning: a shipped scenario, or a file.", autocompletion=completion.scenarios
        ),
    ] = "autumn-2019",
    record: Annotated[
        Path | None, typer.Argument(help="CSV of dated acts, or the folder of a record; the shipped one by default.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First day of which nothing is known; by default the record's end."),
    ] = None,
    ahead: Annotated[int, typer.Option(min=0, max=400, help="Days to forecast from there.")] = 90,
    particles: Annotated[
        int, typer.Option(min=2, max=5000, help="Worlds carried along for each combination of mindsets.")
    ] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all luck.")] = 1,
    threads: Threads = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Live a record day by day: what surprised the model, what the actors seem to be after, what comes next."""
    from sim.evidence import told
    from sim.evidence.follow import FollowSettings
    from sim.evidence.follow import follow as live
    from sim.progress import progress_bar

    settings = FollowSettings(particles, seed, ahead, threads=threads)
    with progress_bar(1, "days") as show:
        found = live(scenario, record, until, settings, progress=show)
    if out:
        told.save(found, out)
    if as_json:
        print_json(told.to_dict(found))
    else:
        print(told.text(found))
