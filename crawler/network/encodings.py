"""Content encodings: bodies that end too early or are larger than they may be. Pure, and linear in a body's bytes whatever it is made of.

Scrapy does not notice compressed bodies that end too early: `scrapy.utils.gz.gunzip` and its siblings return as much as they can, so
the end of a page is lost without a word.
"""

from __future__ import annotations

import codecs
import re
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
_GZIP_TRAILER_BYTES: Final = 8
# Servers send one gzip member or zstd frame, archives some hundred; 10 MB of empty ones, each of which has the rest of the
# body to look at, held the event loop for minutes.
MAX_MEMBERS: Final = 1_000
_CHUNK_BYTES: Final = 65_536
# Proxies add one to the server's own; a gzip stream can be written that unpacks to itself for ever.
MAX_ENCODINGS: Final = 3
# What servers write for a body that is not encoded: RFC 9110, 8.4.1 knows `identity` in Accept-Encoding alone.
_NONE: Final = frozenset(("", "identity", "none"))
_NAME_CHARS: Final = 40  # of a message
_HEAD_BYTES: Final = 4_096
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Not ESC, with which ISO-2022-JP begins its letters.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# A few bytes of anything may look like text.
_TEXT_BYTES: Final = 16


class Broken(Exception):
    """A compressed body that cannot be read to its end."""


class TooLarge(Broken):
    """A compressed body that would be larger than it may be."""


class Unreadable(Exception):
    """A body that another try would not make readable."""


class Unknown(Unreadable):
    """A body in an encoding that nothing here reads."""


class TooMany(Unreadable):
    """A body in more encodings than MAX_ENCODINGS."""


def unpacked(body: bytes, header: str, max_bytes: int = 0) -> bytes:
    """The body as it was before the encodings of a Content-Encoding header, in which the one that was applied last stands last.

    Names count in any case; empty ones (`gzip,`), `identity` and what servers write for none are passed over. A body that is plain
    text under a header that says otherwise is taken as it is: proxies unpack and leave the header. Raises Broken where the body cannot
    be read to its end, TooLarge beyond `max_bytes` (0: no limit), Unknown for an encoding that is none of those below, TooMany.

    >>> unpacked(zlib.compress(b"<p>"), "IDENTITY, Deflate,"), unpacked(b"User-agent: *\\nAllow: /", "gzip")
    (b'<p>', b'User-agent: *\\nAllow: /')
    """
    names = [name for name in (part.strip().lower() for part in header.split(",")) if name not in _NONE]
    if len(names) > MAX_ENCODINGS:
        raise TooMany(f"encoded more than {MAX_ENCODINGS} times")
    for name in filter(_DECODERS.__contains__, reversed(names)):
        try:
            body = decoded(body, name, max_bytes or sys.maxsize)
        except TooLarge:
            raise
        except Broken:
            if not is_text(body):
                raise
    for name in names:
        if name not in _DECODERS and not is_text(body):
            raise Unknown(f"unknown encoding {name[:_NAME_CHARS]}")
    return body


def is_text(body: bytes) -> bool:
    """Whether the body is text and nothing that was compressed: no control characters, and markup or UTF-8 from the start on."""
    head = body[:_HEAD_BYTES]
    if head.startswith(_MARKS):
        return True
    if len(head) < _TEXT_BYTES or _CONTROL.search(head):
        return False
    return head.lstrip().startswith(b"<") or _is_utf8(head)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
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
    """Without a look at the checksums: they come after all of the text; browsers show such pages, and whole sites send them."""
    if not body.startswith(GZIP_MAGIC):
        raise Broken("not gzip")
    start = 0
    for _ in range(MAX_MEMBERS):
        try:
            start = yield from _inflated(zlib.decompressobj(wbits=-15), body, _text_start(body, start))
        except zlib.error as error:
            raise Broken(str(error)) from None
        start += _GZIP_TRAILER_BYTES
        if start > len(body):
            raise Broken("cut short")
        if not body.startswith(GZIP_MAGIC, start):
            return
    raise Broken(f"more than {MAX_MEMBERS} members")


def _text_start(body: bytes, start: int) -> int:
    """Where a gzip member's header ends (RFC 1952, 2.3.1): ten bytes, then by its flags more fields, a name, a comment, a checksum."""
    flags, end = body[start + 3 : start + 4], start + 10
    if not flags or flags[0] & 0xE0:
        raise Broken("no gzip header")
    if flags[0] & 4:
        end += 2 + int.from_bytes(body[end : end + 2], "little")
    for text in (8, 16):
        if flags[0] & text:
            end = body.find(b"\0", end) + 1 or len(body)
    return end + 2 if flags[0] & 2 else end


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
        # At a stream's end zlib has what follows it in both.
        start += len(chunk) - len(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
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
