"""Commands that hold the model against the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import completion
from sim.cli.app import app
from sim.cli.options import Json, writable
from sim.cli.output import print_table
from sim.errors import InputError
from sim.log import LOGGER

RecordFolder = Annotated[
    Path | None, typer.Option("--record", help="Folder of another record; the shipped one by default.")
]
Before = Annotated[
    str,
    typer.Option(
        "--scenario",
        help="Scenario of the months before, which the fit lives.",
        autocompletion=completion.scenarios,
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="A tenth of the work: minutes, and rougher.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Folder for the worlds lived, so that a stop loses nothing.")]

DrawsFile = Annotated[Path, typer.Option(callback=writable, help="File for the posterior draws.")]
PageFolder = Annotated[Path, typer.Option(callback=writable, help="Folder for validation.md and its figures.")]


@app.command()
def calibrate(
    out: Annotated[Path, typer.Option(callback=writable, help="File for the posterior draws.")] = Path(
        "posterior.parquet"
    ),
    record: RecordFolder = None,
    scenario: Before = "autumn-2019",
    seed: Annotated[int, typer.Option(help="Seed of the parameters.")] = 1,
    quick: Quick = False,
    keep: Keep = None,
    as_json: Json = False,
) -> None:
    """Fit the open parameters on the weeks before the crisis; write draws that a scenario can name."""
    from sim.analysis.calibrate import FULL, QUICK, told, write
    from sim.analysis.calibrate import calibrate as fit
    from sim.analysis.record import load_record
    from sim.analysis.reference import first_day_after
    from sim.progress import progress_bar
    from sim.scenario import load

    if out.is_dir():
        raise InputError(f"'{out}' is a folder; the draws go to a file, such as {out / 'posterior.parquet'}")
    size = QUICK if quick else FULL
    known = load_record(record, before=first_day_after(load(scenario)))
    with progress_bar(size.worlds) as progress:
        found = fit(known, size, scenario=scenario, folder=keep, seed=seed, progress=progress)
    write(found, known, out)
    print_table(told(found), as_json)
    LOGGER.info("%s written; name it in a scenario: parameters: %s", out, out.name)


@app.command()
def backtest(
    record: RecordFolder = None,
    starts: Annotated[
        str | None,
        typer.Option(
            metavar="DATES",
            help="Start dates: 2020-10-12,2020-11-09, or first:last:weeks; 2020-03-02:2020-09-28:4 by default.",
        ),
    ] = None,
    horizon: Annotated[int, typer.Option(help="Days forecast from each start date.")] = 90,
    questions: Annotated[
        Path | None, typer.Option(help="File of questions; that of the record's folder, or the shipped one.")
    ] = None,
    scenario: Before = "autumn-2019",
    quick: Quick = False,
    keep: Keep = None,
    as_json: Json = False,
) -> None:
    """Forecast from earlier mornings and score the forecasts beside the baselines.

    Questions are asked of the days from the last start date on.
    """
    from sim.analysis.backtest import STARTS, BacktestSchedule
    from sim.analysis.backtest import backtest as score
    from sim.analysis.calibrate import FULL, QUICK
    from sim.analysis.questions import FILE
    from sim.analysis.record import load_record
    from sim.analysis.rolling import read_starts
    from sim.progress import progress_bar

    known = load_record(record)
    plan = BacktestSchedule(STARTS if starts is None else read_starts(starts), horizon, scenario)
    own = record / FILE if record and (record / FILE).exists() else None
    size = QUICK if quick else FULL
    with progress_bar(size.worlds) as progress:
        found = score(known, size, schedule=plan, folder=keep, questions=questions or own, progress=progress)
    print_table(found.summary(), as_json)


@app.command()
def validate(
    out: Annotated[Path, typer.Option(callback=writable, help="Folder for validation.md and its figures.")] = Path(
        "docs"
    ),
    record: RecordFolder = None,
    quick: Quick = False,
    keep: Keep = None,
) -> None:
    """Fit, check, forecast, score: write the page that says whether the model means anything."""
    from sim.analysis.calibrate import FULL, QUICK
    from sim.analysis.record import load_record
    from sim.analysis.validate import validate as write

    if out.exists() and not out.is_dir():
        raise InputError(f"'{out}' is a file; the page and its figures go to a folder")
    size = QUICK if quick else FULL
    write(
        load_record(record),
        out,
        size=size,
        folder=keep,
        questions=record,
        say=LOGGER.info,
    )
    print(out / "validation.md")
