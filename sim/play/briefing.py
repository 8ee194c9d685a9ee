"""The morning briefing of a seat: what happened as far as it knows, what it believes, what it can do."""

from __future__ import annotations

import math
from textwrap import shorten
from typing import NamedTuple

from sim.actions import BY_ID, CATALOGUE, Act, Need
from sim.analysis.explain_words import NEEDS
from sim.analysis.stages import kind_of
from sim.drivers.deliberation import Option, reasons
from sim.drivers.mesa_model import Actor
from sim.play.game import IRAN, Game
from sim.play.page import bullets, facts, head, signed, title
from sim.play.seen import Seen
from sim.results.chronicle import KILLED
from sim.results.trace import actor_names, day_of, short_date
from sim.results.words import listed, percent
from sim.rules.see import LONG_AGO
from sim.view import View
from sim.world.names import Class, Directive, Stage
from sim.world.records import Crisis

TITLE_WIDTH = 50
US = "us"
NEVER = (Need.ORDER_ONLY, Need.JOINT_ONLY)
"""Needs of acts that are on no menu."""
PLAIN = {"DISABLED": "switched off in this scenario", "PENDING": "under way already"}
"""Why an act is closed, where that is not something it waits for."""


class Offer(NamedTuple):
    """An option as the seat is shown it.

    Attributes:
        option: the option.
        title: what it is, in words that follow the actor's name.
        worth: how much better than holding the advisers find it, in red lines, their love of holding left out.
        cost: effort, in red lines.
    """

    option: Option
    title: str
    worth: float
    cost: float


def offers(game: Game, seat: str) -> list[Offer]:
    """What a seat can do today, holding first."""
    options = game.options(seat)
    hold = next(option for option in options if kind_of(option) == Class.HOLD)
    rest = sorted((option for option in options if option is not hold), key=lambda o: (kind_of(o), int(o.act)))
    return [_offer(game, option, hold) for option in (hold, *rest)]


def _offer(game: Game, option: Option, hold: Option) -> Offer:
    worth = (option.utility - option.terms["inertia"]) - (hold.utility - hold.terms["inertia"])
    return Offer(option, deed(game, option.id, option.target), worth, -option.terms["effort"])


def closed(game: Game, seat: str) -> list[str]:
    """What a seat cannot do today, and why; without what is on no menu."""
    actor, c = game.actor(seat), game.model.crisis
    possible = {option.act for option in game.options(seat)}
    acts = [act for act in map(Act, map(int, actor.menu())) if act not in possible and CATALOGUE[act].need not in NEVER]
    return [f"{deed(game, CATALOGUE[act].id, None)}: {_missing(c, actor, act)}" for act in acts]


def _missing(c: Crisis, actor: Actor, act: Act) -> str:
    """What an act waits for; not what is the case, which the seat may not know."""
    return "; ".join(_reason(c, actor, act, name) for name in reasons(c, actor.row, act))


def _reason(c: Crisis, actor: Actor, act: Act, name: str) -> str:
    if name == "REPEATED":
        days = math.ceil(actor.state.last_used[act] + c.acts[act].duration - c.w.day)
        return f"not again for {days} day{'' if days == 1 else 's'}"
    return PLAIN.get(name) or f"it needs {NEEDS[name][0]}"


def deed(game: Game, act: str, target: str | None) -> str:
    """An act in words that follow the actor's name, with the group that it is about."""
    words = BY_ID[act].title
    name = next((group.name for group in game.scenario.groups if group.id == target), "")
    if not name:
        return words
    return words.replace("a group", name) if "a group" in words else f"{words} ({name})"


class Known(NamedTuple):
    """What a seat knew when it was last asked: events by the rows of the trace, and some numbers."""

    events: int = 0
    numbers: dict[str, float] | None = None


def known(game: Game, seat: str) -> Known:
    """What a seat knows now."""
    view = game.view(seat)
    return Known(len(game.model.trace), view.public | view.own)


def briefing(game: Game, seat: str, before: Known) -> list[str]:
    """The briefing of a seat that was last asked when it knew ``before``."""
    view, names = game.view(seat), actor_names(game.scenario)
    today = day_of(game.scenario.start, game.day)
    lines = title(
        f"{today:%a} {short_date(today)} · day {game.day} of {game.scenario.horizon} · you are {names[seat]}",
        calendar(game, view),
    )
    news = [f"{short_date(line.date)}: {line.text}" for line in Seen(game.model, seat).after(before.events)]
    lines += [*head("What happened, as far as we know"), *bullets(news, "nothing that we heard of")]
    if before.numbers:
        lines += bullets(changes(before.numbers, view.public | view.own), "")
    lines += [*head("Where things stand"), *facts(situation(game, view))]
    lines += [*head("What we believe"), *facts(beliefs(game, seat, view))]
    if seat == IRAN:
        lines += [*head("Our groups (o GROUP restrain, permit or press)"), *hold_on_groups(view)]
    lines += [*head("What we can do"), *menu(offers(game, seat))]
    return [*lines, *head("What we cannot do today"), *bullets(closed(game, seat))]


CHANGES = {
    "troops": ("American troops", 50.0, "{:,.0f}"),
    "staff": ("embassy staff", 0.02, "{:.0%}"),
    "air_defence": ("air defence", 0.05, "{:.0%}"),
    "authority": ("Baghdad's authority", 0.03, "{:.2f}"),
    "stress": ("fiscal stress", 0.03, "{:.2f}"),
    "street": ("mood of the street", 0.05, "{:.2f}"),
    "sponsor": ("Tehran ordered the attacks", 0.08, "{:.0%}"),
    "us_resolve": ("Washington is resolute", 0.05, "{:.0%}"),
    "fear": ("the next attack brings a strike", 0.04, "{:.0%}"),
    "violations": ("wrongs we have not answered", 0.2, "{:.2f}"),
    "commitment": ("our open threat", 0.1, "{:.2f}"),
    "capability": ("our means", 0.03, "{:.0%}"),
    "control": ("Tehran's hold on us", 0.03, "{:.0%}"),
}
"""Number that the seat knows -> what it is, the least change worth telling, how it is written."""


def changes(before: dict[str, float], now: dict[str, float]) -> list[str]:
    """What changed since the seat was last asked, in one line."""
    told = []
    for name, (meaning, least, form) in CHANGES.items():
        if name in now and abs(now[name] - before[name]) >= least:
            told.append(f"{meaning} {form.format(before[name])} → {form.format(now[name])}".replace("%", " %"))
    return [f"What changed: {'; '.join(told)}."] if told else []


def calendar(game: Game, view: View) -> str:
    """Where the day stands in the calendar."""
    now = day_of(game.scenario.start, game.day)
    dates = game.scenario.calendar
    parts = []
    for name, when in (("American election", dates.election), ("Inauguration in Washington", dates.inauguration)):
        if when and when >= now:
            days = (when - now).days
            parts.append(f"{name} today" if days == 0 else f"{name} in {days} day{'' if days == 1 else 's'}")
            break
    if view.public["anniversary"]:
        parts.append("an anniversary that calls for vengeance")
    return "; ".join(parts) or f"{game.scenario.horizon - game.day} days left"


def situation(game: Game, view: View) -> list[tuple[str, str]]:
    """What everybody can see."""
    p = view.public
    dead = [f"{p[field]:.0f} {names[p[field] != 1]}" for field, names in KILLED.items() if p[field]]
    rows = [
        ("Embassy", _embassy(p) + _review(game, view.actor)),
        ("American troops", f"{p['troops']:,.0f}; air defence {percent(p['air_defence'])}"),
        ("Truce", "the groups keep one, or say so" if p["truce"] else "none"),
        ("Killed so far", listed(dead) or "nobody"),
        ("Last", _last(p)),
        ("Iraq", f"authority {p['authority']:.2f}, fiscal stress {p['stress']:.2f}, street {p['street']:.2f} (0 to 1)"),
        ("American money", _money(p)),
    ]
    if view.under_way:
        acts = [f"{deed(game, act, target)} (since day {day})" for act, target, day in view.under_way]
        rows.append(("Under way", "; ".join(acts)))
    return [*rows, ("Crowds", f"{p['crowd']:.2f} (0.30 can storm a compound)")] if p["crowd"] >= 0.05 else rows


def _embassy(p: dict[str, float]) -> str:
    stage = Stage(int(p["stage"]))
    words = f"{stage.name.lower()}; {percent(p['staff'])} of its staff"
    if stage in (Stage.DECIDED, Stage.DRAWDOWN):
        words += f"; {p['clock']:.0f} days left on the closing clock{', which is stopped' if p['paused'] else ''}"
    return words


def days_to_review(game: Game) -> int | None:
    """Days until the next weekly review of a closure, on which it can be stopped or taken back; None without one."""
    w = game.model.crisis.w
    under_way = w.stage in (Stage.DECIDED, Stage.DRAWDOWN) and w.review_day >= game.day
    return int(w.review_day) - game.day if under_way else None


