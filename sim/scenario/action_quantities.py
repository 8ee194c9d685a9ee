"""The numbers of an action that a scenario may change: their ranges, declared once, with the catalogue as defaults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.actions import CATALOGUE, Action
from sim.quantity import Quantity
from sim.world.names import Aim, Class

CATALOGUE_SOURCE = "catalogue of actions"
SWITCH = "switch"
"""Unit of a quantity that a scenario may also write as true or false."""


@dataclass(frozen=True)
class ActionField:
    """A number that every action has.

    Attributes:
        name: last part of the address, ``actions.<id>.<name>``.
        unit, low, high, meaning, whole: as in :class:`sim.quantity.Quantity`.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    whole: bool = False


LAGS = ("lag_low", "lag_mode", "lag_high")
LONGEST_LAG = 120
FIELDS = (
    ActionField("enabled", SWITCH, 0, 1, "Whether the action is on the menu.", whole=True),
    ActionField("rung", "1", -2, 12, "Rung on the ladder.", whole=True),
    ActionField("goldstein", "1", -10, 10, "Value on Goldstein's scale."),
    ActionField("lag_low", "days", 0, LONGEST_LAG, "Shortest time from decision to effect."),
    ActionField("lag_mode", "days", 0, LONGEST_LAG, "Likeliest time from decision to effect."),
    ActionField("lag_high", "days", 0, LONGEST_LAG, "Longest time from decision to effect."),
    ActionField("duration", "days", 0, 400, "How long an effect lasts, and the least time before a repetition."),
    ActionField("attributability", "1", 0, 1, "Chance that observers name the right author on the day."),
    ActionField("signal", "1", -1, 1, "Signal of resolve."),
    ActionField("cost", "red lines", 0, 2, "Effort."),
    ActionField("commitment", "1", 0, 1, "Open commitment it creates."),
    *(
        ActionField(
            f"effects.{aim.name.lower()}", "1", -1, 1, f"Expected effect on the objective '{aim.name.lower()}'."
        )
        for aim in Aim
    ),
)
FIELD = {field.name: field for field in FIELDS}


def default(action: Action, name: str) -> float:
    """The catalogue's value of one field of an action."""
    if name == "enabled":
        return 1.0
    if name in LAGS:
        return float(action.lag[LAGS.index(name)])
    if name.startswith("effects."):
        return float(action.effects.get(Aim[name.removeprefix("effects.").upper()], 0.0))
    return float(getattr(action, name))


def fields_of(action: Action) -> tuple[ActionField, ...]:
    """The fields a scenario may change; an actor can always hold, so holding cannot be switched off."""
    return FIELDS[1:] if action.kind == Class.HOLD else FIELDS


@cache
def action_quantities() -> dict[str, Quantity]:
    """Every number of every action by its path, such as ``actions.us.strike_limited.cost``."""
    return {
        f"actions.{action.id}.{field.name}": Quantity(
            f"actions.{action.id}.{field.name}",
            default(action, field.name),
            field.unit,
            field.low,
            field.high,
            field.meaning,
            action.record or CATALOGUE_SOURCE,
            field.whole,
        )
        for action in CATALOGUE
        for field in fields_of(action)
    }
