"""A value that is drawn per world: uniform, triangular, normal, beta, a choice, or a row of a posterior file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, nearest
from sim.quantity import Quantity
from sim.scenario.places import Wrong

Floats = NDArray[np.float64]
NAMES = ("uniform", "triangular", "normal", "beta", "choice", "posterior")
FORMS = {
    "uniform": "uniform: [low, high]",
    "triangular": "triangular: [low, mode, high]",
    "normal": "normal: [mean, sd]",
    "beta": "beta: [a, b]",
}
SUM_ERROR = 1e-6
LARGEST = 1e300


@dataclass(frozen=True)
class Distribution:
    """A distribution over the allowed range of one quantity.

    Attributes:
        kind: one of ``NAMES``.
        numbers: its parameters in the order of the scenario file; for a choice, its values.
        low: smallest value it can give.
        high: largest value it can give.
        whole: whether its values are rounded to whole numbers.
        weights: probabilities of a choice.
        column: column of the posterior file.
    """

    kind: str
    numbers: tuple[float, ...]
    low: float
    high: float
    whole: bool = False
    weights: tuple[float, ...] = ()
    column: str = ""

    def quantile(self, chance: Floats) -> Floats:
        """Inverse distribution function, element by element; ``chance`` lies in [0, 1).

        Raises:
            ValueError: for a posterior, whose values come from a file.
        """
        if self.kind == "posterior":
            raise ValueError(f"{self.column} is drawn from the posterior file")
        values = QUANTILES[self.kind](self, chance)
        if self.whole and self.kind == "uniform":  # every whole number equally likely, the ends included
            values = np.floor(self.low + (self.high + 1 - self.low) * chance)
        elif self.whole:
            values = np.rint(values)
        return np.clip(values, self.low, self.high)

    def to_plain(self) -> dict[str, Any]:
        """The mapping that a scenario file would hold."""
        if self.kind == "posterior":
            return {"posterior": self.column}
        if self.kind == "choice":
            return {"choice": dict(zip(self.numbers, self.weights, strict=True))}
        plain: dict[str, Any] = {self.kind: list(self.numbers)}
        if self.kind == "beta":
            plain["range"] = [self.low, self.high]
        return plain


def parse(quantity: Quantity, given: Mapping[Any, Any]) -> Distribution:
    """The distribution that a mapping in a scenario file describes, checked against the quantity's range.

    Raises:
        Wrong: unknown distribution, wrong parameters, or values outside the allowed range.
    """
    names = [key for key in given if key != "range"]
    for name in names:
        if name not in NAMES:
            hint = nearest(str(name), NAMES)
            raise Wrong(f"{{path}}: unknown distribution '{name}';{hint} allowed: {', '.join(NAMES)}", name)
    if len(names) != 1:
        raise Wrong(f"{{path}}: one distribution is needed, such as {FORMS['uniform']}; found {len(names)}")
    if "range" in given and names != ["beta"]:
        raise Wrong(f"{{path}}: range belongs to beta, not to {names[0]}", "range")
    return PARSERS[names[0]](quantity, given)


def _uniform(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    low, high = _allowed(quantity, _numbers(given, "uniform", 2), "uniform")
    _ascending("uniform", low, high)
    return Distribution("uniform", (low, high), low, high, quantity.whole)


def _triangular(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    low, mode, high = _allowed(quantity, _numbers(given, "triangular", 3), "triangular")
    _ascending("triangular", low, mode, high)
    return Distribution("triangular", (low, mode, high), low, high, quantity.whole)


def _normal(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    mean, spread = _numbers(given, "normal", 2)
    if not quantity.low <= mean <= quantity.high:
        raise Wrong(
            f"{{path}}: the mean of normal, {mean:g}, is out of range: allowed is {quantity.allowed}", "normal", 0
        )
    if spread <= 0:
        raise Wrong(f"{{path}}: the standard deviation of normal must be above 0, not {spread:g}", "normal", 1)
    return Distribution("normal", (mean, spread), quantity.low, quantity.high, quantity.whole)


def _beta(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    a, b = _numbers(given, "beta", 2)
    if a <= 0 or b <= 0:
        raise Wrong("{path}: both parameters of beta must be above 0", "beta")
    low, high = _allowed(quantity, _numbers({"range": [0, 1], **given}, "range", 2), "range")
    _ascending("range", low, high)
    return Distribution("beta", (a, b), low, high, quantity.whole)


def _choice(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    options = given["choice"]
    if not options or not isinstance(options, list | dict):
        raise Wrong("{path}: choice needs a list of values, or a mapping of values to probabilities", "choice")
    values = _allowed(quantity, [_number(value) for value in options], "choice")
    if isinstance(options, list):
        weights = [1 / len(values)] * len(values)
    else:
        weights = probabilities(options, "choice")
    return Distribution("choice", tuple(values), min(values), max(values), quantity.whole, tuple(weights))


def _posterior(quantity: Quantity, given: Mapping[str, Any]) -> Distribution:
    column = given["posterior"]
    if not isinstance(column, str):
        raise Wrong("{path}: posterior names a column of the file in `parameters`", "posterior")
    return Distribution("posterior", (), quantity.low, quantity.high, quantity.whole, column=column)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST < value < LARGEST


def probabilities(given: Mapping[Any, Any], *at: Any) -> list[float]:
    """The values of a mapping, checked to be probabilities.

    Raises:
        Wrong: one is no probability, or they do not sum to 1.
    """
    for key, value in given.items():
        if not is_number(value) or not 0 <= value <= 1:
            raise Wrong(f"{{path}}: the probability of {key} must be a number in 0..1, not {value!r}", *at, key)
    total = math.fsum(given.values())
    if abs(total - 1) > SUM_ERROR:
        raise Wrong(f"{{path}}: probabilities must sum to 1, but sum to {total:g}", *at)
    return [float(value) for value in given.values()]


def _number(value: Any) -> float:
    """A number; a mapping key that came through JSON is text."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{{path}}: {value!r} is not a number", "choice") from None
    if not is_number(number):
        raise Wrong(f"{{path}}: {value!r} is not a finite number", "choice")
    return number


