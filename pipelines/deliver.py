"""The way out: outbox rows become parts, parts become objects, and the manifest names them last.

Each step is written down in the store before its effect on the sink, and done again after a kill with the same result:
assign (which rows), seal (which key and bytes), put, mark; then close (verdict and time), seal the manifest, put it,
`_SUCCESS`, end. So a record is in exactly one part that a manifest names, wherever the process was killed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from pipelines.delivery.batches import Limits, Packed, day_prefix, fill, pack, part_key
from pipelines.delivery.compression import Compression
from pipelines.delivery.manifest import Manifest, ManifestConflict, build, manifest_key, parse, success_key
from pipelines.delivery.schema import schema_files
from pipelines.delivery.sinks import Put, Sink
from pipelines.errors import DeliveryError
from pipelines.store.protocol import Part, Pending, Store, Verdict
from pipelines.sweep import sweep
from pipelines.tidemark import check_tide, raise_tide

SCHEMAS = "_meta/v1/schema"
_TYPES = {"json": "application/json", "sql": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one call put: parts, their rows and their compressed bytes."""

    parts: int = 0
    rows: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Recovered:
    """A dead run that was found: its manifest, or why it could not be finished now."""

    run_id: str
    manifest: Manifest | None = None
    error: str | None = None


def deliver(
    store: Store,
    sink: Sink,
    run_id: str,
    now: datetime,
    *,
    close: bool = False,
    limits: Limits | None = None,
    tell: Callable[[Part], None] | None = None,
) -> Delivered:
    """Put the run's parts that are due, all of its rows if `close`. Raises DeliveryError; what is not put stays.

    For a worker thread, as often as one likes, while other threads commit. `tell` is called after each part that is put.
    """
    limits = limits or Limits()
    put: list[Part] = []
    while True:
        # Older parts first: while the sink is away no further ones are made, and rows gather to larger parts.
        for part in store.parts(run_id):
            if part.put_to != sink.address:
                put.append(_put(store, sink, part, limits.compression))
                if tell:
                    tell(put[-1])
        if not any(_assign(store, run_id, day, limits) for day in store.pending(run_id) if close or _is_due(day, now, limits)):
            return Delivered(len(put), sum(part.rows for part in put), sum(part.size or 0 for part in put))


def finish_run(
    store: Store,
    sink: Sink,
    run_id: str,
    now: datetime,
    *,
    verdict: Verdict,
    sites: Iterable[str] = (),
    limits: Limits | None = None,
    tell: Callable[[Part], None] | None = None,
) -> Manifest:
    """Close the run, deliver all of it, and write its manifest. Raises DeliveryError; call it again, or let `recover` do it.

    `sites` are the publishers that the run was to visit; those without a page stand in the manifest with zeros.
    """
    run = store.close_run(run_id, now, verdict, sites)
    body = run.manifest
    # Where the manifest is there already, its parts may have been replaced since: none is put again.
    if body is None or sink.get(manifest_key(run_id)) != body:
        check_tide(store, sink)
        deliver(store, sink, run_id, now, close=True, limits=limits, tell=tell)
        _put_lost(store, sink, run_id, (limits or Limits()).compression)
        # Anew, if it was sealed: a part that had to be put again may have become another object.
        body = build(run, store.parts(run_id), store.counts(run_id)).to_bytes()
        store.seal_manifest(run_id, body)
        raise_tide(store, sink)
    put_schemas(sink)
    _put_manifest(sink, run_id, body)
    sink.put(success_key(run_id), b"", content_type="text/plain")
    store.end_run(run_id, now)
    return parse(body)


