"""Small parts that several parts of the page are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.alias import rv


@solara.component_vue("buttons.vue")
def ButtonRow(buttons: list[dict[str, Any]], title: str, event_press: Callable[[Any], None] | None = None) -> None:
    """A row of buttons, each with label, value and whether it is disabled; ``press`` tells the value."""


def note(text: str) -> None:
    """A line in quiet letters."""
    rv.Html(tag="p", class_="sim-note", children=[text])
