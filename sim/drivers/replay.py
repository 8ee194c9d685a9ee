"""Live one world again, with every deliberation kept: the base of explanations and of debriefs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.drivers.mesa_model import CrisisModel
from sim.errors import InputError, whole
from sim.scenario import Scenario, load
from sim.scenario.kept import kept_scenario

MANIFEST = "manifest.json"


def replay(source: Any, world: int = 0, until: int | None = None) -> CrisisModel:
    """Live one world of a run or of a scenario, with its deliberations kept.

    Args:
        source: a :class:`sim.Run`, its folder or ``manifest.json``, a scenario, or the name or path of one.
        world: number of the world.
        until: number of days to live; all of them by default.

    Returns:
        The model, lived; ``model.deliberations`` says why everybody did what they did.

    Raises:
        InputError: there is no such run, scenario or world.

    Examples:
        >>> model = sim.replay("baghdad-2020", world=17, until=3)
        >>> model.steps
        3
    """
    world = whole("the number of a world", world)
    scenario, worlds = scenario_of(source)
    if worlds is not None and not 0 <= world < worlds:
        raise InputError(f"no world {world}: this run has worlds 0 to {worlds - 1}")
    return CrisisModel(scenario, world, keep_options=True).run(until)


def scenario_of(source: Any) -> tuple[Scenario, int | None]:
    """The scenario of whatever names one, and the number of worlds if it is a run.

    Of a folder only the scenario is read, and its draws: what worlds it has does not matter to one lived again.

    Raises:
        InputError: there is no such run or scenario.
    """
    if isinstance(source, Scenario):
        return source, None
    if not isinstance(source, str | Path):
        return source.scenario, source.worlds
    path = Path(source) / MANIFEST if Path(source).is_dir() else Path(source)
    if path.name != MANIFEST:
        return load(source), None
    stored = _manifest(path)
    return kept_scenario(path.parent, stored, path.parent.resolve().name), stored.get("worlds")


def _manifest(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"'{path.parent}' is not a run: its {MANIFEST} cannot be read ({error})") from error
    if not isinstance(stored, dict) or not {"scenario", "scenario_hash", "rule_hash"} <= set(stored):
        raise InputError(f"'{path.parent}' is not a run: its {MANIFEST} names no scenario")
    return stored