def recover(
    store: Store, sink: Sink, now: datetime, *, limits: Limits | None = None, tell: Callable[[Part], None] | None = None
) -> list[Recovered]:
    """Finish the runs whose process is gone, the oldest first; nothing raises but the store.

    If the sink refuses a run, the runs after it are left for the next call: each would only wait as long again.
    """
    found: list[Recovered] = []
    for run in store.unfinished_runs():
        if not store.take_over(run.run_id):
            continue
        try:
            manifest = finish_run(store, sink, run.run_id, now, verdict=Verdict.KILLED, limits=limits, tell=tell)
            found.append(Recovered(run.run_id, manifest))
        except ManifestConflict as error:
            found.append(Recovered(run.run_id, error=str(error)))
        except DeliveryError as error:
            found.append(Recovered(run.run_id, error=str(error)))
            break
        finally:
            store.let_go(run.run_id)
    return found


def put_schemas(sink: Sink) -> None:
    """Put the schema files beside the data: those of this release, which take the place of an older one's."""
    for name, body in schema_files(sink.url).items():
        key = f"{SCHEMAS}/{name}"
        if sink.get(key) != body:
            sink.replace(key, body, content_type=_TYPES[name.rpartition(".")[2]])


def _is_due(day: Pending, now: datetime, limits: Limits) -> bool:
    return now - day.oldest >= limits.part_age or day.line_bytes >= limits.full_bytes


def _assign(store: Store, run_id: str, day: Pending, limits: Limits) -> Part | None:
    # Compressed is never larger than this, so most parts need no trial.
    fits = day.line_bytes <= limits.part_bytes
    last = day.last_seq if fits else fill(store.pending_rows(run_id, day.dt), limits.part_bytes, limits.compression)
    # The last moment at which an article may still change.
    sweep(store, run_id, day.dt, last)
    return store.assign_part(run_id, day.dt, last)


def _put(store: Store, sink: Sink, part: Part, compression: Compression) -> Part:
    packed = pack((row.line for row in store.part_rows(part)), compression)
    if packed.rows != part.rows:
        raise DeliveryError(
            f"part {part.seq} of run {part.run_id} has {packed.rows} rows in the outbox, {part.rows} were assigned"
        )
    if part.sha256 != packed.sha256 and not _is_there(sink, part):
        part = _seal(store, part, packed, compression)
    if part.key and part.sha256 == packed.sha256:
        found = sink.put(part.key, packed.body, content_type=compression.content_type)
        if found is Put.TAKEN:
            raise DeliveryError(
                f"{sink.address} has another object at {part.key}: it was damaged, or is not this store's. Move it aside; "
                "nothing is overwritten, the rows stay in the outbox"
            )
    store.mark_put(part, sink.address)
    return part


def _put_lost(store: Store, sink: Sink, run_id: str, compression: Compression) -> None:
    """Put the run's parts again that were there and are not any more: somebody emptied the sink between the put and now."""
    parts = store.parts(run_id)
    there = {key for dt in {part.dt for part in parts} for key in sink.list(f"{day_prefix(dt)}part-{run_id}-")}
    for part in parts:
        if part.key not in there:
            _put(store, sink, part, compression)


def _is_there(sink: Sink, part: Part) -> bool:
    """Whether the object a part was sealed as is in the sink, although the rows now pack to other bytes.

    So it is when a process was killed after the put, and the next one runs with another compressor.
    """
    body = sink.get(part.key) if part.key else None
    return body is not None and hashlib.sha256(body).hexdigest() == part.sha256


def _seal(store: Store, part: Part, packed: Packed, compression: Compression) -> Part:
    key = part_key(part.run_id, part.seq, part.dt, packed.sha256, compression)
    return store.seal_part(part, key=key, size=len(packed.body), sha256=packed.sha256)


def _put_manifest(sink: Sink, run_id: str, body: bytes) -> None:
    if sink.put(manifest_key(run_id), body, content_type="application/json") is Put.TAKEN:
        raise ManifestConflict(
            f"{sink.address} has another manifest at {manifest_key(run_id)}: a copy of this store delivered this run. Nothing is "
            "overwritten, the rows stay in the outbox; `scrapy store rebuild --force` gives those that the sink lacks to a run of their own"
        )
