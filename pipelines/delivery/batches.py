"""Parts: rows packed into one gzip object whose bytes and key depend on the rows alone.

The layout is docs/article.md's; the format is RFC 1952 with no name and no time in its header.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from pipelines.store.protocol import Row

PREFIX = "articles/v1"
CONTENT_TYPE = "application/gzip"
_GZIP = 31  # zlib's window bits for a gzip header and trailer
_LEVEL = 6
# Article lines compress about this well (5.3 on 136 articles with the texts of benchmark/fundus), so this many times the
# limit is gathered before a part can be full. Where they compress better a part closes somewhat smaller.
_RATIO = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """When a part closes: at `part_bytes` compressed, or when its oldest row is `part_age` old, whichever comes first."""

    part_bytes: int = 64 * 2**20
    part_age: timedelta = timedelta(minutes=15)

    @property
    def full_bytes(self) -> int:
        """The uncompressed bytes that are likely to fill a part."""
        return self.part_bytes * _RATIO


@dataclass(frozen=True, slots=True)
class Packed:
    """The bytes of one part; `sha256` is theirs, in hex."""

    body: bytes
    rows: int
    sha256: str


def pack(lines: Iterable[bytes]) -> Packed:
    """The lines as one gzip object. Each line ends in `\\n`. The same lines give the same bytes under one zlib.

    >>> unpack(pack([b'{"id":1}\\n', b'{"id":2}\\n']).body)
    [b'{"id":1}\\n', b'{"id":2}\\n']
    """
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    chunks, rows = [], 0
    for line in lines:
        chunks.append(compressor.compress(line))
        rows += 1
    chunks.append(compressor.flush())
    body = b"".join(chunks)
    return Packed(body, rows, hashlib.sha256(body).hexdigest())


def unpack(body: bytes) -> list[bytes]:
    """The lines of a packed part. Raises zlib.error, or ValueError if the object is cut short."""
    decompressor = zlib.decompressobj(_GZIP)
    text = decompressor.decompress(body)
    if not decompressor.eof:
        raise ValueError("the part is cut short")
    return [line + b"\n" for line in text.split(b"\n")[:-1]]


def fill(rows: Iterable[Row], part_bytes: int) -> int:
    """The `seq` of the last row that goes into a part of about this many compressed bytes; 0 if there are no rows.

    The compressor holds back up to some 100 KB, so a part may be larger than asked by that and its last row.
    """
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    size = last = 0
    for row in rows:
        size += len(compressor.compress(row.line))
        last = row.seq
        if size >= part_bytes:
            break
    return last


def part_key(run_id: str, seq: int, dt: str, sha256: str) -> str:
    """The key of a part: `articles/v1/dt=2025-08-13/part-<runId>-<seq>-<sha8>.jsonl.gz`, its crawl day in UTC."""
    return f"{PREFIX}/dt={dt}/part-{run_id}-{seq:05d}-{sha256[:8]}.jsonl.gz"
