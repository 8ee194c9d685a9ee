"""What the page offers: the shipped scenarios, after the file or the run that the command line named."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from sim.dashboard.desk import USUAL_WORLDS, Desk
from sim.dashboard.living import WORLDS
from sim.errors import InputError
from sim.results.folder import is_folder, read_manifest
from sim.scenario import shipped

T = TypeVar("T")

USUAL = "baghdad-2020"
TEMPLATE = "template"
SHOWN = 80
"""Letters of a wrong value that are repeated in a message."""
_named: list[Desk] = []


def offer(source: str) -> None:
    """Put a scenario, shipped or a file, or a run at the head of the list, for every tab of this server.

    Raises:
        InputError: it cannot be opened; the message is that of ``sim check``.
    """
    desk = Desk(source, worlds=_worlds(source))
    desk.opened()
    _named[:] = [desk]


def first() -> Desk:
    """The desk that a new tab begins with: what the command line named, or the usual scenario."""
    return Desk(_named[0].source, worlds=_named[0].worlds) if _named else Desk(USUAL)


def offered() -> tuple[str, ...]:
    """Names, files and folders, the one to open first at the head."""
    names = [name for name in shipped() if name != TEMPLATE]
    return tuple(dict.fromkeys([*(desk.source for desk in _named), USUAL, *names]))


def among(kind: str, told: Any, offered: Iterable[T]) -> T:
    """The one of what is offered that a browser told; a browser may tell anything.

    Raises:
        InputError: it is not offered.
    """
    known = list(offered)
    for each in known:
        if type(each) is type(told) and each == told:
            return each
    raise InputError(f"the page does not offer the {kind} {repr(told)[:SHOWN]}; it offers {', '.join(map(str, known))}")


def _worlds(source: str) -> int:
    """How many worlds to live at first: as many as a run had, where the page offers that many."""
    lived = read_manifest(Path(source))["worlds"] if is_folder(source) else USUAL_WORLDS
    return lived if lived in WORLDS else USUAL_WORLDS
