"""Any listing by its kind: what a document is, told from its bytes, and its links that are the publisher's articles."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from crawler.discovery.feeds import parse_feed
from crawler.discovery.listing import Kind, Listing
from crawler.discovery.sections import feeds_of, is_article_url, parse_section
from crawler.discovery.sitemaps import gunzipped, newest_first, parse_sitemap, recent
from crawler.discovery.sites import Site
from crawler.network.encodings import GZIP_MAGIC
from pipelines.heap import give_back
from pipelines.items import Page
from pipelines.normalizers.urls import host_of
from pipelines.publishers import Publisher

_HEAD_BYTES = 4096
_ROOT = re.compile(
    rb"<(?:[A-Za-z][\w.-]*:)?(rss|feed|RDF|urlset|sitemapindex|html|head|body)(?=[\s>/])|<!DOCTYPE\s+(html)", re.I
)
# Where a feed, a sitemap, a page or a JSON feed names an address that is none of the web's.
_REFUSED: Final = re.compile(
    rb"(?:<(?:\w+:)?(?:link|loc|guid|id|origLink)\b[^<>]{0,200}>\s{0,20}(?:<!\[CDATA\[)?|href\s{0,20}=\s{0,20}[\"']?|\"url\"\s{0,20}:\s{0,20}\")"
    rb"\s{0,20}(?:javascript|vbscript|data|blob|file|ftp|gopher|s3|about|chrome|view-source|jar|ldap|telnet|ssh):",
    re.I,
)
_KINDS: Final = {
    b"rss": Kind.FEED,
    b"feed": Kind.FEED,
    b"rdf": Kind.FEED,
    b"urlset": Kind.SITEMAP,
    b"sitemapindex": Kind.SITEMAP,
    b"html": Kind.HTML,
    b"head": Kind.HTML,
    b"body": Kind.HTML,
}
_CONTENT_TYPES: Final = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/rss+xml": Kind.FEED,
    "application/atom+xml": Kind.FEED,
    "application/rdf+xml": Kind.FEED,
    "application/feed+json": Kind.FEED,
}


@dataclass(frozen=True, slots=True)
class Home:
    """What a home page gives: the feeds that it names, absolute, and its own article links."""

    feeds: list[str]
    section: Listing


def read_listing(
    body: bytes, url: str, publisher: Publisher, content_type: str | None = None, charset: str | None = None
) -> Listing:
    """The listing of a feed, a sitemap or a section page, whichever the bytes are, with the publisher's articles only."""
    kind = kind_of(body, content_type)
    plain, fault = gunzipped(body)
    if plain is None:
        return Listing(kind, fault=fault)
    refused = len(_REFUSED.findall(plain))
    if kind is Kind.FEED:
        listing = parse_feed(plain, url, publisher.id, charset)
    elif kind is Kind.SITEMAP:
        listing = parse_sitemap(plain, url, publisher.id, charset)
    elif kind is Kind.HTML:
        return replace(_section(plain, url, publisher, charset), refused=refused)
    else:
        return Listing(kind, fault=f"neither a feed nor a sitemap nor HTML: {content_type or 'no content type'}")
    wanted = replace(listing, links=[link for link in listing.links if is_article_url(link.url, publisher)], refused=refused)
    return _own(wanted, url, publisher)


def _section(body: bytes, url: str, publisher: Publisher, charset: str | None) -> Listing:
    """A section page's links; what it shows of other sites is no news of its own, so only a page that moved there says so."""
    return _own(parse_section(body, url, publisher, charset), url, publisher)


def _own(listing: Listing, url: str, publisher: Publisher) -> Listing:
    """The listing without what is not the publisher's. An index names sitemaps of its own host, wherever a robots.txt says that is."""
    site, host = Site(publisher), host_of(url)
    nested = [sitemap.url for sitemap in listing.nested if host_of(sitemap.url) != host]
    strangers = site.strangers([*(link.url for link in listing.links), *nested])
    if not strangers:
        return listing
    links = [link for link in listing.links if host_of(link.url) not in strangers]
    own = [sitemap for sitemap in listing.nested if host_of(sitemap.url) == host or host_of(sitemap.url) not in strangers]
    return replace(listing, links=links, nested=own, strangers=strangers)


def read_newest(page: Page, publisher: Publisher, charset: str | None, since: datetime | None, most: int) -> Listing:
    """A fetched listing with its `most` newest links of those that are not older than `since`."""
    listing = read_listing(page.body, page.url, publisher, page.headers.get("content-type"), charset)
    if page.body.startswith(GZIP_MAGIC):
        give_back()
    return replace(listing, links=newest_first(recent(listing.links, since))[:most])


def read_home(page: Page, publisher: Publisher, charset: str | None) -> Home:
    """A fetched home page."""
    return Home(feeds_of(page.body, page.url, charset), _section(page.body, page.url, publisher, charset))


def read_feeds(page: Page, publisher: Publisher, charset: str | None) -> list[str]:
    """The feeds that a fetched page names."""
    return feeds_of(page.body, page.url, charset)


def kind_of(body: bytes, content_type: str | None = None) -> Kind:
    """What the document is by its first element; the Content-Type header is asked only where the bytes do not say."""
    head = _head(body)
    if head.startswith(b"{"):
        return Kind.FEED if b"jsonfeed.org" in head or b'"items"' in head else Kind.UNKNOWN
    if head.startswith((b"http://", b"https://")):
        return Kind.SITEMAP
    if found := _ROOT.search(head):
        return _KINDS[(found[1] or found[2]).lower()]
    declared = (content_type or "").partition(";")[0].strip().lower()
    return _CONTENT_TYPES.get(declared, Kind.UNKNOWN) if head else Kind.UNKNOWN


def _head(body: bytes) -> bytes:
    """The first bytes, unzipped, UTF-16 narrowed, without a byte order mark and leading space."""
    if body.startswith(GZIP_MAGIC):
        body = _gunzipped_head(body)
    head = body[:_HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:2] in (b"<\0", b"\0<"):
        head = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


def _gunzipped_head(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(body[: 4 * _HEAD_BYTES], _HEAD_BYTES)
    except zlib.error:
        return b""
