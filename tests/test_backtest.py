"""The back-test: scenarios of a morning know that morning only, and the scores are those of the forecasts."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_world import A, crisis
from typer.testing import CliRunner

from sim.actions import BY_ID
from sim.analysis.backtest import (
    AHEAD,
    HORIZONS,
    STARTS,
    Backtest,
    BacktestSchedule,
    Model,
    backtest,
    by_horizon,
    question_scores,
    rule_scores,
)
from sim.analysis.calibrate import CRISIS, FitSize
from sim.analysis.origin import at
from sim.analysis.questions import load_questions
from sim.analysis.record import Record, load_record
from sim.analysis.reference import reference
from sim.analysis.rolling import CHANNELS, read_starts, rolling_scores
from sim.analysis.validate import apart, validate
from sim.cli import app
from sim.errors import InputError
from sim.rules.perceive import shift_resolve
from sim.rules.proceed import fade
from sim.scenario import load

SMALL = FitSize(worlds=150, accepted=30, draws=30, synthetic=10, forecast=200)
EARLY, LATE = date(2020, 6, 22), date(2020, 11, 16)


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


@pytest.fixture(scope="module")
def forecaster() -> Model:
    return Model(reference(load("autumn-2019"), STARTS, SMALL.worlds), SMALL)


@pytest.mark.parametrize("origin", [*STARTS, LATE])
def test_a_scenario_of_a_morning_knows_no_more(record: Record, origin: date) -> None:
    """Whatever happens from that morning on, the scenario is the same."""
    assert at(record, origin, 91) == at(record.before(origin), origin, 91)


def test_what_a_morning_knows(record: Record) -> None:
    """The evening of 28 September: warned, 5,300 troops that will be 3,000, no truce, Sadr's plea still in force."""
    crisis = at(record, CRISIS, 91)
    assert crisis.values["embassy.stage"] == 1
    assert crisis.values["forces.troops"] == 5300
    assert crisis.calendar.troop_steps == ((date(2020, 9, 30), 3000.0),)
    assert crisis.values["truce.on"] == 0
    assert crisis.values["baghdad.plea_days"] == 10
    assert crisis.values["economy.waiver_days"] == 55
    assert crisis.calendar.election == date(2020, 11, 3)
    early = at(record, EARLY, 91)
    assert early.values["embassy.stage"] == 0
    assert early.calendar.election is None
    assert early.calendar.troop_steps == ()
    assert at(record, LATE, 41).values["truce.on"] == 1


def test_believed_rates_are_means_of_the_days_before(record: Record) -> None:
    """Attacks of the record, bombs at their weight, each day counting half as much as one a half-life later."""
    values = at(record, CRISIS, 91).values
    weights = {"mi.salvo": 1.0, "mi.barrage": 1.0, "mi.convoy_ied": values["perception.ied_weight"]}
    days = (CRISIS - record.start).days
    for name, half_life in (("rate_now", "rate"), ("rate_reference", "reference")):
        lasting = values[f"perception.{half_life}_half_life"]
        attacks = [
            event.count * weights[event.act] * 2 ** (-(CRISIS - event.date).days / lasting)
            for event in record.events
            if event.act in weights and event.date < CRISIS
        ]
        whole = sum(2 ** (-(age + 1) / lasting) for age in range(days))
        assert values[f"perception.{name}"] == pytest.approx(sum(attacks) / whole)
    assert 0.5 < values["perception.rate_now"] / values["perception.rate_reference"] < 2
    left = sum(values[f"militias.{group.id}.recent_ieds"] for group in load("baghdad-2020").groups)
    assert left > 0
    assert all(value == 0 for path, value in at(record, EARLY, 91).values.items() if path.endswith("recent_ieds"))


@pytest.mark.parametrize("origin", [date(2020, 1, 13), EARLY, CRISIS])
def test_resolve_is_replayed_by_the_rules_that_move_it(record: Record, origin: date) -> None:
    """Day by day through the record: what Washington did moves the belief, the night lets it fade."""
    values = at(record, origin, 91).values
    names = ("signals.weight", "signals.resolve_usual", "signals.resolve_half_life")
    c = crisis({"signals.resolve": values["signals.resolve_usual"], **{name: values[name] for name in names}})
    for day in range((origin - record.start).days):
        for event in record.events:
            if event.actor == "us" and event.act and event.date == record.start + timedelta(days=day):
                shift_resolve(c, A, BY_ID[event.act].signal)
        fade(c)
    assert values["signals.resolve"] == pytest.approx(min(0.95, max(0.05, c.actors[A].us_resolve)))


def test_a_morning_before_the_record_is_refused(record: Record) -> None:
    with pytest.raises(InputError, match="no week"):
        at(record, record.start, 91)


