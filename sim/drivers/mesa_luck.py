"""Which world a Mesa model lives: Mesa's ``seed``, ``rng`` and iterations, in the words of the simulator."""

from __future__ import annotations

import inspect
from typing import Any

import mesa
import numpy as np

from sim.drivers import MOST_WORLDS
from sim.errors import InputError, whole
from sim.scenario import Scenario
from sim.scenario.quantities import LARGEST_SEED

RUNNER = "mesa.batchrunner"
ITERATION = "iteration"
"""Module of Mesa's batch runner, and where its function that builds a model keeps the number of the iteration."""


def seeded(scenario: Scenario, seed: Any, rng: Any) -> Scenario:
    """A scenario with the seed that a model is given; as it is where none is given.

    Args:
        scenario: the scenario.
        seed: a whole number, also NumPy's or in text as Mesa's page gives it; anything that ``rng`` may be; None.
        rng: the same, or a NumPy generator, bit generator, seed sequence or list of whole numbers; None.

    Raises:
        InputError: both are given, or it is no seed.
    """
    if seed is not None and rng is not None:
        raise InputError("a model is given either seed or rng, not both")
    given = seed if rng is None else rng
    if given is None or given == "":
        return scenario
    number = _seed(given)
    return scenario if number == scenario.seed else scenario.with_({"seed": number})


def world_of(world: Any, seed: Any = None, rng: Any = None) -> int:
    """The number of the world that a model is given; without one the number of the iteration that builds it, else 0.

    Raises:
        InputError: there is no such world, or a batch would live one a second time.
    """
    seeded_by_mesa = (seed is not None or rng is not None) and _runner_seeds()
    iteration = 0 if seeded_by_mesa else _iteration()
    if world is None or world == "":
        return iteration
    if iteration:
        raise InputError(
            f"iteration {iteration} would live world {world} again: leave world out, then iteration k lives world k"
        )
    return whole("the number of a world", from_text(world), 0, MOST_WORLDS - 1)


def _seed(given: Any) -> int:
    """A seed as a number; a source of chance gives one of its draws."""
    given = from_text(given)
    if isinstance(given, bool | int | float | str | np.number):
        return whole("a seed", given, 0, LARGEST_SEED)
    try:
        return int(np.random.default_rng(given).integers(LARGEST_SEED, endpoint=True))
    except (TypeError, ValueError) as error:
        raise InputError(f"a seed must be a whole number in 0..{LARGEST_SEED}, not {given!r} ({error})") from None


def from_text(given: Any) -> Any:
    """A whole number that stands in a text, or is written with a point, as one; anything else as it is."""
    if isinstance(given, str) and given.strip().isascii() and given.strip().isdigit():
        return int(given)
    if isinstance(given, float | np.floating) and float(given).is_integer():
        return int(given)
    return given


def _iteration() -> int:
    """Number of the iteration of ``mesa.batch_run`` that builds a model now; 0 outside of one.

    Mesa tells a model its parameters, but not its iteration, and leaves it to chance that iterations differ. Here
    nothing is left to chance, so the number is looked up in the function that builds the model.
    """
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__name__") == RUNNER and ITERATION in frame.f_locals:
            return int(frame.f_locals[ITERATION])
        frame = frame.f_back
    return 0


def _runner_seeds() -> bool:
    """Whether the batch runner of this Mesa gives every iteration a seed of its own, as from 3.4 on."""
    return "rng" in inspect.signature(mesa.batch_run).parameters
