"""The page: head, levers, and either the ensemble or one world. Every browser tab has a desk of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.desk import Desk
from sim.dashboard.ensemble_page import Ensemble
from sim.dashboard.living import WORLDS, Shown, look
from sim.dashboard.offer import offered
from sim.dashboard.pictures import bundle
from sim.dashboard.world_page import WorldPage
from sim.errors import InputError

STYLE = Path(__file__).parent / "style.css"
FIRST = "Living the first worlds. After a change of the program the rules are compiled, which takes a minute or two."


@dataclass(frozen=True)
class Broken:
    """Why there is nothing to show: the message of ``sim check``."""

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
    desk = solara.use_reactive(Desk(offered()[0]))
    world = solara.use_reactive(None)
    newest = solara.use_ref(desk.value)
    newest.current = desk.value
    shown = _shown(desk.value, newest)
    with solara.Div(classes=["sim-page"]):
        Head(desk.value, desk.set, shown.latest if isinstance(shown.latest, Shown) else None)
        with solara.Div(classes=["sim-side"]):
            Levers(desk.value, desk.set)
        with solara.Div(classes=["sim-main"]):
            Main(desk.value, shown, world)


def _shown(desk: Desk, newest: Any) -> Any:
    """The task that lives the worlds of a desk, unless a newer one is on it by then."""

    def work() -> Shown | Broken | None:
        if newest.current is not desk:
            return None
        try:
            return look(desk)
        except InputError as error:
            return Broken(str(error))

    return solara.lab.use_task(work, dependencies=[desk])


@solara.component
def Main(desk: Desk, shown: Any, world: Any) -> None:
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


@solara.component
def Head(desk: Desk, put: Callable[[Desk], None], shown: Shown | None) -> None:
    """Scenario, number of worlds, baseline, downloads."""
    with solara.Div(classes=["sim-head"]):
        rv.Html(tag="h1", children=["Escalation simulator"])
        _select("scenario", list(offered()), desk.source, lambda name: put(desk.choose(name)), 230)
        _select("worlds", list(WORLDS), desk.worlds, lambda count: put(replace(desk, worlds=count)), 90)
        solara.Button("Pin as baseline", on_click=lambda: _pin(desk, put), outlined=True, small=True)
        if desk.pinned is not None:
            solara.Button("Unpin", on_click=lambda: put(desk.unpin()), text=True, small=True)
        label = "Reset levers" if desk.moves else "Read again"
        solara.Button(label, on_click=lambda: put(desk.reset()), text=True, small=True)
        if shown is not None:
            Downloads(shown)


def _select(label: str, items: list[Any], value: Any, choose: Callable[[Any], None], width: int) -> None:
    rv.Select(
        label=label, items=items, v_model=value, on_v_model=choose, dense=True, outlined=True, hide_details=True,
        style_=f"max-width: {width}px",
    )  # fmt: skip


def _pin(desk: Desk, put: Callable[[Desk], None]) -> None:
    """Pin what is on the desk; where it is broken the page says so already."""
    try:
        put(desk.pin())
    except InputError:
        put(desk.unpin())


@solara.component
def Downloads(shown: Shown) -> None:
    """The scenario that the levers make, and the figures."""
    scenario = shown.run.scenario
    text = solara.use_memo(scenario.to_yaml, [scenario])
    figures = solara.use_memo(lambda: lambda: bundle(shown), [shown])
    with solara.FileDownload(text, f"{scenario.name}-moved.yaml", mime_type="application/yaml"):
        solara.Button("Scenario (YAML)", text=True, small=True)
    with solara.FileDownload(figures, f"{scenario.name}-figures.zip", mime_type="application/zip"):
        solara.Button("Figures (ZIP)", text=True, small=True)


@solara.component_vue("levers.vue")
def LeverPanel(
    groups: list[dict[str, Any]], edition: int, event_move: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """Sliders in groups; ``move`` tells path and value once a slider rests."""


@solara.component
def Levers(desk: Desk, put: Callable[[Desk], None]) -> None:
    """The levers of the scenario on the desk."""

    def move(what: dict[str, Any]) -> None:
        put(desk.move(str(what["path"]), float(what["value"])))

    try:
        groups = lever_groups(desk)
    except InputError:
        return  # the main part of the page says what is wrong
    LeverPanel(groups=groups, edition=desk.edition, event_move=move)


def lever_groups(desk: Desk) -> list[dict[str, Any]]:
    """The levers by heading, as the panel shows them.

    Raises:
        InputError: the scenario is wrong.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for lever in desk.levers():
        value, quantity = desk.value(lever), lever.quantity
        drawn = lever.drawn and lever.path not in desk.moves
        row = {
            "path": lever.path,
            "title": lever.title,
            "meaning": quantity.meaning,
            "value": value,
            "text": "drawn per world" if drawn else lever.text(value),
            "range": quantity.allowed,
            "min": quantity.low,
            "max": quantity.high,
            "low": f"{quantity.low:g}",
            "high": f"{quantity.high:g}",
            "step": lever.step,
            "moved": lever.path in desk.moves,
        }
        groups.setdefault(lever.heading, []).append(row)
    return [{"heading": heading, "levers": rows} for heading, rows in groups.items()]
