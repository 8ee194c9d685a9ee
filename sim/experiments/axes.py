"""Axes: the values that one path takes in a design."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError, nearest
from sim.quantity import Quantity
from sim.scenario import Scenario, paths
from sim.scenario.design import named_paths
from sim.scenario.reader import read_value

NUMBER = r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*"
SPAN = re.compile(rf"({NUMBER}):({NUMBER})(?::\s*(\d+)\s*)?")
EXACT = 2**53
"""Above this a float is no longer exact, so such a number (a seed) stays text."""
MOST_POINTS = 1_000_000
HINT = "a list a,b,c, or low:high:number, or low:high for lhs and sobol"


@dataclass(frozen=True)
class Axis:
    """What one path may be: some values, or everything between two ends.

    Attributes:
        path: address of the value.
        values: the values in order; empty when everything between ``low`` and ``high`` is allowed.
        low, high: the ends.
        whole: whether only whole numbers are allowed.
    """

    path: str
    values: tuple[float | str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False

    def levels(self) -> tuple[float | str, ...]:
        """The values of a grid.

        Raises:
            InputError: their number is not given.
        """
        if not self.values:
            raise InputError(
                f"{self.path}={self.low:g}:{self.high:g} needs a number of values in a grid: low:high:number"
            )
        return self.values

    def at(self, share: NDArray[np.float64]) -> NDArray[Any]:
        """The values at the shares (n,) in [0, 1) of the way along the axis, all parts of it equally likely."""
        if self.values:
            return np.array(self.values)[(share * len(self.values)).astype(np.intp)]
        if self.whole:
            return np.floor(self.low + share * (self.high - self.low + 1.0))
        return self.low + share * (self.high - self.low)


def axis_of(scenario: Scenario, path: str, given: Any) -> Axis:
    """The axis of a path from a text (``0.2:0.9:8``, ``a,b``), a list, or one value.

    Raises:
        InputError: the text is of another form, or a value is not allowed or stands there twice.
    """
    quantity = paths(scenario).get(path)
    span = SPAN.fullmatch(given) if isinstance(given, str) else None
    if span and span[3] is None:
        if quantity is None:
            raise _no_number(scenario, path)
        return _continuous(path, float(span[1]), float(span[2]), quantity)
    if span:
        return _discrete(path, _steps(path, float(span[1]), float(span[2]), int(span[3])), quantity)
    return _discrete(path, _items(path, given), quantity)


def whole_column(scenario: Scenario, path: str, column: Iterable[Any]) -> Any:
    """A column of points from outside as numbers or as text.

    Raises:
        InputError: a value is missing or not allowed.
    """
    quantity = paths(scenario).get(path)
    values = [_value(path, each, quantity) for each in column]
    return values if all(isinstance(each, float) for each in values) else [str(each) for each in values]


def _steps(path: str, low: float, high: float, count: int) -> list[float]:
    """Evenly spaced values without the noise of binary fractions: 0.3, not 0.30000000000000004."""
    if not np.isfinite([low, high]).all() or count > MOST_POINTS:
        raise InputError(f"{path}: low:high:number takes finite ends and at most {MOST_POINTS:,} values")
    return [float(f"{value:.12g}") for value in np.linspace(low, high, count)]


def _items(path: str, given: Any) -> list[Any]:
    if isinstance(given, str):
        return [read_value(text.strip(), f"--vary {path}={given}")[0] for text in given.split(",")]
    if isinstance(given, list | tuple | np.ndarray | pd.Series | range):
        return list(given)
    return [given]


def _discrete(path: str, given: list[Any], quantity: Quantity | None) -> Axis:
    values = [_value(path, each, quantity) for each in given]
    if not values:
        raise InputError(f"{path} has no value; give {HINT}")
    if not all(isinstance(each, float) for each in values):
        values = [_text(each) for each in values]
    for place, value in enumerate(values):
        if value in values[:place]:
            raise InputError(f"{path} takes the value {_text(value)} twice")
    return Axis(path, tuple(values))


def _no_number(scenario: Scenario, path: str) -> InputError:
    names = named_paths(tuple(group.id for group in scenario.groups))
    hint = "" if path in names else nearest(path, [*paths(scenario), *names])
    return InputError(f"{path} is no number of the model;{hint} what is no number takes a list of values: a,b,c")


def _continuous(path: str, low: float, high: float, quantity: Quantity) -> Axis:
    quantity.check(low)
    quantity.check(high)
    if low >= high:
        raise InputError(f"{path}={low:g}:{high:g}: the first end must be below the second")
    return Axis(path, low=low, high=high, whole=quantity.whole)


def _value(path: str, given: Any, quantity: Quantity | None) -> float | str:
    """One value as a number, or as the text of a scenario file."""
    if isinstance(given, np.generic):
        given = given.item()
    if given is None or (isinstance(given, float) and np.isnan(given)):
        if quantity:
            raise InputError(f"{path} has a value that is missing")
        return "null"
    if quantity:
        return quantity.check(float(given) if isinstance(given, bool) and quantity.unit == "switch" else given)
    is_number = isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < EXACT
    return float(given) if is_number else _text(given)


def _text(value: Any) -> str:
    """A value as a scenario file would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
