"""Scenario discovery in words, tables and files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.factors import as_lived
from sim.analysis.layout import as_text, plain_table
from sim.analysis.prim import inside
from sim.analysis.saving import save_analysis
from sim.results.drawing import plots
from sim.results.numbers import records
from sim.results.scores import each
from sim.results.words import interval, listed, measured, share, worlds_text

if TYPE_CHECKING:
    from sim.analysis.discover import Discovery
    from sim.analysis.factors import Factor
    from sim.analysis.prim import Box, Limits

SHOWN = 10
NOTE = (
    "Every point is one world with luck of its own, its quantities drawn over their ranges (Latin hypercube). PRIM"
    " finds boxes on one half of the worlds; coverage (part of the cases inside), density (probability of the outcome"
    " inside) and mass (part of the ranges) are those of the other half. A limit stays only where that half bears it"
    " out (p < 0.05, shared out among its limits), so the interval of the density is a little too narrow. What is"
    " varied is held at its number whatever an actor's mindset; a later box counts only what earlier ones have left."
)
WRITTEN = 1000
"""Worlds of the scenario as written that are placed inside or outside a box."""


def clause(limits: Limits, factor: Factor) -> str:
    """A restriction in words: ``Washington's red line is above 2.4 (of 0 to 10)``."""
    span = f"(of {factor.low:g} to {factor.high:g})"
    low, high = f"{limits.low:.3g}", f"{limits.high:.3g}"
    if np.isfinite(limits.low) and np.isfinite(limits.high):
        return f"{factor.label} lies between {low} and {high} {span}"
    if np.isfinite(limits.low):
        return f"{factor.label} is {low} or more {span}"
    return f"{factor.label} is {high} or less {span}"


def rule(found: Discovery, box: Box) -> str:
    """A box as one sentence."""
    known = {factor.path: factor for factor in found.factors}
    when = listed([clause(limits, known[limits.path]) for limits in box.limits])
    hits, n = int(found.fresh.hits.sum()), len(found.fresh.hits)
    held = share(round(box.coverage * hits), hits)
    return (
        f"When {when}, the probability of '{found.title}' is {measured(box.density, box.low, box.high)}"
        f" ({interval(box.low, box.high)}) against {share(hits, n)} over all; such worlds are"
        f" {share(box.points, n)} of all and hold {held} of the cases{_written(found, box)}"
    )


def _written(found: Discovery, box: Box) -> str:
    """Where the scenario as written lies, with the mindsets and distributions that it gives its worlds."""
    if found.scenario is None:
        return ""
    values = {limits.path: as_lived(found.scenario, limits.path, WRITTEN) for limits in box.limits}
    part = float(inside(box.limits, pd.DataFrame(values)).mean())
    if part in (0.0, 1.0):
        return f"; the scenario as written lies {'inside' if part else 'outside'}"
    return f"; of the worlds of the scenario as written {share(round(part * WRITTEN), WRITTEN)} lie inside"


def rules(found: Discovery) -> list[str]:
    """The boxes as sentences, or that there is none."""
    if found.boxes:
        return [rule(found, box) for box in found.boxes]
    base = share(int(found.fresh.hits.sum()), len(found.fresh.hits))
    return [f"No box raises the probability of '{found.title}' above {base} on fresh worlds"]


def to_dict(found: Discovery) -> dict[str, Any]:
    """Every number of a discovery, fit for JSON; an open limit is null."""
    return {
        "scenario": found.scenario.name if found.scenario else None,
        "outcome": found.title,
        "worlds": found.worlds,
        "base": found.base,
        "rules": found.rules(),
        "boxes": [_box(box) for box in found.boxes],
        "trajectory": records(found.trajectory),
        "ranking": records(found.ranking),
        "factors": [asdict(factor) for factor in found.factors],
    }


def _box(box: Box) -> dict[str, Any]:
    return asdict(box) | {"limits": records(_limit_rows(box))}


def _limit_rows(box: Box) -> pd.DataFrame:
    rows = pd.DataFrame([asdict(limits) for limits in box.limits], columns=["path", "low", "high", "chance"])
    return rows.astype({"low": float, "high": float})


def table(found: Discovery) -> Any:
    """The discovery for the terminal: rules, boxes, most telling quantities."""
    from rich.console import Group
    from rich.text import Text

    head = f"Where '{found.title}' is common: {worlds_text(found.worlds)}, {len(found.factors)} quantities\n"
    lines = [Text(f"· {line}.") for line in found.rules()]
    cells = [[row.label, f"{row.distance:.3f}", f"{row.chance:.2g}"] for row in each(found.ranking.head(SHOWN))]
    telling = plain_table(["most telling quantities", "KS distance", "p"], cells)
    return Group(Text(head, "bold"), *lines, Text(""), telling, Text(f"\n{NOTE}", "dim"))


def save(found: Discovery, folder: str | Path) -> Path:
    """Write summary, numbers, tables and figures into a folder."""
    frames = [_limit_rows(box).assign(box=place + 1) for place, box in enumerate(found.boxes)]
    tables = {"trajectory": found.trajectory, "ranking": found.ranking}
    if frames:
        tables["boxes"] = pd.concat(frames, ignore_index=True)
    lines = "\n".join(f"- {line}." for line in found.rules())
    text = f"# Where '{found.title}' is common\n\n{lines}\n\n```text\n{as_text(table(found), 130)}\n```\n"
    return save_analysis(folder, to_dict(found), text, tables, lambda draft: plots("discover").draw_all(found, draft))
