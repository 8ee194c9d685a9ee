"""Where a run's tables come from: memory, or the files of its folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.results.answers import answers_of, at_depth
from sim.results.daily import Daily
from sim.results.folder import TableWriter, read_table, row_groups
from sim.results.scores import decode
from sim.results.trace import decode_events
from sim.results.words import listed
from sim.world.records import OUTCOME

EVENTS_HELD = 200_000
"""Rows of events that are held before they are written."""


class Tables(Protocol):
    """What a run can be asked for; ``daily`` and ``events`` are None when the run did not keep them."""

    def outcomes(self) -> pd.DataFrame:
        """One row a world."""

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of the outcomes, a batch of worlds after another."""

    def daily(self) -> Daily | None:
        """Counts per day."""

    def events(self, world: int | None = None) -> pd.DataFrame | None:
        """One row an event, of all worlds or of one."""

    def answers(self) -> pd.DataFrame:
        """One row a world, one column a question."""


class Held:
    """Tables in memory, gathered from the chunks of an ensemble."""

    def __init__(self, scenario: Any, depth: str) -> None:
        """Start without a world; ``depth`` says what to keep."""
        self._scenario = scenario
        self._depth = depth
        self._outcomes: list[pd.DataFrame] = []
        self._answers: list[pd.DataFrame] = []
        self._events: list[pd.DataFrame] = []
        self._daily: Daily | None = None

    def take(self, lived: Any) -> None:
        """Add a chunk (:class:`sim.drivers.ensemble.Lived`), lived at :func:`sim.results.answers.depth_to_live`."""
        self._answers.append(answers_of(lived, self._scenario.start, self._scenario.questions))
        lived = at_depth(lived, self._depth)
        self._outcomes.append(decode(lived.outcomes))
        self._daily = count(self._daily, lived.series)
        if lived.events is not None:
            self._events.append(events_of(lived, self._scenario))

    def outcomes(self) -> pd.DataFrame:
        """One row a world."""
        return pd.concat(self._outcomes, ignore_index=True)

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of the outcomes, a chunk of worlds after another."""
        return (chunk[list(columns)] for chunk in self._outcomes)

    def daily(self) -> Daily | None:
        """Counts per day, or None."""
        return self._daily

    def events(self, world: int | None = None) -> pd.DataFrame | None:
        """One row an event, or None."""
        if not self._events:
            return None
        events = pd.concat(self._events, ignore_index=True)
        return events if world is None else events[events["world"] == world]

    def answers(self) -> pd.DataFrame:
        """One row a world, one column a question."""
        return pd.concat(self._answers, ignore_index=True)


class Stored:
    """Tables in a run folder, read when asked for."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Name the folder and what its manifest says."""
        self.folder = folder
        self.manifest = manifest

    def outcomes(self) -> pd.DataFrame:
        """One row a world.

        Raises:
            InputError: the table is missing or damaged, or lacks a column.
        """
        found = read_table(self.folder, "outcomes")
        lacking = [name for name in decode(np.zeros(0, OUTCOME)).columns if name not in found]
        if lacking:
            raise InputError(
                f"'{self.folder}' was written by another version, or its outcomes are damaged: they lack"
                f" {listed(lacking[:3])}"
            )
        return found

    def batches(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of the outcomes, a row group after another.

        Raises:
            InputError: the table is missing or damaged.
        """
        return row_groups(self.folder, "outcomes", columns)

    def daily(self) -> Daily | None:
        """Counts per day, or None."""
        if self.manifest["depth"] == "outcomes":
            return None
        return Daily.from_frame(read_table(self.folder, "daily"), self.manifest["horizon"], self.manifest["worlds"])

    def events(self, world: int | None = None) -> pd.DataFrame | None:
        """One row an event, or None."""
        if self.manifest["depth"] != "trace":
            return None
        return read_table(self.folder, "traces", filters=None if world is None else [("world", "==", world)])

    def answers(self) -> pd.DataFrame:
        """One row a world, one column a question."""
        if not self.manifest["asks"]:
            return pd.DataFrame(index=range(self.manifest["worlds"]))
        return read_table(self.folder, "answers")


class Writing:
    """Tables written into a folder chunk by chunk, so that a million worlds need the memory of one chunk."""

    def __init__(self, scenario: Any, depth: str, folder: Path) -> None:
        """Name an empty folder; ``depth`` says what to keep."""
        self._scenario = scenario
        self._depth = depth
        self._folder = folder
        self._outcomes = TableWriter(folder / "outcomes.parquet")
        self._events = TableWriter(folder / "traces.parquet", EVENTS_HELD)
        self._answers = TableWriter(folder / "answers.parquet")
        self._daily: Daily | None = None

    def take(self, lived: Any) -> None:
        """Write a chunk (:class:`sim.drivers.ensemble.Lived`), lived at :func:`sim.results.answers.depth_to_live`."""
        if self._scenario.questions:
            self._answers.write(answers_of(lived, self._scenario.start, self._scenario.questions))
        lived = at_depth(lived, self._depth)
        self._outcomes.write(decode(lived.outcomes))
        self._daily = count(self._daily, lived.series)
        if lived.events is not None:
            self._events.write(events_of(lived, self._scenario))

    def size(self) -> int:
        """Bytes on the disk so far."""
        return sum(path.stat().st_size for path in self._folder.glob("*.parquet"))

    def abandon(self) -> None:
        """Let go of the files after an error."""
        for table in (self._outcomes, self._events, self._answers):
            table.abandon()

    def close(self) -> None:
        """Finish the files."""
        self._outcomes.close()
        self._events.close()
        self._answers.close()
        if self._daily is not None:
            write_daily(self._daily, self._folder)


def count(daily: Daily | None, series: Any) -> Daily | None:
    """Count one more chunk of daily series; None stays None when there is no series."""
    if series is None:
        return daily
    daily = Daily(series.shape[1]) if daily is None else daily
    daily.accumulate(series)
    return daily


def events_of(lived: Any, scenario: Any) -> pd.DataFrame:
    """The decoded events of a chunk."""
    worlds = lived.first + np.repeat(np.arange(len(lived.outcomes)), np.diff(lived.offsets))
    return decode_events(lived.events, worlds, scenario)


def write_daily(daily: Daily, folder: Path) -> None:
    """Write the daily counts into a run folder."""
    daily.to_frame().to_parquet(folder / "daily.parquet", index=False, compression="zstd")


def write_tables(tables: Tables, folder: Path) -> None:
    """Write tables that are in memory into a run folder."""
    found = {"outcomes": tables.outcomes(), "traces": tables.events(), "answers": tables.answers()}
    for name, table in found.items():
        if table is not None and len(table.columns):
            table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    if (daily := tables.daily()) is not None:
        write_daily(daily, folder)
