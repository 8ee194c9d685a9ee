"""The one style of all figures.

Colours are those of Okabe and Ito (2008), "Color universal design", which stay apart for colour-blind readers. The font
ships with Matplotlib, so a figure looks the same on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, DayLocator, date2num, num2date
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.rcsetup import cycler
from matplotlib.ticker import FuncFormatter, PercentFormatter

from sim.results.words import worlds_text

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
INK, QUIET, FAINT = "#222222", "#5f5f5f", "#e3e3e3"
RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "text.parse_math": False,  # names are written as they are, dollar signs too
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler("color", [BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK]),
    "axes.titlelocation": "left",
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titley": 1.0,  # where it comes to stand anyway; Matplotlib would look for marks above the panel at each draw
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "escalation-sim",
    "figure.constrained_layout.use": True,
}
Draw = TypeVar("Draw", bound=Callable[..., Any])
WIDE = (8.0, 4.6)
DPI = 150
FEW_DAYS = 5
ONE_DAY = "A run of one day has no course to draw."
METADATA: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": "escalation-sim"}}
PACKING: dict[str, dict[str, Any]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
"""Settings of Pillow: two thirds of the time for files that are 1 % larger."""

if "ipykernel" in sys.modules:
    # Its backend turns interactive mode on when it is first used; within a style that would be undone at once, and no
    # figure but the first would be shown.
    import matplotlib.pyplot

    matplotlib.pyplot.switch_backend(mpl.get_backend())


def styled(draw: Draw) -> Draw:
    """Decorate a function that draws, so that everything it makes is in the style."""
    return mpl.rc_context(RC)(draw)


def canvas(size: tuple[float, float] = WIDE, rows: int = 1, columns: int = 1) -> Any:
    """A new figure in the style, shown by notebooks: its axes, or a (rows, columns) array of them."""
    import matplotlib.pyplot as plt

    return plt.subplots(rows, columns, figsize=size, layout=Fitted())[1]


def blank(size: tuple[float, float] = WIDE) -> Figure:
    """A new empty figure in the style that no window or notebook knows of: for files."""
    with mpl.rc_context(RC):
        figure = Figure(figsize=size, layout=Fitted(), dpi=DPI)
    FigureCanvasAgg(figure)  # one renderer for laying out and for the PNG, which remembers how wide its texts are
    return figure


class Fitted(ConstrainedLayoutEngine):
    """Matplotlib's constrained layout, with titles broken into lines that fit the room to their right."""

    def execute(self, fig: Figure) -> Any:
        """Lay a figure out with titles broken by a guess, and once more where the guess was wrong."""
        break_titles(fig, _left_of_labels)
        grids = super().execute(fig)
        return super().execute(fig) if break_titles(fig) else grids


def finding(ax: Axes, text: str, subtitle: str = "") -> None:
    """Title the panel with what it shows; the subtitle says in quiet letters what is drawn."""
    ax.set_title(text.replace(" %", "\u00a0%"), pad=20 if subtitle else 8, loc="left")
    if subtitle:
        ax.annotate(
            subtitle, (0, 1), xytext=(0, 6), xycoords="axes fraction", textcoords="offset points", color=QUIET,
            fontsize=8.5, annotation_clip=False,
        )  # fmt: skip
    figure = _figure(ax)
    if not isinstance(figure.get_layout_engine(), Fitted):  # axes that somebody else made
        figure.draw_without_rendering()
        break_titles(figure)


def break_titles(figure: Figure, left: Callable[[Axes], float] = lambda ax: ax.get_window_extent().x0) -> bool:
    """Break the titles of all panels into lines that fit the room to their right.

    Args:
        figure: holds the panels.
        left: where a title begins, in pixels.

    Returns:
        Whether a title has another number of lines now.
    """
    heights = []
    for ax in figure.axes:
        title = ax._left_title  # type: ignore[attr-defined]  # there is no public way to a title on the left
        before = title.get_text()
        if not before:
            continue
        text = before.replace("\n", " ")
        title.set_text(text)
        room, needed = _cell(ax)[1] - left(ax), title.get_window_extent().width
        title.set_text(fill(text, max(20, int(0.97 * len(text) * room / needed))))
        heights.append((before.count("\n"), title.get_text().count("\n")))
    return any(before != after for before, after in heights)


