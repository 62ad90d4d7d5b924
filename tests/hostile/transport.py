"""Faults between two machines: silence, endlessness, resets, lengths, encodings, status lines, redirects."""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from collections.abc import Awaitable, Callable
from typing import Final

import brotli

from tests.hostile.answers import answer, chunked, head, page, redirect
from tests.hostile.site import Answer, Exchange

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OK: Final = "HTTP/1.1 200 OK"
HTML: Final = "Content-Type: text/html; charset=utf-8"
CLOSE: Final = "Connection: close"
# What a bomb unpacks to: more than a body may have, less than a test would wait for.
BOMB_BYTES: Final = 64 * 2**20
TICK_S: Final = 0.05


def packed(encoding: str, body: bytes) -> bytes:
    """The body in a Content-Encoding; of several the first is applied first, as RFC 9110 lists them."""
    for name in encoding.split(", "):
        body = {
            "gzip": gzip.compress,
            "deflate": zlib.compress,
            "br": lambda b: brotli.compress(b, quality=1),
            "zstd": zstd.compress,
        }[name](body)
    return body


def encoded(encoding: str, body: bytes, *, sent: bytes | None = None) -> bytes:
    """An answer whose body is in the encoding; `sent` is what really comes."""
    return answer(packed(encoding, body) if sent is None else sent, f"Content-Encoding: {encoding}")


def bomb(encoding: str) -> bytes:
    return encoded(encoding, b"<p>" + b" " * BOMB_BYTES)


async def silence(exchange: Exchange) -> None:
    await exchange.hang()


def then_silence(start: bytes) -> Callable[[Exchange], Awaitable[None]]:
    async def serve(exchange: Exchange) -> None:
        await exchange.send(start)
        await exchange.hang()

    return serve


def drip(start: bytes, drop: bytes) -> Callable[[Exchange], Awaitable[None]]:
    """The start at once, then drop after drop for as long as the client listens."""

    async def serve(exchange: Exchange) -> None:
        await exchange.send(start)
        while not exchange.reader.at_eof():
            await exchange.send(drop)
            await asyncio.sleep(TICK_S)

    return serve


def flood(start: bytes, wave: bytes) -> Callable[[Exchange], Awaitable[None]]:
    """As much as the client takes, without an end."""

    async def serve(exchange: Exchange) -> None:
        await exchange.send(start)
        while True:
            await exchange.send(wave)

    return serve


def then_reset(start: bytes) -> Callable[[Exchange], Awaitable[None]]:
    async def serve(exchange: Exchange) -> None:
        if start:
            await exchange.send(start)
            await asyncio.sleep(TICK_S)
        exchange.reset()

    return serve


def endless_redirects(status: str) -> Callable[[Exchange], Awaitable[None]]:
    async def serve(exchange: Exchange) -> None:
        await exchange.send(redirect(f"/bad?{len(exchange.site.hits)}", status))

    return serve


