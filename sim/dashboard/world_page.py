"""The part of the page that shows one world, day by day: map, ladder, chronicle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.scene import day_map, ladder
from sim.dashboard.told import Told, tell
from sim.scenario import Scenario


@solara.component_vue("chronicle.vue")
def ChronicleList(rows: list[dict[str, Any]], day: int, event_go: Callable[[int], None] | None = None) -> None:
    """A line an event; ``go`` tells the day of the line that was clicked."""


@solara.component
def WorldPage(scenario: Scenario, number: int, back: Callable[[], None]) -> None:
    """One world of a scenario; when levers move, the same world with the same luck is told anew."""
    task = solara.lab.use_task(lambda: tell(scenario, number), dependencies=[scenario, number])
    day = solara.use_reactive(0)
    told = task.latest
    with solara.Div(classes=["sim-step"]):
        solara.Button("All worlds", icon_name="mdi-arrow-left", on_click=back, text=True, small=True)
        if told is not None:
            Stepper(told, min(day.value, told.last_day), day.set)
    if told is None:
        solara.ProgressLinear(True)
    else:
        Day(told, min(day.value, told.last_day), day.set)


@solara.component
def Stepper(told: Told, day: int, go: Callable[[int], None]) -> None:
    """Buttons from day to day and from event to event."""
    rv.Html(tag="h2", attributes={"aria-live": "polite"}, children=[f"World {told.number}. {told.heading(day)}"])
    _step("Last event", told.before(day), day, go)
    _step("Day before", max(0, day - 1), day, go)
    _step("Next day", min(told.last_day, day + 1), day, go)
    _step("Next event", told.after(day), day, go)


def _step(label: str, to: int, day: int, go: Callable[[int], None]) -> None:
    solara.Button(label, on_click=lambda: go(to), disabled=to == day, outlined=True, small=True)


@solara.component
def Day(told: Told, day: int, go: Callable[[int], None]) -> None:
    """What the day was like on the left, the chronicle on the right."""
    rows = solara.use_memo(told.rows, [told])
    with solara.Div(classes=["sim-world"]):
        with solara.Div():
            _state(told.state(day))
            solara.HTML(tag="div", unsafe_innerHTML=day_map(told, day), classes=["sim-scene"])
            solara.HTML(tag="div", unsafe_innerHTML=ladder(told, day), classes=["sim-scene"])
        with solara.Div():
            ChronicleList(rows=rows, day=day, event_go=go)


def _state(state: dict[str, str]) -> None:
    pairs = [
        rv.Html(tag="div", children=[rv.Html(tag="dt", children=[name]), rv.Html(tag="dd", children=[value])])
        for name, value in state.items()
    ]
    rv.Html(tag="dl", class_="sim-state", children=pairs)
