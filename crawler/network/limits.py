"""What is read from a server: http and https only, and whole bodies only.

Sizes and times are Scrapy's own settings (DOWNLOAD_MAXSIZE, DOWNLOAD_TIMEOUT), and so is a body shorter than its Content-Length
or without its last chunk (DOWNLOAD_FAIL_ON_DATALOSS, on by default). Scrapy does not notice compressed bodies that end too
early: `scrapy.utils.gz.gunzip` and its siblings return as much as they can, so the end of a page is lost without a word.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.network.memory import HeldBodies

try:
    import brotli
except ImportError:
    import brotlicffi as brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from typing import Self

_SCHEMES: Final = frozenset(("http", "https"))
_CHUNK_BYTES: Final = 65_536
_GZIP_MAGIC: Final = b"\x1f\x8b"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Proxies add one to the server's own; a gzip stream can be written that unpacks to itself for ever.
MAX_ENCODINGS: Final = 3
PARTIAL: Final = 206


class SchemeRefused(IgnoreRequest):
    """The address is neither http nor https."""


class Broken(Exception):
    """A compressed body that cannot be read to its end."""


class TooLarge(Broken):
    """A compressed body that would be larger than it may be."""


class WholeBodies:
    """Downloader middleware: refuses other schemes, and responses whose compressed body is damaged or ends too early.

    It must see the body before HttpCompressionMiddleware (590) does. A broken body is retried like a failed download
    (RETRY_TIMES); then the request fails with ResponseDataLossError, which is what Scrapy raises for a body that is too short.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.held = HeldBodies.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        scheme = urlparse_cached(request).scheme
        if scheme not in _SCHEMES:
            self.crawler.stats.inc_value("network/refused_scheme")
            raise SchemeRefused(f"{scheme}: is not crawled, only http and https are: {request.url[:200]}")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        self._refuse_redirect(response)
        encoding = _encoding(response)
        if encoding.count(",") >= MAX_ENCODINGS:
            raise IgnoreRequest(f"{response.url}: its body is encoded more than {MAX_ENCODINGS} times")
        if encoding in _DECODERS:
            self.held.make_room()
        if response.status == PARTIAL:
            fault = "a part of the page, which nobody asked for"
        elif request.method == "HEAD" or not response.body or is_whole(response.body, encoding, self.max_bytes):
            return response
        else:
            fault = f"the {encoding} body is damaged or ends too early"
        self.crawler.stats.inc_value("network/truncated")
        if not request.meta.get("dont_retry") and (again := self._again(request)):
            return again
        raise ResponseDataLossError(f"{response.url}: {fault}")

    def _refuse_redirect(self, response: Response) -> None:
        """Scrapy hands a redirect to another scheme on as the page."""
        location = (response.headers.get("Location") or b"").decode("latin-1").strip() if 300 <= response.status < 400 else ""
        scheme = found[1].lower() if (found := _SCHEME.match(location)) else ""
        if scheme and scheme not in _SCHEMES:
            self.crawler.stats.inc_value("network/refused_scheme")
            raise SchemeRefused(f"{response.url} redirects to {location[:200]}; only http and https are crawled")

    def _again(self, request: Request) -> Request | None:
        spider = self.crawler.spider
        if spider is None or not self.crawler.settings.getbool("RETRY_ENABLED"):
            return None
        return get_retry_request(request, spider=spider, reason="truncated body", give_up_log_level="INFO")


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


def _encoding(response: Response) -> str:
    """The encodings, the one that was applied last at the end."""
    return b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower().strip()


def _gzip(body: bytes) -> Iterator[bytes]:
    if not body.startswith(_GZIP_MAGIC):
        raise Broken("not gzip")
    rest = body
    while rest.startswith(_GZIP_MAGIC):
        inflater = zlib.decompressobj(wbits=31)
        try:
            yield from _inflated(inflater, rest)
        except zlib.error as error:
            # A wrong checksum comes after all of the text; browsers show such pages, and whole sites send them.
            if "check" in str(error):
                return
            raise Broken(str(error)) from None
        rest = inflater.unused_data


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


def _inflated(inflater: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    rest = body
    while rest and not inflater.eof:
        yield inflater.decompress(rest, _CHUNK_BYTES)
        rest = inflater.unconsumed_tail
    # zlib keeps the last output back when it just filled a chunk.
    if not inflater.eof:
        yield inflater.flush()
    if not inflater.eof:
        raise Broken("cut short")


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
    rest = body
    while rest:
        decompressor = zstd.ZstdDecompressor()
        try:
            yield decompressor.decompress(rest, _CHUNK_BYTES)
            while not decompressor.eof and not decompressor.needs_input:
                yield decompressor.decompress(b"", _CHUNK_BYTES)
        except zstd.ZstdError as error:
            raise Broken(str(error)) from None
        if not decompressor.eof:
            raise Broken("cut short")
        rest = decompressor.unused_data


_DECODERS: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
