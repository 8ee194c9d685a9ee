"""Whatever a scenario file holds, reading it ends in a scenario or in one message, soon, and writes nothing."""

import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.fuzz import TooSlowError, fuzz, judge, limited_memory, store, within
from benchmarks.grammar import ATTACKS, ODD_PATHS, bomb, case
from sim.errors import InputError
from sim.scenario import load

CASES = 300
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.yaml"))

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm to end a case that hangs")


@pytest.mark.parametrize("first", range(0, CASES, 50))
def test_cases_are_loaded_or_refused(first: int) -> None:
    found, broken = fuzz(7, range(first, first + 50), keep=None)
    assert broken == []
    assert found["loaded"] >= 3
    assert found["refused"] >= 10


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_once_broke_the_reader_does_not_any_more(path: Path, tmp_path: Path) -> None:
    verdict, why = judge(path.read_bytes(), tmp_path)
    assert verdict != "broken", why


def test_a_case_is_always_the_same() -> None:
    assert [case(3, number) for number in range(40)] == [case(3, number) for number in range(40)]
    assert len({case(3, number) for number in range(40)}) > 35


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: repr(attack[:20]))
def test_no_attack_passes_or_leaves_anything_behind(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "case").mkdir()
    monkeypatch.chdir(tmp_path)
    verdict, why = judge(attack.encode(), tmp_path / "case")
    assert verdict == "refused", why
    assert [each.name for each in tmp_path.iterdir()] == ["case"]


def test_a_million_laughs_are_refused_quickly(tmp_path: Path) -> None:
    lines = ["l0: &l0 [ha, ha]"] + [f"l{k}: &l{k} [{', '.join([f'*l{k - 1}'] * 10)}]" for k in range(1, 30)]
    start = time.perf_counter()
    assert judge("\n".join(lines).encode(), tmp_path)[0] == "refused"
    assert time.perf_counter() - start < 60  # seconds; a guard against files that explode, not a measurement


@pytest.mark.parametrize("key", ["extends", "parameters"])
@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: repr(path[:20]))
def test_odd_paths_lead_nowhere(key: str, path: str, tmp_path: Path) -> None:
    """Nor do they when a link and a folder of these names exist."""
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(InputError):
        load({key: path, "militias": {"badr": {"capability": {"posterior": "x"}}}})
    file = tmp_path / "case.yaml"
    quoted = path.replace("\\", "\\\\").replace("\x00", "\\0")
    file.write_text(f'{key}: "{quoted}"\nmilitias: {{badr: {{capability: {{posterior: x}}}}}}\n', encoding="utf-8")
    with pytest.raises(InputError):
        load(file)


def test_the_judge_sees_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that finds nothing must be able to find something: a crash, a hang, a stray file."""
    crimes = {
        "KeyError": lambda path: {}["x"],
        "more than": lambda path: time.sleep(5),
        "wrote": lambda path: (path.parent / "stray").write_text("x"),
        "MemoryError": lambda path: bytearray(3 << 30),
    }
    monkeypatch.setattr("benchmarks.fuzz.SECONDS", 0.2)
    for number, (name, crime) in enumerate(crimes.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.setattr("benchmarks.fuzz.read_and_run", crime)
        verdict, why = judge(b"title: x", folder)
        assert verdict == "broken"
        assert name in why


def test_limits_are_lifted_again() -> None:
    with pytest.raises(TooSlowError), within(0.05):
        time.sleep(1)
    with pytest.raises(MemoryError), limited_memory(100 << 20):
        bytearray(1 << 30)
    assert len(bytearray(1 << 28)) == 1 << 28
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_broken_case_is_kept_with_its_reason(tmp_path: Path) -> None:
    store(b"title: x", "KeyError: 'x'", tmp_path / "kept")
    (found,) = (tmp_path / "kept").glob("*.yaml")
    assert found.read_bytes() == b"title: x"
    assert found.with_suffix(".txt").read_text() == "KeyError: 'x'\n"


def test_the_grammar_makes_all_three_kinds() -> None:
    from random import Random

    from benchmarks.grammar import valid

    verdicts: Counter[str] = Counter()
    for number in range(20):
        text = valid(Random(number))
        try:
            load(text + "\n")
            verdicts["loaded"] += 1
        except InputError:
            verdicts["refused"] += 1
    assert verdicts["loaded"] >= 12, verdicts
    assert bomb(Random(1)).count("&") >= 3
