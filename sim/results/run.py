"""A run: many worlds of one scenario, what came of them, and the folder that keeps it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from sim.drivers import MOST_WORLDS
from sim.errors import InputError, unknown
from sim.results import scores, summary
from sim.results.answers import answered, depth_to_live
from sim.results.chronicle import Chronicle
from sim.results.daily import Daily
from sim.results.drawing import plots
from sim.results.export import export_events
from sim.results.folder import FORMAT, FORMAT_VERSION, MANIFEST, Overwrite, new_folder, read_manifest, write_json
from sim.results.lives import RULES, lives
from sim.results.pick import representative, surprising
from sim.results.report import write_report
from sim.results.scores import decode
from sim.results.tables import Held, Stored, Tables, Writing, events_of, write_tables

DEPTHS = ("outcomes", "daily", "trace")
LIBRARIES = ("escalation-sim", "mesa", "numpy", "numba", "pandas", "pyarrow", "scipy", "matplotlib")
Progress = Callable[[int, int], None]
"""Called with the number of worlds lived so far and the number asked for."""


class Run:
    """Many worlds of one scenario.

    Attributes:
        scenario: what was lived.
        worlds: number of worlds; they bear the numbers 0 to worlds - 1.
        depth: what was kept: ``outcomes``, ``daily`` (also counts per day) or ``trace`` (also every event).
        folder: where it is stored, or None.

    Examples:
        >>> short = sim.load("baghdad-2020", ["horizon=5"])
        >>> run = sim.run(short, worlds=20)
        >>> len(run.outcomes), "us_struck" in run.outcomes
        (20, True)
    """

    def __init__(self, scenario: Any, tables: Tables, worlds: int, depth: str, folder: Path | None = None) -> None:
        """Put a scenario beside the tables of its worlds; :func:`run` and :func:`open_run` make one."""
        self.scenario = scenario
        self.worlds = worlds
        self.depth = depth
        self.folder = folder
        self._tables = tables

    def __repr__(self) -> str:
        place = f", folder='{self.folder}'" if self.folder else ""
        return f"Run('{self.scenario.title}', worlds={self.worlds}, depth='{self.depth}'{place})"

    def _repr_html_(self) -> str:
        table = self.probabilities()[["title", "estimate", "low", "high"]]
        style = {"estimate": "{:.1%}".format, "low": "{:.1%}".format, "high": "{:.1%}".format}
        note = f"<p>{self.worlds:,} worlds; low to high is a 95 % interval.</p>"
        asked = self.questions()[["text", "estimate", "low", "high"]]
        more = "" if asked.empty else f"<h5>Questions</h5>{asked.to_html(formatters=style, index=False)}"
        return f"<h4>{escape(self.scenario.title)}</h4>{table.to_html(formatters=style, index=False)}{more}{note}"

    def __rich__(self) -> Any:
        return summary.summary(self)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a world: labels as categories (``embassy``) and codes (``embassy_code``), flags, counts, days."""
        return self._tables.outcomes()

    @cached_property
    def daily(self) -> Daily | None:
        """Counts of worlds per day; None at depth ``outcomes``."""
        return self._tables.daily()

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event.

        Raises:
            InputError: the run did not keep traces.
        """
        events = self._tables.events()
        if events is None:
            raise InputError(f"this run has depth '{self.depth}' and kept no events; run it with depth 'trace'")
        return events

    def probabilities(self) -> pd.DataFrame:
        """Estimate, Wilson 95 % interval and number of worlds for each question of ``OUTCOME_QUESTIONS``."""
        return scores.probabilities(self.outcomes)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """One row a world, in the order of their numbers; one column a question of the scenario: does it come true?"""
        return self._tables.answers()

    def questions(self) -> pd.DataFrame:
        """The forecast questions of the scenario, one row each; empty if it asks none.

        ``question`` is the id, ``text`` the question in words, ``estimate`` the share of worlds in which it comes true
        with its Wilson 95 % interval (``low``, ``high``), ``happened`` the number of them among the ``worlds``, and
        ``definition`` says when the answer is yes.

        Examples:
            >>> raid = dict(id="raid", text="A strike by {end}?", measure="us_strikes", statistic="total")
            >>> asked = {"extends": "baghdad-2020", "questions": [raid | {"comparison": ">=", "threshold": 1}]}
            >>> run(asked, worlds=20).questions()["text"].tolist()
            ['A strike by 26 December 2020?']
        """
        return answered(self.answers, self.scenario)

    def representative(self) -> int:
        """Number of the most ordinary world."""
        return representative(self.outcomes)

    def surprising(self, count: int = 5) -> pd.DataFrame:
        """Worlds with the rarest combinations of labels, rarest first."""
        return surprising(self.outcomes, count)

    def summary(self, width: int = 80) -> str:
        """The summary as text; ``rich.print(run)`` shows it in colour."""
        return summary.as_text(self, width)

    def export(self, path: str | Path, private: bool = False) -> int:
        """Write the events as CAMEO rows to a ``.csv`` or ``.parquet`` file; returns how many.

        Raises:
            InputError: the run kept no events, or the file cannot be written.
        """
        return export_events(self.events, self.scenario, path, private)

    def plot(self) -> Any:
        """Draw the overview figure and return its axes."""
        return plots("overview").overview(self)

    def world(self, number: int) -> Chronicle:
        """Tell one world, from its stored events or by living it again.

        Raises:
            InputError: there is no such world, or the rules have changed since and give it another outcome.
        """
        if not 0 <= number < self.worlds:
            raise InputError(f"no world {number}: this run has worlds 0 to {self.worlds - 1}")
        if self.depth == "trace":
            return Chronicle(self.scenario, number, self.events[self.events["world"] == number])
        return self._replay(number)

    def _replay(self, number: int) -> Chronicle:
        replayed = next(lives(self.scenario, 1, "trace", first=number))
        lived, stored = decode(replayed.outcomes).iloc[0], self.outcomes.iloc[number]
        changed = [name for name in lived.index if lived[name] != stored[name]]
        if changed:
            raise InputError(
                f"world {number} now ends differently ({', '.join(changed[:3])}): the rules have changed since;"
                " run it again"
            )
        return Chronicle(self.scenario, number, events_of(replayed, self.scenario))

    def save(self, out: str | Path | Overwrite) -> Run:
        """Write the run folder and return the run as stored there.

        Raises:
            InputError: see :func:`sim.results.folder.new_folder`.
        """
        with new_folder(out) as draft:
            write_tables(self._tables, draft)
            _finish(self, draft)
        return open_run(out.path if isinstance(out, Overwrite) else out)


def run(
    scenario: Any,
    worlds: int = 1000,
    out: str | Path | Overwrite | None = None,
    depth: str = "daily",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Live many worlds of a scenario.

    Args:
        scenario: a :class:`sim.scenario.Scenario`, the name of a shipped one, or a path.
        worlds: how many.
        out: folder to write; chunks are written as they come, so memory does not grow with the number of worlds.
        depth: what to keep: ``outcomes``, ``daily`` or ``trace``.
        threads: how many threads live worlds at once; default all.
        progress: called after each chunk.

    Raises:
        InputError: a number of worlds below 1, an unknown depth, a scenario that cannot be used, or a folder that
            cannot be written.

    Examples:
        >>> found = run("baghdad-2020", worlds=50)
        >>> found.probabilities().columns.tolist()[:4]
        ['outcome', 'title', 'estimate', 'low']
        >>> found.world(17).lines[0].day < 90
        True
    """
    scenario = _scenario(scenario)
    _check(worlds, depth)
    lived = _lived(scenario, worlds, depth, threads, progress)
    if out is None:
        return _hold(scenario, worlds, depth, lived)
    with new_folder(out) as draft:
        _write(scenario, worlds, depth, lived, draft)
    return open_run(out.path if isinstance(out, Overwrite) else out)


