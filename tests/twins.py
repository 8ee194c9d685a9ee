"""The same world lived in several ways, and where two ways first differ.

Run as a program it is the interpreted twin: it reads pickled (scenario, world, days) from stdin and answers each with
the pickled fields of a :class:`Life`, until stdin ends.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import numpy as np


class Life(NamedTuple):
    """Everything that came of one world.

    Attributes:
        events: (n,) EVENT.
        series: (horizon,) SERIES.
        outcome: (1,) OUTCOME.
        states: (horizon, n_actors) ACTOR, the actors at every midnight; None where a driver does not show them.
    """

    events: Any
    series: Any
    outcome: Any
    states: Any


class Difference(NamedTuple):
    """The earliest place where two lives differ; day -1 stands for the outcome."""

    day: int
    actor: str
    field: str
    one: Any
    other: Any


def live(scenario: Any, world: int, days: int | None = None) -> Life:
    """Live a world, to its horizon or some days of it, in the Mesa driver."""
    from sim.drivers.mesa_model import CrisisModel
    from sim.scenario import load

    model = CrisisModel(load(scenario), world)
    states = []
    for _ in range(days or model.horizon):
        model.step()
        states.append(model.crisis.actors.copy())
    series = plain(model.series[: model.day])
    return Life(plain(model.trace), series, plain(np.atleast_1d(model.outcome)), plain(np.array(states)))


def plain(table: Any) -> Any:
    """A table without the record class, which pickles and compares byte by byte."""
    return np.ascontiguousarray(table).view(np.dtype(np.asarray(table).dtype.fields)).view(np.ndarray)


class Interpreter:
    """A process in which every rule is plain Python."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).resolve())]
        environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.questions, self.answers = cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)

    def live(self, scenario: Any, world: int, days: int | None = None) -> Life:
        """Live a world there; the scenario is a mapping or the name of a shipped one."""
        pickle.dump((scenario, world, days), self.questions)
        self.questions.flush()
        answer = pickle.load(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return Life(*answer)

    def close(self) -> None:
        """End the process."""
        self.questions.close()
        self.answers.close()
        self.process.wait(timeout=30)


def first_difference(one: Life, other: Life, actors: tuple[str, ...]) -> Difference | None:
    """The earliest difference by day, actor and field, or None if every byte is the same."""
    found = [*by_event(one.events, other.events, actors), *by_day(one.series, other.series)]
    if one.states is not None and other.states is not None:
        found += by_actor(one.states, other.states, actors)
    if found:
        return min(found, key=lambda difference: difference.day)
    return next(by_field(one.outcome, other.outcome, -1, "world"), None)


def by_event(one: Any, other: Any, actors: tuple[str, ...]) -> list[Difference]:
    """The first event that differs, or that only one of the two has."""
    for a, b in zip(one, other, strict=False):
        if a.tobytes() != b.tobytes():
            return list(by_field(a, b, min(a["day"], b["day"]), actors[a["actor"]]))[:1]
    if len(one) == len(other):
        return []
    extra = (one if len(one) > len(other) else other)[min(len(one), len(other))]
    return [Difference(int(extra["day"]), actors[extra["actor"]], "number of events", len(one), len(other))]


def by_day(one: Any, other: Any) -> list[Difference]:
    """What differs in the series on the first day on which it does."""
    for day in range(len(one)):
        if one[day].tobytes() != other[day].tobytes():
            return list(by_field(one[day], other[day], day, "world"))[:1]
    return []


def by_actor(one: Any, other: Any, actors: tuple[str, ...]) -> list[Difference]:
    """What differs between the actors at the first midnight at which anything does."""
    for day, (a, b) in enumerate(zip(one, other, strict=True)):
        for row, name in enumerate(actors):
            if a[row].tobytes() != b[row].tobytes():
                return list(by_field(a[row], b[row], day, name))[:1]
    return []


def by_field(a: Any, b: Any, day: int, actor: str) -> Any:
    """The fields in which two rows differ."""
    for name in a.dtype.names:
        if np.asarray(a[name]).tobytes() != np.asarray(b[name]).tobytes():
            yield Difference(int(day), actor, name, a[name], b[name])


def serve() -> None:
    """Answer until there are no more questions."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            question = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: Any = tuple(live(*question))
        except Exception as error:  # noqa: BLE001 - the other side raises it
            answer = error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    serve()
