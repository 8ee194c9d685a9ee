"""The commands: each calls one public function and prints what it returns.

Progress goes to stderr, results to stdout. Exit codes: 0 done, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.errors import InputError, SimError

INTERRUPTED = 130
BAD_INPUT = 2


class Commands(TyperGroup):
    """The commands, with all errors in one place: one message on stderr, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a reader of a pipe who has seen enough is no error.

        Raises:
            typer.Exit: with the exit code of the error.
        """
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except SimError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _drop_output()
            raise typer.Exit(0) from None
        except OSError as error:
            print(f"{error.filename or _unnamed(error)}: {error.strerror or error}", file=sys.stderr)
            _drop_output()
            raise typer.Exit(BAD_INPUT) from None
        except UnicodeEncodeError:
            encoding = sys.getfilesystemencoding()
            print(f"a path has letters that this locale ({encoding}) lacks: set PYTHONUTF8=1", file=sys.stderr)
            raise typer.Exit(BAD_INPUT) from None


def _unnamed(error: OSError) -> str:
    """What an error of the system is about that names no file: Numba, too, only says that a disk is full."""
    rules = sys.modules.get("sim.compiled") if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    return f"the output, or the compiled rules in {rules.CACHE}" if rules else "the output"


def _drop_output() -> None:
    """Let nothing more be written to stdout, so that Python does not fail once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complete_vary(ctx: typer.Context, incomplete: str) -> list[str]:
    from sim.experiments.completion import complete

    return complete(ctx.params.get("scenario") or "", incomplete)


app = typer.Typer(
    cls=Commands,
    help="Simulate the Baghdad embassy-closure crisis of 28 September 2020.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Scenario = Annotated[str, typer.Argument(help="Name of a shipped scenario, or a file.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change a value, as us.red_line=2; repeatable.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Out = Annotated[Path | None, typer.Option(help="Folder for summary, numbers, tables and figures.")]
Threads = Annotated[int | None, typer.Option(help="Threads; all by default.")]
Vary = Annotated[
    list[str] | None, typer.Option(metavar="PATH", help="Quantity to vary, or a pattern as 'us.*'; repeatable.")
]
Outcomes = Annotated[list[str] | None, typer.Option("--outcome", help="Outcome to look at; repeatable.")]
Width = Annotated[float, typer.Option(help="Part of each declared range to cover, around the scenario's value.")]
Filter = Annotated[str, typer.Argument(help="Show only rows that hold this text.")]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=VALUES",
        help="What varies: us.rationality=0.5:3:6, us.mindset=a,b; low:high for lhs and sobol; repeatable.",
        autocompletion=_complete_vary,
    ),
]


@app.command()
def check(scenario: Scenario, changes: Settings = None) -> None:
    """Check a scenario file and say what it holds."""
    from sim.scenario import authoring, load

    found = load(scenario, changes or ())
    if found.questions:
        from sim.analysis.questions import written_questions

        written_questions(found.questions, scenario)
    print(authoring.describe(found))


@app.command()
def run(
    scenario: Scenario,
    worlds: Annotated[int, typer.Option(help="How many worlds to live.")] = 1000,
    changes: Settings = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report, tables and plots.")] = None,
    depth: Annotated[str, typer.Option(help="What to keep: outcomes, daily or trace.")] = "daily",
    threads: Annotated[int | None, typer.Option(help="Threads; all by default.")] = None,
    force: Annotated[bool, typer.Option(help="Replace a run that is there already.")] = False,
    as_json: Json = False,
) -> None:
    """Live many worlds of a scenario; print outcomes, write a report with plots when --out is given."""
    from sim.progress import progress_bar
    from sim.results.folder import Overwrite
    from sim.results.run import run as live
    from sim.scenario import load

    found = load(scenario, changes or ())
    target = Overwrite(out) if out and force else out
    with progress_bar(worlds) as progress:
        lived = live(found, worlds=worlds, out=target, depth=depth, threads=threads, progress=progress)
    if as_json:
        _print_json(json.loads(lived.probabilities().to_json(orient="records")))
        return
    print(lived.summary())
    if out:
        print(f"\nReport: {out / 'report.html'}")


