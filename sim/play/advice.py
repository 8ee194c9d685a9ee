"""What the advisers say about one option: how long it takes, what speaks for and against it, how others may answer."""

from __future__ import annotations

from scipy.special import betaincinv

from sim.actions import CATALOGUE
from sim.analysis.explain_words import PARTNERS, REPLIES, TERMS
from sim.drivers.deliberation import Deliberation, Option, Replies
from sim.play.briefing import Offer
from sim.play.game import Game
from sim.play.page import bullets, signed
from sim.results.words import percent
from sim.world.names import Kind

SMALL = 0.005
VIOLENT = ("limited", "severe")
FEW_CASES, MANY_CASES = 12.0, 25.0


def advice(game: Game, seat: str, offer: Offer, number: int) -> list[str]:
    """The advisers on one option."""
    texts = [timing(offer.option), who_sees(offer.option), terms(offer.option)]
    answers = [answer(game, seat, reply) for reply in expected(game, seat, offer.option)]
    texts += answers or ["Nobody is expected to answer it."]
    inclination = percent(offer.option.chance)
    texts.append(
        f"All in all {signed(offer.worth)} red lines beside holding, at a cost of {offer.cost:.2f}; left alone, the"
        f" advisers would do it with a chance of {inclination}."
    )
    return ["", *bullets([f"{number}: {offer.title}"]), *bullets([text for text in texts if text], indent=4)]


def timing(option: Option) -> str:
    """How long it takes, and how soon it can be done again."""
    row = CATALOGUE[option.act]
    low, mode, high = row.lag
    takes = "It happens at once." if high == 0 else f"It takes {low:g} to {high:g} days, most likely {mode:g}."
    return f"{takes} Not again for {row.duration:g} days." if row.duration else takes


def who_sees(option: Option) -> str:
    """Who will see it and know the author."""
    row = CATALOGUE[option.act]
    if row.private:
        return "Others will not see it."
    if row.attributability < 0.95:
        front = ", less under a front's name" if row.facade else ""
        return f"The author is named with a chance of {percent(row.attributability)}{front}."
    return f"It opens a threat that we can be held to ({row.commitment:.1f})." if row.commitment else ""


def terms(option: Option) -> str:
    """What speaks for it and against it."""
    told = {name: value for name, value in option.terms.items() if name != "inertia" and abs(value) >= SMALL}
    ordered = sorted(told, key=lambda name: -abs(told[name]))
    good = ", ".join(f"{TERMS[name]} {told[name]:+.2f}" for name in ordered if told[name] > 0)
    bad = ", ".join(f"{TERMS[name]} {told[name]:+.2f}" for name in ordered if told[name] < 0)
    return " ".join(part for part in (f"For it: {good}." if good else "", f"Against it: {bad}." if bad else "") if part)


def expected(game: Game, seat: str, option: Option) -> list[Replies]:
    """How those who matter to a seat are expected to answer an option."""
    actor = game.actor(seat)
    target = game.scenario.actors.index(option.target) if option.target else -1
    now = Deliberation(game.day, seat, actor.row, 1, 0.0, 0.0, (0.0, 0.0), game.model.crisis)
    return now.replies(option, target)


def answer(game: Game, seat: str, reply: Replies) -> str:
    """One other's expected answer, and how sure the advisers are."""
    kind = Kind(int(game.actor(seat).traits.kind))
    likely = sorted(reply.chances.items(), key=lambda each: -each[1])[:3]
    words = ", ".join(f"{REPLIES[name]} {percent(chance)}" for name, chance in likely)
    violence, cases = sum(reply.chances[name] for name in VIOLENT), reply.prior_cases + reply.own_cases
    low, high = (float(betaincinv(violence * cases, (1.0 - violence) * cases, q)) for q in (0.05, 0.95))
    who = PARTNERS[kind][reply.partner]
    return (
        f"{who[0].upper()}{who[1:]} may answer with {words}. Violence in return: {percent(violence)},"
        f" 90 % sure between {percent(low)} and {percent(high)}: {_sure(cases, reply.own_cases)}."
    )


def _sure(cases: float, own: float) -> str:
    if cases < FEW_CASES:
        return "little to go by, and hardly a case of our own"
    known = "cases of our own and of history" if own >= 1.0 else "history"
    return f"fairly sure, from {known}" if cases < MANY_CASES else f"sure, from {known}"
