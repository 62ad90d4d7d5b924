"""How the rows of a part are compressed: gzip (RFC 1952) or Zstandard (RFC 8878), always to the same bytes by one library.

Zstandard comes from the standard library on Python 3.14 and from its backport before, which Scrapy brings, too.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

_GZIP_BITS = 31  # zlib's window bits for a gzip header and trailer
_GZIP_LEVEL = _ZSTD_LEVEL = 6
_GZIP_MAGIC, _ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 64 * 2**10  # compressed bytes that are unpacked at a time


class Compression(StrEnum):
    """The compression of parts; its value is the setting's."""

    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def suffix(self) -> str:
        """What the key of a part ends in."""
        return {"gzip": ".jsonl.gz", "zstd": ".jsonl.zst"}[self.value]

    @property
    def content_type(self) -> str:
        return f"application/{self.value}"


class Compressor(Protocol):
    """What `zlib` and `zstd` have in common."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def compressor(compression: Compression) -> Compressor:
    """A compressor of one object; its header holds no time and no name, its trailer a checksum."""
    if compression is Compression.GZIP:
        return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_BITS)
    zstd = _zstd()
    options = {zstd.CompressionParameter.compression_level: _ZSTD_LEVEL, zstd.CompressionParameter.checksum_flag: 1}
    made: Compressor = zstd.ZstdCompressor(options=options)
    return made


def unpack_lines(body: bytes) -> Iterator[bytes]:
    """The lines of a packed part, `\\n` included, told by its first bytes and unpacked as they are asked for.

    Raises ValueError if the object is cut short or is no such part: possibly after some lines.
    """
    rest = b""
    for text in _unpacked(body):
        *whole, rest = (rest + text).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        raise ValueError("the part's last line is cut short")


def _unpacked(body: bytes) -> Iterator[bytes]:
    unpacker, damaged = _unpacker(body)
    try:
        for start in range(0, len(body), _CHUNK):
            if unpacker.eof:
                raise ValueError("the part has bytes after its end")
            yield unpacker.decompress(body[start : start + _CHUNK])
    except damaged as error:
        raise ValueError(f"the part is damaged: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("the part is cut short, or has bytes after its end")


def _unpacker(body: bytes) -> tuple[Any, type[Exception]]:
    """The object's decompressor, and what it raises."""
    if body.startswith(_GZIP_MAGIC):
        return zlib.decompressobj(_GZIP_BITS), zlib.error
    if body.startswith(_ZSTD_MAGIC):
        return _zstd().ZstdDecompressor(), _zstd().ZstdError
    raise ValueError("the part is cut short, or neither gzip nor Zstandard")


def _zstd() -> Any:
    """The library, loaded only where parts are Zstandard's."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
