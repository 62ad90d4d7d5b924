"""Sitemaps as links: urlset, sitemap index, news and text sitemaps, each gzipped or not; robots.txt's Sitemap lines.

Sources: https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.listing import Kind, Listing, Nested, unique
from crawler.discovery.xml import name_of, parse_xml, stream_xml, text_of
from crawler.network.encodings import GZIP_MAGIC, Broken, TooLarge, decoded
from pipelines.items import Link
from pipelines.normalizers.urls import absolute_url
from pipelines.values import Via

# The protocol's own limits on one sitemap, uncompressed.
SITEMAP_BYTES: Final = 52_428_800
SITEMAP_ENTRIES: Final = 50_000
_TOO_MANY: Final = f"more than {SITEMAP_ENTRIES} entries"
# An index's sitemaps that one run visits; of one that dates them, those that changed since the publisher's last good run, too.
MAX_NESTED: Final = 12
MAX_NESTED_SINCE: Final = 200
_DATE_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_ROBOTS_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.I)
Dated = TypeVar("Dated", Link, Nested)


def parse_sitemap(body: bytes, url: str, publisher: str, charset: str | None = None) -> Listing:
    """The sitemap's pages as links and the sitemaps it names, both in its order. `url` is the sitemap's own.

    `lastmod` becomes `modified`; a news sitemap's publication date and title become `published` and `title`.
    """
    plain, fault = gunzipped(body)
    if plain is None:
        return Listing(Kind.SITEMAP, fault=fault)
    if not plain[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return _text_sitemap(plain, url, publisher)
    entries, fault = _entries(plain, url, charset)
    links = [_link(fields, url, publisher) for name, fields in entries if name == "url"]
    nested = [_nested(fields, url) for name, fields in entries if name == "sitemap"]
    return Listing(
        Kind.SITEMAP,
        links=unique([link for link in links if link]),
        nested=list(dict.fromkeys(entry for entry in nested if entry)),
        fault=fault,
    )


def _entries(plain: bytes, url: str, charset: str | None) -> tuple[list[tuple[str, dict[str, str]]], str | None]:
    """The entries by name, with what was wrong. A well-formed document is streamed; a broken one is mended if it is not too large."""
    found: list[tuple[str, dict[str, str]]] = []
    try:
        for entry in stream_xml(plain, ("{*}url", "{*}sitemap"), charset):
            if len(found) == SITEMAP_ENTRIES:
                return found, _TOO_MANY
            found.append((name_of(entry), _fields(entry)))
    except (etree.XMLSyntaxError, LookupError):
        found.clear()
    if found:
        return found, None
    root, fault = parse_xml(plain, url, charset)
    if root is None:
        return [], fault
    if name_of(root) not in ("urlset", "sitemapindex"):
        return [], f"no sitemap: the document's first element is {name_of(root)}"
    return [(name_of(entry), _fields(entry)) for entry in root.iter("{*}url", "{*}sitemap")][:SITEMAP_ENTRIES], fault


def sitemaps_of(robots_txt: bytes, url: str) -> list[str]:
    """The sitemaps that a robots.txt names, absolute, in its order. `url` is the robots.txt's own."""
    lines = robots_txt.decode("utf-8-sig", "replace").splitlines()
    found = (absolute_url(url, line[1]) for line in map(_ROBOTS_LINE.match, lines) if line)
    return list(dict.fromkeys(address for address in found if address))


def newest_first(entries: Iterable[Dated]) -> list[Dated]:
    """The links or nested sitemaps by their dates, newest first; what gives none comes last, in the listing's order.

    A date in the URL (`/sitemap-2025-08.xml`, `/2025/08/13/`) counts where the listing has none.
    """
    return sorted(entries, key=_when, reverse=True)


def worth_a_visit(sitemaps: Iterable[Nested], paused: datetime | None) -> list[Nested]:
    """The sitemaps of an index for one run: news sitemaps, then the newest, and all that changed since a pause began."""
    newest = sorted(newest_first(sitemaps), key=lambda sitemap: "news" not in urlsplit(sitemap.url).path.lower())
    changed = [sitemap for sitemap in newest[MAX_NESTED:MAX_NESTED_SINCE] if paused and not is_older(sitemap, paused)]
    return newest[:MAX_NESTED] + changed


