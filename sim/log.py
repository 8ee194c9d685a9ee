"""What the program says of its work, through ``logging.getLogger("sim")``.

As a library it sets nothing up: warnings show as Python shows them, and whoever wants more configures the logger as any
other. The command line sets it up here: each message a line on stderr, or a JSON object a line.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("sim")
FACTS = "facts"
"""Under this name of ``extra`` a message carries its numbers; JSON lines hold them beside the message."""


class Lines(logging.Formatter):
    """A message as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """The message alone: the command line speaks to a person."""
        return record.getMessage()


class JsonLines(logging.Formatter):
    """A message as a JSON object: time, level, logger, message, and its facts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(line | getattr(record, FACTS, {}), ensure_ascii=False)


class OnStderr(logging.Handler):
    """Lines on whatever stderr is at the moment; one that is closed or full loses them and stops nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message."""
        with suppress(OSError, ValueError):
            print(self.format(record), file=sys.stderr, flush=True)


class Speaking:
    """The log as the command line sets it up, until it is ended.

    Args:
        level: what is said at least.
        as_json: whether each line is a JSON object.
    """

    def __init__(self, level: int, as_json: bool = False) -> None:
        self._before = LOGGER.level, LOGGER.propagate
        self._handler = OnStderr()
        self._handler.setFormatter(JsonLines() if as_json else Lines())
        LOGGER.addHandler(self._handler)
        LOGGER.setLevel(level)
        LOGGER.propagate = False

    def end(self) -> None:
        """Leave the logger as it was."""
        LOGGER.removeHandler(self._handler)
        LOGGER.setLevel(self._before[0])
        LOGGER.propagate = self._before[1]


def wants_bars() -> bool:
    """Whether a bar may be drawn on a terminal: not beside JSON lines, nor where the log was told to be quiet."""
    as_json = any(isinstance(handler.formatter, JsonLines) for handler in LOGGER.handlers)
    return not as_json and LOGGER.level <= logging.INFO
