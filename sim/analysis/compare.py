"""Compare scenarios under the same luck: what the change did, in how many worlds, and where they first parted.

Like is compared with like: all scenarios take the luck of the first and are cut at the shortest horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis import compare_text
from sim.analysis.alike import Source, alike, by_name, cut, loaded_scenario
from sim.analysis.changed import changes as changes_of
from sim.analysis.divergence import commonest, divergences
from sim.analysis.indicators import INDICATORS
from sim.analysis.paired import FEW, paired_means, paired_shares, standard_error
from sim.errors import InputError, whole
from sim.results.answers import answers_of
from sim.results.lives import refuse_too_many
from sim.results.rich_html import as_html
from sim.results.scores import FIRST_DAYS, LABELS, decode
from sim.results.settled import Settled, settled, settled_question

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.question import Question

Progress = Callable[[int, int], None]
CHUNK = 250
"""Worlds whose traces are held at once, under two scenarios."""
TURNED = list(LABELS)
SETTLED_BY = {(False, False): "", (True, False): "base", (False, True): "other", (True, True): "both"}
SAME_FOR_ALL = (
    "Compared scenarios share the seed of the first and the shortest horizon: --set gives all of them another; words"
    " and a sweep's design are no part of a world"
)
CHANGES = ["scenario", "question", "text", "base", "other", "difference", "low", "high", "gained", "lost", "settled"]


@dataclass(frozen=True)
class Side:
    """The worlds of one scenario of a comparison.

    Attributes:
        name: how tables call it.
        scenario: what was lived.
        outcomes: one row a world, as :attr:`sim.Run.outcomes`.
        divergences: first difference from the base by world, as :func:`sim.analysis.divergence.divergences` gives it;
            empty for the base itself.
        answers: one row a world, one column a question of :func:`asked_of`.
    """

    name: str
    scenario: Scenario
    outcomes: pd.DataFrame
    divergences: pd.DataFrame
    answers: pd.DataFrame


class Part(NamedTuple):
    """What a chunk of worlds gives to a side: the tables of :class:`Side`, for these worlds."""

    outcomes: pd.DataFrame
    divergences: pd.DataFrame
    answers: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """Scenarios lived under the same luck: world k of one has the chances of world k of every other.

    Attributes:
        base: what the others are compared with.
        others: the others.
        worlds: number of worlds under each.
        cut: by name, the scenarios that last longer than the shortest one, where all are cut, as they were before.
    """

    base: Side
    others: tuple[Side, ...]
    worlds: int
    cut: Mapping[str, Scenario] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """Number of days that are compared."""
        return self.base.scenario.horizon

    @property
    def basis(self) -> str:
        """What every number rests on where scenarios have other days, as ``in the first 90 days``; else empty."""
        if not self.dated:
            return f"in the first {self.horizon} days of each"
        return f"in the first {self.horizon} days" if self.cut else ""

    @property
    def dated(self) -> bool:
        """Whether a day of the run has the same date in all scenarios."""
        return len({side.scenario.start for side in (self.base, *self.others)}) == 1

    def changes(self, side: Side) -> list[str]:
        """What a scenario sets otherwise than the base, in words."""
        return changes_of(self.base.scenario, side.scenario)

    def settled(self, side: Side) -> dict[str, Settled]:
        """Outcomes that a scenario settles itself, by column: they are set, or cannot come."""
        return settled(side.scenario, side.outcomes)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """One row for each scenario and indicator.

        ``base`` and ``other`` are means over the worlds, with standard errors ``base_error`` and ``other_error``;
        ``difference`` is other less base with its paired 95 % interval (``low``, ``high``; see
        :mod:`sim.analysis.paired`); ``gained`` and ``lost`` are shares of worlds in which the number rose or fell.
        ``few`` marks intervals of means that rest on fewer than :data:`sim.analysis.paired.FEW` worlds that differ:
        they are too narrow. ``settled`` names who settles an outcome itself, ``base``, ``other`` or ``both`` (then
        without an interval), since the difference then repeats what was set; it is empty for all others.
        """
        return pd.DataFrame([row for side in self.others for row in self._differences(side)])

    def _differences(self, side: Side) -> Iterator[dict[str, Any]]:
        before, after = self.settled(self.base), self.settled(side)
        for row in _differences(self.base, side):
            column = row["outcome"]
            by = SETTLED_BY[column in before, column in after]
            unknown_ends = {"low": np.nan, "high": np.nan} if by == "both" else {}
            yield row | unknown_ends | {"settled": by}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The forecast questions that were asked of every world; see :func:`asked_of`."""
        return asked_of([side.scenario for side in (self.base, *self.others)])

    @cached_property
    def questions(self) -> pd.DataFrame:
        """One row for each scenario and forecast question of :attr:`asked`; empty if none is asked.

        ``question`` is the id, ``text`` the question in words; ``base``, ``other``, ``difference``, its paired interval
        ``low``, ``high``, ``gained`` and ``lost`` are shares of worlds, and ``settled`` is as in :attr:`differences`.
        """
        rows = [row for side in self.others for row in _changes(self.base, side, self.asked)]
        return pd.DataFrame(rows, columns=CHANGES)

    @cached_property
    def days(self) -> pd.DataFrame:
        """How much earlier or later first events come, in the worlds in which they come under both scenarios.

        One row for each scenario and event: ``pairs`` (such worlds), ``shift`` in days with a paired t interval
        (missing for fewer than two pairs, and where all shift alike); ``few`` as in :attr:`differences`.
        """
        return pd.DataFrame([row for side in self.others for row in _days(self.base, side)])

    def changed(self, side: Side, column: str | None = None) -> pd.Series:
        """Numbers of the worlds whose outcome differs from the base: of one column, or embassy, force or truce."""
        columns = TURNED if column is None else [column]
        old, new = self.base.outcomes, side.outcomes
        unlike = np.logical_or.reduce([old[name].to_numpy() != new[name].to_numpy() for name in columns])
        return old["world"][unlike]

    def moves(self, side: Side, label: str) -> pd.DataFrame:
        """How worlds move between the values of a label such as ``embassy``: from, to, worlds, share."""
        pairs = pd.DataFrame({"from": self.base.outcomes[label].astype(str), "to": side.outcomes[label].astype(str)})
        counts = pairs.value_counts().rename("worlds").reset_index()
        return counts.assign(share=counts["worlds"] / self.worlds)

    def first_acts(self, side: Side, column: str | None = None) -> pd.DataFrame:
        """The commonest first differences among the worlds of :meth:`changed`, as :func:`commonest` gives them."""
        return commonest(side.divergences, self.changed(side, column))

    def sentences(self) -> list[str]:
        """What the comparison found, one sentence each."""
        return [line for side in self.others for line in compare_text.sentences(self, side)]

    def to_dict(self) -> dict[str, Any]:
        """Every number, fit for JSON."""
        return compare_text.to_dict(self)

    def save(self, folder: str | Path) -> Path:
        """Write summary, numbers, tables and figures (PNG and SVG) into a folder; returns it.

        Raises:
            InputError: the folder cannot be written, or holds something else.
        """
        return compare_text.save(self, folder)

    def plot(self) -> Any:
        """Draw the differences of the first scenario and return the axes."""
        from sim.results.drawing import plots

        return plots("compare").differences(self)

    def __repr__(self) -> str:
        names = ", ".join(side.name for side in (self.base, *self.others))
        return f"{type(self).__name__}({names}; worlds={self.worlds})"

    def _repr_html_(self) -> str:
        return as_html(self)

    def __rich__(self) -> Any:
        return compare_text.table(self)


