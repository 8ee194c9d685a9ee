"""An outcome of interest in words: ``us_struck``, ``not truce_held``, ``us_killed >= 3``, ``embassy == closed``."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.indicators import INDICATORS
from sim.errors import InputError, unknown
from sim.results.scores import LABELS, OUTCOME_QUESTIONS, label

FORM = re.compile(r"\s*(not\s+)?(\w+)\s*(?:(>=|<=|==|>|<)\s*(.+?))?\s*")
COMPARISONS = {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}
QUESTIONS = {question.column: question.title for question in OUTCOME_QUESTIONS}
NUMBERS = [name for name, indicator in INDICATORS.items() if not indicator.is_share]


@dataclass(frozen=True)
class Interest:
    """A condition on the outcome of a world.

    Attributes:
        text: the condition as it was written.
        title: in words.
        column: column of the outcomes.
        comparison: how it is compared, one of ``>= <= == > <``.
        value: with what.

    Examples:
        >>> sim.Interest("us_killed >= 3", "three Americans killed", "us_killed", ">=", 3).column
        'us_killed'
    """

    text: str
    title: str
    column: str
    comparison: str
    value: float | str | bool

    def holds(self, outcomes: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether the condition holds in each world: (worlds,)."""
        values = outcomes[self.column]
        values = values.astype(str) if isinstance(self.value, str) else values
        return np.asarray(COMPARISONS[self.comparison](values, self.value))


def interest(text: str) -> Interest:
    """Read a condition.

    Raises:
        InputError: it is no condition, or speaks of an outcome or a label that does not exist.
    """
    found = FORM.fullmatch(text)
    if not found:
        raise InputError(f"'{text}' is no outcome of interest; write us_struck, 'not truce_held' or 'us_killed >= 3'")
    negated, column, comparison, value = found.groups()
    if column in QUESTIONS and comparison is None:
        title = QUESTIONS[column]
        return Interest(text, f"not: {title}" if negated else title, column, "==", not negated)
    if negated or comparison is None or column not in (*NUMBERS, *LABELS):
        raise _no_condition(text, column, comparison)
    if column in LABELS:
        return _labelled(text, column, comparison, value)
    return _counted(text, column, comparison, value)


def _no_condition(text: str, column: str, comparison: str | None) -> InputError:
    if column not in (*QUESTIONS, *NUMBERS, *LABELS):
        return unknown("outcome", column, (*QUESTIONS, *NUMBERS, *LABELS))
    if column in QUESTIONS and comparison is not None:
        return InputError(f"'{text}': {column} is a yes-or-no question; write '{column}' or 'not {column}'")
    return InputError(f"'{text}': {column} needs a comparison, such as '{column} >= 3' or, for a label, '=='")


def _labelled(text: str, column: str, comparison: str, value: str) -> Interest:
    allowed = [label(member) for member in LABELS[column]]
    if comparison != "==" or value not in allowed:
        raise InputError(f"'{text}': {column} can only be compared by == with one of: {', '.join(allowed)}")
    return Interest(text, f"{column} {value}", column, comparison, value)


def _counted(text: str, column: str, comparison: str, value: str) -> Interest:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"'{text}': '{value}' is not a number")
    return Interest(text, f"{INDICATORS[column].title} {comparison} {number:g}", column, comparison, number)
