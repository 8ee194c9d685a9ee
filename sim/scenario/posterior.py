"""A file of posterior draws: a Parquet table whose columns are paths of quantities, one row a draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, nearest
from sim.quantity import Quantity
from sim.scenario.quantities import drawable, split, unknown_path
from sim.scenario.tree import Located

CHANCE = "posterior"
"""Name whose identity draws the row of a world."""


@dataclass(frozen=True)
class Posterior:
    """Draws of some quantities; two are equal when they hold the same numbers.

    Attributes:
        digest: hash of the names and numbers.
        path: file they were read from.
        columns: (n_draws,) values by path; columns whose name begins with ``_`` are notes and are left out.
    """

    digest: str
    path: str = field(compare=False)
    columns: dict[str, NDArray[np.float64]] = field(compare=False, repr=False)

    @property
    def draws(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values())))


def read(path: str) -> Posterior:
    """Read the file.

    Raises:
        InputError: it cannot be read, is no Parquet table of numbers, or is empty.
    """
    try:
        stamp = Path(path).stat()
    except (OSError, ValueError) as error:
        raise InputError(f"parameters: '{path}' cannot be read ({getattr(error, 'strerror', None) or error})") from None
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=16)
def _read(path: str, _changed: int, _size: int) -> Posterior:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"parameters: '{path}' is not a Parquet file ({str(error).splitlines()[0]})") from None
    if len(set(table.column_names)) < len(table.column_names):
        raise InputError(f"parameters: '{path}' has two columns of one name")
    names = [name for name in table.column_names if not name.startswith("_")]
    if not names or not table.num_rows:
        raise InputError(f"parameters: '{path}' holds no draws")
    columns = {name: _numbers(path, name, table) for name in names}
    digest = hashlib.sha256()
    for name in sorted(columns):
        digest.update(name.encode() + b"\0" + columns[name].tobytes())
    return Posterior(digest.hexdigest(), path, columns)


def _numbers(path: str, name: str, table: Any) -> NDArray[np.float64]:
    column = table.column(name).to_numpy()
    if column.dtype.kind not in "fiu":
        raise InputError(f"parameters: column '{name}' of '{path}' does not hold numbers")
    return np.ascontiguousarray(column, dtype=np.float64)


def save(draws: Posterior, target: Path | IO[bytes]) -> None:
    """Write draws to a Parquet file, or to one that is open; read again they are equal.

    Raises:
        OSError: the file cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table(dict(draws.columns)), target)


def layer(name: Located, own: Located, groups: Iterable[str]) -> Located:
    """What a posterior file says of the scenario: each quantity that it holds is drawn from it.

    Args:
        name: the value of ``parameters``: the path of the file.
        own: the scenario that names the file; its own numbers stand.
        groups: ids of the groups that the scenario has.

    Raises:
        InputError: the file cannot be used, or a column is not a quantity of the scenario.
    """
    if not isinstance(name.value, str):
        raise name.error("parameters must be the name of a Parquet file of posterior draws")
    try:
        posterior = read(name.value)
        known = drawable(groups)
        for path in posterior.columns:
            if path not in known:
                raise InputError(f"parameters: column {unknown_path(path, known)}")
    except InputError as error:
        raise name.error(str(error)) from None
    top = Located({}, name.place)
    for path in posterior.columns:
        if not own.holds(split(path)):
            _plant(top, path, name)
    return top


def problem(posterior: Posterior, column: str, quantity: Quantity) -> str:
    """Why a quantity cannot be drawn from a column of the posterior, or ""."""
    if column not in posterior.columns:
        return f"the posterior has no column '{column}';{nearest(column, posterior.columns)}"
    values = posterior.columns[column]
    if not np.isfinite(values).all() or values.min() < quantity.low or values.max() > quantity.high:
        return f"column '{column}' of the posterior leaves the allowed range {quantity.allowed}"
    return ""


def _plant(top: Located, path: str, name: Located) -> None:
    """Put ``{posterior: path}`` at the address of a path."""
    *keys, last = split(path)
    node = top
    for key in keys:
        node = node.value.setdefault(key, Located({}, name.place))
    node.value[last] = Located({"posterior": Located(path, name.place)}, name.place)
