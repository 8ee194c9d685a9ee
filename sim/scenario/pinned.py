"""Which numbers of an actor stand whatever its mindset.

A mindset replaces the declared defaults and what the extended scenarios said. A number stands that is stated together
with the mindset, in the same file, or later, in a variant, an override or a sweep. A scenario that is written out in
full states every number, so it lists under ``pinned`` those that stand.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.draft import Draft
from sim.scenario.people import OWN
from sim.scenario.places import Address, dotted
from sim.scenario.quantities import ALL_GROUPS, STATES, actor_quantities, owner_of, unknown_path
from sim.scenario.tree import Branch, Located

KEY = "pinned"


def pin(base: Located, own: Located, stated: Located) -> Located:
    """The list of pinned paths after one more scenario.

    Args:
        base: what the scenario extends.
        own: the scenario itself.
        stated: the scenario itself together with the numbers of its posterior file.

    Raises:
        InputError: ``pinned`` is no list of paths.
    """
    chosen = _owners_with_new_mindset(base, own)
    old = {item.value: item for item in _items(base) if item.value.rpartition(".")[0] not in chosen}
    new = {item.value: item for item in (_items(own) if KEY in own.branch else _stated(stated))}
    return Located([*(old | new).values()], own.place)


def pinned_of(draft: Draft, mindsets: dict[str, dict[str, float]]) -> frozenset[str]:
    """The pinned paths of the actors that have a mindset at all.

    Raises:
        InputError: one is no number of an actor.
    """
    actors = (*STATES, *draft.groups)
    known = [each.path for actor in actors for each in actor_quantities(actor).values()]
    moody = {owner_of(actor) for actor in actors if mindsets[actor] != {OWN: 1.0}}
    for index, path in enumerate(draft.get((KEY,), ())):
        if path not in known:
            raise draft.error((KEY, index), f"{KEY}: {unknown_path(path, known)}")
    return frozenset(path for path in draft.get((KEY,), ()) if path.rpartition(".")[0] in moody)


def _items(tree: Located) -> list[Located]:
    """The paths that a tree lists as pinned.

    Raises:
        InputError: that is no list of paths.
    """
    if KEY not in tree.branch:
        return []
    listed = tree.branch[KEY]
    if not isinstance(listed.value, list) or not all(isinstance(item.value, str) for item in listed.value):
        raise listed.error(f"{KEY} must be a list of paths, such as [us.weight_calm]")
    return listed.value


def _owners_with_new_mindset(base: Located, own: Located) -> set[str]:
    """Sections of the actors for which a scenario chooses the mindset anew."""
    chosen = set(own.section("mindsets"))
    if ALL_GROUPS in chosen:
        chosen |= {*base.section(ALL_GROUPS)}
    return {owner_of(str(actor)) for actor in chosen}


def _stated(tree: Located) -> Iterable[Located]:
    """The paths of the actors' numbers that a scenario states."""
    sections: dict[Address, Branch] = {(actor,): tree.section(actor) for actor in STATES}
    sections |= {(ALL_GROUPS, group): node.branch for group, node in tree.section(ALL_GROUPS).items()}
    for address, section in sections.items():
        for name, node in section.items():
            if name in actor_quantities(str(address[-1])):
                yield Located(dotted((*address, name)), node.place)
