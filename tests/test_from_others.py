"""Files from others: pictures, formulas, policies, saved games and designs that somebody else has written."""

import csv
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from test_refusals import call, refused

import sim
from sim.errors import InputError
from sim.play.saved import resume
from sim.plots.gallery import FIGURES
from sim.results.export import inert_cells
from sim.results.report import inert, page
from sim.results.run import open_run
from sim.scenario import policy as policies
from sim.scenario.kept import OtherRules

BASE = "baghdad-2020"
REMOTE = (
    "![x](https://evil.example/pixel.png)", "![x](//evil.example/p.png)", "![x][r]\n\n[r]: https://evil.example/p.png",
    "[![x](https://evil.example/p.png)](https://a.example)", "\\![x](https://evil.example/p.png)",
    "\\\\![x](https://evil.example/p.png)", "<img src=https://evil.example/p.png>", "![x](plots/map.png)",
    "![x](plots/../../secret.png)", "![x](/etc/passwd)", "| ![x](https://evil.example/p) |\n| --- |\n| b |",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])


@pytest.mark.parametrize("text", REMOTE)
def test_no_picture_of_a_text_is_shown(tmp_path: Path, text: str) -> None:
    """Neither in the page, nor by whoever renders the Markdown."""
    for shown in (text, inert(text)):
        assert "<img" not in page("A title", shown, tmp_path).replace("&lt;img", "")
    assert "![" not in inert(text)
    assert "<img" not in inert(text)


def test_texts_of_a_scenario_are_inert_in_its_report(tmp_path: Path) -> None:
    text = "![a](https://evil.example/a.png)"
    question = {"id": "raid", "text": f"A strike {text} by {{end}}?", "measure": "us_strikes", "statistic": "total"}
    changes = {
        "title": f"Title {text}", "story": f"Story {text}, a ![map](plots/map.png).", "sources": [text], "horizon": 8,
        "questions": [question | {"comparison": ">=", "threshold": 1}], "militias": {"badr": {"name": text}},
    }  # fmt: skip
    sim.run(sim.load(BASE).with_(changes), 5, tmp_path / "run")
    shown = (tmp_path / "run" / "report.html").read_text()
    assert shown.count("<img") == shown.count('<img src="data:image/svg+xml;base64,') == 1
    told = (tmp_path / "run" / "report.md").read_text()
    assert told.count("![") == 1
    assert "](plots/outcomes.png)" in told


FORMULAS = ('=HYPERLINK("https://evil.example")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str) -> None:
    table = pd.DataFrame({text: pd.Categorical([text]), "n": [-1.5], "plain": ["a=b"]})
    safe = inert_cells(table)
    assert safe.iloc[0].tolist() == [f"'{text}", -1.5, "a=b"]
    assert list(safe.columns) == [f"'{text}", "n", "plain"]


def test_names_of_groups_are_no_formulas_in_exported_events(tmp_path: Path) -> None:
    lived = sim.run(
        sim.load(BASE).with_({"horizon": 20, "militias": {"badr": {"name": FORMULAS[0]}}}), 10, None, "trace"
    )
    lived.export(tmp_path / "events.csv")
    with (tmp_path / "events.csv").open(newline="") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    assert f"'{FORMULAS[0]}" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders whose scenario names a policy, as somebody else hands them over: it was never asked for here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "of_others.py").write_text("import sim\n\n\n@sim.rule\ndef choose(seen, options):\n    return 0\n")
    scenario = sim.load(BASE, ["horizon=5", "policies.us=of_others:choose"])
    sim.run(scenario, 4, tmp_path / "run")
    sim.sweep(scenario, {"us.red_line": [1, 2]}, 3, tmp_path / "sweep")
    sim.sweep(sim.load(BASE, ["horizon=5"]), {"policies.us": ["quantal", "of_others:choose"]}, 3, tmp_path / "points")
    monkeypatch.setattr(policies, "_asked", set())
    monkeypatch.setattr(policies, "_unasked", {})
    sys.modules.pop("of_others")
    return tmp_path


@pytest.mark.parametrize("name", ["run", "sweep", "points"])
def test_no_policy_of_a_folder_is_imported_unasked(strange: Path, name: str) -> None:
    opened = sim.open_run(strange / name)
    assert len(opened.probabilities())
    if isinstance(opened, sim.Sweep):
        opened = opened.run(1)
    with pytest.raises(InputError, match=r"policy of_others:choose: .* names it, .* --trust"):
        opened.world(1)
    where = [] if name == "run" else ["--point", "1"]
    assert "--trust" in refused("explain", str(strange / name), "--world", "1", *where)
    if name == "run":
        assert "--trust" in refused("compare", str(strange / name), BASE, "--worlds", "2")
    with pytest.raises(InputError, match="names it"):
        sim.run(opened.scenario.with_({"us.red_line": 3}), 2)
    assert "of_others" not in sys.modules


@pytest.mark.parametrize("name", ["run", "sweep", "points"])
def test_a_folder_that_is_trusted_is_lived_again(strange: Path, name: str) -> None:
    where = [] if name == "run" else ["--point", "1"]
    done = call("explain", str(strange / name), "--world", "1", "--trust", *where)
    assert done.exit_code == 0, done.output
    assert "of_others" in sys.modules
    assert sim.open_run(strange / name)


