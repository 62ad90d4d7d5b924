"""Chunked bodies: what one read brings is handed on at once, however it is cut."""

from __future__ import annotations

import pytest
from twisted.web.http import _DataLoss, _MalformedChunkedDataError

from crawler.network.chunks import FRAMING_BYTES, JoinedChunks
from tests.hostile.answers import chunked


def decoder() -> tuple[JoinedChunks, list[bytes], list[bytes]]:
    handed: list[bytes] = []
    rest: list[bytes] = []
    return JoinedChunks(handed.append, rest.append), handed, rest


@pytest.mark.parametrize("read_bytes", [1, 7, 1000])
def test_a_body_is_the_same_however_it_is_cut_and_read(read_bytes: int) -> None:
    chunks, handed, rest = decoder()
    sent = chunked(b"a", b"bcd" * 50, b"e") + (b"" if read_bytes < 1000 else b"next")
    for start in range(0, len(sent), read_bytes):
        chunks.dataReceived(sent[start : start + read_bytes])
    assert b"".join(handed) == b"a" + b"bcd" * 50 + b"e"
    assert rest == [b"" if read_bytes < 1000 else b"next"]


def test_chunks_of_one_read_are_handed_on_together() -> None:
    chunks, handed, _ = decoder()
    chunks.dataReceived(chunked(*[b"a"] * 10_000, end=False))
    assert handed == [b"a" * 10_000]
    with pytest.raises(_DataLoss):
        chunks.noMoreData()


def test_a_body_that_is_mostly_framing_is_given_up() -> None:
    chunks, _, _ = decoder()
    read = chunked(*[b"a"] * 10_000, end=False)
    with pytest.raises(_MalformedChunkedDataError, match="more framing than body"):
        for _ in range(FRAMING_BYTES // 10_000):
            chunks.dataReceived(read)
