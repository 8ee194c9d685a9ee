"""The site in headless Chromium, opened from its folder: search, links to a number and an act, a phone."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PHONE = {"width": 390, "height": 844}
PAGES = ("index", "gallery/index", "validation", "reference/parameters", "reference/actions", "reference/commands",
         "reference/python", "quality", "how-to/index", "dashboard")  # fmt: skip
BROAD = """() => [...document.querySelectorAll('article img')].filter(img => {
    const slides = getComputedStyle(img.parentElement).overflowX === 'auto';
    const framed = (slides ? img.parentElement : img).getBoundingClientRect();
    return !img.complete || !img.naturalWidth || framed.right > innerWidth;
}).map(img => img.src)"""
"""Pictures that are missing, or stand out of the screen and do not slide within a frame."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium")
    with driver.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def asked() -> list[str]:
    """What a page asked of others."""
    return []


@pytest.fixture
def page(browser: Any, asked: list[str]) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    opened = context.new_page()
    opened.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else asked.append(request.url)
    )
    yield opened
    context.close()
    assert asked == []


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("iran_control", "parameters.html#militiasidiran_control"),
        ("strike_limited", "actions.html#usstrike_limited"),
        ("us.strike_limited", "actions.html#usstrike_limited"),
        ("mi.salvo", "actions.html#misalvo"),
        ("CrisisModel", "python.html#sim.CrisisModel"),
        ("SweepSettings", "python.html#sim.SweepSettings"),
    ],
)
def test_search_finds_names_without_a_server(site: Path, page: Any, words: str, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto((site / "index.html").as_uri())
    page.fill("input.md-search__input", words)
    page.wait_for_selector(".md-search-result__item a", timeout=60_000)
    links = page.eval_on_selector_all(
        ".md-search-result__item a", "all => all.map(a => a.href.replace(/[?][^#]*/, ''))"
    )
    assert any(link.endswith(f"/reference/{address}") for link in links[:8]), links


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_all_of_a_page(site: Path, page: Any, name: str) -> None:
    """Nothing but a table or a block of code, which slide within their frames, is broader than the screen."""
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(BROAD) == []


@pytest.mark.parametrize(
    ("name", "anchor"), [("parameters", "militias.iran_control"), ("actions", "us.strike_limited")]
)
def test_a_link_leads_to_a_number_and_to_an_act(site: Path, page: Any, name: str, anchor: str) -> None:
    page.goto((site / "reference" / f"{name}.html").as_uri() + f"#{anchor}")
    page.wait_for_timeout(500)
    top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", anchor)
    assert 0 <= top < PHONE["height"] / 2
