"""Scripted events that happened in no world of a run: what only living the worlds can tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from sim.actions import BY_ID
from sim.results.lives import lives
from sim.results.trace import short_date

NEED_A_CLOSURE = ("us.pause_closure", "us.reverse_closure")
"""Acts that leave no event at all where nothing is under way; every other scripted act happens as told."""


def unmet(run: Any) -> list[str]:
    """The scripted events that happened in none of a run's worlds, in words.

    Worlds whose events were not kept are lived again, as far as it takes to see each such event once; that is needed
    only where a closure is paused or reversed by the script.
    """
    scenario = run.scenario
    waiting = {
        (event.day, int(BY_ID[event.act].act)): event for event in scenario.events if event.act in NEED_A_CLOSURE
    }
    for lived in lives(scenario, run.worlds, "trace") if waiting else ():
        happened = lived.events[lived.events["scripted"] == 1]
        for day, act in np.unique(happened[["day", "act"]]).tolist():
            waiting.pop((day, act), None)
        if not waiting:
            break
    return [f"{event.act} on {short_date(scenario.start + timedelta(days=event.day))}" for event in waiting.values()]
