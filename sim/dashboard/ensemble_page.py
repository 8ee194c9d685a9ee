"""The part of the page that shows all worlds: outcomes, examples, figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.living import Shown
from sim.dashboard.pictures import DIFFERENCES, ON_PAGE, Picture, as_svg, as_url
from sim.dashboard.rows import examples, outcome_rows
from sim.dashboard.widgets_page import ButtonRow, note, only
from sim.results.words import share, worlds_text


@solara.component_vue("outcomes.vue")
def OutcomeTable(
    rows: list[dict[str, Any]],
    caption: str,
    chosen: str,
    compared: bool,
    shows: str,
    event_choose: Callable[[str], None] | None = None,
) -> None:
    """A row an outcome; ``choose`` tells which one was clicked."""


@solara.component
def Ensemble(shown: Shown, pending: bool, chosen: Any, open_world: Callable[[int], None]) -> None:
    """Outcomes on the left, figures on the right."""
    compared = shown.comparison is not None
    newest = solara.use_ref(shown)
    newest.current = shown
    rows = solara.use_memo(lambda: outcome_rows(shown), [shown])

    def choose(name: str) -> None:
        chosen.set("" if name == chosen.value else name)

    with solara.Div(classes=["sim-split", *(["compared"] if compared else [])]):
        with solara.Div(classes=["stale"] if pending else []):
            OutcomeTable(
                rows=rows,
                caption=_caption(shown),
                chosen=chosen.value,
                compared=compared,
                shows=shown.desk.mark,
                event_choose=only("outcome", (row["outcome"] for row in rows), choose),
            )
            if chosen.value:
                ExampleWorlds(shown, chosen.value, open_world)
            else:
                note("Choose an outcome to see worlds in which it comes.")
        with solara.Div():
            for picture in (*ON_PAGE, DIFFERENCES) if compared else ON_PAGE:
                FigureImage(picture, shown, newest)


def _caption(shown: Shown) -> str:
    count = worlds_text(shown.run.worlds)
    if shown.comparison is None:
        return f"{count} of {shown.run.scenario.title}"
    within = f", {shown.comparison.basis}" if shown.comparison.basis else ""
    return f"{count}; orange: pinned baseline, same luck{within} ({shown.comparison.base.scenario.title})"


@solara.component
def ExampleWorlds(shown: Shown, outcome: str, open_world: Callable[[int], None]) -> None:
    """Worlds of an outcome, to be opened."""
    question = next(row for row in outcome_rows(shown) if row["outcome"] == outcome)
    with solara.Div(classes=["sim-examples"]):
        note(f"{question['title']}: {question['definition']}")
        for group in examples(shown, outcome):
            words = f"{worlds_text(group.size)} ({share(group.size, shown.run.worlds)}) {group.label}"
            note(f"{words}{'; the most ordinary first:' * bool(group.size)}")
            buttons = [{"label": f"{number}", "value": number, "disabled": False} for number in group.worlds]
            ButtonRow(buttons=buttons, title=words, press=open_world)


@solara.component
def FigureImage(picture: Picture, shown: Shown, newest: Any) -> None:
    """A figure, drawn in the background; the old one stays in pale until the new one is there."""

    def work() -> dict[str, str] | None:
        if newest.current is not shown:
            return None
        return {"src": as_url(as_svg(picture, shown)), "alt": picture.title, "data-shows": shown.desk.mark}

    task = solara.lab.use_task(work, dependencies=[shown])
    last: Any = solara.use_ref(None)
    last.current = task.value or last.current
    with solara.Div(classes=["sim-figure", *(["stale"] if task.pending else [])]):
        if last.current:
            rv.Html(tag="img", attributes=last.current)
