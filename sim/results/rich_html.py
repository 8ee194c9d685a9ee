"""What the terminal shows, for a notebook."""

from __future__ import annotations

from io import StringIO
from typing import Any

WIDTH = 110
FORMAT = '<pre style="line-height:1.2; font-family:DejaVu Sans Mono,Menlo,Consolas,monospace">{code}</pre>'


def as_html(shown: Any, width: int = WIDTH) -> str:
    """Anything that rich can print (or plain text), as a fragment of HTML at most ``width`` characters wide."""
    from rich.console import Console

    page = Console(record=True, width=width, file=StringIO(), force_jupyter=False, highlight=False)
    page.print(shown, markup=False)
    return page.export_html(inline_styles=True, code_format=FORMAT)
