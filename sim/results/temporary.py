"""A folder for results that were given none: it goes with the object that holds them."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

_handed_out: list[Temporary] = []


class Temporary:
    """A temporary folder, removed when nothing holds this object any more, or else when the program ends.

    Attributes:
        path: the folder.
    """

    def __init__(self, prefix: str) -> None:
        """Make the folder."""
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        weakref.finalize(self, _remove, self.path, os.getpid())

    def keep(self) -> None:
        """Let it stay until the program ends: something was handed out that reads it, who knows for how long."""
        if self not in _handed_out:
            _handed_out.append(self)


def _remove(folder: Path, owner: int) -> None:
    """Remove a folder, unless this is a child process that was forked off its owner."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
