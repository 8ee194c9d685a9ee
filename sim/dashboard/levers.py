"""The levers: the quantities that a user can move, with unit, range and meaning from their declarations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.parameters import MINDSETS
from sim.results.scores import label
from sim.scenario.distribution import Distribution
from sim.scenario.quantities import ALL_GROUPS, owner_of, paths
from sim.world.names import Stage

if TYPE_CHECKING:
    from sim.quantity import Quantity
    from sim.scenario import Scenario

STAGE = "embassy.stage"
CONTROL = "iran_control"
LEVERS: dict[str, dict[str, str]] = {
    "Washington": {
        "us.red_line": "Red line",
        "us.weight_calm": "Weight of avoiding war",
        "us.weight_stay": "Weight of staying in Iraq",
        "signals.audience_cost": "Cost of backing down",
        "forces.troops": "US troops",
        "combat.us_hit": "Rocket hurts Americans",
    },
    "The embassy": {
        STAGE: "Stage on day 0",
        "embassy.closure_days": "Time to close",
        "embassy.freed_hand": "Hand freed by closure",
    },
    "Tehran and the groups": {
        "iran.weight_calm": "Tehran: avoiding war",
        f"{ALL_GROUPS}.kataib_hezbollah.{CONTROL}": "Tehran's control",
        "truce.threshold": "Truce: share to join",
    },
    "Baghdad": {"baghdad.authority": "Authority", "economy.stress": "Fiscal stress"},
}
"""Heading -> path -> short title, in the order of the page."""
STEPS = 100
DIGITS = 10


@dataclass(frozen=True)
class Lever:
    """One quantity on the page.

    Attributes:
        path: address of the quantity.
        title: what it is, in a few words.
        heading: under which it stands.
        quantity: its declaration: unit, range, meaning, source.
        start: value in the scenario as it was opened; the median where it is drawn per world.
        varies: how it differs from world to world, in words, so that moving the lever replaces all of it; "" where it
            is one number.
    """

    path: str
    title: str
    heading: str
    quantity: Quantity
    start: float
    varies: str

    @property
    def step(self) -> float:
        """Width of a step: 1 for whole numbers, else a round number near a hundredth of the range."""
        if self.quantity.whole:
            return 1.0
        fine = (self.quantity.high - self.quantity.low) / STEPS
        scale = 10.0 ** math.floor(math.log10(fine))
        return round(next(m for m in (1, 2, 5, 10) if m * scale >= fine * 0.999) * scale, DIGITS)

    def nearest(self, value: float) -> float:
        """The value a step of the lever stands for, without the noise of binary fractions.

        Raises:
            InputError: the value is outside the declared range, or no number.
        """
        value = self.quantity.check(value)
        return float(round(value)) if self.quantity.whole else round(value, DIGITS)

    def text(self, value: float) -> str:
        """A value as the page writes it: ``5,000``, or ``1 warned`` for the stage of the embassy."""
        if self.path == STAGE:
            return f"{value:g} {label(Stage(int(value)))}"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"

    @property
    def unit(self) -> str:
        """The unit where there is one to tell; that of the stage stands in its value."""
        return "" if self.quantity.unit == "1" or self.path == STAGE else self.quantity.unit


def levers(scenario: Scenario) -> list[Lever]:
    """The levers of a scenario; a group lever falls to the first group where Kataib Hezbollah is not in it."""
    known = paths(scenario)
    names = {group.id: group.name for group in scenario.groups}
    found = []
    for heading, titles in LEVERS.items():
        for wanted, title in titles.items():
            path, name = _present(wanted, title, names)
            if path in known:
                found.append(_lever(scenario, path, name, heading, known[path]))
    return found


def _present(path: str, title: str, names: dict[str, str]) -> tuple[str, str]:
    """Path and title of a lever; those of a group name the group that the scenario has."""
    if not path.startswith(f"{ALL_GROUPS}.") or not names:
        return path, title
    _, group, quantity = path.split(".")
    group = group if group in names else next(iter(names))
    return f"{ALL_GROUPS}.{group}.{quantity}", f"{title}: {names[group]}"


def _lever(scenario: Scenario, path: str, title: str, heading: str, quantity: Quantity) -> Lever:
    value = scenario.values[path]
    drawn = "drawn per world" if isinstance(value, Distribution) else ""
    varies = "by mindset" if _is_by_mindset(scenario, path) else drawn
    return Lever(path, title, heading, quantity, _middle(value, quantity), varies)


def _is_by_mindset(scenario: Scenario, path: str) -> bool:
    """Whether some mindset of an actor has a number of its own that takes the place of the one in the scenario."""
    owner, _, name = path.rpartition(".")
    minds = [scenario.mindsets[actor] for actor in scenario.actors if owner_of(actor) == owner]
    if path in scenario.pinned or not minds:
        return False
    known = MINDSETS | scenario.defined
    return any(share > 0 and mind in known and name in known[mind].values for mind, share in minds[0].items())


def _middle(value: float | Distribution, quantity: Quantity) -> float:
    """A number as it is; the median of a distribution, the declared default for draws from a file."""
    if not isinstance(value, Distribution):
        return float(value)
    if value.kind == "posterior":
        return float(quantity.default)
    import numpy as np

    return float(value.quantile(np.array([0.5]))[0])
