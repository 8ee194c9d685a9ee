"""The dashboard without a browser: what is on the desk, what the page shows of it, and the parts as they are built."""

import io
import logging
import random
import socket
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.dashboard import offer, pictures
from sim.dashboard.desk import USUAL_WORLDS, Desk
from sim.dashboard.levers import LEVERS, STAGE, levers
from sim.dashboard.living import Shown, look
from sim.dashboard.rows import examples, outcome_rows
from sim.dashboard.scene import MOST_MARKS, day_map, ladder
from sim.dashboard.told import Told, tell
from sim.errors import InputError, SimError
from sim.results.run import run
from sim.scenario import load
from sim.scenario.authoring import check
from sim.scenario.worlds import Worlds

SOURCE = "baghdad-2020"
WORLDS = 60
MOVES = 200
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(SOURCE, worlds=WORLDS)


@pytest.fixture(scope="module")
def shown(desk: Desk) -> Shown:
    return look(desk)


@pytest.fixture(scope="module")
def compared(desk: Desk) -> Shown:
    return look(desk.pin().move("iran.weight_calm", 0.2))


@pytest.fixture(scope="module")
def told(shown: Shown) -> Told:
    return tell(shown.run.scenario, 3)


@pytest.fixture
def solara() -> Any:
    return pytest.importorskip("solara", reason="the extra `dashboard` is not installed")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text("extends: baghdad-2020\nus:\n  red_lime: 2\n")
    return path


def test_every_lever_starts_where_the_scenario_stands_and_a_step_hits_it(desk: Desk) -> None:
    scenario = load(SOURCE)
    found = levers(scenario)
    assert [lever.path for lever in found] == [path for group in LEVERS.values() for path in group]
    for lever in found:
        assert lever.start == scenario.values[lever.path]
        steps = (lever.start - lever.quantity.low) / lever.step
        assert steps == pytest.approx(round(steps)), lever.path
        assert 5 <= (lever.quantity.high - lever.quantity.low) / lever.step <= 400


def test_a_group_lever_falls_to_a_group_that_is_there() -> None:
    scenario = load({"militias": {"badr": {"name": "Badr"}}})
    paths = [lever.path for lever in levers(scenario)]
    assert "militias.badr.iran_control" in paths
    assert not any("kataib" in path for path in paths)


def test_a_drawn_quantity_starts_at_its_median_and_moving_it_fixes_it() -> None:
    desk = Desk("title: x\nmilitias: {badr: {name: Badr}}\neconomy:\n  stress: {uniform: [0.2, 0.6]}\n")
    lever = next(each for each in desk.levers() if each.path == "economy.stress")
    assert lever.varies == "drawn per world"
    assert lever.start == pytest.approx(0.4)
    assert desk.move("economy.stress", 0.4).scenario().values["economy.stress"] == 0.4


def test_a_quantity_that_mindsets_set_says_so_and_moving_it_fixes_it(desk: Desk) -> None:
    """The scenario's own number is lived in no world then, so the page must not show it as if it were."""
    scenario = load(SOURCE)
    for lever in desk.levers():
        owner, _, name = lever.path.rpartition(".")
        actor = owner.removeprefix("militias.")
        lived = set()
        if actor in scenario.actors:
            worlds = Worlds(scenario, 0, 500, {})
            lived = set(np.unique(worlds.trait(actor, name)))
            assert (lived == {lever.start}) == (lever.varies == ""), lever.path
    lever = next(each for each in desk.levers() if each.path == "us.weight_calm")
    assert lever.varies == "by mindset"
    fixed = desk.move(lever.path, lever.start)
    assert fixed.moves == {lever.path: lever.start}
    assert Worlds(fixed.scenario(), 0, 50, {}).trait("us", "weight_calm") == lever.start


def test_a_move_changes_that_value_alone_and_moving_back_undoes_it(desk: Desk) -> None:
    moved = desk.move("us.red_line", 3)
    before, after = desk.scenario(), moved.scenario()
    assert {path for path in before.values if before.values[path] != after.values[path]} == {"us.red_line"}
    assert after.title.endswith("(1 lever moved)")
    assert moved.move("us.red_line", 1) == desk
    assert moved.reset().moves == {}


@pytest.mark.parametrize(("path", "value"), [("us.red_line", 0), ("us.red_lime", 2), ("us.weight_calm", float("nan"))])
def test_a_move_that_cannot_be_is_refused(desk: Desk, path: str, value: float) -> None:
    with pytest.raises(InputError):
        desk.move(path, value)


def test_the_stage_is_told_by_its_name(desk: Desk) -> None:
    stage = next(lever for lever in desk.levers() if lever.path == STAGE)
    assert stage.text(5) == "5 partial"


def test_the_worlds_are_those_of_the_command_line(shown: Shown) -> None:
    lived = run(SOURCE, worlds=WORLDS)
    assert [row["share"] for row in outcome_rows(shown)] == list(lived.probabilities()["estimate"])


def test_a_baseline_against_itself_differs_in_nothing(desk: Desk) -> None:
    same = look(desk.pin())
    assert all(float(row["move"]["text"]) == 0 and not row["move"]["settled"] for row in outcome_rows(same))


def test_differences_pair_world_with_world(compared: Shown) -> None:
    assert compared.comparison is not None
    old, new = compared.comparison.base.outcomes, compared.run.outcomes
    for row in outcome_rows(compared):
        column = row["outcome"]
        assert row["move"]["base"] == pytest.approx(old[column].mean())
        assert float(row["move"]["text"]) == pytest.approx(100 * (new[column].mean() - old[column].mean()), abs=0.51)
    assert any(float(row["move"]["text"]) != 0 for row in outcome_rows(compared))


def test_a_baseline_of_another_seed_lends_its_luck(desk: Desk) -> None:
    other = replace(load(SOURCE), seed=5)
    assert look(replace(desk, pinned=other)).run.scenario.seed == 5


def test_examples_are_worlds_in_which_it_comes(shown: Shown, compared: Shown) -> None:
    came = shown.run.outcomes["us_death"].to_numpy()
    yes, no = examples(shown, "us_death")
    assert yes.size == came.sum()
    assert no.size == WORLDS - came.sum()
    assert all(came[world] for world in yes.worlds)
    assert not any(came[world] for world in no.worlds)
    assert compared.comparison is not None
    before = compared.comparison.base.outcomes["us_death"].to_numpy()
    after = compared.run.outcomes["us_death"].to_numpy()
    _, gained, lost = examples(compared, "us_death")
    assert gained.size - lost.size == after.sum() - before.sum()
    assert all(after[world] and not before[world] for world in gained.worlds)


def test_an_outcome_that_never_comes_has_no_examples(shown: Shown) -> None:
    never = [row["outcome"] for row in outcome_rows(shown) if row["share"] == 0]
    assert never
    assert examples(shown, never[0])[0].worlds == []


def test_a_world_is_told_as_the_run_tells_it(shown: Shown, told: Told) -> None:
    chronicle = shown.run.world(3)
    assert [row["text"] for row in told.rows()] == [line.text for line in chronicle]
    assert sum(len(told.lines(day)) for day in range(told.last_day + 1)) == len(chronicle)


def test_steps_go_from_event_to_event(told: Told) -> None:
    days = told.eventful
    assert told.after(days[0]) == days[1]
    assert told.before(days[1]) == days[0]
    assert told.after(told.last_day) == told.last_day
    assert told.before(0) == 0


def test_the_dead_so_far_are_those_of_the_outcome(shown: Shown, told: Told) -> None:
    assert told.state(told.last_day)["US killed"] == str(shown.run.outcomes.loc[3, "us_killed"])


def test_the_map_shows_every_event_of_the_day_once(told: Told) -> None:
    for day in range(told.last_day + 1):
        drawing = ElementTree.fromstring(day_map(told, day))
        discs = [disc for disc in drawing.iter(f"{SVG}circle") if disc.get("class") == "event"]
        by_site = told.events(day)["site"].value_counts()
        assert len(discs) == by_site.clip(upper=MOST_MARKS).sum()


