"""The outcomes of every shipped scenario are those on file, which only a script with a reason renews."""

import json
from pathlib import Path
from typing import Any

import pytest
from small_world import many_days

from benchmarks import baselines
from sim.drivers.ensemble import chunks
from sim.scenario import load

STORED = baselines.stored()
EXACTLY = STORED.get("machine") == baselines.kind_of_machine()
FEW = 100
"""Worlds of a scenario for tests of the comparison itself."""


@many_days
@pytest.mark.parametrize("name", baselines.names())
def test_outcomes_are_those_on_file(name: str) -> None:
    """To the last bit on the kind of machine that wrote the file; elsewhere one world in a hundred may differ."""
    before, now = STORED["scenarios"][name], baselines.outcomes_of(name)
    told = baselines.differences(before, now)
    assert baselines.agree(before, now, EXACTLY), f"{told}; if that is meant: make baselines WHY='the reason'"


def test_the_file_is_about_the_shipped_scenarios() -> None:
    assert sorted(STORED["scenarios"]) == sorted(baselines.names())
    assert STORED["worlds"] == baselines.WORLDS
    assert baselines.made(STORED["scenarios"]) | {"machine": STORED["machine"]} == STORED, "edited by hand"


def test_the_changelog_gives_the_reason() -> None:
    section = baselines.CHANGELOG.read_text(encoding="utf-8").partition("### Results change")[2]
    assert f"(baselines `{STORED['digest']}`)" in section


def lived(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> baselines.Outcomes:
    monkeypatch.setattr(baselines, "WORLDS", FEW)
    scenario = load("baghdad-2020", changes)
    return baselines.summarised(next(iter(chunks(scenario, FEW, "outcomes"))).outcomes)


@many_days
def test_a_small_change_of_one_number_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = (lived({"us.rationality": value}, monkeypatch) for value in (6.0, 6.1))
    assert baselines.agree(before, before, exactly=True)
    assert not baselines.agree(before, now, exactly=True)
    assert not baselines.agree(before, now, exactly=False)
    assert baselines.differences(before, now)


def outcomes(courses: str, mean: float = 0.5) -> baselines.Outcomes:
    return {"digest": courses, "courses": courses, "means": {"us_death": mean}, "errors": {"us_death": 0.02}}


@pytest.mark.parametrize(("other", "same"), [(0, True), (4, True), (5, False)])
def test_another_machine_may_divert_one_world_in_a_hundred(other: int, same: bool) -> None:
    before, now = outcomes("00" * 400), outcomes("00" * (400 - other) + "ff" * other)
    assert baselines.diverted(before, now) == other
    assert baselines.agree(before, now, exactly=False) is same
    assert baselines.agree(before, now, exactly=True) is (other == 0)


def test_large_changes_are_told_and_small_ones_counted() -> None:
    before = {"a": outcomes("00", 0.5), "b": outcomes("00", 0.5), "same": outcomes("00")}
    text = baselines.told(before, {"a": outcomes("01", 0.55), "b": outcomes("01", 0.53), "same": outcomes("00")})
    assert text.splitlines() == [
        "a: 1 means changed, 1 by over two standard errors",
        "    American killed                       0.5000 -> 0.5500",
        "b: 1 means changed, 0 by over two standard errors",
    ]


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose baselines are out of date."""
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- x\n\n## [0.1.0]\n\n- y\n")
    monkeypatch.setattr(baselines, "FILE", tmp_path / "outcomes.json")
    monkeypatch.setattr(baselines, "CHANGELOG", tmp_path / "CHANGELOG.md")
    monkeypatch.setattr(baselines, "names", lambda: ["baghdad-2020"])
    monkeypatch.setattr(baselines, "outcomes_of", lambda name: outcomes("01" * 400))
    return tmp_path


def test_without_a_reason_nothing_is_written(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (changed / "CHANGELOG.md").read_text()
    assert baselines.main(["--why", "  "]) == 1
    assert "say why" in capsys.readouterr().err
    assert [path.name for path in changed.iterdir()] == ["CHANGELOG.md"]
    assert (changed / "CHANGELOG.md").read_text() == before


def test_with_a_reason_both_files_are_written(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert baselines.main(["--why", "Groups tire."]) == 0
    first = json.loads((changed / "outcomes.json").read_text())["digest"]
    assert baselines.main([]) == 0  # nothing has changed since
    monkeypatch.setattr(baselines, "outcomes_of", lambda name: outcomes("02" * 400))
    assert baselines.main(["--why", "Groups tire sooner."]) == 0
    second = baselines.stored()["digest"]
    assert (changed / "CHANGELOG.md").read_text() == (
        "# Changelog\n\n## [Unreleased]\n\n### Results change\n\n"
        f"- Groups tire sooner. (baselines `{second}`)\n- Groups tire. (baselines `{first}`)\n"
        "\n### Added\n\n- x\n\n## [0.1.0]\n\n- y\n"
    )


def test_a_release_closes_its_reasons() -> None:
    old = "\n## [0.1.0]\n\n### Results change\n\n- Old.\n"
    assert baselines.with_entry("## [Unreleased]\n" + old, "abc", "New.") == (
        "## [Unreleased]\n\n### Results change\n\n- New. (baselines `abc`)\n" + old
    )
    with pytest.raises(ValueError, match="has no line"):
        baselines.with_entry("## [0.1.0]\n", "abc", "New.")
