"""Which scenarios the page offers: the shipped ones, after the file that the command line named."""

from __future__ import annotations

from sim.scenario import shipped

USUAL = "baghdad-2020"
TEMPLATE = "template"
_named: list[str] = []


def offer(source: str) -> None:
    """Put a scenario, shipped or a file, at the head of the list, for every tab of this server."""
    _named[:] = [source]


def offered() -> tuple[str, ...]:
    """Names and files, the one to open first at the head."""
    names = [name for name in shipped() if name != TEMPLATE]
    return tuple(dict.fromkeys([*_named, USUAL, *names]))
