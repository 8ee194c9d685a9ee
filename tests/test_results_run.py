"""A run from the driver's chunks to its folder and back; worlds here are made up, so that it takes no time."""

import base64
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fake_worlds import FakeLived, fake_lived

from sim.errors import InputError
from sim.plots.gallery import FIGURES
from sim.results.folder import MANIFEST, Overwrite
from sim.results.numbers import numbers
from sim.results.report import table
from sim.results.run import Run, open_run, run
from sim.results.scores import OUTCOME_QUESTIONS
from sim.results.summary import estimated
from sim.results.words import interval, listed, percent, worlds_text
from sim.scenario import load

CHUNK = 25


def fake_chunks(
    scenario: Any, worlds: int, depth: str = "daily", first: int = 0, threads: int | None = None
) -> Iterator[FakeLived]:
    """The driver's chunks, of made-up worlds."""
    for start in range(0, worlds, CHUNK):
        lived = fake_lived(scenario, min(CHUNK, worlds - start), first + start)
        yield FakeLived(
            first + start,
            lived.outcomes,
            None if depth == "outcomes" else lived.series,
            lived.events if depth == "trace" else None,
            lived.offsets if depth == "trace" else None,
        )


@pytest.fixture(autouse=True)
def _made_up_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.drivers.ensemble.chunks", fake_chunks)


