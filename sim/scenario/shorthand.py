"""What an author may write more briefly, rewritten into the one long form before files are merged."""

from __future__ import annotations

from sim.actions import BY_ID
from sim.quantity import KINDS
from sim.scenario.action_quantities import LAGS, fields_of
from sim.scenario.tree import Branch, Located

STATES = KINDS[:-1]


def expand(tree: Located) -> Located:
    """Rewrite ``us: {mindset: x}`` as ``mindsets: {us: {x: 1}}`` and ``lag: [1, 2, 3]`` as its three numbers.

    Raises:
        InputError: the long form is there as well.
    """
    top = dict(tree.branch)
    for name in STATES:
        _take_mindset(top, top, name)
    if "militias" in top and top["militias"].branch:
        groups = dict(top["militias"].branch)
        top["militias"] = Located(groups, top["militias"].place)
        for name in groups:
            _take_mindset(top, groups, name)
    if "actions" in top and top["actions"].branch:
        actions = {name: _expand_lag(name, node) for name, node in top["actions"].branch.items()}
        top["actions"] = Located(actions, top["actions"].place)
    return Located(top, tree.place)


def _take_mindset(top: Branch, holder: Branch, actor: str) -> None:
    """Move the key ``mindset`` of one actor's section into the section ``mindsets``."""
    section = holder.get(actor)
    if section is None or "mindset" not in section.branch:
        return
    name = section.branch["mindset"]
    given = top.get("mindsets", Located({}, name.place))
    if actor in given.branch:
        raise name.error(f"{actor}.mindset is given twice: here and in mindsets.{actor}")
    if not isinstance(name.value, str):
        raise name.error(f"{actor}.mindset must be the name of a mindset")
    holder[actor] = Located({key: node for key, node in section.branch.items() if key != "mindset"}, section.place)
    certain = Located({name.value: Located(1, name.place)}, name.place)
    top["mindsets"] = Located({**given.branch, actor: certain}, given.place)


def _expand_lag(action: str, section: Located) -> Located:
    """Write ``lag`` out as its shortest, likeliest and longest number of days, where the action has any."""
    without = action in BY_ID and LAGS[0] not in {field.name for field in fields_of(BY_ID[action])}
    if "lag" not in section.branch or without:
        return section
    lag = section.branch["lag"]
    if not isinstance(lag.value, list) or len(lag.value) != len(LAGS):
        raise lag.error(f"actions.{action}.lag takes three numbers of days: [shortest, likeliest, longest]")
    twice = set(LAGS) & set(section.branch)
    if twice:
        raise lag.error(f"actions.{action}.lag is given twice: here and as {', '.join(sorted(twice))}")
    rest = {key: node for key, node in section.branch.items() if key != "lag"}
    return Located({**rest, **dict(zip(LAGS, lag.value, strict=True))}, section.place)