def _numbers(given: Mapping[str, Any], name: str, count: int) -> list[float]:
    values = given[name]
    if not isinstance(values, list) or len(values) != count:
        form = FORMS.get(name, f"{name}: [low, high]")
        raise Wrong(f"{{path}}: {name} takes {count} numbers ({form})", name)
    for index, value in enumerate(values):
        if not is_number(value):
            raise Wrong(f"{{path}}: {name} takes numbers, not {value!r}", name, index)
    return [float(value) for value in values]


def _allowed(quantity: Quantity, values: Sequence[float], name: str) -> list[float]:
    try:
        return [quantity.check(value) for value in values]
    except InputError as error:
        raise Wrong(f"{error} (in {name})", name) from None


def _ascending(name: str, *values: float) -> None:
    if values[0] == values[-1] or list(values) != sorted(values):
        order = ", ".join(f"{value:g}" for value in values)
        raise Wrong(f"{{path}}: the numbers of {name} must ascend, not {order}", name)


def _uniform_quantile(spread: Distribution, chance: Floats) -> Floats:
    low, high = spread.numbers
    return np.asarray(low + (high - low) * chance)


def _triangular_quantile(spread: Distribution, chance: Floats) -> Floats:
    low, mode, high = spread.numbers
    width = high - low
    rising = low + np.sqrt(chance * width * (mode - low))
    falling = high - np.sqrt((1 - chance) * width * (high - mode))
    return np.where(chance * width < mode - low, rising, falling)


def _normal_quantile(spread: Distribution, chance: Floats) -> Floats:
    from scipy.special import ndtr, ndtri

    mean, sd = spread.numbers
    below, above = ndtr((spread.low - mean) / sd), ndtr((spread.high - mean) / sd)
    return np.asarray(mean + sd * ndtri(below + chance * (above - below)))


def _beta_quantile(spread: Distribution, chance: Floats) -> Floats:
    from scipy.special import betaincinv

    return np.asarray(spread.low + (spread.high - spread.low) * betaincinv(*spread.numbers, chance))


def _choice_quantile(spread: Distribution, chance: Floats) -> Floats:
    edges = np.cumsum(spread.weights)
    return np.asarray(spread.numbers)[np.searchsorted(edges / edges[-1], chance, side="right")]


PARSERS: dict[str, Callable[[Quantity, Mapping[str, Any]], Distribution]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "beta": _beta,
    "choice": _choice,
    "posterior": _posterior,
}
QUANTILES: dict[str, Callable[[Distribution, Floats], Floats]] = {
    "uniform": _uniform_quantile,
    "triangular": _triangular_quantile,
    "normal": _normal_quantile,
    "beta": _beta_quantile,
    "choice": _choice_quantile,
}
