"""A run: many worlds of one scenario, what came of them, and the folder that keeps it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.drivers import MOST_WORLDS
from sim.errors import InputError, unknown, whole
from sim.installed import versions
from sim.results import scores, summary
from sim.results.answers import answered, depth_to_live
from sim.results.chronicle import Chronicle
from sim.results.columns import Columns
from sim.results.daily import Daily
from sim.results.digest import sealed
from sim.results.drawing import getting_ready, plots
from sim.results.export import export_events
from sim.results.folder import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    new_folder,
    read_manifest,
    refuse_changed,
    refuse_full_disk,
    write_json,
)
from sim.results.lives import RULES, lives
from sim.results.pick import representative, surprising
from sim.results.report import REPORT, write_report
from sim.results.scores import decode
from sim.results.settled import Settled, settled
from sim.results.store import Overwrite, facts_below, path_of, target_of, writing
from sim.results.tables import Held, Stored, Tables, Writing, events_of, write_tables
from sim.results.temporary import Temporary
from sim.world.records import OUTCOME

DEPTHS = ("outcomes", "daily", "trace")
MOST_HELD = {"outcomes": 20_000, "daily": 20_000, "trace": 2_000}
"""Worlds of which all tables are held in memory at once, by depth."""
LIBRARIES = ("escalation-sim", "mesa", "numpy", "numba", "pandas", "pyarrow", "scipy", "matplotlib")
LEAST_BYTES = 10
"""Bytes on the disk that a world takes at least."""
FIRST_LOOK = 50_000
"""Worlds after which the size of the tables is known well enough to say what all will need."""
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

    def __init__(
        self,
        scenario: Any,
        tables: Tables,
        worlds: int,
        depth: str,
        folder: Path | None = None,
        temporary: Temporary | None = None,
    ) -> None:
        """Put a scenario beside the tables of its worlds; :func:`run` and :func:`open_run` make one."""
        self._temporary = temporary
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
        style: Any = dict.fromkeys(("estimate", "low", "high"), _cell)
        note = (
            f"<p>{self.worlds:,} worlds; low to high is a 95 % interval; what has none the scenario settles itself.</p>"
        )
        asked = self.questions()[["text", "estimate", "low", "high"]]
        more = "" if asked.empty else f"<h5>Questions</h5>{asked.to_html(formatters=style, index=False)}"
        return f"<h4>{escape(self.scenario.title)}</h4>{table.to_html(formatters=style, index=False)}{more}{note}"

    def __rich__(self) -> Any:
        return summary.summary(self._few)

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
        """Estimate, Wilson 95 % interval and number of worlds for each question of ``OUTCOME_QUESTIONS``.

        What the scenario settles itself has no interval; ``settled`` says why.
        """
        return scores.probabilities(self._few.outcomes, {column: each.why for column, each in self.settled.items()})

    @cached_property
    def settled(self) -> dict[str, Settled]:
        """Outcomes that the scenario settles itself, by column: whether they come, and why."""
        return settled(self.scenario, self._few.outcomes)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """One row a world, in the order of their numbers; one column a question of the scenario: does it come true?"""
        return self._tables.answers()

    def questions(self) -> pd.DataFrame:
        """The forecast questions of the scenario, one row each; empty if it asks none.

        ``question`` is the id, ``text`` the question in words, ``estimate`` the share of worlds in which it comes true
        with its Wilson 95 % interval (``low``, ``high``), ``happened`` the number of them among the ``worlds``,
        ``settled`` says why the scenario settles the answer itself, and ``definition`` when the answer is yes.

        Examples:
            >>> raid = dict(id="raid", text="A strike by {end}?", measure="us_strikes", statistic="total")
            >>> asked = {"extends": "baghdad-2020", "questions": [raid | {"comparison": ">=", "threshold": 1}]}
            >>> run(asked, worlds=20).questions()["text"].tolist()
            ['A strike by 26 December 2020?']
        """
        return answered(self.answers, self.scenario)

    def representative(self) -> int:
        """Number of the most ordinary world."""
        return representative(self._few.outcomes)

    def surprising(self, count: int = 5) -> pd.DataFrame:
        """Worlds with the rarest combinations of labels, rarest first."""
        return surprising(self._few.outcomes, whole("the number of worlds to name", count, 0))

    def summary(self, width: int = 80) -> str:
        """The summary as text; ``rich.print(run)`` shows it in colour."""
        return summary.as_text(self._few, width)

    def export(self, path: str | Path, private: bool = False) -> int:
        """Write the events as CAMEO rows to a ``.csv`` or ``.parquet`` file; returns how many.

        Raises:
            InputError: the run kept no events, or the file cannot be written.
        """
        return export_events(self.events, self.scenario, path, private)

    def plot(self) -> Any:
        """Draw the overview figure and return its axes."""
        return plots("overview").overview(self._few)

    def world(self, number: int) -> Chronicle:
        """Tell one world, from its stored events or by living it again.

        Raises:
            InputError: there is no such world, or the rules have changed since and give it another outcome.
        """
        number = whole("the number of a world", number)
        if not 0 <= number < self.worlds:
            raise InputError(f"no world {number}: this run has worlds 0 to {self.worlds - 1}")
        events = self._tables.events(number)
        return self._replay(number) if events is None else Chronicle(self.scenario, number, events)

    @property
    def _few(self) -> Run:
        """This run for whoever needs a few columns at a time: of many worlds they are not all read at once."""
        is_small = self.worlds <= MOST_HELD[self.depth] or "outcomes" in self.__dict__
        return self if is_small or isinstance(self._tables, Held) else _Streamed(self)

    def _row(self, number: int) -> pd.Series:
        """The outcome of one world."""
        names = list(decode(np.zeros(0, OUTCOME)).columns)
        for batch in self._tables.batches(names):
            rows = batch[batch["world"] == number]
            if len(rows):
                return rows.iloc[0]
        raise InputError(f"no world {number} in the outcomes of this run")

    def _replay(self, number: int) -> Chronicle:
        replayed = next(lives(self.scenario, 1, "trace", first=number))
        lived, stored = decode(replayed.outcomes).iloc[0], self._row(number)
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
            InputError: see :func:`sim.results.store.new_folder`; or the figures cannot be drawn, and the run is kept
                without them.
        """
        plots("gallery")
        with new_folder(out) as draft:
            write_tables(self._tables, draft)
            untold = _finish(self, draft)
        return _stored(target_of(out)[0], untold)


