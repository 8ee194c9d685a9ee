"""Small parts that several parts of the page are made of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import solara
from solara.alias import rv

from sim.dashboard.offer import among
from sim.errors import InputError

LOG = logging.getLogger(__name__)


@solara.component_vue("buttons.vue")
def Buttons(buttons: list[dict[str, Any]], title: str, event_press: Callable[[Any], None] | None = None) -> None:
    """The row as the browser shows it."""


@solara.component
def ButtonRow(buttons: list[dict[str, Any]], title: str, press: Callable[[Any], None]) -> None:
    """A row of buttons, each with label, value and whether it is disabled; ``press`` is told the value."""
    offered = [button["value"] for button in buttons if not button["disabled"]]
    Buttons(buttons=buttons, title=title, event_press=only("button", offered, press))


def only(kind: str, offered: Iterable[Any], answer: Callable[[Any], None]) -> Callable[[Any], None]:
    """An answer to a choice that a browser tells, which heeds it only if it was offered."""
    values = list(offered)
    return heeding(lambda told: answer(among(kind, told, values)))


def heeding(answer: Callable[[Any], None]) -> Callable[[Any], None]:
    """An answer to what a browser tells, where what is not offered changes nothing but a line in the log."""

    def heeded(told: Any) -> None:
        try:
            answer(told)
        except InputError as error:
            LOG.warning("not done: %r", str(error))

    return heeded


def note(text: str) -> None:
    """A line in quiet letters."""
    rv.Html(tag="p", class_="sim-note", children=[text])
