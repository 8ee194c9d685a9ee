"""Typed rows from a comma-separated file; what cannot be read is named by file, line, column and what is allowed."""

from __future__ import annotations

import csv
import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sim.errors import InputError, nearest


@dataclass(frozen=True)
class Row:
    """Base of the rows of a table: a frozen dataclass whose fields are declared by the functions below."""

    def fault(self) -> str:
        """Say what does not fit between the cells of the row; empty if all is well."""
        return ""


@dataclass(frozen=True)
class Dated(Row):
    """Base of the rows that are evidence.

    A row tells of the world up to its last day, the day in `day_field` plus `span_days`; whoever stands on that day or
    before it must not see the row.
    """

    day_field: ClassVar[str]
    span_days: ClassVar[int] = 0

    @property
    def last_day(self) -> date:
        """Last day the row tells of."""
        return self.told(getattr(self, self.day_field))

    @classmethod
    def told(cls, day: date) -> date:
        """Last day told of by a row that has `day` in its day field."""
        return day + timedelta(days=cls.span_days)


R = TypeVar("R", bound=Row)
D = TypeVar("D", bound=Dated)


def cell(parse: Callable[[str], Any], allowed: str, default: Any = MISSING) -> Any:
    """Declare a column as a dataclass field.

    `parse` turns the text into a value and raises ValueError for what is not `allowed`, with a hint or without. A
    column with a default may be left out of the file or be empty.
    """
    return field(default=default, metadata={"parse": parse, "allowed": allowed})


def words(default: Any = MISSING) -> Any:
    """Declare a column of any text."""
    return cell(str, "any text", default)


def day(default: Any = MISSING) -> Any:
    """Declare a column of dates."""
    return cell(date.fromisoformat, "a date such as 2020-09-28", default)


def month() -> Any:
    """Declare a column of months, each read as its last day."""
    return cell(_last_of_month, "a month such as 2020-09")


def number(default: Any = MISSING) -> Any:
    """Declare a column of finite numbers, none negative."""
    return cell(_number, "a number, 0 or more", default)


def whole(default: Any = MISSING) -> Any:
    """Declare a column of whole numbers, none negative."""
    return cell(_whole, "a whole number, 0 or more", default)


def flag() -> Any:
    """Declare a column of yes and no."""
    return cell(lambda text: choose(text, ("yes", "no")) == "yes", "yes, no")


def choice(names: Iterable[str], default: Any = MISSING) -> Any:
    """Declare a column that holds one of some names."""
    known = sorted(names)
    return cell(lambda text: choose(text, known), ", ".join(known), default)


def choose(text: str, names: Iterable[str]) -> str:
    """Return the text if it is one of the names.

    Raises:
        ValueError: it is not; the message names the nearest one.
    """
    if text not in names:
        raise ValueError(nearest(text, names))
    return text


def read_rows(path: Path, kind: type[R]) -> tuple[R, ...]:
    """Read a table.

    Raises:
        InputError: the file cannot be read, its columns are not those of `kind`, or a cell holds what is not allowed.
    """
    return tuple(row_of(kind, cells, place) for place, cells in _lines(path, kind))


def read_dated(path: Path, kind: type[D], before: date | None = None) -> tuple[D, ...]:
    """Read a table of evidence in the order of its days.

    With `before`, a row that tells of that day or later is dropped before any of its other cells is looked at.

    Raises:
        InputError: as in :func:`read_rows`.
    """
    return tuple(row for _, row in read_placed(path, kind, before))


def read_placed(path: Path, kind: type[D], before: date | None = None) -> list[tuple[str, D]]:
    """Read a table of evidence like :func:`read_dated`, each row with its place for an error: file and line."""
    rows = [
        (place, row_of(kind, cells, place))
        for place, cells in _lines(path, kind)
        if before is None or kind.told(_value(kind, kind.day_field, cells[kind.day_field], place)) < before
    ]
    return sorted(rows, key=lambda placed: placed[1].last_day)


def row_of(kind: type[R], cells: Mapping[str, object], place: str) -> R:
    """Make a row from the texts of its cells; `place` says in an error where they stand.

    Raises:
        InputError: a column is unknown or missing, or holds what is not allowed.
    """
    _check_columns(kind, list(cells), place)
    row = kind(**{name: _value(kind, name, str(value), place) for name, value in cells.items()})
    if fault := row.fault():
        raise InputError(f"{place}: {fault}")
    return row


def _lines(path: Path, kind: type[Row]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, strict=True)
            _check_columns(kind, list(table.fieldnames or []), f"{path.name}, line 1")
            for cells in table:
                place = f"{path.name}, line {table.line_num}"
                if None in cells or None in cells.values():
                    raise InputError(f"{place}: the row has not as many cells as the first line has columns")
                yield place, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _value(kind: type[Row], name: str, cell: str, place: str) -> Any:
    column, text = kind.__dataclass_fields__[name], cell.strip()
    if not text and column.default is not MISSING:
        return column.default
    try:
        if not text:
            raise ValueError
        return column.metadata["parse"](text)
    except ValueError as error:
        hint = str(error) if str(error).startswith(" did you mean") else ""
        allowed = column.metadata["allowed"]
        raise InputError(f"{place}, column '{name}': '{text}' is not allowed;{hint} allowed: {allowed}") from error


def _check_columns(kind: type[Row], found: list[str], place: str) -> None:
    known = [column.name for column in fields(kind)]
    required = [column.name for column in fields(kind) if column.default is MISSING]
    for column in found:
        if column not in known:
            hint = nearest(column, known)
            raise InputError(f"{place}: unknown column '{column}';{hint} allowed: {', '.join(known)}")
        if found.count(column) > 1:
            raise InputError(f"{place}: column '{column}' stands there twice")
    for column in required:
        if column not in found:
            raise InputError(f"{place}: column '{column}' is missing; required: {', '.join(required)}")


def _last_of_month(text: str) -> date:
    first = date.fromisoformat(f"{text}-01")
    return first.replace(day=monthrange(first.year, first.month)[1])


def _number(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value