def open_run(folder: str | Path) -> Run:
    """Open a run folder; its scenario bears the name of the folder, so that two runs can be told apart.

    Raises:
        InputError: it does not exist, is not a finished run, or is one of another version.
    """
    from sim.scenario import load

    folder = Path(folder)
    stored = read_manifest(folder)
    scenario = replace(load(stored["scenario"]), name=folder.resolve().name)
    return Run(scenario, Stored(folder, stored), stored["worlds"], stored["depth"], folder)


def _scenario(scenario: Any) -> Any:
    from sim.scenario import Scenario, load

    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _check(worlds: int, depth: str) -> None:
    if not 1 <= worlds <= MOST_WORLDS:
        raise InputError(f"the number of worlds must be in 1..{MOST_WORLDS}, not {worlds}")
    if depth not in DEPTHS:
        raise unknown("depth", depth, DEPTHS)


def _lived(scenario: Any, worlds: int, depth: Any, threads: int | None, progress: Progress | None) -> Iterable[Any]:
    done = 0
    for lived in lives(scenario, worlds, depth_to_live(scenario, depth), threads=threads):
        yield lived
        done += len(lived.outcomes)
        if progress is not None:
            progress(done, worlds)


def _hold(scenario: Any, worlds: int, depth: str, lived: Iterable[Any]) -> Run:
    held = Held(scenario, depth)
    for chunk in lived:
        held.take(chunk)
    return Run(scenario, held, worlds, depth)


def _write(scenario: Any, worlds: int, depth: str, lived: Iterable[Any], draft: Path) -> None:
    tables = Writing(scenario, depth, draft)
    try:
        for chunk in lived:
            tables.take(chunk)
    finally:
        tables.close()
    _finish(Run(scenario, Stored(draft, manifest(scenario, worlds, depth)), worlds, depth), draft)


def _finish(run: Run, draft: Path) -> None:
    """Write what follows from the tables: scenario, figures, numbers, report, and the manifest last."""
    (draft / "scenario.yaml").write_text(run.scenario.to_yaml(), encoding="utf-8", newline="\n")
    drawn = plots("gallery").draw_all(run, draft / "plots")
    write_report(run, draft, drawn)
    write_json(draft / MANIFEST, manifest(run.scenario, run.worlds, run.depth))


def manifest(scenario: Any, worlds: int, depth: str) -> dict[str, Any]:
    """What a run is, in full: enough to live it again."""
    from sim.scenario import policy_sources

    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "worlds": worlds,
        "depth": depth,
        "horizon": scenario.horizon,
        "seed": scenario.seed,
        "scenario_hash": scenario.hash,
        "rule_hash": RULES,
        "policies": policy_sources(scenario.policies.values()),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "scenario": scenario.to_dict(),
    }