def _cell(ax: Axes) -> tuple[float, float]:
    """Left and right edge, in pixels, of the column of the figure that a panel stands in."""
    width = _figure(ax).bbox.width
    place = ax.get_subplotspec()
    if place is None:
        return 0.0, width
    columns = place.get_gridspec().ncols
    return place.colspan.start / columns * width, place.colspan.stop / columns * width


def _left_of_labels(ax: Axes) -> float:
    """About where a panel will begin once there is room for the marks of its y axis."""
    marks = ax.yaxis.get_tightbbox() if ax.axison else None
    return _cell(ax)[0] + (ax.get_window_extent().x0 - marks.x0 if marks else 0.0)


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes belong to no figure")
    return figure


def footer(ax: Axes, run: Any, note: str = "") -> None:
    """Say under the figure how many worlds of which scenario it shows; once a figure."""
    sign(ax, [worlds_text(run.worlds), run.scenario.title, f"seed {run.scenario.seed}", *([note] if note else [])])


def sign(ax: Axes, parts: list[str]) -> None:
    """Write what a figure rests on under its left corner."""
    _figure(ax).supxlabel(" · ".join(parts), x=0.01, ha="left", fontsize=7.5, color=QUIET)


def make_room(ax: Axes, height: float) -> None:
    """Make a figure of one panel at least ``height`` inches high."""
    figure = _figure(ax)
    if len(figure.axes) == 1:
        figure.set_figheight(max(height, float(figure.get_size_inches()[1])))


def nothing(ax: Axes, text: str) -> None:
    """Say in words that there is nothing to draw."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, fill(text, 44), ha="center", va="center", transform=ax.transAxes, color=QUIET, fontsize=11)


def dates(start: date, days: int) -> np.ndarray:
    """The days of a run as numbers of the time axis."""
    return float(date2num(start)) + np.arange(days)


def date_axis(ax: Axes, first: float, last: float) -> None:
    """Let the x axis run over dates, marked as ``1 Oct``; the year stands under the first mark and each January."""
    ax.set_xlim(first, last)
    few = last - first < FEW_DAYS  # a finer locator would mark hours, each with the same day
    ax.xaxis.set_major_locator(
        DayLocator() if few else AutoDateLocator(minticks=4, maxticks=8, interval_multiples=True)
    )
    ax.xaxis.set_major_formatter(FuncFormatter(_tick(num2date(first).year)))


def _tick(start_year: int) -> Any:
    def text(value: float, place: int | None) -> str:
        when = num2date(value)
        year = f"\n{when.year}" if place == 0 or (when.year != start_year and when.timetuple().tm_yday < 15) else ""
        return f"{when.day} {when:%b}{year}"

    return text


def percent_axis(axis: Any, highest: float = 1.0) -> None:
    """Mark an axis of shares in per cent."""
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0 if highest > 0.05 else 1, symbol=" %"))


def spread_out(values: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that neighbours keep a distance of ``gap``, as little as that needs.

    Blocks of labels that would touch are laid out around their common mean (isotonic regression by pooling).
    """
    order = sorted(range(len(values)), key=lambda k: values[k])
    blocks: list[list[float]] = []  # each: sum of wanted places, number of labels
    for place, k in enumerate(order):
        blocks.append([values[k] - place * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    bases = [total / count for total, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(values)
    for place, k in enumerate(order):
        placed[k] = bases[place] + place * gap
    return placed


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write ``name.png`` and ``name.svg``: the same bytes for the same figure, so without dates."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(RC | {"figure.constrained_layout.use": False}):
        settle(figure)
        for kind, metadata in METADATA.items():
            figure.savefig(folder / f"{name}.{kind}", dpi=DPI, metadata=metadata, **PACKING.get(kind, {}))


def get_ready() -> None:
    """Have Matplotlib read what it reads when a figure is first drawn: fonts, and how files are written.

    Nothing of the style is set, so that this may run on a thread while no other draws.
    """
    figure = Figure(layout=Fitted())
    FigureCanvasAgg(figure)
    figure.subplots().set_title("Ready", fontweight="bold")
    for kind in METADATA:
        figure.savefig(BytesIO(), format=kind)


def settle(figure: Figure) -> None:
    """Lay a figure out for good: Matplotlib would do so twice for each file, and that is most of the work."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine(None)
