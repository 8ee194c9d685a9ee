"""Types of single values in a scenario: each checks a value, says in our words what is wrong, and has a JSON schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from sim.errors import InputError, nearest
from sim.quantity import Quantity
from sim.scenario.action_quantities import SWITCH
from sim.scenario.distribution import Distribution, is_number, parse
from sim.scenario.places import Wrong
from sim.scenario.reader import kind_of

FIRST_YEAR, LAST_YEAR = 1900, 2200
MONTHS = 12
EXACT = 2**53
"""Whole numbers up to here are exact as fractions, too: 30.0 is 30."""
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
HERE = "{path}"
"""Stands for the path of the value in messages; the place of the check does not know it."""


def leaf(check: Callable[[Any], Any], schema: dict[str, Any]) -> Any:
    """A pydantic type that runs ``check`` and shows ``schema``."""
    return Annotated[Any, PlainValidator(check), WithJsonSchema(schema)]


def check_text(value: Any) -> str:
    """Return the value if it is text.

    Raises:
        Wrong: it is something else.
    """
    if not isinstance(value, str):
        raise Wrong(f"{HERE} must be text, not {kind_of(value)}; put it in quotes")
    return value


def check_date(value: Any) -> date:
    """Return the value as a date; text in ISO form is read.

    Raises:
        Wrong: it is no date, has a time of day, or lies outside the years the calendar covers.
    """
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise Wrong(f"{HERE} must be a date such as 2020-09-28, not '{value[:40]}'") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Wrong(f"{HERE} must be a date without a time, such as 2020-09-28, not {kind_of(value)}")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Wrong(f"{HERE} must lie in the years {FIRST_YEAR}..{LAST_YEAR}, not {value}")
    return value


def check_whole(low: int, high: int, value: Any) -> int:
    """Return the value if it is a whole number from ``low`` to ``high``.

    Raises:
        Wrong: it is not.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        shown = value if isinstance(value, float) else kind_of(value)
        raise Wrong(f"{HERE} must be a whole number in {low}..{high}, not {shown}")
    if not low <= value <= high:
        raise Wrong(f"{HERE} = {value} is out of range: allowed is {low}..{high}")
    return value


def check_day(last: int, value: Any) -> int | date:
    """Return the value as the number of a day, or as a date.

    Raises:
        Wrong: it is neither, or a number beyond the last.
    """
    return check_whole(0, last, value) if isinstance(value, int) else check_date(value)


def check_constant(quantity: Quantity, value: Any) -> float:
    """Return the value if the quantity allows it.

    Raises:
        Wrong: it is no number, or out of range.
    """
    if quantity.unit == SWITCH and isinstance(value, bool):
        return float(value)
    if isinstance(value, dict):
        raise Wrong(f"{HERE} must be one number here, not a distribution")
    if not is_number(value):
        allowed = "true or false" if quantity.unit == SWITCH else f"a number in {quantity.allowed}"
        raise Wrong(f"{HERE} must be {allowed}, not {kind_of(value)}")
    try:
        return quantity.check(value)
    except InputError as error:
        raise Wrong(str(error)) from None


def check_quantity(quantity: Quantity, value: Any) -> float | Distribution:
    """Return a number, or the distribution that a mapping describes.

    Raises:
        Wrong: as :func:`check_constant`, or the distribution does not fit the quantity.
    """
    return parse(quantity, value) if isinstance(value, dict) else check_constant(quantity, value)


def check_truth(value: Any) -> bool:
    """Return the value if it is true or false.

    Raises:
        Wrong: it is something else.
    """
    if not isinstance(value, bool):
        raise Wrong(f"{HERE} must be true or false, not {kind_of(value)}")
    return value


def check_id(value: Any) -> str:
    """Return the value if it can be the id of a group or bloc.

    Raises:
        Wrong: it is not made of small letters, digits and underscores.
    """
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise Wrong(f"an id is made of small letters, digits and _, such as kataib_hezbollah, not '{str(value)[:60]}'")
    return value


def check_mapping(value: Any) -> dict[Any, Any]:
    """Return the value if it is a mapping.

    Raises:
        Wrong: it is something else.
    """
    if not isinstance(value, dict):
        raise Wrong(f"{HERE} must be a mapping of keys, not {kind_of(value)}")
    return value


def check_factors(quantity: Quantity, value: Any) -> list[float]:
    """Return the value if it is a list of twelve numbers that the quantity allows.

    Raises:
        Wrong: it is not.
    """
    if not isinstance(value, list) or len(value) != MONTHS:
        raise Wrong(f"{HERE} must be a list of twelve numbers, January to December")
    return [check_constant(quantity, each) for each in value]


def check_name(what: str, allowed: Iterable[str], value: Any) -> str:
    """Return the value if it is one of the allowed names.

    Raises:
        Wrong: it is not; the message names the nearest.
    """
    names = list(allowed)
    if not isinstance(value, str) or value not in names:
        hint = nearest(str(value), names)
        raise Wrong(f"{HERE}: unknown {what} '{str(value)[:60]}';{hint} allowed: {', '.join(names)}")
    return value


def number_schema(quantity: Quantity) -> dict[str, Any]:
    """JSON schema of one number of a quantity."""
    if quantity.unit == SWITCH:
        return {"enum": [True, False, 0, 1]}
    return {"type": "integer" if quantity.whole else "number", "minimum": quantity.low, "maximum": quantity.high}


def quantity_type(quantity: Quantity) -> Any:
    """Type of a value that may be a number or a distribution."""
    check = partial(check_quantity, replace(quantity, path=HERE))
    return leaf(check, {"anyOf": [number_schema(quantity), DISTRIBUTION]})


def constant_type(quantity: Quantity) -> Any:
    """Type of a value that must be one number."""
    return leaf(partial(check_constant, replace(quantity, path=HERE)), number_schema(quantity))


def whole_schema(low: int, high: int) -> dict[str, Any]:
    """JSON schema of a whole number in a range."""
    return {"type": "integer", "minimum": low, "maximum": high}


def whole_type(low: int, high: int) -> Any:
    """Type of a whole number in a range, exact to the last digit."""
    return leaf(partial(check_whole, low, high), whole_schema(low, high))


def name_type(what: str, allowed: Iterable[str]) -> Any:
    """Type of a name from a list."""
    names = list(allowed)
    return leaf(partial(check_name, what, names), {"type": "string", "enum": names})


def nullable(check: Callable[[Any], Any], schema: dict[str, Any]) -> Any:
    """Type of a value that may also be null."""
    return leaf(lambda value: None if value is None else check(value), {"anyOf": [schema, {"type": "null"}]})


DISTRIBUTION = {"title": "Distribution"}
"""Stands for the schema of distributions, which :func:`sim.scenario.models.schema` puts in its place."""
DAY = {"type": "string", "format": "date"}
Text = leaf(check_text, {"type": "string"})
Id = leaf(check_id, {"type": "string"})
Date = leaf(check_date, DAY)
Truth = leaf(check_truth, {"type": "boolean"})
Mapping = leaf(check_mapping, {"type": "object"})
Anything = leaf(lambda value: value, {})
