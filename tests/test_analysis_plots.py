"""Figures of the analyses: a finding on each, worlds under each, nothing clipped, overlapping or empty."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from test_plots import texts

from sim.analysis import priors
from sim.analysis.compare import Comparison, compare
from sim.analysis.compare_rules import RuleComparison, compare_rules
from sim.analysis.discover import Discovery, DiscoverySearch, find_boxes
from sim.analysis.factors import factors_of
from sim.analysis.sensitivity import Sensitivity, SensitivityPlan, sensitivity
from sim.analysis.uncertainty import Uncertainty, UncertaintyLayout, uncertainty
from sim.plots import calibration as calibration_plots
from sim.plots import compare as compare_plots
from sim.plots import discover as discover_plots
from sim.plots import rules as rules_plots
from sim.plots import sensitivity as sensitivity_plots
from sim.plots import style
from sim.plots import uncertainty as uncertainty_plots
from sim.scenario import load


@pytest.fixture(scope="module")
def compared() -> Comparison:
    base = load("baghdad-2020")
    barrage = {"day": 9, "act": "mi.barrage", "by": "kataib_hezbollah", "at": "us", "rockets": 30, "us_killed": 4}
    return compare({"base": base, "barrage": base.with_({"events+": [barrage]}), "same": base}, 60)


@pytest.fixture(scope="module")
def ruled() -> RuleComparison:
    return compare_rules("baghdad-2020", 10)


@pytest.fixture(scope="module")
def sensed() -> Sensitivity:
    plan = SensitivityPlan(("us.*", "militias.*.iran_control"), trajectories=2, points=16, worlds=4, top=6)
    return sensitivity("baghdad-2020", plan)


@pytest.fixture(scope="module")
def discovered() -> Discovery:
    factors = factors_of(load("baghdad-2020"), ["us.*"])
    in_box = lambda points: (points["us.rationality"] < 6) & (points["us.weight_calm"] < 0.7)  # noqa: E731
    return find_boxes(in_box, factors, "US strike", DiscoverySearch(worlds=1000), load("baghdad-2020"))


@pytest.fixture(scope="module")
def parted() -> Uncertainty:
    return uncertainty("baghdad-2020", UncertaintyLayout(("us.*",), draws=3, worlds=2, rules=("quantal",)))


FIGURES: dict[str, tuple[str, Callable[[Any, Axes], Axes], tuple[float, float]]] = {
    "differences": ("compared", compare_plots.differences, compare_plots.SIZE),
    "first-acts": ("compared", compare_plots.first_acts, compare_plots.ACTS_SIZE),
    "rules": ("ruled", rules_plots.side_by_side, (10.5, 6.0)),
    "screening": ("sensed", lambda f, ax: sensitivity_plots.screened(f, ax, "rockets"), sensitivity_plots.SIZE),
    "indices": ("sensed", lambda f, ax: sensitivity_plots.indices(f, ax, "rockets"), sensitivity_plots.SIZE),
    "all-indices": ("sensed", sensitivity_plots.total_indices, sensitivity_plots.SIZE),
    "tornado": ("sensed", lambda f, ax: sensitivity_plots.tornado(f, ax, "rockets"), sensitivity_plots.SIZE),
    "trajectory": ("discovered", discover_plots.trajectory, discover_plots.SIZE),
    "box": ("discovered", discover_plots.box, discover_plots.SIZE),
    "plane": ("discovered", discover_plots.plane, discover_plots.SIZE),
    "uncertainty": ("parted", uncertainty_plots.shares, uncertainty_plots.SIZE),
}


@pytest.fixture(params=FIGURES)
def drawn(request: pytest.FixtureRequest) -> Iterator[Axes]:
    source, draw, size = FIGURES[request.param]
    figure = style.blank(size)
    with mpl.rc_context(style.RC):
        ax = figure.subplots()
    draw(request.getfixturevalue(source), ax)
    yield ax
    plt.close("all")


def test_a_figure_says_what_it_found_and_from_how_many_worlds(drawn: Axes) -> None:
    assert any(letter.isdigit() for letter in drawn.get_title(loc="left")), "a finding has a number"
    assert "world" in drawn.figure.get_supxlabel()
    assert drawn.has_data()


def test_no_text_leaves_the_figure(drawn: Axes) -> None:
    page = drawn.figure.bbox.padded(1)
    for text in texts(drawn.figure):
        box = text.get_window_extent()
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, text
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, text


def test_no_two_texts_overlap(drawn: Axes) -> None:
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(drawn.figure) if not text.get_rotation()]
    for (one, box), (other, place) in combinations(boxes, 2):
        assert not box.padded(-1.5).overlaps(place.padded(-1.5)), f"{one!r} over {other!r}"


def test_differences_stand_where_the_table_says(compared: Comparison) -> None:
    ax = compare_plots.differences(compared)
    rows = compared.differences.query("scenario == 'barrage' and unit == 'share of worlds' and (base > 0 or other > 0)")
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    assert sorted(dots.get_xdata()) == pytest.approx(sorted(rows["difference"]))
    most = rows.loc[rows["difference"].abs().idxmax(), "title"]
    assert most == "US strike"
    assert most in ax.get_title(loc="left").replace("\n", " ")
    plt.close("all")


def test_nothing_changed_is_said_in_words(compared: Comparison) -> None:
    same = compared.others[1]
    ax = compare_plots.first_acts(compared, None, same)
    assert "No world ends differently under same" in ax.texts[0].get_text().replace("\n", " ")
    title = compare_plots.differences(compared, None, same).get_title(loc="left")
    assert "no outcome's probability moves" in title.replace("\n", " ")
    plt.close("all")


def test_bars_of_uncertainty_are_whole(parted: Uncertainty) -> None:
    ax = uncertainty_plots.shares(parted)
    widths = np.zeros(len(parted.table.query("total > 0")))
    for bar in ax.patches:
        if bar.get_width():
            widths[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
    assert widths == pytest.approx(np.ones(len(widths)))
    plt.close("all")


def test_a_discovery_without_a_box_is_drawn_in_words() -> None:
    rng = np.random.default_rng(7)
    factors = factors_of(load("baghdad-2020"), ["us.red_line", "us.inertia"])
    none = find_boxes(
        lambda points: rng.random(len(points["us.inertia"])) < 0.3, factors, "chance", DiscoverySearch(worlds=600)
    )
    assert none.boxes == ()
    assert "No box raises" in discover_plots.box(none).texts[0].get_text()
    assert discover_plots.plane(none).has_data()
    plt.close("all")


def test_no_cell_of_a_plane_falls_between_whole_numbers() -> None:
    rng = np.random.default_rng(7)
    factors = factors_of(load("baghdad-2020"), ["us.red_line", "us.inertia"])
    found = find_boxes(
        lambda points: rng.random(len(points["us.inertia"])) < 0.3, factors, "chance", DiscoverySearch(worlds=900)
    )
    ax = discover_plots.plane(found)
    mesh = ax.collections[0]
    assert np.isfinite(mesh.get_array()).all(), "a cell without a world"
    whole = next(factor.whole for factor in factors if factor.measured == ax.get_xlabel())
    assert {ax.get_xlabel(), ax.get_ylabel()} == {"Washington's red line (deaths)", "Washington's inertia (red lines)"}
    edges = mesh.get_coordinates()[0, :, 0] if whole else mesh.get_coordinates()[:, 0, 1]
    assert (edges % 1 == 0.5).all()
    plt.close("all")


def test_every_fitted_parameter_has_a_panel_with_an_axis() -> None:
    rng = np.random.default_rng(7)
    draws = priors.draw(200, rng)
    rows = [(prior.name, prior.low, prior.high, 0.4) for prior in priors.PRIORS]
    table = pd.DataFrame(rows, columns=["parameter", "prior_low", "prior_high", "contraction"])
    ranked = rng.integers(0, 100, size=(50, len(priors.PRIORS)))
    for axes in (calibration_plots.posteriors(draws, table), calibration_plots.ranks(ranked, 100, priors.NAMES)):
        assert len(axes) == len(priors.PRIORS)
        for ax, name in zip(axes, priors.NAMES, strict=True):
            assert ax.get_title(loc="left").startswith(name.replace("_", " "))
            assert ax.get_xticklabels()
            assert ax.patches
    plt.close("all")


@pytest.mark.parametrize("name", ["compared", "ruled", "sensed", "discovered", "parted"])
def test_notebooks_get_axes(name: str, request: pytest.FixtureRequest) -> None:
    assert isinstance(request.getfixturevalue(name).plot(), Axes)
    plt.close("all")
