"""Figures: what they draw, what their titles say, and that nothing is clipped, overlaps or is left empty."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from fake_worlds import FakeLived, fake_lived
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plots import attacks, embassy, incidence, ladder, outcomes, overview, style, timeline
from sim.plots.gallery import FIGURES, draw_all, write_gallery
from sim.plots.marks import Mark, calendar_marks, joined
from sim.results.chronicle import Chronicle
from sim.results.run import Run
from sim.results.tables import Held
from sim.scenario import load
from sim.world.names import Stage
from sim.world.records import EVENT

PANELS: dict[str, Callable[[Run, Axes], Any]] = {
    "probabilities": outcomes.probabilities,
    "fan": ladder.fan,
    "highest": ladder.highest,
    "rockets": lambda run, ax: attacks.weekly(run, "rockets", ax),
    "ieds": lambda run, ax: attacks.weekly(run, "ieds", ax),
    "stages": embassy.stages,
    "incidence": incidence.incidence,
    "timeline": lambda run, ax: timeline.timeline(run.world(run.representative()), ax),
}


def made(worlds: int, horizon: int = 90, depth: str = "trace", quiet: bool = False) -> Run:
    """A run of made-up worlds; ``quiet`` ones in which nothing ever happens."""
    scenario = load("baghdad-2020").with_({"horizon": horizon})
    lived = fake_lived(scenario, worlds)
    if quiet:
        for name in lived.outcomes.dtype.names:
            lived.outcomes[name] = -1 if name.endswith("_day") else 0
        lived.outcomes["world"] = np.arange(worlds)
        for name in lived.series.dtype.names:
            lived.series[name] = 0
        lived = lived._replace(events=np.zeros(0, EVENT), offsets=np.zeros(worlds + 1, int))
    held = Held(scenario, depth)
    held.take(lived if depth == "trace" else FakeLived(0, lived.outcomes, None, None, None))
    return Run(scenario, held, worlds, depth)


@pytest.fixture(scope="module")
def run() -> Run:
    return made(150)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def drawn(run: Run, name: str) -> Axes:
    figure = style.blank()
    with mpl.rc_context(style.RC):
        ax = figure.subplots()
    PANELS[name](run, ax)
    return ax


def texts(figure: Figure) -> list[Text]:
    """Every text that is drawn and not empty."""
    figure.draw_without_rendering()
    hidden = {id(text) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for text in _beyond(axis)}
    drawn = (text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip())
    return [text for text in drawn if id(text) not in hidden]


def _beyond(axis: Axis) -> list[Text]:
    """Tick labels beyond the ends of their axis: Matplotlib keeps them, but does not draw them."""
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]


@pytest.mark.parametrize("name", PANELS)
def test_a_figure_says_what_it_found_and_from_how_many_worlds(name: str, run: Run) -> None:
    ax = drawn(run, name)
    title = ax.get_title(loc="left")
    assert any(letter.isdigit() for letter in title), "a finding has a number"
    if name not in ("rockets", "ieds"):  # their common figure is signed once
        assert "150 worlds" in ax.figure.get_supxlabel() or "1 world" in ax.figure.get_supxlabel()


@pytest.mark.parametrize("name", PANELS)
def test_no_text_leaves_the_figure(name: str, run: Run) -> None:
    figure = drawn(run, name).figure
    page = figure.bbox
    for text in texts(figure):
        box = text.get_window_extent()
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= page.y0 - 1, text
        assert box.y1 <= page.y1 + 1, text


@pytest.mark.parametrize("name", PANELS)
def test_no_two_texts_overlap(name: str, run: Run) -> None:
    figure = drawn(run, name).figure
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    for (one, box), (other, place) in combinations(boxes, 2):
        assert not box.padded(-1.5).overlaps(place.padded(-1.5)), f"{one!r} over {other!r}"


@pytest.mark.parametrize("name", PANELS)
def test_a_figure_draws_into_the_axes_it_is_given(name: str, run: Run) -> None:
    ax = drawn(run, name)
    assert ax.has_data()
    assert len(ax.figure.axes) == 1


@pytest.mark.parametrize("name", ["fan", "rockets", "ieds", "stages", "incidence", "timeline"])
def test_nothing_to_show_is_said_in_words(name: str) -> None:
    quiet = made(20, horizon=5, quiet=True)
    if name in ("fan", "stages"):
        quiet = made(20, depth="outcomes", quiet=True)
    ax = drawn(quiet, name)
    assert not ax.axison
    assert len(ax.texts) == 1
    assert len(ax.texts[0].get_text()) > 20


@pytest.mark.parametrize("name", ["fan", "stages", "incidence"])
def test_one_day_has_no_course(name: str) -> None:
    ax = drawn(made(20, horizon=1), name)
    assert not ax.axison
    assert [text.get_text() for text in ax.texts] == [style.ONE_DAY]


@pytest.mark.parametrize("horizon", [2, 3, 4, 5])
def test_a_few_days_are_marked_once_each(horizon: int) -> None:
    ax = drawn(made(60, horizon=horizon), "fan")
    marks = ax.xaxis.get_major_ticks()
    assert len(marks) == horizon
    assert len({label.get_text() for label in ax.get_xticklabels()}) == horizon


@pytest.mark.parametrize("name", ["probabilities", "highest"])
def test_figures_of_a_quiet_run_still_stand(name: str) -> None:
    ax = drawn(made(20, quiet=True), name)
    assert ax.has_data()
    if name == "probabilities":
        assert "No US strike in any of 20 worlds" in ax.get_title(loc="left").replace("\n", " ")


def test_one_world_is_enough(tmp_path: Path) -> None:
    assert [figure.name for figure in draw_all(made(1), tmp_path)] == [figure.name for figure in FIGURES]


def test_drawing_leaves_the_style_of_others_alone(run: Run) -> None:
    before = dict(mpl.rcParams)
    drawn(run, "fan")
    assert dict(mpl.rcParams) == before


def test_notebooks_get_axes_of_their_own(run: Run) -> None:
    ax = outcomes.probabilities(run)
    assert ax.figure.number in plt.get_fignums()
    assert len(overview.overview(run).flat) == 4
    assert len(attacks.attacks(run)) == 2


def test_probabilities_stand_where_the_table_says(run: Run) -> None:
    ax = drawn(run, "probabilities")
    table = run.probabilities().sort_values(["estimate", "outcome"])
    free = table[table["settled"] == ""]
    assert len(free) < len(table)  # the embassy cannot close in ninety days
    assert ax.lines[0].get_xdata().tolist() == free["estimate"].tolist()
    assert "cannot come" in [text.get_text() for text in ax.texts]
    assert [text.get_text() for text in ax.get_yticklabels()] == table["title"].tolist()


def test_incidence_ends_at_the_share_of_worlds(run: Run) -> None:
    ax = drawn(run, "incidence")
    ends = {line.get_color(): line.get_ydata()[-1] for line in ax.lines if len(line.get_ydata()) == 90}
    for column, colour in incidence.LINES.items():
        share = (run.outcomes[column] >= 0).mean()
        assert ends.get(colour, 0.0) == pytest.approx(share)


def test_cumulative_counts_first_days() -> None:
    assert incidence.cumulative(np.array([-1, 0, 2, 2, 9]), 4).tolist() == [1, 1, 3, 3]


def test_stages_stack_to_all_worlds(run: Run) -> None:
    ax = drawn(run, "stages")
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in ax.collections]
    assert max(tops) == pytest.approx(1.0)
    warned = to_hex(embassy.LAYERS[Stage.WARNED][1])
    assert warned in {to_hex(area.get_facecolor()[0]) for area in ax.collections}


def test_the_record_is_drawn_where_it_overlaps_the_run(run: Run) -> None:
    weeks = attacks.recorded(date(2020, 9, 28), date(2020, 12, 21))
    assert [week.rockets for week in weeks[:2]] == [2, 2]
    assert len(weeks) == 12
    assert attacks.recorded(date(2031, 1, 1), date(2031, 4, 1)) == []
    assert "recorded" in [text.get_text() for text in drawn(run, "rockets").get_legend().get_texts()]


def test_timeline_marks_every_event_and_draws_every_answer(run: Run) -> None:
    world = int(run.outcomes.loc[run.outcomes["us_struck"], "world"].iloc[0])
    chronicle = run.world(world)
    figure = style.blank()
    ax = figure.subplots()
    timeline.timeline(chronicle, ax)
    marks = sum(len(scatter.get_offsets()) for scatter in ax.collections)
    arrows = [text for text in ax.texts if text.arrow_patch is not None]
    assert marks == len(chronicle)
    assert len(arrows) == (chronicle.events["cause"] >= 0).sum() > 0


def test_timeline_shows_only_actors_who_act(run: Run) -> None:
    chronicle = run.world(run.representative())
    ax = drawn(run, "timeline")
    assert len(ax.get_yticklabels()) == chronicle.events["actor"].nunique()


def test_an_empty_chronicle_draws_words() -> None:
    scenario = load("baghdad-2020")
    ax = timeline.timeline(Chronicle.of(scenario, 0, np.zeros(0, EVENT)))
    assert "Nothing happened in world 0" in ax.texts[0].get_text()


def test_calendar_marks_lie_within_the_run(run: Run) -> None:
    marks = calendar_marks(run.scenario)
    assert Mark(date(2020, 11, 3), "US election") in marks
    assert all(date(2020, 9, 28) < mark.when <= date(2020, 12, 26) for mark in marks)
    assert "inauguration" not in [mark.text for mark in marks]
    assert "inauguration" in [mark.text for mark in calendar_marks(run.scenario.with_({"horizon": 120}))]


def test_close_marks_share_a_text() -> None:
    marks = [Mark(date(2020, 10, 1), "a"), Mark(date(2020, 10, 3), "b"), Mark(date(2020, 10, 30), "c")]
    assert joined(marks, 4) == [Mark(date(2020, 10, 3), "a\nb"), Mark(date(2020, 10, 30), "c")]


@pytest.mark.parametrize(
    ("values", "gap", "expected"),
    [
        ([1.0, 5.0], 1.0, [1.0, 5.0]),
        ([1.0, 1.0], 1.0, [0.5, 1.5]),
        ([5.0, 1.0, 1.2], 1.0, [5.0, 0.6, 1.6]),
        ([], 1.0, []),
    ],
)
def test_labels_are_spread_as_little_as_needed(values: list[float], gap: float, expected: list[float]) -> None:
    assert style.spread_out(values, gap) == pytest.approx(expected)


def test_titles_of_neighbours_do_not_meet(run: Run) -> None:
    axes = overview.overview(run)
    figure = axes.flat[0].figure
    figure.draw_without_rendering()
    boxes = [ax._left_title.get_window_extent() for ax in axes.flat]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    assert max(box.x1 for box in boxes) <= figure.bbox.x1


def test_the_gallery_shows_what_it_draws(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])
    write_gallery(run, tmp_path)
    page = (tmp_path / "index.md").read_text()
    for name in ("overview", FIGURES[0].name):
        assert f"]({name}.png)" in page
        assert (tmp_path / f"{name}.png").exists()


def test_a_timeline_of_many_groups_is_taller() -> None:
    scenario = load("baghdad-2020").with_({f"militias.group_{k}": {"name": f"Group {k}"} for k in range(20)})
    ax = timeline.timeline(Chronicle.of(scenario, 0, fake_lived(scenario, 1).events))
    assert len(ax.get_yticklabels()) > 12
    assert ax.figure.get_size_inches()[1] > 6


def test_a_figure_is_laid_out_once_for_all_its_files(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying out is most of the work of drawing; the same places also make the files one figure."""
    laid_out = []
    execute = style.Fitted.execute
    monkeypatch.setattr(style.Fitted, "execute", lambda self, fig: laid_out.append(fig) or execute(self, fig))
    figure = drawn(run, "stages").figure
    style.save(figure, tmp_path, "stages")
    assert laid_out == [figure]
    assert (tmp_path / "stages.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "stages.svg").read_text()


def test_titles_fit_again_when_a_figure_is_drawn_in_another_size(run: Run) -> None:
    ax = drawn(run, "highest")
    lines = []
    for width in (8.0, 5.0, 8.0):
        ax.figure.set_figwidth(width)
        ax.figure.draw_without_rendering()
        assert ax._left_title.get_window_extent().x1 <= ax.figure.bbox.x1
        lines.append(ax.get_title(loc="left").count("\n"))
    assert lines[0] == lines[2] < lines[1]


def test_titles_fit_in_axes_that_others_made(run: Run) -> None:
    ax = Figure(figsize=(6, 4)).subplots()
    outcomes.probabilities(run, ax)
    assert ax._left_title.get_window_extent().x1 <= ax.figure.bbox.x1


def test_getting_ready_leaves_the_style_of_others_alone() -> None:
    before = dict(mpl.rcParams)
    style.get_ready()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []
