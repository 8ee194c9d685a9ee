"""Uncertainty apart: variances that are known, sums that are exact, and the simulator itself."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.analysis import uncertainty_text
from sim.analysis.indicators import indicators
from sim.analysis.structures import PLAUSIBLE, structures
from sim.analysis.uncertainty import Uncertainty, UncertaintyLayout, _draws, _lived, uncertainty
from sim.analysis.uncertainty_text import whole_percents
from sim.analysis.variance import Parts, bootstrap, parts
from sim.cli import app
from sim.errors import InputError
from sim.scenario import load


def cells(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Means and variances of (structures, draws, worlds) values."""
    return values.mean(axis=2), values.var(axis=2, ddof=1), values.shape[2]


def additive(sizes: tuple[int, int, int], spreads: tuple[float, float, float], seed: int = 1) -> np.ndarray:
    """Structure plus parameters plus luck, each with its own standard deviation."""
    rng = np.random.default_rng(seed)
    shape = ((sizes[0], 1, 1), (1, sizes[1], 1), sizes)
    parts = [spread * rng.normal(size=size) for spread, size in zip(spreads, shape, strict=True)]
    parts[0] = (parts[0] - parts[0].mean()) / max(parts[0].std(), 1e-12) * spreads[0]
    return sum(parts)  # type: ignore[return-value]


def test_known_variances_are_found() -> None:
    found = parts(*cells(additive((8, 2000, 5), (2.0, 1.0, 3.0))))
    assert found.luck == pytest.approx(9, rel=0.03)
    assert found.parameters == pytest.approx(1, rel=0.15)
    assert found.structure == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize("alone", [0, 1, 2])
def test_a_single_source_is_named_alone(alone: int) -> None:
    spreads = [0.0, 0.0, 0.0]
    spreads[alone] = 1.0
    luck, parameters, structure = parts(*cells(additive((5, 400, 6), tuple(spreads)))).shares  # type: ignore[arg-type]
    assert (structure, parameters, luck)[alone] > 0.99


def test_few_worlds_do_not_pass_for_parameters() -> None:
    """Of luck alone, means of few worlds differ; 200 small samples find no parameters on average, and no structure."""
    found = [parts(*cells(additive((4, 20, 3), (0, 0, 1), seed))) for seed in range(200)]
    naive = np.mean(
        [additive((4, 20, 3), (0, 0, 1), seed).mean(axis=2).var(axis=1, ddof=1).mean() for seed in range(200)]
    )
    assert naive > 0.3
    assert np.mean([each.parameters for each in found]) < 0.06
    assert np.mean([each.structure for each in found]) < 0.02


def test_the_total_is_that_of_a_world_of_which_nothing_is_known() -> None:
    values = additive((10, 3000, 4), (1.5, 1.0, 2.0))
    assert parts(*cells(values)).total == pytest.approx(values.var(), rel=0.02)


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_parts_and_shares_sum_exactly(numbers: list[float]) -> None:
    found = Parts(*numbers)
    assert found.total == found.luck + found.parameters + found.structure
    luck, parameters, structure = found.shares
    assert luck + parameters + structure == pytest.approx(1.0 if found.total else 0.0, abs=1e-15)


@given(st.lists(st.floats(0.001, 1e3), min_size=3, max_size=3))
def test_printed_percents_sum_to_a_hundred(numbers: list[float]) -> None:
    shares = Parts(*numbers).shares
    percents = whole_percents(shares)
    assert sum(percents) == 100
    assert all(abs(percent - 100 * share) < 1 for percent, share in zip(percents, shares, strict=True))


def test_nothing_varies() -> None:
    still = parts(np.ones((3, 4)), np.zeros((3, 4)), 5)
    assert still.shares == (0, 0, 0)
    assert whole_percents(still.shares) == [0, 0, 0]


def test_intervals_hold_the_truth() -> None:
    values = additive((5, 150, 4), (1.0, 1.0, 1.0))
    spans = bootstrap(*cells(values))
    for (low, high), truth in zip(spans, (1 / 3,) * 3, strict=True):
        assert low - 0.05 <= truth <= high + 0.05
    assert spans.shape == (3, 2)


def test_structures_are_every_combination() -> None:
    base = load("baghdad-2020")
    found = structures(base)
    sizes = [sum(share > 0 for share in mixture.values()) for mixture in base.mindsets.values()]
    assert len(found) == len(PLAUSIBLE) * np.prod(sizes) > len(PLAUSIBLE)
    assert len({each.name for each in found}) == len(found)
    assert {each.rule for each in found} == set(PLAUSIBLE)
    assert sum(each.weight for each in found) == pytest.approx(len(PLAUSIBLE))
    with pytest.raises(InputError, match="unknown rule 'quantall'; did you mean 'quantal'"):
        structures(load("baghdad-2020"), ["quantall"])


