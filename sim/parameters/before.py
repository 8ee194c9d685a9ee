"""Quantities of what was before day 0: when it last happened, and what it left behind.

A story that begins on a quiet morning leaves them out. The scenario of a morning of the record
(:mod:`sim.analysis.origin`) takes them from the days before it. Their meanings speak of day 0: no analysis varies them
unasked.
"""

from sim.quantity import ActorQuantity, Quantity

RECORD = "events before day 0, as the record tells them"
LEFT = "events before day 0, moved and faded by the rules"


def _ago(path: str, meaning: str, source: str = RECORD) -> Quantity:
    return Quantity(path, 999, "days", 0, 999, f"days before day 0 of {meaning}; 999 for never", source, whole=True)


BEFORE: tuple[Quantity, ...] = (
    Quantity(
        "embassy.stage_days_ago",
        0,
        "days",
        0,
        999,
        "days before day 0 since the stage of the embassy began: a clock has run, a withdrawal has lasted as long",
        RECORD,
        whole=True,
    ),
    Quantity(
        "forces.guard_days",
        30,
        "days",
        -1,
        120,
        "days from day 0 for which special guards stay posted; -1 for none",
        "29 Sep 2020: special forces in charge of the Green Zone; a month is judgement",
        whole=True,
    ),
    _ago("combat.attack_days_ago", "the last attack on Americans, convoy bombs left out"),
    _ago("signals.line_days_ago", "Washington's last public red line"),
    _ago("strikes.days_ago", "Washington's last use of force"),
    _ago("strikes.iran_hit_days_ago", "the last American blow that killed Iranians, if nothing avenged it"),
    _ago("parliament.vote_days_ago", "the last vote on foreign troops"),
)

ACTORS_BEFORE: tuple[ActorQuantity, ...] = (
    ActorQuantity(
        "unanswered",
        {"us": 0, "iran": 0},
        "deaths",
        0,
        100,
        "own deaths by hostile fire that are unanswered on day 0, as long as violations are .1 or more",
        RECORD,
    ),
    ActorQuantity(
        "violations",
        {"us": 0, "iran": 0, "militia": 0},
        "1",
        0,
        20,
        "stock of violations on day 0: what own dead and wounded left",
        LEFT,
    ),
    ActorQuantity(
        "recent_grievance",
        {"iran": 0, "militia": 0},
        "1",
        -2,
        2,
        "grievance on day 0 beyond its base; below 0 when what was avenged weighs less",
        LEFT,
    ),
    ActorQuantity(
        "civil_grief", {"militia": 0}, "1", -0.3, 2, "grievance over civilian deaths left from before day 0", LEFT
    ),
    ActorQuantity("blame", {"militia": 0}, "1", 0, 100, "Washington's account of the group's attacks on day 0", LEFT),
    ActorQuantity(
        "directive_strength", {"militia": 1}, "1", 0, 1, "what is left on day 0 of Tehran's last directive", LEFT
    ),
)
