"""Write what follows from the code in the documentation: ``python -m docs.generate`` (``make docs-generate``).

Reference pages come from the declarations, the result in the README and the pictures from runs with fixed seeds. Run it
after a change of a number, an action, a command, a scenario or a rule; a test says when a page is stale.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from docs import pages

ROOT = Path(__file__).parents[1]
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/parameters.md": pages.parameters,
    "docs/reference/mindsets.md": pages.mindsets,
    "docs/reference/actions.md": pages.actions,
    "docs/reference/scenario-file.md": pages.scenario_file,
    "docs/reference/scenarios.md": pages.scenarios,
    "docs/reference/outcomes.md": pages.outcomes,
    "docs/reference/commands.md": pages.commands,
}
"""Pages that are generated as a whole, by path."""
README_WORLDS = 2000
GALLERY_WORLDS = 2000
OVERVIEW_DPI = 96


def with_block(text: str, name: str, content: str) -> str:
    """The text with what stands between ``<!-- name -->`` and ``<!-- /name -->`` replaced.

    Raises:
        ValueError: there is no such block, or more than one.
    """
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    new, found = pattern.subn(lambda match: f"{match[1]}{content.strip()}\n{match[2]}", text)
    if found != 1:
        raise ValueError(f"{found} blocks '{name}' where there should be one")
    return new


def code_blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def readme() -> str:
    """The README with the result of its own scenario, and the scores of the validation page."""
    text = _read(ROOT / "README.md")
    text = with_block(text, "scores", pages.scores(_read(ROOT / "docs/validation.md")))
    return with_block(text, "result", pages.result(code_blocks(text, "yaml")[0], README_WORLDS))


def texts() -> dict[str, str]:
    """Every generated text by path, as it should be."""
    return {path: make() for path, make in PAGES.items()} | {"README.md": readme()}


def stale() -> list[str]:
    """Paths of the generated texts that are not as they should be."""
    return [path for path, text in texts().items() if _read(ROOT / path) != text]


def gallery(folder: Path) -> None:
    """Every figure of the baseline with a page that shows them; the picture files are PNG only, for the site."""
    from sim.plots.gallery import write_gallery
    from sim.results.run import run

    with tempfile.TemporaryDirectory() as scratch:
        write_gallery(run("baghdad-2020", GALLERY_WORLDS), Path(scratch))
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(Path(scratch).iterdir()):
            if path.suffix in (".md", ".png"):
                shutil.copy(path, folder)


def overview(path: Path) -> None:
    """The picture of the README: the baseline on one page."""
    from sim.plots.overview import SIZE
    from sim.plots.overview import overview as draw
    from sim.plots.style import METADATA, blank, styled
    from sim.results.run import run

    @styled
    def paint() -> None:
        page = blank(SIZE)
        draw(run("baghdad-2020", README_WORLDS), page.subplots(2, 2))
        page.savefig(path, dpi=OVERVIEW_DPI, metadata=METADATA["png"])

    path.parent.mkdir(parents=True, exist_ok=True)
    paint()


def main(arguments: list[str]) -> int:
    """Write what is stale, and the pictures; ``--check`` only names what is stale, ``--text`` leaves pictures out."""
    if "--check" in arguments:
        found = stale()
        print("\n".join(f"{path} is stale" for path in found) or "everything is fresh")
        return 1 if found else 0
    for path, text in texts().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
    if "--text" not in arguments:
        overview(ROOT / "docs/images/overview.png")
        gallery(ROOT / "docs/gallery")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
