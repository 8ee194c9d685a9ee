"""Load a scenario: read, inherit, override, check, build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.scenario.dated import calendar_of, events_of
from sim.scenario.design import design_of, questions_of
from sim.scenario.draft import Draft
from sim.scenario.files import Source
from sim.scenario.inherit import changed, resolve
from sim.scenario.left_out import left_out_of
from sim.scenario.model import Scenario
from sim.scenario.numbers import posterior_of, values_of
from sim.scenario.overrides import documents
from sim.scenario.people import blocs_of, defined_of, every_group_of, groups_of, mindsets_of, policies_of
from sim.scenario.pinned import pinned_of
from sim.scenario.places import Document, Place, locate
from sim.scenario.posterior import Posterior
from sim.scenario.quantities import HORIZON, SEED, START
from sim.scenario.tree import flatten, grow
from sim.scenario.validate import validate


def load(source: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> Scenario:
    """Load a scenario.

    Args:
        source: the name of a shipped scenario, the path of a file, YAML text, or a mapping.
        overrides: what to change: values by path, or texts such as ``us.red_line=2``. Their order makes no difference,
            but for two of one path, of which the later stands.

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


def reopened(content: Mapping[str, Any], folder: Path, name: str) -> Scenario:
    """The scenario that was stored in a folder as :meth:`sim.scenario.Scenario.to_dict` gives it.

    Args:
        content: what was stored; a relative name in it, such as that of posterior draws, is relative to the folder.
        folder: the folder.
        name: name of the scenario.

    Raises:
        InputError: as :func:`load`.
    """
    return build(resolve(Source(content, folder)), name)


def changed_scenario(scenario: Scenario, changes: Mapping[str, object] | Sequence[str]) -> Scenario:
    """The scenario with changes made at once, as :func:`load` makes them; see :meth:`sim.scenario.Scenario.with_`.

    It keeps the posterior draws that it carries: their file is not read again, and need not be there any more.

    Raises:
        InputError: a change names nothing that exists or is not allowed.
    """
    content = scenario.to_dict(defaults=False)
    base = Document(content, locate(content, Place(f"scenario {scenario.name}")))
    document = flatten(changed(grow(base), documents(changes)))
    anew = scenario.posterior is None or document.data.get("parameters") != scenario.posterior.path
    return replace(build(document, scenario.name, None if anew else scenario.posterior), name=scenario.name)


def build(document: Document, name: str, draws: Posterior | None = None) -> Scenario:
    """The scenario of a complete document.

    Args:
        document: what was read and merged.
        name: name of the scenario.
        draws: the posterior draws that it names, where they are at hand; else their file is read.

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
        every_group=every_group_of(draft, defined),
        pinned=pinned_of(draft, mindsets),
        defined=defined,
        questions=questions_of(draft),
        design=design_of(draft),
        posterior=posterior_of(draft, values, draws),
        left_out=left_out_of(draft),
    )
