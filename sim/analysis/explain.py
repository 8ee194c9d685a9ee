"""Explanations: a world told in plain sentences, and for every decision why it was taken.

``sim explain RUN --world N [--day D] [--actor A] [--why-not ACTION]`` prints what :func:`explain` returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import pandas as pd

from sim.actions import BY_ID
from sim.analysis.decision import Decision
from sim.analysis.explain_words import wrapped
from sim.analysis.why_not import chance_if_possible, why_not
from sim.drivers.deliberation import Deliberation
from sim.drivers.mesa_model import CrisisModel
from sim.drivers.replay import replay
from sim.errors import InputError, unknown, whole
from sim.experiments.dataset import Sweep
from sim.experiments.opening import open_run
from sim.results.chronicle import Chronicle, Line
from sim.results.folder import is_folder
from sim.results.pick import representative, surprising
from sim.results.run import Run, run
from sim.results.trace import actor_names, short_date
from sim.results.words import percent
from sim.scenario.worlds import Worlds
from sim.world.names import Class

PICKS = ("representative", "surprising")
SAMPLE = 1000
"""Worlds lived to pick one from a scenario that has not been run."""


class Explanation:
    """A world and the decisions asked for.

    Attributes:
        model: the world, lived with its deliberations kept.
        chronicle: what happened.
        decisions: those asked for, in the order of the days.
        full: whether decisions are told term by term, or one line each.
        question: id of the act that a why-not asks for, or None.
    """

    def __init__(
        self, model: CrisisModel, decisions: Sequence[Deliberation], full: bool, question: str | None = None
    ) -> None:
        """Tell a lived world; :func:`explain` makes one."""
        self.model = model
        self.chronicle = Chronicle.of(model.crisis_scenario, model.world, model.trace)
        self.decisions = [Decision(model.crisis_scenario, each) for each in decisions]
        self.full = full
        self.question = question

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def lines(self) -> Iterator[str]:
        """The explanation as text, at most 80 columns wide."""
        yield from wrapped(f"World {self.model.world} of '{self.model.crisis_scenario.title}'")
        yield from self._minds()
        if self.question:
            yield from self._why_not()
        elif self.full:
            for decision in self.decisions:
                yield from ("", *decision.lines())
        else:
            yield from ("", *(text for line in self.chronicle for text in _line(line)), "", *self._summary())

    def _summary(self) -> Iterator[str]:
        yield "Decisions (chance that it would be this act; --day and --actor tell why)"
        for decision in self.decisions:
            chosen = decision.deliberation.choice
            if chosen:
                chance = f" ({percent(chosen.chance)})"
                yield from wrapped(f"{decision.headline[:-1]}{chance}", "    ")

    def _minds(self) -> Iterator[str]:
        """The mindsets in this world, where the scenario leaves them to chance or sets them."""
        held = mindsets(self.model)
        if held:
            names = actor_names(self.model.crisis_scenario)
            text = "; ".join(f"{names[actor]} {mind}" for actor, mind in held.items())
            yield from wrapped(f"Mindsets: {text}")

    def _why_not(self) -> Iterator[str]:
        for decision in self.decisions:
            yield from ("", *wrapped(decision.headline))
            for text in why_not(decision, str(self.question)):
                yield from wrapped(text, "    ", "  ")

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, fit for JSON."""
        events = [{"day": line.day, "date": line.date.isoformat(), "text": line.text} for line in self.chronicle]
        decisions = [decision.to_dict() for decision in self.decisions]
        if self.question:
            for decision, row in zip(self.decisions, decisions, strict=True):
                row["why_not"] = why_not(decision, self.question)
        return {
            "world": self.model.world,
            "scenario": self.model.crisis_scenario.name,
            "mindsets": mindsets(self.model),
            "chronicle": events,
            "decisions": decisions,
        }


def explain(  # noqa: PLR0913 all but the first are optional
    source: Any,
    world: int | None = None,
    *,
    day: int | None = None,
    actor: str | None = None,
    why_not: str | None = None,
    pick: str | None = None,
    point: int | None = None,
) -> Explanation:
    """Live a world again and tell it.

    Args:
        source: a run or a sweep, its folder, a scenario, or the name or path of one.
        world: number of the world; the first by default.
        day: tell the decisions of this day, term by term.
        actor: tell those of this actor only.
        why_not: id of an act: say why it was not chosen. Without a day, at the sitting where it came closest.
        pick: choose the world: the most ordinary one, or the one with the rarest combination of outcomes.
        point: number of the point of a sweep.

    Raises:
        InputError: there is no such run, scenario, world, day, actor or act, or the rules have changed since the run.

    Examples:
        >>> print(explain("baghdad-2020", world=17))  # doctest: +ELLIPSIS
        World 17 of 'Baghdad, 28 September 2020: the embassy is to close'...
    """
    world = None if world is None else whole("the number of a world", world)
    day = None if day is None else whole("the day", day)
    lived, stored = _lived(source, point)
    if pick:
        world = _picked(lived, stored, world, pick)
    elif world is None:
        world = 0 if stored is None else int(stored["world"].iloc[0])
    _check_world(stored, world)
    model = replay(lived, world)
    if stored is not None:
        _check_same(model, stored[stored["world"] == world].iloc[0])
    _check_day(model, day)
    if why_not:
        actor = _asked(model, why_not, actor)
        return Explanation(model, _sittings_for(model, why_not, actor, day), True, why_not)
    if actor and actor not in model.crisis_scenario.actors:
        raise unknown("actor", actor, model.crisis_scenario.actors)
    return Explanation(model, _told(model, day, actor), day is not None)


