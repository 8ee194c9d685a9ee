"""Direction: what Tehran tells each group.

A principal and its agents (Salehyan 2010; Byman and Kreps 2010): an order reaches the group after a lag, fades, and is
obeyed as far as control goes. Tehran weighs it by its own objectives, like any act.
"""

from __future__ import annotations

from sim.actions import Act
from sim.compiled import rule
from sim.rules.choose import quantal
from sim.rules.decide import convene
from sim.rules.luck import luck, whole
from sim.rules.modulate import modulators
from sim.rules.record import lag_of, promise
from sim.rules.weigh import weigh
from sim.world.names import FIRST_GROUP, NOBODY, Directive, Draw, Policy, Who
from sim.world.records import Crisis

FIRST_ORDER = Act.IR_RESTRAIN.value
LAST_ORDER = Act.IR_PRESS.value + 1


@rule
def direct(c: Crisis) -> None:
    """On a day on which Tehran convenes, it reviews the directive of every group it has a hold on."""
    convene(c, Who.IRAN.value)
    iran = c.actors[Who.IRAN.value]
    if iran.convened == 0 or c.traits[Who.IRAN.value].policy == Policy.SCRIPTED:
        return
    weigh_orders(c)
    for g in range(FIRST_GROUP, len(c.actors)):
        if c.actors[g].control >= c.p.proxies_least_control:
            order(c, g, directive_for(c, g))


@rule
def weigh_orders(c: Crisis) -> None:
    """Weigh the three directives; they are the same act towards every group."""
    m = modulators(c, Who.IRAN.value)
    for a in range(FIRST_ORDER, LAST_ORDER):
        o = c.w.options[a]
        o.feasible, o.kind, o.target = c.acts[a].enabled, c.acts[a].kind, NOBODY
        weigh(c, whole(Who.IRAN.value), a, whole(NOBODY), m, o)


@rule
def directive_for(c: Crisis, g: int) -> int:
    """The directive for group ``g``: quantal response; tit for tat presses when struck; passive permits."""
    policy = c.traits[Who.IRAN.value].policy
    if policy == Policy.PASSIVE:
        return Directive.PERMIT.value
    if policy == Policy.TIT_FOR_TAT:
        return Directive.PRESS.value if c.w.day - c.w.strike_day <= 14 else Directive.PERMIT.value
    precision = 0.0 if policy == Policy.RANDOM else c.traits[Who.IRAN.value].rationality
    if policy == Policy.EXPECTED_UTILITY:
        precision = 1e6
    u = luck(c, g, Draw.DIRECTIVE.value)
    drawn = quantal(c.w.options, whole(FIRST_ORDER), whole(LAST_ORDER), precision, u, u)
    return drawn - Act.IR_PERMIT.value if drawn >= 0 else c.actors[g].directive


@rule
def order(c: Crisis, g: int, directive: int) -> None:
    """Send an order if it changes anything or the old one has faded."""
    group = c.actors[g]
    fresh = group.directive == directive and (directive == 0 or group.directive_strength >= 0.5)
    if not fresh:
        send(c, g, directive)


@rule
def send(c: Crisis, g: int, directive: int) -> None:
    """Send an order, also one that repeats the last; none while one is on its way."""
    act = Act.IR_PERMIT.value + directive
    for a in range(FIRST_ORDER, LAST_ORDER):
        if pending_for(c, a, g):
            return
    if c.acts[act].enabled == 1:
        promise(c, act, Who.IRAN.value, g, c.w.day + lag_of(c, act, g), NOBODY)


@rule
def pending_for(c: Crisis, act: int, g: int) -> bool:
    """Whether an order to group ``g`` is on its way."""
    for k in range(c.w.n_pending):
        q = c.w.pending[k]
        if q.act == act and q.target == g:
            return True
    return False


@rule
def receive(c: Crisis, g: int, act: int) -> None:
    """An order reaches group ``g`` and replaces the last."""
    c.actors[g].directive = act - Act.IR_PERMIT.value
    c.actors[g].directive_strength = 1.0
