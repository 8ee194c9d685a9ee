"""Run every analysis on the baseline for the docs: ``python -m sim.analysis docs/analysis``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sim.analysis.compare import compare
from sim.analysis.compare_rules import compare_rules
from sim.analysis.discover import DiscoverySearch, discover
from sim.analysis.sensitivity import SensitivityPlan, sensitivity
from sim.analysis.uncertainty import UncertaintyLayout, uncertainty

BASE = "baghdad-2020"
OUTCOMES = ("closing_decided", "us_death", "us_struck", "rockets")
PART = 0.4
"""Part of the declared ranges: their ends are far from what anybody believes, all the more all at once."""


class Page(NamedTuple):
    """An analysis of the docs: its folder, what the command line would be, what it does, and its main figure."""

    name: str
    command: str
    find: Callable[[], Any]
    figure: str


def _options(names: tuple[str, ...]) -> str:
    return " ".join(f"--outcome {name}" for name in names)


PAGES: tuple[Page, ...] = (
    Page(
        "compare",
        f"sim compare {BASE} no-threat closure-now --worlds 2000",
        lambda: compare([BASE, "no-threat", "closure-now"], 2000),
        "differences-no-threat",
    ),
    Page("compare-rules", f"sim compare-rules {BASE} --worlds 1000", lambda: compare_rules(BASE, 1000), "rules"),
    Page(
        "sensitivity",
        f"sim sensitivity {BASE} {_options(OUTCOMES)} --width {PART}",
        lambda: sensitivity(BASE, SensitivityPlan(outcomes=OUTCOMES, width=PART)),
        "indices",
    ),
    Page(
        "discover",
        f"sim discover {BASE} us_struck --width {PART} --worlds 8000",
        lambda: discover(BASE, "us_struck", DiscoverySearch(width=PART, worlds=8000)),
        "box-1",
    ),
    Page(
        "uncertainty",
        f"sim uncertainty {BASE} --width {PART}",
        lambda: uncertainty(BASE, UncertaintyLayout(width=PART)),
        "uncertainty",
    ),
)


def main(arguments: list[str]) -> None:
    """Run the analyses named, or all, each into a folder of its own, and write the page that shows them."""
    folder = Path(arguments[0] if arguments else "docs/analysis")
    for page in PAGES:
        if page.name in (arguments[1:] or [page.name]):
            print(page.command, file=sys.stderr, flush=True)
            for drawing in page.find().save(folder / page.name).glob("*.svg"):
                drawing.unlink()  # the pages show the PNG beside it
    head = "# Analyses of the baseline\n\nWritten by `python -m sim.analysis`; commands print what summaries hold.\n"
    (folder / "index.md").write_text("\n".join([head, *map(_shown, PAGES)]), encoding="utf-8", newline="\n")


def _shown(page: Page) -> str:
    picture = f"![{page.name}]({page.name}/{page.figure}.png)"
    links = f"[Summary]({page.name}/summary.md) · [numbers]({page.name}/numbers.json)"
    return f"## {page.name}\n\n```console\n{page.command} --out {page.name}\n```\n\n{picture}\n\n{links}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