class _Streamed(Run):
    """A run whose outcomes are read column by column."""

    def __init__(self, of: Run) -> None:
        super().__init__(of.scenario, of._tables, of.worlds, of.depth, of.folder, of._temporary)

    @property
    def outcomes(self) -> Any:
        """The outcomes, of which a column is read when it is asked for."""
        return Columns(self._tables.batches, list(decode(np.zeros(0, OUTCOME)).columns), self.worlds)


def _cell(share: Any) -> str:
    """A share as tables of notebooks show it; nothing where there is none."""
    return "" if pd.isna(share) else f"{share:.1%}"


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
    worlds = whole("the number of worlds", worlds, 1, MOST_WORLDS)
    threads = None if threads is None else whole("threads", threads, 1)
    if depth not in DEPTHS:
        raise unknown("depth", depth, DEPTHS)
    lived = _lived(scenario, worlds, depth, threads, progress)
    if out is None:
        return _hold(scenario, worlds, depth, lived)
    plots("gallery")
    with new_folder(out) as draft:
        _write(scenario, worlds, depth, lived, draft)
        untold = _finish(Run(scenario, _stored_in(draft, scenario, worlds, depth), worlds, depth), draft)
    return _stored(target_of(out)[0], untold)


def open_run(folder: str | Path, trust: bool = False) -> Run:
    """Open a run folder; its scenario bears the name of the folder, so that two runs can be told apart.

    Args:
        folder: the folder.
        trust: whether modules of policies that its scenario names may be imported when a world is lived again; by
            default only those that this program has been asked for otherwise.

    Raises:
        InputError: it does not exist, is not a finished run, is one of another version, or is not what was written.
    """
    from sim.scenario.kept import kept_scenario

    folder = path_of(folder)
    stored = read_manifest(folder)
    refuse_changed(folder, stored)
    scenario = kept_scenario(folder, stored, folder.resolve().name, trust)
    return Run(scenario, Stored(folder, stored), stored["worlds"], stored["depth"], folder)


