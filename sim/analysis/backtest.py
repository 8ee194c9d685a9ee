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
from sim.analysis.questions import askable, check_base_rates, load_questions, shares
from sim.analysis.record import Record
from sim.analysis.reference import Progress, Reference, first_day_after, reference
from sim.analysis.rolling import CHANNELS, from_counts, rolling_scores, start_dates
from sim.analysis.scores import brier, log_score
from sim.analysis.summary import FEWEST_DAYS
from sim.drivers.ensemble import Depth, live_chunk
from sim.errors import InputError, require_all
from sim.results.daily_table import DailyTable, daily_from_worlds, weekly
from sim.results.resolve import resolve
from sim.scenario import Scenario, load
from sim.scenario.quantities import LONGEST_HORIZON
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
MOST_DAYS = LONGEST_HORIZON // 7 * 7
"""Most days ahead: whole weeks of the longest scenario."""
OF_QUESTIONS = ("model", "outside_view", "past_frequency", "coin")


@dataclass(frozen=True)
class BacktestSchedule:
    """When forecasts begin, how far they look, and on what they are fitted.

    Attributes:
        starts: mornings on which a forecast begins, each the first day of a week of the record.
        days: days that are forecast from each of them; weeks begun count whole. Questions are asked of the days from
            the last start on.
        scenario: what is lived to fit: a scenario of the months before, which begins on the first day of a week of the
            record. A start after its last day is forecast with the fit on all of it.

    Examples:
        >>> sim.BacktestSchedule(days=30).scenario
        'autumn-2019'
    """

    starts: Sequence[date] = STARTS
    days: int = CASE_DAYS
    scenario: str = BEFORE

    @property
    def weeks(self) -> int:
        """Weeks that are forecast."""
        return -(-self.days // 7)

    def check(self, record: Record) -> None:
        """See that the record can be forecast so, before any world is lived.

        Raises:
            InputError: it cannot; the message says what can.
        """
        lived, mondays = load(self.scenario), [week.week_start for week in record.weeks]
        if lived.start not in mondays:
            raise InputError(
                f"'{lived.name}' begins on {lived.start}, no first day of a week of the record, which has weeks from "
                f"{record.start} up to {record.end}; name another scenario of the months before"
            )
        possible = [day for day in mondays if (day - lived.start).days >= FEWEST_DAYS]
        for start in self.starts:
            if start not in possible:
                raise InputError(f"no forecast can begin on {start}; {_starts_allowed(possible)}")
        left = min((record.end - max(self.starts, default=record.end)).days, MOST_DAYS)
        if not self.starts or not 1 <= self.days <= left:
            raise InputError(f"{self.days} days cannot be scored from the last start date on; allowed: 1..{left}")


def _starts_allowed(possible: Sequence[date]) -> str:
    if not possible:
        return f"the record has no week {FEWEST_DAYS} days after the scenario of the months before begins"
    return (
        f"allowed: first days of weeks of the record, {possible[0]} to {possible[-1]} "
        f"({FEWEST_DAYS} days are needed for a fit)"
    )


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
        """Return the fit on the weeks of a record that its worlds reach, made once for each end."""
        end = min(known.end, first_day_after(self.worlds.scenario))
        if end not in self.fits:
            self.fits[end] = fit(self.worlds, known.before(end), self.size)
        return self.fits[end]

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
    worlds: int = FULL.worlds, *, schedule: BacktestSchedule | None = None, size: FitSize = FULL, rule: str = "",
    folder: Path | None = None, progress: Progress | None = None,
) -> Model:  # fmt: skip
    """Make the forecaster: live its reference table, with statistics up to each start date.

    Args:
        worlds: worlds of the table.
        schedule: start dates it will be asked for, and the scenario it is fitted on.
        size: of the fits.
        rule: decision rule of all actors, instead of the scenario's; it is fitted like the model.
        folder: where to keep the worlds.
        progress: called with the number of worlds lived and asked for.
    """
    plan = schedule or BacktestSchedule()
    scenario = load(plan.scenario)
    policies = dict.fromkeys(scenario.actors, rule) if rule else {}
    if policies:
        scenario = scenario.with_({"policies": policies})
    ends = sorted({min(start, first_day_after(scenario)) for start in plan.starts})
    table = reference(scenario, ends, worlds, folder=folder, progress=progress)
    return Model(table, size, policies=policies)


def backtest(
    record: Record, size: FitSize = FULL, *, schedule: BacktestSchedule | None = None, folder: Path | None = None,
    questions: Path | None = None, progress: Progress | None = None,
) -> Backtest:  # fmt: skip
    """Fit on the weeks before each start date, forecast the weeks after it, and score them beside the baselines.

    Args:
        record: what was reported, before and after.
        size: work of a fit.
        schedule: when forecasts begin and how far they look; that of the published back-test by default.
        folder: where to keep the worlds lived, so that work that was interrupted goes on.
        questions: file of questions, or folder with `questions.csv`; the shipped ones by default.
        progress: called with the number of worlds lived and asked for.

    Raises:
        InputError: the record does not reach as far as the schedule asks, or a question names an unknown base rate.
        MissingExtra: scikit-learn or scoringrules is not installed.

    Examples:
        >>> found = sim.backtest(sim.load_record(), sim.FitSize(4_000, 120))  # doctest: +SKIP
        >>> found.summary()  # doctest: +SKIP
    """
    require_all(NEEDED, "analysis")
    plan, asked = schedule or BacktestSchedule(), load_questions(questions)
    plan.check(record)
    check_base_rates(asked, record)
    if not any(question.days(max(plan.starts), plan.days) for question in asked):
        raise InputError(f"no question can be asked of the {plan.days} days from {max(plan.starts)} on")
    forecaster = model(size.worlds, schedule=plan, size=size, folder=folder, progress=progress)
    weeks = weekly_scores(record, forecaster, plan.starts, ahead=plan.weeks)
    return Backtest(weeks, question_scores(record, forecaster, asked, max(plan.starts), plan.days))


def weekly_scores(
    record: Record, forecaster: Model, starts: Sequence[date] = STARTS, *, ahead: int = AHEAD, seed: int = 1
) -> pd.DataFrame:
    """Score the model, its level without any actor, and every baseline on the `ahead` weeks after each start date.

    Returns the rows of :func:`sim.analysis.rolling.rolling_scores` with a column `forecast`.
    """
    import pandas as pd

    draws = forecaster.size.forecast
    forecasts: dict[str, Any] = {"model": forecaster.weeks, "level": partial(level_alone, draws=draws)}
    forecasts |= {name: from_counts(each, draws) for name, each in FORECASTERS.items()}
    tables = []
    for name, forecast in forecasts.items():
        tables.append(rolling_scores(record, forecast, starts, ahead, seed).assign(forecast=name))
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
        forecaster = model(size.worlds, schedule=BacktestSchedule(starts), size=size, rule=rule, folder=place)
        weeks = rolling_scores(record, forecaster.weeks, starts, AHEAD, 1).groupby("channel")["crps"].mean()
        asked = question_scores(record, forecaster, questions, starts[-1])
        means = asked[asked["forecast"] == "model"][["brier", "log"]].mean()
        rows.append({"rule": rule, **weeks, **means})
    return pd.DataFrame(rows)
