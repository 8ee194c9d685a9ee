"""The figures of the page, as SVG to show and as files to download."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sim.dashboard.living import Shown

LOCK = Lock()
"""Held while something is drawn: Matplotlib's style is one for the whole process."""
SCENARIO_FILE = "scenario.yaml"


class Picture(NamedTuple):
    """A figure: its name, what it shows, its size in inches, and how it is drawn on axes."""

    name: str
    title: str
    size: tuple[float, float]
    draw: Callable[[Shown, Any], Any]


def _fan(shown: Shown, ax: Any) -> Any:
    from sim.plots.ladder import fan

    return fan(shown.run, ax)


def _stages(shown: Shown, ax: Any) -> Any:
    from sim.plots.embassy import stages

    return stages(shown.run, ax)


def _timeline(shown: Shown, ax: Any) -> Any:
    from sim.dashboard.told import tell
    from sim.plots.timeline import timeline

    return timeline(tell(shown.run.scenario, shown.run.representative()).chronicle, ax)


def _outcomes(shown: Shown, ax: Any) -> Any:
    from sim.plots.outcomes import probabilities

    return probabilities(shown.run, ax)


def _differences(shown: Shown, ax: Any) -> Any:
    from sim.plots.compare import differences

    return differences(shown.comparison, ax)


LADDER = Picture("ladder", "Highest rung so far, by day", (8.0, 3.75), _fan)
EMBASSY = Picture("embassy", "Stages of the embassy, by day", (8.0, 3.3), _stages)
TIMELINE = Picture("timeline", "The most ordinary world", (8.0, 5.0), _timeline)
OUTCOMES = Picture("outcomes", "Probability of each outcome", (8.0, 6.0), _outcomes)
DIFFERENCES = Picture("differences", "Differences from the baseline, same luck", (8.0, 6.0), _differences)
ON_PAGE = (LADDER, EMBASSY, TIMELINE)


def pictures(shown: Shown) -> tuple[Picture, ...]:
    """The figures that can be drawn of what is shown."""
    compared = () if shown.comparison is None else (DIFFERENCES,)
    return (*ON_PAGE, OUTCOMES, *compared)


def as_svg(picture: Picture, shown: Shown) -> str:
    """A figure as SVG text."""
    from sim.plots.style import METADATA, styled

    with LOCK:
        out = io.StringIO()
        styled(_drawn(picture, shown).savefig)(out, format="svg", metadata=METADATA["svg"])
    return out.getvalue()


def as_url(svg: str) -> str:
    """SVG text as the address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def bundle(shown: Shown) -> bytes:
    """A zip of every figure as PNG and SVG, and of the scenario they show."""
    from sim.plots.style import save

    out = io.BytesIO()
    with LOCK, TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for picture in pictures(shown):
            save(_drawn(picture, shown), Path(folder), picture.name)
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
        archive.writestr(SCENARIO_FILE, shown.run.scenario.to_yaml())
    return out.getvalue()


def _drawn(picture: Picture, shown: Shown) -> Any:
    from sim.plots.style import blank, styled

    figure = blank(picture.size)
    styled(picture.draw)(shown, styled(figure.subplots)())
    return figure