def mindsets(model: CrisisModel) -> dict[str, str]:
    """The mindset that each actor has in this world, where it is not its own numbers."""
    minds = Worlds(model.crisis_scenario, model.world, 1, {}).minds
    held = {actor: [mind for mind, mask in each.items() if mask is None or mask[0]] for actor, each in minds.items()}
    return {actor: names[0] for actor, names in held.items() if names and names[0] != "default"}


def _lived(source: Any, point: int | None) -> tuple[Any, pd.DataFrame | None]:
    """What is to be lived again, and the outcomes that were stored of it, if any were."""
    found = open_run(source) if is_folder(source) else source
    if isinstance(found, Sweep):
        if point is None:
            raise InputError(f"this is a sweep: name one of its points, 0 to {len(found.points) - 1}, with --point")
        stored = found.read(point=point)
        return found.plan.points.scenario_of(point), stored
    if point is not None:
        raise InputError("only a sweep has points")
    return found, found.outcomes if isinstance(found, Run) else None


def _picked(lived: Any, stored: pd.DataFrame | None, world: int | None, pick: str) -> int:
    if world is not None:
        raise InputError("name a world or let one be picked, not both")
    if pick not in PICKS:
        raise unknown("pick", pick, PICKS)
    outcomes = run(lived, worlds=SAMPLE, depth="outcomes").outcomes if stored is None else stored
    return representative(outcomes) if pick == "representative" else int(surprising(outcomes)["world"].iloc[0])


def _check_world(stored: pd.DataFrame | None, world: int) -> None:
    if stored is not None and not (stored["world"] == world).any():
        raise InputError(f"no world {world}: there are worlds {stored['world'].min()} to {stored['world'].max()}")


def _check_same(model: CrisisModel, was: pd.Series) -> None:
    """A run keeps outcomes only: a world whose rules have changed since would be told as another one."""
    now = model.outcome
    changed = [name for name in now.dtype.names if f"{name}_code" not in was.index and now[name] != was[name]]
    if changed:
        raise InputError(
            f"world {model.world} now ends differently ({', '.join(changed[:3])}): the rules have changed since; run it"
            " again"
        )


def _check_day(model: CrisisModel, day: int | None) -> None:
    if day is not None and not 0 <= day < model.horizon:
        raise InputError(f"no day {day}: this scenario has days 0 to {model.horizon - 1}")


def _told(model: CrisisModel, day: int | None, actor: str | None) -> list[Deliberation]:
    """The decisions asked for: of a day all that sat, of an actor on a day also that it did not sit."""
    found = [each for each in model.deliberations if day is None or each.day == day]
    if actor:
        found = [each for each in found if actor in (each.actor, each.about)]
    if day is not None and actor:
        return found
    return [each for each in found if each.chosen and (day is not None or _is_act(each))]


def _is_act(deliberation: Deliberation) -> bool:
    return bool(deliberation.chosen) and BY_ID[str(deliberation.chosen)].kind != Class.HOLD


def _asked(model: CrisisModel, act: str, actor: str | None) -> str:
    """The actor that a why-not is about: it follows from the act, but for acts of groups."""
    if act not in BY_ID:
        raise unknown("action", act, BY_ID)
    owner = BY_ID[act].owner
    able = [each.id for each in model.actors if each.traits.kind == owner]
    if actor is None and len(able) == 1:
        return able[0]
    if actor not in able:
        raise InputError(f"'{act}' is an act of {', '.join(able)}: name the actor with --actor")
    return actor


def _sittings_for(model: CrisisModel, act: str, actor: str, day: int | None) -> list[Deliberation]:
    mine = [each for each in model.deliberations if each.actor == actor and _concerns(each, act)]
    if day is not None:
        return [each for each in mine if each.day == day]
    sat = [each for each in mine if each.chosen and each.chosen != act] or [each for each in mine if each.chosen]
    if not sat:
        raise InputError(f"{actor} never sat in world {model.world}")
    return [max(sat, key=lambda each: _closeness(model, each, act))]


def _concerns(deliberation: Deliberation, act: str) -> bool:
    """Orders are decided apart from acts."""
    is_order = act in ("ir.restrain", "ir.permit", "ir.press")
    return (deliberation.about is not None) == is_order


def _closeness(model: CrisisModel, deliberation: Deliberation, act: str) -> tuple[float, float]:
    """How close an act came: its chance, then the chance it would have had if it had been possible."""
    for option in deliberation.options:
        if option.id == act:
            return option.chance, 0.0
    for barred in deliberation.ruled_out:
        if barred.option.id == act:
            return 0.0, chance_if_possible(Decision(model.crisis_scenario, deliberation), barred.option) or 0.0
    return 0.0, 0.0


def _line(line: Line) -> list[str]:
    return wrapped(f"{short_date(line.date)} (day {line.day}): {line.text}", "    ")