def test_what_was_asked_for_anyway_needs_no_trust(strange: Path) -> None:
    sim.run(sim.load(BASE, ["horizon=5", "policies.us=of_others:choose"]), 2)
    assert open_run(strange / "run").world(1)


def test_a_policy_that_was_edited_since_is_said(strange: Path) -> None:
    with (strange / "of_others.py").open("a") as file:
        file.write("# edited\n")
    with pytest.warns(OtherRules, match="the source of of_others:choose has changed"):
        sim.open_run(strange / "run", trust=True)


def test_no_policy_of_a_saved_game_is_imported_unasked(strange: Path) -> None:
    typed = ["play", "--set", "horizon=3", "--set", "policies.iran=of_others:choose", "--compare", "2", "--world", "1"]
    file = strange / "mine.game.yaml"
    done = call(*typed, "--save", str(file), typed="q\n")
    assert done.exit_code == 0, done.output
    policies._asked.clear()
    sys.modules.pop("of_others")
    with pytest.raises(InputError, match="--trust"):
        resume(file)
    assert "of_others" not in sys.modules
    assert resume(file, trust=True)[0].day == 0


GAME = "game: 1\nscenario: baghdad-2020\nset: []\nhash: {hash}\nworld: 1\nseats: [us]\nday: 0\nstops: []\nchoices: []\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GAME + LAUGHS, "more than 20000 values|more than 100 aliases"),
        (GAME + "x: " + "[" * 50 + "]" * 50, "nested deeper"),
        (GAME + "#" + "x" * 1_000_000, "larger than 1000 kB"),
        (GAME + "x: !!python/object/apply:os.system [id]", "tag"),
        (GAME.replace("day: 0", "day: 999999999"), "cannot go on"),
        (GAME.replace("day: 0", "day: -1"), "day cannot be used"),
        (GAME.replace("day: 0", "day: true"), "day cannot be used"),
        (GAME.replace("world: 1", "world: 99999999999"), "world cannot be used"),
        (GAME.replace("world: 1", "world: 1.7"), "world cannot be used"),
        (GAME.replace("[us]", "[[us]]"), "seats cannot be used"),
        (GAME.replace("[us]", "[nobody]"), "unknown seat"),
        (GAME.replace("stops: []", "stops: [many]"), "a day must be a whole number"),
        (
            GAME.replace("choices: []", "choices: [{day: 0, seat: us, act: [1]}]").replace("day: 0\n", "day: 1\n"),
            "go on",
        ),
        (GAME.replace("scenario: baghdad-2020", "scenario: [1]"), "scenario cannot be used"),
    ],
)
def test_a_saved_game_is_bounded_like_a_scenario(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "mine.game.yaml"
    file.write_text(content.replace("{hash}", sim.load(BASE).hash))
    with pytest.raises(InputError, match=message):
        resume(file)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("us.red_line,us.rationality\n1,2,3\n4,5,6\n", r"points\.csv:2: 3 values under 2 columns"),
        ("us.red_line,us.rationality\n1,2\n4\n", r"points\.csv:3: 1 values under 2 columns"),
        ("us.red_line,us.rationality\n1,2,\n", r"points\.csv:2: 3 values under 2 columns"),
        ("us.red_line\n1,2\n", r"points\.csv:2: 2 values under 1 columns"),
        ("us.red_line,us.red_line\n1,2\n", "two columns 'us.red_line'"),
        ("", "cannot be read as points"),
        ("us.red_line\n", "is empty"),
    ],
)
def test_rows_of_a_design_are_as_wide_as_its_header(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "points.csv").write_text(rows)
    with pytest.raises(InputError, match=message):
        sim.sweep(BASE, tmp_path / "points.csv", worlds=2)


def test_a_design_as_spreadsheets_write_it(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes('\ufeffus.red_line,"us.rationality"\r\n1,2\r\n\r\n4,5\r\n'.encode())
    found = sim.sweep(sim.load(BASE, ["horizon=3"]), tmp_path / "points.csv", worlds=2).points
    assert found.to_dict("list") == {"us.red_line": [1, 4], "us.rationality": [2, 5]}


def test_a_path_in_the_index_is_not_dropped(tmp_path: Path) -> None:
    table = pd.DataFrame({"us.red_line": [1, 2], "us.rationality": [2, 3]}).set_index("us.red_line")
    table.to_parquet(tmp_path / "points.parquet")
    for given in (table, tmp_path / "points.parquet"):
        with pytest.raises(InputError, match=r"'us\.red_line' is the index"):
            sim.sweep(BASE, given, worlds=2)


def test_a_foreign_run_needs_nothing_but_its_folder(tmp_path: Path) -> None:
    """What the report of a run says of files is true wherever the folder is."""
    sim.run(sim.load(BASE, ["horizon=5"]), 4, tmp_path / "run")
    shutil.move(tmp_path / "run", tmp_path / "away")
    assert sim.open_run(tmp_path / "away").world(1).world == 1
