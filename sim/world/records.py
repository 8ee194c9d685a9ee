"""The records: what a world is made of, as NumPy dtypes that read the same compiled and interpreted.

Every number is a 64-bit float or integer, so that compiled and interpreted arithmetic agree to the last bit. Militia
groups are rows, so a scenario can have three or thirty.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.actions import ORDERS, Act
from sim.parameters import ACTOR_PARAMETERS, PARAMETERS
from sim.world.names import FIRST_GROUP, Aim, Kind, Reply, Term

F, I = "f8", "i8"  # noqa: E741
N_AIMS, N_TERMS, N_REPLIES = len(Aim), len(Term), len(Reply)
N_PARTNERS = 2
MAX_PENDING = 96
MAX_EVENTS = 2048
SALIENCE_DAYS = 3
MAX_DAYS = 1100
MAX_SCRIPT = 1024
MAX_BLOCS = 40
N_ACTIONS = len(Act)
N_KINDS = len(Kind)


def _record(fields: list[Any]) -> np.dtype[Any]:
    return np.dtype((np.record, fields))


PARAMETER = _record([(quantity.field, F) for quantity in PARAMETERS])
"""One row of world-wide quantities; the column of ``embassy.closure_days`` is ``embassy_closure_days``."""

TRAIT = _record(
    [("identity", I), ("kind", I), ("policy", I), ("outside", I), ("weights", F, (N_AIMS,))]
    + [(quantity.name, F) for quantity in ACTOR_PARAMETERS if not quantity.name.startswith("weight_")]
)
"""What an actor is like: constant during a world. ``weight_safe`` is ``weights[Aim.SAFE]``; ``outside`` is where this
process keeps a policy from outside (:mod:`sim.world.outside`), else 0."""

ACTION = _record(
    [(name, I) for name in ("enabled", "owner", "key", "rung", "kind", "need", "reply", "facade", "private", "words")]
    + [(name, F) for name in ("goldstein", "lag_low", "lag_mode", "lag_high", "duration")]
    + [(name, F) for name in ("attributability", "signal", "cost", "commitment")]
    + [("effects", F, (N_AIMS,))]
)
"""One row of the catalogue."""

DAY = _record(
    [(name, I) for name in ("before_election", "lame_duck", "anniversary", "winter")]
    + [("troop_ceiling", F), ("season_rocket", F), ("season_ied", F)]
)
"""What the calendar says of a day; ``troop_ceiling`` is 0 on days without a dated troop step."""

SCRIPT = _record(
    [(name, I) for name in ("day", "act", "actor", "target", "rockets")]
    + [
        (name, I)
        for name in (
            "us_killed",
            "us_hurt",
            "coalition_killed",
            "iraqi_killed",
            "militia_killed",
            "iranian_killed",
        )
    ]
    + [("facade", I), ("named", I), ("amount", F)]
)
"""A scripted event, or an act on record; -1 where the rules draw what it does not say. ``named`` is whether its author
is publicly known, ``amount`` the days or the level of what has one."""

PENDING = _record([(name, I) for name in ("due", "decided", "act", "actor", "target", "cause", "facade", "script")])
"""An act decided whose effect is still to land; ``script`` is the row of the record it is on, or -1."""

EVENT = _record(
    [(name, I) for name in ("day", "decided", "act", "actor", "target", "rung", "site", "cause", "scripted")]
    + [(name, I) for name in ("facade", "private", "believed_author", "rockets", "landed")]
    + [(name, I) for name in ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "iraqi_hurt")]
    + [("militia_killed", I), ("iranian_killed", I), ("believed_sponsor", F)]
)
"""One event of the trace. ``cause`` is the row of the event it answers, or -1; ``believed_sponsor`` is Washington's
belief that Tehran ordered it."""

OPTION = _record(
    [("feasible", I), ("kind", I), ("target", I), ("utility", F), ("chance", F)]
    + [("class_best", F), ("class_sum", F)]
    + [("terms", F, (N_TERMS,))]
)
"""One option of a deliberation: what `sim explain` shows. ``class_best`` and ``class_sum`` of row k are of class k."""

STATE = _record(
    [(name, I) for name in ("seed", "number", "day", "n_events", "n_seen", "n_pending", "overflow", "script")]
    # embassy
    + [(name, I) for name in ("stage", "stage_day", "warned_day", "decided_day", "closed_day", "paused", "review_day")]
    + [("clock", F), ("staff", F), ("free_hand", F)]
    # forces and guard
    + [("troops", F), ("troop_goal", F), ("air_defence", F), ("guard", F), ("guard_until", I)]
    # Iraq
    + [(name, F) for name in ("authority", "stress", "aid", "street", "crowd", "legitimacy")]
    + [(name, I) for name in ("waiver_until", "expulsion", "expulsion_day", "order_day", "called_day", "talks_until")]
    + [(name, I) for name in ("plea_until", "arrest_day", "aid_day")]
    # truce
    + [(name, I) for name in ("truce", "truce_day", "truce_ended_day", "truce_due")]
    # memory of violence
    + [(name, I) for name in ("attack_day", "us_death_day", "line_crossed_day", "strike_day", "commander_day")]
    + [(name, I) for name in ("missile_day", "iran_hit_day", "us_ten_day", "iran_ten_day", "red_line_day", "war_day")]
    + [(name, I) for name in ("coalition_stays", "authority_lost_day", "found_day", "breach_day")]
    + [("rate_reference", F)]
    # toll
    + [(name, I) for name in ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed")]
    + [("iranian_killed", I), ("top_rung", I), ("top_rung_day", I)]
    # what is constant in a world and would be computed daily otherwise
    + [
        (name, F)
        for name in (
            "keep_rate",
            "keep_reference",
            "keep_sponsor",
            "keep_resolve",
            "keep_violation",
            "keep_commitment",
            "keep_control",
            "keep_grievance",
            "keep_civil_grief",
            "keep_capability",
            "keep_directive",
            "keep_contagion",
            "keep_crowd",
            "contagion_gain",
            "memory_growth",
        )
    ]
)
"""What a world is but for its lists: numbers that all actors share."""

ACTOR = _record(
    # what it believes
    [("rate", F), ("sponsor", F), ("us_resolve", F), ("us_credibility", F), ("fear", F), ("violations", F)]
    + [("salience", F, (SALIENCE_DAYS,)), ("replies", F, (N_PARTNERS, N_REPLIES, N_REPLIES)), ("memory", F)]
    + [("last_reply_class", I), ("last_act_day", I), ("answered", I, (N_PARTNERS,))]
    # what it is bound by
    + [("commitment", F), ("commitment_rung", F), ("grievance", F), ("civil_grief", F)]
    + [("provoked", I), ("provoked_day", I), ("unanswered", F)]
    # groups only
    + [("blame", F), ("capability", F), ("control", F), ("contagion_rocket", F), ("contagion_ied", F)]
    + [("directive", I), ("directive_strength", F), ("in_truce", I), ("prisoners", I)]
    + [("rocket_chance", I), ("ied_chance", I), ("fired", I), ("bombed", I)]
    # today's choice
    + [("convened", I), ("choice", I), ("target", I), ("last_used", I, (N_ACTIONS,))]
)
"""State of one actor."""

PUBLIC = (
    "paused", "clock", "staff", "troops", "air_defence", "aid", "authority", "stress", "street", "crowd",
    "coalition_stays", "us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed",
)  # fmt: skip
"""Fields of a world that everybody can see."""
LAST = ("attack_day", "us_death_day", "strike_day", "missile_day", "commander_day", "warned_day", "truce_day")
"""Days of public events."""
SINCE = tuple(f"days_since_{name.removesuffix('_day')}" for name in LAST)
CALENDAR = ("before_election", "lame_duck", "anniversary", "winter")
OWN = (
    "rate", "sponsor", "us_resolve", "us_credibility", "fear", "violations", "unanswered", "commitment", "grievance",
)  # fmt: skip
"""Beliefs of every actor."""
OWN_OF_GROUP = (
    "capability", "control", "directive", "directive_strength", "in_truce", "prisoners", "rocket_chance", "ied_chance",
)  # fmt: skip
"""Means, bonds and opportunities of a group."""
OF_GROUP = ("in_truce", "blame", "prisoners", "capability", "control", "directive", "directive_strength")

GROUP = _record([(name, ACTOR[name]) for name in OF_GROUP])
"""What an actor knows of a group; 0 where it does not know."""

MAX_ACTORS = 35
MAX_GROUPS = MAX_ACTORS - FIRST_GROUP

SEEN = _record(
    [("actor", I), ("day", I), ("luck", F, (2,)), ("stage", I), ("truce", I), ("waiver_left", I)]
    + [(name, STATE[name]) for name in PUBLIC]
    + [(name, I) for name in (*CALENDAR, *SINCE)]
    + [(name, ACTOR[name]) for name in (*OWN, *OWN_OF_GROUP)]
    + [("n_groups", I), ("groups", GROUP, (MAX_GROUPS,))]
)
"""What an actor sees on a morning (:mod:`sim.rules.see`), and two uniforms of its own for a policy that draws."""

OFFER = _record([(name, I) for name in ("act", "rung", "kind", "target")] + [("utility", F), ("terms", F, (N_TERMS,))])
"""A feasible option as a policy from outside is shown it."""

WORLD = _record(
    [(name, STATE[name]) for name in STATE.names or ()]
    + [("pending", PENDING, (MAX_PENDING,)), ("events", EVENT, (MAX_EVENTS,)), ("options", OPTION, (N_ACTIONS,))]
    # the last question to a policy from outside, and what it answered
    + [("seen", SEEN, (1,)), ("offers", OFFER, (N_ACTIONS,)), ("n_offers", I), ("answer", I), ("fault", I)]
    # where a world follows a record: see :mod:`sim.rules.follow`
    + [("follows", I), ("outlook", F), ("lead", I, (MAX_SCRIPT,)), ("decided", I, (MAX_SCRIPT,))]
    + [("log_weight", F, (MAX_ACTORS,)), ("silence", F, (MAX_ACTORS,)), ("imposed", I, (MAX_ACTORS,))]
    + [("chance", F, (MAX_ACTORS, N_ACTIONS)), ("possible", I, (N_ACTIONS,))]
)
"""A world: its state, its agenda, its trace (rows 0..n_events are filled) and the deliberation under
way (``options``)."""

OUTCOME = _record(
    [("world", I)]
    + [
        (name, I)
        for name in (
            "embassy",
            "force",
            "truce",
            "battle_zone",
            "war",
            "exchange",
            "us_struck",
            "closed",
            "closing_decided",
            "reversed",
            "partial",
            "aid_withheld",
            "expulsion_ordered",
            "expulsion_carried_out",
            "authority_lost",
            "coalition_left",
            "commander_killed",
            "missiles_fired",
            "us_death",
            "embassy_stormed",
        )
    ]
    + [(name, I) for name in ("top_rung", "top_rung_day", "hostility", "violence")]
    + [(name, I) for name in ("rockets", "ieds", "us_strikes", "iran_missiles", "arrests", "parades", "barrages")]
    + [(name, I) for name in ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed")]
    + [("iranian_killed", I), ("events", I)]
    + [(name, I) for name in ("strike_day", "us_death_day", "truce_day", "closure_decided_day", "closure_day")]
    + [(name, I) for name in ("missile_day", "war_day", "longest_quiet")]
    + [(name, F) for name in ("severity", "goldstein", "troops_end", "authority_end", "stress_end", "staff_end")]
)
"""One row a world: what came of it. Days that never came are -1."""

SERIES = _record(
    [(name, I) for name in ("rung", "top_rung", "rockets", "ieds", "us_killed", "us_hurt", "us_strikes")]
    + [(name, I) for name in ("iran_missiles", "arrests", "parades", "stage", "truce")]
    + [(name, F) for name in ("staff", "troops", "authority", "stress", "fear", "commitment")]
)
"""One row a day of a world."""

BENCH = _record([("actors", ACTOR, (MAX_ACTORS,)), ("traits", TRAIT, (MAX_ACTORS,)), ("acts", ACTION, (N_ACTIONS,))])
"""Where a thread keeps the actors, traits and catalogue of the world it is living.

