"""The documentation: builds strictly, holds nothing stale, has a section for every rule file, links to what exists."""

import doctest
import re
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import sim
from docs import generate

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))


@pytest.mark.slow
def test_site_builds_strictly(tmp_path: Path) -> None:
    """No broken link, no page outside the navigation, no reference to a name that is gone."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "index.html").exists()


@pytest.mark.parametrize("path", generate.PAGES)
def test_generated_page_is_fresh(path: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == generate.PAGES[path](), f"{path} is stale: make docs-generate"


@pytest.mark.slow
def test_result_in_the_readme_is_fresh() -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8") == generate.readme(), "stale: make docs-generate"


def test_stale_text_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text("old")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "texts", lambda: {"docs/page.md": "new"})
    assert generate.stale() == ["docs/page.md"]
    page.write_text("new")
    assert generate.stale() == []


def test_a_block_is_replaced_once_or_refused() -> None:
    assert generate.with_block("a\n<!-- x -->\nold\n<!-- /x -->\nb", "x", "new") == "a\n<!-- x -->\nnew\n<!-- /x -->\nb"
    with pytest.raises(ValueError, match="0 blocks"):
        generate.with_block("nothing here", "x", "new")


def test_gallery_shows_every_figure() -> None:
    from sim.plots.gallery import FIGURES

    page = (DOCS / "gallery" / "index.md").read_text(encoding="utf-8")
    for name in ("overview", *(figure.name for figure in FIGURES)):
        assert f"({name}.png)" in page
        assert (DOCS / "gallery" / f"{name}.png").stat().st_size > 10_000


def rule_files() -> list[str]:
    return sorted(path.stem for path in (ROOT / "sim" / "rules").glob("*.py") if path.stem != "__init__")


def test_every_rule_file_has_a_section() -> None:
    prose = re.findall(r"^## (\w+)$", (DOCS / "model" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    code = re.findall(
        r"^::: sim\.rules\.(\w+)$", (DOCS / "reference" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(prose) == rule_files()
    assert sorted(code) == rule_files()


def addresses() -> set[str]:
    from sim.scenario import load, paths

    return set(paths(load("baghdad-2020")))


def test_parameters_named_in_the_prose_exist() -> None:
    """An address such as `combat.us_hit` in the prose is one that a scenario can set."""
    known = addresses()
    sections = {path.split(".")[0] for path in known} - {"militias", "actions"}
    for page in [DOCS / "model" / "rules.md", DOCS / "model" / "index.md", DOCS / "decisions.md"]:
        named = re.findall(r"`([a-z_]+\.[a-z_]+)`", page.read_text(encoding="utf-8"))
        assert [each for each in named if each.split(".")[0] in sections and each not in known] == [], page.name


def test_files_named_in_the_prose_exist() -> None:
    missing = []
    for page in [ROOT / "README.md", *PAGES]:
        text = page.read_text(encoding="utf-8")
        named = re.findall(r"`((?:sim|tests|docs|scenarios|notebooks)/[\w/.-]*)`", text)
        missing += [(page.name, each) for each in named if not (ROOT / each).exists()]
    assert missing == []


def test_every_number_and_every_act_has_an_anchor() -> None:
    from docs.pages import anchor
    from sim.scenario.reference import action_table, parameter_table

    for page, names in (
        ("parameters", [anchor(row.path) for row in parameter_table()]),
        ("actions", [row.id for row in action_table()]),
    ):
        text = (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")
        anchors = re.findall(r'^#### <a id="([^"]+)"></a>', text, re.MULTILINE)
        assert anchors == names
        assert len(set(anchors)) == len(anchors)


def test_commands_named_in_the_prose_exist() -> None:
    from typer.main import get_command

    from sim.cli import app

    group: Any = get_command(app)
    known = set(group.commands)
    for page in [ROOT / "README.md", *PAGES]:
        named = set(re.findall(r"`sim ([a-z][a-z-]*)", page.read_text(encoding="utf-8")))
        assert named <= known, page.name


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_documented_with_an_example(name: str) -> None:
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    public = getattr(sim, name)
    assert f"\n::: sim.{name}\n" in page
    assert public.__doc__
    assert doctest.DocTestFinder(recurse=False).find(public, name, globs={})[0].examples, "has no example"
    if isinstance(public, type):
        assert public.__name__ == name  # what is printed is what can be typed


def types_taken(function: Any) -> set[type]:
    """The classes of this package in the parameters of a function."""
    hints = {name: hint for name, hint in typing.get_type_hints(function).items() if name != "return"}
    found, ahead = set(), list(hints.values())
    while ahead:
        each = ahead.pop()
        ahead += typing.get_args(each)
        if isinstance(each, type) and each.__module__.startswith("sim."):
            found.add(each)
    return found


@pytest.mark.parametrize("name", [name for name in sim.__all__ if not isinstance(getattr(sim, name), type)])
def test_every_type_that_a_public_function_takes_is_public(name: str) -> None:
    assert {each.__name__ for each in types_taken(getattr(sim, name))} <= set(sim.__all__)


@pytest.mark.slow
def test_examples_in_the_public_api_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    homes = {"sim", *(getattr(sim, name).__module__ for name in sim.__all__)}
    tried = 0
    for home in sorted(homes):
        module = import_module(home)
        found = doctest.testmod(module, extraglobs={"sim": sim, "load": sim.load}, optionflags=doctest.ELLIPSIS)
        assert found.failed == 0, home
        tried += found.attempted
    assert tried >= len(sim.__all__)
