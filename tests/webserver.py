"""A small web server on loopback whose answers a test writes, and whose log tells what was asked when."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """What a path answers. `length` replaces the true Content-Length; None leaves the header out and closes."""

    body: bytes = b"<html><title>A page</title></html>"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    length: int | None = -1


# The connection is closed without an answer, as where nothing listens any more; the log has it as status 0.
BROKEN = Answer(status=0)


@dataclass
class Hit:
    """A request: when it came, and what it was answered; `BROKEN`'s status until it is."""

    path: str
    at: float
    status: int = BROKEN.status


class WebServer:
    """Answers each path by `routes` (an Answer, or a function of the number of earlier hits), all else with 404."""

    def __init__(self, routes: dict[str, Answer | Callable[[int], Answer]], address: str = "127.0.0.1") -> None:
        self.routes = routes
        self.hits: list[Hit] = []
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        server_class = type("Server", (ThreadingHTTPServer,), {"address_family": family, "daemon_threads": True})
        self._server = server_class((address, 0), self._handler())
        self.port: int = self._server.server_address[1]
        self.url = f"http://[{address}]:{self.port}" if ":" in address else f"http://{address}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paths(self) -> list[str]:
        with self._lock:
            return [hit.path for hit in self.hits]

    def times(self, path: str) -> list[float]:
        with self._lock:
            return [hit.at for hit in self.hits if hit.path == path]

    def _answer(self, path: str, known: str | None) -> Answer:
        """The path's answer, or a 304 for a client that knows the version of this ETag."""
        hit = Hit(path, monotonic())
        with self._lock:
            before = sum(hit.path == path for hit in self.hits)
            self.hits.append(hit)
        route = self.routes.get(path, Answer(b"not here", 404))
        answer = route if isinstance(route, Answer) else route(before)
        if known and known == answer.headers.get("ETag"):
            answer = Answer(b"", 304, length=None)
        hit.status = answer.status
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer_of = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer = answer_of(self.path, self.headers["If-None-Match"])
                with suppress(ConnectionError):  # a client that gave up is part of the tests
                    self._send(answer)
                self.close_connection = True

            def _send(self, answer: Answer) -> None:
                if answer.status == BROKEN.status:
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.length is not None:
                    self.send_header("Content-Length", str(len(answer.body) if answer.length < 0 else answer.length))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing on stderr: the hits are the log."""

        return Handler
