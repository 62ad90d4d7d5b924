"""Chunked bodies at the price of other bodies: a server may cut its page into chunks of one byte.

Each chunk that Twisted hands on costs Scrapy a signal, some 30 microseconds: 64 KiB of such chunks, one read, held the event loop
for a third of a second, and a host could send them for as long as a page may take.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twisted.web.http import _ChunkedTransferDecoder, _MalformedChunkedDataError

# What chunks' own lines may take beyond as much again as the body; a page of small chunks, 100 bytes each, has a twentieth of it.
FRAMING_BYTES: Final = 2**18


class JoinedChunks(_ChunkedTransferDecoder):
    """Twisted's decoder, which hands on what one read brought at once, and gives up on a body that is mostly framing."""

    def __init__(
        self, dataCallback: Callable[[bytes], None], finishCallback: Callable[[bytes], None]
    ) -> None:  # Twisted's names
        self._parts: list[bytes] = []
        self._hand_on, self._finish = dataCallback, finishCallback
        self._read_bytes = self._body_bytes = 0
        super().__init__(self._parts.append, self._finished)

    def dataReceived(self, data: bytes) -> None:
        self._read_bytes += len(data)
        super().dataReceived(data)
        self._flush()
        if self._read_bytes > 2 * self._body_bytes + FRAMING_BYTES:
            raise _MalformedChunkedDataError("more framing than body")

    def _finished(self, rest: bytes) -> None:
        self._flush()
        self._read_bytes = 0
        self._finish(rest)

    def _flush(self) -> None:
        body = b"".join(self._parts)
        self._parts.clear()
        self._body_bytes += len(body)
        if body:
            self._hand_on(body)
