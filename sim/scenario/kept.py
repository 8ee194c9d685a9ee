"""A scenario in a folder of results: with its posterior draws, so that the folder needs nothing beside it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.compiled import rule_hash
from sim.errors import InputError
from sim.scenario.loading import reopened
from sim.scenario.model import Scenario
from sim.scenario.policy import allow, changed_policies, hold_back

DRAWS = "parameters.parquet"


class OtherRules(UserWarning):
    """Results were lived under rules, or with a policy, that have changed since."""


def as_kept(scenario: Scenario) -> Scenario:
    """The scenario as files of a folder of results write it: its draws are a file beside them."""
    if scenario.posterior is None:
        return scenario
    return replace(scenario, posterior=replace(scenario.posterior, path=DRAWS))


def kept_scenario(folder: Path, stored: Mapping[str, Any], name: str, trust: bool = False) -> Scenario:
    """The scenario of a folder of results.

    Args:
        folder: the folder.
        stored: what the manifest says: ``scenario``, ``scenario_hash``, ``rule_hash`` and ``policies``.
        name: name to give it.
        trust: whether modules of policies that it names may be imported; by default only those that somebody has
            asked for otherwise.

    Raises:
        InputError: it cannot be read, or is not the scenario that was lived.
    """
    found = reopened(stored["scenario"], folder, name)
    if trust:
        allow(found.policies.values())
    hold_back(found.policies.values(), folder)
    if changed := changed_policies(stored.get("policies", {})):
        _say(f"the source of {', '.join(changed)} has changed since '{folder}' was lived with it")
    _compare(folder, found.hash, stored)
    return found


def _compare(folder: Path, now: str, stored: Mapping[str, Any]) -> None:
    """Compare scenario and rules with those that were lived.

    Raises:
        InputError: the scenario is another one, though the rules are the same.
    """
    then, rules = stored["scenario_hash"], stored["rule_hash"]
    if rules != rule_hash():
        _say(f"'{folder}' was lived under other rules ({rules}, now {rule_hash()})")
    elif now != then:
        raise InputError(
            f"'{folder}' does not hold the scenario that was lived: its hash is {now}, and {then} was lived; take the"
            " folder again from where it came, or live its scenario again"
        )


def _say(what: str) -> None:
    warnings.warn(f"{what}: its tables stand, but a world that is lived again may differ", OtherRules, stacklevel=2)
