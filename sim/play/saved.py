"""Saved games: a small YAML file of scenario, seed, world and choices. Loading one lives the game again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sim.errors import InputError
from sim.play.game import Choice, Game
from sim.scenario import load

VERSION = 1
SUFFIX = ".game.yaml"
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


def resume(path: str | Path) -> tuple[Game, str, list[str]]:
    """Read a saved game and live it again to where it stood.

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
    game = Game(scenario, content["seats"], content["world"])
    try:
        game.choices = [_choice(game, row) for row in content["choices"]]
        game.stops = [int(day) for day in content["stops"]]
        _live(game, content["day"])
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


def _choice(game: Game, row: dict[str, Any]) -> Choice:
    try:
        orders = {str(group): str(word) for group, word in row.get("orders", {}).items()}
        return Choice(int(row["day"]), str(row["seat"]), row.get("act"), orders)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"the choice {row!r} is not one ({error!r})") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no saved game '{path}'") from None
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(f"'{path}' cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or content.get("game") != VERSION:
        raise InputError(f"'{path}' is not a saved game of version {VERSION}")
    missing = [key for key in KEYS if key not in content]
    if missing:
        raise InputError(f"'{path}' is not complete: it lacks {', '.join(missing)}")
    _check(path, content)
    return content


def _check(path: Path, content: dict[str, Any]) -> None:
    lists = ("set", "seats", "stops", "choices")
    wrong = [key for key in lists if not isinstance(content[key], list)]
    wrong += [key for key in ("world", "day") if not isinstance(content[key], int) or content[key] < 0]
    if wrong:
        raise InputError(f"'{path}' is not a saved game: {', '.join(wrong)} cannot be used")
