"""Inheritance: a scenario is what it extends, changed by what it says, changed by the overrides."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sim.scenario import posterior
from sim.scenario.faults import Faults
from sim.scenario.files import Source, extended
from sim.scenario.left_out import KEY as LEFT
from sim.scenario.left_out import left_out, names_of, without
from sim.scenario.pinned import KEY, pin
from sim.scenario.places import Document
from sim.scenario.quantities import ALL_GROUPS, STATES
from sim.scenario.shorthand import expand
from sim.scenario.tree import Located, flatten, grow, merge, together

LONGEST_CHAIN = 20
NEARLY = 0.92
"""Likeness of two ids (difflib) from which one is taken for the other misspelt."""
DIGITS = str.maketrans("", "", "0123456789")


def resolve(source: Source, changes: Sequence[Document], faults: Faults) -> Document:
    """The document of a scenario with everything it extends merged in, and the changes on top.

    What is wrong with it and does not keep the rest from being read is noted in ``faults``.

    Raises:
        InputError: a file cannot be read, the inheritance is circular, or the parts do not fit together.
    """
    links = chain(source)
    tree = Located({}, links[0][1].places[()])
    for link, document in reversed(links):
        tree = level(tree, grow(document), link.folder, faults)
    return flatten(changed(tree, changes, faults))


def changed(tree: Located, changes: Sequence[Document], faults: Faults) -> Located:
    """A scenario with changes made at once: which of them stands first makes no difference.

    Raises:
        InputError: they do not fit together, or not the scenario.
    """
    if not changes:
        return tree
    own = together(changes)
    if "extends" in own.value:
        raise own.value["extends"].error("extends cannot be overridden; write a scenario file")
    return level(tree, own, Path(), faults)


def chain(source: Source) -> list[tuple[Source, Document]]:
    """The scenario and all it extends, the nearest first.

    Raises:
        InputError: a scenario extends itself, directly or through others, or the chain is too long.
    """
    links: list[tuple[Source, Document]] = []
    seen: list[Path] = []
    following: Source | None = source
    while following is not None:
        document = following.read()
        links.append((following, document))
        if following.path:
            seen.append(following.path.resolve())
        following = extended(following, document)
        if following and following.path and following.path.resolve() in seen:
            names = " -> ".join(link.name for link, _ in [*links, (following, document)])
            raise document.error(("extends",), f"circular extends: {names}")
        if len(links) > LONGEST_CHAIN:
            raise document.error(("extends",), f"more than {LONGEST_CHAIN} scenarios extend one another")
    return links


def level(base: Located, written: Located, folder: Path, faults: Faults) -> Located:
    """One scenario laid over what it extends; a posterior file replaces what it extends, not its own numbers."""
    own = expand(written)
    own.value.pop("extends", None)
    _no_twins(base, own, faults)
    for key in (KEY, LEFT):
        if f"{key}+" in own.value:
            raise own.value[f"{key}+"].error(f"{key}+ appends to a list that is made anew by each file; use {key}")
    base = _reached(base, own)
    merged, stated = merge(base, own), own
    left = merged.value[LEFT] = left_out(base, own, faults)
    if "parameters" in own.value:
        file = merged.value["parameters"] = _beside(own.value["parameters"], folder)
        drawn = posterior.layer(file, own, [*merged.section(ALL_GROUPS), *names_of(left)])
        merged, stated = merge(merged, drawn), merge(own, drawn)
    merged.value[KEY] = pin(base, own, stated)
    return without(merged, names_of(left))


def _reached(base: Located, own: Located) -> Located:
    """What is extended, without what it says of single groups where the scenario speaks of all groups."""
    top = dict(base.branch)
    for section in ("policies", "mindsets"):
        if ALL_GROUPS in own.section(section):
            kept = {name: node for name, node in base.section(section).items() if name in STATES}
            top[section] = Located(kept, base.branch[section].place if section in base.branch else base.place)
    return Located(top, base.place)


def _no_twins(base: Located, own: Located, faults: Faults) -> None:
    """A new group whose id is nearly that of an inherited one is that one misspelt; digits tell groups apart."""
    known = {str(name): str(name).translate(DIGITS) for name in base.section("militias")}
    for name, node in own.section("militias").items():
        letters = str(name).translate(DIGITS)
        near = get_close_matches(letters, set(known.values()) - {letters}, 1, NEARLY)
        if str(name) not in known and near and not letters.startswith(f"{near[0]}_"):
            twin = next(each for each, bare in known.items() if bare == near[0])
            text = f"militias.{name} would be a new group, too easily taken for {twin}; did you mean '{twin}'?"
            faults.found.append(node.error(text))


def _beside(name: Located, folder: Path) -> Located:
    """The name of a file as a path that no longer depends on the folder of the scenario."""
    if not isinstance(name.value, str):
        return name
    return Located(str((folder / name.value).absolute()), name.place)