@pytest.fixture
def one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a single figure where the figures are not what is tested: it saves seconds."""
    monkeypatch.setattr("sim.plots.gallery.FIGURES", FIGURES[:1])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.drivers.ensemble.chunks", fake_chunks)
        return run("baghdad-2020", worlds=60, out=tmp_path_factory.mktemp("runs") / "run", depth="trace")


def test_a_run_in_memory_has_its_worlds() -> None:
    done = run(load("baghdad-2020"), worlds=60)
    assert done.outcomes["world"].tolist() == list(range(60))
    assert done.daily is not None
    assert done.daily.worlds == 60
    assert len(done.probabilities()) == len(OUTCOME_QUESTIONS)


def test_progress_counts_worlds() -> None:
    seen: list[tuple[int, int]] = []
    run("baghdad-2020", worlds=60, depth="outcomes", progress=lambda done, asked: seen.append((done, asked)))
    assert seen == [(25, 60), (50, 60), (60, 60)]


def test_the_folder_holds_what_memory_holds(stored: Run) -> None:
    held = run("baghdad-2020", worlds=60, depth="trace")
    pd.testing.assert_frame_equal(stored.outcomes, held.outcomes)
    pd.testing.assert_frame_equal(stored.events, held.events)
    assert stored.daily is not None
    assert held.daily is not None
    for name, counts in held.daily.counts.items():
        assert (stored.daily.counts[name] == counts).all(), name


def test_saving_a_run_writes_the_same_folder(stored: Run, tmp_path: Path) -> None:
    """Figures and report are the same bytes when the same worlds are drawn and told again."""
    saved = run("baghdad-2020", worlds=60, depth="trace").save(tmp_path / "run")
    assert saved.folder == tmp_path / "run"
    assert stored.folder is not None
    names = sorted(path.relative_to(stored.folder) for path in stored.folder.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(tmp_path / "run") for path in (tmp_path / "run").rglob("*") if path.is_file()
    )
    for name in names:
        if name.name != MANIFEST and name.suffix != ".parquet":
            assert (tmp_path / "run" / name).read_bytes() == (stored.folder / name).read_bytes(), name


def test_the_manifest_is_enough_to_live_it_again(stored: Run) -> None:
    assert stored.folder is not None
    manifest = json.loads((stored.folder / MANIFEST).read_text())
    assert load(manifest["scenario"]) == stored.scenario == load("baghdad-2020")
    assert load(stored.folder / "scenario.yaml") == stored.scenario
    assert (manifest["worlds"], manifest["depth"], manifest["seed"]) == (60, "trace", stored.scenario.seed)
    assert manifest["scenario_hash"] == stored.scenario.hash
    assert {"python", "numpy", "numba", "mesa", "escalation-sim"} <= set(manifest["versions"])


def test_opening_gives_the_run_back(stored: Run) -> None:
    assert stored.folder is not None
    again = open_run(stored.folder)
    assert (again.worlds, again.depth, again.scenario) == (stored.worlds, stored.depth, stored.scenario)
    assert again.summary() == stored.summary()
    assert numbers(again) == numbers(stored)


@pytest.mark.parametrize("worlds", [0, -5, 2**32 + 1])
def test_a_number_of_worlds_that_makes_no_sense_is_bad_input(worlds: int) -> None:
    with pytest.raises(InputError, match="number of worlds must be in 1"):
        run("baghdad-2020", worlds=worlds)


def test_an_unknown_depth_is_bad_input() -> None:
    with pytest.raises(InputError, match="did you mean 'trace'"):
        run("baghdad-2020", worlds=1, depth="traces")


def test_an_error_while_living_leaves_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(
        scenario: Any, worlds: int, depth: str = "daily", first: int = 0, threads: int | None = None
    ) -> Iterator[FakeLived]:
        yield from fake_chunks(scenario, CHUNK, depth)
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.drivers.ensemble.chunks", broken)
    with pytest.raises(KeyboardInterrupt):
        run("baghdad-2020", worlds=60, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("one_figure")
def test_a_second_run_needs_leave_to_replace_the_first(tmp_path: Path) -> None:
    run("baghdad-2020", worlds=2, out=tmp_path / "run")
    with pytest.raises(InputError, match="holds a finished run"):
        run("baghdad-2020", worlds=3, out=tmp_path / "run")
    assert run("baghdad-2020", worlds=3, out=Overwrite(tmp_path / "run")).worlds == 3


def test_events_need_the_depth_of_traces() -> None:
    with pytest.raises(InputError, match="run it with depth 'trace'"):
        _ = run("baghdad-2020", worlds=2).events


def test_a_world_outside_the_run_is_bad_input(stored: Run) -> None:
    with pytest.raises(InputError, match="no world 60: this run has worlds 0 to 59"):
        stored.world(60)


def test_a_stored_world_is_told_from_its_trace(stored: Run) -> None:
    chronicle = stored.world(17)
    assert len(chronicle) == stored.outcomes["events"][17]
    assert chronicle.world == 17


def test_the_summary_fits_eighty_columns_and_names_every_outcome(stored: Run) -> None:
    lines = stored.summary().splitlines()
    assert max(len(line) for line in lines) <= 80
    text = "\n".join(lines)
    for row in stored.probabilities().itertuples():
        line = next(line for line in lines if line.startswith(f"{row.title} "))
        assert all(part in line for part in estimated(row))
    for part in ("60 worlds", "Highest rung", "Killed", "First dates", "Attacks"):
        assert part in text


def test_bars_are_as_long_as_the_probability(stored: Run) -> None:
    lines = stored.summary().splitlines()
    estimates = stored.probabilities().set_index("title")["estimate"]
    length = {
        title: sum(letter == "█" for letter in next(line for line in lines if line.startswith(f"{title} ")))
        for title in estimates.index
    }
    for title, estimate in estimates.items():
        assert length[title] == int(24 * estimate), title


class Checker(HTMLParser):
    """Collects what an HTML page refers to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page(stored: Run) -> Checker:
    assert stored.folder is not None
    checker = Checker()
    checker.feed((stored.folder / "report.html").read_text())
    return checker


def test_the_page_needs_nothing_beside_it(page: Checker) -> None:
    assert "script" not in page.tags
    assert "link" not in page.tags
    pictures = [reference for reference in page.references if reference.startswith("data:")]
    assert len(pictures) == 7
    assert all(
        not reference.startswith(("http", "plots/")) for reference in page.references if reference not in pictures
    )
    assert all(b"<svg" in base64.b64decode(picture.partition(",")[2])[:2000] for picture in pictures)


def test_the_report_answers_the_question(stored: Run, page: Checker) -> None:
    assert stored.folder is not None
    text = (stored.folder / "report.md").read_text()
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == [
        "The question", "The answer", "How sure", "Outcomes", "Figures", "Worlds to look at",
        "What the model cannot say", "How to reproduce",
    ]  # fmt: skip
    answer = text.split("## The answer")[1].split("##")[0]
    assert len(re.findall(r"^\d\. ", answer, re.MULTILINE)) == 5
    for fact in (str(stored.scenario.seed), stored.scenario.hash, "sim run scenario.yaml --worlds 60 --depth trace"):
        assert fact in text
        assert fact in page.text


