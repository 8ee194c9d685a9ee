"""How well the acts of a crisis are known: the probability that an act is on record, by class and channel."""

from __future__ import annotations

import numpy as np

from sim.actions import CATALOGUE, Action
from sim.drivers.particles import Reporting
from sim.quantity import KINDS, Quantity
from sim.world.names import Class
from sim.world.records import N_ACTIONS, N_KINDS

JUDGEMENT = "judgement: what agencies of record print of acts of this kind"


def _share(name: str, default: float, meaning: str, source: str = JUDGEMENT) -> Quantity:
    return Quantity(f"reporting.{name}", default, "probability", 0.0, 1.0, meaning, source)


FORCE = _share("force", 1.0, "that force by a state is on record", "no strike or missile of 2018-2020 went unreported")
ROCKETS = _share("rockets", 0.95, "that rockets on a mission are on record", "weekly counts and their bounds, sim/data")
BOMBS = _share("bombs", 0.7, "that a convoy bomb is on record", "weekly counts and their bounds; thin in summer 2020")
ATTACKS = _share("attacks", 0.9, "that another attack of a group is on record")
DISPLAYS = _share("displays", 0.6, "that a show of force, a parade or a march is on record")
PRESSURE = _share("pressure", 0.8, "that a sanction, a waiver or another measure is on record")
WITHDRAWALS = _share("withdrawals", 1.0, "that a step of an embassy or of troops is on record")
WORDS = _share("words", 0.3, "that a threat, a warning or a condemnation is on record")
TALKS = _share("talks", 0.2, "that talks or a mediation are on record")
RESTRAINT = _share("restraint", 0.5, "that a plea, an arrest or another act of restraint is on record")
OUTSIDE = Quantity(
    "reporting.outside",
    0.001,
    "probability a day",
    0.0,
    0.1,
    "that an actor acts for reasons outside the model, any act of its menu alike",
    "a floor, so that no act on record is impossible; its size is to be fitted",
)
REPORTING = (FORCE, ROCKETS, BOMBS, ATTACKS, DISPLAYS, PRESSURE, WITHDRAWALS, WORDS, TALKS, RESTRAINT, OUTSIDE)
"""Every number of the model of the record."""

BY_CLASS = {
    Class.TALK: TALKS,
    Class.VERBAL: WORDS,
    Class.PRESSURE: PRESSURE,
    Class.DISPLAY: DISPLAYS,
    Class.WITHDRAW: WITHDRAWALS,
    Class.PROXY: WORDS,
    Class.RESTRAIN: RESTRAINT,
    Class.ATTACK: ATTACKS,
    Class.FORCE: FORCE,
}
BY_ACT = {"mi.salvo": ROCKETS, "mi.barrage": ROCKETS, "mi.convoy_ied": BOMBS}
ANNOUNCED = ("us.cut_troops", "us.withhold_aid", "us.provide_aid", "iq.timetable_talks")
"""Acts that the record dates by their announcement, not by their effect."""


def reporting() -> Reporting:
    """The model of the record with its declared numbers."""
    shares = np.array([_share_of(action) for action in CATALOGUE], np.float64)
    announced = np.array([action.id in ANNOUNCED for action in CATALOGUE], np.int64)
    report, told = np.zeros(N_ACTIONS), np.zeros(N_ACTIONS, np.int64)
    rows = [int(action.act) for action in CATALOGUE]
    report[rows], told[rows] = shares, announced
    return Reporting(report, told, np.full(N_KINDS, OUTSIDE.default))


def _share_of(action: Action) -> float:
    """Probability that an act that lands is on record; private acts never are."""
    if action.private or action.kind == Class.HOLD:
        return 0.0
    return BY_ACT.get(action.id, BY_CLASS[action.kind]).default


assert len(KINDS) == N_KINDS
