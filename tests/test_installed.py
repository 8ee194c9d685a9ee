"""The message about a missing extra is right for how the package came here."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import sim
from sim import installed
from sim.errors import MissingExtra

GIT = {"url": "https://forge.example/escalation-sim.git", "vcs_info": {"vcs": "git", "commit_id": "1a2b"}}
CASES = {
    "from an index": (None, "pip install 'escalation-sim[rl]'"),
    "from a wheel": (
        {"url": "file:///tmp/escalation_sim-0.2.0-py3-none-any.whl", "archive_info": {}},
        "pip install 'escalation-sim[rl] @ file:///tmp/escalation_sim-0.2.0-py3-none-any.whl'",
    ),
    "from a repository": (
        GIT,
        "pip install 'escalation-sim[rl] @ git+https://forge.example/escalation-sim.git@1a2b'",
    ),
    "from a clone that is gone": (
        {"url": "file:///no/such/clone", "dir_info": {"editable": True}},
        "pip install 'escalation-sim[rl] @ file:///no/such/clone'",
    ),
}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package stands among installed ones, not in its clone."""
    monkeypatch.setattr(installed, "CHECKOUT", tmp_path / "site-packages")


def came(origin: object, monkeypatch: pytest.MonkeyPatch) -> None:
    written = None if origin is None else json.dumps(origin)
    monkeypatch.setattr(installed, "distribution", lambda _: SimpleNamespace(read_text=lambda _: written))


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("case", CASES)
def test_the_command_fits_the_installation(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    origin, command = CASES[case]
    came(origin, monkeypatch)
    assert installed.install_command("rl") == command


@pytest.mark.parametrize("editable", [True, False])
@pytest.mark.usefixtures("elsewhere")
def test_a_clone_is_named_by_its_folder(editable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = tmp_path / "it's a clone"
    clone.mkdir()
    (clone / "pyproject.toml").write_text('[project]\nname = "escalation-sim"\n', encoding="utf-8")
    came({"url": clone.as_uri(), "dir_info": {"editable": editable}}, monkeypatch)
    shown = str(clone).replace("'", "'\\''")
    assert installed.install_command("rl") == f"pip install -e '{shown}[rl]'"


def test_the_code_that_runs_is_what_lacks_something(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from a clone beside another installation, or with none at all."""
    came({"url": "file:///another/clone", "dir_info": {"editable": True}}, monkeypatch)
    assert str(MissingExtra("pettingzoo", "rl")).endswith(f"pip install -e '{root}[rl]'")


@pytest.mark.usefixtures("elsewhere")
def test_without_any_installation_the_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise installed.PackageNotFoundError

    monkeypatch.setattr(installed, "distribution", missing)
    assert installed.install_command("rl") == "pip install 'escalation-sim[rl]'"


def test_the_version_in_manifests_is_that_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable installation keeps the version that it had when it was made."""
    monkeypatch.setattr(installed, "version", lambda name: f"{name} as installed")
    assert installed.versions(["escalation-sim", "numpy"]) == {
        "escalation-sim": sim.__version__,
        "numpy": "numpy as installed",
    }
