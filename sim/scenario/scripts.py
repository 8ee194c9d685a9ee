"""What can be said of a scripted event: at whom its act can be aimed, and which numbers count for it."""

from __future__ import annotations

from collections.abc import Iterable

from sim.actions import BY_ID
from sim.quantity import KINDS
from sim.world.names import Class

GROUP = "a group"
OTHERS = "anybody else"
STATES = KINDS[:-1]
CASUALTIES = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")
ROCKETS = ("mi.salvo", "mi.barrage", "ir.missiles")
VIOLENCE = (Class.ATTACK, Class.FORCE)

NEEDS_TARGET = {
    **dict.fromkeys(("us.strike_limited", "us.strike_campaign", "iq.arrest", "iq.release"), (GROUP,)),
    **dict.fromkeys(("ir.restrain", "ir.permit", "ir.press"), (GROUP,)),
    "us.kill_commander": (GROUP, "iran"),
}
"""Acts that leave nothing, or hit whoever stands first, unless they are told at whom."""
WIDE = ("iraq", "iran", GROUP)
MAY_HAVE_TARGET = {
    **dict.fromkeys(("us.public_red_line", "us.designate", "us.show_of_force", "us.cyber_or_covert"), WIDE),
    **dict.fromkeys(("us.letter_of_warning", "us.short_waiver", "us.long_waiver", "us.withhold_aid"), ("iraq",)),
    **dict.fromkeys(("us.provide_aid", "us.defend", "us.cut_troops", "us.partial_drawdown"), ("iraq",)),
    **dict.fromkeys(("us.decide_closure", "us.pause_closure", "us.reverse_closure", "us.complete_closure"), ("iraq",)),
    "us.talk": ("iraq", "iran"),
    "us.strike_iran": ("iran",),
    **dict.fromkeys(("ir.threaten_revenge", "ir.back_channel", "ir.nuclear_step", "ir.missiles"), ("us",)),
    "ir.harass_at_sea": ("us", "coalition"),
    "ir.cut_gas": ("iraq",),
    "iq.expulsion_step": ("us",),
    **dict.fromkeys(("iq.condemn", "co.condemn"), (OTHERS,)),
    **dict.fromkeys(("mi.salvo", "mi.barrage", "mi.convoy_ied", "mi.storm", "mi.truce", "mi.end_truce"), ("us",)),
    "mi.threaten": ("us", "iraq", "coalition"),
    "mi.parade": ("iraq", "us"),
    "mi.assassinate": ("iraq",),
}
"""Acts that are aimed at somebody; at whom they are aimed when nothing is said, the rules of the act tell."""


def targets_of(act: str, by: str, groups: Iterable[str]) -> tuple[str, ...]:
    """Ids of the actors at whom an act can be aimed; empty if it is aimed at nobody."""
    known = tuple(groups)
    found: list[str] = []
    for whom in NEEDS_TARGET.get(act, MAY_HAVE_TARGET.get(act, ())):
        found += {GROUP: known, OTHERS: (*STATES, *known)}.get(whom, (whom,))
    return tuple(actor for actor in found if actor != by)


def counts_of(act: str) -> tuple[str, ...]:
    """The numbers that a scripted event with an act can tell: rockets, and whom it killed or hurt."""
    rockets = ("rockets",) if act in ROCKETS else ()
    return rockets + (CASUALTIES if BY_ID[act].kind in VIOLENCE else ())
