"""Answers to the forecast questions of a scenario: in each world, and as shares of worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.results.daily_table import daily_from_worlds
from sim.results.lives import lives
from sim.results.resolve import resolve
from sim.results.scores import counted, decode, without_interval
from sim.results.settled import settled_question
from sim.scenario.question import Question


def depth_to_live(scenario: Any, depth: str) -> str:
    """The depth at which worlds have to be lived: most measures are counted from events, so questions need them."""
    return "trace" if scenario.questions else depth


def at_depth(lived: Any, depth: str) -> Any:
    """A chunk (:class:`sim.drivers.ensemble.Lived`) without what a run of this depth does not keep."""
    if depth == "trace":
        return lived
    return lived._replace(series=None if depth == "outcomes" else lived.series, events=None, offsets=None)


def answers_of(lived: Any, start: date, questions: Sequence[Question]) -> pd.DataFrame:
    """Whether each question comes true in each world of a chunk that was lived with its events.

    One row a world, one column a question, by its id; no column where nothing is asked.
    """
    if not questions:
        return pd.DataFrame(index=range(len(lived.outcomes)))
    daily = daily_from_worlds(start, lived.series, lived.events, lived.offsets)
    return pd.DataFrame({question.id: resolve(question, daily) for question in questions})


def answers_again(scenario: Any, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Answers for worlds from number 0 on whose events were not kept, by living them again; as :func:`answers_of`.

    Raises:
        InputError: they now end otherwise than the outcomes say.
    """
    if not scenario.questions:
        return pd.DataFrame(index=range(len(outcomes)))
    ends, answers = [], []
    for lived in lives(scenario, len(outcomes), "trace"):
        ends.append(decode(lived.outcomes))
        answers.append(answers_of(lived, scenario.start, scenario.questions))
    if not pd.concat(ends, ignore_index=True).equals(outcomes.reset_index(drop=True)):
        raise InputError("these worlds now end differently: the rules have changed since; live them again")
    return pd.concat(answers, ignore_index=True)


def answered(answers: pd.DataFrame, scenario: Any) -> pd.DataFrame:
    """One row a question: question, text, estimate, low, high (Wilson, 95 %), happened, worlds, settled, definition.

    Where the scenario settles the answer, ``settled`` says why, and there is no interval.
    """
    start, days = scenario.start, scenario.horizon
    table = pd.DataFrame(
        {
            "question": [question.id for question in scenario.questions],
            "text": [question.asked(start, days) for question in scenario.questions],
            **counted([int(answers[question.id].sum()) for question in scenario.questions], len(answers)),
            "settled": [_why(question, scenario, answers[question.id]) for question in scenario.questions],
            "definition": [question.definition(start, days) for question in scenario.questions],
        }
    )
    return without_interval(table)


def _why(question: Question, scenario: Any, answers: pd.Series) -> str:
    """Why the scenario settles the answer to a question; empty if it does not, or if worlds say otherwise."""
    found = settled_question(scenario, question)
    return found.why if found is not None and (answers == found.comes).all() else ""
