"""Sensitivity: functions with known answers through our code path, then the simulator itself."""

import json
from pathlib import Path

import numpy as np
import pytest
from SALib.test_functions import Ishigami, Sobol_G
from typer.testing import CliRunner

from sim.analysis.evaluate import Moments, exact
from sim.analysis.factors import Factor
from sim.analysis.indicators import Indicator
from sim.analysis.indices import sobol
from sim.analysis.screening import morris
from sim.analysis.sensitivity import Sensitivity, SensitivityPlan, sensitivity
from sim.analysis.tornado import tornado
from sim.cli import app
from sim.errors import InputError
from sim.scenario import load

Y = (Indicator("y", "Y", "units"),)
ANGLES = [Factor(f"x{k}", f"x{k}", -np.pi, np.pi, 0.0) for k in range(1, 4)]
PLACES = [Factor(f"x{k}", f"x{k}", 0.0, 1.0, 0.5) for k in range(1, 9)]
A, B = 7.0, 0.1


def ishigami() -> tuple[list[float], list[float]]:
    """First-order and total indices of the Ishigami function, from its variances in closed form."""
    one = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = one + two + both
    return [one / total, two / total, 0.0], [(one + both) / total, two / total, both / total]


def test_ishigami() -> None:
    first, total = ishigami()
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=1e-4)  # Saltelli et al. (2008), table
    found = sobol(exact(lambda x: Ishigami.evaluate(x, A, B)), ANGLES, Y, points=4096)
    assert found.table["S1"].to_numpy() == pytest.approx(first, abs=0.03)
    assert found.table["ST"].to_numpy() == pytest.approx(total, abs=0.03)
    assert (abs(found.table["S1"] - first) <= found.table["S1_conf"] * 1.5).all()
    assert found.warnings == ()
    assert found.outcomes["luck"].tolist() == [0]


def test_sobol_g() -> None:
    weights = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    found = sobol(exact(lambda x: Sobol_G.evaluate(x, weights)), PLACES, Y, points=4096)
    assert found.table["S1"].to_numpy() == pytest.approx(Sobol_G.sensitivity_index(weights), abs=0.03)
    assert found.table["ST"].to_numpy() == pytest.approx(Sobol_G.total_sensitivity_index(weights), abs=0.03)


def test_screening_of_a_plane_is_exact() -> None:
    """Elementary effects of a linear function are its slopes over the ranges, everywhere."""
    slopes = np.array([3.0, -2.0, 0.0])
    factors = [Factor("a", "a", 0, 10, 5), Factor("b", "b", -1, 1, 0), Factor("c", "c", 0, 1, 0.5)]
    found = morris(exact(lambda x: x @ slopes), factors, Y, trajectories=6)
    assert found.table["mu_star"].to_numpy() == pytest.approx([30, 4, 0])
    assert found.table["mu"].to_numpy() == pytest.approx([30, -4, 0])
    assert found.table["sigma"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)
    assert found.table["share"].sum() == pytest.approx(1)
    assert found.top(2) == ["a", "b"]
    assert found.points == 6 * 4


def test_screening_sees_interaction_and_finds_the_few_among_many() -> None:
    factors = [Factor(f"x{k}", f"x{k}", 0, 1, 0.5) for k in range(60)]
    found = morris(exact(lambda x: 5 * x[:, 7] * x[:, 31] + 2 * x[:, 50] ** 2), factors, Y, trajectories=8)
    assert set(found.top(3)) == {"x7", "x31", "x50"}
    by_path = found.table.set_index("path")
    assert by_path.loc["x7", "sigma"] > 0.5
    assert (by_path["mu_star"] > 1e-9).sum() == 3


def test_a_function_that_never_varies_is_said_so() -> None:
    flat = exact(lambda x: np.ones(len(x)))
    found = sobol(flat, ANGLES, Y, points=8)
    assert (found.table[["S1", "ST", "S1_conf", "ST_conf"]] == 0).all().all()
    assert "the same at every point" in found.warnings[0]
    assert morris(flat, ANGLES, Y, trajectories=8).table["share"].tolist() == [0, 0, 0]


def test_a_sample_too_small_for_the_claim_is_warned_of() -> None:
    found = sobol(exact(lambda x: Ishigami.evaluate(x, A, B)), ANGLES, Y, points=8)
    assert any("interval is wider than the index" in line for line in found.warnings)
    few = morris(exact(lambda x: np.sin(9 * x[:, 0])), ANGLES, Y, trajectories=2)
    assert any("2 trajectories are few" in line for line in few.warnings)


def test_luck_left_in_the_means_is_warned_of() -> None:
    def noisy(points: dict[str, np.ndarray]) -> Moments:
        mean = np.sin(points["x1"])[:, None]
        return Moments(mean, np.full_like(mean, 0.2), 3)

    found = sobol(noisy, ANGLES, Y, points=64)
    assert found.outcomes["luck"][0] == pytest.approx(0.2 / 0.5, rel=0.05)  # the variance of a sine is a half
    assert any("not averaged out" in line and "Y 40 %" in line for line in found.warnings)


