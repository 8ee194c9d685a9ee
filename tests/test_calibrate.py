"""The fit: it sees nothing of the crisis, recovers what it does not know, and goes on after a stop."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.analysis import priors
from sim.analysis.adjust import adjusted, systematic
from sim.analysis.backtest import STARTS
from sim.analysis.calibrate import CRISIS, FitSize, calibrate, fit, fit_observed, write
from sim.analysis.checks import contraction, predictive, ranks, recovery
from sim.analysis.record import SHIPPED, Record, load_record
from sim.analysis.reference import Reference, reference
from sim.analysis.summary import STATISTICS
from sim.analysis.yardstick import exactly, observe, yardstick
from sim.drivers.ensemble import live_chunk
from sim.errors import InputError
from sim.scenario import load

SMALL = FitSize(worlds=200, accepted=40, draws=50, synthetic=20, forecast=100)


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


@pytest.fixture(scope="module")
def worlds() -> Reference:
    scenario = load("autumn-2019")
    return reference(scenario, [date(2020, 3, 2), CRISIS], SMALL.worlds)


def poisoned(folder: Path) -> Path:
    """A copy of the record in which every cell but the date is unreadable from the first day of the crisis on."""
    for source in SHIPPED.glob("*.csv"):
        head, *rows = source.read_text(encoding="utf-8").splitlines()
        day = "week_start" if source.name == "weekly.csv" else "date"
        if day in head.split(","):
            at = head.split(",").index(day)
            bad = ",".join("?" for _ in head.split(","))
            rows = [row if row.split(",")[at] < CRISIS.isoformat() else _with(bad, at, row) for row in rows]
        (folder / source.name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


def _with(bad: str, at: int, row: str) -> str:
    cells = bad.split(",")
    cells[at] = row.split(",")[at]
    return ",".join(cells)


def test_the_fit_cannot_see_the_crisis(tmp_path: Path, record: Record, worlds: Reference) -> None:
    """Rows of the crisis that nobody could read, and rows that would turn everything round, change nothing."""
    folder = poisoned(tmp_path)
    with pytest.raises(InputError):
        load_record(folder)
    blind = fit(worlds, load_record(folder, before=CRISIS), SMALL)
    sighted = fit(worlds, record.before(CRISIS), SMALL)
    assert np.array_equal(blind.draws, sighted.draws)


def test_calibrate_cuts_the_record_itself(record: Record) -> None:
    whole = calibrate(record, FitSize(60, 20, 10))
    cut = calibrate(record.before(CRISIS), FitSize(60, 20, 10))
    assert np.array_equal(whole.draws, cut.draws)
    assert whole.stick.observed.best[STATISTICS.index("truce_days")] == 0  # the truce came after


def test_priors_reach_every_group_and_stay_in_range() -> None:
    scenario = load("autumn-2019")
    values = priors.draw(30, np.random.default_rng(0))
    low, high = (np.array([getattr(prior, end) for prior in priors.PRIORS]) for end in ("low", "high"))
    assert ((values >= low) & (values <= high)).all()
    assert np.allclose(priors.off_scale(priors.on_scale(values)), values)
    points = priors.points(scenario, values)
    for group in scenario.groups:
        factor = values[:, priors.NAMES.index("rocket_rate")]
        own = scenario.values[f"militias.{group.id}.rocket_rate"]
        assert np.allclose(points[f"militias.{group.id}.rocket_rate"], np.clip(factor * own, 0, 1))
    live_chunk(scenario, 0, 3, "daily", points={path: column[:3] for path, column in points.items()})


def test_bounds_of_the_record_soften_deviations_upwards(record: Record) -> None:
    observed = observe(record.before(CRISIS).since(date(2019, 10, 28)))
    column = STATISTICS.index("rockets_mean_1")
    assert observed.low[column] < observed.best[column] < observed.high[column]
    stick = yardstick(observed, np.stack([observed.best, observed.best * 1.1 + 0.1]))
    more, less = observed.best.copy(), observed.best.copy()
    more[column] = (np.sqrt(observed.best[column]) + 0.2) ** 2
    less[column] = (np.sqrt(observed.best[column]) - 0.2) ** 2
    far_above, far_below = stick.distance(np.stack([more, less]))
    assert 0 < far_above < far_below
    assert stick.of(exactly(observed.best)).distance(more[np.newaxis])[0] > far_above


def test_adjustment_removes_a_linear_bias() -> None:
    rng = np.random.default_rng(0)
    deviation = rng.normal(size=(400, 1))
    logit = 0.5 + 0.8 * deviation + rng.normal(scale=0.1, size=(400, 1))
    place = 1 / (1 + np.exp(-logit))
    moved = adjusted(2 + 3 * place, np.ones(400), deviation, np.array([[2.0, 5.0]]))
    back = np.log((moved - 2) / (5 - moved))
    assert back.mean() == pytest.approx(0.5, abs=0.05)
    assert back.std() < 0.2


def test_adjustment_stops_where_no_world_has_been() -> None:
    """All worlds lie far above the record: they are moved to their own lower edge, not beyond it."""
    rng = np.random.default_rng(0)
    deviation = 10 + rng.normal(size=(400, 1))
    place = 1 / (1 + np.exp(-(0.8 * (deviation - 10))))
    moved = adjusted(place, np.ones(400), deviation, np.array([[0.0, 1.0]]))
    assert np.quantile(place, 0.02) < moved.mean() < np.quantile(place, 0.3)


def test_draws_follow_the_weights() -> None:
    rows = systematic(np.array([0.5, 0.25, 0.25, 0.0]), 8, np.random.default_rng(0))
    assert np.bincount(rows, minlength=4).tolist() == [4, 2, 2, 0]


def test_a_world_cut_short_is_a_world(worlds: Reference) -> None:
    """Statistics up to an earlier date are those of a scenario that ends there."""
    early = worlds.ends[0]
    scenario = load("autumn-2019")
    short = scenario.with_({"horizon": (early - scenario.start).days, "events": []})
    alone = reference(short, [early], 20)
    assert np.array_equal(alone.up_to(early), worlds.up_to(early)[:20])
    with pytest.raises(InputError, match="speaks of the days before"):
        worlds.up_to(date(2020, 5, 1))


def test_an_interrupted_table_goes_on(tmp_path: Path) -> None:
    scenario = load("autumn-2019").with_({"horizon": 35, "events": []})
    end = scenario.start + timedelta(days=35)

    class Stop(Exception):  # noqa: N818 - it is no error
        pass

    def stop(done: int, _total: int) -> None:
        if done == 500:
            raise Stop

    with pytest.raises(Stop):
        reference(scenario, [end], 1200, folder=tmp_path, progress=stop)
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    resumed = reference(scenario, [end], 1200, folder=tmp_path)
    assert len(kept) == 1
    assert all((tmp_path / name).stat().st_mtime_ns == when for name, when in kept.items())
    assert np.array_equal(resumed.statistics, reference(scenario, [end], 1200).statistics)
    with pytest.raises(InputError, match="name another folder"):
        reference(scenario, [end], 500, seed=2, folder=tmp_path)


def test_the_method_recovers_what_moves_the_statistics(worlds: Reference) -> None:
    """Synthetic records: the fitted rate follows the true one, and its interval holds it about as often as it says."""
    column = priors.NAMES.index("ied_rate")
    rng = np.random.default_rng(0)
    truth, found = [], []
    for row in range(0, 60, 3):
        result = fit_observed(worlds, CRISIS, exactly(worlds.up_to(CRISIS)[row]), SMALL, rng)
        truth.append(np.log(worlds.values[row, column]))
        found.append(np.log(result.draws[:, column]).mean())
    assert np.corrcoef(truth, found)[0, 1] > 0.5
    ranked = ranks(worlds, CRISIS, SMALL, 40)
    assert ranked.shape == (40, len(priors.PRIORS))
    assert ranked.min() >= 0
    assert ranked.max() <= SMALL.draws
    assert recovery(ranked, SMALL.draws)["covered"].mean() > 0.7


def test_recovery_tells_uniform_ranks_from_others() -> None:
    rng = np.random.default_rng(0)
    ranked = rng.integers(0, 101, size=(400, len(priors.PRIORS)))
    ranked[:, 0] //= 3  # posterior far too high
    table = recovery(ranked, 100)
    assert table["uniform"][0] < 1e-6
    assert table["uniform"][1:].min() > 1e-4
    assert table["covered"][1:].mean() == pytest.approx(0.9, abs=0.02)


def test_tables_of_a_fit(record: Record, worlds: Reference) -> None:
    found = fit(worlds, record.before(CRISIS), SMALL)
    assert (contraction(found)["contraction"] <= 1).all()
    checked = predictive(worlds, found, CRISIS, 20)
    assert (checked["low"] <= checked["median"]).all()
    assert ((checked["tail"] >= 0) & (checked["tail"] <= 1)).all()


def test_a_scenario_draws_from_the_file(tmp_path: Path, record: Record, worlds: Reference) -> None:
    found = fit(worlds, record.before(CRISIS), SMALL)
    write(found, record, tmp_path / "posterior.parquet")
    (tmp_path / "mine.yaml").write_text("extends: baghdad-2020\nparameters: posterior.parquet\n")
    scenario = load(tmp_path / "mine.yaml")
    assert scenario.posterior is not None
    assert scenario.posterior.draws == SMALL.draws
    assert np.isin(found.draws[:, priors.NAMES.index("us_calm")], scenario.posterior.columns["us.weight_calm"]).all()
    live_chunk(scenario, 0, 5, "daily")


def test_a_record_of_another_period_is_refused(record: Record, worlds: Reference) -> None:
    with pytest.raises(InputError, match="no first day of a week recorded"):
        fit(worlds, record.since(date(2020, 1, 6)).before(CRISIS), SMALL)
    assert STARTS[-1] == CRISIS
