"""The words of explanations: terms, preconditions, classes of act and of reply, beliefs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from sim.world.names import NEVER, Aim, Class, Kind, Reply, Stage, Term

WIDTH = 80

TERMS: dict[str, str] = {
    "safe": "own lives",
    "hurt": "weakening the adversary",
    "stay": "presence and authority in Iraq",
    "home": "standing at home",
    "name": "reputation",
    "calm": "no major war",
    "cash": "money",
    "blood": "vengeance",
    "anticipation": "answers it expects",
    "effort": "effort",
    "commitment": "open threats",
    "order": "Tehran's order",
    "truce": "the truce",
    "street": "the street, after Sadr's plea",
    "inertia": "staying put",
}
"""Name of a term of a utility -> what it is."""

CLASSES: dict[Class, str] = {
    Class.HOLD: "hold",
    Class.TALK: "talk",
    Class.VERBAL: "words",
    Class.PRESSURE: "pressure",
    Class.DISPLAY: "show of force",
    Class.WITHDRAW: "withdraw",
    Class.PROXY: "use others",
    Class.RESTRAIN: "restrain",
    Class.ATTACK: "attack",
    Class.FORCE: "force",
}

REPLIES: dict[str, str] = {
    Reply.CONCEDE.name.lower(): "a concession",
    Reply.VERBAL.name.lower(): "words only",
    Reply.PRESSURE.name.lower(): "pressure",
    Reply.DISPLAY.name.lower(): "a show of force",
    Reply.LIMITED.name.lower(): "limited violence",
    Reply.SEVERE.name.lower(): "severe violence",
}

PARTNERS: dict[Kind, tuple[str, ...]] = {
    Kind.US: ("Tehran", "the groups"),
    Kind.IRAN: ("Washington", ""),
    Kind.IRAQ: ("the groups", "Washington"),
    Kind.MILITIA: ("Washington", "Baghdad"),
    Kind.SADR: ("", ""),
    Kind.COALITION: ("", ""),
}
"""Kind of actor -> those whose answers it learns."""


def since(facts: dict[str, float], name: str) -> str:
    """How long ago something happened: ``3 days ago``, or ``never so far``."""
    if facts[name] <= NEVER:
        return "never so far"
    days = int(facts["day"] - facts[name])
    return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'} ago"


def _stage(facts: dict[str, float]) -> str:
    words = f"the embassy was {Stage(int(facts['stage'])).name.lower()}"
    return f"{words}, with its clock stopped" if facts["paused"] else words


Told = Callable[[dict[str, float], Any, Any], str]
"""What was the case: from the facts, the parameters and the actor's own state."""

NEEDS: dict[str, tuple[str, Told]] = {
    "EMBASSY_OPEN": ("an embassy that is open or only warned", lambda f, p, me: _stage(f)),
    "WAIVER_EXPIRING": (
        "an energy waiver with at most 5 days left",
        lambda f, p, me: f"it had {f['waiver_until'] - f['day']:.0f} days left",
    ),
    "CLOSURE_UNDER_WAY": ("a closure under way, on the day of its weekly review", lambda f, p, me: _stage(f)),
    "CLOCK_RUNNING": ("a closing clock that runs, on the day of its weekly review", lambda f, p, me: _stage(f)),
    "CLOCK_ENDED": (
        "a closing clock that has run out",
        lambda f, p, me: f"{_stage(f)}; {f['clock']:.0f} days were left on the clock",
    ),
    "ATTACKED": (
        "an attack in the last 14 days, convoy bombs apart",
        lambda f, p, me: f"the last was {since(f, 'attack_day')}",
    ),
    "LINE_CROSSED": (
        "its red line crossed by unanswered deaths, or an attack in 14 days with two thirds of the staff gone",
        lambda f, p, me: f"last American death: {since(f, 'us_death_day')}; staff at {100 * f['staff']:.0f} %",
    ),
    "COMMANDER_FOUND": (
        "a commander located in the last 5 days, and an attack in the last 14",
        lambda f, p, me: f"located: {since(f, 'found_day')}; attack: {since(f, 'attack_day')}",
    ),
    "RUNG_TEN": (
        "Iranian missiles in the last 14 days, or a crossed line with Tehran 80 % sure to be behind it",
        lambda f, p, me: f"missiles: {since(f, 'missile_day')}; Tehran behind it: {100 * me.sponsor:.0f} %",
    ),
    "AVENGE": (
        "Iranian blood to avenge from the last 30 days",
        lambda f, p, me: f"last blow against Iran: {since(f, 'iran_hit_day')}",
    ),
    "AID_FLOWING": ("aid that still flows", lambda f, p, me: f"aid was withheld {since(f, 'aid_day')}"),
    "AID_WITHHELD": ("aid that is withheld", lambda f, p, me: "aid was flowing"),
    "TROOP_STEP_LEFT": (
        "a troop step that is left",
        lambda f, p, me: f"the goal was {f['troop_goal']:.0f} already, the floor",
    ),
    "WINTER": ("winter", lambda f, p, me: "it was not"),
    "EVIDENCE": (
        "evidence that points at one group, or a government strong enough to act without it",
        lambda f, p, me: (
            f"evidence {f['evidence']:.2f} (needs {p.baghdad_evidence:.2f}), authority {f['authority']:.2f}"
            f" (needs {p.baghdad_will:.2f})"
        ),
    ),
    "HOLDING": ("members of groups in prison", lambda f, p, me: "there were none"),
    "VOTE_CALLED": (
        "a vote called in parliament in the last 21 days",
        lambda f, p, me: f"called: {since(f, 'called_day')}",
    ),
    "FISCAL_STRESS": (
        "a treasury near collapse",
        lambda f, p, me: f"stress was {f['stress']:.2f} (needs {p.economy_emergency:.2f})",
    ),
    "US_LEAVING": ("an American embassy that is closing, and missions still there", lambda f, p, me: _stage(f)),
    "ROCKET_OPPORTUNITY": ("an opportunity to fire", lambda f, p, me: "none came that day"),
    "ROCKET_STOCK": (
        "an opportunity to fire, and a large stock",
        lambda f, p, me: (
            f"opportunity: {'yes' if me.rocket_chance else 'no'}; means {me.capability:.2f}"
            f" (needs {p.combat_barrage_stock:.2f})"
        ),
    ),
    "IED_OPPORTUNITY": ("an opportunity to bomb a convoy", lambda f, p, me: "none came that day"),
    "CROWD": (
        "a crowd in the streets and an open compound",
        lambda f, p, me: f"the crowd was {f['crowd']:.2f} of 0.30",
    ),
    "IN_TRUCE": ("to be party to a truce", lambda f, p, me: "it was not"),
    "ORDER_ONLY": ("a group it is told to: it is an order, not an act of its own", lambda f, p, me: "see the orders"),
    "JOINT_ONLY": ("all groups together: no group declares it alone", lambda f, p, me: "see the truce"),
    "CLOCK_PAUSED_OR_WARNED": (
        "a warning given long enough ago, or a closure on hold",
        lambda f, p, me: f"{_stage(f)}; warned {since(f, 'warned_day')} (needs {p.embassy_notice:.0f} days)",
    ),
    "MISSION_PRESENT": ("missions that are still there", lambda f, p, me: "they had left"),
    "DISABLED": ("to be switched on in the scenario", lambda f, p, me: "it is switched off"),
    "REPEATED": ("its last time to lie further back", lambda f, p, me: "its effects were still running"),
    "PENDING": ("not to be under way already", lambda f, p, me: "it was decided and about to happen"),
    "MOMENT": (
        "the right moment: a group fires at an opportunity and weighs the rest when it sits",
        lambda f, p, me: "it met for the other reason that day",
    ),
}
"""Precondition -> what it takes, and what was the case."""

