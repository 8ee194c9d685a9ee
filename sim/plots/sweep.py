"""Figures of a sweep: curves for one path, maps for two, small multiples for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim.errors import InputError, unknown
from sim.plots.style import Fitted, blank, save, styled
from sim.plots.sweep_curves import curves, curves_size
from sim.plots.sweep_data import MOST_LINES, Swept
from sim.plots.sweep_map import heat, heat_size
from sim.plots.sweep_multiples import multiples, multiples_size

Size = Callable[[Swept], tuple[float, float]]
KINDS: dict[str, tuple[Callable[[Swept, Figure], Any], Size, int | None]] = {
    "curves": (curves, curves_size, 2),
    "map": (heat, heat_size, 2),
    "multiples": (multiples, multiples_size, None),
}
"""Kind of figure -> what draws it, its size, the most paths it can show."""


@styled
def draw(sweep: Any, outcomes: Sequence[str] | None = None, kind: str | None = None) -> Any:
    """Draw a sweep into a new figure that notebooks show.

    Args:
        sweep: a :class:`sim.experiments.dataset.Sweep`.
        outcomes: which questions to show (columns of ``OUTCOME_QUESTIONS``); by default those that move most.
        kind: ``curves``, ``map`` or ``multiples``; by default what suits the number of paths.

    Returns:
        The axes, as an array.

    Raises:
        InputError: an unknown outcome or kind, or a kind that cannot show that many paths.
    """
    import matplotlib.pyplot as plt

    swept = Swept(sweep, outcomes)
    draw_kind, size, _ = KINDS[_kind(swept, kind)]
    return draw_kind(swept, plt.figure(figsize=size(swept), layout=Fitted()))


@styled
def draw_all(sweep: Any, folder: Path) -> list[str]:
    """Draw what suits the sweep into a folder as PNG and SVG; returns the names."""
    swept = Swept(sweep, None)
    name = _kind(swept, None)
    draw_kind, size, _ = KINDS[name]
    figure = blank(size(swept))
    draw_kind(swept, figure)
    save(figure, folder, name)
    return [name]


def _kind(swept: Swept, asked: str | None) -> str:
    """The kind of figure.

    Raises:
        InputError: there is no such kind, or it cannot show that many paths.
    """
    paths = len(swept.paths)
    if asked is None:
        return "multiples" if paths > 2 else "curves" if paths == 1 or swept.by_name else "map"
    if asked not in KINDS:
        raise unknown("kind of figure", asked, KINDS)
    most = KINDS[asked][2]
    if most is not None and paths > most:
        raise InputError(f"'{asked}' shows at most {most} paths, and {paths} vary; use 'multiples'")
    if asked == "curves" and paths == 2 and not swept.by_name:
        raise InputError(f"'curves' of two paths need one with at most {MOST_LINES} values; use 'map'")
    if asked == "map" and paths == 1:
        raise InputError("'map' needs two paths, and one varies; use 'curves'")
    return asked