def test_the_ladder_marks_eventful_days_and_names_the_highest_rung_so_far(told: Told) -> None:
    for day in (0, told.last_day // 2, told.last_day):
        drawing = ElementTree.fromstring(ladder(told, day))
        assert f"so far {told.series['top_rung'][day]}," in str(drawing.get("aria-label"))
        assert len(list(drawing.iter(f"{SVG}circle"))) == len(told.eventful)


def test_the_bundle_holds_figures_and_a_scenario_that_lives_the_same_worlds(compared: Shown) -> None:
    with zipfile.ZipFile(io.BytesIO(pictures.bundle(compared))) as archive:
        names = set(archive.namelist())
        scenario = load(archive.read(pictures.SCENARIO_FILE).decode())
        ElementTree.fromstring(archive.read("ladder.svg"))
    wanted = {f"{picture.name}.{kind}" for picture in pictures.pictures(compared) for kind in ("png", "svg")}
    assert names == wanted | {pictures.SCENARIO_FILE}
    assert scenario.hash == compared.run.scenario.hash


@pytest.mark.slow
def test_random_moves_leave_no_error(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(20200928)
    now = replace(desk, worlds=4)
    with caplog.at_level(logging.WARNING), np.errstate(all="raise"):
        for count in range(MOVES):
            lever = chance.choice(now.levers())
            low, high = lever.quantity.low, lever.quantity.high
            ends = (low, high, low + lever.step * chance.randint(0, int((high - low) / lever.step)))
            now = now.move(lever.path, chance.choice(ends))
            if count == MOVES // 2:
                now = now.pin()
            rows = outcome_rows(look(now))
            assert all(row["low"] is None or 0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in rows)
    assert not caplog.records


def test_a_broken_scenario_is_told_as_the_check_tells_it(broken: Path) -> None:
    with pytest.raises(InputError) as expected:
        check(str(broken))
    with pytest.raises(InputError) as found:
        look(Desk(str(broken)))
    assert str(found.value) == str(expected.value)
    assert "red_line" in str(found.value)


def test_a_mended_file_is_read_again_whatever_other_tabs_have_read(broken: Path) -> None:
    desk = Desk(str(broken))
    with pytest.raises(InputError):
        desk.scenario()
    broken.write_text("extends: baghdad-2020\nus:\n  red_line: 2\n")
    assert desk.reset().scenario().values["us.red_line"] == 2
    broken.write_text("extends: baghdad-2020\nus:\n  red_line: 3\n")
    assert desk.reset().scenario().values["us.red_line"] == 3
    assert Desk(str(broken)).scenario().values["us.red_line"] == 3


@pytest.fixture
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "_named", [])


@pytest.mark.usefixtures("nothing_named")
def test_the_file_of_the_command_line_stands_first(tmp_path: Path) -> None:
    mine = str(tmp_path / "mine.yaml")
    Path(mine).write_text("extends: baghdad-2020\n")
    assert offer.offered()[0] == offer.first().source == offer.USUAL
    offer.offer(mine)
    assert offer.offered()[:2] == (mine, offer.USUAL)
    assert offer.first().source == mine
    assert offer.first() != offer.first(), "two tabs were given one desk"
    assert offer.TEMPLATE not in offer.offered()


@pytest.mark.usefixtures("nothing_named")
@pytest.mark.parametrize(("lived", "shown"), [(250, 250), (6, USUAL_WORLDS)])
def test_a_run_is_opened_with_its_scenario_and_as_many_worlds_where_the_page_has_that_choice(
    tmp_path: Path, lived: int, shown: int
) -> None:
    scenario = load(SOURCE).with_({"us.red_line": 3, "seed": 77, "horizon": 20})
    folder = tmp_path / "Lauf 1"
    run(scenario, worlds=lived, out=folder, depth="outcomes")
    offer.offer(str(folder))
    desk = offer.first()
    assert (desk.scenario(), desk.worlds) == (scenario, shown)
    assert offer.offered()[0] == str(folder)
    assert desk.move("us.red_line", 4).scenario().values["us.red_line"] == 4
    assert look(replace(desk, worlds=lived)).run.outcomes.equals(run(scenario, worlds=lived).outcomes)


@pytest.mark.usefixtures("solara", "nothing_named")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "'given' is not a run"),
        ({"manifest.json": '{"format": "escalation-sim sweep"}'}, "'given' is not a run"),
        (
            {"manifest.json": '{"format": "escalation-sim run", "format_version": 2}'},
            "'given/manifest.json' is damaged",
        ),
        (None, "unknown scenario 'given'"),
        ("us: {red_lime: 2}", "did you mean 'red_line'"),
    ],
)
def test_what_cannot_be_opened_is_said_before_a_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Any, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if isinstance(content, dict):
        Path("given").mkdir()
        for name, text in content.items():
            (Path("given") / name).write_text(text)
    elif content:
        Path("given").write_text(content)
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: pytest.fail("a server was started"))
    found = CliRunner().invoke(app, ["dashboard", "given"])
    assert found.exit_code == 2, found.output
    assert message in found.stderr
    assert found.stderr.count("\n") <= 3
    assert offer.offered()[0] == offer.USUAL