def test_pictures_of_the_report_are_in_the_folder(stored: Run) -> None:
    assert stored.folder is not None
    text = (stored.folder / "report.md").read_text()
    pictures = re.findall(r"\]\((plots/[\w-]+\.png)\)", text)
    assert len(pictures) == 7
    for picture in pictures:
        assert (stored.folder / picture).read_bytes().startswith(b"\x89PNG")
        assert (stored.folder / picture).with_suffix(".svg").exists()


def test_numbers_are_those_of_the_tables(stored: Run) -> None:
    assert stored.folder is not None
    facts = json.loads((stored.folder / "numbers.json").read_text())
    by_name = {row["outcome"]: row for row in facts["probabilities"]}
    assert by_name["us_death"]["estimate"] == stored.outcomes["us_death"].mean()
    assert facts["counts"]["rockets"]["mean"] == pytest.approx(stored.outcomes["rockets"].mean())
    assert facts["scores"]["severity"]["q50"] == np.quantile(stored.outcomes["severity"], 0.5, method="inverted_cdf")
    assert facts["representative"] == stored.representative()
    assert len(facts["weekly"]["rockets"]) == 12


def test_every_number_of_the_report_is_in_numbers_json(stored: Run) -> None:
    """Percentages in the report's tables are those of numbers.json, written out."""
    assert stored.folder is not None
    facts = json.loads((stored.folder / "numbers.json").read_text())
    known = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for item in value.values():
                gather(item)
        elif isinstance(value, list):
            for item in value:
                gather(item)
        elif isinstance(value, float) and 0 <= value <= 1:
            known.update((percent(value), f"{round(100 * value)} %"))

    gather(facts)
    text = (stored.folder / "report.md").read_text()
    tables = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    single = re.findall(r"\| ((?:<|>)?[\d.]+ %) \|", tables)
    assert len(single) > 30
    assert set(single) <= known | {"<1 %", ">99 %"}


@pytest.mark.usefixtures("one_figure")
def test_titles_of_users_cannot_break_the_page(tmp_path: Path) -> None:
    odd = load("baghdad-2020").with_({"title": "<script>alert(1)</script> | a title", "story": "A <b>story</b>."})
    done = run(odd, worlds=3, out=tmp_path / "run")
    checker = Checker()
    checker.feed((tmp_path / "run" / "report.html").read_text())
    assert "script" not in checker.tags
    assert "<b>story</b>" in checker.text
    assert "&lt;script&gt;" in done._repr_html_()


def test_a_run_without_daily_series_has_a_report_too(tmp_path: Path) -> None:
    done = run("baghdad-2020", worlds=5, out=tmp_path / "run", depth="outcomes")
    assert done.daily is None
    assert (tmp_path / "run" / "report.html").exists()
    assert not (tmp_path / "run" / "daily.parquet").exists()


def test_notebooks_show_a_table(stored: Run) -> None:
    html = stored._repr_html_()
    assert "<table" in html
    assert "60 worlds" in html
    assert repr(stored).startswith("Run('")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.0004, "<0.1 %"), (0.042, "4.2 %"), (0.0994, "9.9 %"), (0.0996, "10 %"),
     (0.23, "23 %"), (0.8999, "90 %"), (0.956, "95.6 %"), (0.9996, ">99.9 %")],
)  # fmt: skip
def test_shares_in_words(share: float, text: str) -> None:
    assert percent(share) == text


def test_small_words() -> None:
    assert interval(0.2, 0.263) == "20–26 %"
    assert worlds_text(1) == "1 world"
    assert worlds_text(12000) == "12,000 worlds"
    assert [listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert table(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |"


def test_events_are_exported_from_the_run(stored: Run, tmp_path: Path) -> None:
    assert stored.export(tmp_path / "events.csv") == len(pd.read_csv(tmp_path / "events.csv", dtype=str)) > 100
    with pytest.raises(InputError, match="kept no events"):
        run("baghdad-2020", worlds=2).export(tmp_path / "none.csv")
