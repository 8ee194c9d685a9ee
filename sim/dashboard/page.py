"""The page: head, levers, and either the ensemble or one world. Every browser tab has a desk of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.desk import Desk
from sim.dashboard.download_page import Downloads
from sim.dashboard.ensemble_page import Ensemble
from sim.dashboard.living import WORLDS, Shown, look
from sim.dashboard.offer import among, first, offered
from sim.dashboard.widgets_page import heeding
from sim.dashboard.world_page import WorldPage
from sim.errors import InputError, SimError

STYLE = Path(__file__).parent / "style.css"
FIRST = "Living the first worlds. After a change of the program the rules are compiled, which takes a minute or two."


@dataclass(frozen=True)
class Broken:
    """Why there is nothing to show: the message of ``sim check`` or ``sim run``."""

    message: str


@solara.component
def Layout(children: list[Any]) -> None:
    """The whole window, without Solara's bar."""
    solara.Title("Escalation simulator")
    solara.Style(STYLE)
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """What one tab shows."""
    desk = solara.use_reactive(solara.use_memo(first, []))
    world = solara.use_reactive(None)
    newest = solara.use_ref(desk.value)
    newest.current = desk.value
    shown = _shown(desk.value, newest)
    with solara.Div(classes=["sim-page"], attributes={"data-wanted": desk.value.mark}):
        Head(desk, shown.latest if isinstance(shown.latest, Shown) else None)
        with solara.Div(classes=["sim-side"]):
            Levers(desk)
        with solara.Div(classes=["sim-main"]):
            Main(shown, world)


def _shown(desk: Desk, newest: Any) -> Any:
    """The task that lives the worlds of a desk, unless a newer one is on it by then."""

    def work() -> Shown | Broken | None:
        return looked_at(desk) if newest.current is desk else None

    return solara.lab.use_task(work, dependencies=[desk])


def looked_at(desk: Desk) -> Shown | Broken:
    """The worlds of a desk, or why they cannot be lived."""
    try:
        return look(desk)
    except SimError as error:
        return Broken(str(error))


@solara.component
def Main(shown: Any, world: Any) -> None:
    """The ensemble, one world, or what is wrong."""
    found = shown.latest
    chosen = solara.use_reactive("")
    if isinstance(found, Broken):
        Message(found)
    elif found is None:
        solara.ProgressLinear(True)
        solara.Text(FIRST)
    elif world.value is None:
        Ensemble(found, shown.pending, chosen, world.set)
    else:
        WorldPage(found.run.scenario, world.value, lambda: world.set(None))


@solara.component
def Message(broken: Broken) -> None:
    """What is wrong with a scenario, as the command line says it."""
    rv.Html(tag="pre", class_="sim-broken", attributes={"role": "alert"}, children=[broken.message])


@solara.component_vue("head.vue")
def HeadPanel(state: dict[str, Any], event_act: Callable[[list[Any]], None] | None = None) -> None:
    """Title, choice of scenario and number of worlds, baseline, reset; ``act`` tells a key of ``ACTS`` and a value."""


@solara.component
def Head(desk: solara.Reactive, shown: Shown | None) -> None:
    """Scenario, number of worlds, baseline, downloads."""
    now: Desk = desk.value
    state = {
        "source": now.source,
        "sources": list(offered()),
        "worlds": now.worlds,
        "counts": list(WORLDS),
        "pinned": now.pinned is not None,
        "moved": bool(now.moves),
    }
    with solara.Div(classes=["sim-head"]):
        HeadPanel(state=state, event_act=heeding(lambda told: desk.set(acted(desk.value, told))))
        if shown is not None:
            Downloads(shown)


def _pin(desk: Desk, _: Any) -> Desk:
    """Pin what is on the desk; where it is broken the page says so already."""
    try:
        return desk.pin()
    except InputError:
        return desk


ACTS: dict[str, Callable[[Desk, Any], Desk]] = {
    "choose": lambda desk, name: desk.choose(among("scenario", name, offered())),
    "live": lambda desk, count: replace(desk, worlds=among("number of worlds", count, WORLDS)),
    "pin": _pin,
    "unpin": lambda desk, _: desk.unpin(),
    "reset": lambda desk, _: desk.reset(),
}
"""What the head of the page can do to a desk; each raises InputError for what the page does not offer."""


def acted(desk: Desk, told: Any) -> Desk:
    """A desk after an act of the head, which the browser tells as the act and a value.

    Raises:
        InputError: the page offers no such act, or not such a value.
    """
    if not isinstance(told, list) or len(told) != 2:
        raise InputError("an act of the page is a pair of its name and a value")
    return ACTS[among("act", told[0], ACTS)](desk, told[1])


def moved(desk: Desk, told: Any) -> Desk:
    """A desk after the levers were moved, which the browser tells as values by path.

    Raises:
        InputError: there is no such lever, or the value is not allowed.
    """
    if not isinstance(told, dict):
        raise InputError("moves of the levers are values by path")
    for path, value in told.items():
        desk = desk.move(path, value)
    return desk


@solara.component_vue("levers.vue")
def LeverPanel(
    groups: list[dict[str, Any]], edition: int, event_move: Callable[[dict[str, float]], None] | None = None
) -> None:
    """Sliders in groups; ``move`` tells values by path once the sliders rest."""


@solara.component
def Levers(desk: solara.Reactive) -> None:
    """The levers of the scenario on the desk."""
    try:
        groups = lever_groups(desk.value)
    except InputError:
        return  # the main part of the page says what is wrong
    move = heeding(lambda told: desk.set(moved(desk.value, told)))
    LeverPanel(groups=groups, edition=desk.value.edition, event_move=move)


def lever_groups(desk: Desk) -> list[dict[str, Any]]:
    """The levers by heading, as the panel shows them.

    Raises:
        InputError: the scenario is wrong.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for lever in desk.levers():
        value, quantity = desk.value(lever), lever.quantity
        varies = lever.varies if lever.path not in desk.moves else ""
        row = {
            "path": lever.path,
            "title": lever.title,
            "unit": lever.unit,
            "meaning": quantity.meaning,
            "value": value,
            "text": varies or lever.text(value),
            "range": quantity.allowed,
            "min": quantity.low,
            "max": quantity.high,
            "low": f"{quantity.low:g}",
            "high": f"{quantity.high:,g}",
            "step": lever.step,
            "moved": lever.path in desk.moves,
        }
        groups.setdefault(lever.heading, []).append(row)
    return [{"heading": heading, "levers": rows} for heading, rows in groups.items()]
