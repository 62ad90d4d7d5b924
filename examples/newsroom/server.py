"""The example newsroom on loopback: each site of `sites/` on a port of its own, with its addresses rewritten to that port.

    python -m examples.newsroom.server --port 8801 --publishers-to var/newsroom/publishers

The files name their sites by hosts under `.example` (RFC 2606), which resolve nowhere. What is served, and the publisher
files written, name `127.0.0.1:PORT` instead, so that a crawler needs no name server and no setting to follow a link.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent
SITES = HERE / "sites"
PUBLISHERS = HERE / "publishers"
LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8801

# By the file's whole name, else by its suffix. WordPress answers /feed/ with the RSS type, Jekyll's host /feed.xml with XML.
CONTENT_TYPES = {
    "index.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
    ".html": "text/html",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".gz": "application/gzip",
}
BINARY = {".pdf", ".gz"}
# Hosts whose Content-Type names no charset: the page's own meta element must say it.
NO_CHARSET = {"www.balkan-wire.example"}
NOT_FOUND = b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"


class PortTaken(Exception):
    """A port that a site needs is in use; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was answered; `time` is RFC 3339 in UTC, `path` has its query, `size` is the body's bytes."""

    time: str
    host: str
    method: str
    path: str
    status: int
    size: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a path answers with: the bytes as they are sent, their type, and the file's time in whole seconds, UTC."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        """A strong validator: equal bytes, equal tag, in every checkout and on every run with the same ports."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(slots=True)
class Newsroom:
    """The running sites: `origins` by host in port order, and every request answered so far, in order."""

    origins: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    log: TextIO | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def live(self, text: str) -> str:
        """The text with every `http://host.example` as it is served.

        >>> Newsroom({"a.example": "http://127.0.0.1:8801"}).live("http://a.example/news/1")
        'http://127.0.0.1:8801/news/1'
        """
        for host, origin in self.origins.items():
            text = text.replace(f"http://{host}", origin)
        return text

    def example(self, text: str) -> str:
        """The inverse of `live`: what was served, as the files and `expected.jsonl` write it."""
        for host, origin in self.origins.items():
            text = text.replace(origin, f"http://{host}")
        return text

    def rewrite(self, body: bytes) -> bytes:
        """`live` for bytes of any encoding that has ASCII as a subset: addresses are ASCII."""
        for host, origin in self.origins.items():
            body = body.replace(f"http://{host}".encode(), origin.encode())
        return body

    def write_publishers(self, folder: Path) -> None:
        """The publisher files as they hold for the running sites, written to `folder` (made if need be)."""
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(PUBLISHERS.glob("*.toml")):
            text = self.live(source.read_text(encoding="utf-8"))
            for host, origin in self.origins.items():
                text = text.replace(f'"{host}"', f'"{urlsplit(origin).netloc}"')
            (folder / source.name).write_text(text, encoding="utf-8")

    def record(self, request: Request) -> None:
        """Keep a request, and write it to the log if there is one."""
        with self.lock:
            self.requests.append(request)
            if self.log:
                self.log.write(json.dumps(asdict(request)) + "\n")
                self.log.flush()


@contextmanager
def newsroom(port: int = 0, publishers_to: Path | None = None, log: Path | None = None) -> Iterator[Newsroom]:
    """Every site served from threads of this process until the block ends. Raises PortTaken before anything is served.

    The first site has `port`, the next `port + 1` and so on; 0 takes free ports.
    """
    with ExitStack() as stack:
        room = Newsroom(log=stack.enter_context(log.open("a", encoding="utf-8")) if log else None)
        servers = [stack.enter_context(server) for server in bind(room, port)]
        if publishers_to:
            room.write_publishers(publishers_to)
        for server in servers:
            thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield room


