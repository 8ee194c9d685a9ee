"""Made-up worlds of the right shape: a crisis of dice, for tests of what stands to the right of the drivers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.actions import BY_ID, Act
from sim.world.names import FIRST_GROUP, NOBODY, UNKNOWN, Embassy, Site, Stage, TruceFate, Violence, Who
from sim.world.records import EVENT, OUTCOME, SERIES


class FakeLived(NamedTuple):
    """A chunk as the ensemble driver hands it over."""

    first: int
    outcomes: Any
    series: Any
    events: Any
    offsets: Any


class Story:
    """One made-up world: events by chance, and what follows from them."""

    def __init__(self, rng: np.random.Generator, horizon: int, groups: int) -> None:
        self.rng = rng
        self.horizon = horizon
        self.groups = groups
        self.events: list[tuple[Any, ...]] = []

    def note(self, day: int, act: Act, actor: int, **facts: Any) -> int:
        e = np.zeros(1, EVENT).view(np.recarray)[0]
        e.day, e.decided, e.act, e.actor, e.rung = day, day, act, actor, list(BY_ID.values())[act].rung
        e.target, e.cause, e.believed_author = NOBODY, NOBODY, UNKNOWN if actor >= FIRST_GROUP else actor
        for name, value in facts.items():
            e[name] = value
        self.events.append(e)
        return len(self.events) - 1

    def live(self) -> None:
        warned = int(self.rng.integers(0, 6))
        if warned < self.horizon:
            self.note(warned, Act.US_LETTER_OF_WARNING, Who.US, target=Who.IRAQ)
        for day in range(self.horizon):
            if self.rng.random() < 0.16:
                self.attack(day)
            if self.rng.random() < 0.09:
                self.note(day, Act.MI_CONVOY_IED, self.group(), target=Who.US, site=Site.CONVOY, facade=1)
            if self.rng.random() < 0.01:
                self.note(day, Act.IQ_MEDIATE, Who.IRAQ)
        self.events.sort(key=lambda e: int(e.day))

    def group(self) -> int:
        return FIRST_GROUP + int(self.rng.integers(self.groups))

    def attack(self, day: int) -> None:
        killed = int(self.rng.zipf(2.4)) if self.rng.random() < 0.03 else 0
        rockets = int(self.rng.integers(1, 5))
        k = self.note(
            day, Act.MI_SALVO, self.group(), target=Who.US, site=Site.EMBASSY, rockets=rockets,
            landed=int(self.rng.integers(0, rockets + 1)), us_killed=min(killed, 60), us_hurt=2 * (killed > 0),
            rung=8 if killed else 7, believed_author=self.group() if self.rng.random() < 0.4 else UNKNOWN,
        )  # fmt: skip
        if killed and day + 2 < self.horizon and self.rng.random() < 0.8:
            act = Act.US_STRIKE_LIMITED if self.rng.random() < 0.8 else Act.US_KILL_COMMANDER
            self.note(day + 2, act, Who.US, target=self.group(), cause=k, militia_killed=7, site=Site.GROUP_SITES)
            if act == Act.US_KILL_COMMANDER and day + 7 < self.horizon:
                self.note(day + 7, Act.IR_MISSILES, Who.IRAN, target=Who.US, site=Site.ASAD, us_hurt=40)

    def stages(self) -> np.ndarray:
        stage = np.zeros(self.horizon, np.int64)
        warned = next((int(e.day) for e in self.events if e.act == Act.US_LETTER_OF_WARNING), self.horizon)
        stage[warned:] = Stage.WARNED
        decided = warned + 14
        if decided < self.horizon and self.rng.random() < 0.25:
            stage[decided:] = Stage.DECIDED
            stage[decided + 20 :] = Stage.DRAWDOWN if self.rng.random() < 0.4 else Stage.REVERSED
        elif warned + 40 < self.horizon:
            stage[warned + 40 :] = Stage.PARTIAL if self.rng.random() < 0.3 else Stage.OPEN
        return stage


def fake_lived(scenario: Any, worlds: int, first: int = 0, seed: int = 1) -> FakeLived:
    """A chunk of made-up worlds: OUTCOME (worlds,), SERIES (worlds, horizon), EVENT and offsets."""
    outcomes = np.zeros(worlds, OUTCOME).view(np.recarray)
    series = np.zeros((worlds, scenario.horizon), SERIES).view(np.recarray)
    events, counts = [], []
    for row in range(worlds):
        story = Story(np.random.default_rng((seed, first + row)), scenario.horizon, len(scenario.groups))
        story.live()
        trace = _trace(story)
        _fill_series(series[row], trace, story)
        _fill_outcome(outcomes[row], trace, series[row], first + row)
        events.append(trace)
        counts.append(len(trace))
    offsets = np.r_[0, np.cumsum(counts)]
    return FakeLived(first, outcomes, series, np.concatenate(events).view(np.recarray), offsets)


def _trace(story: Story) -> Any:
    """Events by day; causes point at the rows after sorting."""
    trace = np.zeros(len(story.events), EVENT).view(np.recarray)
    for row, event in enumerate(story.events):
        trace[row] = event
        if event.cause >= 0:
            answers = [k for k in range(row) if trace[k].us_killed > 0 and trace[k].act == Act.MI_SALVO]
            trace[row].cause = answers[-1] if answers else NOBODY
    return trace


def _fill_series(row: Any, trace: Any, story: Story) -> None:
    columns = {"us_killed": "us_killed", "us_hurt": "us_hurt"}
    for name, column in columns.items():
        np.add.at(row[name], trace.day, trace[column])
    acts = {"rockets": [Act.MI_SALVO], "ieds": [Act.MI_CONVOY_IED], "iran_missiles": [Act.IR_MISSILES]}
    acts["us_strikes"] = [Act.US_STRIKE_LIMITED, Act.US_KILL_COMMANDER]
    for name, kinds in acts.items():
        row[name] = np.bincount(trace.day[np.isin(trace.act, kinds)], minlength=story.horizon)
    np.maximum.at(row["rung"], trace.day, trace.rung)
    row["top_rung"] = np.maximum.accumulate(row["rung"])
    row["stage"] = story.stages()
    row["truce"] = np.arange(story.horizon) > story.rng.integers(5, 400)
    row["authority"] = np.clip(0.5 + np.cumsum(story.rng.normal(0, 0.01, story.horizon)), 0, 1)


def _first(days: np.ndarray) -> int:
    return int(days[0]) if len(days) else -1


def _fill_outcome(o: Any, trace: Any, row: Any, world: int) -> None:
    o.world, o.events = world, len(trace)
    for name in ("rockets", "ieds", "us_strikes", "iran_missiles", "us_killed", "us_hurt"):
        o[name] = row[name].sum()
    o.militia_killed = trace.militia_killed.sum()
    o.top_rung = row["top_rung"][-1]
    o.strike_day = _first(np.flatnonzero(row["us_strikes"]))
    o.us_death_day = _first(np.flatnonzero(row["us_killed"]))
    o.missile_day = _first(np.flatnonzero(row["iran_missiles"]))
    o.closure_decided_day = _first(np.flatnonzero(row["stage"] == Stage.DECIDED))
    o.truce_day = _first(np.flatnonzero(row["truce"]))
    o.closure_day = o.war_day = -1
    o.us_struck, o.us_death = o.strike_day >= 0, o.us_death_day >= 0
    o.missiles_fired = o.exchange = o.missile_day >= 0
    o.commander_killed = (trace.act == Act.US_KILL_COMMANDER).any()
    o.closing_decided = o.closure_decided_day >= 0
    o.reversed, o.partial = (row["stage"] == Stage.REVERSED).any(), (row["stage"] == Stage.PARTIAL).any()
    ends = {Stage.DECIDED: Embassy.CLOSING, Stage.DRAWDOWN: Embassy.CLOSING, Stage.REVERSED: Embassy.REVERSED}
    o.embassy = ends.get(Stage(row["stage"][-1]), Embassy.PARTIAL if o.partial else Embassy.THREATENED)
    o.force = Violence.EXCHANGE if o.exchange else Violence.US_STRIKES if o.us_struck else Violence.ATTACKS_ONLY
    o.truce = TruceFate.HELD if o.truce_day >= 0 else TruceFate.NONE
    o.severity, o.goldstein = 4.0 * (2 ** (o.top_rung / 3) - 1), -10.0 * len(trace)
    o.troops_end, o.authority_end, o.staff_end = 2500.0, row["authority"][-1], 1.0
