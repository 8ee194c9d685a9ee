"""Outcome numbers of every shipped scenario, kept in a file: ``python -m benchmarks.baselines --why "..."``.

A change of the rules that changes a result is meant or is a mistake. The file says which: a test compares the outcomes
with it, only this command writes it, and only with a reason, which goes into the changelog as a "Results change".
Without ``--why`` the command says what has changed and writes nothing.

On the kind of machine that wrote the file every outcome must be the same to the last bit. Elsewhere ``exp`` and ``log``
of the C library may differ in the last bit; where a draw falls between the two, a choice goes the other way and the
world takes another course. That is rare, so that at most one world in a hundred may differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import struct
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.indicators import INDICATORS, indicators, measure
from sim.drivers.ensemble import chunks
from sim.results.scores import decode
from sim.scenario import load, shipped

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "baselines" / "outcomes.json"
CHANGELOG = ROOT / "CHANGELOG.md"
WORLDS = 400
TOLERANCE = 0.01
"""Share of the worlds of a scenario that may take another course on another kind of machine."""
DECIMALS = 6
"""To which two worlds agree when they took the same course."""
NOTABLE = 2.0
"""Standard errors from which on a change of a mean is printed."""
LIBRARIES = ("numba", "numpy", "scipy")
UNRELEASED, HEADING = "## [Unreleased]\n", "### Results change\n"
Outcomes = dict[str, Any]
"""What is kept of a scenario: a digest of all outcomes, two hexadecimal digits a world, means and standard errors."""


def outcomes_of(name: str, worlds: int = WORLDS) -> Outcomes:
    """Live the first worlds of a shipped scenario under its own seed."""
    return summarised(np.concatenate([part.outcomes for part in chunks(load(name), worlds, "outcomes")]))


def summarised(rows: np.ndarray) -> Outcomes:
    """What is kept of (worlds,) OUTCOME records."""
    values = measure(decode(rows), indicators(INDICATORS))
    errors = values.std(axis=0) / np.sqrt(len(values))
    return {
        "digest": hashlib.sha256(rows.tobytes()).hexdigest()[:16],
        "courses": courses(rows),
        "means": dict(zip(INDICATORS, values.mean(axis=0).tolist(), strict=True)),
        "errors": {name: float(f"{error:.3g}") for name, error in zip(INDICATORS, errors, strict=True)},
    }


def courses(rows: np.ndarray) -> str:
    """Two hexadecimal digits for each of (worlds,) OUTCOME records, the same where outcomes agree to a millionth."""
    numbers = np.column_stack([np.asarray(rows[name], dtype=np.float64) for name in rows.dtype.names or ()])
    return "".join(hashlib.sha256(row.tobytes()).hexdigest()[:2] for row in np.round(numbers, DECIMALS) + 0.0)


def diverted(before: Outcomes, now: Outcomes) -> int:
    """Number of worlds that took another course."""
    pairs = zip(*(bytes.fromhex(each["courses"]) for each in (before, now)), strict=True)
    return sum(a != b for a, b in pairs)


def names() -> list[str]:
    """The shipped scenarios that are more than a form to fill in."""
    return [name for name in shipped() if name != "template"]


def kind_of_machine() -> dict[str, str]:
    """What decides on the last bit of a result: processor, the C library's mathematics by its results, compiler."""
    grid = [0.001 + 0.0137 * k for k in range(2000)]
    bits = [(math.exp(-x), math.log(x), math.pow(x, 0.37)) for x in grid]
    digest = hashlib.sha256(b"".join(struct.pack("3d", *row) for row in bits)).hexdigest()[:16]
    libraries = {name: version(name) for name in LIBRARIES}
    return {"processor": platform.machine(), "system": platform.system(), "exp, log, pow": digest} | libraries


