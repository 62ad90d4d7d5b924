"""A server that breaks rules on purpose: each host has a port of its own, each path answers with raw bytes or a coroutine.

It runs in a thread with an event loop of its own. Its log is what the tests of politeness read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Self

LOOPBACK = "127.0.0.1"
_HEAD_BYTES = 262_144
_FILLED_BYTES = 8 * 2**20  # larger answers name no address


@dataclass(slots=True)
class Hit:
    """One request as it came; times are `time.monotonic`. `ended` is when the server was done with it, or the client went."""

    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float | None = None
    sent: int = 0


@dataclass(slots=True)
class Exchange:
    """One request under way: what a coroutine answers through."""

    site: HostileSite
    hit: Hit
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, part: bytes) -> None:
        self.writer.write(part)
        await self.writer.drain()
        self.hit.sent += len(part)

    async def hang(self) -> None:
        """Says nothing until the client goes away."""
        while await self.reader.read(65536):
            pass

    def reset(self) -> None:
        """Breaks the connection off with RST instead of FIN."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Answer = bytes | Callable[[Exchange], Awaitable[None]]
Routes = dict[str, Answer]


@dataclass(slots=True)
class HostileSite:
    """Hosts by name, those of `tls` with their certificate. `routes[host][path]` is an answer; `*` answers what has no route of its own, else it is 404.

    In raw answers `{origin}` stands for the host's own address, `{other}` for that of the host `other`.
    """

    routes: dict[str, Routes]
    tls: dict[str, ssl.SSLContext] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _stop: asyncio.Event | None = None
    _failed: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._stop is not None and self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        assert not self._failed, self._failed

    def origin(self, host: str) -> str:
        return f"{'https' if host in self.tls else 'http'}://{LOOPBACK}:{self.ports[host]}"

    def asked(self, host: str, path: str | None = None) -> list[Hit]:
        """The requests of a host, or of one of its paths, in the order in which they came."""
        return [hit for hit in list(self.hits) if hit.host == host and path in (None, hit.path)]

    def fill(self, host: str, template: bytes) -> bytes:
        """The bytes with `{origin}` and `{NAME}` for every host that they name replaced by addresses."""
        template = template.replace(b"{origin}", self.origin(host).encode())
        for name in self.ports:
            template = template.replace(b"{%s}" % name.encode(), self.origin(name).encode())
        return template

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._run(ready))
        except BaseException as error:  # noqa: BLE001 -- shown by the test's own thread
            self._failed.append(error)
        finally:
            ready.set()
            self._loop.close()

    async def _run(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        servers = []
        for host in self.routes:
            server = await asyncio.start_server(self._connected(host), LOOPBACK, 0, limit=_HEAD_BYTES, ssl=self.tls.get(host))
            self.ports[host] = server.sockets[0].getsockname()[1]
            servers.append(server)
        ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _connected(self, host: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._exchange(host, reader, writer)
            with suppress(OSError, asyncio.CancelledError):
                writer.close()
                await writer.wait_closed()

        return serve

    async def _exchange(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name}
        hit = Hit(host, path, headers, monotonic())
        self.hits.append(hit)
        routes = self.routes[host]
        answer = (
            routes.get(path)
            or routes.get(path.partition("?")[0])
            or routes.get("*", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        )
        exchange = Exchange(self, hit, reader, writer)
        try:
            if isinstance(answer, bytes):
                await exchange.send(answer if len(answer) > _FILLED_BYTES else self.fill(host, answer))
            else:
                await answer(exchange)
        finally:
            hit.ended = monotonic()
