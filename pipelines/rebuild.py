"""Rebuild: a store that is damaged, gone or the first of a machine, made anew from the manifests of the sink and from what is left of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import orjson

from pipelines.delivery.lake import LakeDamaged, PartGone, erasures, live, manifests, part_lines
from pipelines.delivery.manifest import RUNS, Kind, ManifestPart
from pipelines.delivery.sinks import Sink
from pipelines.errors import StoreDamaged
from pipelines.history import duplicates
from pipelines.store.damage import inner_fault, marked
from pipelines.store.open import open_store, store_path
from pipelines.store.place import place_of
from pipelines.store.protocol import Part
from pipelines.store.rebuilding import Known, Rebuilding
from pipelines.store.rebuilt import Rebuilt
from pipelines.store.soundness import unsound
from pipelines.tidemark import check_tide, supersede
from pipelines.values import PubStatus


def store_fault(url: str, *, deep: bool = False) -> str | None:
    """What is wrong with the store at this address, or None: its file is read through, `deep` each of its values, too.

    Raises StoreError if it cannot be opened.
    """
    path = store_path(url)
    try:
        open_store(url).close()
    except StoreDamaged as error:
        return error.fault
    return inner_fault(path) or (unsound(path) if deep else None)


def is_new(url: str) -> bool:
    """Whether no store ever was at this address, as far as is known: an empty file without a mark tells no more than none."""
    path = store_path(url)
    return marked(path) is None and not (path.exists() and path.stat().st_size)


def older_than_sink(url: str, sink: Sink) -> str | None:
    """What is wrong with a sound store that does not know a run which its sink has of it; None otherwise. Raises DeliveryError."""
    store = open_store(url)
    try:
        check_tide(store, sink)
    except StoreDamaged as error:
        return error.fault
    finally:
        store.close()
    return None


def has_runs(sink: Sink) -> bool:
    """Whether the sink has manifests, which a new store knows nothing of. Raises DeliveryError."""
    return any(key.endswith("/manifest.json") for key in sink.list(f"{RUNS}/"))


def rebuild(url: str, sink: Sink, now: datetime, reason: str, tell: Callable[[int], None] | None = None) -> Rebuilt:
    """Make the store anew; `tell` gets the rows of each part that was read. Raises StoreError, DeliveryError: nothing is changed then."""
    is_first = is_new(url)
    erased, links = erasures(sink)
    with Rebuilding(store_path(url), now) as made:
        made.bar(erased, links)
        for manifest in manifests(sink):
            made.remember_run(
                manifest.runId, manifest.spider or manifest.kind, manifest.startedAt, manifest.finishedAt, manifest.verdict,
                manifest.to_bytes(),
            )  # fmt: skip
            if manifest.kind is Kind.CRAWL:
                made.remember_parts(
                    Part(manifest.runId, seq, part.dt, part.rows, part.key, part.bytes, part.sha256, sink.address)
                    for seq, part in enumerate(manifest.parts, 1)
                )
        unread = 0
        for part, lines in _parts(sink):
            try:
                for line in lines:
                    made.remember(_known(orjson.loads(line)))
            except (PartGone, LakeDamaged):
                unread += 1
            if tell:
                tell(part.rows)
        for line, dt, at in made.rows():
            known = _known_or_none(line)
            if known is None:
                made.broken += 1
            elif known.id not in erased:
                made.keep(known, line, dt, at)
        made.copy_rest()
        supersede(sink, made.replaced_id(), place_of(store_path(url)), made.run_id)
        return made.finish(reason, unread, is_first=is_first)


def _parts(sink: Sink) -> Iterator[tuple[ManifestPart, Iterator[bytes]]]:
    """Every live part once, also those that replaced others meanwhile."""
    given: set[str] = set()
    while fresh := [part for part in live(manifests(sink)) if part.key not in given]:
        for part in fresh:
            given.add(part.key)
            yield part, part_lines(sink, part)


def _known_or_none(line: bytes) -> Known | None:
    """What a line of a damaged store says of its article; None if it is none."""
    try:
        return _known(orjson.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def _known(article: dict[str, Any]) -> Known:
    return Known(
        id=article["id"],
        version=article["version"],
        content_hash=article["contentHash"],
        text_hash=duplicates.fingerprint(article["articleBody"]),
        publisher=article["publisher"]["id"],
        urls=tuple(filter(None, (article["requestedUrl"], article["url"], article["canonicalUrl"]))),
        via=article["provenance"]["discovery"]["via"],
        first_seen=article["dateFirstSeen"],
        run_id=article["provenance"]["runId"] or "",
        undated=article["datePublished"] is None,
        stored=article["dateDownloaded"],
        canceled=article["pubStatus"] == PubStatus.CANCELED,
    )