def bind(room: Newsroom, port: int) -> list[ThreadingHTTPServer]:
    """One listening server a site, their addresses set in `room.origins`. Raises PortTaken, leaving none open."""
    servers: list[ThreadingHTTPServer] = []
    for offset, host in enumerate(hosts()):
        wanted = port + offset if port else 0
        try:
            server = _Server((LOOPBACK, wanted), partial(_Handler, host, room))
        except (OSError, OverflowError) as error:
            for opened in servers:
                opened.server_close()
            raise PortTaken(f"port {wanted}, for {host}, cannot be used: {error}. Choose another with --port.") from None
        servers.append(server)
        room.origins[host] = f"http://{LOOPBACK}:{server.server_address[1]}"
    return servers


def hosts() -> list[str]:
    """The sites' hosts in port order."""
    return sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


def document(room: Newsroom, host: str, path: str) -> Document | None:
    """What the site answers a URL's path with, or None where it has nothing there."""
    file = find(SITES / host, path)
    if file is None:
        return None
    suffix = ".gz" if path.endswith(".gz") else file.suffix
    body = file.read_bytes() if file.suffix in BINARY else room.rewrite(file.read_bytes())
    body = gzip.compress(body, mtime=0) if suffix == ".gz" else body
    modified = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    return Document(body, _content_type(host, file.name, suffix), modified)


def find(root: Path, path: str) -> Path | None:
    """The file behind a URL's path: itself, itself with .html, an index below it, or what its .gz is made of."""
    relative = path.strip("/")
    candidates = [relative, f"{relative}.html", f"{relative}/index.html", f"{relative}/index.xml", relative.removesuffix(".gz")]
    for candidate in candidates:
        file = (root / candidate.lstrip("/")).resolve()
        if file.is_relative_to(root.resolve()) and file.is_file():
            return file
    return None


def _content_type(host: str, name: str, suffix: str) -> str:
    kind = CONTENT_TYPES.get(suffix if suffix in BINARY else name) or CONTENT_TYPES.get(suffix, "application/octet-stream")
    return kind if suffix in BINARY or host in NO_CHARSET else f"{kind}; charset=utf-8"


def _unchanged(document: Document, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2 and 13.1.3: If-None-Match is asked first and alone)."""
    if if_none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return "*" in tags or document.etag in tags
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return document.modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Clients keep connections open; closing waits for no thread, so that an end of the block is prompt.
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ExampleNewsroom/1"
    sys_version = ""
    timeout = 30
    # Headers and body go out as two writes; with Nagle's algorithm the second waits 40 ms for the client's delayed ACK.
    disable_nagle_algorithm = True

    def __init__(self, host: str, room: Newsroom, *args: object) -> None:
        self.host, self.room = host, room
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        found = document(self.room, self.host, unquote(urlsplit(self.path).path))
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND, NOT_FOUND, {"Content-Type": "text/html; charset=utf-8"})
            return
        headers = {"ETag": found.etag, "Last-Modified": format_datetime(found.modified, usegmt=True)}
        if _unchanged(found, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
            self._answer(HTTPStatus.NOT_MODIFIED, b"", headers)
        else:
            self._answer(HTTPStatus.OK, found.body, headers | {"Content-Type": found.content_type})

    do_HEAD = do_GET

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.room.record(Request(now, self.host, self.command, self.path, int(status), len(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `Newsroom.record` keeps what was asked."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; 2 if a port is taken or a file cannot be written."""
    options = _parser().parse_args(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with newsroom(options.port, options.publishers_to, options.log) as room:
            _print_table(room)
            stop.wait()
    except (PortTaken, OSError) as error:
        print(f"newsroom: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.newsroom.server",
        description="Serve the example newsroom on loopback, one port a site.",
        epilog="Example: python -m examples.newsroom.server --port 8801 --publishers-to var/newsroom/publishers",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the first site's port (default 8801; 0: free ports)")
    parser.add_argument("--publishers-to", type=Path, metavar="DIR", help="write publisher files for the served addresses here")
    parser.add_argument("--log", type=Path, metavar="FILE", help="append every request to this file, one JSON object a line")
    return parser


def _print_table(room: Newsroom) -> None:
    width = max(map(len, room.origins))
    for host, origin in room.origins.items():
        print(f"{host:<{width}}  {origin}/", flush=True)
    print(f"{len(room.origins)} sites ready; Ctrl-C ends", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