@app.command()
def sweep(
    scenario: Scenario,
    out: Annotated[Path, typer.Option(help="Folder to write, or to go on with.")],
    vary: Values = None,
    changes: Settings = None,
    worlds: Annotated[int | None, typer.Option(min=1, help="Worlds at each point [default: 500].")] = None,
    design: Annotated[str | None, typer.Option(help="grid, lhs, sobol, or a CSV or Parquet file of points.")] = None,
    points: Annotated[int | None, typer.Option(min=1, help="Number of points of lhs and sobol.")] = None,
    same_luck: Annotated[
        bool, typer.Option("--same-luck/--fresh-luck", help="Live the same worlds at every point, or new ones.")
    ] = True,
    depth: Annotated[str, typer.Option(help="What to keep: outcomes, daily or trace.")] = "outcomes",
    threads: Threads = None,
    cluster: Annotated[str | None, typer.Option(help="Dask scheduler, as tcp://127.0.0.1:8786.")] = None,
    as_json: Json = False,
) -> None:
    """Live worlds at many points; run the same again to go on after an interruption."""
    from sim.experiments import command

    asked = command.Asked(scenario, changes or [], vary or [], design, points, worlds)
    settings = command.SweepSettings(depth, "same" if same_luck else "fresh", threads)
    done = command.sweep_to(out, asked, settings, cluster)
    if as_json:
        _print_json(command.as_records(done))
    else:
        print(command.summary(done))


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check."""
    from sim.scenario import schema as make

    _print_json(make())


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the shipped scenarios."""
    from sim.scenario import authoring

    rows = authoring.listing()
    if as_json:
        _print_json([row._asdict() for row in rows])
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

    _print_rows(reference.action_table(), matching, as_json)


@app.command()
def parameters(matching: Filter = "", as_json: Json = False) -> None:
    """Print every number of the model: default, range, unit, meaning, source."""
    from sim.scenario import reference

    _print_rows(reference.parameter_table(), matching, as_json)


@app.command()
def explain(
    source: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run or of a sweep, or a scenario.")],
    world: Annotated[int | None, typer.Option(help="Number of the world; 0 by default.")] = None,
    day: Annotated[int | None, typer.Option(help="Tell why everybody decided as they did on this day.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only this actor: us, iran, iraq, sadr, a group ...")] = None,
    why_not: Annotated[str | None, typer.Option(metavar="ACTION", help="Say why it was not chosen.")] = None,
    pick: Annotated[str | None, typer.Option(help="Pick the world: representative or surprising.")] = None,
    point: Annotated[int | None, typer.Option(help="Number of the point, if it is a sweep.")] = None,
    as_json: Json = False,
) -> None:
    """Live one world again, tell it, and say why everybody did what they did."""
    from sim.analysis.explain import explain as tell
    from sim.progress import say_if_compiling

    say_if_compiling()
    told = tell(source, world, day=day, actor=actor, why_not=why_not, pick=pick, point=point)
    if as_json:
        _print_json(told.to_dict())
    else:
        print(told)


@app.command()
def play(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a file.")] = "baghdad-2020",
    seats: Annotated[list[str] | None, typer.Option("--as", help="Seat: us, iran, a group ...; repeat it.")] = None,
    changes: Settings = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the luck; the scenario's by default.")] = None,
    world: Annotated[int | None, typer.Option(help="Number of the world; an unknown one by default.")] = None,
    script: Annotated[Path | None, typer.Option(help="File of what would be typed.")] = None,
    save: Annotated[Path | None, typer.Option(help="File to save the game to.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with this saved game.")] = None,
    compare: Annotated[int, typer.Option(help="Worlds that the debrief compares with.")] = 10_000,
) -> None:
    """Take a seat in the crisis: a terminal game with undo, saved games and a debrief."""
    from sim.play import Setting, Terminal, go_on, read_script
    from sim.play import play as start
    from sim.progress import say_if_compiling

    say_if_compiling()
    setting = Setting(save, compare, Terminal(read_script(script) if script else None))
    if resume:
        go_on(resume, setting)
        return
    told = [*(changes or ()), *([] if seed is None else [f"seed={seed}"])]
    start(scenario, seats or ["us"], changes=told, world=world, setting=setting)


RecordFolder = Annotated[
    Path | None, typer.Option("--record", help="Folder of another record; the shipped one by default.")
]
Quick = Annotated[bool, typer.Option("--quick", help="A tenth of the work: minutes, and rougher.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Folder for the worlds lived, so that a stop loses nothing.")]


