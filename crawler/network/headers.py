"""Response headers with an end: Scrapy's HTTP client reads header lines for as long as a server sends them."""

from __future__ import annotations

from typing import Final

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol, _LenientHTTPClientParser
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import _HTTP11ClientFactory
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse

from crawler.network.chunks import JoinedChunks

# Browsers stop at 256 KiB, servers send 2 KiB; what comes after this many bytes is no header.
HEADER_BYTES: Final = 65_536


class HeadersTooLarge(Exception):
    """A response whose status line and headers, those of interim responses included, do not end in time."""


class _Parser(_LenientHTTPClientParser):
    """Scrapy's parser, which skips a line that is no header; a header without a usable name is such a line too."""

    _transferDecoders = {b"chunked": JoinedChunks}  # noqa: RUF012 -- Twisted's name, and its way

    def headerReceived(self, name: bytes, value: bytes) -> None:
        try:
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]
        except InvalidHeaderName:
            return


class CappedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol, which gives up on a response with more than HEADER_BYTES before its body."""

    _header_bytes = 0

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._header_bytes = 0
        response = super().request(request)
        if self._parser is not None:
            # As Scrapy does it: the parser's class is fixed in Twisted's code, and ours adds no state.
            self._parser.__class__ = _Parser
        return response

    def dataReceived(self, data: bytes) -> None:
        if self._in_headers():
            left = HEADER_BYTES - self._header_bytes
            now, data = data[:left], data[left:]
            self._header_bytes += len(now)
            super().dataReceived(now)  # type: ignore[no-untyped-call]
            if data and self._in_headers():
                # Not `_giveUp`, which closes in order: a server that goes on sending would be read until it stops.
                assert self.transport is not None
                self.transport.abortConnection()
                self._disconnectParser(Failure(HeadersTooLarge(f"more than {HEADER_BYTES} bytes of headers")))  # type: ignore[no-untyped-call]
                return
        if data and self._parser is not None:
            super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _in_headers(self) -> bool:
        return self._parser is not None and self._parser.state in (STATUS, HEADER)


class CappedFactory(_HTTP11ClientFactory):
    """What the connection pool makes its connections with."""

    noisy = False

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
