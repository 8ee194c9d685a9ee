"""The table a game lies on: where it is read, written and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import InputError
from sim.play.game import Game
from sim.play.saved import SUFFIX, refuse_target, save
from sim.play.terminal import Terminal

MOST_WORLDS = 1_000_000


@dataclass(frozen=True)
class Setting:
    """How a game is played.

    Attributes:
        file: where it is saved; None until a name is needed.
        compare: number of worlds without people that the debrief compares with.
        terminal: where it reads and writes.

    Raises:
        InputError: the number of worlds or the file cannot be used.
    """

    file: Path | None = None
    compare: int = 10_000
    terminal: Terminal = field(default_factory=Terminal)

    def __post_init__(self) -> None:
        if not 1 <= self.compare <= MOST_WORLDS:
            raise InputError(f"the debrief can compare with 1 to {MOST_WORLDS} worlds, not {self.compare}")
        if self.file:
            refuse_target(self.file)


class Table:
    """A game on the table: the game, the source of its scenario and what was changed in it, and its setting."""

    def __init__(self, game: Game, source: str, changes: Sequence[str], setting: Setting) -> None:
        """Lay a game on the table."""
        self.game, self.source, self.changes = game, source, list(changes)
        self.file, self.compare, self.terminal = setting.file, setting.compare, setting.terminal

    def save(self, file: Path | None = None) -> Path:
        """Save the game, under a free name of its own if none was given.

        Raises:
            InputError: it cannot be written.
        """
        file = file or self.file or _free_name(f"{self.game.scenario.name}-{'-'.join(self.game.seats)}")
        self.file = save(self.game, file, self.source, self.changes)
        return self.file


def _free_name(stem: str) -> Path:
    """A name in this folder that no file has."""
    for number in range(1, 10_000):
        path = Path(f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}")
        if not path.exists():
            return path
    raise InputError("this folder is full of saved games: name a file with --save")
