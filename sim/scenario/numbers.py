"""The numbers of a scenario: every quantity with its value, and what must hold between them."""

from __future__ import annotations

from typing import Any

from sim.actions import CATALOGUE
from sim.scenario import posterior
from sim.scenario.action_quantities import LAGS
from sim.scenario.distribution import Distribution
from sim.scenario.draft import Draft
from sim.scenario.model import Value
from sim.scenario.posterior import Posterior
from sim.scenario.quantities import drawable, split


def values_of(draft: Draft) -> dict[str, Value]:
    """Number or distribution of every quantity, defaults included, by path.

    Raises:
        InputError: the shortest lag of an action can be longer than its longest.
    """
    values = {
        path: draft.get(split(path), float(quantity.default)) for path, quantity in drawable(draft.groups).items()
    }
    for action in CATALOGUE:
        if f"actions.{action.id}.{LAGS[0]}" in values:
            with draft.faults.noted():
                _check_lags(draft, action.id, values)
    return values


def posterior_of(draft: Draft, values: dict[str, Value], draws: Posterior | None = None) -> Posterior | None:
    """The posterior file, or None where no value comes from it; ``draws`` are its contents if they are at hand.

    Raises:
        InputError: a value comes from a file or column that is not there, or the column leaves the allowed range.
    """
    drawn = {path: value for path, value in values.items() if isinstance(value, Distribution) and value.column}
    name = draft.get(("parameters",))
    if name is None and drawn:
        path = next(iter(drawn))
        raise draft.error(split(path), f"{path} is drawn from a posterior, but no file is named in `parameters`")
    if not drawn:
        return None
    found = draws or posterior.read(name)
    known = drawable(draft.groups)
    for path, value in drawn.items():
        problem = posterior.problem(found, value.column, known[path])
        if problem:
            draft.faults.found.append(draft.error(split(path), f"{path}: {problem}"))
    return found


def _check_lags(draft: Draft, action: str, values: dict[str, Value]) -> None:
    """Whatever is drawn, the shortest lag must not exceed the likeliest, nor that the longest."""
    lags: list[Any] = [values[f"actions.{action}.{name}"] for name in LAGS]
    lows = [lag.low if isinstance(lag, Distribution) else lag for lag in lags]
    highs = [lag.high if isinstance(lag, Distribution) else lag for lag in lags]
    if highs[0] > lows[1] or highs[1] > lows[2]:
        given = [name for name in LAGS if draft.get(("actions", action, name)) is not None]
        text = f"the lags of {action} must not fall from shortest to likeliest to longest"
        raise draft.error(("actions", action, *given[:1]), f"{text}: they are {_said(lows, highs)}")


def _said(lows: list[float], highs: list[float]) -> str:
    pairs = zip(lows, highs, strict=True)
    return ", ".join(f"{low:g}" if low == high else f"{low:g} to {high:g}" for low, high in pairs)
