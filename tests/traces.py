"""Digests of whole worlds, day by day, in ``traces.json``: any change of any rule shows, and on which day first.

Whoever changes a rule on purpose writes the file anew with ``make traces``, looks at the difference and says so in the
changelog.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from twins import Life, live

FILE = Path(__file__).with_name("traces.json")
WORLD = 3


def digests(life: Life) -> str:
    """Four hexadecimal digits for each day, of its events, its row of the series and the actors at midnight.

    Those of the outcome follow. Numbers are rounded to single precision, since the last bits of exponentials differ
    between machines.
    """
    tables = [
        _bytes(life.events[life.events["day"] == day]) + _bytes(life.series[day]) + _bytes(life.states[day])
        for day in range(len(life.series))
    ]
    return " ".join(hashlib.sha256(table).hexdigest()[:4] for table in [*tables, _bytes(life.outcome)])


def _bytes(rows: np.ndarray) -> bytes:
    columns = (np.asarray(rows[name]) for name in rows.dtype.names or ())
    return b"".join((column.astype("f4") if column.dtype.kind == "f" else column).tobytes() for column in columns)


def write() -> None:
    """Live the worlds and write their digests."""
    from sim.scenario import shipped

    found = {name: digests(live(name, WORLD)) for name in sorted(shipped())}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    write()
