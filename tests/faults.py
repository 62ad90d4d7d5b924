"""A proxy before an S3 server that does to each request what a script says: deterministic faults on loopback.

    with fault_proxy(s3.endpoint, Fault.SLOW_DOWN, Fault.PASS, Fault.LOST) as proxy: ...

The first entry meets the first request, and so on; what comes after the script passes. A `Host` header is handed on as it
came, since signatures hold it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What happens to one request."""

    PASS = "pass"
    RESET = "reset"  # the connection is reset before anything is read
    RESET_MID_BODY = "reset mid-body"  # and here when half of the body is read
    LOST = "lost"  # the server has done it, its answer does not come back
    ERROR = "500"
    SLOW_DOWN = "503"
    FORBIDDEN = "403"
    EXPIRED = "400"
    REDIRECT = "307"
    THERE = "412"
    FOREIGN = "200"  # a page of some other server
    EMPTY = "200 empty"  # all is well, and nothing was done
    MASKED = "200 error"  # an error of S3's under the status of a success
    SILENT = "silent"  # no answer, until the client goes away
    FLIPPED = "flipped"  # one bit of the body is changed on its way to the server
    CUT = "cut"  # the answer ends in the middle of its body


_CODES = {
    Fault.ERROR: "InternalError",
    Fault.SLOW_DOWN: "SlowDown",
    Fault.FORBIDDEN: "InvalidAccessKeyId",
    Fault.EXPIRED: "ExpiredToken",
    Fault.REDIRECT: "TemporaryRedirect",
    Fault.THERE: "PreconditionFailed",
}
_MASKED = b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
_WELL = {
    Fault.FOREIGN: b"Content-Type: text/html\r\nContent-Length: 15\r\n\r\n<html><p>Hello.",
    Fault.EMPTY: b"Content-Length: 0\r\n\r\n",
    Fault.MASKED: b"Content-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(_MASKED) + _MASKED,
}


@dataclass(frozen=True)
class Asked:
    """One request as it came: its header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FaultProxy:
    """A running proxy. `asked` are the requests that were read, `met` what was done to them."""

    endpoint: str
    script: list[Fault]
    asked: list[Asked] = field(default_factory=list)
    met: list[Fault] = field(default_factory=list)


@contextmanager
def fault_proxy(endpoint: str, *script: Fault, listening: threading.Event | None = None) -> Iterator[FaultProxy]:
    """The proxy while the block runs. With `listening` connections are refused until it is set."""
    target = urlsplit(endpoint)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        proxy = FaultProxy(f"http://127.0.0.1:{listener.getsockname()[1]}", list(script))
        done, ready = threading.Event(), threading.Event()

        async def serve() -> None:
            if listening is not None:
                while not (listening.is_set() or done.is_set()):
                    await asyncio.sleep(0.005)
            server = await asyncio.start_server(
                lambda reader, writer: _connection(proxy, target.hostname or "", target.port or 80, reader, writer),
                sock=listener,
            )
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.005)
            server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        if listening is None:
            ready.wait()
        try:
            yield proxy
        finally:
            done.set()
            thread.join()


async def _connection(
    proxy: FaultProxy, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
        while await _request(proxy, host, port, reader, writer):
            pass
    writer.close()


async def _request(proxy: FaultProxy, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Meet one request; False where its connection ends."""
    head = await reader.readuntil(b"\r\n\r\n")
    fault = proxy.script.pop(0) if proxy.script else Fault.PASS
    proxy.met.append(fault)
    if fault is Fault.RESET:
        _reset(writer)
        return False
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    length = int(headers.get("content-length", 0))
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fault is Fault.RESET_MID_BODY:
        await reader.readexactly(length // 2)
        _reset(writer)
        return False
    body = await reader.readexactly(length)
    method, path, _ = lines[0].split(" ")
    proxy.asked.append(Asked(method, path, headers, body))
    if fault is Fault.SILENT:
        await reader.read(1)
        return False
    if fault in _CODES or fault in _WELL:
        writer.write(b"HTTP/1.1 200 OK\r\n" + _WELL[fault] if fault in _WELL else _refusal(fault, proxy.endpoint + path))
        await writer.drain()
        return True
    sent = _flipped(body) if fault is Fault.FLIPPED else body
    answer = await _forwarded(host, port, head, sent)
    if fault is Fault.LOST:
        _reset(writer)
        return False
    writer.write(answer[: len(answer) - len(answer.partition(b"\r\n\r\n")[2]) // 2 - 1] if fault is Fault.CUT else answer)
    await writer.drain()
    return False


async def _forwarded(host: str, port: int, head: bytes, body: bytes) -> bytes:
    """The server's whole answer, on a connection of its own."""
    reader, writer = await asyncio.open_connection(host, port)
    kept = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith((b"connection:", b"expect:"))]
    writer.write(b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body)
    answer = await reader.read()
    writer.close()
    return answer


def _refusal(fault: Fault, location: str) -> bytes:
    code = _CODES[fault]
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'.encode()
    head = f"HTTP/1.1 {fault.value} {code}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return (head + (f"Location: {location}\r\n" if fault is Fault.REDIRECT else "") + "\r\n").encode() + body


def _flipped(body: bytes) -> bytes:
    return bytes([body[0] ^ 1]) + body[1:] if body else body


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST, not FIN: https://man7.org/linux/man-pages/man7/socket.7.html (SO_LINGER)."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
