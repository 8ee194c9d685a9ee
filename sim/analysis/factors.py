"""What an analysis varies: quantities of a scenario, each over its declared range or a part of it.

A number that an analysis sets stands whatever mindset an actor has, as a number does that a variant, an override or the
point of a sweep states. Where no analysis sets it, it is what the scenario says: its own number, what a mindset puts in
its place, or a draw from its distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.idle import refuse_twice, why_idle
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.quantity import Quantity
    from sim.scenario import Scenario

WEIGHTS = {
    "weight_safe": "weight on own lives",
    "weight_hurt": "weight on weakening the adversary",
    "weight_stay": "weight on presence in Iraq",
    "weight_home": "weight on domestic standing",
    "weight_name": "weight on reputation",
    "weight_calm": "weight on avoiding a major war",
    "weight_cash": "weight on money",
    "weight_blood": "weight on vengeance",
}
"""The objectives in words; any other number is called as its address says."""
Points = dict[str, NDArray[np.float64]]
ACTIONS = "actions."
STORY = "day 0"
"""Numbers whose meaning speaks of it say how the story begins: they are known, and no analysis varies them unasked."""


@dataclass(frozen=True)
class Factor:
    """A quantity that is varied, and how far.

    Attributes:
        path: its address.
        label: its name in words, such as ``Washington's red line``.
        low: smallest value.
        high: largest value.
        value: what the scenario says; the middle of its distribution where it says one. Ranges lie around it.
        whole: whether only whole numbers are allowed.
        unit: of all of these; ``1`` for a pure number.
        minded: share of the scenario's worlds in which a mindset puts another number in its place.
    """

    path: str
    label: str
    low: float
    high: float
    value: float
    whole: bool = False
    unit: str = "1"
    minded: float = 0.0

    @property
    def measured(self) -> str:
        """The label with the unit, where there is one, as on axes."""
        return self.label if self.unit == "1" else f"{self.label} ({self.unit})"

    def at(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at places in [0, 1] of the range: every whole number has an equal part of it."""
        if not self.whole:
            return np.asarray(self.low + (self.high - self.low) * unit)
        return np.asarray(np.minimum(np.floor(self.low + (self.high + 1 - self.low) * unit), self.high))


def points_of(factors: Sequence[Factor], units: NDArray[np.float64]) -> Points:
    """Values by path at (points, factors) places in [0, 1]."""
    return {factor.path: factor.at(units[:, k]) for k, factor in enumerate(factors)}


def factors_of(scenario: Scenario, patterns: Iterable[str] = (), width: float = 1.0) -> tuple[Factor, ...]:
    """The quantities that match some patterns, in the order of the declarations.

    Args:
        scenario: the scenario.
        patterns: addresses; ``*`` stands for any letters, as in ``us.*``. By default all quantities of the world and
            the actors but switches and those that say how the story begins, and none of single actions.
        width: part of the declared range to cover, around the scenario's value; 1 covers all of it.

    Raises:
        InputError: a pattern matches nothing that can vary or matter, is given twice, or the width is not in (0, 1].
    """
    if not 0.0 < width <= 1.0:
        raise InputError(f"the width must be above 0 and at most 1 (the whole declared range), not {width:g}")
    known, wanted = _variable(scenario), list(patterns)
    refuse_twice("--vary", wanted)
    chosen = _chosen(scenario, known, wanted)
    found = tuple(_factor(scenario, known[path], width) for path in known if path in chosen)
    if width < 1.0 and all((each.low, each.high) == (known[each.path].low, known[each.path].high) for each in found):
        raise InputError(
            f"width {width:g} would change nothing: what is varied takes whole numbers, and covers them all"
        )
    return found


def _variable(scenario: Scenario) -> dict[str, Quantity]:
    """Every quantity that can vary by world and can matter."""
    from sim.scenario import paths

    return {path: quantity for path, quantity in paths(scenario).items() if not why_idle(scenario, path)}


