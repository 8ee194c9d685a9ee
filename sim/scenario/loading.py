"""Load a scenario: read, inherit, override, check, build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.dated import calendar_of, events_of
from sim.scenario.design import design_of, questions_of
from sim.scenario.draft import Draft
from sim.scenario.files import Source
from sim.scenario.inherit import resolve
from sim.scenario.model import Scenario
from sim.scenario.numbers import posterior_of, values_of
from sim.scenario.overrides import documents
from sim.scenario.people import blocs_of, defined_of, groups_of, mindsets_of, policies_of
from sim.scenario.pinned import pinned_of
from sim.scenario.places import Document
from sim.scenario.quantities import HORIZON, SEED, START
from sim.scenario.validate import validate


def load(source: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> Scenario:
    """Load a scenario.

    Args:
        source: the name of a shipped scenario, the path of a file, YAML text, or a mapping.
        overrides: what to change: values by path, or texts such as ``us.red_line=2``.

    Returns:
        The scenario, complete and checked.

    Raises:
        InputError: one message with file, line, what is wrong, what is allowed and the nearest name.

    Examples:
        >>> load("baghdad-2020", ["horizon=30"]).horizon
        30
    """
    origin = Source(source)
    return build(resolve(origin, documents(overrides)), origin.name)


def build(document: Document, name: str) -> Scenario:
    """The scenario of a complete document.

    Raises:
        InputError: as :func:`load`.
    """
    keys = validate(document)
    groups = groups_of(Draft(keys, document, ()))
    draft = Draft(keys, document, tuple(group.id for group in groups))
    values = values_of(draft)
    defined = defined_of(draft)
    mindsets = mindsets_of(draft, defined)
    return Scenario(
        name=name,
        title=keys.get("title", ""),
        story=keys.get("story", ""),
        sources=tuple(keys.get("sources", ())),
        start=keys.get("start", START),
        horizon=keys.get("horizon", HORIZON),
        seed=keys.get("seed", SEED),
        groups=groups,
        values=values,
        events=events_of(draft),
        calendar=calendar_of(draft),
        blocs=blocs_of(draft),
        policies=policies_of(draft),
        mindsets=mindsets,
        pinned=pinned_of(draft, mindsets),
        defined=defined,
        questions=questions_of(draft),
        design=design_of(draft),
        posterior=posterior_of(draft, values),
    )