def _scenario(scenario: Any) -> Any:
    from sim.scenario import Scenario, load

    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _stored_in(folder: Path, scenario: Any, worlds: int, depth: str) -> Stored:
    return Stored(
        folder, {"worlds": worlds, "depth": depth, "horizon": scenario.horizon, "asks": bool(scenario.questions)}
    )


def _stored(folder: Path, untold: Exception | None) -> Run:
    """The run as it is stored now.

    Raises:
        InputError: its report could not be written.
    """
    found = open_run(folder)
    if untold is not None:
        reason = (str(untold) or type(untold).__name__).splitlines()[0]
        raise InputError(f"the run is kept in '{folder}', without its report, which failed: {reason}") from untold
    return found


def _lived(scenario: Any, worlds: int, depth: Any, threads: int | None, progress: Progress | None) -> Iterable[Any]:
    done = 0
    for lived in lives(scenario, worlds, depth_to_live(scenario, depth), threads=threads):
        yield lived
        done += len(lived.outcomes)
        if progress is not None:
            progress(done, worlds)


def _hold(scenario: Any, worlds: int, depth: str, lived: Iterable[Any]) -> Run:
    """Keep the tables in memory, or those of many worlds in a folder that goes with the run."""
    if worlds <= MOST_HELD[depth]:
        held = Held(scenario, depth)
        for chunk in lived:
            held.take(chunk)
        return Run(scenario, held, worlds, depth)
    temporary = Temporary("sim-run-")
    with writing(temporary.path):
        _write(scenario, worlds, depth, lived, temporary.path)
    stored = _stored_in(temporary.path, scenario, worlds, depth)
    return Run(scenario, stored, worlds, depth, None, temporary)


def _write(scenario: Any, worlds: int, depth: str, lived: Iterable[Any], draft: Path) -> None:
    """Write the tables; whether the disk has room for them is looked at before, and as soon as their size is known."""
    refuse_full_disk(draft, worlds * LEAST_BYTES)
    tables, done, look = Writing(scenario, depth, draft), 0, FIRST_LOOK
    try:
        with getting_ready():
            for chunk in lived:
                tables.take(chunk)
                done += len(chunk.outcomes)
                if done >= look:
                    refuse_full_disk(draft, tables.size() * (worlds - done) / done)
                    look *= 4
        tables.close()
    except BaseException:
        tables.abandon()
        raise


def _finish(run: Run, draft: Path) -> Exception | None:
    """Write what follows from the tables: scenario, draws, figures, numbers, report, and the manifest last.

    Worlds that were lived are not lost to a figure: what fails there is given back, and the run is whole without it.
    """
    from sim.scenario.kept import as_kept
    from sim.scenario.posterior import save

    kept = as_kept(run.scenario)
    (draft / "scenario.yaml").write_text(kept.to_yaml(), encoding="utf-8", newline="\n")
    if kept.posterior is not None:
        save(kept.posterior, draft / kept.posterior.path)
    untold = _tell(run._few, draft)
    write_json(draft / MANIFEST, sealed(manifest(run, kept, facts_below(draft))))
    return untold


def _tell(run: Run, draft: Path) -> Exception | None:
    """Write figures, numbers and report; gives back what failed, after clearing up."""
    try:
        with plots("gallery").drawing(run, draft / "plots") as drawn:
            write_report(run, draft, drawn)
    except Exception as error:  # noqa: BLE001 whatever a library of figures raises, hours of worlds must not be lost
        shutil.rmtree(draft / "plots", ignore_errors=True)
        for name in REPORT:
            (draft / name).unlink(missing_ok=True)
        return error
    return None


def manifest(run: Run, kept: Any, files: dict[str, Any]) -> dict[str, Any]:
    """What a run is, in full: enough to live it again, and to know its files again.

    Args:
        run: the run.
        kept: its scenario as the folder has it.
        files: the facts of every other file of the folder.
    """
    from sim.scenario import policy_sources

    scenario = run.scenario
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "worlds": run.worlds,
        "depth": run.depth,
        "horizon": scenario.horizon,
        "seed": scenario.seed,
        "asks": bool(scenario.questions),
        "scenario_hash": scenario.hash,
        "rule_hash": RULES,
        "policies": policy_sources(scenario.policies.values()),
        "versions": {"python": platform.python_version()} | versions(LIBRARIES),
        "scenario": kept.to_dict(),
        "files": files,
    }
