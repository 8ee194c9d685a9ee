"""How pages of the game are set: plain text, 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.analysis.explain_words import wrapped

WIDTH = 80
RULE = "─" * WIDTH


def head(title: str) -> list[str]:
    """A heading within a page; what it says in brackets stays as it is."""
    words, bracket, rest = title.partition(" (")
    return ["", f"{words.upper()}{bracket}{rest}"]


def title(*lines: str) -> list[str]:
    """The top of a page."""
    return [RULE, *(each for line in lines for each in wrapped(line)), RULE]


def facts(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Names and what they are, one below the other; a long value goes on below itself."""
    lines = []
    for name, value in rows:
        lines += wrapped(value, " " * 20, f"  {name:<18}")
    return lines


def bullets(texts: Sequence[str], nothing: str = "nothing", indent: int = 2) -> list[str]:
    """Texts as a list."""
    if not texts:
        return [f"{' ' * indent}{nothing}"] if nothing else []
    return [line for text in texts for line in wrapped(text, " " * (indent + 2), " " * indent)]


def signed(value: float) -> str:
    """A number with its sign; a zero has none."""
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}"
