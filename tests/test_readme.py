"""The README and the how-tos: every command and every code block works, in the order in which a reader meets them."""

import re
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from snippets import Reader, blocks

from docs.generate import code_blocks

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs" / "how-to").glob("*.md"))]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_works(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    reader = Reader(tmp_path)
    if page == README:
        reader.type("sim run baghdad-2020 --worlds 40 --out out/baghdad-2020")  # what `make run` does
    for block in blocks(page):
        reader.follow(block)
    plt.close("all")


def test_the_two_commands_are_those_of_the_makefile() -> None:
    asked = re.findall(r"^make (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert asked[:2] == ["run", "test"]
    for target in asked:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    recipe = subprocess.run(["make", "-n", "run"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "sim run scenarios/baghdad-2020.yaml --out out/baghdad-2020" in recipe


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in code_blocks(README.read_text(encoding="utf-8"), "sh")[0]
    assert re.search(r"make .*\btest\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))


def test_the_scenario_of_the_readme_has_ten_lines() -> None:
    assert code_blocks(README.read_text(encoding="utf-8"), "yaml")[0].count("\n") == 10