def test_a_mixture_of_the_scenario_gives_the_weights() -> None:
    mixture = {"default": 0.7, "washington-caution": 0.3}
    mixed = load("baghdad-2020").with_({"us.mindset": "default"}).with_({"mindsets": {"us": mixture}})
    found = structures(mixed, ["quantal"])
    assert {each.mindsets["us"] for each in found} == set(mixture)
    assert sum(each.weight for each in found) == pytest.approx(1)
    own = sum(each.weight for each in found if each.mindsets["us"] == "default")
    assert own == pytest.approx(0.7)


def test_weights_count_structures_as_often_as_they_say() -> None:
    """A structure of weight two is one that stands twice."""
    values = additive((3, 400, 5), (1.0, 0.5, 1.0))
    twice = parts(*cells(values[[0, 0, 1, 2]]))
    weighted = parts(*cells(values), np.array([0.5, 0.25, 0.25]))
    assert (weighted.luck, weighted.parameters) == (pytest.approx(twice.luck), pytest.approx(twice.parameters))
    assert weighted.structure == pytest.approx(twice.structure, rel=0.02)


def test_an_actor_of_one_mindset_keeps_it() -> None:
    plain = load("baghdad-2020").with_({f"{actor}.mindset": "default" for actor in ("us", "iran", "iraq")})
    assert [each.name for each in structures(plain)] == ["quantal", "expected utility"]
    cautious = plain.with_({"us.mindset": "washington-caution"})
    assert {each.scenario.mindsets["us"].get("washington-caution") for each in structures(cautious)} == {1.0}


def test_mindsets_that_the_scenario_defines_count() -> None:
    base = load("baghdad-2020")
    calm = {"calm-sadr": {"actor": "sadr", "weight_calm": 2.0}}
    more = base.with_({"define_mindsets": calm, "mindsets.sadr": {"calm-sadr": 0.5, "default": 0.5}})
    assert len(structures(more)) == 2 * len(structures(base))


def test_a_rule_that_the_scenario_states_holds_in_every_structure() -> None:
    still = load("baghdad-2020").with_({"policies.us": "passive"})
    found = structures(still)
    assert {each.scenario.policies["us"] for each in found} == {"passive"}
    assert {each.scenario.policies["iran"] for each in found} == set(PLAUSIBLE)
    done = uncertainty(still, UncertaintyLayout(("sadr.rationality",), ("us_struck", "rockets"), draws=2, worlds=2))
    assert done.table.set_index("outcome").loc["us_struck", "mean"] == 0
    assert "in every structure, as the scenario states: us passive" in uncertainty_text.rests_on(done)
    all_still = still.with_({f"policies.{actor}": "passive" for actor in still.actors})
    assert [each.rule for each in structures(all_still)][:1] == ["as stated"]
    with pytest.raises(InputError, match="states the decision rule of every actor, so --rule would change nothing"):
        structures(all_still, ["quantal"])
    with pytest.raises(InputError, match="--rule quantal is given twice"):
        structures(still, ["quantal", "quantal"])


SMALL = UncertaintyLayout(("us.red_line", "us.rationality"), ("us_struck", "rockets"), ("quantal",), draws=3, worlds=2)


@pytest.fixture(scope="module")
def found() -> Uncertainty:
    return uncertainty("baghdad-2020", SMALL)


def test_the_parts_of_the_simulator_sum_to_the_whole(found: Uncertainty) -> None:
    for row in found.table.itertuples():
        assert row.total == row.luck + row.parameters + row.structure
        assert row.luck_share + row.parameters_share + row.structure_share == pytest.approx(1)
    assert found.worlds == len(found.by_structure) * 6
    assert found.source == "ranges"
    assert found.drawn == 2


def test_the_table_is_what_lived_worlds_give(found: Uncertainty) -> None:
    """One structure lived by hand: all actors' own numbers, the same draws, worlds 0 to 5."""
    from scipy.stats.qmc import LatinHypercube

    from sim.analysis.factors import factors_of, points_of
    from sim.drivers.ensemble import live_chunk

    base = load("baghdad-2020")
    units = LatinHypercube(2, rng=np.random.default_rng(SMALL.seed)).random(3)
    points = {path: np.repeat(values, 2) for path, values in points_of(factors_of(base, SMALL.vary), units).items()}
    points |= {f"{actor}.mindset": np.full(6, "default") for actor in ("us", "iran", "iraq")}
    outcomes = live_chunk(base, 0, 6, "outcomes", None, points).outcomes
    own = found.by_structure.query("us == 'default' and iran == 'default' and iraq == 'default'")
    assert own["rockets"].item() == pytest.approx(outcomes["rockets"].mean())
    assert own["us_struck"].item() == pytest.approx(outcomes["us_struck"].mean())


