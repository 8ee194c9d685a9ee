"""The command line itself: how it is entered, and what becomes of errors.

Progress goes to stderr, results to stdout. Exit codes: 0 done, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.errors import InputError, SimError
from sim.log import LOGGER, Speaking
from sim.version import __version__

INTERRUPTED = 130
BAD_INPUT = 2


class Commands(TyperGroup):
    """The commands, with all errors in one place: one message on stderr, never a traceback."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options of all commands, wherever they stand; the help is printed here.

        Raises:
            typer.Exit: with the exit code of the error.
        """
        with _told():
            return super().parse_args(ctx, said_first(args))

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises:
            typer.Exit: with the exit code of the error.
        """
        with _told():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


@contextmanager
def _told() -> Iterator[None]:
    """Tell errors in a line and end; a reader of a pipe who has seen enough is no error.

    Raises:
        typer.Exit: with the exit code of the error.
    """
    try:
        yield
    except SimError as error:
        raise _end(str(error), error.exit_code) from None
    except KeyboardInterrupt:
        raise _end("interrupted", INTERRUPTED) from None
    except BrokenPipeError:
        _drop_output()
        raise typer.Exit(0) from None
    except OSError as error:
        _drop_output()
        raise _end(f"{error.filename or _unnamed(error)}: {error.strerror or error}", BAD_INPUT) from None
    except MemoryError:
        raise _end("this needs more memory than there is: ask for fewer worlds or points", BAD_INPUT) from None
    except UnicodeEncodeError:
        encoding = sys.getfilesystemencoding()
        raise _end(f"a path has letters that this locale ({encoding}) lacks: set PYTHONUTF8=1", BAD_INPUT) from None


def _end(message: str, code: int) -> typer.Exit:
    """Say why it ends; where nobody can be told, the exit code still says it."""
    LOGGER.error(message)
    return typer.Exit(code)


def _unnamed(error: OSError) -> str:
    """What an error of the system is about that names no file: Numba, too, only says that a disk is full."""
    rules = sys.modules.get("sim.compiled") if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    return f"the output, or the compiled rules in {rules.CACHE}" if rules else "the output"


def _drop_output() -> None:
    """Let nothing more be written to stdout, so that Python does not fail once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="--quiet, --verbose and --log-json may also stand after a command.",
)
SPEECH = ("-q", "--quiet", "-v", "--verbose", "--log-json")


def said_first(args: list[str]) -> list[str]:
    """The words of the command line with what says how to speak in front, which may stand anywhere before a ``--``."""
    end = args.index("--") if "--" in args else len(args)
    first = [word for word in args[:end] if word in SPEECH]
    return [*first, *(word for word in args[:end] if word not in SPEECH), *args[end:]]


def _version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        print(f"sim {__version__}")
        raise typer.Exit


@app.callback()
def speak(
    ctx: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False,
    as_json: Annotated[bool, typer.Option("--log-json", help="Say it as JSON, an object a line.")] = False,
) -> None:
    """Simulate the Baghdad embassy-closure crisis of 28 September 2020."""
    if quiet and verbose:
        raise InputError("--quiet and --verbose cannot both be: choose one")
    speaking = Speaking(logging.ERROR if quiet else logging.DEBUG if verbose else logging.INFO, as_json)
    ctx.call_on_close(speaking.end)
    LOGGER.debug("sim %s, Python %s: %s", __version__, platform.python_version(), " ".join(sys.argv[1:]))


def _open_closed() -> None:
    """Let closed standard streams lead nowhere, lest the next file that is opened be taken for one of them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin, sys.stdout, sys.stderr = (
        stream or Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 open until the end
        for stream, mode in ((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w"))
    )


def _told_in_a_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: object = None,
) -> None:
    """Say a warning on stderr; one of ours without the place in the code, which says nothing to a user."""
    from sim.scenario.kept import OtherRules

    del file, line  # stderr it is, and the line of code says nothing to a user
    ours = issubclass(category, OtherRules)
    print(message if ours else warnings.formatwarning(message, category, filename, lineno).strip(), file=sys.stderr)


def main() -> None:
    """Run the command line."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    os.environ["MPLBACKEND"] = "Agg"  # figures go to files; a notebook's backend may not be installed here
    warnings.showwarning = _told_in_a_line
    # A letter that the font of the figures lacks is drawn as a box; a line for each of them says no more.
    warnings.filterwarnings("ignore", message="Glyph .* missing from")
    app()
