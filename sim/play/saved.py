"""Saved games: a small YAML file of scenario, seed, world and choices. Loading one lives the game again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.drivers import MOST_WORLDS
from sim.errors import InputError, whole
from sim.play.game import Choice, Game
from sim.scenario import load
from sim.scenario.policy import allow, hold_back
from sim.scenario.reader import MAX_BYTES, read_bytes

VERSION = 1
SUFFIX = ".game.yaml"
LISTS = ("set", "seats", "stops", "choices")
KEYS = ("game", "scenario", "set", "hash", "world", "seats", "day", "stops", "choices")
HEAD = "# A saved game of the escalation simulator; go on with: sim play --resume FILE\n"


def save(game: Game, path: str | Path, source: str, changes: Sequence[str]) -> Path:
    """Write a game.

    Args:
        game: the game.
        path: the file; a saved game that is there is replaced.
        source: name or path of the scenario.
        changes: what was changed in it, as ``us.red_line=2``.

    Raises:
        InputError: the file cannot be written, or is there and is no saved game.
    """
    refuse_target(Path(path))
    content = {
        "game": VERSION,
        "scenario": source,
        "set": list(changes),
        "hash": game.scenario.hash,
        "world": game.world,
        "seats": list(game.seats),
        "day": game.day,
        "stops": game.stops,
        "choices": [_row(choice) for choice in game.choices],
    }
    path = Path(path)
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 110
    try:
        draft = path.with_name(f".{path.name}.draft")
        with draft.open("w", encoding="utf-8") as file:
            file.write(HEAD)
            yaml.dump(content, file)
        draft.replace(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot save the game to '{path}': {getattr(error, 'strerror', None) or error}") from error
    return path


def refuse_target(path: Path) -> None:
    """Check, before an evening is played, that a game can be saved in a file without loss of another one.

    Raises:
        InputError: there is no such folder, or something else than a saved game stands there.
    """
    refusal = f"cannot save the game to '{path}'"
    try:
        if not path.parent.is_dir():
            raise InputError(f"{refusal}: there is no folder '{path.parent}'")
        if not path.exists():
            return
        if not path.is_file():
            raise InputError(f"{refusal}: that is no file")
    except OSError as error:
        raise InputError(f"{refusal}: {error.strerror or error}") from error
    try:
        _read(path)
    except InputError as error:
        raise InputError(f"{refusal}: there is such a file, which is no saved game; name another one") from error


def _row(choice: Choice) -> dict[str, Any]:
    row: dict[str, Any] = {"day": choice.day, "seat": choice.seat}
    if choice.act:
        row["act"] = choice.act
    if choice.orders:
        row["orders"] = choice.orders
    return row


def resume(path: str | Path, trust: bool = False) -> tuple[Game, str, list[str]]:
    """Read a saved game and live it again to where it stood.

    Args:
        path: the file.
        trust: whether modules of policies that it names may be imported, which runs their code; by default only those
            that this program has been asked for otherwise.

    Returns:
        The game, and source and changes of its scenario, to save it again.

    Raises:
        InputError: the file cannot be read or is not a saved game, or scenario or rules have changed since.
    """
    content = _read(Path(path))
    source, changes = str(content["scenario"]), [str(change) for change in content["set"]]
    scenario = load(source, changes)
    if scenario.hash != content["hash"]:
        raise InputError(f"'{path}' cannot go on: the scenario '{source}' has changed since it was saved")
    if trust:
        allow(scenario.policies.values())
    hold_back(scenario.policies.values(), Path(path))
    game = Game(scenario, content["seats"], content["world"])
    try:
        game.choices = [_choice(row) for row in content["choices"]]
        game.stops = [whole("a day", day, 0, scenario.horizon) for day in content["stops"]]
        _live(game, whole("the day", content["day"], 0, scenario.horizon))
    except InputError as error:
        raise InputError(f"'{path}' cannot go on: {error}; the rules may have changed since it was saved") from error
    return game, source, changes


def _live(game: Game, day: int) -> None:
    """Live again with all choices before a day, checked one by one."""
    choices, stops = game.choices, game.stops
    game.choices = []
    while game.day < day:
        game.live([choice for choice in choices if choice.day == game.day])
    game.stops = [stop for stop in stops if stop <= day]


def _choice(row: dict[str, Any]) -> Choice:
    try:
        orders = {str(group): str(word) for group, word in row.get("orders", {}).items()}
        act = row.get("act")
        return Choice(int(row["day"]), str(row["seat"]), None if act is None else str(act), orders)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"the choice {row!r} is not one ({error!r})") from error


def _read(path: Path) -> dict[str, Any]:
    """The content of a saved game, within the limits of a scenario file: it may come from somebody else."""
    try:
        if path.exists() and not path.is_file():
            raise InputError("it is not a regular file")
        with path.open("rb") as file:
            content = read_bytes(file.read(MAX_BYTES + 1), str(path)).data
    except FileNotFoundError:
        raise InputError(f"no saved game '{path}'") from None
    except (OSError, ValueError, InputError) as error:
        raise InputError(f"'{path}' cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if content.get("game") != VERSION:
        raise InputError(f"'{path}' is not a saved game of version {VERSION}")
    missing = [key for key in KEYS if key not in content]
    if missing:
        raise InputError(f"'{path}' is not complete: it lacks {', '.join(missing)}")
    _check(path, content)
    return content


def _check(path: Path, content: dict[str, Any]) -> None:
    wrong = [key for key in LISTS if not isinstance(content[key], list)]
    wrong += [key for key in ("set", "seats") if key not in wrong and not all(isinstance(x, str) for x in content[key])]
    wrong += [key for key in ("scenario", "hash") if not isinstance(content[key], str)]
    for key, most in (("world", MOST_WORLDS - 1), ("day", None)):
        try:
            whole(key, content[key], 0, most)
        except InputError:
            wrong.append(key)
    if wrong:
        raise InputError(f"'{path}' is not a saved game: {', '.join(wrong)} cannot be used")
