"""Documents as pages: a file, an address, and the JSON lines of `scrapy extract --jsonl`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from scrapy.settings import BaseSettings

from pipelines.errors import ConfigurationError
from pipelines.items import Link, Page, Reason, Rejected, Via

_TYPES = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}


@dataclass(frozen=True, slots=True)
class Document:
    """One line's document: its page, or why the line gave none."""

    id: Any
    url: str
    page: Page | Rejected


def file_page(path: Path, url: str | None, fetched_at: datetime) -> Page:
    """The page of a file, unzipped if it is .gz. Raises ConfigurationError if it cannot be read."""
    try:
        return _page(path, url or path.resolve().as_uri(), None, fetched_at)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from None


def fetched_page(url: str, settings: BaseSettings | None, fetched_at: datetime) -> Page:
    """The page of an address, fetched once by the rules of a crawl. Raises ConfigurationError if it could not be had."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.commands.fetcher import OnePageSpider

    got: list[Page | Rejected] = []
    process = AsyncCrawlerProcess(settings)
    process.settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    process.settings.set("EXTENSIONS", {}, priority="cmdline")
    process.crawl(OnePageSpider, url=url, fetched_at=fetched_at, got=got)
    process.start()
    if got and isinstance(got[0], Page):
        return got[0]
    raise ConfigurationError(f"{url}: not fetched: {f'{got[0].reason}: {got[0].detail}' if got else 'see the log above'}")


def jsonl_pages(lines: Iterable[bytes], now: datetime) -> Iterator[Document]:
    """A document a line, in order; a line that gives none is a Rejected with the line's fault. Blank lines are passed over."""
    for line in lines:
        if line.strip():
            yield _document(line, now)


def _document(line: bytes, now: datetime) -> Document:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Document(None, "", Rejected(Reason.BAD_INPUT, f"not JSON: {error}"))
    if not isinstance(row, dict) or not isinstance(row.get("path"), str):
        key = row.get("id") if isinstance(row, dict) else None
        return Document(key, "", Rejected(Reason.BAD_INPUT, "the line needs id, url, path, encoding and fetchedAt; path is missing"))
    url = row["url"] if isinstance(row.get("url"), str) else Path(row["path"]).resolve().as_uri()
    try:
        fetched_at = _instant(row.get("fetchedAt")) or now
        return Document(row.get("id"), url, _page(Path(row["path"]), url, row.get("encoding"), fetched_at))
    except ValueError:
        return Document(row.get("id"), url, Rejected(Reason.BAD_INPUT, f"fetchedAt is no time: {row.get('fetchedAt')}"))
    except (OSError, EOFError, zlib.error) as error:
        return Document(row.get("id"), url, Rejected(Reason.BAD_INPUT, f"path cannot be read: {error}"))


def _page(path: Path, url: str, encoding: Any, fetched_at: datetime) -> Page:
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    charset = f"; charset={encoding}" if isinstance(encoding, str) and encoding else ""
    return Page(
        url=url,
        body=body,
        fetched_at=fetched_at,
        link=Link(url, "", Via.GIVEN),
        headers={"content-type": _TYPES.get(suffix.lower(), "") + charset},
    )


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    when = datetime.fromisoformat(str(value))
    return when if when.tzinfo else when.replace(tzinfo=UTC)