def differences(before: Outcomes, now: Outcomes, least: float = 0.0) -> dict[str, tuple[float, float]]:
    """Old and new mean of each indicator that differs by more than ``least`` times the larger standard error."""
    found = {}
    for name in before["means"] | now["means"]:
        old, new = (each["means"].get(name, math.nan) for each in (before, now))
        if not abs(new - old) <= least * max(each["errors"].get(name, 0.0) for each in (before, now)):
            found[name] = old, new
    return found


def agree(before: Outcomes, now: Outcomes, exactly: bool) -> bool:
    """Whether outcomes are the same: to the last bit, or as far as kinds of machines may differ."""
    return before["digest"] == now["digest"] if exactly else diverted(before, now) <= TOLERANCE * WORLDS


def stored() -> dict[str, Any]:
    """The file as it stands, or one without scenarios."""
    if not FILE.exists():
        return {"digest": "", "scenarios": {}}
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def made(scenarios: dict[str, Outcomes]) -> dict[str, Any]:
    """Content of the file; its digest, which the changelog names, is of outcomes alone."""
    digest = hashlib.sha256(json.dumps(scenarios).encode()).hexdigest()[:8]
    return {"digest": digest, "worlds": WORLDS, "machine": kind_of_machine(), "scenarios": scenarios}


def unchanged(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether the file holds for what the rules say now, on the machine they were lived on."""
    exactly = before.get("machine") == now["machine"]
    pairs = [(each["scenarios"].get(name) for each in (before, now)) for name in before["scenarios"] | now["scenarios"]]
    return all(old and new and agree(old, new, exactly) for old, new in pairs)


def told(before: dict[str, Outcomes], now: dict[str, Outcomes]) -> str:
    """Which scenarios changed, and the numbers that changed by more than chance explains, old and new."""
    empty: Outcomes = {"digest": "", "means": {}, "errors": {}}
    lines = []
    for name in sorted(before | now):
        pair = before.get(name, empty), now.get(name, empty)
        if pair[0]["digest"] != pair[1]["digest"]:
            large = differences(*pair, least=NOTABLE)
            lines.append(f"{name}: {len(differences(*pair))} means changed, {len(large)} by over two standard errors")
            lines += [f"    {INDICATORS[key].title:32}{old:12.4f} -> {new:.4f}" for key, (old, new) in large.items()]
    return "\n".join(lines)


def with_entry(changelog: str, digest: str, why: str) -> str:
    """The changelog with a reason under "Results change" of what is not yet released.

    Raises:
        ValueError: it has no section for what is not yet released.
    """
    head, found, rest = changelog.partition(UNRELEASED)
    if not found:
        raise ValueError(f"{CHANGELOG.name} has no line '{UNRELEASED.strip()}'")
    section, next_release, older = rest.partition("\n## ")
    entry = f"- {why} (baselines `{digest}`)\n"
    if HEADING in section:
        section = section.replace(HEADING + "\n", HEADING + "\n" + entry, 1)
    else:
        section = f"\n{HEADING}\n{entry}{section}"
    return head + found + section + next_release + older


def write(content: dict[str, Any], why: str) -> None:
    """Write the file, and the reason into the changelog."""
    changelog = with_entry(CHANGELOG.read_text(encoding="utf-8"), content["digest"], why)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    CHANGELOG.write_text(changelog, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Say what has changed and, given a reason, keep it; 1 when something has changed and no reason was given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.baselines", description="Compare or renew baselines.")
    parser.add_argument("--why", default="", help="reason of the change, for the changelog")
    why = parser.parse_args(arguments).why.strip()
    before, now = stored(), made({name: outcomes_of(name) for name in names()})
    if unchanged(before, now):
        print(f"nothing has changed: baselines {before['digest']}")
        return 0
    print(told(before["scenarios"], now["scenarios"]))
    if not why:
        print("\nnothing is written; if the change is meant, say why: make baselines WHY='...'", file=sys.stderr)
        return 1
    write(now, why)
    print(f"\nbaselines {now['digest']} written, with an entry in {CHANGELOG.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
