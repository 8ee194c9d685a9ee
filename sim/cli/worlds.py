"""Commands that live worlds and look at one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import completion
from sim.cli.app import app
from sim.cli.options import Depth, Json, Scenario, Seed, Settings, Threads, Trust, Values, seeded
from sim.cli.output import print_json, trust_folders


@app.command()
def run(
    scenario: Scenario,
    worlds: Annotated[int, typer.Option(help="How many worlds to live.")] = 1000,
    changes: Settings = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report, tables and plots.")] = None,
    depth: Depth = "daily",
    threads: Threads = None,
    force: Annotated[bool, typer.Option(help="Replace a run that is there already.")] = False,
    as_json: Json = False,
) -> None:
    """Live many worlds of a scenario; print outcomes, write a report with plots when --out is given."""
    from sim.progress import progress_bar
    from sim.results.numbers import records
    from sim.results.run import run as live
    from sim.results.store import Overwrite
    from sim.scenario import load

    found = load(scenario, seeded(changes, seed))
    target = Overwrite(out) if out and force else out
    with progress_bar(worlds) as progress:
        lived = live(found, worlds=worlds, out=target, depth=depth, threads=threads, progress=progress)
    if as_json:
        print_json({"probabilities": records(lived.probabilities()), "questions": records(lived.questions())})
        return
    print(lived.summary())
    if out:
        print(f"\nReport: {out / 'report.html'}")


@app.command()
def sweep(
    scenario: Scenario,
    vary: Values = None,
    changes: Settings = None,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write, or to go on with [default: out/NAME-sweep].")
    ] = None,
    worlds: Annotated[int | None, typer.Option(min=1, help="Worlds at each point [default: 500].")] = None,
    design: Annotated[
        str | None,
        typer.Option(
            help="grid, lhs, sobol, or a CSV or Parquet file of points.",
            autocompletion=completion.choices("sim.experiments.designs", "KINDS"),
        ),
    ] = None,
    points: Annotated[int | None, typer.Option(min=1, help="Number of points of lhs and sobol [default: 64].")] = None,
    same_luck: Annotated[
        bool, typer.Option("--same-luck/--fresh-luck", help="Live the same worlds at every point, or new ones.")
    ] = True,
    depth: Depth = "outcomes",
    threads: Threads = None,
    cluster: Annotated[str | None, typer.Option(help="Dask scheduler, as tcp://127.0.0.1:8786.")] = None,
    force: Annotated[bool, typer.Option(help="Replace a sweep of something else that is there already.")] = False,
    as_json: Json = False,
) -> None:
    """Live worlds at many points; run the same again to go on after an interruption."""
    from sim.experiments import command

    asked = command.Asked(scenario, seeded(changes, seed), vary or [], design, points, worlds)
    settings = command.SweepSettings(depth, "same" if same_luck else "fresh", threads)
    done = command.sweep_to(out, asked, settings, cluster, force)
    if as_json:
        print_json(command.as_records(done))
    else:
        print(command.summary(done))


@app.command()
def explain(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="Folder of a run or of a sweep, or a scenario.", autocompletion=completion.runs
        ),
    ],
    world: Annotated[int | None, typer.Option(help="Number of the world; 0 by default.")] = None,
    day: Annotated[int | None, typer.Option(help="Tell why everybody decided as they did on this day.")] = None,
    actor: Annotated[
        str | None,
        typer.Option(help="Only this actor: us, iran, iraq, sadr, a group ...", autocompletion=completion.actors),
    ] = None,
    why_not: Annotated[
        str | None, typer.Option(metavar="ACTION", help="Say why it was not chosen.", autocompletion=completion.acts)
    ] = None,
    pick: Annotated[
        str | None,
        typer.Option(
            help="Pick the world: representative or surprising.",
            autocompletion=completion.choices("sim.analysis.explain", "PICKS"),
        ),
    ] = None,
    point: Annotated[int | None, typer.Option(help="Number of the point, if it is a sweep.")] = None,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Live one world again, tell it, and say why everybody did what they did."""
    from sim.analysis.explain import explain as tell

    if trust:
        trust_folders([source])
    told = tell(source, world, day=day, actor=actor, why_not=why_not, pick=pick, point=point)
    if as_json:
        print_json(told.to_dict())
    else:
        print(told)


@app.command()
def play(
    scenario: Scenario = "baghdad-2020",
    seats: Annotated[
        list[str] | None,
        typer.Option("--as", help="Seat: us, iran, a group ...; repeat it.", autocompletion=completion.actors),
    ] = None,
    changes: Settings = None,
    seed: Seed = None,
    world: Annotated[int | None, typer.Option(help="Number of the world; an unknown one by default.")] = None,
    script: Annotated[Path | None, typer.Option(help="File of what would be typed.")] = None,
    save: Annotated[Path | None, typer.Option(help="File to save the game to.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this saved game.")] = None,
    compare: Annotated[int, typer.Option(help="Worlds that the debrief compares with.")] = 10_000,
    trust: Trust = False,
) -> None:
    """Take a seat in the crisis: a terminal game with undo, saved games and a debrief."""
    from sim.play import Setting, Terminal, go_on, read_script
    from sim.play import play as start

    setting = Setting(save, compare, Terminal(read_script(script) if script else None))
    if resume:
        go_on(resume, setting, trust)
        return
    start(scenario, seats or ["us"], changes=seeded(changes, seed), world=world, setting=setting)


@app.command()
def dashboard(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|RUN",
            help="Scenario or folder of a run to open first; more can be chosen on the page.",
            autocompletion=completion.runs,
        ),
    ] = "",
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8765,
    trust: Trust = False,
) -> None:
    """Open the dashboard to this machine's browser: levers, outcomes, one world day by day."""
    from sim.dashboard.serve import serve

    if trust:
        trust_folders([scenario])
    serve(scenario, port)