def test_a_channel_not_yet_open_stays_closed(record: Record, forecaster: Model) -> None:
    early = forecaster.weeks(record.before(EARLY), AHEAD, np.random.default_rng(0))
    late = forecaster.weeks(record.before(CRISIS), AHEAD, np.random.default_rng(0))
    assert {channel: counts.shape for channel, counts in late.items()} == dict.fromkeys(CHANNELS, (200, AHEAD))
    assert early["ieds"].sum() == 0
    assert early["rockets"].sum() > 0
    assert late["ieds"].sum() > 0


def test_a_forecast_is_fitted_on_the_weeks_before_it(record: Record, forecaster: Model) -> None:
    """A forecast for June is the same whether or not the record goes on."""
    known = record.before(EARLY)
    twin = Model(forecaster.worlds, SMALL)
    seen: list[date] = []

    def forecast(past: Record, ahead: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        seen.append(past.end)
        return twin.weeks(past, ahead, rng)

    rolling_scores(record, forecast, [EARLY], 3, seed=1)
    assert seen == [EARLY]
    rng = np.random.default_rng(0)
    assert np.array_equal(twin.weeks(known, 3, rng)["rockets"], forecaster.weeks(known, 3, rng)["rockets"])


def test_questions_are_scored_beside_the_outside_view(record: Record, forecaster: Model) -> None:
    table = question_scores(record, forecaster, load_questions())
    assert table.groupby("forecast").size().to_dict() == dict.fromkeys(
        table["forecast"].unique(), len(load_questions())
    )
    assert len(load_questions()) >= 15
    coin = table[table["forecast"] == "coin"]
    assert coin["brier"].tolist() == [0.25] * len(coin)
    model = table[table["forecast"] == "model"]
    assert model["brier"].to_numpy() == pytest.approx((model["probability"] - model["came_true"]).to_numpy() ** 2)


def test_a_back_test_scores_all_by_the_same_weeks(record: Record, tmp_path: Path) -> None:
    found = backtest(record, SMALL, folder=tmp_path)
    sizes = found.weeks.groupby(["forecast", "channel"]).size()
    assert sizes.nunique() == 1
    assert sizes.iloc[0] == len(STARTS) * AHEAD
    assert list(by_horizon(found.weeks).columns) == list(HORIZONS)
    summary = found.summary()
    for measure, rows in summary.groupby("measure"):
        assert rows["mean"].is_monotonic_increasing, measure
    own = found.weeks[(found.weeks["forecast"] == "model") & (found.weeks["channel"] == "rockets")]["crps"].mean()
    shown = summary[(summary["measure"] == "CRPS rockets") & (summary["forecast"] == "model")]["mean"].item()
    assert shown == pytest.approx(own)


def plain_record(folder: Path, weeks: int = 20) -> Path:
    """A record of another period in the columns of the shipped one, with nothing but weeks and events."""
    first = date(2018, 4, 30)
    head = "week_start,phase,rockets,rockets_low,rockets_high,ieds,ieds_low,ieds_high,source,note"
    days = [first + timedelta(days=7 * k) for k in range(weeks)]
    rows = [f"{day},,{k % 2},0,2,0,0,1,by hand," for k, day in enumerate(days)]
    (folder / "weekly.csv").write_text("\n".join([head, *rows]) + "\n")
    events = [f"{day},militia:unattributed,rocket_attack,mi.salvo,1,by hand" for day in days[1::2]]
    (folder / "events.csv").write_text("\n".join(["date,actor,action,act,n_attacks,source", *events]) + "\n")
    (folder / "before.yaml").write_text("extends: autumn-2019\nstart: 2018-04-30\nhorizon: 98\nevents: []\n")
    return folder


def test_another_record_start_horizon_and_questions(tmp_path: Path) -> None:
    """Starts within and after the months that are fitted; the level alone and the baselines see the same weeks."""
    folder = plain_record(tmp_path)
    asked = tmp_path / "mine.csv"
    asked.write_text("id,text,measure,statistic,comparison,threshold\nany,Any?,rockets,total,>=,1\n")
    plan = BacktestSchedule((date(2018, 7, 2), date(2018, 8, 20)), 20, str(folder / "before.yaml"))
    found = backtest(load_record(folder), SMALL, schedule=plan, questions=asked)
    assert set(found.weeks["start"]) == set(plan.starts)
    assert set(found.weeks["week_ahead"]) == {1, 2, 3}
    assert set(found.questions["question"]) == {"any"}
    assert found.questions["came_true"].all()


def test_a_start_after_the_months_before_is_forecast_with_their_whole_fit(record: Record, forecaster: Model) -> None:
    late = forecaster.fitted(record.before(LATE))
    assert late is forecaster.fitted(record.before(CRISIS))


FAULTS = {
    "no monday": ({"starts": (date(2020, 6, 23),)}, r"no forecast can begin on 2020-06-23; allowed:.*2019-11-25 to"),
    "too early": ({"starts": (date(2019, 11, 4),)}, r"no forecast can begin on 2019-11-04; allowed:.*2019-11-25 to"),
    "none": ({"starts": ()}, "start date"),
    "too far": ({"days": 92}, r"92 days cannot be scored from the last start date on; allowed: 1\.\.91"),
    "no day": ({"days": 0}, r"allowed: 1\.\.91"),
    "months before": (
        {"scenario": "january-2020"},
        r"'january-2020' begins on .*, no first day of a week",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_scored_is_refused_before_a_world_is_lived(
    record: Record, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.analysis.backtest.reference", None)
    changes, message = FAULTS[fault]
    with pytest.raises(InputError, match=message):
        backtest(record, SMALL, schedule=BacktestSchedule(**changes))


def test_questions_are_looked_at_before_a_world_is_lived(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.analysis.backtest.reference", None)
    asked, head = tmp_path / "mine.csv", "id,text,measure,statistic,comparison,threshold,opens,base_rates\n"
    for row, message in (
        ("a,A?,rocket,total,>=,1,,", r"mine\.csv, line 2, column 'measure'.*did you mean 'rockets'"),
        ("a,A?,rockets,total,>=,1,,us_strike", "unknown base rate 'us_strike'; did you mean 'us_strikes'"),
        ("a,A?,rockets,total,>=,1,2021-10-01,", "no question can be asked of the 90 days from 2020-09-28 on"),
        ("", "mine.csv: holds no question"),
    ):
        asked.write_text(head + row + "\n" * bool(row))
        with pytest.raises(InputError, match=message):
            backtest(record, SMALL, questions=asked)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("2020-11-09, 2020-10-12", ["2020-10-12", "2020-11-09"]),
        ("2020-08-03:2020-09-28:4", ["2020-08-03", "2020-08-31", "2020-09-28"]),
        ("2020-13-01", None),
        ("2020-09-28:2020-08-03:4", None),
        ("2020-08-03:2020-09-28:0", None),
        ("", None),
    ],
)
def test_start_dates_from_a_text(text: str, starts: list[str] | None) -> None:
    if starts is None:
        with pytest.raises(InputError, match="no list of start dates; allowed: dates as"):
            read_starts(text)
    else:
        assert [str(day) for day in read_starts(text)] == starts


def test_the_command_takes_starts_questions_horizon_and_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's folder needs no questions of its own; what it has is asked unless another file is named."""
    seen: list[tuple[Any, ...]] = []
    row = pd.DataFrame({"channel": ["rockets"], "forecast": ["model"], "crps": [1.0], "brier": [1.0], "log": [1.0]})
    shown = Backtest(row, row)

    def score(record: Record, _size: FitSize, **given: Any) -> Backtest:
        seen.append((record.start, given["schedule"].starts, given["schedule"].days, given["questions"]))
        return shown

    monkeypatch.setattr("sim.analysis.backtest.backtest", score)
    folder = plain_record(tmp_path)
    line = ["backtest", "--record", str(folder), "--starts", "2018-07-02", "--horizon", "20", "--quick"]
    assert CliRunner().invoke(app, line).exit_code == 0
    (folder / "questions.csv").write_text("")
    assert CliRunner().invoke(app, line).exit_code == 0
    assert CliRunner().invoke(app, [*line, "--questions", "other.csv"]).exit_code == 0
    assert [each[3] for each in seen] == [None, folder / "questions.csv", Path("other.csv")]
    assert {each[:3] for each in seen} == {(date(2018, 4, 30), (date(2018, 7, 2),), 20)}
    refused = CliRunner().invoke(app, ["backtest", "--starts", "soon"])
    assert refused.exit_code == 2
    assert "'soon' is no list of start dates" in refused.stderr


def test_passive_actors_do_nothing(record: Record) -> None:
    """Scored like the model, a rule by which nobody acts forecasts no attack."""
    table = rule_scores(record, load_questions()[:3], SMALL, starts=[CRISIS], rules=("passive",))
    weeks = record.since(CRISIS).weeks[:AHEAD]
    assert table["rockets"].item() == pytest.approx(np.mean([week.rockets for week in weeks]))


def test_forecasts_drawn_together_do_not_overlap() -> None:
    chosen = apart(STARTS)
    assert chosen[-1] == CRISIS
    assert min((later - earlier).days for earlier, later in pairwise(chosen)) >= 7 * AHEAD


@pytest.mark.slow
def test_the_page_says_what_was_found(record: Record, tmp_path: Path) -> None:
    found = validate(record, tmp_path, size=SMALL)
    text = (tmp_path / "validation.md").read_text()
    brier = found.questions[found.questions["forecast"] == "model"]["brier"].mean()
    assert f"| mean Brier score | below a coin (0.25) | {brier:.3f}".rstrip("0") in text
    for picture in [line for line in text.splitlines() if line.startswith("![")]:
        assert (tmp_path / picture.split("(")[1].rstrip(")")).stat().st_size > 5000
    for question in load_questions():
        assert question.asked(CRISIS, 90) in text
