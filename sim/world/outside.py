"""Policies from outside the package: compiled by themselves, called by the compiled rules, kept by their address.

The rulebook is compiled once and calls a policy through a pointer, so that a new policy compiles in a second and the
rules not at all. The address is that of this process and must reach no file; interpreted rules look the same number
up in a table.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import carray, types  # type: ignore[attr-defined, unused-ignore]
from numba.extending import intrinsic, overload

from sim.errors import InputError, nearest
from sim.world.records import OFFER, SEEN

RAISED = -(2**62)
"""The answer of a policy that raised an error."""
SEEN_TYPE, OFFER_TYPE = numba.from_dtype(SEEN), numba.from_dtype(OFFER)
ARGUMENTS = (SEEN_TYPE, types.Array(OFFER_TYPE, 1, "C"))
ENTRY = types.int64(types.CPointer(SEEN_TYPE), types.CPointer(OFFER_TYPE), types.int64)
MARK = "sim_rule"
WORDS = {str(ARGUMENTS[1]): "options", str(SEEN_TYPE): "seen", str(OFFER_TYPE): "an option"}
"""Types as a user knows them; Numba spells out every field."""
NOISE = ("Failed in", "During:", "File ", "<source", "Overload")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r'File "([^"]+\.py)", line (\d+)')
Function = TypeVar("Function", bound=Callable[..., Any])


class Outside(NamedTuple):
    """A policy that can be called.

    Attributes:
        function: the policy as written.
        entry: what keeps its machine code alive; None where rules are interpreted.
    """

    function: Callable[..., Any]
    entry: Any


KNOWN: dict[int, Outside] = {}
"""The policies of this process by address."""


def rule(function: Function) -> Function:
    """Compile a policy ``choose(seen, options) -> int``, or a function that one calls; interpreted without a compiler.

    Unlike the rules of the package it is checked for indices out of bounds, and compiled anew by every process.

    Examples:
        >>> @sim.rule
        ... def first(seen, options):
        ...     return 0
        >>> first(None, None)
        0
    """
    vars(function)[MARK] = True
    return numba.njit(error_model="python", nogil=True, boundscheck=True)(function)  # type: ignore[return-value, unused-ignore]


def is_rule(policy: Any) -> bool:
    """Whether something has been compiled by :func:`rule`."""
    return hasattr(_written(policy), MARK)


def _written(policy: Any) -> Any:
    return getattr(policy, "py_func", policy)


def ask(address: int, seen: Any, offers: Any) -> int:
    """Index of the offer that a policy chooses; :data:`RAISED` if it raises. This is the interpreted one of two."""
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return int(KNOWN[address].function(seen, offers))
    except Exception:  # noqa: BLE001 another author's policy may raise anything; see `refuse_faults`
        return RAISED


@overload(ask)
def _ask_compiled(address: Any, seen: Any, offers: Any) -> Any:
    def ask_compiled(address: Any, seen: Any, offers: Any) -> Any:
        return _jump(address, seen, offers[0], len(offers))  # type: ignore[call-arg, unused-ignore]

    return ask_compiled


@intrinsic
def _jump(_context: Any, address: Any, seen: Any, offer: Any, count: Any) -> Any:
    """Call the function at an address with two records and a number."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        place, number = ir.IntType(8).as_pointer(), ir.IntType(64)
        kind = ir.FunctionType(number, [place, place, number])
        entry = builder.inttoptr(arguments[0], kind.as_pointer())
        records = [builder.bitcast(record, place) for record in arguments[1:3]]
        return builder.call(entry, [*records, arguments[3]])

    return types.int64(types.int64, seen, offer, types.int64), code


@cache
def address_of(policy: Callable[..., Any], name: str) -> int:
    """Compile a policy made by :func:`rule` and return its address, the same for the life of the process.

    Raises:
        InputError: it does not take what a policy is given, or cannot be compiled; the message says why.
    """
    written = _written(policy)
    if len(inspect.signature(written).parameters) != len(ARGUMENTS):
        raise InputError(f"policy {name}: a compiled policy takes two arguments, (seen, options)")
    entry = None if written is policy else _entry(policy, name)
    address = len(KNOWN) + 1 if entry is None else int(entry.address)
    KNOWN[address] = Outside(written, entry)
    return address


def _entry(policy: Any, name: str) -> Any:
    try:
        policy.compile(ARGUMENTS)
        returned = policy.overloads[ARGUMENTS].signature.return_type
        if not isinstance(returned, types.Integer):
            raise InputError(f"policy {name} must return a whole number, the index of an option, not {returned}")
        return _callable_from_rules(policy)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"policy {name} cannot be compiled: {_reason(error)}") from error


def _callable_from_rules(policy: Any) -> Any:
    def enter(seen: Any, offers: Any, count: int) -> int:
        try:
            return policy(carray(seen, 1)[0], carray(offers, count))
        except Exception:  # noqa: BLE001 another author's policy may raise anything; see `refuse_faults`
            return RAISED

    return numba.cfunc(ENTRY)(enter)


def _reason(error: Exception) -> str:
    """What stands in the way of compiling, in a line, with the place if Numba knows it."""
    if isinstance(error, KeyError):
        field = str(error.args[0])
        hint = nearest(field, (*(SEEN.names or ()), *(OFFER.names or ())))
        return f"neither what is seen nor an option has a field '{field}'{';' if hint else ''}{hint}"
    text = COLOUR.sub("", str(error))
    for kind, word in WORDS.items():
        text = text.replace(kind, word)
    told = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith(NOISE)]
    reason = " ".join(told[: 2 if told[0].endswith(":") else 1])
    place = PLACE.search(text)
    return f"{reason} ({place[1]}, line {place[2]})" if place and place[1] not in reason else reason


def refuse_faults(w: Any, traits: Any, actors: Sequence[str]) -> None:
    """End a world in which a policy from outside has failed.

    Args:
        w: the WORLD record.
        traits: TRAIT of its actors.
        actors: their ids.

    Raises:
        InputError: one has raised an error or has chosen something that it was not offered; names actor, day and world.
    """
    if not w["fault"]:
        return
    seen, offers = w["seen"][0], w["offers"][: w["n_offers"]]
    who, when = f"the policy of {actors[seen['actor']]}", f"on day {seen['day']} of world {w['number']}"
    if w["answer"] != RAISED:
        raise InputError(f"{who} chose option {w['answer']} {when}; it had options 0 to {len(offers) - 1}")
    try:
        ask_again = KNOWN[int(traits[seen["actor"]]["outside"])].function
        with np.errstate(divide="raise", invalid="raise"):
            ask_again(seen, offers)
    except Exception as error:
        raise InputError(f"{who} failed {when}: {error!r}") from error
    raise InputError(f"{who} failed {when}")
