"""The numbers and the actions of the model as tables, and those tables as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from sim.actions import CATALOGUE, Action
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.quantity import Quantity
from sim.scenario.quantities import ALL_GROUPS, MILITIA
from sim.world.names import Aim

WIDTH = 100
INDENT = "    "


class ParameterRow(NamedTuple):
    """One quantity; the numbers of groups stand once, under ``militias.<id>``."""

    path: str
    default: float
    unit: str
    range: str
    meaning: str
    source: str

    def to_text(self) -> str:
        """The row as a few lines."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        head = f"{self.path} = {self.default:g}{unit}  (allowed: {self.range})"
        return _block(head, [self.meaning, f"source: {self.source}"])


class ActionRow(NamedTuple):
    """One action of the catalogue; effects by objective, lag as shortest, likeliest and longest days."""

    id: str
    title: str
    rung: int
    kind: str
    need: str
    cameo: str
    goldstein: float
    lag: tuple[float, float, float]
    duration: float
    attributability: float
    signal: float
    cost: float
    commitment: float
    effects: dict[str, float]
    facade: bool
    private: bool
    record: str

    def to_text(self) -> str:
        """The row as a few lines."""
        marks = [word for word, held in (("may use a facade", self.facade), ("private", self.private)) if held]
        lag = "/".join(f"{days:g}" for days in self.lag)
        effects = ", ".join(f"{aim} {value:+g}" for aim, value in self.effects.items()) or "none"
        when = [f"needs: {self.need}", f"lag {lag} days", f"lasts {self.duration:g} days", *marks]
        numbers = [
            f"cost {self.cost:g}",
            f"signal {self.signal:+g}",
            f"commitment {self.commitment:g}",
            f"attributability {self.attributability:g}",
            f"CAMEO {self.cameo} (Goldstein {self.goldstein:+g})",
        ]
        lines = ["; ".join(when), "; ".join(numbers), f"effects: {effects}", f"record: {self.record or 'none'}"]
        return _block(f"{self.id}: {self.title}  (rung {self.rung}, {self.kind})", lines)


def parameter_table() -> list[ParameterRow]:
    """Every quantity of the world and of the actors."""
    rows = [_parameter(each) for each in PARAMETERS]
    for each in ACTOR_PARAMETERS:
        rows += [_parameter(each.of(kind, f"{ALL_GROUPS}.<id>" if kind == MILITIA else kind)) for kind in each.defaults]
    return rows


def action_table() -> list[ActionRow]:
    """Every action of the catalogue, in its order."""
    return [_action(action) for action in CATALOGUE]


def to_text(rows: Iterable[ParameterRow] | Iterable[ActionRow]) -> str:
    """The rows as text for a terminal."""
    return "\n".join(row.to_text() for row in rows)


def _parameter(each: Quantity) -> ParameterRow:
    return ParameterRow(each.path, each.default, each.unit, f"{each.low:g}..{each.high:g}", each.meaning, each.source)


def _action(action: Action) -> ActionRow:
    return ActionRow(
        id=action.id,
        title=action.title,
        rung=action.rung,
        kind=action.kind.name.lower(),
        need=action.need.name.lower(),
        cameo=action.cameo,
        goldstein=action.goldstein,
        lag=action.lag,
        duration=action.duration,
        attributability=action.attributability,
        signal=action.signal,
        cost=action.cost,
        commitment=action.commitment,
        effects={aim.name.lower(): action.effects[aim] for aim in Aim if aim in action.effects},
        facade=action.facade,
        private=action.private,
        record=action.record,
    )


def _block(head: str, lines: Iterable[str]) -> str:
    wrapped = [textwrap.fill(line, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT * 2) for line in lines]
    return "\n".join([head, *wrapped])
