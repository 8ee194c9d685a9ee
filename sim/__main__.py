"""`python -m sim` is the command `sim`."""

from __future__ import annotations

import gc
import sys

INTERRUPTED = 130
COLLECT_AFTER = (100_000, 20, 50)
"""Thresholds of the garbage collector. Libraries that are read make half a million objects and no garbage; by default
Python goes through all of them time and again, a fifth of the time of a short command."""


def main() -> None:
    """Run the command line; an interrupt while it is still being built is told as one later on is."""
    gc.set_threshold(*COLLECT_AFTER)
    try:
        from sim.cli import main as run

        run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
