"""The part of the page that gives files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from sim.dashboard.living import Shown
from sim.dashboard.pictures import bundle


@solara.component_vue("download.vue")
def DownloadButton(
    label: str,
    filename: str,
    kind: str,
    content: bytes,
    answer: int,
    event_prepare: Callable[[Any], None] | None = None,
) -> None:
    """A button that asks for a file and saves it once it is there."""


@solara.component
def Downloads(shown: Shown) -> None:
    """The scenario that the levers make, and the figures."""
    scenario = shown.run.scenario
    with solara.Div(classes=["sim-choices"]):
        Download("Scenario (YAML)", f"{scenario.name}-moved.yaml", "application/yaml", lambda: _text(shown))
        Download("Figures (ZIP)", f"{scenario.name}-figures.zip", "application/zip", lambda: bundle(shown))


def _text(shown: Shown) -> bytes:
    return str(shown.run.scenario.to_yaml()).encode()


@solara.component
def Download(label: str, filename: str, kind: str, make: Callable[[], bytes]) -> None:
    """A file that is made when it is asked for, in the background."""
    asked = solara.use_reactive(0)

    def work() -> tuple[int, bytes]:
        return asked.value, make() if asked.value else b""

    task = solara.lab.use_task(work, dependencies=[asked.value])
    answer, content = task.latest or (0, b"")
    DownloadButton(
        label=label,
        filename=filename,
        kind=kind,
        content=content,
        answer=answer,
        event_prepare=lambda _: asked.set(asked.value + 1),
    )