@app.command()
def calibrate(
    out: Annotated[Path, typer.Option(help="File for the posterior draws.")] = Path("posterior.parquet"),
    record: RecordFolder = None,
    scenario: Annotated[str, typer.Option(help="Scenario of the months before.")] = "autumn-2019",
    seed: Annotated[int, typer.Option(help="Seed of the parameters.")] = 1,
    quick: Quick = False,
    keep: Keep = None,
    as_json: Json = False,
) -> None:
    """Fit the open parameters on the weeks before the crisis; write draws that a scenario can name."""
    from sim.analysis.calibrate import CRISIS, FULL, QUICK, told, write
    from sim.analysis.calibrate import calibrate as fit
    from sim.analysis.record import load_record
    from sim.progress import progress_bar

    size = QUICK if quick else FULL
    known = load_record(record, before=CRISIS)
    with progress_bar(size.worlds) as progress:
        found = fit(known, size, scenario=scenario, folder=keep, seed=seed, progress=progress)
    write(found, known, out)
    _print_table(told(found), as_json)
    print(f"{out} written; name it in a scenario: parameters: {out.name}", file=sys.stderr)


@app.command()
def backtest(
    record: RecordFolder = None,
    quick: Quick = False,
    keep: Keep = None,
    as_json: Json = False,
) -> None:
    """Forecast from earlier mornings and score the forecasts beside the baselines."""
    from sim.analysis.backtest import backtest as score
    from sim.analysis.calibrate import FULL, QUICK
    from sim.analysis.record import load_record
    from sim.progress import progress_bar

    size = QUICK if quick else FULL
    with progress_bar(size.worlds) as progress:
        found = score(load_record(record), size, folder=keep, questions=record, progress=progress)
    _print_table(found.summary(), as_json)


@app.command()
def validate(
    out: Annotated[Path, typer.Option(help="Folder for validation.md and its figures.")] = Path("docs"),
    record: RecordFolder = None,
    quick: Quick = False,
    keep: Keep = None,
) -> None:
    """Fit, check, forecast, score: write the page that says whether the model means anything."""
    from sim.analysis.calibrate import FULL, QUICK
    from sim.analysis.record import load_record
    from sim.analysis.validate import validate as write

    size = QUICK if quick else FULL
    write(
        load_record(record),
        out,
        size=size,
        folder=keep,
        questions=record,
        say=lambda text: print(text, file=sys.stderr),
    )
    print(out / "validation.md")


def _print_table(table: Any, as_json: bool) -> None:
    if as_json:
        _print_json(json.loads(table.to_json(orient="records")))
    else:
        print(table.to_string(index=False, float_format="{:.3f}".format))


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios, files or run folders; the first is the base.")],
    change: Annotated[
        list[str] | None, typer.Option("--with", metavar="PATH=VALUE", help="Also the base with this changed.")
    ] = None,
    worlds: Annotated[int, typer.Option(help="How many worlds to live under each.")] = 1000,
    changes: Settings = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Live scenarios under the same luck: what a change did, and where worlds first went another way."""
    from sim.analysis.compare import compare as live
    from sim.analysis.compare import variants

    with _share_done() as progress:
        found = live(variants(scenarios, changes or (), change or ()), worlds, threads, progress)
    _show(found, out, as_json)


@app.command("compare-rules")
def compare_rules(
    scenario: Scenario,
    actors: Annotated[
        list[str] | None, typer.Option("--actor", help="Only this actor's rule and mindset; repeatable.")
    ] = None,
    worlds: Annotated[int, typer.Option(help="How many worlds to live under each.")] = 500,
    changes: Settings = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Live a scenario under every decision rule and mindset, with the same luck, side by side."""
    from sim.analysis.compare_rules import compare_rules as live
    from sim.scenario import load

    with _share_done() as progress:
        found = live(load(scenario, changes or ()), worlds, actors or (), threads, progress)
    _show(found, out, as_json)


