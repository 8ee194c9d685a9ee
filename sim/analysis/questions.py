"""The questions of the back-test, from a file; they are resolved by the code that answers those of scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.analysis.record import SHIPPED, Record
from sim.errors import InputError
from sim.results.daily_table import DailyTable
from sim.results.resolve import resolve
from sim.rows import read_rows
from sim.scenario.question import Question

FILE = "questions.csv"


def load_questions(path: Path | None = None) -> tuple[Question, ...]:
    """Read a file of questions, or `questions.csv` of a folder; the shipped ones by default.

    Raises:
        InputError: the file cannot be read (file, line, column, allowed values), holds no question, or two share an id.
    """
    place = SHIPPED if path is None else Path(path)
    file = place / FILE if place.is_dir() else place
    found = read_rows(file, Question)
    if not found:
        raise InputError(f"{file}: holds no question")
    return _distinct(found, file.name)


def _distinct(questions: tuple[Question, ...], place: str) -> tuple[Question, ...]:
    ids = [question.id for question in questions]
    for name in ids:
        if ids.count(name) > 1:
            raise InputError(f"{place}: two questions have the id '{name}'")
    return questions


def check_base_rates(questions: Sequence[Question], record: Record) -> None:
    """See that a record that has base rates has those that questions name.

    Raises:
        InputError: it has not; the message names the nearest one.
    """
    for name in {name for question in questions for name in question.base_rates if record.base_rates}:
        record.base_rate(name)


def askable(questions: Sequence[Question], daily: DailyTable) -> tuple[Question, ...]:
    """Return the questions whose days all lie in the table."""
    return tuple(question for question in questions if question.days(daily.start, daily.n_days))


def answers(questions: Sequence[Question], daily: DailyTable) -> dict[str, bool]:
    """Answer questions on a table of a single world, such as the record.

    Raises:
        ValueError: the table has more worlds than one.
        InputError: as in :func:`resolve`.
    """
    if daily.n_worlds != 1:
        raise ValueError(f"a single world is needed, the table has {daily.n_worlds}")
    return {question.id: bool(resolve(question, daily)[0]) for question in questions}


def shares(questions: Sequence[Question], daily: DailyTable) -> NDArray[np.float64]:
    """Return the share of worlds in which each question resolves to yes, shape (n_questions,).

    Raises:
        InputError: as in :func:`resolve`.
    """
    return np.array([resolve(question, daily).mean() for question in questions])
