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
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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
WHEN_SETTLED = """count => {
  const wanted = document.querySelector('.sim-page').dataset.wanted;
  const parts = [...document.querySelectorAll('[data-shows]')];
  return parts.length > count && parts.every(part => part.dataset.shows === wanted)
    && !document.querySelector('.stale');
}"""
"""Table and figures are there and all show what is chosen."""
PATIENCE = 600
"""Seconds that a test waits for anything; a slow machine that compiles the rules meanwhile needs minutes."""
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
        process.wait(PATIENCE)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2 * PATIENCE):
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
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(server.url)
    page.wait_for_selector(".sim-outcomes")
    return page


def _open(server: Server, browser: Any, watched: Watched) -> Any:
    page = _goto(server, browser, watched)
    page.locator(".sim-head select").first.select_option("baghdad-2020")
    page.wait_for_function("document.querySelector('.sim-outcomes caption').innerText.includes('Baghdad')")
    _settle(page)
    return page


def _settle(page: Any, figures: int = 3) -> None:
    """Wait until the table and every figure show what is on the desk."""
    page.wait_for_function(WHEN_SETTLED, arg=figures)


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
    page.wait_for_function(script, arg=before)
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
    page.wait_for_selector(".sim-chronicle")
    page.focus("text=Next event")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sim-chronicle button.today")


def test_a_baseline_is_compared_with_the_same_luck(page: Any) -> None:
    page.click("text=Pin as baseline")
    page.wait_for_selector("table.compared")
    _settle(page, 4)
    changes = page.locator(".sim-outcomes tbody tr td:last-child b")
    assert set(changes.all_inner_texts()) == {"0.0"}
    _change(page, "iran.weight_calm", 0.2, figures=4)
    assert set(changes.all_inner_texts()) != {"0.0"}
    page.click("text=American killed")
    page.wait_for_selector(".sim-examples")
    assert "that turn to it" in page.inner_text(".sim-examples")
    _shoot(page, "compare")
    page.click("text=Unpin")
    page.wait_for_selector("table.compared", state="detached")


def test_a_world_is_opened_and_stepped_through(page: Any) -> None:
    page.click("text=US strike")
    page.click(".sim-examples button >> nth=0")
    page.wait_for_selector(".sim-chronicle")
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
    with page.expect_download() as given:
        page.click("text=Scenario (YAML)")
    given.value.save_as(tmp_path / "moved.yaml")
    assert load(tmp_path / "moved.yaml").values["us.red_line"] == 5
    with page.expect_download() as given:
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
        page.wait_for_selector(".sim-broken")
        assert page.inner_text(".sim-broken").strip() == str(expected.value).strip()
        _shoot(page, "broken")
    finally:
        server.scenario.write_text(GOOD)
    page.click("text=Read again")
    page.wait_for_selector(".sim-outcomes")


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
        page.wait_for_selector(".sim-broken")
        assert "is not a run" in page.inner_text(".sim-broken")
        page.close()


def test_a_page_under_another_name_is_refused(server: Server) -> None:
    """A web page whose name was made to lead to this machine gets nothing."""
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(server.url, headers={"Host": "elsewhere.example"}))