@app.command()
def sensitivity(
    scenario: Scenario,
    vary: Vary = None,
    outcomes: Outcomes = None,
    method: Annotated[str, typer.Option(help="auto, morris or sobol.")] = "auto",
    trajectories: Annotated[int, typer.Option(help="Trajectories of the screening.")] = 10,
    points: Annotated[int, typer.Option(help="Size of the Sobol' sample, a power of two.")] = 256,
    worlds: Annotated[int, typer.Option(help="Worlds at each point.")] = 30,
    top: Annotated[int, typer.Option(help="How many quantities to keep after screening.")] = 8,
    width: Width = 1.0,
    changes: Settings = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Find what matters: Morris screening, Sobol' indices and tornado, with confidence."""
    from sim.analysis.sensitivity import Plan
    from sim.analysis.sensitivity import sensitivity as find
    from sim.scenario import load

    chosen = tuple(vary or ()), tuple(outcomes or ())
    plan = Plan(*chosen, method, trajectories, points, worlds, top, width)
    with _share_done() as progress:
        found = find(load(scenario, changes or ()), plan, threads, progress)
    _show(found, out, as_json)


@app.command()
def discover(
    scenario: Scenario,
    outcome: Annotated[str, typer.Argument(help="Such as us_struck, 'not truce_held', 'us_killed >= 3'.")],
    vary: Vary = None,
    worlds: Annotated[int, typer.Option(help="How many worlds; half find boxes, half judge them.")] = 4000,
    boxes: Annotated[int, typer.Option(help="How many boxes at most.")] = 3,
    coverage: Annotated[float | None, typer.Option(help="Least part of the cases in a box.")] = None,
    width: Width = 1.0,
    changes: Settings = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Find where it tips: ranges of the quantities in which an outcome is common (PRIM), as plain rules."""
    from sim.analysis.discover import Search
    from sim.analysis.discover import discover as find
    from sim.scenario import load

    search = Search(tuple(vary or ()), worlds, boxes=boxes, coverage=coverage, width=width)
    with _share_done() as progress:
        found = find(load(scenario, changes or ()), outcome, search, threads, progress)
    _show(found, out, as_json)


@app.command()
def uncertainty(
    scenario: Scenario,
    vary: Vary = None,
    outcomes: Outcomes = None,
    rules: Annotated[
        list[str] | None, typer.Option("--rule", help="Decision rule that is possible; repeatable.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the parameters.")] = 60,
    worlds: Annotated[int, typer.Option(help="Worlds of each draw, rule and combination of mindsets.")] = 10,
    width: Width = 1.0,
    source: Annotated[str, typer.Option(help="Draw over the ranges or from the scenario's distributions.")] = "auto",
    changes: Settings = None,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Take the spread of outcomes apart: luck, parameters, rule and mindset."""
    from sim.analysis.structures import PLAUSIBLE
    from sim.analysis.uncertainty import Layout
    from sim.analysis.uncertainty import uncertainty as find
    from sim.scenario import load

    chosen = tuple(vary or ()), tuple(outcomes or ()), tuple(rules or PLAUSIBLE)
    with _share_done() as progress:
        found = find(load(scenario, changes or ()), Layout(*chosen, draws, worlds, width, source), threads, progress)
    _show(found, out, as_json)


@contextmanager
def _share_done() -> Iterator[Any]:
    """A progress bar in per cent, for work of which only the share done is known."""
    from sim.progress import progress_bar

    with progress_bar(100, "% done") as show:
        yield None if show is None else (lambda done, total: show(100 * done // total, 100))


def _show(found: Any, out: Path | None, as_json: bool) -> None:
    """Write an analysis into its folder, if there is one, and print it."""
    if out:
        found.save(out)
    if as_json:
        _print_json(found.to_dict())
        return
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 120, soft_wrap=False).print(found)
    if out:
        print(f"\nSummary, numbers, tables and figures: {out}")


@app.command()
def dashboard(
    scenario: Annotated[str, typer.Argument(help="Scenario to open first; more can be chosen on the page.")] = "",
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8765,
) -> None:
    """Open the dashboard to this machine's browser: levers, outcomes, one world day by day."""
    from sim.dashboard.serve import serve

    serve(scenario, port)


def _print_rows(rows: list[Any], matching: str, as_json: bool) -> None:
    """Print the rows that hold a text.

    Raises:
        InputError: none does.
    """
    from sim.scenario import reference

    found = [row for row in rows if matching.casefold() in row.to_text().casefold()]
    if not found:
        raise InputError(f"nothing here holds the text '{matching}'")
    if as_json:
        _print_json([row._asdict() for row in found])
    else:
        print(reference.to_text(found))


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _open_closed() -> None:
    """Let closed standard streams lead nowhere, lest the next file that is opened be taken for one of them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin, sys.stdout, sys.stderr = (
        stream or Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 open until the end
        for stream, mode in ((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w"))
    )


def main() -> None:
    """Run the command line."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
