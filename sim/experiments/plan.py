"""The plan of a sweep: everything that fixes its bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from sim.compiled import rule_hash
from sim.drivers import MOST_WORLDS
from sim.errors import InputError, unknown, whole
from sim.experiments.designs import Given, points_of
from sim.experiments.layout import Layout, usual_size
from sim.experiments.variants import Points
from sim.installed import versions
from sim.results.code import CODE
from sim.results.run import DEPTHS
from sim.scenario import Design, Scenario, load, policy_sources
from sim.scenario.design import POLICY
from sim.scenario.kept import as_kept

LUCKS = ("same", "fresh")
USUAL_WORLDS = 500
LIBRARIES = ("escalation-sim", "numpy", "numba", "scipy", "pandas", "pyarrow")
"""What numbers and files are made with."""


@dataclass(frozen=True)
class Plan:
    """What a sweep is to be; two equal plans give the same bytes.

    Attributes:
        scenario: what is swept, without its design.
        table: the points, one row a point, one column a path.
        kind: how they were laid out: ``grid``, ``lhs``, ``sobol`` or ``points``.
        worlds: worlds at each point.
        depth: what is kept: ``outcomes``, ``daily`` or ``trace``.
        luck: ``same``: world n has the same luck at every point; ``fresh``: every point has its own worlds.
        size: most worlds in a part.
    """

    scenario: Scenario
    table: pd.DataFrame
    kind: str
    worlds: int
    depth: str
    luck: str
    size: int

    @cached_property
    def points(self) -> Points:
        """The points as scenarios and records."""
        return Points(self.scenario, self.table)

    @property
    def layout(self) -> Layout:
        """The parts."""
        return Layout(len(self.table), self.worlds, self.size)

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Ids of all actors that some point has, in the order in which they first appear."""
        first = self.table.drop_duplicates(self.points.fixed).index if self.points.fixed else [0]
        return tuple(dict.fromkeys(actor for point in first for actor in self.points.variant(point).actors))

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What must be the same for two computers to work on one folder."""
        return {
            "scenario": self.scenario.hash,
            "points": digest(self.table),
            "worlds": self.worlds,
            "depth": self.depth,
            "luck": self.luck,
            "part size": self.size,
            "rules": rule_hash(),
            "code": CODE,
            "policies": policy_sources(self.policies),
            "versions": versions(LIBRARIES),
        }

    @property
    def policies(self) -> set[str]:
        """Every decision rule of some actor at some point."""
        columns = [self.table[path] for path in self.table if str(path).startswith(f"{POLICY}.")]
        return {*self.scenario.policies.values(), *(str(name) for column in columns for name in column.unique())}

    @cached_property
    def content(self) -> dict[str, Any]:
        """The scenario in full, fit for JSON, as the folder keeps it."""
        return as_kept(self.scenario).to_dict()

    @cached_property
    def key(self) -> str:
        """The identity as one short text."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()[:16]

    def first_number(self, point: int) -> int:
        """Number of the first world of a point; the number is what its luck comes from."""
        return 0 if self.luck == "same" else point * self.worlds


@dataclass(frozen=True)
class SweepSettings:
    """How a sweep is carried out.

    Attributes:
        depth: what to keep: ``outcomes``, ``daily`` (also counts per day) or ``trace`` (also every event).
        luck: ``same`` (the default) or ``fresh``; see :class:`Plan`.
        threads: threads that live worlds; all by default, one for each task of an executor.
        part: most worlds in one file; default by the size of the sweep. More parts lose less when killed.
        executor: who computes the parts, any :class:`concurrent.futures.Executor`; by default this process.

    Examples:
        >>> sim.SweepSettings(depth="daily", threads=1).luck
        'same'
    """

    depth: str = "outcomes"
    luck: str = "same"
    threads: int | None = None
    part: int | None = None
    executor: Executor | None = None


def plan_of(scenario: Any, design: Given, worlds: int | None, settings: SweepSettings) -> Plan:
    """Check everything a user asks for before anything is computed.

    Raises:
        InputError: something is unknown, out of range or would have no effect.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    asked = scenario.design if design is None else design
    table = points_of(scenario, asked)
    if worlds is None:
        worlds = (asked.worlds if isinstance(asked, Design) else None) or USUAL_WORLDS
    worlds = whole("the number of worlds at each point", worlds)
    part = _check(len(table), worlds, settings)
    size = part or usual_size(len(table), worlds, settings.depth)
    bare = replace(scenario, design=None)
    plan = Plan(bare, table, _kind(asked), worlds, settings.depth, settings.luck, size)
    plan.points.check()
    return plan


def _kind(design: Given) -> str:
    if isinstance(design, Design):
        return design.kind
    return "grid" if isinstance(design, Mapping) else "points"


def digest(table: pd.DataFrame) -> str:
    """Hash (16 hex digits) of the paths and values of a table of points."""
    return hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()[:16]


def _check(points: int, worlds: int, settings: SweepSettings) -> int | None:
    """Check the settings; returns the size of a part that they ask for."""
    if settings.depth not in DEPTHS:
        raise unknown("depth", settings.depth, DEPTHS)
    if settings.luck not in LUCKS:
        raise unknown("luck", settings.luck, LUCKS)
    if worlds < 1 or points * worlds > MOST_WORLDS:
        raise InputError(f"{points:,} points of {worlds:,} worlds: there must be 1..{MOST_WORLDS:,} worlds in all")
    if settings.threads is not None:
        whole("threads", settings.threads, 1)
    return None if settings.part is None else whole("part", settings.part, 1)
