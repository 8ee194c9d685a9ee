"""Progress shows itself where somebody looks, and only there."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

from sim import progress as module
from sim.log import LOGGER, Speaking
from sim.progress import progress_bar


class Clock:
    """Seconds that pass when they are told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(module, "clock", found)
    return found


@pytest.fixture
def speaking(request: pytest.FixtureRequest) -> Iterator[None]:
    """The log as the command line sets it up: level, and whether it is JSON."""
    set_up = Speaking(*request.param)
    yield
    set_up.end()


def work(clock: Clock, *, parts: int, seconds: float) -> None:
    """Live 1,000 worlds in parts, each of which takes some time."""
    with progress_bar(1000) as progress:
        for part in range(parts):
            clock.now += seconds
            if progress:
                progress(1000 * (part + 1) // parts, 1000)


def test_it_is_silent_when_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(10) as progress:
        assert progress is None
    assert "10" not in capsys.readouterr().err


@pytest.mark.parametrize("shell", [None, SimpleNamespace()])
def test_a_loaded_ipython_is_not_yet_a_notebook(shell: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dashboard's server or a test runner may have loaded it."""
    loaded = ModuleType("IPython")
    loaded.get_ipython = lambda: shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", loaded)
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    with progress_bar(10) as progress:
        assert progress is None


@pytest.mark.parametrize("speaking", [(logging.INFO,)], indirect=True)
@pytest.mark.usefixtures("speaking")
def test_long_work_without_a_terminal_is_a_line_a_minute(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    work(clock, parts=10, seconds=31.0)
    assert capsys.readouterr().err.splitlines() == [
        "200 of 1,000 worlds after 62 s, about 4 min left",
        "400 of 1,000 worlds after 2 min, about 3 min left",
        "600 of 1,000 worlds after 3 min, about 2 min left",
        "800 of 1,000 worlds after 4 min, about 62 s left",
        "1,000 of 1,000 worlds after 5 min, about 0 s left",
        "done: 1,000 worlds in 5 min",
    ]


@pytest.mark.parametrize("speaking", [(logging.INFO,)], indirect=True)
@pytest.mark.usefixtures("speaking")
def test_work_may_turn_out_to_be_more(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(1, "days") as progress:
        clock.now += 61.0
        assert progress is not None
        progress(8, 16)
    assert capsys.readouterr().err.splitlines() == [
        "8 of 16 days after 61 s, about 61 s left",
        "done: 16 days in 61 s",
    ]


@pytest.mark.parametrize("speaking", [(logging.INFO,)], indirect=True)
@pytest.mark.usefixtures("speaking")
def test_short_work_says_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    work(clock, parts=10, seconds=1.0)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("speaking", [(logging.ERROR,)], indirect=True)
@pytest.mark.usefixtures("speaking")
def test_quiet_work_says_nothing_even_on_a_terminal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work(clock, parts=10, seconds=31.0)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("speaking", [(logging.INFO, True)], indirect=True)
@pytest.mark.usefixtures("speaking")
def test_json_lines_hold_the_numbers_and_no_bar(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    work(clock, parts=2, seconds=70.0)
    lines = [json.loads(line) for line in terminal.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["info"] * 3
    assert lines[0] | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": "sim.progress",
        "message": "500 of 1,000 worlds after 70 s, about 70 s left",
        "done": 500,
        "total": 1000,
        "unit": "worlds",
        "seconds": 70.0,
    }


def test_a_program_that_logs_gets_the_lines(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="sim"):
        work(clock, parts=2, seconds=70.0)
    assert [record.name for record in caplog.records] == ["sim.progress"] * 3


def test_the_log_is_left_as_it_was() -> None:
    before = LOGGER.level, LOGGER.propagate, list(LOGGER.handlers)
    Speaking(logging.DEBUG).end()
    assert (LOGGER.level, LOGGER.propagate, LOGGER.handlers) == before


def test_a_closed_stderr_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    speaking = Speaking(logging.INFO)
    LOGGER.warning("nobody hears this")
    speaking.end()
