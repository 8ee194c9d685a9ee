"""The dashboard in headless Chromium: load, move, compare, open a world, download, two tabs, a broken file.

With ``DASHBOARD_SHOTS=docs/images/dashboard`` the pictures of the documentation are taken along the way.
"""

import io
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from sim.errors import InputError
from sim.results.run import run
from sim.scenario import load
from sim.scenario.authoring import check

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
LAPTOP = {"width": 1366, "height": 768}
GOOD = "extends: baghdad-2020\ntitle: A file of the user\n"
BROKEN = "extends: baghdad-2020\nus:\n  red_lime: 2\n"
WHEN_SETTLED = (
    "count => document.querySelectorAll('.sim-figure img').length >= count && !document.querySelector('.stale')"
)
LONG, SHORT = 240_000, 60_000
"""Milliseconds: rules may have to be compiled; a page answers."""
MOVES = 25


@dataclass
class Server:
    """A dashboard that runs on this machine: its address, the file it was opened with, and what it wrote."""

    url: str
    scenario: Path
    log: Path


@dataclass
class Watched:
    """What a page asked for and complained of."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    scenario = tmp_path_factory.mktemp("dashboard") / "mine.yaml"
    scenario.write_text(GOOD)
    with _serving(scenario) as started:
        yield started


@contextmanager
def _serving(opened: Path) -> Iterator[Server]:
    """A server that was told to open a file or a folder, from beside it."""
    pytest.importorskip("solara", reason="the extra `dashboard` is not installed")
    log = opened.parent / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sim", "dashboard", opened.name, "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=opened.parent)
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait_for(url, process)
        yield Server(url, opened, log)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert process.poll() is None, "the server ended"
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium is installed (looked for {', '.join(NAMES)})")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture
def watched() -> Iterator[Watched]:
    """What pages complain of; a test passes only if they do not, and ask nobody else for anything."""
    found = Watched()
    yield found
    assert found.foreign == []
    assert found.errors == []


@pytest.fixture
def page(server: Server, browser: Any, watched: Watched) -> Iterator[Any]:
    opened = _open(server, browser, watched)
    yield opened
    opened.close()


def _goto(server: Server, browser: Any, watched: Watched) -> Any:
    """A new tab as the server begins it."""
    page = browser.new_page(viewport=LAPTOP)
    page.on("console", lambda message: watched.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    local = (server.url, "data:", f"blob:{server.url}")
    page.on("request", lambda request: None if request.url.startswith(local) else watched.foreign.append(request.url))
    page.goto(server.url)
    page.wait_for_selector(".sim-outcomes", timeout=LONG)
    return page


def _open(server: Server, browser: Any, watched: Watched) -> Any:
    page = _goto(server, browser, watched)
    page.locator(".sim-head select").first.select_option("baghdad-2020")
    page.wait_for_function("document.querySelector('.sim-outcomes caption').innerText.includes('Baghdad')")
    _settle(page)
    return page


def _settle(page: Any, figures: int = 3) -> None:
    """Wait until every figure shows what the levers say."""
    page.wait_for_timeout(250)
    page.wait_for_function(WHEN_SETTLED, arg=figures, timeout=SHORT)


def _move(page: Any, path: str, value: float) -> None:
    """Drag a slider."""
    script = "(box, value) => { box.value = value; box.dispatchEvent(new Event('input', { bubbles: true })) }"
    page.locator(f'[id="{path}"]').evaluate(script, value)


def _shares(page: Any) -> str:
    return str(page.inner_text(".sim-outcomes tbody"))


def _change(page: Any, path: str, value: float, figures: int = 3) -> None:
    """Drag a slider and wait until the outcomes are others."""
    before = _shares(page)
    _move(page, path, value)
    script = "before => document.querySelector('.sim-outcomes tbody').innerText != before"
    page.wait_for_function(script, arg=before, timeout=SHORT)
    _settle(page, figures)


def _shoot(page: Any, name: str) -> None:
    """Take a picture for the documentation where one is wanted."""
    folder = os.environ.get("DASHBOARD_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_page_fits_a_laptop_and_shows_all(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    assert page.locator(".sim-lever").count() == 14
    assert page.locator(".sim-outcomes tbody tr").count() == 19
    last = page.locator(".sim-lever").last.bounding_box()
    assert last["y"] + last["height"] <= LAPTOP["height"]
    _shoot(page, "start")


def test_a_lever_moves_outcomes_and_figures(page: Any) -> None:
    figure = page.locator(".sim-figure img").first
    before = figure.get_attribute("src")
    _change(page, "us.red_line", 8)
    assert figure.get_attribute("src") != before
    page.click("text=Reset levers")
    page.wait_for_selector(".sim-lever.moved", state="detached")
    assert page.locator('[id="us.red_line"]').input_value() == "1"


def test_all_of_it_works_by_keyboard(page: Any) -> None:
    page.focus('[id="us.red_line"]')
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".sim-lever.moved")
    _settle(page)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    assert {"economy.stress", "US strike", "Authority lost"} <= {text.strip() for text in reached}
    page.focus("text=American killed")
    page.keyboard.press("Enter")
    page.focus(".sim-examples button >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sim-chronicle", timeout=SHORT)
    page.focus("text=Next event")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sim-chronicle button.today")


def test_a_baseline_is_compared_with_the_same_luck(page: Any) -> None:
    page.click("text=Pin as baseline")
    page.wait_for_selector("table.compared")
    _settle(page, 4)
    changes = page.locator(".sim-outcomes tbody tr td:last-child b")
    assert set(changes.all_inner_texts()) == {"+0.0"}
    _change(page, "iran.weight_calm", 0.2, figures=4)
    assert set(changes.all_inner_texts()) != {"+0.0"}
    page.click("text=American killed")
    page.wait_for_selector(".sim-examples")
    assert "that turn to it" in page.inner_text(".sim-examples")
    _shoot(page, "compare")
    page.click("text=Unpin")
    page.wait_for_selector("table.compared", state="detached")


def test_a_world_is_opened_and_stepped_through(page: Any) -> None:
    page.click("text=US strike")
    page.click(".sim-examples button >> nth=0")
    page.wait_for_selector(".sim-chronicle", timeout=SHORT)
    line = page.locator(".sim-chronicle button", has=page.locator(".grave")).first
    line.click()
    line.and_(page.locator(".today")).wait_for()
    page.wait_for_function(
        "day => document.querySelector('h2').innerText.includes(day)", arg=line.locator("time").inner_text()
    )
    heading = page.inner_text("h2")
    marks = page.locator(".sim-scene circle.event")
    assert marks.count() >= 1
    _shoot(page, "world")
    page.click("text=Next day")
    page.wait_for_function("old => document.querySelector('h2').innerText != old", arg=heading)
    page.click("text=All worlds")
    page.wait_for_selector(".sim-outcomes")


def test_what_the_levers_make_is_downloaded(page: Any, tmp_path: Path) -> None:
    _change(page, "us.red_line", 5)
    with page.expect_download(timeout=SHORT) as given:
        page.click("text=Scenario (YAML)")
    given.value.save_as(tmp_path / "moved.yaml")
    assert load(tmp_path / "moved.yaml").values["us.red_line"] == 5
    with page.expect_download(timeout=SHORT) as given:
        page.click("text=Figures (ZIP)")
    given.value.save_as(tmp_path / "figures.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "figures.zip").read_bytes())) as archive:
        assert {"ladder.svg", "ladder.png", "scenario.yaml"} <= set(archive.namelist())


def test_two_tabs_do_not_disturb_each_other(server: Server, browser: Any, watched: Watched, page: Any) -> None:
    before = _shares(page)
    other = _open(server, browser, watched)
    _change(other, "us.red_line", 12)
    assert page.locator(".sim-lever.moved").count() == 0
    assert _shares(page) == before
    other.close()


def test_a_broken_file_shows_the_message_of_the_check(
    server: Server, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.scenario.write_text(BROKEN)
    monkeypatch.chdir(server.scenario.parent)
    with pytest.raises(InputError) as expected:
        check(server.scenario.name)
    try:
        page.locator(".sim-head select").first.select_option(server.scenario.name)
        page.wait_for_selector(".sim-broken", timeout=SHORT)
        assert page.inner_text(".sim-broken").strip() == str(expected.value).strip()
        _shoot(page, "broken")
    finally:
        server.scenario.write_text(GOOD)
    page.click("text=Read again")
    page.wait_for_selector(".sim-outcomes", timeout=SHORT)


def test_a_run_is_opened_with_its_scenario_and_its_worlds(tmp_path: Path, browser: Any, watched: Watched) -> None:
    folder = tmp_path / "Lauf 1"
    run(load("baghdad-2020").with_({"us.red_line": 3, "title": "A run of mine"}), worlds=250, out=folder)
    with _serving(folder) as server:
        page = _goto(server, browser, watched)
        assert "250 worlds of A run of mine" in page.inner_text(".sim-outcomes caption")
        assert page.locator('[id="us.red_line"]').input_value() == "3"
        scenario, worlds = page.locator(".sim-head select").all()
        assert (scenario.input_value(), worlds.input_value()) == ("Lauf 1", "250")
        (folder / "manifest.json").unlink()
        page.click("text=Read again")
        page.wait_for_selector(".sim-broken", timeout=SHORT)
        assert "is not a run" in page.inner_text(".sim-broken")
        page.close()


def test_a_page_under_another_name_is_refused(server: Server) -> None:
    """A web page whose name was made to lead to this machine gets nothing."""
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(server.url, headers={"Host": "elsewhere.example"}))


def test_random_moves_leave_no_error(server: Server, page: Any) -> None:
    chance = random.Random(7)
    sliders = page.locator(".sim-lever input").evaluate_all("boxes => boxes.map(b => [b.id, +b.min, +b.max])")
    for _ in range(MOVES):
        path, low, high = chance.choice(sliders)
        _move(page, path, chance.choice([low, high, low + chance.random() * (high - low)]))
        page.wait_for_timeout(chance.choice([20, 150, 400]))
    _settle(page)
    assert page.locator(".sim-lever.moved").count() >= 5
    assert not re.search(r"Traceback|ERROR|Exception", server.log.read_text())
