"""Commands that turn worlds into answers: compare, sensitivity, discovery, uncertainty."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli import completion
from sim.cli.app import app
from sim.cli.options import Json, Out, Outcomes, Scenario, Seed, Settings, Threads, Trust, Vary, Width, seeded
from sim.cli.output import share_done, show, trust_folders
from sim.log import LOGGER

USUAL_OUTCOME = "us_struck"


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(help="Scenarios, files or run folders; the first is the base.", autocompletion=completion.runs),
    ],
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="PATH=VALUE",
            help="Also the base with this changed.",
            autocompletion=completion.settings,
        ),
    ] = None,
    worlds: Annotated[int, typer.Option(help="How many worlds to live under each.")] = 1000,
    changes: Settings = None,
    seed: Seed = None,
    out: Out = None,
    threads: Threads = None,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Live scenarios under the same luck: what a change did, and where worlds first went another way."""
    from sim.analysis.compare import compare as live
    from sim.analysis.compare import variants

    if trust:
        trust_folders(scenarios)
    with share_done() as progress:
        found = live(variants(scenarios, seeded(changes, seed), change or ()), worlds, threads, progress)
    show(found, out, as_json)


@app.command("compare-rules")
def compare_rules(
    scenario: Scenario,
    actors: Annotated[
        list[str] | None,
        typer.Option(
            "--actor", help="Only this actor's rule and mindset; repeatable.", autocompletion=completion.actors
        ),
    ] = None,
    worlds: Annotated[int, typer.Option(help="How many worlds to live under each.")] = 500,
    changes: Settings = None,
    seed: Seed = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Live a scenario under every decision rule and mindset, with the same luck, side by side."""
    from sim.analysis.compare_rules import compare_rules as live
    from sim.scenario import load

    with share_done() as progress:
        found = live(load(scenario, seeded(changes, seed)), worlds, actors or (), threads, progress)
    show(found, out, as_json)


@app.command()
def sensitivity(
    scenario: Scenario,
    vary: Vary = None,
    outcomes: Outcomes = None,
    method: Annotated[
        str,
        typer.Option(
            help="auto, morris or sobol.", autocompletion=completion.choices("sim.analysis.sensitivity", "METHODS")
        ),
    ] = "auto",
    trajectories: Annotated[int | None, typer.Option(help="Trajectories of the screening [default: 10].")] = None,
    points: Annotated[
        int | None, typer.Option(help="Size of the Sobol' sample, a power of two [default: 256].")
    ] = None,
    worlds: Annotated[int, typer.Option(help="Worlds at each point.")] = 30,
    top: Annotated[int | None, typer.Option(help="How many quantities to keep after screening [default: 8].")] = None,
    width: Width = 1.0,
    changes: Settings = None,
    seed: Seed = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Find what matters: Morris screening, Sobol' indices and tornado, with confidence."""
    from sim.analysis.sensitivity import SensitivityPlan
    from sim.analysis.sensitivity import sensitivity as find
    from sim.scenario import load

    chosen = tuple(vary or ()), tuple(outcomes or ())
    plan = SensitivityPlan(*chosen, method, trajectories, points, worlds, top, width)
    with share_done() as progress:
        found = find(load(scenario, seeded(changes, seed)), plan, threads, progress)
    show(found, out, as_json)


@app.command()
def discover(
    scenario: Scenario,
    outcome: Annotated[
        str | None,
        typer.Argument(
            help="Such as battle_zone, 'not truce_held', 'us_killed >= 3' [default: us_struck].",
            autocompletion=completion.outcomes,
        ),
    ] = None,
    vary: Vary = None,
    worlds: Annotated[int, typer.Option(help="How many worlds; half find boxes, half judge them.")] = 4000,
    boxes: Annotated[int, typer.Option(help="How many boxes at most.")] = 3,
    coverage: Annotated[float | None, typer.Option(help="Least part of the cases in a box.")] = None,
    width: Width = 1.0,
    changes: Settings = None,
    seed: Seed = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Find where it tips: ranges of the quantities in which an outcome is common (PRIM), as plain rules."""
    from sim.analysis.discover import DiscoverySearch
    from sim.analysis.discover import discover as find
    from sim.scenario import load

    if outcome is None:
        outcome = USUAL_OUTCOME
        LOGGER.info("Looking for %s; another one can be named after the scenario.", outcome)
    search = DiscoverySearch(tuple(vary or ()), worlds, boxes=boxes, coverage=coverage, width=width)
    with share_done() as progress:
        found = find(load(scenario, seeded(changes, seed)), outcome, search, threads, progress)
    show(found, out, as_json)


@app.command()
def uncertainty(
    scenario: Scenario,
    vary: Vary = None,
    outcomes: Outcomes = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rule",
            help="Decision rule that is possible; repeatable.",
            autocompletion=completion.choices("sim.scenario.people", "POLICIES"),
        ),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the parameters.")] = 60,
    worlds: Annotated[int, typer.Option(help="Worlds of each draw, rule and combination of mindsets.")] = 10,
    width: Width = 1.0,
    source: Annotated[
        str,
        typer.Option(
            help="Draw over the ranges or from the scenario's distributions.",
            autocompletion=completion.choices("sim.analysis.uncertainty", "SOURCES"),
        ),
    ] = "auto",
    changes: Settings = None,
    seed: Seed = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Take the spread of outcomes apart: luck, parameters, rule and mindset."""
    from sim.analysis.structures import PLAUSIBLE
    from sim.analysis.uncertainty import UncertaintyLayout
    from sim.analysis.uncertainty import uncertainty as find
    from sim.scenario import load

    chosen = tuple(vary or ()), tuple(outcomes or ()), tuple(rules or PLAUSIBLE)
    with share_done() as progress:
        found = find(
            load(scenario, seeded(changes, seed)),
            UncertaintyLayout(*chosen, draws, worlds, width, source),
            threads,
            progress,
        )
    show(found, out, as_json)
