"""Find a scenario: a shipped name, a file, YAML text or a mapping; and the file an ``extends`` names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError, nearest, unknown
from sim.scenario.places import Document, Place, locate
from sim.scenario.reader import MAX_BYTES, MAX_DEPTH, problem_with, read_bytes, read_text

PACKAGE = Path(__file__).parents[1]
MAPPING = "scenario mapping"
SUFFIXES = (".yaml", ".yml")


def shipped_folder() -> Path:
    """Folder of the shipped scenarios: inside an installed package, beside it in a checkout."""
    installed = PACKAGE / "shipped_scenarios"
    return installed if installed.is_dir() else PACKAGE.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """The shipped scenarios by name.

    Examples:
        >>> "closure-now" in sim.shipped()
        True
    """
    return {path.stem: path for path in sorted(shipped_folder().glob("*.yaml"))}


class Source:
    """Where a scenario comes from.

    Attributes:
        name: short name: the stem of a file, or ``scenario``.
        path: the file, or None for text and mappings.
        folder: the folder that relative names in the scenario are relative to.
    """

    def __init__(self, given: str | Path | Mapping[str, Any], folder: Path | None = None) -> None:
        """Take what was given; ``folder`` is the folder of text or a mapping, if it is not the current one."""
        self.given = given
        self.path = None if isinstance(given, Mapping) or _is_text(given) else _path_of(given)
        self.name = self.path.stem if self.path else "scenario"
        self.folder = self.path.parent if self.path else folder or Path()

    def read(self) -> Document:
        """Read the scenario as it stands, without what it extends.

        Raises:
            InputError: it cannot be read, or is not a scenario at all.
        """
        if self.path:
            return read_file(self.path)
        if isinstance(self.given, Mapping):
            data = as_plain(self.given, MAPPING)
            return Document(data, locate(data, Place(MAPPING)))
        return read_text(str(self.given), "scenario text")


def read_file(path: Path) -> Document:
    """Read one scenario file.

    Raises:
        InputError: it is missing, not a regular file, unreadable, or no scenario.
    """
    try:
        if path.is_dir():
            inside = path / "scenario.yaml"
            hint = f"; did you mean '{inside}'?" if _is_file(inside) else ""
            raise InputError(f"{path}: is a folder, not a scenario file{hint}")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is not a regular file")
        with path.open("rb") as file:
            return read_bytes(file.read(MAX_BYTES + 1), str(path))
    except FileNotFoundError:
        raise InputError(f"{path}: no such scenario file;{nearest(path.stem, shipped())} {_known()}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason})") from None


def extended(source: Source, document: Document) -> Source | None:
    """The scenario that ``document`` extends, or None.

    Raises:
        InputError: ``extends`` is not a shipped name or a file in the scenario's own folder or the shipped folder.
    """
    name = document.data.get("extends")
    if name is None:
        return None
    if not isinstance(name, str):
        raise document.error(("extends",), "extends must be the name of a scenario or a file, such as ./mine.yaml")
    if name in shipped():
        return Source(shipped()[name])
    if not (name.endswith(SUFFIXES) or "/" in name or "\\" in name):
        raise document.error(("extends",), f"extends {unknown('scenario', name, shipped())}")
    return _inside(source, document, name)


def _inside(source: Source, document: Document, name: str) -> Source:
    """The file ``name`` beside the scenario, refused when it lies outside the folders a scenario may read."""
    relative = Path(name)
    target = source.folder / relative
    climbs = relative.is_absolute() or ".." in relative.parts or "\\" in name
    if climbs or not _lies_in(target, [source.folder, shipped_folder()]):
        raise document.error(("extends",), f"extends '{name}' lies outside the folder of the scenario; {_known()}")
    if not _is_file(target):
        raise document.error(("extends",), f"extends '{name}', but there is no such file in '{source.folder}'")
    return Source(target)


def _lies_in(path: Path, folders: list[Path]) -> bool:
    """Whether the file, with links followed, is inside one of the folders."""
    try:
        return any(path.resolve().is_relative_to(folder.resolve()) for folder in folders)
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a name no file can have
        return False


def _is_text(given: str | Path | Mapping[str, Any]) -> bool:
    return isinstance(given, str) and "\n" in given


def _path_of(given: Any) -> Path:
    """The file that a name or path stands for."""
    if not isinstance(given, str | Path):
        raise InputError(f"a scenario is a name, a path or a mapping, not {type(given).__name__}")
    text = str(given)
    if text in shipped():
        return shipped()[text]
    if isinstance(given, Path) or text.endswith(SUFFIXES) or "/" in text or (text and _exists(Path(text))):
        return Path(given)
    raise unknown("scenario", text, shipped())


def _known() -> str:
    return f"shipped scenarios: {', '.join(shipped()) or 'none'}; or a file in the same folder, such as ./mine.yaml"


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is simply not one."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _exists(path: Path) -> bool:
    """Whether there is a file, a folder or whatever else of that name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def as_plain(value: Any, label: str, levels: int = MAX_DEPTH) -> Any:
    """A copy of nested mappings and sequences as dicts and lists; what NumPy holds becomes Python numbers.

    Raises:
        InputError: it is nested too deep, or holds something that no file could hold; ``label`` names it.
    """
    if levels < 0:
        raise InputError(f"{label}: nested deeper than {MAX_DEPTH} levels")
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str | int | float):
                raise InputError(f"{label}: a key must be a word or a number, not {repr(key)[:40]}")
        return {as_plain(key, label): as_plain(item, label, levels - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item, label, levels - 1) for item in value]
    problem = problem_with(value)
    if problem:
        raise InputError(f"{label}: {repr(value)[:40]} {problem}")
    return value
