"""Figures of a sweep: the right kind, the right numbers."""

from pathlib import Path

import numpy as np
import pytest
from sweeps import SHORT, contents

import sim
from sim.errors import InputError
from sim.experiments.command import summary
from sim.experiments.moved import moved
from sim.plots.sweep import draw_all

NAMES = "default,washington-max-pressure"
CASES = {
    "one number": ({"us.rationality": [1, 4, 8]}, "curves"),
    "one name": ({"us.mindset": NAMES}, "curves"),
    "number and name": ({"us.rationality": [1, 4, 8], "us.mindset": NAMES}, "curves"),
    "two numbers": ({"us.rationality": [1, 4, 8], "us.weight_hurt": [0, 1, 2]}, "map"),
    "two scattered": (sim.Design({"us.rationality": "1:8", "us.weight_hurt": "0:2"}, "lhs", 12), "map"),
    "three": (
        sim.Design({"us.rationality": "1:8", "us.weight_hurt": "0:2", "us.mindset": NAMES}, "lhs", 12),
        "multiples",
    ),
    "one point": ({"us.rationality": [4]}, "curves"),
    "one column": ({"us.rationality": [4], "us.weight_hurt": [0, 1]}, "map"),
}


def swept(case: str, worlds: int = 20) -> sim.Sweep:
    return sim.sweep(SHORT, CASES[case][0], worlds)


@pytest.mark.parametrize("case", CASES)
def test_kind_follows_from_the_number_of_paths(case: str, tmp_path: Path) -> None:
    sweep = swept(case)
    assert draw_all(sweep, tmp_path / "a") == [CASES[case][1]]
    draw_all(sweep, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b"), "the same figure is the same bytes"


def test_curve_shows_the_shares_of_the_worlds() -> None:
    sweep = swept("one number")
    ax = sweep.plot(["us_struck"])[0]
    line = ax.get_lines()[0]
    assert line.get_xdata().tolist() == [1, 4, 8]
    expected = sweep.outcomes.groupby("us.rationality")["us_struck"].mean()
    assert np.allclose(line.get_ydata(), expected)


def test_map_puts_every_share_into_its_cell_and_marks_the_border() -> None:
    sweep = swept("two numbers")
    ax = sweep.plot(["us_struck"])[0]
    expected = sweep.outcomes.groupby(["us.weight_hurt", "us.rationality"])["us_struck"].mean().unstack()
    assert np.allclose(ax.collections[0].get_array(), expected)
    likeliest = sweep.shares("embassy").to_numpy().argmax(axis=1).reshape(3, 3)  # rationality, weight
    if len(np.unique(likeliest)) > 1:
        changes = (likeliest[1:] != likeliest[:-1]).sum() + (likeliest[:, 1:] != likeliest[:, :-1]).sum()
        assert sum(len(lines.get_segments()) for lines in ax.collections[1:3]) == changes


def test_kind_can_be_chosen() -> None:
    sweep = swept("number and name")
    assert len(sweep.plot(["us_struck", "war"], kind="map")) == 2
    assert len(sweep.plot(["us_struck"], kind="multiples")) == 2


def test_what_cannot_be_drawn_is_told() -> None:
    with pytest.raises(InputError, match="did you mean 'map'"):
        swept("two numbers").plot(kind="mapp")
    with pytest.raises(InputError, match="'us_struck'"):
        swept("one number").plot(["us_struk"])
    with pytest.raises(InputError, match="at most 2 paths, and 3 vary"):
        swept("three").plot(kind="map")
    with pytest.raises(InputError, match="use 'map'"):
        swept("two numbers").plot(kind="curves")
    with pytest.raises(InputError, match="use 'curves'"):
        swept("one number").plot(kind="map")


def test_moved_is_sorted_by_how_far() -> None:
    sweep = swept("one number")
    found = moved(sweep)
    spans = [each.span for each in found]
    assert spans == sorted(spans, reverse=True)
    strikes = next(each for each in found if each.outcome == "us_struck")
    by_point = sweep.outcomes.groupby("point")["us_struck"].mean()
    assert (strikes.lowest.estimate, strikes.highest.estimate) == (by_point.min(), by_point.max())


def test_the_summary_says_at_which_values_the_ends_lie(tmp_path: Path) -> None:
    sweep = sim.sweep("us-death-in-october", {"us.red_line": [1, 9]}, worlds=40, out=tmp_path / "s")
    strikes = next(each for each in moved(sweep) if each.outcome == "us_struck")
    assert strikes.span > 0.3
    (line,) = (line for line in summary(sweep).splitlines() if line.startswith("US strike "))
    assert line.endswith("   9 → 1")
