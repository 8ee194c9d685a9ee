"""The code blocks of a Markdown page, and a folder in which they are run in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

WORLDS = 40
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"# (\S+\.(?:yaml|py))\n")
LONGEST = 300


class Block(NamedTuple):
    """A fenced block: the line it stands on, its language, its text."""

    line: int
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(text[: found.start()].count("\n") + 1, found[1], found[2]) for found in FENCE.finditer(text)]


def few_worlds(text: str) -> str:
    """The same commands or calls with so few worlds that a test can run them."""
    return re.sub(r"(--worlds |worlds=)([\d_]+)", lambda found: f"{found[1]}{min(WORLDS, int(found[2]))}", text)


class Reader:
    """Somebody who follows a page in an empty folder: saves files, types commands, runs Python in one session."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session: dict[str, Any] = {}
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        self.environment = {**os.environ, "PATH": path}

    def follow(self, block: Block) -> None:
        """Do what a block asks for."""
        text = few_worlds(block.text)
        named = NAMED.match(text)
        if named:
            (self.folder / named[1]).write_text(text, encoding="utf-8")
        elif block.language == "sh":
            for command in text.splitlines():
                self.type(command.partition("#")[0].strip())
        elif block.language == "python":
            with chdir(self.folder):
                exec(compile(text, f"block of line {block.line}", "exec"), self.session)

    def type(self, command: str) -> None:
        """Type a command; what sets up the environment is left out, since this is one."""
        if not command or command.startswith((". .venv", "make ", "pip ")):
            return
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
