"""What commands print, as text or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import InputError


def print_table(table: Any, as_json: bool) -> None:
    """Print a pandas table."""
    if as_json:
        print_json(json.loads(table.to_json(orient="records")))
    else:
        print(table.to_string(index=False, float_format="{:.3f}".format))


@contextmanager
def share_done() -> Iterator[Any]:
    """A progress bar in per cent, for work of which only the share done is known."""
    from sim.progress import progress_bar

    with progress_bar(100, "% done") as show:
        yield None if show is None else (lambda done, total: show(100 * done // total, 100))


def show(found: Any, out: Path | None, as_json: bool) -> None:
    """Print an analysis and write it into its folder, if there is one; it is told whatever the disk does."""
    if as_json:
        print_json(found.to_dict())
    else:
        _print_page(found)
    if out:
        sys.stdout.flush()
        found.save(out)
        if not as_json:
            print(f"\nSummary, numbers, tables and figures: {out}")


def _print_page(found: Any) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 120, soft_wrap=False)
    with console.capture() as page:  # what Rich prints itself ends with an exit code of 1 where a pipe is closed
        console.print(found)
    print(page.get(), end="")


def trust_folders(sources: list[str]) -> None:
    """Let the policies be imported that folders of results name: the user says that he trusts them."""
    from sim.experiments.opening import open_run
    from sim.results.folder import is_folder

    for source in sources:
        if is_folder(source):
            open_run(source, trust=True)


def print_rows(rows: list[Any], matching: str, as_json: bool) -> None:
    """Print the rows that hold a text.

    Raises:
        InputError: none does.
    """
    from sim.scenario import reference

    found = [row for row in rows if matching.casefold() in row.to_text().casefold()]
    if not found:
        raise InputError(f"nothing here holds the text '{matching}'")
    if as_json:
        print_json([row._asdict() for row in found])
    else:
        print(reference.to_text(found))


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
