"""Who is in a scenario and how each decides: groups, blocs, policies, mindsets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.errors import unknown
from sim.parameters import ACTOR_PARAMETERS, MINDSETS, Mindset
from sim.quantity import KINDS
from sim.scenario.distribution import probabilities
from sim.scenario.draft import Draft
from sim.scenario.model import Bloc, EveryGroup, Group
from sim.scenario.places import Address, Wrong
from sim.scenario.policy import in_plain_python
from sim.scenario.quantities import ALL_GROUPS, BLOC_FIELDS, MILITIA, STATES, kind_of_actor
from sim.world.names import Policy
from sim.world.records import MAX_BLOCS

OWN = "default"
"""The mindset of an actor whose own numbers stand."""
MOST_GROUPS = 30
POLICIES = tuple(policy.name.lower() for policy in Policy if policy is not Policy.OUTSIDE)
PYTHON_POLICY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
RESERVED = (*KINDS, ALL_GROUPS)


def policy_row(name: str) -> Policy:
    """The row of a decision rule; compiled rules see a policy in plain Python as a script.

    Raises:
        InputError: there is no such rule, or a policy cannot be imported or compiled.
    """
    if PYTHON_POLICY.fullmatch(name):
        return Policy.SCRIPTED if in_plain_python(name) else Policy.OUTSIDE
    if name not in POLICIES:
        raise unknown("policy", name, POLICIES)
    return Policy[name.upper()]


def mindsets_for(kind: str, defined: Mapping[str, Mindset]) -> list[str]:
    """Names of the mindsets, shipped or defined by a scenario, that a kind of actor can have."""
    return [OWN, *(each.name for each in (*MINDSETS.values(), *defined.values()) if each.kind == kind)]


def groups_of(draft: Draft) -> tuple[Group, ...]:
    """The armed groups in the order of the file.

    Raises:
        InputError: there is none, there are too many, or one has the name of another actor.
    """
    given = draft.get(("militias",), {})
    if not 1 <= len(given) <= MOST_GROUPS:
        raise draft.error((ALL_GROUPS,), f"militias must hold 1 to {MOST_GROUPS} groups, not {len(given)}")
    for name in given:
        if name in RESERVED:
            raise draft.error((ALL_GROUPS, name), f"a group cannot have the id '{name}'; taken: {', '.join(RESERVED)}")
    return tuple(
        Group(name, keys.get("name") or name.replace("_", " ").title(), tuple(keys.get("facades", ())))
        for name, keys in given.items()
    )


def blocs_of(draft: Draft) -> tuple[Bloc, ...]:
    """The blocs in parliament in the order of the file; without any, no vote can be held.

    Raises:
        InputError: there are more than a world holds.
    """
    found = draft.get(("parliament", "blocs"), {})
    if len(found) > MAX_BLOCS:
        raise draft.error(("parliament", "blocs"), f"parliament can have at most {MAX_BLOCS} blocs, not {len(found)}")
    default = {field.path: field.default for field in BLOC_FIELDS}
    blocs = []
    for name, given in found.items():
        keys = {**default, **given}
        title = given.get("name") or name.replace("_", " ").title()
        blocs.append(Bloc(name, title, int(keys["seats"]), keys["position"], keys["salience"]))
    return tuple(blocs)


def policies_of(draft: Draft) -> dict[str, str]:
    """Decision rule of every actor.

    Raises:
        InputError: an actor or a rule is unknown.
    """
    given = draft.get(("policies",), {})
    for actor, policy in given.items():
        with draft.faults.noted():
            _check_policy(draft, actor, policy)
    return {actor: _own_or_all(given, actor, POLICIES[Policy.QUANTAL]) for actor in (*STATES, *draft.groups)}


def _check_policy(draft: Draft, actor: str, policy: str) -> None:
    _check_actor(draft, ("policies", actor))
    if policy not in POLICIES and not PYTHON_POLICY.fullmatch(policy):
        raise draft.unknown(("policies", actor), "policy", policy, (*POLICIES, "module:name of a policy"))


def defined_of(draft: Draft) -> dict[str, Mindset]:
    """Mindsets that the scenario defines.

    Raises:
        InputError: one has the name of a shipped mindset, no actor, or a number its actor does not have.
    """
    defined = {}
    for name, keys in sorted(draft.get(("define_mindsets",), {}).items()):
        with draft.faults.noted():
            defined[name] = _defined(draft, name, keys)
    return defined


def _defined(draft: Draft, name: str, keys: dict[str, Any]) -> Mindset:
    address = ("define_mindsets", name)
    if name in MINDSETS or name == OWN:
        raise draft.error(address, f"there is a mindset '{name}' already; choose another name")
    if "actor" not in keys:
        raise draft.error(address, f"mindset '{name}' must say which actor can have it; allowed: {', '.join(KINDS)}")
    words = ("actor", "meaning", "source")
    numbers = {key: value for key, value in sorted(keys.items()) if key not in words}
    _check_has(draft, address, keys["actor"], numbers)
    meaning, source = (keys.get(word, "defined by the scenario") for word in words[1:])
    return Mindset(name, keys["actor"], numbers, meaning, source)


def mindsets_of(draft: Draft, defined: dict[str, Mindset]) -> dict[str, dict[str, float]]:
    """Probabilities of mindsets of every actor.

    Raises:
        InputError: an actor or a mindset is unknown or they do not fit, or probabilities do not sum to 1.
    """
    found = {}
    for actor, mixture in draft.get(("mindsets",), {}).items():
        with draft.faults.noted():
            found[actor] = _mixture(draft, ("mindsets", actor), mixture, defined)
    return {actor: _own_or_all(found, actor, {OWN: 1.0}) for actor in (*STATES, *draft.groups)}


def every_group_of(draft: Draft) -> EveryGroup:
    """How a group decides of which nothing else is said; what is given was checked with the actors' own."""
    policy = draft.get(("policies", ALL_GROUPS), POLICIES[Policy.QUANTAL])
    mixture = draft.get(("mindsets", ALL_GROUPS), {OWN: 1.0})
    return EveryGroup(policy, {name: float(share) for name, share in mixture.items()})


def _mixture(draft: Draft, address: Address, mixture: Any, defined: dict[str, Mindset]) -> dict[str, float]:
    _check_actor(draft, address)
    kind = MILITIA if address[-1] == ALL_GROUPS else kind_of_actor(address[-1])
    allowed = mindsets_for(kind, defined)
    for name in mixture:
        if name not in allowed:
            raise draft.unknown((*address, name), "mindset", name, allowed)
    try:
        return dict(zip(mixture, probabilities(mixture), strict=True))
    except Wrong as wrong:
        raise draft.explained(address, wrong) from None


def _check_actor(draft: Draft, address: Address) -> None:
    actors = (*STATES, ALL_GROUPS, *draft.groups)
    if address[-1] not in actors:
        raise draft.unknown(address, "actor", address[-1], actors)


def _check_has(draft: Draft, address: Address, kind: str, numbers: dict[str, float]) -> None:
    """Every number of a mindset must be one that its kind of actor has."""
    has = [each.name for each in ACTOR_PARAMETERS if kind in each.defaults]
    for name in numbers:
        if name not in has:
            draft.faults.found.append(draft.unknown((*address, name), f"number of {kind}", name, has))


def _own_or_all(given: dict[str, Any], actor: str, default: Any) -> Any:
    """What is said of an actor, or of all groups, or the default."""
    shared = given.get(ALL_GROUPS, default) if actor not in STATES else default
    return given.get(actor, shared)
