"""Rewards: how an agent's own utility changed on a day, from what it did and what was done to it.

The utility of an act (:mod:`sim.rules.weigh`) holds what the actor *expects* others to answer; a reward puts in its
place what they did. It is in red lines, so rewards of different agents are not compared:

* **gain**: the terms of the act chosen less those of holding, without the expected answers and without the status-quo
  bias: the objectives, effort, open threats, Tehran's order, the truce, the street;
* **answers**: for every public act of a learned responder against the agent, the worth of that class of answer times
  how much the responder matters, as in the expectation;
* **losses**: minus 1 for each of its own people killed: the unit of utility is by definition the loss of the first.
"""

from __future__ import annotations

from typing import Any

from sim.drivers.deliberation import Option
from sim.drivers.mesa_model import Actor
from sim.rules.anticipate import concern, value_of_reply
from sim.rules.perceive import against, own_deaths, partner_of

EXPECTED = ("anticipation", "inertia")
"""Terms that are expectation or bias, not consequence."""


def gain(chosen: Option, hold: Option) -> float:
    """What an act is worth to its actor beside holding, expected answers left out."""
    return sum(chosen.terms[name] - hold.terms[name] for name in chosen.terms if name not in EXPECTED)


def suffered(actor: Actor, first: int) -> float:
    """Answers and losses of an actor in the events from row ``first`` of the trace on."""
    c = actor.model.crisis
    return sum(_event(c, actor.row, c.w.events[k]) for k in range(first, c.w.n_events))


def _event(c: Any, i: int, e: Any) -> float:
    worth = -float(own_deaths(i, e))
    partner = int(partner_of(c, i, e.actor))
    if e.private or e.actor == i or partner < 0:
        return worth
    grip = float(against(c, e, i))
    if grip > 0.0:
        answer = float(value_of_reply(c, int(c.acts[e.act].reply)))
        worth += grip * float(c.traits[i].anticipation) * float(concern(c, i, partner)) * answer
    return worth
