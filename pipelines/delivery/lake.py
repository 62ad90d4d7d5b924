"""Reading the lake: manifests, the parts that are live, and their rows, while runs, compactions and erasures go on.

The rule is docs/consumers.md's: live is each part that some manifest names and no manifest replaces. A part that is gone
when it is read was replaced meanwhile: its day is listed anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import orjson

from pipelines.delivery.compression import unpack_lines
from pipelines.delivery.manifest import RUNS, Manifest, ManifestPart, parse
from pipelines.delivery.sinks import Sink
from pipelines.errors import DeliveryError

ERASURES = "_meta/v1/erasures"
# A manifest is one small request: this many at once.
_READERS = 8


class PartGone(DeliveryError):
    """A part that was live is no longer there: list the live parts of its day anew."""


class LakeDamaged(DeliveryError):
    """An object that a manifest names is not what it says, or a manifest is none."""


def manifests(sink: Sink) -> list[Manifest]:
    """Every manifest, by the start of its run. Raises DeliveryError."""
    keys = [key for key in sink.list(f"{RUNS}/") if key.endswith("/manifest.json")]
    with readers() as threads:
        found = threads.map(lambda key: manifest_at(sink, key), keys)
        return sorted(found, key=lambda manifest: (manifest.startedAt, manifest.runId))


@contextmanager
def readers() -> Iterator[ThreadPoolExecutor]:
    """Threads that read small objects. Whoever is interrupted does not wait for what a silent sink does not answer."""
    threads = ThreadPoolExecutor(_READERS)
    try:
        yield threads
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def manifest_at(sink: Sink, key: str) -> Manifest:
    """The manifest at this key. Raises DeliveryError."""
    try:
        return parse(sink.get(key) or b"")
    except (ValueError, KeyError, TypeError) as error:
        raise LakeDamaged(f"{sink.address}: {key} is no manifest ({error!r}); restore it, or move it aside") from error


def live(found: Iterable[Manifest], dt: str | None = None) -> list[ManifestPart]:
    """The parts to read of these manifests, of one crawl day if `dt` is given: by day, then by manifest.

    A rewriting names again what earlier rewritings of its day named, so a part counts once.
    """
    listed = list(found)
    replaced = {key for manifest in listed for key in manifest.replaces}
    parts = {part.key: part for manifest in listed for part in manifest.parts if dt in (None, part.dt)}
    return sorted((part for part in parts.values() if part.key not in replaced), key=lambda part: part.dt)


def live_parts(sink: Sink, dt: str | None = None) -> Iterator[ManifestPart]:
    """The parts that are live now, of one crawl day (`2025-08-13`) if it is given, by day. Raises DeliveryError."""
    yield from live(manifests(sink), dt)


def part_lines(sink: Sink, part: ManifestPart) -> Iterator[bytes]:
    """The lines of a part, `\\n` included, after its bytes were compared with its manifest. Raises PartGone, LakeDamaged."""
    body = sink.get(part.key)
    if body is None:
        raise PartGone(f"{sink.address} has no {part.key} any more: it was replaced after the manifests were read")
    if hashlib.sha256(body).hexdigest() != part.sha256:
        raise LakeDamaged(f"{sink.address}: {part.key} is not the object that its manifest names; restore it")
    yield from unpack_lines(body)


def lines(sink: Sink, dt: str | None = None) -> Iterator[bytes]:
    """Every row of the lake, or of one crawl day, exactly once, also while parts are replaced. Raises DeliveryError."""
    parts = list(live_parts(sink, dt))
    for day in dict.fromkeys(part.dt for part in parts):
        yield from _day_lines(sink, day, [part for part in parts if part.dt == day])


def erased_ids(sink: Sink) -> set[str]:
    """The ids of the articles that were erased and must not come back. Raises DeliveryError."""
    return {key.rpartition("/")[2].removesuffix(".json") for key in sink.list(f"{ERASURES}/")}


def erasures(sink: Sink) -> tuple[set[str], set[str]]:
    """The ids of all erased articles, and the keys of the links that are not fetched any more. Raises DeliveryError."""
    records = [erasure(sink, key) for key in sink.list(f"{ERASURES}/")]
    return {record["id"] for record in records if record["id"]}, {key for record in records for key in record["links"]}


def erasure(sink: Sink, key: str) -> dict[str, Any]:
    """The record of an erasure: its article's `id` or None, and `links`, the keys of addresses. Raises LakeDamaged."""
    try:
        record = orjson.loads(sink.get(key) or b"")
        return {"id": record["id"], "links": list(record["links"])}
    except (ValueError, KeyError, TypeError) as error:
        raise LakeDamaged(f"{sink.address}: {key} is no record of an erasure ({error!r}); restore it") from error


def _day_lines(sink: Sink, dt: str, parts: list[ManifestPart]) -> Iterator[bytes]:
    given: set[bytes] = set()
    while True:
        try:
            for part in parts:
                for line in part_lines(sink, part):
                    if (digest := hashlib.sha256(line).digest()) not in given:
                        given.add(digest)
                        yield line
            return
        except PartGone:
            listed = list(live_parts(sink, dt))
            if listed == parts:
                raise LakeDamaged(f"{sink.address}: a manifest names a part of {dt} that is not there; restore it") from None
            parts = listed
