"""What is installed: versions for manifests, how this package came here, what to type so that an extra comes too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from sim.version import __version__

NAME = "escalation-sim"
CHECKOUT = Path(__file__).parents[1]


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """Versions of libraries, for manifests; of this package that of the code that runs, whatever else is installed."""
    return {name: __version__ if name == NAME else version(name) for name in libraries}


def install_command(extra: str) -> str:
    """The command that installs an extra of this very package: from its clone, its file or address, or an index."""
    origin = _origin()
    clone = _clone(origin)
    if clone:
        return f"pip install -e {_quoted(f'{clone}[{extra}]')}"
    if "url" in origin:
        return f"pip install {_quoted(f'{NAME}[{extra}] @ {_address(origin)}')}"
    return f"pip install {_quoted(f'{NAME}[{extra}]')}"


def _origin() -> dict[str, Any]:
    """What the installer wrote down of where the package came from (PEP 610); nothing if it came from an index."""
    try:
        written = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    found = json.loads(written) if written else {}
    return found if isinstance(found, dict) else {}


def _clone(origin: dict[str, Any]) -> Path | None:
    """The clone that this code stands in: whatever is installed, it is the code that runs that lacks something."""
    if _is_clone(CHECKOUT):
        return CHECKOUT
    folder = _folder(origin)
    return folder if folder and _is_clone(folder) else None


def _is_clone(folder: Path) -> bool:
    """Whether a folder can be installed from; one of installed packages cannot."""
    project = folder / "pyproject.toml"
    return project.is_file() and f'name = "{NAME}"' in project.read_text(encoding="utf-8", errors="replace")


def _folder(origin: dict[str, Any]) -> Path | None:
    """The folder that the package was installed from, if it was one and is there yet."""
    from urllib.parse import unquote, urlsplit
    from urllib.request import url2pathname

    address = urlsplit(str(origin.get("url", "")))
    if "dir_info" not in origin or address.scheme != "file":
        return None
    return Path(url2pathname(unquote(address.path)))


def _address(origin: dict[str, Any]) -> str:
    """The address in the form that a requirement names it by; a repository with the commit that is installed."""
    kept = origin.get("vcs_info", {})
    commit = f"@{kept['commit_id']}" if "commit_id" in kept else ""
    return f"{kept['vcs']}+{origin['url']}{commit}" if "vcs" in kept else str(origin["url"])


def _quoted(text: str) -> str:
    """In quotes that keep brackets and spaces from the shell."""
    return "'" + text.replace("'", "'\\''") + "'"
