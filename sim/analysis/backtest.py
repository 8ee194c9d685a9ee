"""Back-test: forecasts from what was known on a morning, scored beside the baselines on what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.baselines import FORECASTERS, PRIOR, outside_view, past_frequency
from sim.analysis.calibrate import BEFORE, CRISIS, FULL, Calibration, FitSize, fit
from sim.analysis.daily import daily_from_record
from sim.analysis.level import levelled, weekly_level
from sim.analysis.origin import at
from sim.analysis.questions import askable, load_questions, shares
from sim.analysis.record import Record
from sim.analysis.reference import Progress, Reference, reference
from sim.analysis.rolling import CHANNELS, from_counts, rolling_scores, start_dates
from sim.analysis.scores import brier, log_score
from sim.drivers.ensemble import Depth, live_chunk
from sim.errors import require_all
from sim.results.daily_table import DailyTable, daily_from_worlds, weekly
from sim.results.resolve import resolve
from sim.scenario import Scenario, load
from sim.scenario.question import Question

if TYPE_CHECKING:
    import pandas as pd

Counts = NDArray[np.int64]

STARTS = start_dates(date(2020, 3, 2), CRISIS, 4)
"""Start dates of the rolling forecasts: the first with four months of the crisis behind it, then every four weeks."""
AHEAD = 13
"""Weeks ahead: 91 days."""
HORIZONS = {7: 1, 15: 2, 30: 4, 90: AHEAD}
"""Horizons in days, each with the weeks that are scored for it."""
NEEDED = ("sklearn", "scoringrules")
"""What a fit and its scores need of the extra `analysis`."""
CASE_DAYS = 90
"""Days of the closing time, over which the questions are asked."""
RULES = ("quantal", "tit_for_tat", "random", "passive")
OF_QUESTIONS = ("model", "outside_view", "past_frequency", "coin")


@dataclass(frozen=True)
class Backtest:
    """Scores of the model and the baselines.

    Attributes:
        weeks: table of :func:`weekly_scores`.
        questions: table of :func:`question_scores`.
    """

    weeks: pd.DataFrame
    questions: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Return the mean of each score by `measure` and `forecast`, best first within a measure."""
        import pandas as pd

        crps = self.weeks.groupby(["channel", "forecast"])["crps"].mean().reset_index()
        tables = [crps.assign(measure="CRPS " + crps["channel"]).rename(columns={"crps": "mean"})]
        for column in ("brier", "log"):
            means = self.questions.groupby("forecast")[column].mean().reset_index()
            tables.append(means.assign(measure=f"{column} score of questions").rename(columns={column: "mean"}))
        table = pd.concat(tables)[["measure", "forecast", "mean"]]
        return table.sort_values(["measure", "mean"], ignore_index=True)


@dataclass
class Model:
    """The simulator as a forecaster: fitted on the weeks before a start date, then lived from that date on.

    Attributes:
        worlds: reference table of the months before; it has statistics up to each start date.
        size: of the fits.
        policies: decision rule by actor, where it is not the scenario's.
        fits: the fits made so far, by start date.
    """

    worlds: Reference
    size: FitSize = FULL
    policies: Mapping[str, str] = field(default_factory=dict)
    fits: dict[date, Calibration] = field(default_factory=dict)

    def fitted(self, known: Record) -> Calibration:
        """Return the fit on the weeks of a record, made once for each end."""
        if known.end not in self.fits:
            self.fits[known.end] = fit(self.worlds, known, self.size)
        return self.fits[known.end]

    def scenario(self, known: Record, n_days: int) -> Scenario:
        """Return the scenario of the morning after the record ends; a channel never used so far stays closed."""
        changes: dict[str, object] = {"policies": dict(self.policies)}
        if not known.ieds.any():
            changes["calendar.seasons.ied"] = [0] * 12
        return at(known, known.end, n_days).with_(changes)

    def lived(self, known: Record, n_days: int, depth: Depth = "daily") -> DailyTable:
        """Live the days after the record ends, each world with its own draw of the posterior."""
        scenario = self.scenario(known, n_days)
        rng = np.random.default_rng(known.end.toordinal())
        table = levelled(scenario, self.fitted(known).draws, known, rng)
        rows = rng.integers(len(self.fitted(known).draws), size=self.size.forecast)
        points = {path: column[rows] for path, column in table.items()}
        lived = live_chunk(scenario, 0, self.size.forecast, depth, points=points)
        return daily_from_worlds(scenario.start, lived.series, lived.events, lived.offsets)

    def weeks(self, known: Record, ahead: int, rng: np.random.Generator) -> dict[str, Counts]:
        """Forecast weekly counts, as :func:`sim.analysis.rolling.rolling_scores` asks for them: (draws, ahead) each."""
        del rng  # the worlds carry their own luck
        days = self.lived(known, 7 * ahead)
        return {channel: weekly(days.series(channel)) for channel in CHANNELS}


def model(
    worlds: int = FULL.worlds, *, starts: Sequence[date] = STARTS, size: FitSize = FULL, rule: str = "",
    folder: Path | None = None, progress: Progress | None = None,
) -> Model:  # fmt: skip
    """Make the forecaster: live its reference table, with statistics up to each start date.

    Args:
        worlds: worlds of the table.
        starts: start dates it will be asked for.
        size: of the fits.
        rule: decision rule of all actors, instead of the scenario's; it is fitted like the model.
        folder: where to keep the worlds.
        progress: called with the number of worlds lived and asked for.
    """
    scenario = load(BEFORE)
    policies = dict.fromkeys(scenario.actors, rule) if rule else {}
    if policies:
        scenario = scenario.with_({"policies": policies})
    table = reference(scenario, starts, worlds, folder=folder, progress=progress)
    return Model(table, size, policies=policies)