def test_own_distributions_are_drawn_from() -> None:
    drawn = load("baghdad-2020").with_({"us.rationality": {"uniform": [4, 9]}})
    found = uncertainty(drawn, UncertaintyLayout(outcomes=("rockets",), rules=("quantal",), draws=2, worlds=2))
    assert (found.source, found.drawn) == ("scenario", 1)


def test_distributions_and_ranges_combine_or_are_refused() -> None:
    drawn = load("baghdad-2020").with_({"us.rationality": {"uniform": [4, 9]}})
    source, points = _draws(drawn, UncertaintyLayout(("us.red_line",), draws=5, width=0.5))
    assert source == "both"
    assert set(points) == {"us.red_line", "us.rationality"}
    assert ((points["us.rationality"] >= 4) & (points["us.rationality"] <= 9)).all()
    source, points = _draws(drawn, UncertaintyLayout(("us.rationality",), draws=40))
    assert source == "ranges"  # what is varied is drawn over its range, not from its distribution
    assert points["us.rationality"].min() < 4
    assert _draws(drawn, UncertaintyLayout(source="ranges", draws=3))[0] == "ranges"
    with pytest.raises(InputError, match="--width would change nothing"):
        _draws(drawn, UncertaintyLayout(width=0.5))
    with pytest.raises(InputError, match="--vary and --width would change nothing"):
        _draws(drawn, UncertaintyLayout(("us.red_line",), source="scenario"))


def test_a_mindset_holds_beside_a_draw_of_the_number_it_replaces() -> None:
    """Washington's weights are drawn over their ranges, and max pressure is still max pressure."""
    minded = load("baghdad-2020").with_({"mindsets.us": {"default": 0.5, "washington-max-pressure": 0.5}})
    draw = {"us.weight_calm": np.full(12, 0.0)}
    wanted = indicators(["us_struck", "rockets", "severity"])
    by_mind = {each.mindsets["us"]: each for each in structures(minded, ["quantal"])}
    pressed = by_mind["washington-max-pressure"]
    assert (
        _lived(pressed, draw, wanted, None) == _lived(pressed, {"us.weight_calm": np.full(12, 2.0)}, wanted, None)
    ).all()
    own = by_mind["default"]
    assert (_lived(own, draw, wanted, None) != _lived(own, {"us.weight_calm": np.full(12, 2.0)}, wanted, None)).any()


def test_a_posterior_is_drawn_by_rows(tmp_path: Path) -> None:
    """Columns of a posterior stay together: where one is at its top, so is the other."""
    rows = pd.DataFrame({"us.rationality": [2.0, 6.0, 9.0], "us.red_line": [1.0, 2.0, 3.0]})
    rows.to_parquet(tmp_path / "posterior.parquet")
    text = (
        "extends: baghdad-2020\nparameters: posterior.parquet\n"
        "us: {rationality: {posterior: us.rationality}, red_line: {posterior: us.red_line}}\n"
    )
    (tmp_path / "fitted.yaml").write_text(text)
    fitted = load(tmp_path / "fitted.yaml")
    source, drawn = _draws(fitted, UncertaintyLayout(draws=30))
    pairs = set(zip(drawn["us.rationality"], drawn["us.red_line"], strict=True))
    assert source == "scenario"
    assert pairs == {(2.0, 1.0), (6.0, 2.0), (9.0, 3.0)}
    assert (
        uncertainty(fitted, UncertaintyLayout(outcomes=("rockets",), rules=("quantal",), draws=2, worlds=2)).drawn == 2
    )


def test_what_cannot_be_laid_out_is_refused() -> None:
    with pytest.raises(InputError, match="2 draws of the parameters and 2 worlds"):
        uncertainty("baghdad-2020", UncertaintyLayout(draws=1))
    with pytest.raises(InputError, match="source of draws"):
        uncertainty("baghdad-2020", UncertaintyLayout(source="dice"))
    with pytest.raises(InputError, match="no distributions and no posterior"):
        uncertainty("baghdad-2020", UncertaintyLayout(source="scenario"))


def test_the_folder_and_the_command(found: Uncertainty, tmp_path: Path) -> None:
    target = found.save(tmp_path / "out")
    numbers = json.loads((target / "numbers.json").read_text())
    assert numbers["worlds"] == found.worlds
    assert (target / "uncertainty.png").exists()
    assert "luck" in (target / "summary.md").read_text()
    arguments = ["uncertainty", "baghdad-2020", "--vary", "us.red_line", "--outcome", "rockets", "--rule", "quantal"]
    done = CliRunner().invoke(app, [*arguments, "--draws", "2", "--worlds", "2", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["outcomes"][0]["outcome"] == "rockets"