def _panel(context: Any) -> Any:
    """The panel of the levers on a page that was built."""
    from ipyvuetify import VuetifyTemplate

    return next(widget for widget in context.find(VuetifyTemplate).widgets if hasattr(widget, "groups"))


def _moved(panel: Any) -> dict[str, str]:
    return {lever["path"]: lever["text"] for group in panel.groups for lever in group["levers"] if lever["moved"]}


@pytest.mark.usefixtures("solara")
def test_a_port_that_is_taken_is_said_so() -> None:
    from sim.dashboard.serve import HOST, serve

    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} cannot be used"):
            serve(port=port)
    with pytest.raises(InputError, match="65535"):
        serve(port=70_000)


def test_the_page_is_built_with_all_levers(solara: Any, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.dashboard import page

    monkeypatch.setattr(page, "_shown", lambda desk, newest: _Done(shown))
    _, context = solara.render(page.Page(), handle_error=False)
    panel = _panel(context)
    assert sum(len(group["levers"]) for group in panel.groups) == sum(map(len, LEVERS.values()))
    panel.vue_move({"us.red_line": 4, "economy.stress": 0.7})
    assert _moved(panel) == {"us.red_line": "4", "economy.stress": "0.7"}
    context.close()


@pytest.mark.usefixtures("solara")
def test_worlds_that_cannot_be_lived_are_told_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.dashboard import page

    path = tmp_path / "mine.yaml"
    path.write_text("extends: baghdad-2020\npolicies: {us: 'operator:add'}\n")
    assert page.looked_at(Desk(str(path), worlds=2)).message.startswith("the policy of us failed on day")

    def fail(_: Desk) -> None:
        raise SimError("a compiled policy failed")

    monkeypatch.setattr(page, "look", fail)
    assert page.looked_at(Desk(SOURCE)) == page.Broken("a compiled policy failed")


def test_two_pages_have_two_desks(solara: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.dashboard import page

    monkeypatch.setattr(page, "_shown", lambda desk, newest: _Done(None))
    contexts = [solara.render(page.Page(), handle_error=False)[1] for _ in range(2)]
    one, other = (_panel(context) for context in contexts)
    one.vue_move({"us.red_line": 4})
    assert _moved(one) == {"us.red_line": "4"}
    assert _moved(other) == {}
    for context in contexts:
        context.close()


class _Done:
    """A task that has ended."""

    pending = False

    def __init__(self, value: object) -> None:
        self.latest = value


def test_the_mesa_model_opens_in_mesas_own_page_and_is_built_anew_from_it(solara: Any) -> None:
    """Also with the controls at the side, whose reset makes the model that they say, a seed in text included."""
    visualization = pytest.importorskip("mesa.visualization", reason="Mesa's visualisation is not installed")
    from ipyvuetify import Btn

    from sim.drivers.mesa_model import CrisisModel

    scenario = load(SOURCE, {"horizon": 3})
    model = CrisisModel(scenario, world=0)
    model.step()
    seen: list[CrisisModel] = []

    def today(each: CrisisModel) -> None:
        seen.append(each)
        solara.Text(f"day {each.day}")

    chosen = {
        "scenario": scenario,
        "seed": {"type": "InputText", "value": "42", "label": "seed"},
        "world": {"type": "SliderInt", "value": 2, "label": "world", "min": 0, "max": 9, "step": 1},
    }

    @solara.component
    def whole_page() -> None:
        with solara.AppLayout():
            visualization.SolaraViz(model, components=[today], model_params=chosen, name="Crisis")

    _, context = solara.render(whole_page(), handle_error=False)
    assert seen[-1] is model
    context.find(Btn, children=["Reset"]).widget.click()
    made = seen[-1]
    assert (made.day, made.world, made.crisis_scenario) == (0, 2, scenario.with_({"seed": 42}))
    context.close()
