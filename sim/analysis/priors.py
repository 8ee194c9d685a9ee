"""What is fitted: the parameters that theory and sources leave open, their priors, and the addresses they act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.quantities import ALL_GROUPS, quantity

Values = NDArray[np.float64]
EACH = "*"


@dataclass(frozen=True)
class Prior:
    """A uniform prior of one number; of its logarithm for a factor.

    Attributes:
        name: short name, also the name of its column in tables.
        address: path of the quantity; `militias.*.x` stands for x of every group.
        low, high: ends of the prior.
        factor: whether the number multiplies what the scenario says instead of replacing it.
        meaning: what it stands for.
    """

    name: str
    address: str
    low: float
    high: float
    meaning: str
    factor: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Ends on the scale on which the prior is uniform."""
        return (float(np.log(self.low)), float(np.log(self.high))) if self.factor else (self.low, self.high)

    def value(self, on_scale: Values) -> Values:
        """Return numbers from numbers on the uniform scale, shape (n,)."""
        return np.exp(on_scale) if self.factor else on_scale

    def addresses(self, scenario: Scenario) -> tuple[str, ...]:
        """Return the paths that the number acts on in a scenario."""
        if EACH not in self.address:
            return (self.address,)
        return tuple(self.address.replace(EACH, group.id) for group in scenario.groups)


def _groups(name: str) -> str:
    return f"{ALL_GROUPS}.{EACH}.{name}"


PRIORS: tuple[Prior, ...] = (
    Prior("rocket_rate", _groups("rocket_rate"), 0.25, 6, "factor on every group's rocket opportunities", factor=True),
    Prior("ied_rate", _groups("ied_rate"), 0.25, 12, "factor on every group's convoy-bomb opportunities", factor=True),
    Prior("branching", "combat.branching", 0, 0.6, "attacks that one attack breeds"),
    Prior("us_hit", "combat.us_hit", 0.02, 0.3, "Americans hurt, per landed rocket"),
    Prior("us_deadly", "combat.us_deadly", 0.1, 0.9, "an attack that hurts Americans kills one"),
    Prior("us_rationality", "us.rationality", 2, 14, "precision of Washington's choices"),
    Prior("iran_rationality", "iran.rationality", 2, 14, "precision of Tehran's choices"),
    Prior("group_rationality", _groups("rationality"), 2, 14, "precision of the groups' choices"),
    Prior("us_name", "us.weight_name", 0.2, 1, "weight of reputation for Washington"),
    Prior("us_calm", "us.weight_calm", 0.2, 1.2, "weight of avoiding a major war for Washington"),
    Prior("iran_calm", "iran.weight_calm", 0.4, 1.4, "weight of avoiding a major war for Tehran"),
    Prior("audience_cost", "signals.audience_cost", 0, 1.2, "price of backing down"),
    Prior("excuse", "signals.excuse", 0, 1, "how far compliance excuses backing down"),
    Prior("order_weight", "proxies.order_weight", 0.1, 0.8, "worth of Tehran's directive to a group"),
    Prior("us_crisis_pace", "us.crisis_pace", 0.2, 3, "how much salient events quicken Washington"),
    Prior("intelligence", "strikes.intelligence", 0.005, 0.15, "daily probability that a commander is found"),
    Prior("iranian_present", "strikes.iranian_present", 0.05, 0.9, "an Iranian officer dies with a commander"),
    Prior("truce_threshold", "truce.threshold", 0.4, 0.95, "share of the groups that a truce needs"),
)
"""Ranges are those of the sources the quantities name, cut to what is plausible; rates are wide, as nothing but the
record tells of them. Audience cost and excuse speak of closures alone: the weeks before the crisis cannot tell of
them, so they keep their priors and are drawn with the rest."""
NAMES = tuple(prior.name for prior in PRIORS)


def on_scale(values: Values) -> Values:
    """Return values on the scales on which the priors are uniform, shape (n, len(PRIORS)) both."""
    columns = [np.log(values[:, k]) if prior.factor else values[:, k] for k, prior in enumerate(PRIORS)]
    return np.stack(columns, axis=1)


def off_scale(scaled: Values) -> Values:
    """Undo :func:`on_scale`."""
    return np.stack([prior.value(scaled[:, k]) for k, prior in enumerate(PRIORS)], axis=1)


def draw(n: int, rng: np.random.Generator) -> Values:
    """Draw from the priors, shape (n, len(PRIORS))."""
    low, high = np.array([prior.ends for prior in PRIORS]).T
    return off_scale(rng.uniform(low, high, size=(n, len(PRIORS))))


def points(scenario: Scenario, values: Values) -> Mapping[str, Values]:
    """Return values by path for the worlds of an ensemble, each of shape (n,), from values of shape (n, len(PRIORS)).

    A factor multiplies the scenario's own number and is cut to what the quantity allows.

    Raises:
        InputError: a quantity that a factor multiplies is a distribution in the scenario.
    """
    found: dict[str, Values] = {}
    for column, prior in zip(values.T, PRIORS, strict=True):
        for path in prior.addresses(scenario):
            allowed = quantity(scenario, path)
            number = column * _own(scenario, path) if prior.factor else column
            found[path] = np.clip(number, allowed.low, allowed.high)
    return found


def _own(scenario: Scenario, path: str) -> float:
    own = scenario.values[path]
    if not isinstance(own, int | float):
        raise InputError(f"{path} is a distribution in '{scenario.name}': a fit needs a number that it can multiply")
    return float(own)
