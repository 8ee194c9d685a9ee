"""The catalogue: who may do what, when, at what cost, with what effect, on which rung.

CAMEO codes and Goldstein values are those of the CAMEO Goldstein table (Goldstein 1992, "A conflict-cooperation scale
for WEIS events data", scaled to CAMEO 1.1b3). Rungs follow the ladder of :mod:`sim.rules.ladder`. Effects, costs,
signals and lags are judgements unless ``record`` names an entry of the record; a scenario may override each number or
switch an action off.

The rows may stand in any order: an act is known by its id, and who may do it, when, and whether it leaves more than
words are columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from sim.errors import SimError
from sim.world.identity import identity
from sim.world.names import ACT_KEYS, Aim, Class, Kind, Reply


class Act(IntEnum):
    """Acts by name; the id ``us.strike_limited`` is ``US_STRIKE_LIMITED``.

    A number is where the tables keep an act and says no more: nothing is decided by it, so a new act takes the next one
    that is free, whoever its owner.
    """

    US_HOLD = 0
    US_LETTER_OF_WARNING = 1
    US_PUBLIC_RED_LINE = 2
    US_DESIGNATE = 3
    US_SHORT_WAIVER = 4
    US_LONG_WAIVER = 5
    US_WITHHOLD_AID = 6
    US_PROVIDE_AID = 7
    US_SHOW_OF_FORCE = 8
    US_DEFEND = 9
    US_CUT_TROOPS = 10
    US_PARTIAL_DRAWDOWN = 11
    US_DECIDE_CLOSURE = 12
    US_PAUSE_CLOSURE = 13
    US_REVERSE_CLOSURE = 14
    US_COMPLETE_CLOSURE = 15
    US_CYBER_OR_COVERT = 16
    US_STRIKE_LIMITED = 17
    US_STRIKE_CAMPAIGN = 18
    US_KILL_COMMANDER = 19
    US_STRIKE_IRAN = 20
    US_TALK = 21
    IR_WAIT_OUT = 22
    IR_RESTRAIN = 23
    IR_PERMIT = 24
    IR_PRESS = 25
    IR_ARM = 26
    IR_SEND_ENVOY = 27
    IR_THREATEN_REVENGE = 28
    IR_BACK_CHANNEL = 29
    IR_CUT_GAS = 30
    IR_NUCLEAR_STEP = 31
    IR_HARASS_AT_SEA = 32
    IR_MISSILES = 33
    IQ_HOLD = 34
    IQ_CONDEMN = 35
    IQ_MEDIATE = 36
    IQ_GUARD = 37
    IQ_ARREST = 38
    IQ_RELEASE = 39
    IQ_EXPULSION_STEP = 40
    IQ_TIMETABLE_TALKS = 41
    IQ_FISCAL_EMERGENCY = 42
    SA_HOLD = 43
    SA_PLEA_FOR_CALM = 44
    SA_MARCH = 45
    SA_BACK_GOVERNMENT = 46
    CO_STAY = 47
    CO_CONDEMN = 48
    CO_MEDIATE = 49
    CO_FOLLOW = 50
    MI_ABIDE = 51
    MI_THREATEN = 52
    MI_PARADE = 53
    MI_STORM = 54
    MI_CONVOY_IED = 55
    MI_SALVO = 56
    MI_BARRAGE = 57
    MI_ASSASSINATE = 58
    MI_TRUCE = 59
    MI_END_TRUCE = 60


class Need(IntEnum):
    """Preconditions an action can have; :func:`sim.rules.feasible.met` says when each holds. Numbers mean nothing."""

    NONE = 0
    EMBASSY_OPEN = 1
    WAIVER_EXPIRING = 2
    CLOSURE_UNDER_WAY = 4
    CLOCK_RUNNING = 5
    CLOCK_ENDED = 6
    ATTACKED = 7
    LINE_CROSSED = 8
    COMMANDER_FOUND = 9
    RUNG_TEN = 10
    AVENGE = 11
    AID_FLOWING = 12
    AID_WITHHELD = 13
    TROOP_STEP_LEFT = 14
    WINTER = 15
    EVIDENCE = 16
    HOLDING = 17
    VOTE_CALLED = 18
    FISCAL_STRESS = 19
    US_LEAVING = 20
    ROCKET_OPPORTUNITY = 21
    ROCKET_STOCK = 22
    IED_OPPORTUNITY = 23
    CROWD = 24
    IN_TRUCE = 25
    ORDER_ONLY = 26
    JOINT_ONLY = 27
    CLOCK_PAUSED_OR_WARNED = 28


@dataclass(frozen=True)
class Action:
    """One row of the catalogue.

    Attributes:
        act: its name.
        owner: kind of actor whose menu it is on.
        title: what it is, in words a chronicle can use after the actor's name.
        cameo: CAMEO code, or ``-`` where none fits.
        goldstein: Goldstein value, -10..10.
        rung: rung on the ladder, -2..12.
        kind: class of act (first stage of a choice).
        need: precondition.
        lag: shortest, likeliest and longest days from decision to effect (triangular).
        duration: days an effect lasts, and the least time before the act can be repeated.
        attributability: probability that observers name the right author on the day.
        signal: signal of resolve, -1..1.
        cost: effort, in red lines.
        effects: expected effect on the actor's objectives, each -1..1.
        commitment: open commitment it creates, 0..1.
        facade: whether a group may do it under another name.
        private: whether others do not see it.
        words: whether it leaves nothing but what others think of it; an act that does more has a branch in
            :mod:`sim.rules.land`, without which no world is lived.
        record: entry of the record, or the reason for the row.
    """

    act: Act
    owner: Kind
    title: str
    cameo: str
    goldstein: float
    rung: int
    kind: Class
    need: Need = Need.NONE
    lag: tuple[float, float, float] = (0, 0, 0)
    duration: float = 0
    attributability: float = 1.0
    signal: float = 0.0
    cost: float = 0.0
    effects: dict[Aim, float] = field(default_factory=dict)
    commitment: float = 0.0
    facade: bool = False
    private: bool = False
    words: bool = False
    record: str = ""

    @property
    def id(self) -> str:
        """Address in scenario files, such as ``us.strike_limited``."""
        owner, _, name = self.act.name.partition("_")
        return f"{owner.lower()}.{name.lower()}"

    @property
    def key(self) -> int:
        """What its luck is drawn by: a hash of its id, so that no other act has a part in it."""
        return identity(self.id) % ACT_KEYS

    @property
    def reply(self) -> Reply:
        """Class of act others learn it as."""
        return reply_class(self.rung, self.kind)


def reply_class(rung: int, kind: Class) -> Reply:
    """Class of act by rung and kind: violence by its rung, the rest by what it is."""
    if rung >= 10:
        return Reply.SEVERE
    if rung >= 7:
        return Reply.LIMITED
    by_kind = {Class.VERBAL: Reply.VERBAL, Class.DISPLAY: Reply.DISPLAY, Class.PRESSURE: Reply.PRESSURE}
    return by_kind.get(kind, Reply.PRESSURE if rung >= 3 else Reply.CONCEDE)


SAFE, HURT, STAY, HOME, NAME, CALM, CASH, BLOOD = Aim
J = "judgement"

_ROWS: tuple[Action, ...] = (
    # United States
    Action(
        Act.US_HOLD, Kind.US, "holds", "-", 0.0, 0, Class.HOLD, effects={NAME: -0.05}, words=True, record="status quo"
    ),
    Action(
        Act.US_LETTER_OF_WARNING,
        Kind.US,
        "privately warns Baghdad: stop the attacks or the embassy closes",
        "139",
        -7.0,
        2,
        Class.VERBAL,
        Need.EMBASSY_OPEN,
        duration=14,
        signal=0.3,
        cost=0.05,
        effects={HURT: 0.05, CALM: -0.05},
        commitment=0.3,
        record="calls of 20 and 26 Sep 2020",
    ),
    Action(
        Act.US_PUBLIC_RED_LINE,
        Kind.US,
        "draws a public red line: if one American is killed",
        "138",
        -7.0,
        2,
        Class.VERBAL,
        duration=21,
        signal=0.4,
        cost=0.06,
        effects={NAME: 0.1, HOME: 0.05, CALM: -0.1},
        commitment=0.5,
        words=True,
        record="31 Dec 2019, 23 Dec 2020",
    ),
    Action(
        Act.US_DESIGNATE,
        Kind.US,
        "imposes sanctions on persons and banks",
        "163",
        -8.0,
        4,
        Class.PRESSURE,
        lag=(0, 3, 14),
        duration=14,
        signal=0.1,
        cost=0.05,
        effects={HURT: 0.1, HOME: 0.05, CALM: -0.05},
        record="8 and 22 Oct 2020",
    ),
    Action(
        Act.US_SHORT_WAIVER,
        Kind.US,
        "extends the Iranian energy waiver for a short term only",
        "1311",
        -5.8,
        3,
        Class.PRESSURE,
        Need.WAIVER_EXPIRING,
        duration=45,
        signal=0.1,
        cost=0.01,
        effects={HURT: 0.1, STAY: -0.05},
        record="23 Sep (60 days), 21 Nov 2020 (45 days)",
    ),
    Action(
        Act.US_LONG_WAIVER,
        Kind.US,
        "extends the Iranian energy waiver for a long term",
        "085",
        7.0,
        -1,
        Class.TALK,
        Need.WAIVER_EXPIRING,
        duration=120,
        signal=-0.1,
        cost=0.01,
        effects={STAY: 0.1, HURT: -0.1},
        record="7 May 2020 (120 days)",
    ),
    Action(
        Act.US_WITHHOLD_AID,
        Kind.US,
        "withholds World Bank and IMF aid",
        "1621",
        -5.6,
        5,
        Class.PRESSURE,
        Need.AID_FLOWING,
        lag=(14, 30, 60),
        duration=30,
        signal=0.3,
        cost=0.10,
        effects={HURT: 0.15, STAY: -0.3, CALM: -0.05},
        record="threatened with the closure, Sep 2020",
    ),
    Action(
        Act.US_PROVIDE_AID,
        Kind.US,
        "releases aid",
        "071",
        7.4,
        -1,
        Class.TALK,
        Need.AID_WITHHELD,
        lag=(14, 30, 60),
        duration=30,
        cost=0.05,
        effects={STAY: 0.2},
        record=J,
    ),
    Action(
        Act.US_SHOW_OF_FORCE,
        Kind.US,
        "shows force with bombers and ships",
        "150",
        -7.2,
        3,
        Class.DISPLAY,
        lag=(2, 4, 10),
        duration=10,
        signal=0.25,
        cost=0.05,
        effects={NAME: 0.1, SAFE: 0.05, CALM: -0.1},
        words=True,
        record="21 Nov, 10, 21 and 30 Dec 2020",
    ),
    Action(
        Act.US_DEFEND,
        Kind.US,
        "strengthens air defence and disperses its troops",
        "152",
        -7.2,
        2,
        Class.DISPLAY,
        lag=(7, 30, 60),
        duration=60,
        signal=0.1,
        cost=0.05,
        effects={SAFE: 0.3},
        record="Patriot Mar 2020, C-RAM Jul 2020",
    ),
    Action(
        Act.US_CUT_TROOPS,
        Kind.US,
        "cuts its troops to the next step",
        "0874",
        10.0,
        -1,
        Class.WITHDRAW,
        Need.TROOP_STEP_LEFT,
        lag=(14, 30, 60),
        duration=30,
        signal=-0.3,
        cost=0.15,
        effects={SAFE: 0.2, STAY: -0.25, HOME: 0.15, NAME: -0.1},
        record="9 Sep and 17 Nov 2020",
    ),
    Action(
        Act.US_PARTIAL_DRAWDOWN,
        Kind.US,
        "withdraws part of the embassy staff for a time",
        "160",
        -4.0,
        3,
        Class.WITHDRAW,
        Need.EMBASSY_OPEN,
        lag=(1, 3, 7),
        duration=45,
        signal=0.1,
        cost=0.10,
        effects={SAFE: 0.25, STAY: -0.15, NAME: -0.05},
        record="2 Dec 2020",
    ),
    Action(
        Act.US_DECIDE_CLOSURE,
        Kind.US,
        "decides to close the embassy and starts the clock",
        "161",
        -4.0,
        5,
        Class.WITHDRAW,
        Need.CLOCK_PAUSED_OR_WARNED,
        duration=7,
        signal=0.6,
        cost=0.15,
        effects={SAFE: 0.4, STAY: -0.5, NAME: -0.05},
        commitment=0.8,
        record="gradual closure in two to three months, reported 27-29 Sep 2020",
    ),
    Action(
        Act.US_PAUSE_CLOSURE,
        Kind.US,
        "pauses the closure",
        "084",
        7.0,
        -1,
        Class.TALK,
        Need.CLOCK_RUNNING,
        duration=7,
        signal=-0.25,
        cost=0.02,
        effects={STAY: 0.25, SAFE: -0.2},
        record="the window leaves room to reconsider, Sep 2020",
    ),
    Action(
        Act.US_REVERSE_CLOSURE,
        Kind.US,
        "reverses the closure",
        "085",
        7.0,
        -1,
        Class.TALK,
        Need.CLOSURE_UNDER_WAY,
        signal=-0.5,
        cost=0.02,
        effects={STAY: 0.4, SAFE: -0.3},
        record="the window leaves room to reconsider, Sep 2020",
    ),
    Action(
        Act.US_COMPLETE_CLOSURE,
        Kind.US,
        "completes the closure of the embassy",
        "161",
        -4.0,
        6,
        Class.WITHDRAW,
        Need.CLOCK_ENDED,
        signal=0.5,
        cost=0.2,
        effects={SAFE: 0.8, STAY: -1.0},
        record="planned for about 90 days after the warning",
    ),
    Action(
        Act.US_CYBER_OR_COVERT,
        Kind.US,
        "acts in secret or in cyberspace",
        "-",
        -6.0,
        6,
        Class.PRESSURE,
        lag=(3, 10, 30),
        duration=30,
        attributability=0.3,
        cost=0.03,
        effects={HURT: 0.1},
        private=True,
        words=True,
        record=J,
    ),
    Action(
        Act.US_STRIKE_LIMITED,
        Kind.US,
        "strikes depots and launch crews",
        "195",
        -10.0,
        9,
        Class.FORCE,
        Need.ATTACKED,
        lag=(0, 1, 4),
        duration=3,
        signal=0.7,
        cost=0.25,
        effects={HURT: 0.35, NAME: 0.55, HOME: 0.1, CALM: -0.7, STAY: -0.4},
        record="29 Dec 2019 and 13 Mar 2020, two days after a death",
    ),
    Action(
        Act.US_STRIKE_CAMPAIGN,
        Kind.US,
        "opens a campaign of strikes on the target list",
        "195",
        -10.0,
        10,
        Class.FORCE,
        Need.LINE_CROSSED,
        lag=(2, 4, 7),
        duration=10,
        signal=0.8,
        cost=0.45,
        effects={HURT: 0.6, NAME: 0.65, HOME: 0.1, CALM: -1.0, STAY: -0.7},
        record="list of 80 sites, Sep 2020",
    ),
    Action(
        Act.US_KILL_COMMANDER,
        Kind.US,
        "kills a commander",
        "186",
        -10.0,
        10,
        Class.FORCE,
        Need.COMMANDER_FOUND,
        lag=(1, 4, 20),
        duration=14,
        signal=0.9,
        cost=0.40,
        effects={HURT: 0.5, NAME: 0.7, HOME: 0.1, CALM: -1.0, STAY: -0.6},
        record="3 Jan 2020; the threat to liquidate, Sep 2020",
    ),
    Action(
        Act.US_STRIKE_IRAN,
        Kind.US,
        "strikes Iran",
        "195",
        -10.0,
        11,
        Class.FORCE,
        Need.RUNG_TEN,
        lag=(1, 3, 7),
        duration=7,
        signal=1.0,
        cost=0.8,
        effects={HURT: 0.8, NAME: 0.6, CALM: -1.0},
        record="option weighed on 12 Nov 2020",
    ),
    Action(
        Act.US_TALK,
        Kind.US,
        "talks with Baghdad about dialogue and a timetable",
        "046",
        7.0,
        -1,
        Class.TALK,
        lag=(0, 7, 21),
        duration=21,
        signal=-0.1,
        cost=0.05,
        effects={STAY: 0.15, CALM: 0.1, NAME: -0.1},
        record="14 Oct 2020; dialogue of 11 Jun and 20 Aug 2020",
    ),
    # Iran
    Action(
        Act.IR_WAIT_OUT,
        Kind.IRAN,
        "waits",
        "-",
        0.0,
        0,
        Class.HOLD,
        effects={CALM: 0.05},
        words=True,
        record="pre-election posture",
    ),
    Action(
        Act.IR_RESTRAIN,
        Kind.IRAN,
        "tells a group to hold its fire",
        "-",
        0.0,
        -1,
        Class.RESTRAIN,
        Need.ORDER_ONLY,
        lag=(1, 3, 7),
        duration=21,
        attributability=0.1,
        cost=0.05,
        effects={CALM: 0.25, SAFE: 0.15, HURT: -0.25},
        private=True,
        record="Qaani about 18 Nov and 22 Dec 2020",
    ),
    Action(
        Act.IR_PERMIT,
        Kind.IRAN,
        "leaves a group to itself",
        "-",
        0.0,
        0,
        Class.HOLD,
        Need.ORDER_ONLY,
        attributability=0.1,
        private=True,
        record="the usual state",
    ),
    Action(
        Act.IR_PRESS,
        Kind.IRAN,
        "presses a group to attack",
        "-",
        0.0,
        4,
        Class.PROXY,
        Need.ORDER_ONLY,
        lag=(2, 5, 14),
        duration=21,
        attributability=0.2,
        cost=0.05,
        effects={HURT: 0.3, STAY: 0.1, CALM: -0.25, BLOOD: 0.2},
        private=True,
        record=J,
    ),
    Action(
        Act.IR_ARM,
        Kind.IRAN,
        "sends arms to the groups",
        "072",
        8.3,
        4,
        Class.PROXY,
        lag=(14, 30, 60),
        duration=30,
        attributability=0.3,
        cost=0.05,
        effects={HURT: 0.2},
        private=True,
        record=J,
    ),
    Action(
        Act.IR_SEND_ENVOY,
        Kind.IRAN,
        "sends an envoy to the groups",
        "042",
        1.9,
        -1,
        Class.TALK,
        lag=(1, 3, 7),
        duration=30,
        attributability=0.8,
        cost=0.01,
        effects={STAY: 0.05, CALM: 0.05},
        record="31 Mar, 16 Aug and 18 Nov 2020",
    ),
    Action(
        Act.IR_THREATEN_REVENGE,
        Kind.IRAN,
        "threatens revenge",
        "138",
        -7.0,
        2,
        Class.VERBAL,
        duration=21,
        cost=0.05,
        effects={NAME: 0.2, HOME: 0.1, CALM: -0.1},
        commitment=0.4,
        words=True,
        record="Jan 2020; the anniversary",
    ),
    Action(
        Act.IR_BACK_CHANNEL,
        Kind.IRAN,
        "uses a back channel",
        "036",
        4.0,
        -1,
        Class.TALK,
        lag=(0, 3, 10),
        duration=21,
        attributability=0.0,
        cost=0.01,
        effects={CALM: 0.1},
        private=True,
        words=True,
        record="Swiss channel, Jan 2020",
    ),
    Action(
        Act.IR_CUT_GAS,
        Kind.IRAN,
        "cuts gas to Iraq",
        "1621",
        -5.6,
        4,
        Class.PRESSURE,
        Need.WINTER,
        lag=(1, 5, 20),
        duration=30,
        cost=0.05,
        effects={STAY: -0.1, CASH: 0.05},
        record="late Dec 2020",
    ),
    Action(
        Act.IR_NUCLEAR_STEP,
        Kind.IRAN,
        "takes a nuclear step",
        "128",
        -5.0,
        5,
        Class.PRESSURE,
        lag=(1, 7, 40),
        duration=45,
        cost=0.1,
        effects={NAME: 0.2, CALM: -0.2},
        words=True,
        record="law of 2 Dec 2020",
    ),
    Action(
        Act.IR_HARASS_AT_SEA,
        Kind.IRAN,
        "seizes a ship",
        "171",
        -9.2,
        7,
        Class.ATTACK,
        lag=(1, 5, 20),
        duration=30,
        attributability=0.9,
        cost=0.08,
        effects={HURT: 0.2, CASH: 0.05, CALM: -0.3},
        words=True,
        record="15 Apr 2020; 4 Jan 2021",
    ),
    Action(
        Act.IR_MISSILES,
        Kind.IRAN,
        "fires ballistic missiles from its own soil",
        "195",
        -10.0,
        11,
        Class.FORCE,
        Need.AVENGE,
        lag=(3, 5, 10),
        duration=30,
        cost=0.35,
        effects={BLOOD: 0.8, NAME: 0.7, CALM: -0.8, SAFE: -0.3},
        record="8 Jan 2020, five days after",
    ),
    # Iraqi government
    Action(Act.IQ_HOLD, Kind.IRAQ, "holds", "-", 0.0, 0, Class.HOLD, words=True, record="status quo"),
    Action(
        Act.IQ_CONDEMN,
        Kind.IRAQ,
        "condemns",
        "111",
        -2.0,
        1,
        Class.VERBAL,
        duration=5,
        effects={HOME: 0.05},
        words=True,
        record="after most attacks and strikes",
    ),
    Action(
        Act.IQ_MEDIATE,
        Kind.IRAQ,
        "mediates between Tehran, Washington and the groups",
        "045",
        5.0,
        -1,
        Class.TALK,
        lag=(1, 4, 14),
        duration=14,
        attributability=0.7,
        cost=0.02,
        effects={CALM: 0.25, STAY: 0.05},
        record="Sep-Oct and 25-26 Dec 2020",
    ),
    Action(
        Act.IQ_GUARD,
        Kind.IRAQ,
        "guards the Green Zone and the airport",
        "153",
        -7.2,
        2,
        Class.DISPLAY,
        lag=(0, 1, 5),
        duration=30,
        cost=0.04,
        effects={SAFE: 0.2, STAY: 0.1},
        record="29 Sep 2020",
    ),
    Action(
        Act.IQ_ARREST,
        Kind.IRAQ,
        "arrests members of a group",
        "173",
        -5.0,
        4,
        Class.PRESSURE,
        Need.EVIDENCE,
        lag=(0, 1, 5),
        duration=21,
        cost=0.12,
        effects={STAY: 0.3, HURT: 0.2, CALM: -0.1},
        record="25-26 Jun, 17 Sep and 22 Dec 2020",
    ),
    Action(
        Act.IQ_RELEASE,
        Kind.IRAQ,
        "releases the arrested",
        "0841",
        7.0,
        -1,
        Class.TALK,
        Need.HOLDING,
        lag=(1, 3, 10),
        duration=7,
        cost=0.05,
        effects={STAY: -0.3, CALM: 0.1},
        record="Jun 2020",
    ),
    Action(
        Act.IQ_EXPULSION_STEP,
        Kind.IRAQ,
        "orders a step towards expelling foreign troops",
        "174",
        -5.0,
        5,
        Class.PRESSURE,
        Need.VOTE_CALLED,
        lag=(7, 21, 60),
        duration=60,
        cost=0.1,
        effects={HOME: 0.2, CASH: -0.3, STAY: -0.2},
        record="vote of 5 Jan 2020",
    ),
    Action(
        Act.IQ_TIMETABLE_TALKS,
        Kind.IRAQ,
        "opens talks on a timetable",
        "046",
        7.0,
        -1,
        Class.TALK,
        lag=(7, 14, 30),
        duration=30,
        cost=0.02,
        effects={CALM: 0.2, HOME: 0.1},
        record="condition of the truce of 10 Oct 2020",
    ),
    Action(
        Act.IQ_FISCAL_EMERGENCY,
        Kind.IRAQ,
        "borrows or devalues to pay salaries",
        "-",
        0.0,
        0,
        Class.PRESSURE,
        Need.FISCAL_STRESS,
        lag=(1, 7, 30),
        duration=30,
        cost=0.1,
        effects={CASH: 0.3, HOME: -0.3},
        record="12 Nov and 19 Dec 2020",
    ),
    # Sadr
    Action(Act.SA_HOLD, Kind.SADR, "holds", "-", 0.0, 0, Class.HOLD, words=True, record="status quo"),
    Action(
        Act.SA_PLEA_FOR_CALM,
        Kind.SADR,
        "pleads for calm",
        "0256",
        -0.3,
        -1,
        Class.TALK,
        duration=14,
        cost=0.01,
        effects={CALM: 0.1, STAY: 0.05},
        record="24 Sep and 20 Dec 2020",
    ),
    Action(
        Act.SA_MARCH,
        Kind.SADR,
        "calls his followers to march",
        "141",
        -6.5,
        3,
        Class.DISPLAY,
        lag=(3, 7, 14),
        duration=30,
        cost=0.05,
        effects={HOME: 0.3},
        record="24 Jan and 27 Nov 2020",
    ),
    Action(
        Act.SA_BACK_GOVERNMENT,
        Kind.SADR,
        "backs the government",
        "051",
        3.4,
        -1,
        Class.TALK,
        duration=14,
        cost=0.02,
        effects={STAY: 0.1},
        record="26 Dec 2020",
    ),
    # Western coalition
    Action(
        Act.CO_STAY,
        Kind.COALITION,
        "stays",
        "-",
        0.0,
        0,
        Class.HOLD,
        effects={STAY: 0.05},
        words=True,
        record="status quo",
    ),
    Action(
        Act.CO_CONDEMN,
        Kind.COALITION,
        "condemns the attacks",
        "111",
        -2.0,
        1,
        Class.VERBAL,
        duration=7,
        cost=0.01,
        effects={CALM: 0.02, NAME: 0.05},
        words=True,
        record="joint statements, 2020",
    ),
    Action(
        Act.CO_MEDIATE,
        Kind.COALITION,
        "mediates",
        "045",
        5.0,
        -1,
        Class.TALK,
        lag=(1, 4, 14),
        duration=21,
        cost=0.01,
        effects={CALM: 0.1},
        record="joint statement of 25 ambassadors, Sep 2020",
    ),
    Action(
        Act.CO_FOLLOW,
        Kind.COALITION,
        "draws down its own missions",
        "160",
        -4.0,
        3,
        Class.WITHDRAW,
        Need.US_LEAVING,
        lag=(3, 14, 30),
        cost=0.05,
        effects={SAFE: 0.4, STAY: -0.3},
        record=J,
    ),
    # Militia groups
    Action(
        Act.MI_ABIDE,
        Kind.MILITIA,
        "abides",
        "-",
        0.0,
        0,
        Class.HOLD,
        effects={STAY: 0.05},
        words=True,
        record="status quo",
    ),
    Action(
        Act.MI_THREATEN,
        Kind.MILITIA,
        "threatens",
        "138",
        -7.0,
        2,
        Class.VERBAL,
        duration=14,
        cost=0.05,
        effects={NAME: 0.1},
        words=True,
        record="25 Sep and 28 Oct 2020",
    ),
    Action(
        Act.MI_PARADE,
        Kind.MILITIA,
        "parades armed",
        "154",
        -7.2,
        3,
        Class.DISPLAY,
        lag=(0, 1, 3),
        duration=21,
        cost=0.03,
        effects={NAME: 0.2, STAY: 0.05},
        words=True,
        record="26 Jun and 25 Dec 2020",
    ),
    Action(
        Act.MI_STORM,
        Kind.MILITIA,
        "leads a crowd into a compound",
        "145",
        -7.5,
        7,
        Class.ATTACK,
        Need.CROWD,
        lag=(0, 1, 2),
        duration=14,
        attributability=0.9,
        cost=0.1,
        effects={NAME: 0.3, BLOOD: 0.3, STAY: -0.1},
        record="31 Dec 2019; 17 Oct 2020",
    ),
    Action(
        Act.MI_CONVOY_IED,
        Kind.MILITIA,
        "bombs a supply convoy",
        "183",
        -10.0,
        7,
        Class.ATTACK,
        Need.IED_OPPORTUNITY,
        attributability=0.15,
        cost=0.02,
        effects={HURT: 0.1, BLOOD: 0.1},
        facade=True,
        record="27 recorded, Jul - Dec 2020, no American hurt",
    ),
    Action(
        Act.MI_SALVO,
        Kind.MILITIA,
        "fires a small salvo of rockets",
        "194",
        -10.0,
        7,
        Class.ATTACK,
        Need.ROCKET_OPPORTUNITY,
        attributability=0.25,
        cost=0.05,
        effects={HURT: 0.25, NAME: 0.25, BLOOD: 0.25, CALM: -0.1, SAFE: -0.15},
        facade=True,
        record="69 recorded, Oct 2019 - Dec 2020",
    ),
    Action(
        Act.MI_BARRAGE,
        Kind.MILITIA,
        "fires a barrage of rockets",
        "194",
        -10.0,
        8,
        Class.ATTACK,
        Need.ROCKET_STOCK,
        lag=(1, 3, 7),
        duration=21,
        attributability=0.5,
        cost=0.42,
        effects={HURT: 0.4, NAME: 0.45, BLOOD: 0.45, CALM: -0.3, SAFE: -0.4},
        facade=True,
        record="K1, Taji twice, 20 Dec 2020",
    ),
    Action(
        Act.MI_ASSASSINATE,
        Kind.MILITIA,
        "assassinates an official or activist",
        "186",
        -10.0,
        8,
        Class.ATTACK,
        lag=(3, 10, 30),
        duration=45,
        attributability=0.4,
        cost=0.08,
        effects={STAY: 0.1, HOME: -0.2},
        record="6 Jul 2020",
    ),
    Action(
        Act.MI_TRUCE,
        Kind.MILITIA,
        "joins a truce",
        "0871",
        9.0,
        -2,
        Class.TALK,
        Need.JOINT_ONLY,
        cost=0.03,
        effects={CALM: 0.3, STAY: 0.2, NAME: -0.2, SAFE: 0.2},
        record="10 Oct 2020",
    ),
    Action(
        Act.MI_END_TRUCE,
        Kind.MILITIA,
        "declares the truce over",
        "196",
        -9.5,
        3,
        Class.VERBAL,
        Need.IN_TRUCE,
        cost=0.02,
        effects={NAME: 0.2},
        record="19 Nov 2020",
    ),
)


def in_order(rows: Iterable[Action]) -> tuple[Action, ...]:
    """The rows by the number of their act, in whatever order they were written.

    Raises:
        SimError: the numbers of acts have a gap, an act has no row or two, or two ids have one hash.
    """
    ordered = tuple(sorted(rows, key=lambda action: action.act))
    if [int(act) for act in sorted(Act)] != list(range(len(Act))):
        raise SimError(f"the numbers of acts must be 0 to {len(Act) - 1}, each once")
    written = [action.act for action in ordered]
    for act in Act:
        if written.count(act) != 1:
            raise SimError(f"{act.name} has {written.count(act)} rows in the catalogue, not one")
    if len({action.key for action in ordered}) < len(ordered):
        raise SimError("two acts share the hash of their id; one of them needs another name")
    return ordered


CATALOGUE: tuple[Action, ...] = in_order(_ROWS)
"""All acts; ``CATALOGUE[act]`` is the row of an act."""
BY_ID: dict[str, Action] = {action.id: action for action in CATALOGUE}
MENUS: dict[Kind, tuple[Act, ...]] = {
    kind: tuple(action.act for action in sorted(CATALOGUE, key=lambda action: action.id) if action.owner == kind)
    for kind in Kind
}
"""The acts of each kind of actor, by their ids: the order in which options are gone through."""
ORDERS: tuple[Act, ...] = (Act.IR_RESTRAIN, Act.IR_PERMIT, Act.IR_PRESS)
"""What Tehran tells a group, by directive from -1 to 1 (:class:`sim.world.names.Directive`)."""
