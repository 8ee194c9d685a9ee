"""Designs: which points a sweep visits."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sweeps import SHORT

import sim
from sim.errors import InputError
from sim.experiments.designs import points_of
from sim.parameters import MINDSETS

BASE = sim.load("baghdad-2020")


def test_grid_is_every_combination_last_path_fastest() -> None:
    table = points_of(BASE, {"us.red_line": "1:3:3", "us.mindset": "default, washington-max-pressure"})
    expected = itertools.product([1.0, 2.0, 3.0], ["default", "washington-max-pressure"])
    assert list(table.itertuples(index=False, name=None)) == list(expected)
    assert list(table.columns) == ["us.red_line", "us.mindset"]


def test_spans_have_no_binary_noise() -> None:
    path = "militias.kataib_hezbollah.iran_control"
    assert points_of(BASE, {path: "0.2:0.9:8"})[path].tolist() == [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


@pytest.mark.parametrize("values", [[2, 3], (2, 3), np.array([2, 3]), range(2, 4), pd.Series([2, 3]), "2,3", "2:3:2"])
def test_values_come_in_any_form(values: object) -> None:
    assert points_of(BASE, {"us.red_line": values})["us.red_line"].tolist() == [2.0, 3.0]


def test_latin_hypercube_has_one_point_in_every_slice() -> None:
    design = sim.Design({"us.rationality": "1:9", "iran.rationality": "2:6"}, "lhs", 40)
    table = points_of(BASE, design)
    for path, low, high in (("us.rationality", 1, 9), ("iran.rationality", 2, 6)):
        place = np.floor((table[path] - low) / (high - low) * 40)
        assert sorted(place) == list(range(40))
    assert points_of(BASE, design).equals(table), "the same seed gives the same points"
    assert not points_of(BASE.with_({"seed": 1}), design).equals(table)


def test_sobol_is_balanced() -> None:
    table = points_of(BASE, sim.Design({"us.rationality": "1:9", "iran.rationality": "2:6"}, "sobol", 64))
    quarter = 2 * (table["us.rationality"] > 5).astype(int) + (table["iran.rationality"] > 4)
    assert quarter.value_counts().tolist() == [16, 16, 16, 16]


def test_spread_designs_share_out_whole_numbers_and_names() -> None:
    vary = {"us.red_line": "1:4", "us.mindset": ["default", "washington-max-pressure"], "us.rationality": "1:3:3"}
    table = points_of(BASE, sim.Design(vary, "lhs", 24))
    assert len(points_of(BASE, sim.Design(vary, "sobol"))) == len(points_of(BASE, sim.Design(vary, "lhs"))) == 64
    assert table["us.red_line"].value_counts().to_dict() == {1.0: 6, 2.0: 6, 3.0: 6, 4.0: 6}
    assert table["us.mindset"].value_counts().tolist() == [12, 12]
    assert table["us.rationality"].value_counts().to_dict() == {1.0: 8, 2.0: 8, 3.0: 8}


def test_switches_may_be_written_as_words() -> None:
    path = "actions.us.strike_limited.enabled"
    assert points_of(BASE, {path: "true,false"})[path].tolist() == [1.0, 0.0]


def test_what_is_no_number_stays_text() -> None:
    table = points_of(BASE, {"calendar.election": "2020-11-03,null", "seed": [2**60, 3]})
    assert table["calendar.election"].tolist() == ["2020-11-03", "2020-11-03", "null", "null"]
    assert table["seed"].tolist()[:2] == [str(2**60), "3"], "a float would round such a seed"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_points_come_from_a_file(tmp_path: Path, suffix: str) -> None:
    given = pd.DataFrame({"point": [0, 1], "us.red_line": [1, 4], "us.mindset": ["default", "washington-max-pressure"]})
    file = tmp_path / f"points{suffix}"
    given.to_csv(file, index=False) if suffix == ".csv" else given.to_parquet(file)
    table = points_of(BASE, file)
    assert table.to_dict("list") == {"us.red_line": [1.0, 4.0], "us.mindset": given["us.mindset"].tolist()}


def test_design_in_the_scenario_file_is_used(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baghdad-2020\nhorizon: 5\ndesign: {vary: {us.red_line: [1, 2]}, worlds: 3}\n")
    swept = sim.sweep(file)
    assert swept.points["us.red_line"].tolist() == [1.0, 2.0]
    assert len(swept.outcomes) == 6


BAD = {
    "unknown path": ({"us.red_lin": [1, 2]}, "did you mean 'red_line'"),
    "unknown path of a span": ({"us.red_lin": "1:2"}, "did you mean 'us.red_line'"),
    "out of range": ({"us.red_line": [1, 99]}, "out of range"),
    "not whole": ({"us.red_line": "1:2:3"}, "whole"),
    "unknown mindset": ({"us.mindset": "washington-max-presure"}, "did you mean 'washington-max-pressure'"),
    "mindset of another": ({"iran.mindset": ["washington-max-pressure"]}, "known: "),
    "unknown policy": ({"policies.us": "quantl"}, "did you mean 'quantal'"),
    "python policy": ({"policies.us": ["sim.policies:View"]}, "plain Python"),
    "twice": ({"us.red_line": [1, 1]}, "twice"),
    "nothing": ({}, "nothing varies"),
    "no value": ({"us.red_line": []}, "no value"),
    "span without number": ({"us.red_line": "1:4"}, "low:high:number"),
    "text": ({"us.red_line": "many"}, "must be a number"),
    "missing": ({"us.red_line": [1, None]}, "missing"),
    "lags fall": ({"actions.us.strike_limited.lag_low": [100]}, "lags"),
    "lhs of no points": (sim.Design({"us.rationality": "1:2"}, "lhs", 0), "1 to 1,000,000 points"),
    "sobol of no power": (sim.Design({"us.rationality": "1:2"}, "sobol", 100), "64 or 128"),
    "points of a grid": (sim.Design({"us.red_line": [1, 2]}, "grid", 5), "lhs and sobol"),
    "unknown kind": (sim.Design({"us.red_line": [1, 2]}, "gird"), "did you mean 'grid'"),
    "backwards": (sim.Design({"us.rationality": "2:1"}, "lhs", 4), "below the second"),
    "span of no number": (sim.Design({"us.mindset": "1:2"}, "lhs", 4), "no number of the model"),
    "huge grid": ({f"{who}.rationality": "1:9:200" for who in ("us", "iran", "iraq")}, "8,000,000"),
    "empty table": (pd.DataFrame({"us.red_line": []}), "empty"),
    "hole in a table": (pd.DataFrame({"us.red_line": [1, np.nan]}), "missing"),
    "no file": ("points.csv", "cannot be read"),
    "no design": ("grud", "did you mean 'grid'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_designs_are_refused_before_anything_is_lived(case: str, tmp_path: Path) -> None:
    design, message = BAD[case]
    with pytest.raises(InputError, match=message):
        sim.sweep(BASE, design, 5, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_number_stands_beside_a_mindset_that_would_replace_it() -> None:
    number = next(iter(MINDSETS["washington-max-pressure"].values))
    swept = sim.sweep(SHORT, {f"us.{number}": [0, 2], "us.mindset": "default,washington-max-pressure"}, 20)
    for point in range(4):
        alone = sim.run(swept.plan.points.scenario_of(point), 20)
        pd.testing.assert_frame_equal(swept.run(point).outcomes, alone.outcomes)
    assert not swept.read(["rockets", "events"], 0).equals(swept.read(["rockets", "events"], 2))
