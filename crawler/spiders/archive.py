"""The archive spider: WARC files (CC-NEWS, a crawl's own raw archive) instead of the network.

    scrapy crawl archive -a warc=CC-NEWS-20250813.warc.gz -a limit=100

Each HTML answer becomes a Page; its run is set by the item pipeline, as for every spider. Format: ISO 28500 (WARC 1.0, 1.1).
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from scrapy import Spider

from crawler.discovery.listing import Kind
from crawler.discovery.reader import kind_of
from crawler.network.encodings import Broken, decoded
from crawler.publishers import load
from pipelines.errors import ConfigurationError
from pipelines.item_pipelines import ArticlePipeline
from pipelines.items import Link, Page
from pipelines.normalizers.urls import absolute_url
from pipelines.publishers import Publisher, publisher_of
from pipelines.values import Via

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_HTML: Final = ("text/html", "application/xhtml+xml")
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_RECORD_START: Final = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/1\.[01]\r\n")
_CHUNK_START: Final = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n")
_CHUNK_END: Final = re.compile(rb"\r\n0+[ \t]*(?:;[^\r\n]*)?\r\n")
_TRAILER_BYTES: Final = 4096
_SCAN_BYTES: Final = 1 << 20
_POLL_S: Final = 0.02  # how often the pipeline's room is looked at
# What the body no longer is once it is read.
_TRANSFER_HEADERS: Final = frozenset(("content-encoding", "transfer-encoding", "content-length"))


class Skipped(Exception):
    """A record that gives no page; `reason` is the statistic's last part."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ArchiveSpider(Spider):
    """Reads `warc` (files, separated by commas) up to `limit` pages, for `budget` seconds at most.

    A damaged record is skipped and counted.
    """

    name = "archive"

    def __init__(self, warc: str = "", limit: str | int = 0, budget: str | float = 0, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.files = [_archive(name.strip()) for name in warc.split(",") if name.strip()]
        if not self.files:
            raise ConfigurationError("warc: name the files to read: scrapy crawl archive -a warc=FILE[,FILE…]")
        self.limit = _limit(limit)
        self.budget_s = _budget_s(budget)

    async def start(self) -> AsyncIterator[Page]:
        publishers = load(self.settings)
        pipeline = self.crawler.get_item_pipeline(ArticlePipeline)
        max_bytes = self.settings.getint("DOWNLOAD_MAXSIZE")
        given = 0
        for path in self.files:
            for page in self._pages(path, list(publishers.values()), max_bytes):
                await self._room()
                if pipeline and page.link.publisher in publishers:
                    pipeline.know(publishers[page.link.publisher])
                yield page
                given += 1
                if given == self.limit:
                    return

    def _pages(self, path: Path, publishers: list[Publisher], max_bytes: int) -> Iterator[Page]:
        stats = self.crawler.stats
        for record in records(path):
            if record is None:
                stats.inc_value("archive/skipped/damaged")
                continue
            try:
                page = page_of(record, path.name, publishers, max_bytes)
            except Skipped as skipped:
                stats.inc_value(f"archive/skipped/{skipped.reason}")
                continue
            except (ValueError, OSError, zlib.error):
                stats.inc_value("archive/skipped/damaged")
                continue
            stats.inc_value("archive/pages")
            yield page

    async def _room(self) -> None:
        """Waits while the item pipelines are full: Scrapy holds requests back then, but not the items of `start`."""
        places = self.settings.getint("CONCURRENT_ITEMS")
        while (slot := self.crawler.engine.scraper.slot) and slot.itemproc_size >= places:
            await asyncio.sleep(_POLL_S)


def records(path: Path) -> Iterator[ArcWarcRecord | None]:
    """The records of a WARC file, plain or gzipped, in its order; None for each place that cannot be read.

    After a damaged place reading goes on at the next record that starts.
    """
    from warcio.archiveiterator import ArchiveIterator  # heavy enough for the other spiders not to load it

    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            file.seek(start)
            iterator = ArchiveIterator(file)
            try:
                yield from iterator
                return
            except Exception:  # noqa: BLE001  warcio's parsers raise whatever the bytes provoke
                yield None
            start = _next_start(file, max(iterator.offset, start) + 1)


def page_of(record: ArcWarcRecord, file_name: str, publishers: list[Publisher], max_bytes: int = 0) -> Page:
    """The page of a response record: its body without transfer and content encoding, its header names in lower case.

    Raises Skipped for other records, answers but 200, what is not HTML, and bodies that are cut short or over `max_bytes`.
    """
    http = record.http_headers
    if record.rec_type != "response" or http is None:
        raise Skipped("not_response")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not absolute_url(url, url):
        raise Skipped("address")
    if http.get_statuscode() != "200":
        raise Skipped("status")
    headers = _headers(http.headers)
    body = _body(record, headers, max_bytes or sys.maxsize - 1)
    if not _is_html(body, headers.get("content-type", "")):
        raise Skipped("not_html")
    return Page(
        url=url,
        body=body,
        fetched_at=_fetched_at(record),
        link=Link(url, publisher_of(url, publishers).id, Via.ARCHIVE, source_url=file_name),
        status=200,
        headers={name: value for name, value in headers.items() if name not in _TRANSFER_HEADERS},
        spider=ArchiveSpider.name,
    )


def _body(record: ArcWarcRecord, headers: dict[str, str], max_bytes: int) -> bytes:
    raw = _read(record.raw_stream, max_bytes)
    if getattr(record.raw_stream, "limit", 0) > 0 or record.rec_headers.get_header("WARC-Truncated"):
        raise Skipped("truncated")
    if headers.get("transfer-encoding", "").lower() != "chunked":
        if len(raw) < _declared_length(headers):
            raise Skipped("truncated")
    elif _CHUNK_START.match(raw) and not _CHUNK_END.search(raw, max(0, len(raw) - _TRAILER_BYTES)):
        raise Skipped("truncated")
    # warcio takes the chunks away; its own decoders let cut bodies pass, and brotli's fails with brotli 1.2.
    record.raw_stream = io.BytesIO(raw)
    record.http_headers.remove_header("content-encoding")
    return _decoded(_read(record.content_stream(), max_bytes), headers.get("content-encoding", ""), max_bytes)


def _decoded(body: bytes, encodings: str, max_bytes: int) -> bytes:
    for encoding in reversed([name.strip().lower() for name in encodings.split(",")]):
        if encoding and encoding != "identity":
            try:
                body = decoded(body, encoding, max_bytes)
            except Broken as broken:
                # Some archives decode a body and leave the header.
                if not body.lstrip().startswith(b"<"):
                    raise Skipped("too_large" if "more than" in str(broken) else "truncated") from None
    return body


def _read(stream: Any, max_bytes: int) -> bytes:
    content: bytes = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise Skipped("too_large")
    return content


def _declared_length(headers: dict[str, str]) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _is_html(body: bytes, content_type: str) -> bool:
    declared = content_type.partition(";")[0].strip().lower()
    return declared in _HTML or (not declared and kind_of(body) is Kind.HTML)


def _headers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        name = name.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _fetched_at(record: ArcWarcRecord) -> datetime:
    try:
        when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        raise Skipped("damaged") from None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _next_start(file: BinaryIO, position: int) -> int | None:
    """The offset of the next thing that looks like a record, from `position` on; None at the end of the file."""
    while True:
        file.seek(max(0, position - 1))
        block = file.read(_SCAN_BYTES)
        if len(block) < 4:
            return None
        if found := _RECORD_START.search(block, min(1, position)):
            return max(0, position - 1) + found.start()
        # A start may lie across two blocks.
        position = max(0, position - 1) + max(1, len(block) - 16)
        if len(block) < _SCAN_BYTES:
            return None


def _archive(name: str) -> Path:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ConfigurationError(f"warc={name}: cannot be read: {error.strerror}; name a WARC file") from None
    if head.startswith(_GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 64)
        except zlib.error:
            head = b""
    if not head.startswith(b"WARC/"):
        raise ConfigurationError(f"warc={name}: no WARC file; it must start with WARC/1.0 or WARC/1.1, plain or gzipped")
    return path


def _limit(value: str | int) -> int:
    try:
        limit = int(value)
    except ValueError:
        limit = -1
    if limit < 0:
        raise ConfigurationError(f"limit={value}: a number of pages, or 0 for all")
    return limit


def _budget_s(value: str | float) -> float:
    try:
        budget_s = float(value)
    except ValueError:
        budget_s = -1.0
    if not 0 <= budget_s < float("inf"):
        raise ConfigurationError(f"budget={value}: the seconds that a run may take in all, or 0 for as long as it needs")
    return budget_s
