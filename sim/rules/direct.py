"""Direction: what Tehran tells each group.

A principal and its agents (Salehyan 2010; Byman and Kreps 2010): an order reaches the group after a lag, fades, and is
obeyed as far as control goes. Tehran weighs it by its own objectives, like any act.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.choose import best_option, certain, draw, precision_of, quantal
from sim.rules.luck import luck, whole
from sim.rules.modulate import modulators
from sim.rules.record import lag_of, promise
from sim.rules.weigh import weigh
from sim.world.names import FIRST_GROUP, NOBODY, Directive, Draw, Policy, Who
from sim.world.records import Crisis


@rule
def direct(c: Crisis) -> None:
    """On a day on which Tehran sits, it reviews the directive of every group it has a hold on."""
    if c.actors[Who.IRAN.value].convened == 0 or c.traits[Who.IRAN.value].policy == Policy.SCRIPTED:
        return
    weigh_orders(c)
    for g in range(FIRST_GROUP, len(c.actors)):
        if c.actors[g].control >= c.p.proxies_least_control:
            order(c, g, directive_for(c, g))


@rule
def weigh_orders(c: Crisis) -> None:
    """Weigh the three directives; they are the same act towards every group."""
    m = modulators(c, Who.IRAN.value)
    for a in c.plan.orders:
        o = c.w.options[a]
        o.feasible, o.kind, o.target = c.acts[a].enabled, c.acts[a].kind, NOBODY
        weigh(c, whole(Who.IRAN.value), a, whole(NOBODY), m, o)


@rule
def order_chances(c: Crisis) -> None:
    """Probability of each directive, once weighed, into ``options[a].chance``; the same for every group.

    By the policy of Tehran: quantal response or the best; tit for tat presses when struck; passive permits.
    """
    policy, menu = c.traits[Who.IRAN.value].policy, c.plan.orders[:]
    if policy == Policy.PASSIVE:
        certain(c, menu, order_for(c, Directive.PERMIT.value))
    elif policy == Policy.TIT_FOR_TAT:
        struck = c.w.day - c.w.strike_day <= 14
        certain(c, menu, order_for(c, Directive.PRESS.value if struck else Directive.PERMIT.value))
    elif policy == Policy.EXPECTED_UTILITY:
        certain(c, menu, best_option(c, menu))
    else:
        quantal(c.w.options, menu, precision_of(c, Who.IRAN.value))


@rule
def directive_for(c: Crisis, g: int) -> int:
    """The directive for group ``g``, drawn by its chances; the one it has where none can be given."""
    order_chances(c)
    u = luck(c, g, Draw.DIRECTIVE.value)
    drawn = draw(c.w.options, c.plan.orders[:], u, u)
    return directive_of(c, drawn) if drawn >= 0 else c.actors[g].directive


@rule
def order_for(c: Crisis, directive: int) -> int:
    """The act that gives a directive."""
    return c.plan.orders[directive - Directive.RESTRAIN.value]


@rule
def directive_of(c: Crisis, act: int) -> int:
    """The directive that an act gives."""
    for d in range(len(c.plan.orders)):
        if c.plan.orders[d] == act:
            return d + Directive.RESTRAIN.value
    return Directive.PERMIT.value


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
    act = order_for(c, directive)
    for a in c.plan.orders:
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
    c.actors[g].directive = directive_of(c, act)
    c.actors[g].directive_strength = 1.0
