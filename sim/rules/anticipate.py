"""Anticipation: one level, learned. What do I believe the others will do if I do this, and what is that worth to me?

The prior frequencies of replies are those of the ICB 1946-2015 (791 actor-cases); concessions after a threat are those
of the TIES data (.23 of sanctions threats). Observed replies update them as a Dirichlet posterior with exponential
forgetting, the agent's own experience.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.world.names import Class, Reply, Who
from sim.world.records import Crisis

PRIOR = (
    # concede, verbal, pressure, display, limited, severe: reply to a trigger of each class
    (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    (0.23, 0.0585, 0.3072, 0.2056, 0.1583, 0.0396),
    (0.23, 0.0585, 0.3072, 0.2056, 0.1583, 0.0396),
    (0.0, 0.065, 0.276, 0.464, 0.156, 0.039),
    (0.0, 0.045, 0.247, 0.116, 0.4736, 0.1184),
    (0.0, 0.045, 0.247, 0.116, 0.4736, 0.1184),
)
INDIRECT = (0.0, 0.0, 0.233, 0.301, 0.3728, 0.0932)
"""Reply to violence against a client or ally."""


@rule
def expected_reply(c: Crisis, i: int, r: int, trigger: int, reply: int, indirect: bool) -> float:
    """Posterior probability that learned responder ``r`` answers a ``trigger`` of mine with ``reply``."""
    me = c.actors[i]
    prior = INDIRECT[reply] if indirect else PRIOR[trigger][reply]
    seen = 0.0
    for k in range(len(PRIOR)):
        seen += me.replies[r, trigger, k]
    strength = c.p.perception_pseudo_cases * me.memory
    return (strength * prior + me.replies[r, trigger, reply]) / (strength + seen)


@rule
def value_of_reply(c: Crisis, reply: int) -> float:
    """What suffering a reply is worth, in red lines."""
    p = c.p
    if reply == Reply.CONCEDE:
        return p.anticipation_concede
    if reply == Reply.PRESSURE:
        return p.anticipation_pressure
    if reply == Reply.DISPLAY:
        return p.anticipation_display
    if reply == Reply.LIMITED:
        return p.anticipation_limited
    if reply == Reply.SEVERE:
        return p.anticipation_severe
    return 0.0


@rule
def concern(c: Crisis, i: int, r: int) -> float:
    """How much the reply of learned responder ``r`` matters to actor ``i``."""
    t = c.traits[i]
    return t.reply_weight_first if r == 0 else t.reply_weight_second


@rule
def is_indirect(c: Crisis, i: int, r: int, act: int, target: int) -> bool:
    """Whether an act is violence against the client of responder ``r`` rather than against itself."""
    return r == 0 and i == Who.US and target != Who.IRAN and c.acts[act].kind == Class.FORCE


@rule
def anticipation(c: Crisis, i: int, act: int, target: int) -> float:
    """Expected value of the replies to an act: weight times probability times value, summed, as far as one is named."""
    a = c.acts[act]
    if a.private == 1 or a.kind == Class.HOLD or a.reply == Reply.CONCEDE:
        return 0.0
    total = 0.0
    for r in range(2):
        w = concern(c, i, r)
        if w > 0.0:
            indirect = is_indirect(c, i, r, act, target)
            for k in range(len(PRIOR)):
                total += w * expected_reply(c, i, r, a.reply, k, indirect) * value_of_reply(c, k)
    return total * a.attributability


@rule
def severe_reply(c: Crisis, i: int, act: int, target: int) -> float:
    """Believed probability that an act is answered on rung 10 or above, the mean over those who matter."""
    a = c.acts[act]
    if a.kind != Class.FORCE and a.kind != Class.ATTACK:
        return 0.0
    total, weights = 0.0, 0.0
    for r in range(2):
        w = concern(c, i, r)
        indirect = is_indirect(c, i, r, act, target)
        total += w * expected_reply(c, i, r, a.reply, Reply.SEVERE.value, indirect)
        weights += w
    return total / weights if weights > 0.0 else 0.0
