"""How much narrower the same luck makes the interval of a difference: ``python -m benchmarks.paired [worlds]``.

Every shipped scenario is lived twice, with the luck of the baseline and with luck of its own. For each pair of
scenarios the paired interval (same luck) is set against the independent one (luck apart) on the same number of worlds,
for every outcome that is neither rare nor certain. A ratio of widths of 0.5 is worth four times as many worlds.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from sim.analysis.indicators import INDICATORS, Indicator, indicators, measure
from sim.analysis.paired import apart_means, apart_shares, paired_means, paired_shares
from sim.results.run import run
from sim.scenario import Scenario, load, shipped

BASE = "baghdad-2020"
WORLDS = 1000
HALF = 0.5
WANTED = 3
RARE = 0.01
SHOWN = ("us_death", "us_struck", "closing_decided", "rockets")


class Lives(NamedTuple):
    """Indicators of a scenario's worlds: (worlds, indicators) with the luck of the baseline, and with another."""

    same: np.ndarray
    other: np.ndarray


def lives(scenario: Scenario, seed: int, worlds: int) -> Lives:
    runs = [run(replace(scenario, seed=seed + k), worlds, depth="outcomes").outcomes for k in (0, 1)]
    return Lives(*(measure(outcomes, indicators(INDICATORS)) for outcomes in runs))


def ratios(first: Lives, second: Lives) -> dict[str, float]:
    """Width of the paired interval over that of the independent one, by outcome."""
    found = {}
    for k, indicator in enumerate(INDICATORS.values()):
        ratio = _ratio(indicator, first.same[:, k], second.same[:, k], second.other[:, k])
        if np.isfinite(ratio):
            found[indicator.column] = ratio
    return found


def _ratio(indicator: Indicator, before: np.ndarray, after: np.ndarray, other: np.ndarray) -> float:
    if indicator.is_share:
        if any(not RARE <= values.mean() <= 1 - RARE for values in (before, after)):
            return np.nan
        return paired_shares(before > 0, after > 0).width / apart_shares(before > 0, other > 0).width
    width = apart_means(before, other).width
    return paired_means(before, after).width / width if width > 0 else np.nan


def _line(name: str, found: dict[str, float]) -> str:
    halved = sum(ratio <= HALF for ratio in found.values())
    shown = "".join(f"{found.get(column, np.nan):>17.2f}" for column in SHOWN)
    return f"{name:42}{np.median(list(found.values())):8.2f}{f'{halved} of {len(found)}':>12}{shown}"


def main(arguments: list[str]) -> int:
    worlds = int(arguments[0]) if arguments else WORLDS
    seed = load(BASE).seed
    names = [BASE, *(name for name in shipped() if name not in (BASE, "template"))]
    lived = {name: lives(load(name), seed, worlds) for name in names}
    pairs = {f"{a} : {b}": ratios(lived[a], lived[b]) for a, b in combinations(names, 2)}
    print(f"Width of a difference's interval, same luck over independent luck; {worlds:,} worlds under each\n")
    print(f"{'pair':42}{'median':>8}{'halved':>12}" + "".join(f"{column:>17}" for column in SHOWN))
    halved = [name for name, found in pairs.items() if np.median(list(found.values())) <= HALF]
    for name, found in pairs.items():
        if name.startswith(BASE) or name in halved:
            print(_line(name, found))
    print(f"\nmedian over outcomes at most {HALF}: {len(halved)} of {len(pairs)} pairs; wanted: {WANTED}")
    for column in SHOWN:
        count = sum(found.get(column, np.inf) <= HALF for found in pairs.values())
        print(f"{INDICATORS[column].title} at most {HALF}: {count} pairs")
    return 0 if len(halved) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
