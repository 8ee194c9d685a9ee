"""Execute the notebooks and store their outputs: ``python -m docs.execute [NAME ...]``."""

from __future__ import annotations

import base64
import os
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from sim.errors import require

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
LONGEST = 300
"""Seconds a cell may take; the first may have to compile the rules."""
WIDEST, COLOURS = 1000, 256
INLINE = "module://matplotlib_inline.backend_inline"


def notebooks() -> list[Path]:
    """The notebooks, in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(path: Path, folder: Path = FOLDER) -> Any:
    """The notebook with fresh outputs, executed in ``folder``.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
        MissingExtra: the extra ``notebooks`` is not installed.
    """
    notebook = require("nbformat", "notebooks").read(path, as_version=4)
    client = require("nbclient", "notebooks").NotebookClient(
        notebook, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**os.environ, "MPLBACKEND": INLINE})
    return tidy(notebook)


def tidy(notebook: Any) -> Any:
    """Small pictures, and nothing that differs from one execution to the next: times, versions, folders."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [lean(output) for output in cell.outputs if output.get("data", {}).get("text/html") != ""]
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def lean(output: Any) -> Any:
    """An output with a small picture, and without the plain text that stands behind its HTML."""
    data = output.get("data", {})
    if "text/html" in data:
        data.pop("text/plain", None)
    if "image/png" in data:
        data["image/png"] = small(data["image/png"])
    return output


def small(picture: str) -> str:
    """A PNG (base64) at most ``WIDEST`` pixels wide, in ``COLOURS`` colours: enough for charts, far fewer bytes.

    An octree keeps the colour of a thin line; cutting at the median would give it to what covers more of the picture.
    """
    from PIL import Image

    image = Image.open(BytesIO(base64.b64decode(picture))).convert("RGB")
    image.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    page = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(page, "PNG", optimize=True)
    return base64.b64encode(page.getvalue()).decode()


def main(names: list[str]) -> None:
    """Execute the named notebooks, or all, and write them back."""
    nbformat = require("nbformat", "notebooks")
    for path in notebooks():
        if not names or any(name in path.name for name in names):
            nbformat.write(executed(path), path)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