def _review(game: Game, seat: str) -> str:
    """When Washington next reviews its closure, which nobody else knows."""
    days = days_to_review(game) if seat == US else None
    if days is None:
        return ""
    return "; weekly review today" if days == 0 else f"; next weekly review in {days} day{'' if days == 1 else 's'}"


def _last(p: dict[str, float]) -> str:
    events = {"rocket attack": "attack", "American killed": "us_death", "US strike": "strike", "missiles": "missile"}
    ages = [(p[f"days_since_{name}"], words) for words, name in events.items()]
    told = [f"{words} {_ago(age)}" for age, words in ages if age < LONG_AGO]
    return "; ".join(told) or "no attack so far"


def _ago(days: float) -> str:
    return "today" if days == 0 else f"{days:.0f} day{'' if days == 1 else 's'} ago"


def _money(p: dict[str, float]) -> str:
    aid = "aid flows" if p["aid"] > 0.5 else "aid is withheld"
    left = p["waiver_left"]
    return f"{aid}; the energy waiver {f'has {left:.0f} days left' if left >= 0 else 'has lapsed'}"


def beliefs(game: Game, seat: str, view: View) -> list[tuple[str, str]]:
    """What only the seat knows or believes."""
    own, names = view.own, actor_names(game.scenario)
    rows = [
        ("Attacks", f"about {7 * own['rate']:.1f} a week, we think; Tehran ordered them: {percent(own['sponsor'])}")
    ]
    if seat != "us":
        rows.append(("Washington", f"resolute: {percent(own['us_resolve'])}; strikes after the next attack: "
                     f"{percent(own['fear'])}"))  # fmt: skip
    rows.append(("Our score", f"wrongs not answered {own['violations']:.2f}, own dead not answered "
                 f"{own['unanswered']:.0f}, our open threat {own['commitment']:.2f}"))  # fmt: skip
    if "capability" in own:
        return [*rows, *_means(own)]
    return rows + _suspicion(view, names)


def _means(own: dict[str, float]) -> list[tuple[str, str]]:
    said = _word(own["directive"], own["directive_strength"]).replace("itself", "ourselves")
    chances = [name for name, field in (("rockets", "rocket_chance"), ("a convoy bomb", "ied_chance")) if own[field]]
    return [
        ("Tehran", f"its hold on us {percent(own['control'])}; we are {said}"),
        ("Our means", f"{percent(own['capability'])}; in prison: {own['prisoners']:.0f}; grievance "
         f"{own['grievance']:.2f}; {'in the truce' if own['in_truce'] else 'in no truce'}"),
        ("Opportunity", f"for {listed(chances)}, today" if chances else "none today"),
    ]  # fmt: skip


def _suspicion(view: View, names: dict[str, str]) -> list[tuple[str, str]]:
    known = view.groups
    if "blame" not in next(iter(known.values())):
        return []
    blamed = sorted(((row["blame"], names[group]) for group, row in known.items() if row["blame"] > 0.02), reverse=True)
    held = [f"{row['prisoners']:.0f} of {names[group]}" for group, row in known.items() if row["prisoners"]]
    text = "; ".join(f"{name} {percent(share)}" for share, name in blamed[:4]) or "nothing to go by"
    return [("Suspicion", text), *([("Prisoners", listed(held))] if held else [])]


def hold_on_groups(view: View) -> list[str]:
    """What Tehran knows of each group, one line each."""
    told = []
    for group, row in view.groups.items():
        truce = ", in the truce" if row["in_truce"] else ""
        said = _word(row["directive"], row["directive_strength"])
        told.append(f"{group:<26} hold {percent(row['control'])}, means {percent(row['capability'])}, {said}{truce}")
    return bullets(told)


def _word(directive: float, strength: float) -> str:
    """Tehran's last word to a group, and how much of its force is left."""
    word = Directive(int(directive)).name.lower()
    return f"told to {word} ({percent(strength)} left)" if directive else "left to itself"


def menu(found: list[Offer]) -> list[str]:
    """The options with their numbers, costs, worth beside holding, and what the advisers incline to."""
    lines = [f"  {'':>2}  {'':<{TITLE_WIDTH}} {'cost':>6} {'worth':>6} {'advisers':>8}"]
    for number, offer in enumerate(found):
        words = shorten(offer.title, TITLE_WIDTH, placeholder=" ...")
        numbers = f"{offer.cost:6.2f} {signed(offer.worth):>6} {percent(offer.option.chance):>8}"
        lines.append(f"  {number:>2}  {words:<{TITLE_WIDTH}} {numbers}")
    return lines
