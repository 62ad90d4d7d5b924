"""Parts: rows packed into one compressed object whose bytes and key depend on the rows alone.

The layout is docs/article.md's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from pipelines.delivery.compression import Compression, compressor, unpack_lines
from pipelines.store.protocol import Row

PREFIX = "articles/v1"
# Article lines compress about this well (5.3 on 136 articles with the texts of benchmark/fundus), so this many times the
# limit is gathered before a part can be full. Where they compress better a part closes somewhat smaller.
_RATIO = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """When a part closes: at `part_bytes` compressed, or when its oldest row is `part_age` old, whichever comes first.

    And how it is compressed.
    """

    part_bytes: int = 64 * 2**20
    part_age: timedelta = timedelta(minutes=15)
    compression: Compression = Compression.GZIP

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


def pack(lines: Iterable[bytes], compression: Compression = Compression.GZIP) -> Packed:
    """The lines as one object. Each line ends in `\\n`. The same lines give the same bytes under one compressor.

    >>> unpack(pack([b'{"id":1}\\n', b'{"id":2}\\n']).body)
    [b'{"id":1}\\n', b'{"id":2}\\n']
    """
    return _pack(iter(lines), compression)


def pack_parts(lines: Iterable[bytes], part_bytes: int, compression: Compression = Compression.GZIP) -> Iterator[Packed]:
    """The lines as objects of about this many compressed bytes, in order; the last one may be smaller."""
    left = iter(lines)
    for line in left:
        yield _pack(chain([line], left), compression, part_bytes)


def unpack(body: bytes) -> list[bytes]:
    """The lines of a packed part, whichever way it is compressed. Raises ValueError if it is cut short or damaged."""
    return list(unpack_lines(body))


def fill(rows: Iterable[Row], part_bytes: int, compression: Compression = Compression.GZIP) -> int:
    """The `seq` of the last row that goes into a part of about this many compressed bytes; 0 if there are no rows.

    The compressor holds back up to some 100 KB, so a part may be larger than asked by that and its last row.
    """
    packer = compressor(compression)
    size = last = 0
    for row in rows:
        size += len(packer.compress(row.line))
        last = row.seq
        if size >= part_bytes:
            break
    return last


def part_key(run_id: str, seq: int, dt: str, sha256: str, compression: Compression = Compression.GZIP) -> str:
    """The key of a part: `articles/v1/dt=2025-08-13/part-<runId>-<seq>-<sha8>.jsonl.gz`, its crawl day in UTC."""
    return f"{day_prefix(dt)}part-{run_id}-{seq:05d}-{sha256[:8]}{compression.suffix}"


def day_prefix(dt: str) -> str:
    """What the keys of a crawl day's parts begin with."""
    return f"{PREFIX}/dt={dt}/"


def _pack(lines: Iterator[bytes], compression: Compression, part_bytes: int | None = None) -> Packed:
    """The lines as one object, as many as give so many compressed bytes."""
    packer = compressor(compression)
    chunks: list[bytes] = []
    rows = size = 0
    for line in lines:
        chunks.append(packer.compress(line))
        rows += 1
        size += len(chunks[-1])
        if part_bytes is not None and size >= part_bytes:
            break
    chunks.append(packer.flush())
    body = b"".join(chunks)
    return Packed(body, rows, hashlib.sha256(body).hexdigest())
