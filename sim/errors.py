"""Errors a user can mend, each with the exit code of the command line and a hint at what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from operator import index
from types import ModuleType
from typing import Any

from sim.installed import install_command


class SimError(Exception):
    """Root of the errors this package raises on purpose; the command line prints the message alone, no traceback.

    Examples:
        >>> issubclass(sim.InputError, sim.SimError)
        True
    """

    exit_code: int = 1


class InputError(SimError):
    """The user gave something that cannot be used; the message names the cause and what is allowed.

    Examples:
        >>> try:
        ...     sim.load("bagdad-2020")
        ... except sim.InputError as error:
        ...     print(error)
        unknown scenario 'bagdad-2020'; did you mean 'baghdad-2020'?...
    """

    exit_code = 2


class NoRuleError(SimError):
    """The catalogue names an act or a precondition that no rule knows: a slip of whoever added it."""


class MissingExtra(SimError):  # noqa: N818 - it names what is missing, as the built-in `KeyboardInterrupt` does
    """A feature was asked for whose optional dependency is not installed.

    Examples:
        >>> sim.MissingExtra("SALib", "analysis").extra
        'analysis'
    """

    exit_code = 2

    def __init__(self, module: str, extra: str) -> None:
        """Name the module that is missing and the extra of this package that brings it."""
        super().__init__(module, extra)
        self.module = module
        self.extra = extra

    def __str__(self) -> str:
        return f"this needs '{self.module}', which is not installed: {install_command(self.extra)}"


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return " did you mean 'x'?" for the allowed name closest to `name`, or "" if none is close.

    Case is ignored, so that a name in capitals still finds its twin. The leading space lets the hint be appended.
    """
    by_folded = {candidate.casefold(): candidate for candidate in allowed}
    close = get_close_matches(name.casefold(), by_folded, n=1)
    return f" did you mean '{by_folded[close[0]]}'?" if close else ""


def unknown(kind: str, name: str, allowed: Iterable[str]) -> InputError:
    """Build the error for a name that is not among the allowed ones: the nearest name first, then all of them."""
    names = sorted(allowed)
    return InputError(f"unknown {kind} '{name}';{nearest(name, names)} known: {', '.join(names) or 'none'}")


def whole(what: str, given: Any, low: int | None = None, high: int | None = None) -> int:
    """A whole number that a user gives, Python's or NumPy's, as Python's.

    Args:
        what: what it is, at the start of a sentence: ``the number of worlds``.
        given: the number.
        low, high: least and largest that is allowed.

    Raises:
        InputError: it is not whole, or not allowed.
    """
    try:
        number = index(given) if not isinstance(given, bool) else None
    except TypeError:
        number = None
    if number is None:
        raise InputError(f"{what} must be a whole number, not {given!r}")
    if (low is not None and number < low) or (high is not None and number > high):
        allowed = f"at least {low}" if high is None else f"at most {high}" if low is None else f"in {low}..{high}"
        raise InputError(f"{what} must be {allowed}, not {number}")
    return number


def require(module: str, extra: str) -> ModuleType:
    """Import an optional dependency, late, and return it.

    Raises:
        MissingExtra: the package that holds the module is not installed.
        ModuleNotFoundError: it is installed, but has no such module, or lacks something that it imports itself.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise MissingExtra(module, extra) from error


def require_all(modules: Iterable[str], extra: str) -> None:
    """Look for optional dependencies before long work that ends in them; nothing is imported.

    Args:
        modules: the packages, without what is inside them.
        extra: the extra of this package that brings them.

    Raises:
        MissingExtra: one is not installed.
    """
    for module in modules:
        if not _there(module):
            raise MissingExtra(module, extra)


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
