"""The part of the page that shows one world, day by day: map, ladder, chronicle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.scene import day_map, ladder
from sim.dashboard.told import Told, tell
from sim.dashboard.widgets_page import ButtonRow, only
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
    with solara.Div():
        with solara.Div(classes=["sim-step"]):
            ButtonRow(buttons=[_button("All worlds", None)], title="Back", press=lambda _: back())
            if told is not None:
                Stepper(told, min(day.value, told.last_day), day.set)
        if told is None:
            solara.ProgressLinear(True)
        else:
            Day(told, min(day.value, told.last_day), day.set)


@solara.component
def Stepper(told: Told, day: int, go: Callable[[int], None]) -> None:
    """Buttons from day to day and from event to event."""
    steps = {
        "Previous event": told.before(day),
        "Day before": max(0, day - 1),
        "Next day": min(told.last_day, day + 1),
        "Next event": told.after(day),
    }
    with solara.Div(classes=["sim-step"]):
        buttons = [_button(label, to, to == day) for label, to in steps.items()]
        ButtonRow(buttons=buttons, title="Step through the world", press=go)
        rv.Html(tag="h2", attributes={"aria-live": "polite"}, children=[f"World {told.number}. {told.heading(day)}"])


def _button(label: str, value: Any, disabled: bool = False) -> dict[str, Any]:
    return {"label": label, "value": value, "disabled": disabled}


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
            ChronicleList(rows=rows, day=day, event_go=only("day", told.eventful, go))


def _state(state: dict[str, str]) -> None:
    pairs = [
        rv.Html(tag="div", children=[rv.Html(tag="dt", children=[name]), rv.Html(tag="dd", children=[value])])
        for name, value in state.items()
    ]
    rv.Html(tag="dl", class_="sim-state", children=pairs)
