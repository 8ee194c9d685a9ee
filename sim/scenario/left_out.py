"""Groups that a scenario leaves out.

A group is left out by ``absent: true``. What was said of it goes with it, and its id is kept under ``left_out``: a
later file or change that names it is refused, since the group would come back with default numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.errors import InputError, nearest
from sim.scenario.draft import Draft
from sim.scenario.faults import Faults
from sim.scenario.pinned import KEY as PINNED
from sim.scenario.places import Place, dotted
from sim.scenario.quantities import ALL_GROUPS
from sim.scenario.tree import Located

KEY = "left_out"
SECTIONS = (ALL_GROUPS, "policies", "mindsets")
"""Sections that say something of single groups."""
ABSENT = "absent"


def left_out(base: Located, own: Located, faults: Faults) -> Located:
    """The list of the groups that were left out after one more scenario.

    Noted as faults are groups that are not there and are left out or said to be there, and groups that are left out
    and changed.

    Raises:
        InputError: ``left_out`` is no list of ids.
    """
    gone = {item.value: item for tree in (base, own) for item in _items(tree)}
    for name, node in own.section(ALL_GROUPS).items():
        if ABSENT not in node.branch or not isinstance(node.branch[ABSENT].value, bool):
            continue
        if name not in base.section(ALL_GROUPS) and name not in gone:
            faults.found.append(_not_there(str(name), node, base))
        elif node.branch[ABSENT].value is True:
            gone.setdefault(name, Located(name, node.branch[ABSENT].place))
    for name, item in gone.items():
        with faults.noted():
            _check_unsaid(name, item.place, base, own)
    return Located([*gone.values()], own.place)


def names_of(left: Located) -> tuple[str, ...]:
    """The ids in the list."""
    return tuple(item.value for item in left.value)


def without(tree: Located, names: Iterable[str]) -> Located:
    """The tree without some groups, nor what was said elsewhere about them alone."""
    top = dict(tree.branch)
    for name in names:
        for section in SECTIONS:
            if name in top.get(section, tree).branch and section in top:
                kept = {key: node for key, node in top[section].branch.items() if key != name}
                top[section] = Located(kept, top[section].place)
        pinned = [item for item in top[PINNED].value if not str(item.value).startswith(f"{ALL_GROUPS}.{name}.")]
        top[PINNED] = Located(pinned, top[PINNED].place)
    return Located(top, tree.place)


def left_out_of(draft: Draft) -> tuple[str, ...]:
    """The ids of the groups that were left out, in the order of the alphabet."""
    return tuple(sorted(draft.get((KEY,), ())))


def _items(tree: Located) -> list[Located]:
    """The ids that a tree lists as left out.

    Raises:
        InputError: that is no list of ids.
    """
    if KEY not in tree.branch:
        return []
    listed = tree.branch[KEY]
    if not isinstance(listed.value, list) or not all(isinstance(item.value, str) for item in listed.value):
        raise listed.error(f"{KEY} must be a list of ids of groups, such as [badr]")
    return listed.value


def _not_there(name: str, node: Located, base: Located) -> InputError:
    known = base.section(ALL_GROUPS)
    is_absent: Any = node.branch[ABSENT].value
    said = "is absent, but was not there" if is_absent is True else "is said to be there already, but is not"
    return node.error(
        f"{ALL_GROUPS}.{name} {said};{nearest(name, known)} groups: {', '.join(map(str, known)) or 'none'}"
    )


def _check_unsaid(name: str, place: Place, base: Located, own: Located) -> None:
    """Nothing may be said of a group that is left out but that it is."""
    before = f" (at {place})" if name in [item.value for item in _items(base)] else ""
    for section in SECTIONS:
        said = own.section(section).get(name)
        if said is None:
            continue
        keys = [key for key in said.branch if key != ABSENT or said.branch[key].value is not True]
        if section == ALL_GROUPS and not keys and said.branch:
            continue
        culprit = said.branch[keys[0]] if section == ALL_GROUPS and keys else said
        what = dotted((section, name, *keys[:1])) if section == ALL_GROUPS else dotted((section, name))
        text = f"{what} is said of a group that is left out{before}"
        raise culprit.error(f"{text}; to have it, extend a scenario that does not leave it out")
