"""Why an actor did not do something: what was missing, or by how much and in which terms it fell short."""

from __future__ import annotations

from collections.abc import Iterator

from sim.actions import BY_ID
from sim.analysis.decision import Decision
from sim.analysis.explain_words import CLASSES, TERMS, is_objective, needs
from sim.analysis.stages import kind_of, precision_of, stages
from sim.drivers.deliberation import Option, RuledOut
from sim.results.words import percent

MOST_TERMS = 4
HIGHEST_URGENCY = 5.0


def why_not(decision: Decision, act: str) -> list[str]:
    """Say what would have had to differ for an actor to choose an act at a sitting."""
    d = decision.deliberation
    who, title = decision.who, BY_ID[act].title
    if d.chosen is None:
        return [decision.sitting(), f"So it could not choose: {title}."]
    if d.chosen == act and d.choice:
        return [f"It did: {who} {title}, with a chance of {percent(d.choice.chance)}."]
    possible = next((option for option in d.options if option.id == act), None)
    barred = next((each for each in d.ruled_out if each.option.id == act), None)
    if possible:
        return [f"{who} could have: {title}.", *_fell_short(decision, possible)]
    if barred:
        return [f"{who} could not: {title}.", *_missing(decision, barred)]
    return [f"{who} does not decide on that here: {title}."]


def _missing(decision: Decision, barred: RuledOut) -> Iterator[str]:
    d = decision.deliberation
    for reason in barred.reasons:
        yield f"Missing: {needs(reason, d.facts or {}, d.crisis.p, d.state)}."
    chance = chance_if_possible(decision, barred.option)
    if chance is not None:
        yield (
            f"Had it been possible, its utility would have been {barred.option.utility:+.3f} and its chance"
            f" {percent(chance)}."
        )
        yield from _terms(barred.option, d.choice)


def chance_if_possible(decision: Decision, option: Option) -> float | None:
    """The probability that an act would have had beside the real options; None under a rule that does not draw."""
    precision = precision_of(decision.deliberation)
    if precision is None:
        return None
    return stages((*decision.options, option), precision).chance(option)


def _fell_short(decision: Decision, option: Option) -> Iterator[str]:
    d, found = decision.deliberation, decision.stages
    yield f"Its utility was {option.utility:+.3f} and its chance {percent(option.chance)}."
    best = max(decision.options, key=lambda each: each.utility)
    if best is not option:
        yield (
            f"It fell {best.utility - option.utility:.3f} red lines short of the best"
            f" ({decision.title(best.id, best.target)}, {best.utility:+.3f})."
        )
    yield from _terms(option, best if best is not option else d.choice)
    yield from _single_moves(decision, option, best)
    if found:
        group, act = found.classes[kind_of(option)], found.acts[option.id]
        yield (
            f"As things were, only other draws would have chosen it: {group.low:.3f} to {group.high:.3f} for the class"
            f" ({CLASSES[kind_of(option)]}; it was {d.uniforms[0]:.3f}) and {act.low:.3f} to {act.high:.3f} within it"
            f" (it was {d.uniforms[1]:.3f})."
        )


def _terms(option: Option, other: Option | None) -> Iterator[str]:
    """The terms that told most against and for an act, beside another."""
    if other is None:
        return
    gaps = {term: option.terms[term] - other.terms[term] for term in option.terms}
    against = sorted((term for term in gaps if gaps[term] < -0.0005), key=gaps.__getitem__)[:MOST_TERMS]
    speaking = sorted((term for term in gaps if gaps[term] > 0.0005), key=lambda term: -gaps[term])[:MOST_TERMS]
    beside = f"Beside '{BY_ID[other.id].title}'"
    for words, terms in (("against it", against), ("for it", speaking)):
        if terms:
            yield f"{beside}, {words}: {', '.join(f'{TERMS[term]} {gaps[term]:+.3f}' for term in terms)}."


def _single_moves(decision: Decision, option: Option, best: Option) -> Iterator[str]:
    """What one term would have had to be, alone, for the act to draw level with the best."""
    gap = best.utility - option.utility
    if gap <= 0.0:
        return
    moves = []
    for term in option.terms:
        pull = _pull(decision, option, best, term)
        if pull:
            urgency, slope = pull
            wanted = urgency + gap / slope
            if 0.0 <= wanted <= HIGHEST_URGENCY:
                moves.append(f"{TERMS[term]}: {wanted:.2f} instead of {urgency:.2f}")
    if moves:
        yield f"It would have drawn level with any one of these urgencies (0 to 5): {'; '.join(moves)}."
    else:
        yield "No single objective, however urgent, would have brought it level."


def _pull(decision: Decision, option: Option, best: Option, term: str) -> tuple[float, float] | None:
    """Urgency of an objective, and how much the gap closes when it grows by one; None where that does nothing."""
    if not is_objective(term):
        return None
    urgency = decision.factors_of(option, term)[1]
    shared = decision.factors_of(best, term)[1] == urgency
    gained = option.terms[term] - (best.terms[term] if shared else 0.0)
    slope = gained / urgency if urgency > 0.0 else 0.0
    return (urgency, slope) if abs(slope) > 1e-9 else None