Numba counts the references of an array at every access, atomically; it does not count those of a part of a record.
"""

PLAN = _record(
    [("calendar", DAY, (MAX_DAYS,)), ("n_script", I), ("script", SCRIPT, (MAX_SCRIPT,))]
    + [("n_blocs", I), ("blocs", F, (MAX_BLOCS, 3))]
    # how far and how well the record is known, where worlds follow one
    + [("known_until", I), ("report", F, (N_ACTIONS,)), ("announced", I, (N_ACTIONS,)), ("outside", F, (N_KINDS,))]
    + [("menu", I, (N_KINDS, N_ACTIONS)), ("menu_size", I, (N_KINDS,)), ("orders", I, (len(ORDERS),))]
)
"""What is the same in every world of a scenario: calendar, script, parliament, and the acts of each kind of actor."""


class Tables(NamedTuple):
    """A scenario compiled to records for many worlds.

    Attributes:
        parameters: (k,) PARAMETER; world w uses row ``w % k`` where k is 1 or the number of worlds.
        traits: (k, n_actors) TRAIT, likewise.
        actions: (k, n_actions) ACTION, likewise.
        calendar: (horizon,) DAY.
        script: (n_script,) SCRIPT, by day.
        seats: (n_blocs, 3) float: seats, position 0..1, salience of each bloc in parliament.
    """

    parameters: Any
    traits: Any
    actions: Any
    calendar: Any
    script: Any
    blocs: Any


class Crisis(NamedTuple):
    """One world being lived: what every rule is given.

    Attributes:
        p: PARAMETER record.
        plan: PLAN record.
        traits: (n_actors,) TRAIT.
        acts: (n_actions,) ACTION.
        w: WORLD record.
        actors: (n_actors,) ACTOR.
    """

    p: Any
    plan: Any
    traits: Any
    acts: Any
    w: Any
    actors: Any
