"""The README as the page of a package index shows it, where relative links lead nowhere.

With ``home`` under ``[tool.hatch.metadata.hooks.custom]``, the address of the files of the repository, links and
pictures become absolute. Without it links become plain text and pictures are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

PICTURE = re.compile(r"!\[([^\]]*)\]\((?![a-z]+:)([^)]+)\)\n*")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#)([^)]+)\)")


class IndexReadme(MetadataHookInterface):
    """Puts the text into the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field ``readme``."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": for_index(text, self.config.get("home", ""))}


def for_index(text: str, home: str = "") -> str:
    """The text with no relative link or picture left; fenced blocks stay as they are."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if number % 2 else _linked(part, home) for number, part in enumerate(parts))


def _linked(text: str, home: str) -> str:
    if not home:
        return LINK.sub(r"\1", PICTURE.sub("", text))
    base = home.rstrip("/")
    return LINK.sub(rf"[\1]({base}/\2)", PICTURE.sub(rf"![\1]({base}/\2)\n\n", text))
