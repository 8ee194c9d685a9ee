"""The debrief of a game: the ending, the truth behind the fog, the others' reasons, the odds with and without you."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.actions import BY_ID
from sim.analysis.decision import Decision
from sim.analysis.explain_words import TERMS
from sim.analysis.layout import points, points_span
from sim.analysis.paired import Interval, paired_shares
from sim.drivers.deliberation import Deliberation
from sim.drivers.ensemble import chunks, refuse_plain_python
from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError
from sim.play.game import Choice, Game
from sim.play.odds import branches, live_line, plan
from sim.play.page import bullets, head, title
from sim.play.seen import Seen
from sim.results.chronicle import Chronicle
from sim.results.scores import DEATHS, OUTCOME_QUESTIONS, decode
from sim.results.trace import actor_names, day_of, short_date
from sim.results.words import listed, percent, share, worlds_text
from sim.rules.ladder import RUNGS
from sim.world.names import Class, Kind

SHOWN = 8
FUTURES = 300
LINES_OF_PLAY = 1000
MOST_CHOICES = 12


def debrief(game: Game, compare: int = 10_000) -> list[str]:
    """The debrief of a game that is over.

    Args:
        game: the game.
        compare: number of worlds without people to compare with; with few, choices are tried in few futures, too.
    """
    model = game.lived_again()
    lines = title(f"Debrief: {game.scenario.title}", f"You were {_seats(game)}, in world {game.world}")
    lines += [*head("How it ended"), *bullets(ending(model))]
    lines += [*head("Behind the fog"), *bullets(fog(game, model), "nothing was hidden from you")]
    lines += [*head("What the others were thinking"), *bullets(reasons(game, model), "they did nothing to speak of")]
    try:
        refuse_plain_python(game.scenario)
    except InputError as error:
        return [*lines, *head("Beside worlds without you"), *bullets([f"This and your odds cannot be told: {error}."])]
    lines += [*head("Beside worlds without you"), *comparison(game, model, compare)]
    return [
        *lines,
        *head("Where you moved the odds"),
        *bullets(list(moved(game, min(compare, FUTURES))), "you held all the time"),
    ]


def _seats(game: Game) -> str:
    names = actor_names(game.scenario)
    return listed([names[seat] for seat in game.seats])


def ending(model: CrisisModel) -> list[str]:
    """What came of the world, in a few sentences."""
    row = decode(np.array([model.outcome.tolist()], model.outcome.dtype)).iloc[0]
    happened = [question.title for question in OUTCOME_QUESTIONS if row[question.column]]
    dead = [f"{row[column]} {party}" for column, party in DEATHS.items() if row[column]]
    top = short_date(day_of(model.crisis_scenario.start, max(0, int(row["top_rung_day"]))))
    return [
        f"The embassy: {row['embassy']}. Force: {row['force']}. Truce: {row['truce']}.",
        f"It rose to rung {row['top_rung']} ({RUNGS[int(row['top_rung'])]}) on {top}.",
        f"Killed: {listed(dead) or 'nobody'}. Rockets were fired {row['rockets']} times, convoys bombed {row['ieds']}"
        f" times, American strikes: {row['us_strikes']}.",
        f"What came to pass: {listed(happened) or 'none of what was feared or hoped for'}.",
    ]


def fog(game: Game, model: CrisisModel) -> list[str]:
    """What was true but hidden from the seats: authors not named or wrongly named, and acts unseen; the gravest."""
    truth = Chronicle.of(model.crisis_scenario, model.world, model.trace)
    hidden = truth.events[np.array([_was_hidden(game, model, row) for row in truth.events.itertuples()], bool)]
    ranked = hidden.sort_values(["rung", "event"], ascending=[False, True])
    order = [*ranked[~ranked["private"]]["event"].head(SHOWN), *ranked[ranked["private"]]["event"].head(SHOWN)]
    lines = {line.event: line for line in truth.lines}
    names = actor_names(game.scenario)
    deeds = {event: lines[event].text.split(". ")[0].rstrip(".") for event in order}
    told = [
        f"{short_date(lines[event].date)}: {deeds[event]}.{_believed(truth, event, names)}" for event in sorted(order)
    ]
    if len(hidden) > len(order):
        told.append(f"... and {len(hidden) - len(order)} things more.")
    return told


def _was_hidden(game: Game, model: CrisisModel, row: object) -> bool:
    return all(_hidden_from(Seen(model, seat), seat, row) for seat in game.seats)


def _hidden_from(seen: Seen, seat: str, row: object) -> bool:
    actor, believed = row.actor, row.believed_author  # type: ignore[attr-defined]
    if row.private:  # type: ignore[attr-defined]
        return bool(actor != seat)
    return not seen.known(row) and (pd.isna(believed) or believed != actor)


def _believed(truth: Chronicle, event: int, names: dict[str, str]) -> str:
    row = truth.events.set_index("event").loc[event]
    if row["private"]:
        return " You could not see it."
    if pd.isna(row["believed_author"]):
        return " You never learnt who."
    return f" You were told it was {names[row['believed_author']]}."


def reasons(game: Game, model: CrisisModel) -> list[str]:
    """Why the others did the gravest things they did; of the same act of the same actor only the first."""
    first: dict[tuple[str, str], Deliberation] = {}
    for each in model.deliberations:
        if each.chosen and each.actor not in game.seats and BY_ID[each.chosen].kind != Class.HOLD:
            first.setdefault((each.actor, each.chosen), each)
    gravest = sorted(first.values(), key=lambda each: (-BY_ID[str(each.chosen)].rung, each.day))[:SHOWN]
    return [_reason(Decision(model.crisis_scenario, each)) for each in sorted(gravest, key=lambda each: each.day)]


def _reason(decision: Decision) -> str:
    chosen = decision.deliberation.choice
    if chosen is None:
        return decision.headline
    terms = {name: value for name, value in chosen.terms.items() if abs(value) >= 0.02 and name != "inertia"}
    best = sorted(terms, key=lambda name: -abs(terms[name]))[:4]
    words = ", ".join(f"{TERMS[name]} {terms[name]:+.2f}" for name in best)
    state = decision.deliberation.state
    of_group = BY_ID[chosen.id].owner == Kind.MILITIA
    fear = f" It thought a strike in return {percent(float(state.fear))} likely." if of_group else ""
    return f"{decision.headline} Chance {percent(chosen.chance)}; what told: {words or 'little'}.{fear}"


def comparison(game: Game, model: CrisisModel, compare: int) -> list[str]:
    """This world, worlds without people, and the same line of play in many worlds, question by question."""
    alone = pd.concat([decode(lived.outcomes) for lived in chunks(game.scenario, compare, "outcomes")])
    worlds = min(compare, LINES_OF_PLAY)
    lines = plan(game.scenario, game.seats, game.choices)
    played = decode(live_line(game.scenario, lines, worlds))
    mine = decode(np.array([model.outcome.tolist()], model.outcome.dtype)).iloc[0]
    told = [f"  {'':<21}{'here':>5}{'without you':>12}{'your line of play':>18}{'difference':>22}"]
    for question in OUTCOME_QUESTIONS:
        told += _row(question.title, question.column, mine, alone[:worlds], played)
    rank = share(int((alone["severity"] < mine["severity"]).sum()), compare)
    told += bullets(
        [
            f"Without you and your line of play (your choices, whatever happens): the same {worlds_text(worlds)}, in"
            " per cent, with the difference in points and its 95 % interval.",
            f"This world was more severe than {rank} of {worlds_text(compare)} of this scenario without you.",
        ]
    )
    return told


def _row(name: str, column: str, mine: pd.Series, alone: pd.DataFrame, played: pd.DataFrame) -> Iterator[str]:
    before, after = (table[column].to_numpy(dtype=bool) for table in (alone, played))
    if not (mine[column] or before.any() or after.any()):
        return
    shares = [share(int(came.sum()), len(came)) for came in (before, after)]
    moved_by = _points(paired_shares(before, after))
    yield f"  {name:<21}{'yes' if mine[column] else '-':>5}{shares[0]:>12}{shares[1]:>18}{moved_by:>22}"


def _points(found: Interval) -> str:
    """A paired difference in percentage points with its 95 % interval."""
    return f"{points(*found)} ({points_span(found.low, found.high)})"


def moved(game: Game, futures: int) -> Iterator[str]:
    """Where the odds moved with a choice: the same morning with the act and with holding, the same luck in pairs."""
    acts = [choice for choice in game.choices if choice.act or choice.orders]
    told = sorted(acts, key=lambda choice: -_weight(choice))[:MOST_CHOICES]
    for choice in sorted(told, key=lambda each: each.day):
        yield _moved(game, choice, futures)
    if len(acts) > MOST_CHOICES:
        yield f"... the {MOST_CHOICES} gravest of {len(acts)} choices are shown."
    if acts:
        yield (
            f"Each line: {futures} futures of that morning with the choice and {futures} with holding instead, the"
            " rulebook deciding for you afterwards; only differences whose 95 % interval excludes none."
        )


def _weight(choice: Choice) -> int:
    return BY_ID[choice.act].rung if choice.act else 4


def _moved(game: Game, choice: Choice, futures: int) -> str:
    taken, held = (decode(outcomes) for outcomes in branches(game, choice, futures))
    found = []
    for question in OUTCOME_QUESTIONS:
        before, after = (table[question.column].to_numpy(dtype=bool) for table in (held, taken))
        change = paired_shares(before, after)
        if change.low * change.high > 0:
            ends = [share(int(came.sum()), futures) for came in (before, after)]
            text = f"{question.title.lower()} {ends[0]} → {ends[1]}, {_points(change)} points"
            found.append((abs(change.estimate), text))
    names = actor_names(game.scenario)
    orders = [f"tells {names[group]}: {word}" for group, word in choice.orders.items()]
    deed = listed([*([BY_ID[choice.act].title] if choice.act else []), *orders])
    effects = (
        "; ".join(text for _, text in sorted(found, reverse=True)[:4]) or "no odds moved that these futures can tell"
    )
    return f"{short_date(day_of(game.scenario.start, choice.day))}, {names[choice.seat]} {deed}: {effects}."
