"""What a learning agent observes: its view as a vector, the same length for every agent.

The order is that of :func:`names`: the day, what everybody can see, the agent's own beliefs and means, and what it
knows of each group. What an agent cannot know is 0. Numbers are divided by :data:`SCALES` and cut to -10..10.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario
from sim.view import View
from sim.world.records import CALENDAR, OF_GROUP, OWN, OWN_OF_GROUP, PUBLIC, SINCE

MOST = 10.0
SHARED = (*PUBLIC, *CALENDAR, "stage", "truce", "waiver_left", *SINCE)
MINE = (*OWN, *OWN_OF_GROUP)
SCALES: dict[str, float] = {
    "clock": 90.0,
    "troops": 5000.0,
    "us_killed": 10.0,
    "us_hurt": 50.0,
    "coalition_killed": 10.0,
    "iraqi_killed": 50.0,
    "militia_killed": 50.0,
    "iranian_killed": 10.0,
    "stage": 6.0,
    "waiver_left": 60.0,
    "violations": 5.0,
    "prisoners": 10.0,
} | dict.fromkeys(SINCE, 100.0)
"""What a number is divided by; 1 where nothing is said."""


def names(scenario: Scenario) -> tuple[str, ...]:
    """Name of every entry of an observation; ``badr.blame`` is what the agent knows of a group."""
    groups = tuple(f"{group.id}.{name}" for group in scenario.groups for name in OF_GROUP)
    return ("day", *SHARED, *MINE, *groups)


def observe(view: View, horizon: int) -> NDArray[np.float32]:
    """The observation of an agent, shape (len(names),), between -10 and 10."""
    public, own = view.public, view.own
    found = [view.day / horizon]
    found += [public[name] / SCALES.get(name, 1.0) for name in SHARED]
    found += [own.get(name, 0.0) / SCALES.get(name, 1.0) for name in MINE]
    for known in view.groups.values():
        found += [known.get(name, 0.0) / SCALES.get(name, 1.0) for name in OF_GROUP]
    return np.clip(np.array(found, np.float32), -MOST, MOST)
