"""Soundness: every value of a store that can be read, read; for whoever checks a store, and for a rebuilding, which takes no other over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson

from pipelines.store.cells import CellDamaged, is_a, stored
from pipelines.store.habits import HABIT, SIGHTED, habit_of, keys_of
from pipelines.store.lessons import traced_of
from pipelines.store.listings import LINK, LISTING, link_of, listing_of
from pipelines.store.rows import RUN, line_of, pending_of, run_of
from pipelines.store.shelf import QUARANTINE, page_of
from pipelines.store.sqlite import CLOCK, clock_of
from pipelines.store.vitals import ALARM, VITALS, raised_at, vitals_of
from pipelines.store.watched import PREVIOUS, looked_of, previous_of

_Reader = Callable[[tuple[Any, ...]], object]


@stored("runs")
def _manifest_of(row: tuple[Any, ...]) -> object:
    return is_a(orjson.loads(row[1]), dict)["runId"]


# By table: the columns and what reads them; a row in which the last of these has nothing is not read.
_READERS: Final[tuple[tuple[str, str, _Reader], ...]] = (
    ("runs", RUN, run_of),
    ("runs", "run_id, manifest", _manifest_of),
    ("listings", ", ".join(LISTING), listing_of),
    ("links", LINK.replace("links.", ""), link_of),
    ("watched", "id, stored, checked", looked_of),
    ("watched", PREVIOUS, previous_of),
    ("clocks", CLOCK, clock_of),
    ("habits", HABIT, habit_of),
    ("sightings", SIGHTED, keys_of),
    ("vitals", VITALS, vitals_of),
    ("alarms", ALARM, raised_at),
    ("quarantine", f"{QUARANTINE}, body", page_of),
    ("outbox", "seq, crc, line", line_of),
    ("outbox", "seq, dt, seq, bytes, at", pending_of),
    ("outbox", "seq, traces", traced_of),
)
# Columns that may be empty: what they hold is read where there is something.
_MAY_BE_EMPTY: Final = {"manifest", "body", "traces"}


def unsound(path: Path) -> str | None:
    """The first value of a store's file that is not what was written; None if there is none. It takes seconds a million rows."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        for table, columns, read in _READERS:
            last = columns.rpartition(", ")[2]
            where = f"WHERE {last} IS NOT NULL" if last in _MAY_BE_EMPTY else ""
            try:
                for row in connection.execute(f"SELECT {columns} FROM {table} {where}"):
                    read(row)
            except (CellDamaged, sqlite3.DatabaseError) as error:
                return str(error)
    return None


def is_sound(table: str, row: Mapping[str, Any]) -> bool:
    """Whether each value of a row can be read."""
    for name, columns, read in _READERS:
        values = tuple(row.get(column) for column in columns.split(", "))
        if name == table and not (values[-1] is None and columns.rpartition(", ")[2] in _MAY_BE_EMPTY):
            try:
                read(values)
            except CellDamaged:
                return False
    return True
