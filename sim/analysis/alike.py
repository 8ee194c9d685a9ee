"""Scenarios made alike where a comparison needs it: read from anything, one seed, one horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.analysis.changed import standing
from sim.results.folder import is_folder

if TYPE_CHECKING:
    from sim.scenario import Scenario

Source = Any
"""A scenario, the name of a shipped one, or a path."""


def loaded_scenario(source: Source, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a name, a path or a finished run's folder, with ``PATH=VALUE`` settings made in it.

    Raises:
        InputError: there is none, it is wrong, or a setting cannot be used.
    """
    from sim.results.run import open_run
    from sim.scenario import Scenario, load

    if isinstance(source, Scenario):
        found = source
    elif is_folder(source):
        found = open_run(source).scenario
    else:
        return load(source, settings)
    return found.with_(settings) if settings else found


def by_name(scenarios: Sequence[Source] | Mapping[str, Source]) -> dict[str, Scenario]:
    """The scenarios by name, all with the seed of the first; a name that comes again gets a number."""
    if not isinstance(scenarios, Mapping):
        loaded = [loaded_scenario(source) for source in scenarios]
        names = [scenario.name for scenario in loaded]
        repeats = [names[:k].count(name) for k, name in enumerate(names)]
        scenarios = {f"{name} ({n + 1})" if n else name: s for name, n, s in zip(names, repeats, loaded, strict=True)}
    found = {name: loaded_scenario(source) for name, source in scenarios.items()}
    seeds = {scenario.seed for scenario in found.values()}
    if len(seeds) < 2:
        return found
    seed = next(iter(found.values())).seed
    return {name: replace(scenario, seed=seed) for name, scenario in found.items()}


def cut(scenario: Scenario, days: int) -> Scenario:
    """The first days of a scenario: without the events after them, and the questions that ask about later days."""
    if scenario.horizon <= days:
        return scenario
    events = tuple(event for event in scenario.events if event.day < days)
    questions = tuple(question for question in scenario.questions if question.days(scenario.start, days))
    return replace(scenario, horizon=days, events=events, questions=questions)


def alike(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios have the same worlds and questions once they are compared."""
    days = min(one.horizon, other.horizon)
    pair = [replace(cut(each, days), seed=one.seed, design=None, pinned=standing(each)) for each in (one, other)]
    return pair[0].hash == pair[1].hash
