"""The how-tos that change the package itself: what they say, done to a copy of it, does what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HUNK = re.compile(r'^```diff title="([^"]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)


def hunks(page: str) -> list[tuple[str, str, str]]:
    """Of every change that a how-to shows: the file, the lines before and the lines after."""
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    found = [(each[1], each[2].splitlines()) for each in HUNK.finditer(text)]
    return [
        (file, "\n".join(line[1:] for line in lines if line[:1] != "+"), "\n".join(line[1:] for line in lines))
        for file, lines in found
    ]


def changed_copy(page: str, folder: Path) -> Path:
    """A copy of the package with the changes of a how-to."""
    for name in ("sim", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file, before, after in hunks(page):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(f"{before}\n") == 1, f"{page}: not once in {file}:\n{before}"
        path.write_text(text.replace(f"{before}\n", f"{after}\n"), encoding="utf-8")
    return folder


def python(folder: Path, code: str) -> str:
    """Run code with the copy, the rules interpreted, and return what it prints."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
def test_a_new_action_is_chosen_and_takes_effect(tmp_path: Path) -> None:
    assert {file for file, _, _ in hunks("add-an-action.md")} == {"sim/actions.py", "sim/rules/land.py"}
    folder = changed_copy("add-an-action.md", tmp_path)
    code = """
import sim
run = sim.run("baghdad-2020", worlds=8, depth="trace")
without = sim.run(run.scenario.with_({"actions.mi.block_road.enabled": False}), worlds=8)
print((run.events["act"] == "mi.block_road").sum(), sim.__file__)
print((run.outcomes["authority_end"] - without.outcomes["authority_end"]).abs().max() > 0)
"""
    counted, moved = python(folder, code).splitlines()
    assert int(counted.split()[0]) > 0
    assert counted.endswith(str(folder / "sim" / "__init__.py"))
    assert moved == "True"


@pytest.mark.slow
def test_a_new_rule_decides(tmp_path: Path) -> None:
    folder = changed_copy("add-a-rule.md", tmp_path)
    code = """
import sim
model = sim.CrisisModel(sim.load("baghdad-2020", ["policies.iraq=satisfice"]), world=3, keep_options=True).run(40)
for each in model.deliberations:
    if each.actor == "iraq" and each.chosen:
        worth = {option.id: option.utility for option in each.options}
        print(worth[each.chosen] >= worth["iq.hold"] and each.choice.chance == 1)
"""
    answers = python(folder, code).split()
    assert len(answers) > 2
    assert set(answers) == {"True"}
