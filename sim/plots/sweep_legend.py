"""A title and a legend above all panels of a figure."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

TITLE = 11.5
LINE = 0.24
"""Height of a line of the title, in inches."""


def legend_above(figure: Figure, title: str, colours: dict[str, str]) -> None:
    """Write a title on the left above the panels, and under it the names in their colours."""
    height = float(figure.get_size_inches()[1])
    figure.suptitle(f"{title}\n ", x=0.01, ha="left", fontsize=TITLE, fontweight="bold")
    handles = [Line2D([], [], color=colour, marker="o", markersize=4, label=name) for name, colour in colours.items()]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.0, 1.0 - LINE / height), ncols=len(handles))
