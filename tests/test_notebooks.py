"""The notebooks: each runs from top to bottom, and what is stored with it can be read on a code host."""

import base64
import re
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from docs.execute import executed, notebooks, small
from sim.plots import style

LARGEST = 300_000
PATHS = notebooks()


def test_there_are_seven() -> None:
    assert [path.name[0] for path in PATHS] == list("1234567")


def test_a_stored_picture_keeps_the_colours_of_thin_lines() -> None:
    colours = [style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY]
    picture = (Path(__file__).parents[1] / "docs/gallery/overview.png").read_bytes()
    stored = Image.open(BytesIO(base64.b64decode(small(base64.b64encode(picture).decode())))).convert("RGB")
    found = np.array([colour for _, colour in stored.getcolors(10**6)])
    for colour in colours:
        assert np.abs(found - 255 * np.array(to_rgb(colour))).max(axis=1).min() < 12, colour


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    notebook = executed(path)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in shown if output.output_type == "stream" and output.name == "stderr"] == []
    drawing = [cell for cell in notebook.cells if cell.cell_type == "code" and ".plot(" in cell.source]
    for cell in drawing:
        assert any("image/png" in output.get("data", {}) for output in cell.outputs), cell.source


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_stored_with_small_outputs(path: Path) -> None:
    assert path.stat().st_size < LARGEST
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert any(cell.outputs for cell in code), "stored without outputs: python -m docs.execute"
    assert not any(output.output_type == "error" for cell in code for output in cell.outputs)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_opens_with_a_question_and_ends_with_what_is_next(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert re.search(r"^\*\*.+\?\*\*$", cells[0].source, re.MULTILINE)
    assert "Where to go next" in cells[-1].source
    links = re.findall(
        r"\]\((?!http)([^)]+)\)", "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    )
    assert [link for link in links if not (path.parent / link).exists()] == []
