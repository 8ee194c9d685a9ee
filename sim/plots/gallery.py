"""All figures of a run, drawn into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sim.plots.attacks import attacks
from sim.plots.beside import beside
from sim.plots.embassy import stages
from sim.plots.incidence import incidence
from sim.plots.ladder import fan, highest
from sim.plots.outcomes import probabilities
from sim.plots.overview import SIZE, overview
from sim.plots.style import WIDE, blank, save, styled
from sim.plots.timeline import timeline
from sim.results.drawing import Drawn
from sim.results.words import worlds_text


class Figure(NamedTuple):
    """How a figure of the report is made: file name, function of a run and axes, size, rows of panels, caption."""

    name: str
    draw: Callable[[Any, Any], Any]
    size: tuple[float, float]
    rows: int
    caption: str


def _ordinary(run: Any, ax: Any) -> Any:
    return timeline(run.world(run.representative()), ax)


FIGURES: tuple[Figure, ...] = (
    Figure(
        "outcomes", probabilities, (8.0, 6.0), 1,
        "Share of worlds in which each outcome comes within the horizon. The bar is the 95 % interval (Wilson) that the"
        " number of worlds allows; definitions stand in the table above.",
    ),
    Figure(
        "ladder", fan, WIDE, 1,
        "Highest rung reached so far, by day. The line is the median world, the bands hold half and 90 % of the worlds."
        " Dotted lines mark the calendar.",
    ),
    Figure("rungs", highest, WIDE, 1, "How the worlds divide by the highest rung they reach, with 95 % intervals."),
    Figure(
        "attacks", attacks, (8.0, 6.0), 2,
        "Rocket attacks and convoy bombs in each whole week of the run. Diamonds are the recorded attacks of the same"
        " weeks, with bounds for attacks that went unreported, where the run lies in the record.",
    ),
    Figure("embassy", stages, WIDE, 1, "Share of worlds in each stage of the embassy, day by day."),
    Figure(
        "incidence", incidence, WIDE, 1,
        "Share of worlds in which a first event has come by each day, with 95 % bands.",
    ),
    Figure(
        "timeline", _ordinary, (9.5, 5.4), 1,
        "The most ordinary world, event by event. It is one of many: how often such things happen stands in the figures"
        " above.",
    ),
)  # fmt: skip
"""In the order of the report."""


def draw_all(run: Any, folder: Path) -> list[Drawn]:
    """Draw every figure into the folder as PNG and SVG; returns their names, titles and captions."""
    with drawing(run, folder) as drawn:
        return list(drawn)


@contextmanager
def drawing(run: Any, folder: Path) -> Iterator[Iterator[Drawn]]:
    """Draw every figure into the folder as PNG and SVG while the block runs, beside it where that pays.

    Gives the figures in the order of the report.

    Raises:
        OSError: when a figure is asked for that could not be written.
    """
    _read(run)
    with beside(partial(_draw, run, folder), len(FIGURES)) as drawn:
        yield drawn


def _read(run: Any) -> None:
    """Read the tables and live the ordinary world once, rather than in each process."""
    run.daily  # noqa: B018 it is kept
    run.world(run.representative())


@styled
def write_gallery(run: Any, folder: Path) -> None:
    """Draw every figure and the overview into a folder, with a page ``index.md`` that shows them."""
    page = blank(SIZE)
    overview(run, page.subplots(2, 2))
    save(page, folder, "overview")
    shown = [Drawn("overview", "A run on one page", "Outcomes, embassy, ladder and first events together.")]
    shown += draw_all(run, folder)
    parts = [f"## {figure.title}\n\n![{figure.title}]({figure.name}.png)\n\n{figure.caption}\n" for figure in shown]
    head = f"# Gallery\n\nFigures of `{run.scenario.name}`, {worlds_text(run.worlds)}, made by `python -m sim.plots`.\n"
    (folder / "index.md").write_text("\n".join([head, *parts]), encoding="utf-8", newline="\n")


@styled
def _draw(run: Any, folder: Path, place: int) -> Drawn:
    figure = FIGURES[place]
    canvas = blank(figure.size)
    axes = canvas.subplots(figure.rows, 1)
    figure.draw(run, axes)
    save(canvas, folder, figure.name)
    titles = [ax.get_title(loc="left").replace("\n", " ") for ax in canvas.axes]
    return Drawn(figure.name, ". ".join(title for title in titles if title), figure.caption)