WHOLE: Final = page("transport")
HALF: Final = WHOLE[: len(WHOLE) // 2]
GZIPPED: Final = gzip.compress(WHOLE)

# Each costs its page: what it must end as is a reason of the contract.
FETCH: Final[dict[str, Answer]] = {
    "silence": silence,
    "silence after the status line": then_silence(b"HTTP/1.1 200 OK\r\n"),
    "silence inside a header": then_silence(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "silence inside the body": then_silence(head(OK, HTML, "Content-Length: 100000") + HALF),
    "status line by drops": drip(b"HTTP/1.1 200 ", b"O"),
    "headers by drops": drip(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"),
    "body by drops": drip(head(OK, HTML, "Content-Length: 100000"), b"a"),
    "chunks by drops": drip(head(OK, HTML, "Transfer-Encoding: chunked"), b"1\r\na\r\n"),
    "chunk extension by drops": drip(head(OK, HTML, "Transfer-Encoding: chunked") + b"1;", b"x"),
    "endless headers": flood(b"HTTP/1.1 200 OK\r\n", b"X-Flood: 1\r\n" * 1000),
    "endless header line": flood(b"HTTP/1.1 200 OK\r\nX-Flood: ", b"x" * 10_000),
    "endless folded header": flood(b"HTTP/1.1 200 OK\r\nX-Flood: 1\r\n", b" more of it\r\n" * 1000),
    "endless cookies": flood(b"HTTP/1.1 200 OK\r\n", b"Set-Cookie: a=b; Path=/\r\n" * 1000),
    "endless lines without a colon": flood(b"HTTP/1.1 200 OK\r\n", b"no colon here\r\n" * 1000),
    "endless 100 Continue": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "endless status line": flood(b"HTTP/1.1 200 ", b"O" * 10_000),
    "headers of 65 KiB": answer(WHOLE, *(f"X-Header-{n}: {'v' * 90}" for n in range(650))),
    "endless body": flood(head(OK, HTML, CLOSE), b"<p>more and more of it</p>" * 1000),
    "endless chunks": flood(head(OK, HTML, "Transfer-Encoding: chunked"), b"400\r\n" + b"a" * 1024 + b"\r\n"),
    "a length of a petabyte": flood(head(OK, HTML, "Content-Length: 1000000000000000"), b"a" * 10_000),
    "a length of 11 MiB": answer(b"<p>" + b"a" * (11 * 2**20)),
    "a negative length": head(OK, HTML, "Content-Length: -5") + WHOLE,
    "a length that is a word": head(OK, HTML, "Content-Length: long") + WHOLE,
    "two lengths": head(OK, HTML, "Content-Length: 5", "Content-Length: 7000") + WHOLE,
    "no answer": then_reset(b""),
    "end before the status line": b"\r\n",
    "reset inside the headers": then_reset(b"HTTP/1.1 200 OK\r\nContent-Type: te"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "a page without a head": WHOLE,
    "a status that is a word": head("HTTP/1.1 fine OK", HTML, CLOSE) + WHOLE,
    "a version that is none": head("HTTP/x.y 200 OK", HTML, CLOSE) + WHOLE,
    "an unknown transfer encoding": head(OK, HTML, "Transfer-Encoding: bogus") + WHOLE,
    "a gzip bomb": bomb("gzip"),
    "a deflate bomb": bomb("deflate"),
    "a brotli bomb": bomb("br"),
    "a zstd bomb": bomb("zstd"),
    "a gzip bomb in gzip": bomb("gzip, gzip"),
    "a brotli bomb in gzip in zstd": bomb("br, gzip, zstd"),
    "a redirect loop": redirect("/bad"),
    "endless redirects": endless_redirects("302 Found"),
    "endless permanent redirects": endless_redirects("308 Permanent Redirect"),
    "a redirect to a refused port": redirect("http://127.0.0.1:1/"),
    "a redirect to port 0": redirect("http://127.0.0.1:0/"),
    "a redirect to port 65536": redirect("http://127.0.0.1:65536/"),
    "a redirect to no address": redirect("http://[::1/"),
    "a redirect to metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "a redirect to a private network": redirect("http://10.0.0.1/"),
    "a redirect to a decimal address": redirect("http://2852039166/"),
    "a redirect to an octal address": redirect("http://0251.0376.0251.0376/"),
    "a redirect to a hexadecimal address": redirect("http://0xa9fea9fe/"),
    "a redirect to a mapped address": redirect("http://[::ffff:169.254.169.254]/"),
    "a redirect to a local IPv6 address": redirect("http://[fd00:ec2::254]/"),
    "a redirect with a user's name": redirect("http://example.com@169.254.169.254/"),
    "a redirect to a file": redirect("file:///etc/passwd"),
    "a redirect to a script": redirect("javascript:alert(1)"),
    "a redirect to data": redirect("data:text/html,<p>hello"),
    "a redirect to ftp": redirect("ftp://127.0.0.1/"),
    "a redirect to gopher": redirect("gopher://127.0.0.1:11211/_stats"),
    "an encoding that is none": encoded("gzip", b"", sent=GZIPPED).replace(b": gzip", b": compress"),
    "a body encoded ten times": answer(WHOLE, f"Content-Encoding: {', '.join(['gzip'] * 10)}"),
    "a redirect with a password": redirect("http://user:secret-word@127.0.0.1/"),
    "a redirect to a host of dots": redirect("http://.../"),
    "a redirect to a host of 300 letters": redirect(f"http://{'a' * 300}/"),
}
STATUS: Final[dict[str, Answer]] = {
    **{
        f"status {code}": answer(WHOLE, status=f"{code} Some")
        for code in (400, 401, 403, 404, 410, 418, 451, 500, 504, 599, 999)
    },
    "no content": head("HTTP/1.1 204 No Content", CLOSE),
    "reset content": head("HTTP/1.1 205 Reset Content", "Content-Length: 0", CLOSE),
    "not modified, which nobody asked": head("HTTP/1.1 304 Not Modified", CLOSE),
    "a redirect without a place": head("HTTP/1.1 301 Moved", "Content-Length: 0", CLOSE),
    "300 with choices": answer(WHOLE, "Location: /good-1", status="300 Multiple Choices"),
    "a status of two digits": answer(WHOLE, status="20 OK"),
    "a status of minus one": answer(WHOLE, status="-1 OK"),
}
TRUNCATED: Final[dict[str, Answer]] = {
    "a body shorter than its length": head(OK, HTML, f"Content-Length: {len(WHOLE)}", CLOSE) + HALF,
    "a reset inside the body": then_reset(head(OK, HTML, f"Content-Length: {len(WHOLE)}") + HALF),
    "chunks without an end": head(OK, HTML, "Transfer-Encoding: chunked", CLOSE) + chunked(HALF, end=False),
    "a chunk cut short": head(OK, HTML, "Transfer-Encoding: chunked", CLOSE) + b"ffff\r\n" + HALF,
    "endless chunk size": flood(head(OK, HTML, "Transfer-Encoding: chunked"), b"0" * 10_000),
    "endless trailers": flood(
        head(OK, HTML, "Transfer-Encoding: chunked") + chunked(WHOLE, end=False) + b"0\r\n", b"X-Trailer: 1\r\n" * 1000
    ),
    "gzip cut short": encoded("gzip", b"", sent=GZIPPED[:-40]),
    "gzip without a byte": encoded("gzip", b"", sent=GZIPPED[:-9]),
    "gzip with a hole": encoded("gzip", b"", sent=GZIPPED[:300] + GZIPPED[340:]),
    "deflate cut short": encoded("deflate", b"", sent=zlib.compress(WHOLE)[:-40]),
    "brotli cut short": encoded("br", b"", sent=brotli.compress(WHOLE)[:-40]),
    "zstd cut short": encoded("zstd", b"", sent=zstd.compress(WHOLE)[:-40]),
    "gzip in gzip, the inner cut short": encoded("gzip, gzip", b"", sent=gzip.compress(GZIPPED[:-40])),
    "a part of a page": answer(HALF, f"Content-Range: bytes 0-{len(HALF)}/{len(WHOLE)}", status="206 Partial Content"),
    "100,000 empty gzip members": encoded("gzip", b"", sent=gzip.compress(b"") * 100_000),
    "200,000 empty zstd frames": encoded("zstd", b"", sent=zstd.compress(b"") * 200_000),
}
# Odd, but whole: the article arrives.
WHOLE_ONES: Final[dict[str, Answer]] = {
    "status 203": answer(page("status 203"), status="203 Non-Authoritative Information"),
    "HTTP/1.0": head("HTTP/1.0 200 OK", HTML) + page("HTTP/1.0"),
    "line feeds alone": b"HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nConnection: close\n\n" + page("line feeds"),
    "no reason phrase": head("HTTP/1.1 200", HTML, CLOSE) + page("no reason"),
    "an end by closing": head(OK, HTML, CLOSE) + page("an end by closing"),
    "the same length twice": head(OK, HTML, *[f"Content-Length: {len(page('twice'))}"] * 2, CLOSE) + page("twice"),
    "more than its length": head(OK, HTML, f"Content-Length: {len(page('more'))}", CLOSE)
    + page("more")
    + b"HTTP/1.1 200 OK\r\n\r\n",
    "one 100 Continue": head("HTTP/1.1 100 Continue") + answer(page("one 100 continue")),
    "early hints": head("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload") + answer(page("early hints")),
    "headers of 40 KiB": answer(page("headers of 40"), *(f"X-Header-{n}: {'v' * 90}" for n in range(390))),
    "a cookie for every day": answer(page("cookies"), *(f"Set-Cookie: day{n}=1; Path=/" for n in range(300))),
    "odd header lines": answer(page("odd header lines"), "no colon here", ": no name", "X-Odd: \x80\xff", "X-\x00: 1"),
    "two content types": answer(page("two types"), "Content-Type: text/plain"),
    "no content type": answer(page("no content type"), kind=None),
    "an unknown charset": answer(page("an unknown charset"), kind="text/html; charset=klingon"),
    "gzip in brotli": encoded("gzip, br", page("gzip in brotli")),
    "identity": answer(page("identity"), "Content-Encoding: identity"),
    "plain text called gzip": answer(page("plain called gzip"), "Content-Encoding: gzip"),
    "plain text called brotli": answer(page("plain called brotli"), "Content-Encoding: br"),
    "plain text called utf-8": answer(page("plain called utf-8"), "Content-Encoding: utf-8"),
    "a comma after gzip": answer(gzip.compress(page("a comma after")), "Content-Encoding: gzip,"),
    "gzip in capitals, empty members": answer(gzip.compress(page("capitals")), "Content-Encoding: , X-GZIP , identity,"),
    "encodings in two lines": answer(
        brotli.compress(gzip.compress(page("two lines"))), *("Content-Encoding: " + e for e in ("gzip", "br"))
    ),
    "bare deflate": answer(zlib.compress(page("bare deflate"), wbits=-15), "Content-Encoding: deflate"),
    "gzip without a header": answer(gzip.compress(page("gzip without a header"))),
    "an encoding and no body": answer(page("no body"), "Content-Encoding: "),
    "chunks of a byte": head(OK, HTML, "Transfer-Encoding: chunked", CLOSE)
    + chunked(*(bytes([byte]) for byte in page("chunks"))),
    "trailers": head(OK, HTML, "Transfer-Encoding: chunked", CLOSE)
    + chunked(page("trailers"), end=False)
    + b"0\r\nX-Trailer: 1\r\n\r\n",
    "five redirects": redirect("/hop/1"),
    "a refresh header": answer(page("a refresh header"), "Refresh: 0; url=http://169.254.169.254/"),
    "a location on a page": answer(page("a location on a page"), "Location: http://169.254.169.254/"),
}
HOPS: Final[dict[str, Answer]] = {
    **{f"/hop/{n}": redirect(f"/hop/{n + 1}") for n in range(1, 5)},
    "/hop/5": answer(page("five redirects")),
}
