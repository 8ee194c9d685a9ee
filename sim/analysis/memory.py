"""What a morning remembers: the days of the record before it, gone through by the rules that would have lived them.

Nobody decides anything: what is recorded happens, is perceived, and fades night by night. Where a rule would draw what
came of an act (the mood after a leader's death, whether an arrest was kept) its mean or what is recorded counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sim.actions import BY_ID, Act
from sim.analysis.record import Event
from sim.drivers.mesa_model import CrisisModel
from sim.parameters.before import ACTORS_BEFORE, BEFORE
from sim.rules.calendar import happen
from sim.rules.embassy import run_clock
from sim.rules.force import after_us_force, wear_down
from sim.rules.perceive import close_perception, perceive
from sim.rules.proceed import fade
from sim.rules.record import note
from sim.rules.weigh import most_blamed
from sim.scenario import Scenario
from sim.scenario.quantities import actor_quantities, kind_of_actor, owner_of, quantity
from sim.world.names import FIRST_GROUP, NOBODY, UNKNOWN, Class, Stage, Who
from sim.world.records import Crisis

TOLL = ("us_killed", "us_hurt", "coalition_killed", "iraqi_killed", "militia_killed", "iranian_killed")
NOTHING: Any = (0,) * len(TOLL)
ORDERS = (Act.IR_RESTRAIN, Act.IR_PERMIT, Act.IR_PRESS)


def remembered(events: Iterable[Event], first: date, morning: date, settled: Scenario) -> Crisis:
    """Return the crisis on a morning, day ``morning - first``, after the events of the days from `first` on.

    Args:
        events: what is recorded.
        first: day 0 of the crisis that is returned; nothing had happened before.
        morning: the first day that is not gone through.
        settled: actors and numbers; its rules move what is remembered.
    """
    c = CrisisModel(settled.with_(blank(settled))).crisis
    by_day: dict[int, list[Event]] = {}
    for event in events:
        if event.act:
            by_day.setdefault((event.date - first).days, []).append(event)
    for day in range((morning - first).days):
        c.w.day = day
        for event in by_day.get(day, ()):
            happened(c, event, settled)
        end_day(c)
    c.w.day = (morning - first).days
    return c


def blank(settled: Scenario) -> dict[str, object]:
    """Changes that make a first day before which nothing had happened."""
    changes: dict[str, object] = {each.path: each.default for each in BEFORE}
    for actor in settled.actors:
        kind = kind_of_actor(actor)
        own = [each.of(kind, owner_of(actor)) for each in ACTORS_BEFORE if kind in each.defaults]
        changes |= {each.path: each.default for each in own}
    changes |= {f"militias.{group.id}.directive": 0 for group in settled.groups}
    quiet = ("baghdad.talks_days", "baghdad.plea_days", "forces.guard_days")
    return {**changes, **dict.fromkeys(quiet, -1), "embassy.stage": 0, "truce.on": 0, "events": []}


def end_day(c: Crisis) -> None:
    """Everybody perceives the day, and the night lets it fade; its events are no longer needed."""
    for i in range(len(c.actors)):
        perceive(c, i)
    close_perception(c)
    run_clock(c)
    fade(c)
    c.w.n_events, c.w.n_seen, c.w.n_pending = 0, 0, 0
    for me in c.actors:
        me.provoked = NOBODY


def happened(c: Crisis, event: Event, settled: Scenario) -> None:
    """A row of the record takes place: as often as it says, its casualties the first time."""
    act, author = BY_ID[event.act].act, author_of(event, settled)
    row = author if author != UNKNOWN else most_blamed(c)
    if row < 0:
        return
    for time in range(event.count):
        toll = NOTHING if time else tuple(getattr(event, name) for name in TOLL)
        for target in targets_of(c, event, settled):
            before = c.w.n_events
            take_place(c, act, row, target, toll)
            if row >= FIRST_GROUP and c.w.n_events > before:
                c.w.events[before].believed_author = author


def take_place(c: Crisis, act: Act, actor: int, target: int, toll: tuple[int, ...]) -> None:
    """One act, by the rule that lets it land unless that rule draws what is remembered of it."""
    if act == Act.US_KILL_COMMANDER:
        kill_leader(c, target, toll)
    elif act == Act.IQ_ARREST:
        c.actors[target].grievance = min(2.0, c.actors[target].grievance + c.p.proxies_arrest_anger)
    elif act == Act.IQ_EXPULSION_STEP:
        c.w.expulsion_day = c.w.day
    else:
        x = c.plan.script[0]
        x.day, x.act, x.actor, x.target, x.rockets = c.w.day, act, actor, target, -1
        x.facade, x.named, x.amount = -1, -1, -1.0
        for name, number in zip(TOLL, toll, strict=True):
            x[name] = number
        happen(c, 0)


def kill_leader(c: Crisis, target: int, toll: tuple[int, ...]) -> None:
    """A commander is killed: what :func:`sim.rules.force.kill_commander` leaves, its mean where that is drawn."""
    k = note(c, Act.US_KILL_COMMANDER.value, Who.US.value, target, NOBODY)
    for name, number in zip(TOLL, toll, strict=True):
        c.w.events[k][name] = number
    wear_down(c, target, 0.0, c.p.proxies_leader_killed)
    after_us_force(c, k)


def author_of(event: Event, settled: Scenario) -> int:
    """Row of the actor that is held responsible; UNKNOWN for a militia nobody named, or one that is not there."""
    kind, _, group = event.actor.partition(":")
    if kind != "militia":
        return Who[kind.upper()].value if kind.upper() in Who.__members__ else UNKNOWN
    return settled.actors.index(group) if group in settled.actors[FIRST_GROUP:] else UNKNOWN


def targets_of(c: Crisis, event: Event, settled: Scenario) -> list[int]:
    """Rows an act is aimed at: groups that it names, else all of them for an order, the most blamed one for force."""
    act = BY_ID[event.act]
    text = event.target.casefold()
    named = [
        FIRST_GROUP + k
        for k, group in enumerate(settled.groups)
        if group.name.casefold() in text or group.id.replace("_", " ") in text or group.id in text
    ]
    if act.act in ORDERS:
        return named or list(range(FIRST_GROUP, len(c.actors)))
    if act.act == Act.IQ_ARREST or (act.kind == Class.FORCE and event.actor == "us"):
        return named[:1] or [row for row in [most_blamed(c)] if row >= 0]
    return [Who.US.value if event.actor.startswith("militia") or event.actor == "iran" else Who.IRAQ.value]


def carried(c: Crisis, settled: Scenario) -> dict[str, object]:
    """Return the state of a crisis as a scenario that begins on its morning says it, by path."""
    w = c.w
    closing = w.stage in (Stage.DECIDED, Stage.DRAWDOWN)
    found = {
        "forces.air_defence": float(w.air_defence),
        "forces.guard_days": w.guard_until - w.day,
        "baghdad.talks_days": w.talks_until - w.day,
        "baghdad.plea_days": w.plea_until - w.day,
        "combat.attack_days_ago": w.day - w.attack_day,
        "signals.line_days_ago": w.day - w.red_line_day,
        "strikes.days_ago": w.day - w.strike_day,
        "strikes.iran_hit_days_ago": w.day - w.iran_hit_day,
        "parliament.vote_days_ago": w.day - w.expulsion_day,
        "embassy.warned_days_ago": w.day - w.warned_day,
        "embassy.stage_days_ago": c.p.embassy_closure_days - w.clock if closing else w.day - w.stage_day,
        "embassy.stage": 0 if w.stage == Stage.REVERSED else int(w.stage),
    }
    for row, actor in enumerate(settled.actors):
        me, t = c.actors[row], c.traits[row]
        left = {
            "unanswered": me.unanswered,
            "violations": me.violations,
            "recent_grievance": me.grievance - t.grievance,
            "civil_grief": me.civil_grief,
            "blame": me.blame,
            "directive": me.directive,
            "directive_strength": me.directive_strength if me.directive else 1.0,
        }
        has = actor_quantities(actor)
        found |= {has[name].path: float(value) for name, value in left.items() if name in has}
    return {path: _within(settled, path, value) for path, value in found.items()}


def _within(settled: Scenario, path: str, value: float) -> float:
    """The nearest value that is allowed: what was long ago was never, and what is over is none."""
    allowed = quantity(settled, path)
    return min(allowed.high, max(allowed.low, value))
