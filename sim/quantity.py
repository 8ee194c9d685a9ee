"""Declare a number once: default, unit, range, meaning, source.

Range checks, the scenario schema, the parameter records, sweep bounds, ``sim parameters`` and the table in the docs all
derive from the declarations in :mod:`sim.parameters`, which are made of the two classes here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import InputError

KINDS = ("us", "iran", "iraq", "sadr", "coalition", "militia")
"""Kinds of actor, in the order in which their rows stand in a world; ``militia`` rows follow the five states."""


@dataclass(frozen=True)
class Quantity:
    """One number of the model, addressed in scenario files by its ``path``.

    Attributes:
        path: dotted address, such as ``embassy.closure_days``.
        default: value when no scenario says otherwise, in ``unit``.
        unit: unit in words; ``1`` for a pure number.
        low: smallest allowed value; also the lower sweep bound.
        high: largest allowed value; also the upper sweep bound.
        meaning: one sentence.
        source: publication or entry of the record the number or its range rests on.
        whole: whether only whole numbers are allowed.

    Raises:
        ValueError: when the declaration contradicts itself (no source, empty range, default outside it).
    """

    path: str
    default: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    whole: bool = False

    def __post_init__(self) -> None:
        if not (self.source and self.meaning and self.unit):
            raise ValueError(f"{self.path}: unit, meaning and source are required")
        if not self.low <= self.default <= self.high or self.low == self.high:
            raise ValueError(f"{self.path}: default {self.default} does not lie in {self.low}..{self.high}")
        if self.whole and self.default != int(self.default):
            raise ValueError(f"{self.path}: default {self.default} is not whole")

    def check(self, value: float) -> float:
        """Return ``value`` as a float if it is allowed.

        Raises:
            InputError: when it is not a finite number, is outside the range, or is broken where it must be whole.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"{self.path} must be a number in {self.allowed}, not {value!r}")
        if not self.low <= value <= self.high:
            raise InputError(f"{self.path} = {value:g} is out of range: allowed is {self.allowed}")
        if self.whole and value != int(value):
            raise InputError(f"{self.path} = {value:g} must be a whole number in {self.allowed}")
        return float(value)

    @property
    def allowed(self) -> str:
        """The range and unit in words."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{self.low:g}..{self.high:g}{unit}"

    @property
    def field(self) -> str:
        """Name of the column that holds this quantity in the parameter records."""
        return self.path.replace(".", "_")


@dataclass(frozen=True)
class ActorQuantity:
    """One number that several kinds of actor have, each with its own default.

    Attributes:
        name: last part of the address: ``us.rationality``, ``militias.<id>.rationality``.
        defaults: default by kind of actor; a kind that is missing does not have the quantity.
        unit, low, high, meaning, source, whole: as in :class:`Quantity`.
    """

    name: str
    defaults: Mapping[str, float]
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    whole: bool = False

    def __post_init__(self) -> None:
        unknown = set(self.defaults) - set(KINDS)
        if unknown or not self.defaults:
            raise ValueError(f"{self.name}: kinds of actor must be among {KINDS}, not {sorted(unknown)}")
        for kind in self.defaults:
            self.of(kind)

    def of(self, kind: str, owner: str | None = None) -> Quantity:
        """The quantity as the actor ``owner`` (default: the kind itself) has it.

        Raises:
            KeyError: when this kind of actor does not have the quantity.
        """
        path = f"{owner or kind}.{self.name}"
        return Quantity(
            path, self.defaults[kind], self.unit, self.low, self.high, self.meaning, self.source, self.whole
        )


def everyone(value: float) -> dict[str, float]:
    """Defaults that give every kind of actor the same value."""
    return dict.fromkeys(KINDS, value)
