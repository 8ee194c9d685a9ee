"""Wheel and source distribution hold all that is needed, and the wheel runs from another folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from sim.compiled import CACHE

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def build(source: Path, kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    return next(path for path in folder.iterdir() if path.suffix == {"wheel": ".whl", "sdist": ".gz"}[kind])


def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("dist"))


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build(ROOT, "sdist", tmp_path / "dist")
    shutil.unpack_archive(archive, tmp_path / "unpacked", filter="data")
    source = tmp_path / "unpacked" / archive.name.removesuffix(".tar.gz")
    assert content(build(source, "wheel", tmp_path / "again")) == content(wheel)


def test_the_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, which sees the dependencies of this one and not its editable installation."""
    folder = tmp_path / "Umgebung für Тест"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    site = next(folder.glob("lib/*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CACHE_HOME": str(CACHE.parents[1])}
    for command in (["list"], ["run", "closure-now", "--worlds", "5", "--out", "Lauf 1"], ["explain", "Lauf 1"]):
        call = [folder / "bin" / "sim", *command]
        done = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    where = [python, "-c", "import sim; print(sim.__file__)"]
    said = subprocess.run(where, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()).is_relative_to(site)
