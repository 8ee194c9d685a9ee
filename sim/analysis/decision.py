"""One decision told: what the actor believed, what it weighed, and how the draw fell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from sim.actions import BY_ID
from sim.analysis.explain_words import (
    BELIEFS,
    BELIEFS_OF,
    CLASSES,
    FACTS_OF,
    PARTNERS,
    REPLIES,
    TERMS,
    is_objective,
    wrapped,
)
from sim.analysis.stages import Stages, add_up, kind_of, precision_of, stages
from sim.drivers.deliberation import Deliberation, Option, Replies
from sim.results.trace import actor_names, day_of, short_date
from sim.results.words import listed, percent
from sim.rules.weigh import urgency_of_force
from sim.scenario import Scenario
from sim.world.names import FIRST_GROUP, Aim, Class, Directive, Kind, Policy

SMALL = 0.0005


class Decision:
    """A deliberation that can be read.

    Attributes:
        scenario: the scenario.
        deliberation: what was recorded.
        names: id of each actor -> the name sentences use.
    """

    def __init__(self, scenario: Scenario, deliberation: Deliberation) -> None:
        """Put a deliberation beside the scenario that gives names and dates."""
        self.scenario = scenario
        self.deliberation = deliberation
        self.names = actor_names(scenario)

    @property
    def date(self) -> date:
        """Its date."""
        return day_of(self.scenario.start, self.deliberation.day)

    @property
    def who(self) -> str:
        """Name of the actor."""
        return self.names[self.deliberation.actor]

    @property
    def kind(self) -> Kind:
        """Kind of the actor."""
        return Kind(int(self.deliberation.traits.kind))

    @property
    def stages(self) -> Stages | None:
        """The two stages of the choice; None under a rule other than quantal response."""
        precision = precision_of(self.deliberation)
        return None if precision is None or not self.deliberation.options else stages(self.options, precision)

    @property
    def options(self) -> tuple[Option, ...]:
        """What it could do."""
        return self.deliberation.options

    def title(self, act: str, target: str | None = None) -> str:
        """An act in words that follow the actor's name."""
        title = BY_ID[act].title
        row = self.scenario.actors.index(target) if target else -1
        if row < FIRST_GROUP:
            return title
        name = self.names[str(target)]
        return title.replace("a group", name) if "a group" in title else f"{title} ({name})"

    @property
    def headline(self) -> str:
        """Date, actor and what it chose, in one line."""
        d = self.deliberation
        when = f"{short_date(self.date)} (day {d.day})"
        who = self.who[0].upper() + self.who[1:]
        if d.chosen is None:
            return f"{when}: {who} did not sit."
        return f"{when}: {who} {self.title(d.chosen, d.target)}."

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The whole decision, at most 80 columns wide."""
        yield from wrapped(self.headline)
        yield from wrapped(self.sitting())
        if self.deliberation.chosen is None:
            return
        yield from ("", f"What {self.who} believed and faced", *self.beliefs())
        yield from ("", "What it could do, and the chance of each", *self.menu())
        yield from ("", "Why, term by term, in red lines (utility of the act, of its best rival)", *self.why())
        yield from self.expected_replies()
        yield from ("", *wrapped(self.draw()))

    def sitting(self) -> str:
        """How it came to sit, or not."""
        d = self.deliberation
        pace = f"its pace and what weighed on it gave a chance of {percent(d.hazard)}; the draw was {d.draw:.3f}"
        if d.chosen is None:
            return f"That morning {pace}."
        if d.about:
            return f"It reviewed its orders to the groups: {pace}."
        if d.draw >= d.hazard:
            reason = "an opportunity came" if self.kind == Kind.MILITIA else "it had to, or its seat decides every day"
            return f"It sat although {pace}: {reason}."
        return f"It sat: {pace}."

    def beliefs(self) -> Iterator[str]:
        """What it believed, and the facts that weigh with it."""
        state, facts = self.deliberation.state, self.deliberation.facts or {}
        for field in BELIEFS_OF[self.kind]:
            meaning, unit = BELIEFS[field]
            value = float(state[field])
            yield _row(meaning, percent(value) if unit == "share" else f"{value:.2f}")
        for name, meaning in FACTS_OF[self.kind]:
            yield _row(meaning, f"{facts[name]:.2f}")
        yield from self._bonds()

    def _bonds(self) -> Iterator[str]:
        state, crisis = self.deliberation.state, self.deliberation.crisis
        if self.kind == Kind.MILITIA:
            word = Directive(int(state.directive)).name.lower()
            yield _row("Tehran's word, and what is left of it", f"{word}, {percent(float(state.directive_strength))}")
            yield _row("party to a truce", "yes" if state.in_truce else "no")
        if self.kind in (Kind.US, Kind.IRAQ):
            blame = [float(crisis.actors[g].blame) for g in range(FIRST_GROUP, len(crisis.actors))]
            if (total := sum(blame)) > 0:
                row = max(range(len(blame)), key=blame.__getitem__)
                name = self.names[self.scenario.actors[FIRST_GROUP + row]]
                yield _row("most to blame, and its share", f"{name} ({percent(blame[row] / total)})")

    def menu(self) -> Iterator[str]:
        """The options by class, likeliest first within it, the chosen one marked."""
        found = self.stages
        for kind in Class:
            inside = [option for option in self.options if kind_of(option) == kind]
            if not inside:
                continue
            share = f"{percent(found.classes[kind].chance):>7}" if found else ""
            yield f"  {CLASSES[kind]:<64}{share:>9}"
            for option in sorted(inside, key=lambda o: -o.utility):
                mark = "*" if option.id == self.deliberation.chosen else " "
                title = textwrap.shorten(self.title(option.id, option.target), 52, placeholder=" ...")
                yield f"   {mark} {title:<52} {option.utility:+7.3f} {percent(option.chance):>8}"

    def why(self) -> Iterator[str]:
        """Every term of the chosen act beside that of the likeliest other one; they add up to the utility."""
        chosen, rival = self.deliberation.choice, self.rival()
        if chosen is None:
            return
        yield f"  {'':46}{'chosen':>9} {'other':>9}"
        for term in chosen.terms:
            if abs(chosen.terms[term]) >= SMALL or (rival and abs(rival.terms[term]) >= SMALL):
                other = f"{rival.terms[term]:+9.3f}" if rival else ""
                yield f"  {TERMS[term]:<46}{chosen.terms[term]:+9.3f} {other}"
                yield from self.factors(chosen, term)
        other = f"{add_up(rival.terms):+9.3f}" if rival else ""
        yield f"  {'sum':<46}{add_up(chosen.terms):+9.3f} {other}"
        if rival:
            yield from wrapped(f"  other: {self.title(rival.id, rival.target)}")

    def factors(self, option: Option, term: str) -> Iterator[str]:
        """How an objective's term came about: weight, urgency, effect, and what scaled it."""
        if not is_objective(term):
            return
        weight, urgency, effect = self.factors_of(option, term)
        plain = weight * urgency * effect
        if abs(plain) < SMALL:
            return
        scale = option.terms[term] / plain
        scaled = f" x {scale:.2f} for what it believes" if abs(scale - 1.0) > 0.005 else ""
        yield f"      = weight {weight:.2f} x urgency {urgency:.2f} x effect {effect:+.2f}{scaled}"

    def factors_of(self, option: Option, term: str) -> tuple[float, float, float]:
        """Weight, urgency that morning, and effect of an act on an objective."""
        d, k = self.deliberation, Aim[term.upper()]
        act, urgency = d.crisis.acts[option.act], d.modulators[k]
        if act.kind == Class.FORCE:
            urgency = float(urgency_of_force(d.crisis, d.row, int(k), urgency))
        return float(d.traits.weights[k]), urgency, float(act.effects[k])

    def rival(self) -> Option | None:
        """The likeliest option that was not chosen."""
        others = [option for option in self.options if option.id != self.deliberation.chosen]
        return max(others, key=lambda option: (option.chance, option.utility), default=None)

    def expected_replies(self) -> Iterator[str]:
        """How it expected the others to answer what it chose."""
        chosen = self.deliberation.choice
        found = self.replies(chosen) if chosen else []
        if chosen and found:
            named = self.deliberation.named(chosen)
            unless = "" if named > 0.99 else f", if they name it at all ({percent(named)})"
            yield from ("", f"How it expected the others to answer{unless}")
            for reply in found:
                yield from wrapped(f"  {self.reply_text(reply)}", "    ")

    def replies(self, option: Option) -> list[Replies]:
        """How it expected those who matter to answer an option."""
        target = self.scenario.actors.index(option.target) if option.target else -1
        return self.deliberation.replies(option, target)

    def reply_text(self, reply: Replies) -> str:
        """One other's expected answers, likeliest first, and what that rests on."""
        likely = sorted(reply.chances.items(), key=lambda each: -each[1])
        words = listed([f"{REPLIES[name]} {percent(chance)}" for name, chance in likely if chance >= 0.05])
        cases = f"{reply.own_cases:.1f} cases of its own on top of {reply.prior_cases:.0f} from history"
        return f"{PARTNERS[self.kind][reply.partner]}: {words} (from {cases})"

    def draw(self) -> str:
        """How the draw fell."""
        d, found = self.deliberation, self.stages
        if d.choice is None:
            return ""
        if found is None and d.traits.policy == Policy.OUTSIDE:
            return f"It follows the compiled policy '{self.scenario.policies[d.actor]}'."
        if found is None:
            return f"It follows the rule '{Policy(int(d.traits.policy)).name.lower()}': no draw among the options."
        kind = kind_of(d.choice)
        group, act = found.classes[kind], found.acts[d.choice.id]
        if not (group.holds(d.uniforms[0]) and act.holds(d.uniforms[1])):
            return f"Its Python policy or its seat chose; by its own rule the chance was {percent(d.choice.chance)}."
        return (
            f"The draw of the class was {d.uniforms[0]:.3f}; {CLASSES[kind]} holds {group.low:.3f} to {group.high:.3f}."
            f" The draw of the act was {d.uniforms[1]:.3f}; it holds {act.low:.3f} to {act.high:.3f} of its class."
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, fit for JSON; utilities and terms to the last bit."""
        d, found = self.deliberation, self.stages
        return {
            "day": d.day,
            "date": self.date.isoformat(),
            "actor": d.actor,
            "about": d.about,
            "sat": bool(d.convened),
            "chance_of_sitting": d.hazard,
            "draw_of_sitting": d.draw,
            "chosen": d.chosen,
            "target": d.target,
            "draws": {"class": d.uniforms[0], "act": d.uniforms[1]},
            "classes": {kind.name.lower(): slot._asdict() for kind, slot in found.classes.items()} if found else {},
            "beliefs": {field: float(d.state[field]) for field in BELIEFS_OF[self.kind]},
            "modulators": dict(zip((aim.name.lower() for aim in Aim), d.modulators, strict=False)),
            "options": [self._option(option, found) for option in self.options],
            "ruled_out": [
                {"id": each.option.id, "utility": each.option.utility, "reasons": list(each.reasons)}
                for each in d.ruled_out
            ],
        }

    def _option(self, option: Option, found: Stages | None) -> dict[str, Any]:
        return {
            "id": option.id,
            "class": kind_of(option).name.lower(),
            "target": option.target,
            "utility": option.utility,
            "terms": option.terms,
            "chance": option.chance,
            "within_class": found.acts[option.id]._asdict() if found else None,
        }


def _row(meaning: str, value: str) -> str:
    return f"  {meaning:<40}{value}"
