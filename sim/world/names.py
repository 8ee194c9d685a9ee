"""The words of the model as small enumerations: actors, objectives, classes of act, stages, sites, draws."""

from __future__ import annotations

from enum import IntEnum


class Who(IntEnum):
    """Rows of the actor table. Militia groups follow from :data:`FIRST_GROUP` on."""

    US = 0
    IRAN = 1
    IRAQ = 2
    SADR = 3
    COALITION = 4


FIRST_GROUP = 5
NOBODY = -1
UNKNOWN = -2
NEVER = -10_000
"""Day of something that has not happened; far enough back that no look-back window reaches it."""


class Kind(IntEnum):
    """Kinds of actor: which part of the catalogue is theirs."""

    US = 0
    IRAN = 1
    IRAQ = 2
    SADR = 3
    COALITION = 4
    MILITIA = 5


class Aim(IntEnum):
    """Objectives, in the order of the weight and effect vectors."""

    SAFE = 0
    HURT = 1
    STAY = 2
    HOME = 3
    NAME = 4
    CALM = 5
    CASH = 6
    BLOOD = 7


class Term(IntEnum):
    """Summands of a utility; the first eight are the objectives, in their order."""

    SAFE = 0
    HURT = 1
    STAY = 2
    HOME = 3
    NAME = 4
    CALM = 5
    CASH = 6
    BLOOD = 7
    ANTICIPATION = 8
    EFFORT = 9
    COMMITMENT = 10
    ORDER = 11
    TRUCE = 12
    STREET = 13
    INERTIA = 14


class Class(IntEnum):
    """Classes of act: the first stage of a choice."""

    HOLD = 0
    TALK = 1
    VERBAL = 2
    PRESSURE = 3
    DISPLAY = 4
    WITHDRAW = 5
    PROXY = 6
    RESTRAIN = 7
    ATTACK = 8
    FORCE = 9


class Reply(IntEnum):
    """Classes of act and of reply that actors learn about."""

    CONCEDE = 0
    VERBAL = 1
    PRESSURE = 2
    DISPLAY = 3
    LIMITED = 4
    SEVERE = 5


class Stage(IntEnum):
    """Stages of the embassy."""

    OPEN = 0
    WARNED = 1
    DECIDED = 2
    DRAWDOWN = 3
    CLOSED = 4
    PARTIAL = 5
    REVERSED = 6


class Site(IntEnum):
    """Where an act takes place, for exposure and the map."""

    NONE = 0
    EMBASSY = 1
    AIRPORT = 2
    ASAD = 3
    ERBIL = 4
    CONVOY = 5
    GROUP_SITES = 6
    IRAN = 7
    STREET = 8


class Policy(IntEnum):
    """Decision rules an actor can run under; ``OUTSIDE`` is a compiled policy that a scenario names ``module:name``."""

    QUANTAL = 0
    TIT_FOR_TAT = 1
    PASSIVE = 2
    RANDOM = 3
    SCRIPTED = 4
    EXPECTED_UTILITY = 5
    OUTSIDE = 6


class Directive(IntEnum):
    """What Tehran tells a group."""

    RESTRAIN = -1
    PERMIT = 0
    PRESS = 1


class Vote(IntEnum):
    """Options before parliament, from least to most hostile to the US presence."""

    NO_ACT = 0
    TIMETABLE = 1
    EXPEL = 2
    BREAK = 3


class Embassy(IntEnum):
    """What became of the embassy."""

    OPEN = 0
    THREATENED = 1
    PARTIAL = 2
    CLOSING = 3
    REVERSED = 4
    CLOSED = 5


class Violence(IntEnum):
    """How far force went."""

    NONE = 0
    ATTACKS_ONLY = 1
    US_STRIKES = 2
    EXCHANGE = 3
    WAR = 4


class TruceFate(IntEnum):
    """What became of the truce."""

    NONE = 0
    HELD = 1
    BROKEN = 2


class Full(IntEnum):
    """What of a world ran over."""

    TRACE = 1
    AGENDA = 2


class Draw(IntEnum):
    """Named purposes of chance, fewer than ``PURPOSES``."""

    PARAMETER = 0
    MINDSET = 1
    CONVENE = 2
    CLASS = 3
    INSTANCE = 4
    LAG = 5
    ROCKET_OPPORTUNITY = 6
    IED_OPPORTUNITY = 7
    FACADE = 8
    SITE = 9
    SALVO = 10
    LANDED = 11
    US_HIT = 12
    US_DEAD = 13
    US_HURT = 14
    OTHER_HIT = 15
    OTHER_DEAD = 16
    COALITION_HIT = 17
    ATTRIBUTE = 18
    WRONG_AUTHOR = 19
    EVIDENCE = 20
    DIRECTIVE = 21
    ARREST = 22
    ARREST_REPLY = 23
    CLIMB_DOWN = 24
    STRIKE_DEAD = 25
    STRIKE_CIVILIANS = 26
    LEADER = 27
    BACKLASH = 28
    VOTE = 29
    ORDER_KEPT = 30
    WAR = 31
    WAIVER = 32
    TRUCE = 33
    SITUATION = 34
    SESSION = 35
    US_TOLL = 36
    OTHER_HURT = 37
    OTHER_TOLL = 38
    SUSPECT = 39
    CIVILIAN_TOLL = 40
    REPLY_DELAY = 41


PURPOSES = 64
ACT_KEYS = 2**26
"""Hashes of acts: with a purpose they fill one word of 32 bits of the counter of chance."""
