"""Load a scenario: read, inherit, override, check, build."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sim.parameters import Mindset
from sim.scenario.dated import calendar_of, events_of
from sim.scenario.design import design_of, questions_of
from sim.scenario.draft import Draft
from sim.scenario.faults import Faults
from sim.scenario.files import Source
from sim.scenario.inherit import changed, resolve
from sim.scenario.left_out import left_out_of
from sim.scenario.model import Calendar, EveryGroup, Group, Scenario, Value
from sim.scenario.numbers import posterior_of, values_of
from sim.scenario.overrides import documents
from sim.scenario.people import blocs_of, defined_of, every_group_of, groups_of, mindsets_of, policies_of
from sim.scenario.pinned import pinned_of
from sim.scenario.places import Document, Place, locate
from sim.scenario.possible import impossible
from sim.scenario.posterior import Posterior
from sim.scenario.quantities import ALL_GROUPS, HORIZON, SEED, START
from sim.scenario.tree import flatten, grow
from sim.scenario.validate import validate

DAYS = ("start", "horizon")
NOTHING = ""
"""The section of a part that looks at each of its items by itself, so that one that is wrong spoils no other."""
T = TypeVar("T")


def load(source: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> Scenario:
    """Load a scenario.

    Args:
        source: the name of a shipped scenario, the path of a file, YAML text, or a mapping.
        overrides: what to change: values by path, or texts such as ``us.red_line=2``. Their order makes no difference,
            but for two of one path, of which the later stands.

    Returns:
        The scenario, complete and checked.

    Raises:
        InputError: everything that is wrong with it, a line each, with file, line, what is allowed, the nearest name.

    Examples:
        >>> load("baghdad-2020", ["horizon=30"]).horizon
        30
    """
    origin, faults = Source(source), Faults()
    return build(resolve(origin, documents(overrides), faults), origin.name, faults=faults)


def checked(source: str | Path | Mapping[str, Any], overrides: Mapping[str, object] | Sequence[str] = ()) -> Scenario:
    """The scenario, if also every scripted event of it can happen; arguments as for :func:`load`.

    Raises:
        InputError: as :func:`load`, or for a scripted event that can do nothing in any world.
    """
    origin, faults = Source(source), Faults()
    parts = Parts(resolve(origin, documents(overrides), faults), faults)
    scenario = parts.scenario(origin.name, None)
    if not parts.lost and scenario.values and len(scenario.events) == len(parts.draft.get(("events",), ())):
        for index, text in impossible(scenario).items():
            faults.found.append(parts.draft.error(("events", index, "act"), text))
    faults.tell()
    return scenario


def reopened(content: Mapping[str, Any], folder: Path, name: str) -> Scenario:
    """The scenario that was stored in a folder as :meth:`sim.scenario.Scenario.to_dict` gives it.

    Args:
        content: what was stored; a relative name in it, such as that of posterior draws, is relative to the folder.
        folder: the folder.
        name: name of the scenario.

    Raises:
        InputError: as :func:`load`.
    """
    faults = Faults()
    return build(resolve(Source(content, folder), (), faults), name, faults=faults)


def changed_scenario(scenario: Scenario, changes: Mapping[str, object] | Sequence[str]) -> Scenario:
    """The scenario with changes made at once, as :func:`load` makes them; see :meth:`sim.scenario.Scenario.with_`.

    It keeps the posterior draws that it carries: their file is not read again, and need not be there any more.

    Raises:
        InputError: a change names nothing that exists or is not allowed.
    """
    content = scenario.to_dict(defaults=False)
    base = Document(content, locate(content, Place(f"scenario {scenario.name}")))
    faults = Faults()
    document = flatten(changed(grow(base), documents(changes), faults))
    anew = scenario.posterior is None or document.data.get("parameters") != scenario.posterior.path
    return build(document, scenario.name, None if anew else scenario.posterior, faults)


def build(document: Document, name: str, draws: Posterior | None = None, faults: Faults | None = None) -> Scenario:
    """The scenario of a complete document.

    Args:
        document: what was read and merged.
        name: name of the scenario.
        draws: the posterior draws that it names, where they are at hand; else their file is read.
        faults: what is wrong with it, as far as was found when it was merged.

    Raises:
        InputError: something is wrong; the message tells everything that was found, as :func:`load`.
    """
    parts = Parts(document, faults or Faults())
    scenario = parts.scenario(name, draws)
    parts.faults.tell()
    return scenario


class Parts:
    """The parts of a scenario, made one by one; what is wrong with one does not keep the others from being looked at.

    Attributes:
        faults: what is wrong.
        draft: the keys that are right by themselves.
        spoilt: sections with which something is wrong: a part that reads them is not made, since what it could say
            would follow from that.
        lost: whether the groups are not known, without which nothing is.
    """

    def __init__(self, document: Document, faults: Faults) -> None:
        keys, spoilt = validate(document, faults)
        self.faults = faults
        self.draft = Draft(keys, document, (), faults, frozenset(address[:2] for address in spoilt))
        self.spoilt = {str(address[0]) for address in spoilt}
        self.lost = any(address[0] == ALL_GROUPS and len(address) <= len((ALL_GROUPS, "badr")) for address in spoilt)

    def scenario(self, name: str, draws: Posterior | None) -> Scenario:
        """The scenario; incomplete where something is wrong."""
        groups = self._groups()
        draft = self.draft
        values: dict[str, Value] = self.made("actions", lambda: values_of(draft), {})
        defined: dict[str, Mindset] = self.made("define_mindsets", lambda: defined_of(draft), {})
        mindsets: dict[str, dict[str, float]] = self.made(
            "mindsets", lambda: mindsets_of(draft, defined), {}, "define_mindsets"
        )
        return Scenario(
            name=name,
            title=draft.get(("title",), ""),
            story=draft.get(("story",), ""),
            sources=tuple(draft.get(("sources",), ())),
            start=draft.get(("start",), START),
            horizon=draft.get(("horizon",), HORIZON),
            seed=draft.get(("seed",), SEED),
            groups=groups,
            values=values,
            events=self.made(NOTHING, lambda: events_of(draft), (), *DAYS),
            calendar=self.made("calendar", lambda: calendar_of(draft), Calendar()),
            blocs=self.made("parliament", lambda: blocs_of(draft), ()),
            policies=self.made(NOTHING, lambda: policies_of(draft), {}),
            mindsets=mindsets,
            every_group=every_group_of(draft) if not self.spoilt & {"mindsets"} else EveryGroup("", {}),
            pinned=self.made("pinned", lambda: pinned_of(draft, mindsets), frozenset(), "mindsets"),
            defined=defined,
            questions=self.made(NOTHING, lambda: questions_of(draft), (), *DAYS),
            design=self.made("design", lambda: design_of(draft), None),
            posterior=self.made("parameters", lambda: posterior_of(draft, values, draws), None),
            left_out=left_out_of(draft),
        )

    def _groups(self) -> tuple[Group, ...]:
        """The groups, which everything else has to know."""
        found: tuple[Group, ...] = ()
        if not self.lost:
            with self.faults.noted():
                found = groups_of(self.draft)
        self.lost = self.lost or not found
        self.draft = replace(self.draft, groups=tuple(group.id for group in found))
        return found

    def made(self, section: str, make: Callable[[], T], instead: T, *reads: str) -> T:
        """A part of one section, or ``instead`` where something is wrong with that or with what else it reads."""
        before, found = len(self.faults.found), instead
        skipped = self.lost or bool(self.spoilt & {section, *reads})
        if not skipped:
            with self.faults.noted():
                found = make()
        if section and (skipped or len(self.faults.found) > before):
            self.spoilt.add(section)
        return found