def compare(
    scenarios: Sequence[Source] | Mapping[str, Source],
    worlds: int = 1000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Live several scenarios under the same luck; the first is the base of all differences.

    Args:
        scenarios: two or more, as scenarios, names of shipped ones or paths; a mapping gives their names in tables.
        worlds: number of worlds under each.
        threads: number of threads; all by default.
        progress: called with the number of worlds lived so far and the number of all, counted over the scenarios.

    Raises:
        InputError: fewer than two scenarios, fewer than two worlds or too many, or a scenario that cannot be used.

    Examples:
        >>> compare(["baghdad-2020", "no-threat"], worlds=20)
        Comparison(baghdad-2020, no-threat; worlds=20)
    """
    named = by_name(scenarios)
    if len(named) < 2:
        raise InputError("a comparison needs two scenarios or more")
    worlds = whole("the number of worlds", worlds)
    if worlds < 2:
        raise InputError(f"a comparison needs at least 2 worlds, not {worlds}")
    refuse_too_many(worlds * len(named))
    shortest = min(scenario.horizon for scenario in named.values())
    longer = {name: scenario for name, scenario in named.items() if scenario.horizon > shortest}
    named = {name: cut(scenario, shortest) for name, scenario in named.items()}
    parts: dict[str, list[Part]] = {name: [] for name in named}
    for done, chunk in _lockstep(named, worlds, threads):
        for name, part in chunk.items():
            parts[name].append(part)
        if progress is not None:
            progress(done, worlds * len(named))
    sides = tuple(_side(name, named[name], rows) for name, rows in parts.items())
    return Comparison(sides[0], sides[1:], worlds, longer)


def variants(sources: Sequence[Source], changes: Sequence[str] = (), also: Sequence[str] = ()) -> dict[str, Scenario]:
    """Scenarios to compare, by name.

    Args:
        sources: names, paths or run folders; the first is the base.
        changes: ``PATH=VALUE`` settings made in all of them.
        also: ``PATH=VALUE`` settings that, together, make one more scenario of the base.

    Raises:
        InputError: a scenario or a setting that cannot be used, or that would show the same worlds twice.
    """
    found = by_name([loaded_scenario(source, changes) for source in sources])
    names = list(found)
    for place, name in enumerate(names):
        same = [other for other in names[:place] if alike(found[name], found[other])]
        if same:
            raise InputError(f"{name} has the same worlds as {same[0]}: there is nothing to compare. {SAME_FOR_ALL}")
    if also and sources:
        _refuse_idle(sources[0], changes, also)
        found[", ".join(also)] = loaded_scenario(sources[0], [*changes, *also])
    return found


def _refuse_idle(source: Source, changes: Sequence[str], also: Sequence[str]) -> None:
    """Check that each of the settings of one more scenario makes a difference to its worlds.

    Raises:
        InputError: one does not.
    """
    whole = loaded_scenario(source, [*changes, *also])
    for place, setting in enumerate(also):
        rest = [*changes, *also[:place], *also[place + 1 :]]
        if alike(whole, loaded_scenario(source, rest)):
            raise InputError(f"--with {setting} would change nothing in what is compared. {SAME_FOR_ALL}")


def _lockstep(named: Mapping[str, Scenario], worlds: int, threads: int | None) -> Iterator[tuple[int, dict[str, Part]]]:
    """Live chunk after chunk under every scenario: worlds done so far, and what they give by scenario."""
    from sim.drivers.ensemble import live_chunk

    asked = asked_of(list(named.values()))
    (base_name, base), *others = named.items()

    def part(before: Any, after: Any, scenario: Scenario) -> Part:
        parted = divergences(before, after, (base, scenario))
        return Part(decode(after.outcomes), parted, answers_of(after, scenario.start, asked))

    for first in range(0, worlds, CHUNK):
        count = min(CHUNK, worlds - first)
        before = live_chunk(base, first, count, "trace", threads)
        chunk = {base_name: part(before, before, base)}
        for name, scenario in others:
            chunk[name] = part(before, live_chunk(scenario, first, count, "trace", threads), scenario)
        yield (first + count) * len(named), chunk


def asked_of(scenarios: Sequence[Scenario]) -> tuple[Question, ...]:
    """The forecast questions that can be asked of the worlds of all scenarios.

    A question of one is asked of all if it asks about the same days of each, and in the same words; of several with one
    id the first counts.
    """
    known: dict[str, Question] = {}
    for question in (question for scenario in scenarios for question in scenario.questions):
        known.setdefault(question.id, question)
    return tuple(question for question in known.values() if _of_all(question, scenarios))


def _of_all(question: Question, scenarios: Sequence[Scenario]) -> bool:
    """Whether a question asks the same of all scenarios."""
    asked = {(question.days(each.start, each.horizon), question.asked(each.start, each.horizon)) for each in scenarios}
    return len(asked) == 1 and bool(next(iter(asked))[0])


def _side(name: str, scenario: Scenario, parts: list[Part]) -> Side:
    return Side(name, scenario, *(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)))


def _differences(base: Side, side: Side) -> Iterator[dict[str, Any]]:
    for column, indicator in INDICATORS.items():
        old, new = base.outcomes[column].to_numpy(), side.outcomes[column].to_numpy()
        found = (paired_shares if indicator.is_share else paired_means)(old, new)
        yield {
            "scenario": side.name,
            "outcome": column,
            "title": indicator.title,
            "unit": indicator.unit,
            "base": float(old.mean()),
            "base_error": standard_error(old),
            "other": float(new.mean()),
            "other_error": standard_error(new),
            "difference": found.estimate,
            "low": found.low,
            "high": found.high,
            "gained": float((new > old).mean()),
            "lost": float((new < old).mean()),
            "few": not indicator.is_share and int((new != old).sum()) < FEW,
        }


def _changes(base: Side, side: Side, asked: Sequence[Question]) -> Iterator[tuple[Any, ...]]:
    for question in asked:
        old, new = (each.answers[question.id].to_numpy() for each in (base, side))
        found = paired_shares(old, new)
        text = question.asked(base.scenario.start, base.scenario.horizon)
        means = [float(answers.mean()) for answers in (old, new, new & ~old, old & ~new)]
        known = [settled_question(each.scenario, question) for each in (base, side)]
        by = SETTLED_BY[known[0] is not None, known[1] is not None]
        ends = (np.nan, np.nan) if by == "both" else found[1:]
        yield side.name, question.id, text, *means[:2], found.estimate, *ends, *means[2:], by


def _days(base: Side, side: Side) -> Iterator[dict[str, Any]]:
    for column, event in FIRST_DAYS.items():
        old, new = base.outcomes[column].to_numpy(), side.outcomes[column].to_numpy()
        both = (old >= 0) & (new >= 0)
        found = paired_means(old[both], new[both]) if both.sum() > 1 else (np.nan, np.nan, np.nan)
        pairs = int(both.sum())
        few = int((old[both] != new[both]).sum()) < FEW
        yield {"scenario": side.name, "column": column, "event": event, "pairs": pairs, "few": few} | dict(
            zip(("shift", "low", "high"), found, strict=True)
        )
