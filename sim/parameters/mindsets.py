"""Mindsets: named weight vectors.

The RSAS of RAND gave each side several. They make structural uncertainty visible: a scenario may mix them with
probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mindset:
    """A named way of weighing: actor quantities of one kind of actor that replace its own.

    Attributes:
        name: address in scenario files.
        kind: kind of actor that can have it.
        values: actor quantity to value.
        meaning: one sentence.
        source: where it comes from.
    """

    name: str
    kind: str
    values: dict[str, float]
    meaning: str
    source: str


def _weights(safe: float, hurt: float, stay: float, home: float, name: float, calm: float) -> dict[str, float]:
    return {
        "weight_safe": safe,
        "weight_hurt": hurt,
        "weight_stay": stay,
        "weight_home": home,
        "weight_name": name,
        "weight_calm": calm,
    }


_J = "judgement; orderings checked against the record's anchors"
_ALL = (
    Mindset(
        "washington-max-pressure", "us", _weights(0.9, 0.7, 0.35, 0.5, 0.7, 0.65), "pressure on Iran comes first", _J
    ),
    Mindset(
        "washington-extract", "us", _weights(1.2, 0.4, 0.25, 0.6, 0.55, 0.85), "get Americans out of harm's way", _J
    ),
    Mindset("washington-caution", "us", _weights(1.0, 0.4, 0.5, 0.5, 0.55, 1.0), "no war on the way out", _J),
    Mindset(
        "washington-lame-duck-caution",
        "us",
        _weights(1.0, 0.35, 0.5, 0.3, 0.5, 1.1),
        "leave no war to the successor",
        _J,
    ),
    Mindset(
        "tehran-strategic-patience",
        "iran",
        {"weight_calm": 1.2, "weight_blood": 0.3, "weight_hurt": 0.5},
        "wait out the American president",
        "US intelligence in reports of Sep 2020",
    ),
    Mindset(
        "tehran-revenge-first",
        "iran",
        {"weight_calm": 0.6, "weight_blood": 1.0, "weight_hurt": 0.9},
        "avenge January before all",
        "Iranian statements of Jan 2020",
    ),
    Mindset(
        "baghdad-state-building",
        "iraq",
        {"weight_stay": 1.3, "weight_calm": 0.8},
        "the state's monopoly of arms first",
        _J,
    ),
    Mindset(
        "baghdad-survival",
        "iraq",
        {"weight_stay": 0.7, "weight_calm": 1.3, "weight_home": 0.9},
        "stay in office, offend nobody",
        _J,
    ),
)
MINDSETS: dict[str, Mindset] = {mindset.name: mindset for mindset in _ALL}
