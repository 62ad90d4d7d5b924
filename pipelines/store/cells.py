"""Cells: what the store's columns hold beyond what SQLite checks (JSON, times, packed bytes), and how one that is damaged is told."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

# What the readers of cells raise for what is not as it was written.
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, struct.error, zlib.error)
_Row = ParamSpec("_Row")
_Value = TypeVar("_Value")


class CellDamaged(Exception):
    """A row's value is not what was written. `Database` makes a StoreDamaged of it, which says what to do."""


def stored(table: str, names: int = 1) -> Callable[[Callable[_Row, _Value]], Callable[_Row, _Value]]:
    """For a function that makes a value of a row of this table: what it cannot read is a CellDamaged that names both.

    The row is the function's first argument; its first columns, `names` of them, tell it from others.
    """

    def decorate(read: Callable[_Row, _Value]) -> Callable[_Row, _Value]:
        @wraps(read)
        def checked(*row: _Row.args, **more: _Row.kwargs) -> _Value:
            try:
                return read(*row, **more)
            except _FAULTS as error:
                given: Any = row[0]
                name = " ".join(str(value)[:100] for value in given[:names])
                raise CellDamaged(f"row {name} of its table {table} is not what was written ({error})") from error

        return checked

    return decorate


def is_a(value: Any, *kinds: type) -> Any:
    """The value, which is of one of these kinds. Raises TypeError."""
    if not isinstance(value, kinds):
        raise TypeError(f"{str(value)[:40]!r} is no {' or '.join(kind.__name__ for kind in kinds)}")
    return value


def table_of(value: Any, *kinds: type) -> dict[str, Any]:
    """The value, which is an object whose values are of these kinds. Raises TypeError."""
    for each in is_a(value, dict).values():
        is_a(each, *kinds)
    return dict(value)


def instant(text: str) -> datetime:
    """The instant of a `timestamp`, aware UTC. Raises ValueError."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return when


def day_of(text: str) -> str:
    """The ISO date, which stands in objects' keys. Raises ValueError."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"{text!r} is no day")
    return text
