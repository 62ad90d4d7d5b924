"""Small lakes for tests: parts of numbered rows, and the manifests of the runs that delivered them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from pipelines.delivery.batches import pack, part_key
from pipelines.delivery.compression import Compression
from pipelines.delivery.manifest import Kind, Manifest, ManifestPart, Tally, manifest_key
from pipelines.delivery.sinks import Put, Sink

DAY, NEXT_DAY = "2025-08-13", "2025-08-14"


def make_row(number: int, **changes: Any) -> bytes:
    """A line with the keys that tell rows apart."""
    identity = {"id": sha256(f"{number}".encode()).hexdigest()[:32], "number": number, "version": 1}
    address = f"https://news.example/story-{number}"
    place = {"url": address, "requestedUrl": address, "canonicalUrl": None, "ampUrl": None}
    return json.dumps(identity | place | changes).encode() + b"\n"


def put_part(
    sink: Sink, run_id: str, rows: Iterable[bytes], *, dt: str = DAY, compression: Compression = Compression.GZIP
) -> ManifestPart:
    packed = pack(rows, compression)
    key = part_key(run_id, 1, dt, packed.sha256, compression)
    sink.put(key, packed.body)
    return ManifestPart(key, dt, len(packed.body), packed.sha256, packed.rows)


def put_manifest(
    sink: Sink, run_id: str, *parts: ManifestPart, replaces: Iterable[ManifestPart] = (), kind: Kind = Kind.CRAWL
) -> Manifest:
    manifest = Manifest(
        kind=kind,
        runId=run_id,
        spider="news" if kind is Kind.CRAWL else None,
        startedAt=f"{DAY}T09:30:00Z",
        finishedAt=f"{DAY}T09:30:00Z",
        verdict="ok",
        codeHash=None,
        configHash=None,
        rows=sum(part.rows for part in parts),
        counts=Tally(),
        sites={},
        parts=list(parts),
        replaces=[part.key for part in replaces],
    )
    assert sink.put(manifest_key(run_id), manifest.to_bytes()) is Put.CREATED
    return manifest


def deliver_run(sink: Sink, run_id: str, numbers: Iterable[int], *, dt: str = DAY, noise_bytes: int = 0) -> ManifestPart:
    """A run with one part of these rows, and its manifest. Each row holds so many bytes that do not compress."""
    rows = (make_row(number, noise=random.Random(number).randbytes(noise_bytes).hex()) for number in numbers)
    part = put_part(sink, run_id, rows, dt=dt)
    put_manifest(sink, run_id, part)
    return part
