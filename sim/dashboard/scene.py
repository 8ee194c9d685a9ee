"""One day of one world as drawings: a schematic map and the ladder, as SVG that the page shows as it is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sim.results.scores import each
from sim.rules.ladder import LOWEST_RUNG, RUNGS, TOP_RUNG

if TYPE_CHECKING:
    from sim.dashboard.told import Told

INK, QUIET, FAINT, LAND, WATER, BLUE, VERMILION = (
    "#222222", "#5f5f5f", "#d9d9d9", "#f4f1ea", "#ffffff", "#0072B2", "#D55E00",
)  # fmt: skip
KINDS = (
    (-1, "#009E73", "eases"),
    (2, "#8c8c8c", "words"),
    (6, "#E69F00", "pressure"),
    (8, BLUE, "attack"),
    (TOP_RUNG, VERMILION, "strike"),
)
"""Highest rung of each kind of act, its colour and its name, as in the timeline."""


class Place(NamedTuple):
    """Where a site stands on the map, in pixels, and its name."""

    x: float
    y: float
    name: str


PLACES = {
    "erbil": Place(232, 46, "Erbil"),
    "asad": Place(96, 136, "Ain al-Asad"),
    "airport": Place(226, 170, "Baghdad airport"),
    "embassy": Place(298, 146, "US embassy"),
    "street": Place(318, 186, "streets"),
    "convoy": Place(322, 238, "convoy road"),
    "group_sites": Place(124, 218, "groups' sites"),
    "iran": Place(432, 120, "Iran"),
}
NOWHERE = Place(54, 282, "no place: words, votes, decisions")
MAP_SIZE = (480, 306)
LADDER_SIZE = (480, 214)
MOST_MARKS = 6
ROAD = "M226,170 L268,200 L322,238 L392,296 M226,170 L96,136"
BORDER = (
    "M186,14 L262,18 L300,52 L330,100 L352,142 L366,190 L398,236 L420,296 L352,300 L262,262 L150,232 L40,190 L30,150"
    " L84,100 L120,40 Z"
)


def colour(rung: int) -> str:
    """The colour of an act by its rung."""
    return next(shade for top, shade, _ in KINDS if rung <= top)


def day_map(told: Told, day: int) -> str:
    """The schematic map with the events of one day; not to scale."""
    events = told.events(day)
    width, height = MAP_SIZE
    parts = [
        f'<path d="{BORDER}" fill="{LAND}" stroke="{FAINT}" stroke-width="1.5"/>',
        f'<circle cx="270" cy="168" r="66" fill="{WATER}" stroke="{FAINT}"/>',
        _text(270, 116, "Baghdad", 10, QUIET),
        f'<path d="{ROAD}" fill="none" stroke="{QUIET}" stroke-width="1.6" stroke-dasharray="5 4"/>',
        *(_site(place) for place in PLACES.values()),
        _text(NOWHERE.x - 46, NOWHERE.y + 20, NOWHERE.name, 9.5, QUIET, "start"),
        *_marks(events),
        _legend(),
    ]
    count = f"{len(events)} event{'' if len(events) == 1 else 's'}"
    return _svg(width, height, f"Schematic map, {told.heading(day)}: {count}", parts)


def _site(place: Place) -> str:
    square = f'<rect x="{place.x - 3.5}" y="{place.y - 3.5}" width="7" height="7" fill="{INK}" rx="1"/>'
    return square + _text(place.x, place.y + 16, place.name, 10.5)


def _marks(events: pd.DataFrame) -> list[str]:
    """A disc an event, side by side at their site, larger for higher rungs; hollow where others do not see it."""
    parts = []
    for site, place in {**PLACES, "": NOWHERE}.items():
        here = events[events["site"] == (site or "none")]
        shown = list(each(here.sort_values("rung", ascending=False)))[:MOST_MARKS]
        for place_in_row, event in enumerate(shown):
            x = place.x + 15 * (place_in_row - (len(shown) - 1) / 2 if site else place_in_row)
            parts.append(_disc(x, place.y - 12 if site else place.y, event))
        if len(here) > MOST_MARKS:
            parts.append(_text(place.x + 15 * MOST_MARKS, place.y, f"+{len(here) - MOST_MARKS}", 9))
    return parts


def _disc(x: float, y: float, event: Any) -> str:
    shade = colour(event.rung)
    size = 4.5 + 0.35 * max(event.rung, 0)
    fill = "white" if event.private else shade
    return (
        f'<circle class="event" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{fill}" stroke="{shade}"'
        f' stroke-width="1.5"><title>{escape(event.act)} (rung {event.rung})</title></circle>'
    )


def _legend() -> str:
    parts = []
    for place, (_, shade, name) in enumerate(KINDS):
        y = 190 + 17 * place
        parts += [f'<circle cx="424" cy="{y}" r="5" fill="{shade}"/>', _text(434, y + 3.5, name, 9.5, QUIET, "start")]
    return "".join(parts)


def ladder(told: Told, day: int) -> str:
    """The rung of each day and the highest so far, up to a day; the rest of the world in pale letters."""
    width, height = LADDER_SIZE
    left, top, bottom = 150, 8, height - 18
    days = told.last_day + 1
    across = (width - left - 8) / max(days, 1)

    def y(rung: float) -> float:
        return bottom - (rung - LOWEST_RUNG) * (bottom - top) / (TOP_RUNG - LOWEST_RUNG)

    now = int(told.series["top_rung"][day])
    parts = [_rung(rung, y(rung), (left, width), rung == now) for rung in RUNGS]
    for index in told.eventful:
        rung, shade = int(told.series["rung"][index]), 1.0 if index <= day else 0.25
        parts.append(
            f'<circle cx="{left + (index + 0.5) * across:.1f}" cy="{y(rung):.1f}" r="3" fill="{colour(rung)}"'
            f' opacity="{shade}"/>'
        )
    parts.append(_climb([y(int(rung)) for rung in told.series["top_rung"][: day + 1]], left, across))
    x = left + (day + 0.5) * across
    parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{INK}" stroke-width="1"/>')
    parts.append(_text(x, height - 5, f"day {day}", 9.5))
    return _svg(width, height, f"Ladder: highest rung so far {now}, {RUNGS[now]}", parts)


def _rung(rung: int, y: float, ends: tuple[float, float], current: bool) -> str:
    left, right = ends
    weight = ' font-weight="bold"' if current else ""
    shade = INK if current else QUIET
    return (
        f'<line x1="{left}" x2="{right - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="{FAINT}"/>'
        f'<text x="{left - 6}" y="{y + 3:.1f}" font-size="9.5" text-anchor="end" fill="{shade}"{weight}>'
        f"{escape(RUNGS[rung])}  {rung}</text>"
    )


def _climb(heights: list[float], left: float, across: float) -> str:
    """The step line of the highest rung so far."""
    points = [
        f"{left + (index + end) * across:.1f},{height:.1f}" for index, height in enumerate(heights) for end in (0, 1)
    ]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{BLUE}" stroke-width="2"/>'


def _text(x: float, y: float, words: str, size: float, fill: str = INK, anchor: str = "middle") -> str:
    halo = 'stroke="white" stroke-width="3" stroke-opacity="0.8" paint-order="stroke"'
    place = f'x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}" {halo}>{escape(words)}</text>'


def _svg(width: int, height: int, title: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" width="100%"'
        f' aria-label="{escape(title)}" font-family="sans-serif">{"".join(parts)}</svg>'
    )
