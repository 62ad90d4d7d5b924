"""Documents as pages: a file, an address, and the JSON lines of `scrapy extract --jsonl`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from scrapy.settings import BaseSettings

from pipelines.errors import ConfigurationError
from pipelines.items import Link, Page, Reason, Rejected
from pipelines.values import Via

# A larger document is no article, and a small .gz can hold one that fills the memory. The crawl's own limit is 10 MiB.
MAX_BYTES: Final = 64 * 2**20
_TYPES: Final = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
}
# What a file that is there may still fail with: a .gz that is none, is cut short or damaged; a name that is no name.
_UNREADABLE: Final = (OSError, EOFError, zlib.error, ValueError)


@dataclass(frozen=True, slots=True)
class Document:
    """One line's document: its page, or why the line gave none."""

    id: Any
    url: str
    page: Page | Rejected


class _BadLine(Exception):
    """What is wrong with a line."""


def file_page(path: Path, url: str | None, fetched_at: datetime | None, now: datetime) -> Page:
    """The page of a file, unzipped if it is .gz. Raises ConfigurationError if it cannot be read."""
    try:
        return _page(path, _body(path), url or _file_url(path), None, fetched_at, now)
    except _UNREADABLE as error:
        raise ConfigurationError(f"{path}: cannot be read: {_reason(error)}") from None


def fetched_pages(urls: Sequence[str], settings: BaseSettings, fetched_at: datetime) -> dict[str, Page | Rejected]:
    """The page of each address, fetched once by the rules of a crawl, or why it could not be had."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.network.fetcher import PagesSpider

    got: dict[str, Page | Rejected] = {}
    # No run, no store, no sink, and for a single page no wait between robots.txt and the page.
    changed: dict[str, Any] = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}} | ({"DOWNLOAD_DELAY": 0} if len(urls) == 1 else {})
    for name, value in changed.items():
        settings.set(name, value, priority="cmdline")
    process = AsyncCrawlerProcess(settings)  # type: ignore[arg-type]  # a command has them as BaseSettings
    process.crawl(PagesSpider, urls=list(urls), fetched_at=fetched_at, got=got)
    process.start()
    interrupted = Rejected(Reason.FETCH, "the fetch was interrupted", retry=True)
    return {url: got.get(url, interrupted) for url in urls}


def jsonl_pages(lines: Iterable[bytes], now: datetime) -> Iterator[Document]:
    """A document a line, in order; a line that gives none is a Rejected with the line's fault. Blank lines are passed over."""
    for line in lines:
        if line.strip():
            yield _document(line, now)


def is_address(url: str) -> bool:
    """Whether a text is an http or https address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # a bracket that is not closed
        return False


def _is_url(text: str) -> bool:
    """Whether a text can stand as a URL; archives have names of other schemes, and an article needs no web address."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _document(line: bytes, now: datetime) -> Document:
    key: Any = None
    try:
        row = orjson.loads(line)
        key = row.get("id") if isinstance(row, dict) else None
        return _row_document(row, key, now)
    except orjson.JSONDecodeError as error:
        fault = f"not JSON: {error}"
    except _BadLine as error:
        fault = str(error)
    except _UNREADABLE as error:
        fault = f"path cannot be read: {_reason(error)}"
    return Document(key, "", Rejected(Reason.BAD_INPUT, fault))


def _row_document(row: Any, key: Any, now: datetime) -> Document:
    if not isinstance(row, dict) or not isinstance(row.get("path"), str):
        raise _BadLine("the line needs id, url, path, encoding and fetchedAt; path is missing")
    given, encoding, path = row.get("url"), row.get("encoding"), Path(row["path"])
    if given is not None and not (isinstance(given, str) and _is_url(given)):
        raise _BadLine(f"url is no address: {str(given)[:200]}")
    if encoding is not None and not isinstance(encoding, str):
        raise _BadLine(f"encoding is no text: {str(encoding)[:200]}")
    fetched_at = _instant(row.get("fetchedAt"))
    if not path.is_file():  # a pipe or a device would have no end
        raise _BadLine(f"path cannot be read: {path} is no file" if path.exists() else f"path cannot be read: no file {path}")
    url = given or _file_url(path)
    return Document(key, url, _page(path, _body(path), url, encoding, fetched_at, now))


def _page(path: Path, body: bytes, url: str, encoding: str | None, fetched_at: datetime | None, now: datetime) -> Page:
    """The page of a saved document; `now` stands for a fetch whose time is not known."""
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    charset = f"; charset={encoding}" if encoding else ""
    return Page(
        url=url,
        body=body,
        fetched_at=fetched_at or now,
        fetch_known=fetched_at is not None,
        link=Link(url, "", Via.GIVEN),
        headers={"content-type": _TYPES.get(suffix.lower(), "") + charset},
    )


def _body(path: Path) -> bytes:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        body = file.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise OSError(f"it has more than {MAX_BYTES // 2**20} MiB")
    return body


def _file_url(path: Path) -> str:
    return path.resolve().as_uri()


def _instant(value: Any) -> datetime | None:
    """The time of a text; without an offset it is UTC. Raises _BadLine."""
    if value is None:
        return None
    try:
        when = datetime.fromisoformat(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _BadLine(f"fetchedAt is no time such as 2025-08-13T12:00:00Z: {str(value)[:200]}") from None


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
