"""Where tables ask for pictures.

Results do not depend on plots: the module is looked up by name when a picture is asked for, as pandas looks up its
plotting backend, so that everything here works without a line of Matplotlib being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from sim.errors import InputError


class Drawn(NamedTuple):
    """A figure on disk: its file name without ending, its title (the finding) and a caption."""

    name: str
    title: str
    caption: str


def plots(module: str) -> ModuleType:
    """The module ``sim.plots.<module>``.

    Raises:
        InputError: Matplotlib cannot be used here, as where MPLBACKEND names a backend that is not installed.
    """
    try:
        return import_module(f"sim.plots.{module}")
    except (ImportError, ValueError) as error:
        if getattr(error, "name", None) == f"sim.plots.{module}":
            raise
        raise InputError(f"no figures can be drawn here: {str(error).splitlines()[0]}") from error


@contextmanager
def getting_ready() -> Iterator[None]:
    """Read what drawing needs on a thread of its own while the block lives worlds on others."""
    with ThreadPoolExecutor(1) as pool:
        ready = pool.submit(lambda: plots("style").get_ready())
        yield
    ready.exception()  # where it failed, drawing fails in the same way, and tells it
