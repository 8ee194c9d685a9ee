"""The commands: each calls one public function and prints what it returns.

Progress goes to stderr, results to stdout. Exit codes: 0 done, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
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
            print(f"{error.filename or 'the output'}: {error.strerror or error}", file=sys.stderr)
            _drop_output()
            raise typer.Exit(BAD_INPUT) from None


def _drop_output() -> None:
    """Let nothing more be written to stdout, so that Python does not fail once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
Filter = Annotated[str, typer.Argument(help="Show only rows that hold this text.")]


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
    source: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario.")],
    world: Annotated[int | None, typer.Option(help="Number of the world; 0 by default.")] = None,
    day: Annotated[int | None, typer.Option(help="Tell why everybody decided as they did on this day.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only this actor: us, iran, iraq, sadr, a group ...")] = None,
    why_not: Annotated[str | None, typer.Option(metavar="ACTION", help="Say why it was not chosen.")] = None,
    pick: Annotated[str | None, typer.Option(help="Pick the world: representative or surprising.")] = None,
    as_json: Json = False,
) -> None:
    """Live one world again, tell it, and say why everybody did what they did."""
    from sim.analysis.explain import explain as tell

    told = tell(source, world, day=day, actor=actor, why_not=why_not, pick=pick)
    if as_json:
        _print_json(told.to_dict())
    else:
        print(told)


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


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
