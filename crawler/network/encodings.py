"""Content encodings: bodies that end too early or are larger than they may be. Pure, and linear in a body's bytes whatever it is made of.

Scrapy does not notice compressed bodies that end too early: `scrapy.utils.gz.gunzip` and its siblings return as much as they can, so
the end of a page is lost without a word.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from typing import Final

try:
    import brotli
except ImportError:
    import brotlicffi as brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_MAGIC: Final = b"\x1f\x8b"
# Servers send one gzip member or zstd frame, archives some hundred; 10 MB of empty ones, each of which has the rest of the
# body to look at, held the event loop for minutes.
MAX_MEMBERS: Final = 1_000
_CHUNK_BYTES: Final = 65_536


class Broken(Exception):
    """A compressed body that cannot be read to its end."""


class TooLarge(Broken):
    """A compressed body that would be larger than it may be."""


def is_encoding(name: str) -> bool:
    """Whether a single encoding of this name, in lower case, can be read here."""
    return name in _DECODERS


def is_whole(body: bytes, encoding: str, max_bytes: int = 0) -> bool:
    """Whether a compressed body can be read to its end. True for an encoding that is not known here, and for no encoding.

    `encoding` is the header's value, in which the encoding that was applied last stands last. Reading stops at `max_bytes`
    decoded (0: no limit): HttpCompressionMiddleware refuses such a body for its size.
    """
    *outer, inmost = reversed([name.strip() for name in encoding.split(",") if name.strip()] or [""])
    try:
        for name in outer:
            if name not in _DECODERS:
                return True
            body = decoded(body, name, max_bytes or sys.maxsize)
        chunks = _DECODERS.get(inmost)
        read = 0
        for chunk in chunks(body) if chunks else ():
            read += len(chunk)
            if 0 < max_bytes < read:
                return True
    except TooLarge:
        return True
    except Broken:
        return False
    return True


def decoded(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """The body without the encoding. Raises Broken if it is damaged, cut short, over `max_bytes` or the encoding is unknown."""
    if encoding not in _DECODERS:
        raise Broken(f"unknown encoding {encoding}")
    parts: list[bytes] = []
    read = 0
    for chunk in _DECODERS[encoding](body):
        read += len(chunk)
        if read > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes decoded")
        parts.append(chunk)
    return b"".join(parts)


def _gzip(body: bytes) -> Iterator[bytes]:
    if not body.startswith(GZIP_MAGIC):
        raise Broken("not gzip")
    start = 0
    for _ in range(MAX_MEMBERS):
        inflater = zlib.decompressobj(wbits=31)
        try:
            start = yield from _inflated(inflater, body, start)
        except zlib.error as error:
            # A wrong checksum comes after all of the text; browsers show such pages, and whole sites send them.
            if "check" in str(error):
                return
            raise Broken(str(error)) from None
        if not body.startswith(GZIP_MAGIC, start):
            return
    raise Broken(f"more than {MAX_MEMBERS} members")


def _deflate(body: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib's format; some servers send bare deflate, and browsers and Scrapy read both.
    wbits = 15
    try:
        zlib.decompressobj(wbits=wbits).decompress(body[:64], 1)
    except zlib.error:
        wbits = -15
    try:
        yield from _inflated(zlib.decompressobj(wbits=wbits), body)
    except zlib.error as error:
        raise Broken(str(error)) from None


def _inflated(inflater: zlib._Decompress, body: bytes, start: int = 0) -> Generator[bytes, None, int]:
    """The text in chunks; returns where in the body the stream ends. It is fed by chunks, since zlib copies what it leaves."""
    while start < len(body) and not inflater.eof:
        chunk = body[start : start + _CHUNK_BYTES]
        yield inflater.decompress(chunk, _CHUNK_BYTES)
        start += len(chunk) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
    # zlib keeps the last output back when it just filled a chunk.
    if not inflater.eof:
        yield inflater.flush()
    if not inflater.eof:
        raise Broken("cut short")
    return start


def _brotli(body: bytes) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    try:
        chunk = decompressor.process(body, output_buffer_limit=_CHUNK_BYTES)
        while chunk:
            yield chunk
            chunk = b"" if decompressor.is_finished() else decompressor.process(b"", output_buffer_limit=_CHUNK_BYTES)
    except brotli.error as error:
        raise Broken(str(error)) from None
    if not decompressor.is_finished():
        raise Broken("cut short")


def _zstd(body: bytes) -> Iterator[bytes]:
    start = 0
    for _ in range(MAX_MEMBERS):
        if start == len(body):
            return
        decompressor = zstd.ZstdDecompressor()
        while start < len(body) and not decompressor.eof:
            chunk = body[start : start + _CHUNK_BYTES]
            try:
                yield decompressor.decompress(chunk, _CHUNK_BYTES)
                while not decompressor.eof and not decompressor.needs_input:
                    yield decompressor.decompress(b"", _CHUNK_BYTES)
            except zstd.ZstdError as error:
                raise Broken(str(error)) from None
            start += len(chunk) - len(decompressor.unused_data)
        if not decompressor.eof:
            raise Broken("cut short")
    raise Broken(f"more than {MAX_MEMBERS} frames")


_DECODERS: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
