"""A run on one page."""

from __future__ import annotations

from typing import Any

from sim.plots.embassy import stages
from sim.plots.incidence import incidence
from sim.plots.ladder import fan
from sim.plots.outcomes import probabilities
from sim.plots.style import canvas, styled

SIZE = (15.0, 10.0)


@styled
def overview(run: Any, axes: Any = None) -> Any:
    """Outcomes, ladder, embassy and first events on one page; returns the (2, 2) axes."""
    axes = canvas(SIZE, rows=2, columns=2) if axes is None else axes
    for draw, ax in zip((probabilities, stages, fan, incidence), axes.flat, strict=True):
        draw(run, ax)
    return axes
