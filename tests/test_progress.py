"""Progress shows itself where somebody looks, and only there."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from sim.progress import progress_bar


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