def backtest(
    record: Record, size: FitSize = FULL, *, folder: Path | None = None, questions: Path | None = None,
    progress: Progress | None = None,
) -> Backtest:  # fmt: skip
    """Fit on the weeks before each start date, forecast the weeks after it, and score them beside the baselines.

    Args:
        record: what was reported, before and after.
        size: work of a fit.
        folder: where to keep the worlds lived, so that work that was interrupted goes on.
        questions: folder with `questions.csv`; the shipped ones by default.
        progress: called with the number of worlds lived and asked for.

    Raises:
        InputError: the questions cannot be read, or the folder holds other worlds.
        MissingExtra: scikit-learn or scoringrules is not installed.

    Examples:
        >>> found = sim.backtest(sim.load_record(), sim.FitSize(4_000, 120))  # doctest: +SKIP
        >>> found.summary()  # doctest: +SKIP
    """
    require_all(NEEDED, "analysis")
    asked = load_questions(questions)
    forecaster = model(size.worlds, size=size, folder=folder, progress=progress)
    return Backtest(weekly_scores(record, forecaster), question_scores(record, forecaster, asked))


def weekly_scores(record: Record, forecaster: Model, starts: Sequence[date] = STARTS, *, seed: int = 1) -> pd.DataFrame:
    """Score the model, its level without any actor, and every baseline on the weeks after each start date.

    Returns the rows of :func:`sim.analysis.rolling.rolling_scores` with a column `forecast`.
    """
    import pandas as pd

    draws = forecaster.size.forecast
    forecasts: dict[str, Any] = {"model": forecaster.weeks, "level": partial(level_alone, draws=draws)}
    forecasts |= {name: from_counts(each, draws) for name, each in FORECASTERS.items()}
    tables = []
    for name, forecast in forecasts.items():
        tables.append(rolling_scores(record, forecast, starts, AHEAD, seed).assign(forecast=name))
    return pd.concat(tables, ignore_index=True)


def level_alone(known: Record, ahead: int, rng: np.random.Generator, *, draws: int) -> dict[str, Counts]:
    """Forecast with the model's level of attacks and nothing else: what actors add is the difference to it."""
    levels = {channel: weekly_level(known, channel, draws, rng) for channel in CHANNELS}
    return {channel: rng.poisson(np.repeat(each[:, np.newaxis], ahead, axis=1)) for channel, each in levels.items()}


def by_horizon(scores: pd.DataFrame, column: str = "crps") -> pd.DataFrame:
    """Return the mean of a score by channel and forecast (rows) and horizon in days (columns)."""
    import pandas as pd

    means = {
        days: scores[scores["week_ahead"] <= weeks].groupby(["channel", "forecast"])[column].mean()
        for days, weeks in HORIZONS.items()
    }
    return pd.DataFrame(means).rename_axis(columns="days")


def question_scores(
    record: Record, forecaster: Model, questions: Sequence[Question], start: date = CRISIS, n_days: int = CASE_DAYS
) -> pd.DataFrame:
    """Answer and score questions about the days from `start` on.

    Returns a row for each question and forecast of OF_QUESTIONS: `question`, `text`, `forecast`, `probability`,
    `came_true`, `brier`, `log`.
    """
    import pandas as pd

    known, after = record.before(start), daily_from_record(record, start).window(0, n_days)
    asked = askable(questions, after)
    worlds = forecaster.lived(known, n_days, "trace")
    probability = {
        "model": shares(asked, worlds),
        "outside_view": [outside_view(each, record, start, n_days) for each in asked],
        "past_frequency": [past_frequency(each, record, start, n_days) for each in asked],
        "coin": [PRIOR] * len(asked),
    }
    truth = [bool(resolve(each, after)[0]) for each in asked]
    words = {"question": [each.id for each in asked], "text": [each.asked(start, n_days) for each in asked]}
    tables = [_scored(words, name, np.asarray(values), truth) for name, values in probability.items()]
    return pd.concat(tables, ignore_index=True)


def _scored(words: Mapping[str, list[str]], name: str, values: NDArray[np.float64], truth: list[bool]) -> pd.DataFrame:
    import pandas as pd

    scores = {"brier": brier(values, truth), "log": log_score(values, truth)}
    return pd.DataFrame({**words, "forecast": name, "probability": values, "came_true": truth, **scores})


def rule_scores(
    record: Record, questions: Sequence[Question], size: FitSize, *, starts: Sequence[date] = STARTS,
    folder: Path | None = None, rules: Sequence[str] = RULES,
) -> pd.DataFrame:  # fmt: skip
    """Fit and score each decision rule like the model: does deciding by quantal response with anticipation help?

    Returns a row for each rule: mean `rockets` and `ieds` CRPS over all weeks, mean `brier` and `log` of the questions.
    """
    import pandas as pd

    rows = []
    for rule in rules:
        place = None if folder is None else folder / rule
        forecaster = model(size.worlds, starts=starts, size=size, rule=rule, folder=place)
        weeks = rolling_scores(record, forecaster.weeks, starts, AHEAD, 1).groupby("channel")["crps"].mean()
        asked = question_scores(record, forecaster, questions, starts[-1])
        means = asked[asked["forecast"] == "model"][["brier", "log"]].mean()
        rows.append({"rule": rule, **weeks, **means})
    return pd.DataFrame(rows)
