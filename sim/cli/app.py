"""The command line itself: how it is entered, and what becomes of errors.

Progress goes to stderr, results to stdout. Exit codes: 0 done, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from sim.errors import SimError

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
        except MemoryError:
            print("this needs more memory than there is: ask for fewer worlds or points", file=sys.stderr)
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


app = typer.Typer(
    cls=Commands,
    help="Simulate the Baghdad embassy-closure crisis of 28 September 2020.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    # A letter that the font of the figures lacks is drawn as a box; a line for each of them says no more.
    warnings.filterwarnings("ignore", message="Glyph .* missing from")
    app()
