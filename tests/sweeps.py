"""Small sweeps for the tests."""

import hashlib
from pathlib import Path
from typing import Any

import sim

PLAIN = sim.load("baghdad-2020", [f"{actor}.mindset=default" for actor in ("us", "iran", "iraq")])
"""The baseline with every actor's own numbers, so that all its worlds have the same records."""
SHORT = PLAIN.with_({"horizon": 12})
"""The same for twelve days: quick, and violent enough for outcomes to differ."""
VARY = {"us.rationality": [2.0, 6.0], "us.mindset": "default,washington-max-pressure"}


def small(folder: Path | None, worlds: int = 30, **settings: Any) -> sim.Sweep:
    """A sweep of four points in parts of one point each, unless the settings say otherwise."""
    return sim.sweep(SHORT, VARY, worlds, folder, sim.SweepSettings(**{"part": worlds, **settings}))


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
