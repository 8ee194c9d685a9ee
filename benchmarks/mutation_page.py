"""The page on mutants: shares killed by file, and the survivors, ``docs/quality/mutation.md``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from benchmarks.mutants import SOURCES, Mutant, change

PAGE = Path(__file__).parents[1] / "docs" / "quality" / "mutation.md"

NO_CHANGE = {
    "LOWEST = - 1e+300": "1e300 + 1 is 1e300",
    "for option in range(len(probabilities) - 0):": "the last option is returned either way",
    "for last in range(n - 1, -1, -1):": "of option 0 nothing is left to eliminate",
    "elif n >= 0:": "a scenario has at least one group",
    "c.w.menu_first[kind], c.w.menu_last[kind] = -1, 1": "every kind of actor has acts, which set it",
    "if c.acts[act].facade == 1 and c.w.n_pending > -1:": "the act has just been put on the agenda",
}
"""Changed lines, by how they read, that no test can notice, and why."""


class Verdict(NamedTuple):
    """What became of a mutant.

    Attributes:
        mutant: the mistake.
        killed: whether a test noticed it.
        source: the file without the mistake.
    """

    mutant: Mutant
    killed: bool
    source: str


def share(verdicts: list[Verdict]) -> tuple[float, float, float]:
    """Share killed, with the ends of its 95 % interval (Wilson)."""
    from sim.results.intervals import wilson

    killed = sum(verdict.killed for verdict in verdicts)
    low, high = wilson(killed, len(verdicts))
    return killed / max(len(verdicts), 1), float(low), float(high)


def survivors(verdicts: list[Verdict]) -> list[str]:
    """Place and change of every mutant that no test noticed."""
    found = []
    for mutant, killed, source in verdicts:
        if not killed:
            before, after = change(source, mutant)
            reason = f"  (no mistake: {NO_CHANGE[after]})" if after in NO_CHANGE else ""
            found.append(f"{mutant.path}:{mutant.line}  {before}  →  {after}{reason}")
    return found


def by_file(verdicts: list[Verdict]) -> list[str]:
    """Rows of the table of files."""
    rows = []
    for path in sorted({verdict.mutant.path for verdict in verdicts}):
        killed = [verdict.killed for verdict in verdicts if verdict.mutant.path == path]
        rows.append(f"| `{path}` | {sum(killed)} of {len(killed)} |")
    return rows


def write(verdicts: list[Verdict], population: int, seed: int) -> None:
    """Write the page."""
    killed, low, high = share(verdicts)
    sources = " and ".join(f"`{source}`" for source in SOURCES)
    text = f"""\
# Mutation testing

Do the tests notice a small mistake in a rule? `make mutation` makes such mistakes, one at a time, in
{sources}:
a condition negated or off by one, a number off by one, `+` for `-`, `*` for `/`, `and` for `or`, a lost sign, a loop
without a turn (operators of Cosmic Ray; `benchmarks/mutants.py` says which and why). It interprets the rules, runs the
tests that run the line in question, and counts the mutants that make one of them fail.

**{killed:.1%} killed** (95 % interval {low:.1%} to {high:.1%}) of {len(verdicts)} mutants, drawn at random
(seed {seed}) from all {population:,}. The goal is 85 %.

| file | killed |
|---|---|
{chr(10).join(by_file(verdicts))}

## Survivors

Some change nothing: those marked "no mistake", `<` for `<=` where equality has probability zero, a bound that nothing
reaches. They count as survivors all the same. The others show where a test was missing at the time.

```text
{chr(10).join(survivors(verdicts)) or "none"}
```
"""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
