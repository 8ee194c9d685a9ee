"""The truce: joined by enough of the groups' weight, conditional, left one group at a time.

The truce of 10 October 2020 bound rockets on missions, hardly convoy bombs; the first defectors were linked to Asaib
Ahl al-Haq (19 November 2020).
"""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules.luck import clamp, luck, sigmoid
from sim.rules.perceive import strike_for_attack
from sim.rules.record import announce, lag_of
from sim.world.names import FIRST_GROUP, NOBODY, Aim, Class, Draw, Policy, Who
from sim.world.records import Crisis

WEEK = 7
"""Days between two weighings of a truce, on average."""


@rule
def truce_is_weighed(c: Crisis) -> bool:
    """Whether the groups weigh a truce today: once a week on average, on no fixed day."""
    return luck(c, Who.US.value, Draw.TRUCE.value) < 1.0 / WEEK


@rule
def consider_truce(c: Crisis) -> None:
    """About once a week the groups weigh a truce; it is declared, after its lag, if those ready pass the threshold."""
    if may_declare(c) and truce_is_weighed(c) and are_ready(c):
        c.w.truce_due = c.w.day + lag_of(c, Act.MI_TRUCE.value, Who.US.value)
    if c.w.truce_due == c.w.day and c.w.truce == 0:
        declare(c)


@rule
def chance_of_truce(c: Crisis) -> float:
    """Probability that a truce is put to the groups today and enough of them are ready for it."""
    return 1.0 / WEEK if may_declare(c) and are_ready(c) else 0.0


@rule
def may_declare(c: Crisis) -> bool:
    """Whether there is a truce to agree on: none holds or is agreed, and the last ended long enough ago."""
    w = c.w
    free = w.truce == 0 and w.truce_due < w.day
    return c.acts[Act.MI_TRUCE.value].enabled == 1 and free and w.day - w.truce_ended_day >= c.p.truce_pause


@rule
def are_ready(c: Crisis) -> bool:
    """Whether the groups that are ready to join have weight enough."""
    ready, total = 0.0, 1e-9
    for g in range(FIRST_GROUP, len(c.actors)):
        means = truce_weight(c, g)
        total += means
        ready += means * readiness(c, g)
    return total > 1e-6 and ready / total >= c.p.truce_threshold


@rule
def truce_weight(c: Crisis, g: int) -> float:
    """Weight of a group in the truce: its means to fire rockets, if it is one that could join."""
    return c.actors[g].capability * c.traits[g].rocket_rate * c.traits[g].joins_truce


@rule
def readiness(c: Crisis, g: int) -> float:
    """Probability that group ``g`` would join: logit of the truce's worth against going on as before.

    None for a group that does only what the script says.
    """
    if c.traits[g].policy == Policy.SCRIPTED:
        return 0.0
    return sigmoid(c.traits[g].rationality * (worth(c, g) - c.traits[g].inertia))


@rule
def worth(c: Crisis, g: int) -> float:
    """What a truce is worth to a group: its effects, the fear of a strike, the patron's order, the street, talks.

    It averts strikes and war only as far as they are feared more than in ordinary times, and for attacks to come: what
    has been done will be answered all the same. The truce of the record came three weeks after the threat, and none in
    the months in which nobody had threatened, nor after the two deaths in them.
    """
    me, t, p, a = c.actors[g], c.traits[g], c.p, c.acts[Act.MI_TRUCE.value]
    fear = clamp(strike_for_attack(c, g) / p.signals_strike_usual - 1.0, 0.0, 3.0)
    averted = t.weights[Aim.SAFE] * a.effects[Aim.SAFE] + t.weights[Aim.CALM] * a.effects[Aim.CALM]
    effects = fear * averted + 2.0 * t.stake * t.weights[Aim.STAY] * a.effects[Aim.STAY]
    effects += t.weights[Aim.NAME] * a.effects[Aim.NAME] * (1.0 + me.violations) - a.cost
    order = -me.control * p.proxies_order_weight * me.directive * me.directive_strength
    plea = p.baghdad_plea_price * t.stake if c.w.day <= c.w.plea_until else 0.0
    talks = p.truce_condition if c.w.day <= c.w.talks_until else 0.0
    return effects + order + plea + talks


@rule
def declare(c: Crisis) -> None:
    """Each group joins with its own probability; with enough of them the truce begins."""
    w = c.w
    for g in range(FIRST_GROUP, len(c.actors)):
        able = c.traits[g].joins_truce > 0.0 and c.traits[g].policy != Policy.SCRIPTED
        joins = able and luck(c, g, Draw.SITUATION.value) < max(0.5, readiness(c, g))
        c.actors[g].in_truce = 1 if joins else 0
    w.truce = 1 if share_in_truce(c) > c.p.truce_least_share else 0
    w.truce_day = w.day if w.truce == 1 else w.truce_day
    for g in range(FIRST_GROUP, len(c.actors)):
        if w.truce == 0:
            c.actors[g].in_truce = 0
        elif c.actors[g].in_truce == 1:
            announce(c, Act.MI_TRUCE.value, g, Who.US.value, NOBODY)


@rule
def declare_all(c: Crisis) -> None:
    """A truce that is on record: declared by all who can join."""
    c.w.truce, c.w.truce_day = 1, c.w.day
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].in_truce = 1 if c.traits[g].joins_truce > 0.0 else 0
        if c.actors[g].in_truce == 1:
            announce(c, Act.MI_TRUCE.value, g, Who.US.value, NOBODY)


@rule
def leave(c: Crisis, g: int) -> None:
    """Group ``g`` declares the truce over for itself; when too little weight is left, it is over for all."""
    c.actors[g].in_truce = 0
    if c.w.truce == 1 and share_in_truce(c) < c.p.truce_least_share:
        end(c)


@rule
def end(c: Crisis) -> None:
    """The truce is over."""
    c.w.truce, c.w.truce_ended_day = 0, c.w.day
    for g in range(FIRST_GROUP, len(c.actors)):
        c.actors[g].in_truce = 0


@rule
def share_in_truce(c: Crisis) -> float:
    """Share of the groups' weight that abides by the truce."""
    inside, total = 0.0, 1e-9
    for g in range(FIRST_GROUP, len(c.actors)):
        total += truce_weight(c, g)
        inside += truce_weight(c, g) * c.actors[g].in_truce
    return inside / total


@rule
def truce_term(c: Crisis, i: int, act: int) -> float:
    """What a truce adds to an act of a group that is in it: leaving forfeits its worth, an attack pays a price.

    The truce is conditional, so that it is weighed again with what then holds of fear, orders, plea and talks. It
    spares foreign missions, not officials and activists. A promise binds the less the more the other side has broken
    its part: after a breach, and in a group that was struck.
    """
    if i < FIRST_GROUP or c.actors[i].in_truce == 0:
        return 0.0
    if act == Act.MI_END_TRUCE:
        return -worth(c, i)
    if c.acts[act].kind != Class.ATTACK or act == Act.MI_ASSASSINATE:
        return 0.0
    hold = c.p.truce_price * (1.0 - c.p.truce_fray * recent_breach(c)) / (1.0 + c.actors[i].violations)
    return -hold * (c.p.proxies_ied_share if act == Act.MI_CONVOY_IED else 1.0)


@rule
def recent_breach(c: Crisis) -> float:
    """1 in the two weeks after a rocket under the truce, else 0."""
    return 1.0 if c.w.day - c.w.breach_day <= 14 else 0.0