BELIEFS: dict[str, tuple[str, str]] = {
    "rate": ("attacks it believes in, a day", "number"),
    "sponsor": ("that Tehran ordered them", "share"),
    "us_resolve": ("that Washington is resolute", "share"),
    "us_credibility": ("weight it gives Washington's signals", "number"),
    "fear": ("that the next attack brings a strike", "share"),
    "violations": ("wrongs it has not answered", "number"),
    "unanswered": ("own dead it has not answered", "number"),
    "commitment": ("its own open threat", "number"),
    "grievance": ("grievance", "number"),
    "control": ("Tehran's hold on it", "share"),
    "capability": ("its means to attack", "share"),
}
"""Field of ACTOR -> what it is, and whether it is a share or a number."""

BELIEFS_OF: dict[Kind, tuple[str, ...]] = {
    Kind.US: ("rate", "sponsor", "violations", "unanswered", "commitment"),
    Kind.IRAN: ("us_resolve", "us_credibility", "fear", "violations", "grievance"),
    Kind.IRAQ: ("rate", "sponsor"),
    Kind.SADR: ("rate", "violations"),
    Kind.COALITION: ("rate", "unanswered"),
    Kind.MILITIA: ("us_resolve", "fear", "violations", "grievance", "control", "capability"),
}

FACTS_OF: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.US: (("compliance", "how far Baghdad meets its demand"), ("staff", "staff at the embassy")),
    Kind.IRAN: (("free_hand", "Washington's free hand"),),
    Kind.IRAQ: (
        ("authority", "its authority"),
        ("stress", "fiscal stress"),
        ("evidence", "evidence against one group"),
    ),
    Kind.SADR: (("street", "the mood of the street"),),
    Kind.COALITION: (("staff", "staff at the US embassy"),),
    Kind.MILITIA: (("authority", "Baghdad's authority"),),
}
"""Facts that weigh with a kind of actor, and what they are; all are shares."""


def needs(name: str, facts: dict[str, float], parameters: Any, me: Any) -> str:
    """A precondition that was missing, in words: what it takes, and what was the case.

    One that nobody has put into words yet is told by its name.
    """
    if name not in NEEDS:
        return f"it needs {name.replace('_', ' ').lower()}; that was not so [{name}]"
    takes, told = NEEDS[name]
    return f"it needs {takes}; {told(facts, parameters, me)} [{name}]"


def is_objective(term: str) -> bool:
    """Whether a term is one of the eight objectives."""
    return Term[term.upper()] < len(Aim)


def wrapped(text: str, indent: str = "", first: str = "", width: int = WIDTH) -> list[str]:
    """Lines of at most ``width`` columns; a number stays with its per cent sign, a name with its hyphens."""
    lines = textwrap.wrap(
        text.replace(" %", "\N{NO-BREAK SPACE}%"),
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] or [""]