def recent(entries: list[Dated], since: datetime | None) -> list[Dated]:
    """What is not older than `since`; all where that is None."""
    return [entry for entry in entries if not is_older(entry, since)] if since else entries


def is_older(entry: Link | Nested, since: datetime) -> bool:
    """Whether all the entry says of its date lies before `since` (aware). False where it says nothing.

    A date in the URL stands for its whole day or month.
    """
    if instants := _instants(entry):
        return max(instants) < since
    found = _DATE_IN_URL.search(entry.url)
    if not found:
        return False
    first = datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=UTC)
    return first + (timedelta(days=1) if found[3] else timedelta(days=31)) < since


def is_dated(entry: Link | Nested) -> bool:
    """Whether the entry, or its URL, says of which day or month it is."""
    return _when(entry) > float("-inf")


def gunzipped(body: bytes, limit: int = SITEMAP_BYTES) -> tuple[bytes | None, str | None]:
    """The bytes without gzip, or None and why: damaged, cut short or over `limit` bytes. Plain bytes come back as they are."""
    if not body.startswith(GZIP_MAGIC):
        return body, None
    try:
        return decoded(body, "gzip", limit), None
    except TooLarge:
        return None, f"more than {limit} bytes unzipped"
    except Broken as error:
        return None, f"damaged gzip: {error}"


def _fields(entry: etree._Element) -> dict[str, str]:
    """The texts of an entry's own children, and of its news element's, by name; the first of each."""
    return dict(reversed([pair for child in entry for pair in _pairs(child)]))


def _pairs(child: etree._Element) -> Iterator[tuple[str, str]]:
    name = name_of(child)
    if name.rpartition(":")[2] == "news":
        yield from (pair for grandchild in child for pair in _pairs(grandchild))
    elif text := text_of(child):
        # An unknown namespace on loc and lastmod is a common slip; image:loc stands one level deeper and is never met here.
        local = name.rpartition(":")[2]
        yield local, text


def _link(fields: dict[str, str], url: str, publisher: str) -> Link | None:
    address = absolute_url(url, fields.get("loc"))
    if not address:
        return None
    title = " ".join(fields.get("title", "").split()) or None
    return Link(
        url=address,
        publisher=publisher,
        via=Via.SITEMAP,
        source_url=url,
        title=title,
        published=fields.get("publication_date"),
        modified=fields.get("lastmod"),
    )


def _nested(fields: dict[str, str], url: str) -> Nested | None:
    address = absolute_url(url, fields.get("loc"))
    return Nested(address, fields.get("lastmod")) if address and address != url else None


def _text_sitemap(body: bytes, url: str, publisher: str) -> Listing:
    """A sitemap of one address a line; a line that is none makes the document no sitemap."""
    lines = body.decode("utf-8-sig", "replace").split(None, SITEMAP_ENTRIES)
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        return Listing(Kind.SITEMAP, fault="no sitemap: neither XML nor a list of addresses")
    addresses = (absolute_url(url, line) for line in lines[:SITEMAP_ENTRIES])
    links = unique([Link(a, publisher, Via.SITEMAP, url) for a in addresses if a])
    return Listing(Kind.SITEMAP, links, fault=_TOO_MANY if len(lines) > SITEMAP_ENTRIES else None)


def _when(entry: Link | Nested) -> float:
    """Seconds since 1970 for the order alone: a date without a zone is read as UTC; minus infinity where there is none."""
    if instants := _instants(entry):
        return instants[0].timestamp()
    found = _DATE_IN_URL.search(entry.url)
    return datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=UTC).timestamp() if found else float("-inf")


def _instants(entry: Link | Nested) -> list[datetime]:
    raws = (entry.published, entry.modified) if isinstance(entry, Link) else (entry.lastmod,)
    return [when for raw in raws if raw and (when := instant(raw))]


def instant(raw: str) -> datetime | None:
    """ISO 8601 or RFC 2822, which is what sitemaps and feeds write, in UTC; None for all else, and for what is no year of UTC's."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(raw.strip())
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
    return None
