"""Draw the gallery of the docs: ``python -m sim.plots docs/gallery``."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.plots.gallery import write_gallery
from sim.results.run import run

WORLDS = 2000


def main(arguments: list[str]) -> None:
    """Live the baseline and draw every figure of it into a folder, with a page that shows them."""
    folder = Path(arguments[0] if arguments else "docs/gallery")
    write_gallery(run("baghdad-2020", WORLDS), folder)


if __name__ == "__main__":
    main(sys.argv[1:])
