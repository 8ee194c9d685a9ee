"""The numbers of an action that a scenario may change: their ranges, declared once, with the catalogue as defaults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.actions import CATALOGUE, Action, Need
from sim.parameters import ACTOR_PARAMETERS
from sim.quantity import Quantity
from sim.world.names import Aim, Class, Kind

CATALOGUE_SOURCE = "catalogue of actions"
ONCE = (Need.CLOCK_ENDED, Need.US_LEAVING)
"""Preconditions that the act itself ends for good, so that it is not repeated: a closure, partners who leave."""
SWITCH = "switch"
"""Unit of a quantity that a scenario may also write as true or false."""


@dataclass(frozen=True)
class ActionField:
    """A number that actions have; :func:`fields_of` says which have it.

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
EFFECTS = tuple(f"effects.{aim.name.lower()}" for aim in Aim)


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
    """The fields a scenario may change: those that something reads."""
    return tuple(field for field in FIELDS if field.name not in _unread(action))


def _unread(action: Action) -> set[str]:
    """Numbers that could change nothing.

    Holding is no event, and an actor can always hold. An order is no choice of its day, and nobody sees it. A joint act
    is decided by the groups together (:mod:`sim.rules.truce`), which weigh it by four objectives. Only what Washington
    does is read as a signal, only what somebody answers needs an author, and no objective counts that its owner does
    not have.
    """
    owner = action.owner.name.lower()
    order, joint = action.need == Need.ORDER_ONLY, action.need == Need.JOINT_ONLY
    unread = {f"effects.{aim.name.lower()}" for aim in Aim if owner not in _kinds_with(f"weight_{aim.name.lower()}")}
    if action.kind == Class.HOLD:
        unread |= {"enabled"} if order else set(FIELD) - {"cost", *EFFECTS}
    if joint:
        unread |= {"commitment", *EFFECTS} - {f"effects.{aim}" for aim in ("safe", "stay", "name", "calm")}
    if order or joint or action.need in ONCE:
        unread.add("duration")
    if action.private or joint or owner not in _kinds_with("reply_weight_first"):
        unread.add("attributability")
    if action.private or action.owner != Kind.US:
        unread.add("signal")
    return unread


@cache
def _kinds_with(name: str) -> frozenset[str]:
    """Kinds of actor that have a quantity."""
    return frozenset(kind for each in ACTOR_PARAMETERS if each.name == name for kind in each.defaults)


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
