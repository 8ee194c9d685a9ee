"""How often the 95 % intervals cover the truth: ``python -m benchmarks.coverage [runs] [worlds]``.

Many small runs of two shipped scenarios under the same luck; the truth is a large run of other worlds. Printed for the
intervals of the report (Wilson), of differences of shares (Wilson's, joined) and of differences of means (paired t),
outcome by outcome and over all. Listed but not counted are shares with fewer than five expected cases, whose intervals
err on the wide side, and differences of means that rest on fewer than thirty worlds, which tables mark as too narrow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from sim.analysis.indicators import INDICATORS, Indicator, indicators, measure
from sim.analysis.paired import FEW, paired_means, paired_shares
from sim.drivers.ensemble import chunks
from sim.results.intervals import wilson
from sim.results.scores import decode
from sim.scenario import load

PAIR = ("baghdad-2020", "sadr-silent")
RUNS, WORLDS, TRUTH = 500, 200, 200_000
LEAST_CASES = 5
BAND = (0.93, 0.97)


class Worlds(NamedTuple):
    """Indicators of the same worlds under two scenarios: (worlds, indicators) each."""

    before: np.ndarray
    after: np.ndarray


class Row(NamedTuple):
    """How often an interval of one outcome covered the truth, and whether it counts."""

    kind: str
    title: str
    covered: float
    counts: bool


def lived(first: int, worlds: int) -> Worlds:
    def values(name: str) -> np.ndarray:
        parts = chunks(load(name), worlds, "outcomes", first=first)
        return np.concatenate([measure(decode(part.outcomes), indicators(INDICATORS)) for part in parts])

    return Worlds(*(values(name) for name in PAIR))


def _share(sample: Worlds, truth: Worlds) -> bool:
    low, high = wilson(sample.before.sum(), len(sample.before))
    return bool(low <= truth.before.mean() <= high)


def _difference(interval: Callable[..., tuple[float, float, float]]) -> Callable[[Worlds, Worlds], bool]:
    def covers(sample: Worlds, truth: Worlds) -> bool:
        _, low, high = interval(sample.before, sample.after)
        return bool(low <= truth.after.mean() - truth.before.mean() <= high)

    return covers


def rows(indicator: Indicator, samples: list[Worlds], truth: Worlds) -> Iterator[Row]:
    """Coverage of the intervals of one indicator; worlds are columns of numbers here."""
    if indicator.is_share:
        samples = [Worlds(*(values > 0 for values in sample)) for sample in samples]
        truth = Worlds(*(values > 0 for values in truth))
    size, share = len(samples[0].before), float((truth.before > 0).mean())
    changed = float((truth.before != truth.after).mean()) * size
    checks = {"paired mean": (_difference(paired_means), changed >= FEW)}
    if indicator.is_share:
        common = min(share, 1 - share) * size >= LEAST_CASES
        checks = {"share": (_share, common), "paired share": (_difference(paired_shares), changed >= LEAST_CASES)}
    for kind, (covers, counts) in checks.items():
        yield Row(kind, indicator.title, float(np.mean([covers(sample, truth) for sample in samples])), counts)


def main(arguments: list[str]) -> int:
    runs = int(arguments[0]) if arguments else RUNS
    worlds = int(arguments[1]) if len(arguments) > 1 else WORLDS
    small, large = lived(0, runs * worlds), lived(runs * worlds, TRUTH)
    found = []
    for k, indicator in enumerate(INDICATORS.values()):
        samples = [Worlds(*(values[r * worlds : (r + 1) * worlds, k] for values in small)) for r in range(runs)]
        found += list(rows(indicator, samples, Worlds(*(values[:, k] for values in large))))
    print(f"{' and '.join(PAIR)}: {runs} runs of {worlds} worlds, truth from {TRUTH:,} others\n")
    for row in sorted(found):
        print(f"{row.kind:14}{row.title:32}{row.covered:7.1%}{'' if row.counts else '  (too rare to count)'}")
    print()
    means = []
    for kind in sorted({row.kind for row in found}):
        covered = [row.covered for row in found if row.kind == kind and row.counts]
        means.append(float(np.mean(covered)))
        print(f"{kind}: {means[-1]:.1%} on average over {len(covered)} outcomes")
    print(f"wanted: between {BAND[0]:.0%} and {BAND[1]:.0%}")
    return 0 if all(BAND[0] <= mean <= BAND[1] for mean in means) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
