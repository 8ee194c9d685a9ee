"""Where a game reads and writes: a terminal, or a script."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

from sim.errors import InputError


class Terminal:
    """Lines in, lines out. Without a script it reads standard input."""

    def __init__(self, script: Sequence[str] | None = None, out: TextIO | None = None) -> None:
        """Read from a script if there is one; write to standard output by default."""
        self._script = list(script) if script is not None else None
        self._out = out

    @property
    def is_live(self) -> bool:
        """Whether a person sits at a terminal."""
        return self._script is None and sys.stdin.isatty()

    @property
    def left(self) -> int:
        """Lines of the script that have not been read."""
        return len(self._script or ())

    def show(self, lines: Iterable[str]) -> None:
        """Write some lines."""
        print("\n".join(lines), file=self._out or sys.stdout, flush=True)

    def ask(self, prompt: str) -> str:
        """Read a line.

        Raises:
            EOFError: there is no more input.
        """
        if self.is_live:
            with suppress(ImportError):  # not on every system; it lets lines be edited and called up again
                import_module("readline")
            return _printable(input(prompt))
        line = _printable(self._next())
        self.show([f"{prompt}{line}"])
        return line

    def _next(self) -> str:
        if self._script is not None:
            if not self._script:
                raise EOFError
            return self._script.pop(0)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line

    def clear(self) -> None:
        """Hide what the last seat saw."""
        if self.is_live:
            self.show(["\N{ESCAPE}[2J\N{ESCAPE}[H"])


def _printable(line: str) -> str:
    """A line without the codes of arrow keys and the like, and without spaces around it."""
    return "".join(letter for letter in line if letter.isprintable()).strip()


def read_script(path: str | Path) -> list[str]:
    """The lines a player would type; what follows ``#`` is a remark. Empty lines are left out: ``d`` holds a day.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the script '{path}': {error}") from error
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]
