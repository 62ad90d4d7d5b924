"""Compaction: the small parts of a crawl day become large ones, for readers who pay by the object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from pipelines.delivery.batches import Limits, day_prefix, pack_parts
from pipelines.delivery.lake import erased_ids, manifests, part_lines
from pipelines.delivery.manifest import Kind, ManifestPart
from pipelines.delivery.rewriting import Day, Rewriting, day_of, due, rewrite, sweep
from pipelines.delivery.sinks import Sink

# A part below half the size at which parts close is small: of two and more of them fewer parts are made, always.
_SMALL = 0.5


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: the small parts and their rows, the parts that they became, and objects that were removed."""

    day: str
    small: int
    rows: int
    parts: int
    removed: int


def compact(
    sink: Sink,
    dt: str,
    now: datetime,
    *,
    limits: Limits,
    grace: timedelta,
    tell: Callable[[int], None] = lambda rows: None,
) -> Compacted:
    """Make large parts of a day's small ones, and remove what was replaced `grace` ago. Raises DeliveryError.

    `tell` hears of rows as they are read. Rows of erased articles are left out.
    """
    chosen: list[ManifestPart] = []
    before: set[str] = set()

    def plan(day: Day) -> Rewriting | None:
        chosen[:] = small_parts(day, limits)
        before.update(part.key for part in day.parts)
        if not chosen:
            return None
        lines = _lines(sink, chosen, tell)
        return Rewriting(pack_parts(lines, limits.part_bytes, limits.compression), [part.key for part in chosen])

    manifest = rewrite(sink, dt, Kind.COMPACT, plan, now, limits.compression)
    made = [part for part in manifest.parts if part.key not in before] if manifest else []
    removed = sweep(sink, dt, now, grace)
    return Compacted(dt, len(chosen), sum(part.rows for part in chosen), len(made), len(removed))


def plan_compaction(sink: Sink, dt: str, now: datetime, *, limits: Limits, grace: timedelta) -> Compacted:
    """What `compact` would do now, `parts` as an estimate; nothing is written. Raises DeliveryError."""
    there = sink.list(day_prefix(dt))
    day = day_of(manifests(sink), dt)
    chosen = small_parts(day, limits)
    parts = -(-sum(part.bytes for part in chosen) // limits.part_bytes)
    return Compacted(dt, len(chosen), sum(part.rows for part in chosen), parts, len(due(day, there, now, grace)))


def small_parts(day: Day, limits: Limits) -> list[ManifestPart]:
    """The live parts of a day to put together, in the order of their runs; none if there is one small part at most."""
    small = [part for part in day.parts if part.bytes < limits.part_bytes * _SMALL]
    return small if len(small) > 1 else []


def _lines(sink: Sink, parts: Iterable[ManifestPart], tell: Callable[[int], None]) -> Iterator[bytes]:
    erased = erased_ids(sink)
    for part in parts:
        for line in part_lines(sink, part):
            if not erased or orjson.loads(line)["id"] not in erased:
                yield line
        tell(part.rows)
