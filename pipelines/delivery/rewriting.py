"""Writing a crawl day's parts anew, while runs deliver into it and readers read it: what compactions and erasures share.

A rewriting puts new parts, then a manifest of its own kind that names them and says which parts they replace. Its id is the
day's next number, put with If-None-Match, so of two rewritings at once one is refused and starts again from what the other
left. Its manifest names all parts of earlier rewritings of the day that are still live, and all keys that they replaced:
a reader whose listing shows it and not an earlier one has the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.delivery.batches import Packed, day_prefix, part_key
from pipelines.delivery.compression import Compression
from pipelines.delivery.lake import PartGone, live, manifests
from pipelines.delivery.manifest import Kind, Manifest, ManifestPart, Tally, manifest_key, rfc3339, success_key
from pipelines.delivery.sinks import Put, Sink
from pipelines.errors import DeliveryError

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Day:
    """A crawl day as manifests show it: its live parts, and its rewritings by number."""

    dt: str
    parts: list[ManifestPart]
    rewritings: list[Manifest]

    @property
    def next_id(self) -> str:
        """The run id of the day's next rewriting."""
        last = self.rewritings[-1].runId if self.rewritings else ""
        return f"{_run_prefix(self.dt)}{int(last.rpartition('-')[2] or 0) + 1:05d}"

    @property
    def replaced(self) -> set[str]:
        return {key for manifest in self.rewritings for key in manifest.replaces}


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What takes the place of some parts: the new objects in order, and the keys that they replace."""

    packed: Iterable[Packed]
    replaces: list[str]


Plan = Callable[[Day], Rewriting | None]


def day_of(found: Iterable[Manifest], dt: str) -> Day:
    """The day as these manifests show it."""
    listed = list(found)
    rewritings = [
        manifest for manifest in listed if manifest.runId.startswith(_run_prefix(dt)) and manifest.kind is not Kind.CRAWL
    ]
    return Day(dt, live(listed, dt), sorted(rewritings, key=lambda manifest: manifest.runId))


def rewrite(sink: Sink, dt: str, kind: Kind, plan: Plan, now: datetime, compression: Compression) -> Manifest | None:
    """The manifest of a rewriting as `plan` wants it; None if it wants none. Raises DeliveryError.

    `plan` is asked again where another rewriting of the day was faster. Killed anywhere it may be done again: parts that no
    manifest names are seen by nobody, and go with the next `sweep`.
    """
    for _ in range(_TRIES):
        day = day_of(manifests(sink), dt)
        try:
            if (rewriting := plan(day)) is None:
                return None
            parts = list(_put_parts(sink, day, rewriting.packed, compression))
        except PartGone:
            continue
        manifest = _manifest(day, kind, parts, rewriting.replaces, now)
        found = sink.put(manifest_key(manifest.runId), manifest.to_bytes(), content_type="application/json")
        if found is not Put.TAKEN:
            sink.put(success_key(manifest.runId), b"", content_type="text/plain")
            return manifest
    raise DeliveryError(f"{sink.address}: other rewritings of {dt} were faster {_TRIES} times; run again when they have ended")


def due(day: Day, there: Iterable[str], now: datetime, grace: timedelta) -> list[str]:
    """Of the day's objects `there`, those that no reader needs any more.

    Parts that were replaced `grace` ago, erased ones at once, and what rewritings left that were killed or too slow.
    """
    gone: set[str] = set()
    for manifest in day.rewritings:
        since = now - datetime.fromisoformat(manifest.finishedAt)
        if manifest.kind is Kind.ERASE or since >= grace:
            gone.update(manifest.replaces)
    named = {part.key for manifest in day.rewritings for part in manifest.parts}
    own, following = f"{day_prefix(day.dt)}part-{_run_prefix(day.dt)}", f"{day_prefix(day.dt)}part-{day.next_id}"
    return [key for key in there if key in gone or (own <= key < following and key not in named | day.replaced)]


def sweep(sink: Sink, dt: str, now: datetime, grace: timedelta) -> list[str]:
    """Remove what is due of a day, and say what that was. Raises DeliveryError."""
    there = sink.list(day_prefix(dt))
    # Manifests after objects: what a rewriting puts and names meanwhile is named in them.
    day = day_of(manifests(sink), dt)
    for manifest in day.rewritings:
        sink.put(success_key(manifest.runId), b"", content_type="text/plain")
    removed = due(day, there, now, grace)
    for key in removed:
        sink.remove(key)
    return removed


def _run_prefix(dt: str) -> str:
    return f"rewrite-{dt}-"


def _put_parts(sink: Sink, day: Day, packed: Iterable[Packed], compression: Compression) -> Iterator[ManifestPart]:
    for number, part in enumerate(packed, 1):
        key = part_key(day.next_id, number, day.dt, part.sha256, compression)
        if sink.put(key, part.body, content_type=compression.content_type) is Put.TAKEN:
            raise DeliveryError(f"{sink.address} has another object at {key}: it was damaged. Remove it and run again")
        yield ManifestPart(key, day.dt, len(part.body), part.sha256, part.rows)


def _manifest(day: Day, kind: Kind, parts: list[ManifestPart], replaces: list[str], now: datetime) -> Manifest:
    earlier = {part.key for manifest in day.rewritings for part in manifest.parts}
    kept = [part for part in day.parts if part.key in earlier and part.key not in replaces]
    return Manifest(
        kind=kind,
        runId=day.next_id,
        spider=None,
        startedAt=rfc3339(now),
        finishedAt=rfc3339(now),
        verdict="ok",
        codeHash=None,
        configHash=None,
        rows=sum(part.rows for part in [*kept, *parts]),
        counts=Tally(),
        sites={},
        parts=[*kept, *parts],
        replaces=sorted({*day.replaced, *replaces}),
    )