def _chosen(scenario: Scenario, known: Mapping[str, Quantity], patterns: list[str]) -> set[str]:
    if not patterns:
        return {path for path, quantity in known.items() if not path.startswith(ACTIONS) and _unsure(quantity)}
    chosen: set[str] = set()
    for pattern in patterns:
        found = {path for path in known if fnmatchcase(path, pattern)}
        if not found:
            raise _nothing(scenario, pattern, known)
        chosen |= found
    return chosen


def _unsure(quantity: Quantity) -> bool:
    """Whether a quantity is neither a fact of the first morning nor a switch."""
    is_switch = quantity.whole and (quantity.low, quantity.high) == (0, 1)
    return STORY not in quantity.meaning and not is_switch


def _nothing(scenario: Scenario, pattern: str, known: Iterable[str]) -> InputError:
    from sim.scenario import paths
    from sim.scenario.quantities import unknown_path

    idle = [path for path in paths(scenario) if fnmatchcase(path, pattern)]
    if idle:
        return InputError(f"no quantity that can vary matches '{pattern}': {why_idle(scenario, idle[0])} ({idle[0]})")
    if "*" in pattern:
        return InputError(f"no quantity that can vary matches '{pattern}'; `sim parameters` lists all")
    return unknown_path(pattern, known)


def _factor(scenario: Scenario, quantity: Quantity, width: float) -> Factor:
    value = _middle(scenario.values[quantity.path])
    value = float(np.rint(value)) if quantity.whole else value
    reach = width * (quantity.high - quantity.low) / 2
    low, high = max(quantity.low, value - reach), min(quantity.high, value + reach)
    if width == 1.0:
        low, high = quantity.low, quantity.high
    if quantity.whole:
        low, high = max(quantity.low, float(np.floor(low))), min(quantity.high, float(np.ceil(high)))
    label, minded = label_of(scenario, quantity.path), _minded(scenario, quantity.path)
    return Factor(quantity.path, label, low, high, value, quantity.whole, quantity.unit, minded)


def _minded(scenario: Scenario, path: str) -> float:
    """Share of the worlds in which a mindset replaces a number."""
    from sim.parameters import MINDSETS
    from sim.scenario.quantities import owner_of

    section, _, name = path.rpartition(".")
    known = MINDSETS | scenario.defined
    for actor in scenario.actors:
        if owner_of(actor) == section and path not in scenario.pinned:
            minds = scenario.mindsets[actor].items()
            return float(sum(share for mind, share in minds if mind in known and name in known[mind].values))
    return 0.0


def as_lived(scenario: Scenario, path: str, worlds: int) -> NDArray[np.float64]:
    """What a quantity is in each of the worlds 0 to ``worlds - 1`` of the scenario as it stands: (worlds,)."""
    from sim.scenario.quantities import owner_of
    from sim.scenario.worlds import Worlds

    view = Worlds(scenario, 0, worlds, {})
    section, _, name = path.rpartition(".")
    owner = next((actor for actor in scenario.actors if owner_of(actor) == section), None)
    value = view.trait(owner, name) if owner else view.value(path)
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (worlds,))


def _middle(value: Any) -> float:
    """A number, or the median of a distribution; a posterior's columns have no closed form, so its range's middle."""
    if isinstance(value, int | float):
        return float(value)
    if value.kind == "posterior":
        return float((value.low + value.high) / 2)
    return float(value.quantile(np.array([0.5]))[0])


def label_of(scenario: Scenario, path: str) -> str:
    """An address in words: ``us.red_line`` is ``Washington's red line``, ``embassy.stage`` is ``embassy: stage``."""
    from sim.results.trace import actor_names

    owner, _, name = path.removeprefix("militias.").rpartition(".")
    words, names = WEIGHTS.get(name, name.replace("_", " ")), actor_names(scenario)
    if owner in names:
        return f"{names[owner]}'s {words}"
    return f"{owner.removeprefix(ACTIONS).replace('_', ' ')}: {words}"
