"""What a stranger meets first: citation, forms, workflow, hooks, environment, the page of an index."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sim
from benchmarks import matrix
from hatch_build import for_index

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CFF_KEYS = {
    "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords",
    "license", "license-url", "message", "preferred-citation", "references", "repository", "repository-artifact",
    "repository-code", "title", "type", "url", "version",
}  # fmt: skip
"""Every key that the format 1.2.0 knows."""
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def yaml(path: str | Path) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


def versions() -> list[str]:
    """Pythons that the package says it supports."""
    named = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in PROJECT["classifiers"])
    return [found[1] for found in named if found]


def test_the_citation_is_valid_and_of_this_version() -> None:
    cited = yaml("CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(cited) <= CFF_KEYS
    assert cited["cff-version"] == "1.2.0"
    assert all(set(author) == {"name"} for author in cited["authors"])
    assert [author["name"] for author in cited["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert (cited["title"], cited["license"], cited["type"]) == (PROJECT["name"], PROJECT["license"], "software")
    assert cited["version"] == sim.__version__
    assert f"escalation-sim {sim.__version__}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_have_what_a_forge_asks_for(path: Path) -> None:
    form = yaml(path)
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    assert {field["type"] for field in form["body"]} <= {"input", "textarea", "dropdown", "markdown"}
    assert all(field["attributes"]["label"] for field in form["body"])


def test_the_workflow_runs_what_is_there() -> None:
    jobs = yaml(".github/workflows/checks.yml")["jobs"]
    said = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    for command in said:
        words = command.split()
        if words[0] == "make":
            done = subprocess.run([*words[:1], "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        elif words[0].startswith(".ci/"):
            assert (ROOT / words[0]).stat().st_mode & 0o111, f"{words[0]} cannot be run"
    assert {".ci/run", "make lint", "make docs", "make bench", "python3 -m benchmarks.matrix python3"} <= set(said)
    for job in ("test", "wheel"):
        assert jobs[job]["strategy"]["matrix"]["python"] == versions()


def test_hooks_and_environments_install_what_there_is() -> None:
    extras = PROJECT["optional-dependencies"]
    for path in ("environment.yml", ".devcontainer/Dockerfile", ".devcontainer/devcontainer.json"):
        text = (ROOT / path).read_text(encoding="utf-8")
        [named] = re.findall(r"\[([a-z,]+)\]", text)
        assert set(named.split(",")) <= set(extras), path
    assert json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))["postCreateCommand"]
    hooks = [hook["id"] for repo in yaml(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert hooks == ["ruff-check", "ruff-format", "sim-check"]
    assert yaml(".github/dependabot.yml")["version"] == 2


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "README.md"])
def test_links_of_the_first_pages_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_nothing_names_an_address_that_is_not_ours() -> None:
    """As long as no copy is public there is none to name."""
    assert "urls" not in PROJECT
    for path in ("README.md", "CITATION.cff", "mkdocs.yml", "environment.yml"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.findall(r"https?://(?:github|gitlab|mybinder|codeberg|pypi)\.\w+\S*", text) == [], path


def test_the_page_of_an_index_has_no_link_that_leads_nowhere() -> None:
    text = for_index((ROOT / "README.md").read_text(encoding="utf-8"))
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == []
    assert "make run" in text
    assert "<!-- result -->" in text


def test_with_an_address_links_are_absolute() -> None:
    rest = ", [z](https://example.org), [here](#start).\n```\n[t](u)\n```\n"
    text = f"![A](docs/a.png)\n\nSee [x](docs/x.md#y){rest}"
    home = "https://forge.example/main"
    assert for_index(text, home + "/") == f"![A]({home}/docs/a.png)\n\nSee [x]({home}/docs/x.md#y){rest}"
    assert for_index(text) == f"See x{rest}"


def test_the_matrix_tries_every_extra() -> None:
    assert list(matrix.WORK) == [matrix.CORE, *matrix.extras()]
    for work in matrix.WORK.values():
        compile("\n".join(line[8:] for line in work.splitlines()), "work", "exec")


def test_the_matrix_is_a_table_that_tells_what_failed() -> None:
    results = {"3.11.7": {"core": matrix.Trial(), "rl": matrix.Trial("No matching distribution")}}
    assert matrix.table(results).splitlines() == [
        "| Python | core | rl |",
        "|---|---|---|",
        "| 3.11.7 | works | fails |",
        "",
        "- 3.11.7, rl: `No matching distribution`",
    ]


def test_the_modelling_record_has_its_eight_elements() -> None:
    text = (ROOT / "docs" / "model" / "trace.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d)\. ", text, re.MULTILINE) == [str(number) for number in range(1, 9)]
