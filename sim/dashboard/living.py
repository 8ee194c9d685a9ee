"""The worlds behind what is on the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.alike import cut
from sim.analysis.compare import Comparison, Side
from sim.results.run import Run, run

if TYPE_CHECKING:
    from sim.dashboard.desk import Desk
    from sim.scenario import Scenario

LOCK = Lock()
"""Held while worlds are lived: not every threading layer of the compiled rules may be entered by two threads."""
KEPT = 16
WORLDS = (250, 1000, 4000)
"""How many worlds the page offers."""
BASELINE, MOVED = "baseline", "now"


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows of one desk.

    Attributes:
        desk: what was chosen.
        run: the worlds of the scenario that the levers make; beside a baseline of fewer days, cut where that ends.
        comparison: the baseline against it with the same luck, or None where nothing is pinned.
    """

    desk: Desk
    run: Run
    comparison: Comparison | None


def look(desk: Desk) -> Shown:
    """Live the worlds of a desk, and those of its baseline under the same luck.

    Raises:
        InputError: the scenario is wrong.
    """
    scenario = desk.scenario()
    if desk.pinned is None:
        return Shown(desk, live(scenario, desk.worlds), None)
    pair = {BASELINE: desk.pinned, MOVED: replace(scenario, seed=desk.pinned.seed)}
    days = min(each.horizon for each in pair.values())
    longer = {name: each for name, each in pair.items() if each.horizon > days}
    base, now = (live(cut(each, days), desk.worlds) for each in pair.values())
    return Shown(desk, now, Comparison(_side(BASELINE, base), (_side(MOVED, now),), desk.worlds, longer))


def live(scenario: Scenario, worlds: int) -> Run:
    """The worlds of a scenario, from memory where they were lived a short while ago."""
    with LOCK:
        return _lived(scenario, worlds)


@lru_cache(maxsize=KEPT)
def _lived(scenario: Scenario, worlds: int) -> Run:
    return run(scenario, worlds=worlds)


def _side(name: str, lived: Run) -> Side:
    """One side of a comparison of outcomes; where worlds first part is not asked for."""
    return Side(name, lived.scenario, lived.outcomes, pd.DataFrame(), lived.answers)
