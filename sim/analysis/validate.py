"""Everything that says whether the model means anything, in one page: fit, checks, scores, losses, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis import backtest, checks, priors
from sim.analysis.calibrate import CRISIS, FULL, FitSize
from sim.analysis.questions import load_questions
from sim.analysis.record import Record
from sim.analysis.validation_page import page
from sim.errors import require_all
from sim.results.drawing import plots

if TYPE_CHECKING:
    import pandas as pd

Say = Callable[[str], None]


@dataclass(frozen=True)
class Evidence:
    """What was found.

    Attributes:
        record: what was reported.
        size: work of a fit.
        model: the forecaster with its fits.
        parameters: table of :func:`sim.analysis.checks.contraction`.
        predictive: table of :func:`sim.analysis.checks.predictive`.
        ranks: ranks of synthetic records, and the number of draws they are among.
        recovery: table of :func:`sim.analysis.checks.recovery`.
        forecasts: draws of weekly counts by start date and channel.
        weeks: table of :func:`sim.analysis.backtest.weekly_scores`.
        questions: table of :func:`sim.analysis.backtest.question_scores`.
        rules: table of :func:`sim.analysis.backtest.rule_scores`.
    """

    record: Record
    size: FitSize
    model: backtest.Model
    parameters: pd.DataFrame
    predictive: pd.DataFrame
    ranks: NDArray[np.int64]
    recovery: pd.DataFrame
    forecasts: Mapping[date, Mapping[str, NDArray[np.int64]]]
    weeks: pd.DataFrame
    questions: pd.DataFrame
    rules: pd.DataFrame


def validate(
    record: Record, out: Path, *, size: FitSize = FULL, folder: Path | None = None,
    questions: Path | None = None, say: Say | None = None,
) -> Evidence:  # fmt: skip
    """Fit, check, forecast and score; write `validation.md` and its figures.

    Args:
        record: what was reported.
        out: folder of the page; the figures go to `validation` in it.
        size: work of a fit.
        folder: where to keep the worlds lived, so that work that was interrupted goes on.
        questions: folder with `questions.csv`; the shipped ones by default.
        say: called with a line of text before each step.

    Raises:
        InputError: the questions cannot be read, or the folder holds other worlds.
        MissingExtra: scikit-learn or scoringrules is not installed.

    Examples:
        >>> found = sim.validate(sim.load_record(), Path("out"), say=print)  # doctest: +SKIP
    """
    require_all(backtest.NEEDED, "analysis")
    found = gather(record, size, folder, load_questions(questions), say or (lambda _: None))
    draw(found, out / "validation")
    (out / "validation.md").write_text(page(found), encoding="utf-8", newline="\n")
    return found


def gather(record: Record, size: FitSize, folder: Path | None, asked: Any, say: Say) -> Evidence:
    """Do all the work of :func:`validate` but the page."""
    say(f"living {size.worlds:,} worlds of the months before")
    model = backtest.model(size.worlds, size=size, folder=None if folder is None else folder / "model")
    fitted = model.fitted(record.before(CRISIS))
    say(f"fitting {size.synthetic} synthetic records")
    ranked = checks.ranks(model.worlds, CRISIS, size, size.synthetic)
    say(f"forecasting from {len(backtest.STARTS)} start dates")
    rng = np.random.default_rng(1)
    forecasts = {start: model.weeks(record.before(start), backtest.AHEAD, rng) for start in apart(backtest.STARTS)}
    weeks = backtest.weekly_scores(record, model)
    answered = backtest.question_scores(record, model, asked)
    say("fitting and scoring other decision rules")
    rules = backtest.rule_scores(record, asked, size, folder=folder)
    parameters = checks.contraction(fitted)
    predictive = checks.predictive(model.worlds, fitted, CRISIS, size.forecast)
    recovery = checks.recovery(ranked, size.draws)
    return Evidence(
        record, size, model, parameters, predictive, ranked, recovery, forecasts, weeks, answered, rules
    )  # fmt: skip


def apart(starts: Sequence[date]) -> list[date]:
    """Return start dates whose forecasts do not overlap, the last one among them."""
    chosen = [starts[-1]]
    for start in reversed(starts):
        if (chosen[0] - start).days >= 7 * backtest.AHEAD:
            chosen.insert(0, start)
    return chosen


def draw(found: Evidence, folder: Path) -> None:
    """Draw the figures of the page as PNG and SVG."""
    style, fit, back = plots("style"), plots("calibration"), plots("backtest")
    known = found.model.fits[CRISIS]
    size, grid = fit.size(len(priors.NAMES)), fit.grid(len(priors.NAMES))
    sheet(
        style, folder, "posteriors", size, grid, lambda axes: fit.posteriors(known.draws, found.parameters, axes)
    )  # fmt: skip
    sheet(
        style, folder, "predictive", (8.0, 6.6), (1, 1),
        lambda ax: fit.predictive(found.predictive, found.size.forecast, ax),
    )  # fmt: skip
    sheet(
        style, folder, "ranks", size, grid, lambda axes: fit.ranks(found.ranks, found.size.draws, priors.NAMES, axes)
    )  # fmt: skip
    sheet(style, folder, "forecasts", (9.5, 6.0), (2, 1), lambda axes: back.fans(found.record, found.forecasts, axes))
    sheet(
        style, folder, "scores", (9.5, 3.6), (1, 2), lambda axes: back.scores(found.weeks, len(backtest.STARTS), axes)
    )
    sheet(style, folder, "intervals", (9.5, 3.2), (1, 2), lambda axes: back.calibration(found.weeks, axes))
    sheet(
        style,
        folder,
        "questions",
        (8.5, 8.4),
        (1, 1),
        lambda ax: back.questions(found.questions, found.size.forecast, ax),
    )


def sheet(
    style: Any, folder: Path, name: str, size: tuple[float, float], grid: tuple[int, int], fill: Callable[[Any], Any]
) -> None:
    """Make a figure with a grid of panels, let a function fill it, and write it."""
    figure = style.blank(size)
    fill(style.styled(figure.subplots)(*grid))
    style.save(figure, folder, name)