def test_samples_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(InputError, match="power of two"):
        sobol(exact(lambda x: x[:, 0]), ANGLES, Y, points=100)
    with pytest.raises(InputError, match="2 trajectories or more"):
        morris(exact(lambda x: x[:, 0]), ANGLES, Y, trajectories=1)
    with pytest.raises(InputError, match="unknown method 'sobool'; did you mean 'sobol'"):
        sensitivity("baghdad-2020", SensitivityPlan(method="sobool"))
    with pytest.raises(InputError, match="at least 1 quantity"):
        sensitivity("baghdad-2020", SensitivityPlan(top=0))


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    plan = SensitivityPlan(("us.*",), ("us_struck", "rockets"), trajectories=2, points=8, worlds=3, top=3)
    return sensitivity("baghdad-2020", plan)


def test_many_quantities_are_screened_first(found: Sensitivity) -> None:
    assert found.screening is not None
    assert found.indices is not None
    assert found.screening.table["path"].nunique() == len(found.factors) > 12
    assert set(found.indices.table["path"]) == set(found.screening.top(3))
    assert found.indices.worlds == 6


def test_few_quantities_need_no_screening() -> None:
    plan = SensitivityPlan(("us.red_line", "us.rationality"), ("us_struck",), points=4, worlds=2)
    told: list[tuple[int, int]] = []
    few = sensitivity("baghdad-2020", plan, progress=lambda done, total: told.append((done, total)))
    assert few.screening is None
    assert few.indices is not None
    assert told[-1] == (plan.lives(2), plan.lives(2)) == (4 * 4 * 4 + 5 * 20,) * 2
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_screening_alone_can_be_asked_for() -> None:
    plan = SensitivityPlan(("us.red_line",), ("us_struck",), method="morris", trajectories=2, worlds=2)
    alone = sensitivity("baghdad-2020", plan)
    assert alone.indices is None
    assert len(alone.sentences()) == 1


def test_what_an_analysis_would_not_use_is_refused() -> None:
    few, many = ("us.red_line",), ("us.*",)
    for plan, why in (
        (SensitivityPlan(few, top=3), "top = 3 would change nothing: 1 quantities"),
        (SensitivityPlan(few, trajectories=4), "trajectories = 4 would change nothing"),
        (SensitivityPlan(many, method="sobol", top=3), "method 'sobol' does not screen"),
        (SensitivityPlan(many, method="morris", points=8), "method 'morris' computes no Sobol' indices"),
    ):
        with pytest.raises(InputError, match=why):
            sensitivity("baghdad-2020", plan)


def test_threads_change_no_result_and_reach_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.drivers import ensemble

    asked: set[int | None] = set()
    real = ensemble.live_tables

    def spying(*given: object) -> object:
        asked.add(given[-1])  # type: ignore[arg-type]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(ensemble, "live_tables", spying)
    plan = SensitivityPlan(("us.red_line",), ("us_struck",), method="morris", trajectories=2, worlds=2)
    one = sensitivity("baghdad-2020", plan, threads=1)
    assert asked == {1}
    assert one.tornado.equals(sensitivity("baghdad-2020", plan, threads=2).tornado)


def test_the_tornado_is_what_compared_scenarios_give() -> None:
    base = load("baghdad-2020")
    wanted = (Indicator("us_struck", "US strike", "share of worlds"),)
    factor = Factor("us.red_line", "Washington's red line", 1, 8, base.values["us.red_line"])
    rows = tornado(base, [factor], wanted, worlds=30)
    from sim.analysis.compare import compare

    for row, value in zip(rows.itertuples(), (1, 8), strict=True):
        compared = compare([base, base.with_({"us.red_line": value})], 30).differences.set_index("outcome")
        assert (row.difference, row.low, row.high) == tuple(compared.loc["us_struck", ["difference", "low", "high"]])
        assert (row.base, row.mean) == tuple(compared.loc["us_struck", ["base", "other"]])


def test_numbers_are_json_and_the_folder_holds_the_figures(found: Sensitivity, tmp_path: Path) -> None:
    target = found.save(tmp_path / "out")
    numbers = json.loads((target / "numbers.json").read_text())
    assert {"screening", "indices", "tornado", "factors", "warnings"} <= set(numbers)
    assert (target / "tornado-rockets.png").exists()
    assert (target / "indices.svg").exists()


def test_the_command() -> None:
    arguments = ["sensitivity", "baghdad-2020", "--vary", "us.red_line", "--outcome", "us_struck"]
    done = CliRunner().invoke(app, [*arguments, "--points", "4", "--worlds", "2", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["indices"][0]["path"] == "us.red_line"
    refused = CliRunner().invoke(app, [*arguments, "--points", "100"])
    assert refused.exit_code == 2
    assert "power of two" in refused.stderr
