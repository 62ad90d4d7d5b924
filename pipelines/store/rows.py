"""Rows of the SQLite store's runs and outbox, as the values that they stand for."""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from pipelines.store.cells import day_of, instant, is_a, stored
from pipelines.store.protocol import Pending, Run, Verdict
from pipelines.store.rebuilt import Rebuilt

RUN = "run_id, spider, started, code_hash, config_hash, closed, verdict, sites, manifest, ended"


@stored("runs")
def run_of(row: tuple[Any, ...]) -> Run:
    """The run of a row of the columns RUN."""
    run_id, spider, started, code_hash, config_hash, closed, verdict, sites, manifest, ended = row
    return Run(
        run_id,
        spider,
        instant(started),
        code_hash,
        config_hash,
        instant(closed) if closed else None,
        Verdict(verdict) if verdict else None,
        tuple(is_a(name, str) for name in is_a(json.loads(sites), list)),
        manifest if isinstance(manifest, bytes) else None,
        instant(ended) if ended else None,
    )


@stored("rebuilds")
def rebuilt_of(row: tuple[Any, ...]) -> Rebuilt:
    """How the store was made anew, of a row of its time and the columns that follow it in Rebuilt."""
    return Rebuilt(instant(row[0]), *row[1:])


@stored("outbox")
def pending_of(row: tuple[Any, ...]) -> Pending:
    """The rows of a day, of their last number, their day, how many they are, their bytes and the oldest's time."""
    last, dt, count, size, oldest = row
    return Pending(day_of(dt), count, size, instant(oldest), last)


@stored("outbox")
def line_of(row: tuple[Any, ...]) -> bytes:
    """The line of a row of its number, checksum and line, as it was committed; those of an older release have no checksum."""
    line: bytes = row[2]
    if row[1] not in (None, crc32(line)):
        raise ValueError("its checksum is another's")
    return line
