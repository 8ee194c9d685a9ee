"""Deliberations: every sitting of an actor as it was, kept by the Mesa driver for explanations.

A deliberation holds what the choice rested on: beliefs, the weighed options with their terms, what was ruled out and
why, the probabilities and the uniforms drawn. Nothing here can change what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.actions import CATALOGUE, ORDERS, Act, Need
from sim.rules.anticipate import concern, expected_reply, is_indirect
from sim.rules.decide import pace
from sim.rules.direct import directive_for, order_for
from sim.rules.feasible import evidence, met, moment_suits
from sim.rules.luck import luck
from sim.rules.modulate import modulators
from sim.rules.perceive import compliance
from sim.rules.record import is_pending
from sim.rules.weigh import target_of, weigh
from sim.world.names import FIRST_GROUP, Class, Draw, Kind, Reply, Term
from sim.world.records import N_PARTNERS, OPTION, WORLD, Crisis

if TYPE_CHECKING:
    from sim.drivers.mesa_model import Actor

SCALARS = tuple(name for name in WORLD.names or () if WORLD[name].kind in "if")
"""Fields of a world that are one number."""


class Option:
    """One option of a deliberation, as a plain object.

    Attributes:
        act: its row of the catalogue.
        id: its address, such as ``us.strike_limited``.
        target: id of the actor it is aimed at, or None.
        utility: sum of its terms, in red lines.
        terms: the named terms, in the order of :class:`sim.world.names.Term`.
        chance: probability under the actor's own rule.
    """

    def __init__(self, act: Act, target: str | None, row: Any) -> None:
        self.act, self.id, self.target = act, CATALOGUE[act].id, target
        self.utility, self.chance = float(row.utility), float(row.chance)
        self.terms = {term.name.lower(): float(row.terms[term]) for term in Term}

    def __repr__(self) -> str:
        return f"Option({self.id!r}, utility={self.utility:.3f}, chance={self.chance:.3f})"


class RuledOut(NamedTuple):
    """An act that was not possible: what it would have weighed, and what stood in its way.

    ``reasons`` holds names of :class:`sim.actions.Need`, or ``DISABLED`` (switched off by the scenario), ``REPEATED``
    (done too short a time ago), ``PENDING`` (already under way) or ``MOMENT`` (a group fires at an opportunity and
    weighs the rest when it sits).
    """

    option: Option
    reasons: tuple[str, ...]


class Replies(NamedTuple):
    """How an actor expected one other to answer: probability by class of reply, and the cases that rests on."""

    partner: int
    concern: float
    chances: dict[str, float]
    prior_cases: float
    own_cases: float


@dataclass(frozen=True)
class Deliberation:
    """One sitting of one actor, or one order of Tehran to a group.

    Attributes:
        day: the day.
        actor: id of the actor.
        row: its row.
        convened: whether it sat, and on what: bits of ``REGULAR`` and ``OPPORTUNITY``.
        hazard: probability of sitting that day by its pace.
        draw: the uniform that decided whether it sat.
        uniforms: the two uniforms of the choice, of the class and of the instance.
        crisis: the world's records, with the actors as they were that morning.
        chosen: id of the act it chose; None when it did not sit.
        target: id of the actor the act was aimed at, or None.
        about: the group an order is for, else None.
        options: what it could do, weighed.
        ruled_out: what it could not do.
        modulators: how much each of the eight objectives weighed that morning.
        facts: the numbers of the world that morning, by field of WORLD, with ``compliance`` and ``evidence``.
    """

    day: int
    actor: str
    row: int
    convened: int
    hazard: float
    draw: float
    uniforms: tuple[float, float]
    crisis: Crisis
    chosen: str | None = None
    target: str | None = None
    about: str | None = None
    options: tuple[Option, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    modulators: tuple[float, ...] = ()
    facts: dict[str, float] | None = None

    @property
    def state(self) -> Any:
        """ACTOR record of the actor that morning."""
        return self.crisis.actors[self.row]

    @property
    def traits(self) -> Any:
        """TRAIT record of the actor."""
        return self.crisis.traits[self.row]

    @property
    def choice(self) -> Option | None:
        """The option it chose."""
        return next((option for option in self.options if option.id == self.chosen), None)

    def named(self, option: Option) -> float:
        """Probability that the author of an act is named, as which alone others answer it."""
        return float(self.crisis.acts[option.act].attributability)

    def replies(self, option: Option, target_row: int) -> list[Replies]:
        """How it expected those who matter to answer an option; empty for what nobody answers."""
        a = self.crisis.acts[option.act]
        if a.private or a.kind == Class.HOLD or a.reply == Reply.CONCEDE:
            return []
        found = (self._replies(option, target_row, r) for r in range(N_PARTNERS))
        return [each for each in found if each.concern > 0.0]

    def _replies(self, option: Option, target_row: int, r: int) -> Replies:
        c, i, trigger = self.crisis, self.row, int(self.crisis.acts[option.act].reply)
        indirect = bool(is_indirect(c, i, r, int(option.act), target_row))
        chances = {k.name.lower(): float(expected_reply(c, i, r, trigger, int(k), indirect)) for k in Reply}
        own = float(self.state.replies[r, trigger].sum()) / float(self.state.memory)
        return Replies(r, float(concern(c, i, r)), chances, float(c.p.perception_pseudo_cases), own)


def record(actor: Actor) -> Deliberation:
    """The sitting of an actor that has just decided; a bare one when it did not sit."""
    c, i = actor.model.crisis, actor.row
    state = c.actors[i]
    sitting = _sitting(actor)
    if not state.convened:
        return sitting
    return replace(
        sitting,
        chosen=actor.choice,
        target=actor.model.name_of(int(state.target)),
        options=tuple(actor.options),
        ruled_out=tuple(ruled_out(actor)),
        modulators=modulators(c, i),
        facts=facts(c),
        crisis=_as_of_now(c),
    )


def record_orders(iran: Actor) -> list[Deliberation]:
    """The orders that Tehran has just decided, one for every group it has a hold on."""
    c = iran.model.crisis
    held = [g for g in range(FIRST_GROUP, len(c.actors)) if c.actors[g].control >= c.p.proxies_least_control]
    shared = replace(_sitting(iran), modulators=modulators(c, iran.row), facts=facts(c), crisis=_as_of_now(c))
    return [_order(iran, g, shared) for g in held]


def _order(iran: Actor, g: int, shared: Deliberation) -> Deliberation:
    c = iran.model.crisis
    chosen = CATALOGUE[order_for(c, directive_for(c, g))].id
    u, group = float(luck(c, g, Draw.DIRECTIVE.value)), iran.model.name_of(g)
    options = tuple(Option(Act(a), None, c.w.options[a]) for a in ORDERS if c.w.options[a].feasible == 1)
    return replace(shared, about=group, target=group, chosen=chosen, uniforms=(u, u), options=options)


def _sitting(actor: Actor) -> Deliberation:
    c, i = actor.model.crisis, actor.row
    return Deliberation(
        day=int(c.w.day),
        actor=actor.id,
        row=i,
        convened=int(actor.state.convened),
        hazard=float(pace(c, i)),
        draw=float(luck(c, i, Draw.CONVENE.value)),
        uniforms=(float(luck(c, i, Draw.CLASS.value)), float(luck(c, i, Draw.INSTANCE.value))),
        crisis=c,
    )


def facts(c: Crisis) -> dict[str, float]:
    """The numbers of a world as they stand."""
    return {name: c.w[name].item() for name in SCALARS} | {
        "compliance": float(compliance(c)),
        "evidence": float(evidence(c)),
    }


def ruled_out(actor: Actor) -> list[RuledOut]:
    """What an actor cannot do now, weighed all the same."""
    c, i = actor.model.crisis, actor.row
    possible = {option.act for option in actor.options}
    mods = modulators(c, i)
    found = []
    for row in actor.menu().tolist():
        act = Act(row)
        if act not in possible and act not in ORDERS:
            target, option = int(target_of(c, i, row)), np.zeros(1, OPTION)[0]
            weigh(c, i, row, target, mods, option)
            found.append(RuledOut(Option(act, actor.model.name_of(target), option), reasons(c, i, row)))
    return found


def reasons(c: Crisis, i: int, act: int) -> tuple[str, ...]:
    """Why an actor cannot do an act now; empty when it can (the tests of :func:`sim.rules.feasible.feasible`)."""
    a, found = c.acts[act], []
    need = Need(int(a.need))
    if not a.enabled:
        found.append("DISABLED")
    if a.kind == Class.HOLD:
        return tuple(found)
    if c.w.day - c.actors[i].last_used[act] < a.duration:
        found.append("REPEATED")
    if is_pending(c, act, i):
        found.append("PENDING")
    if need in (Need.ORDER_ONLY, Need.JOINT_ONLY) or not met(c, i, int(need)):
        found.append(need.name)
    elif c.traits[i].kind == Kind.MILITIA and not moment_suits(int(c.actors[i].convened), int(need)):
        found.append("MOMENT")
    return tuple(found)


def _as_of_now(c: Crisis) -> Crisis:
    """The crisis with its actors copied, so that beliefs stay as they are now."""
    return c._replace(actors=c.actors.copy())