OPEN_SOCKET = """host => new Promise(done => {
  const socket = new WebSocket(`ws://${host}/jupyter/api/kernels/5d3b/channels?session_id=5d3b`);
  socket.onopen = () => { socket.close(); done('open'); };
  socket.onerror = () => done('refused');
})"""
ASK = "host => fetch(`http://${host}/`, { mode: 'no-cors' }).then(() => 'answered', () => 'refused')"
TAKE_SCRIPT = """host => new Promise(done => {
  const script = document.createElement('script');
  script.onload = () => done('loaded');
  script.onerror = () => done('refused');
  script.src = `http://${host}/static/main-vuetify.js`;
  document.head.append(script);
})"""
FRAME = """host => new Promise(done => {
  const frame = document.createElement('iframe');
  frame.onload = () => done();
  frame.src = `http://${host}/`;
  document.body.append(frame);
})"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page of another: a server on another port of this machine."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "index.html").write_text("<!doctype html><title>elsewhere</title><p>elsewhere</p>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}/"
        other.shutdown()


def test_a_page_of_another_origin_reaches_nothing(server: Server, browser: Any, page: Any, elsewhere: str) -> None:
    """The page itself can do what a page of another port, or of another name of this machine, cannot."""
    host = server.url.split("/")[2]
    assert page.evaluate(OPEN_SOCKET, host) == "open"
    assert page.evaluate(ASK, host) == "answered"
    stranger = browser.new_page()
    stranger.goto(elsewhere)
    for name in (host, host.replace("127.0.0.1", "localhost")):
        for script in (OPEN_SOCKET, ASK, TAKE_SCRIPT):
            assert stranger.evaluate(script, name) == "refused", script
        stranger.evaluate(FRAME, name)
    assert len(stranger.frames) == 3
    for frame in stranger.frames[1:]:  # what cannot be framed becomes the browser's own page of errors, in its own time
        frame.wait_for_url("chrome-error://chromewebdata/", wait_until="commit", timeout=1000 * PATIENCE)
    stranger.close()


def test_the_page_may_be_linked_to(server: Server, browser: Any, elsewhere: str) -> None:
    """A link elsewhere opens the page in a tab, as the line that the command prints does."""
    stranger = browser.new_page()
    stranger.set_default_timeout(1000 * PATIENCE)
    stranger.goto(elsewhere)
    stranger.evaluate("url => { location.href = url }", server.url)
    stranger.wait_for_selector(".sim-outcomes")
    stranger.close()


HOSTILE = r"""
extends: baghdad-2020
title: '<img src=http://elsewhere.example/t.png onerror=stolen=1>{{ 6 * 7 }} $\frac{ [x](javascript:stolen=1)'
story: '<script>stolen=1</script>![x](http://elsewhere.example/d.png)'
militias:
  kataib_hezbollah:
    name: '<b onmouseover=stolen=1>Kataib</b>{{ 6 * 7 }} $\frac{'
"""


def test_what_a_scenario_says_stays_text(tmp_path: Path, browser: Any, watched: Watched) -> None:
    """No markup, script, template, formula or picture in a title or a name comes to life, and nothing is fetched."""
    path = tmp_path / "<b>mine.yaml"
    path.write_text(HOSTILE)
    scenario = load(path)
    with _serving(path) as server:
        page = _goto(server, browser, watched)
        page.click("text=Pin as baseline")
        page.wait_for_selector("table.compared")
        _settle(page, 4)
        assert page.inner_text(".sim-outcomes caption").count(scenario.title) == 1
        page.click("text=American killed")
        page.click(".sim-examples button >> nth=0")
        page.wait_for_selector(".sim-chronicle")
        assert page.locator(".sim-chronicle button", has_text=scenario.groups[0].name).count() > 0
        assert page.evaluate("typeof stolen") == "undefined"
        assert page.locator(".sim-page :is(b, img)[onmouseover], .sim-page img:not([src^='data:'])").count() == 0
        page.close()


def test_random_moves_leave_no_error(server: Server, page: Any) -> None:
    chance = random.Random(7)
    sliders = page.locator(".sim-lever input").evaluate_all("boxes => boxes.map(b => [b.id, +b.min, +b.max])")
    for _ in range(MOVES):
        path, low, high = chance.choice(sliders)
        _move(page, path, chance.choice([low, high, low + chance.random() * (high - low)]))
        page.wait_for_timeout(chance.choice([20, 150, 400]))  # quick and slow hands; nothing is expected meanwhile
    for last in ("7", "8"):
        _move(page, "us.red_line", float(last))
        page.wait_for_function(
            "last => document.getElementById('us.red_line').getAttribute('aria-valuetext') === last", arg=last
        )
    _settle(page)
    assert page.locator(".sim-lever.moved").count() >= 5
    assert not re.search(r"Traceback|ERROR|Exception", server.log.read_text())
