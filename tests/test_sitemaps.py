"""Sitemaps: each form, gzip and its dangers, the order, and what a robots.txt names."""

from __future__ import annotations

import gzip
from time import perf_counter

import pytest

from crawler.discovery.listing import Kind, Nested
from crawler.discovery.reader import kind_of, read_listing
from crawler.discovery.sitemaps import gunzipped, newest_first, parse_sitemap, sitemaps_of
from pipelines.items import Link
from pipelines.publishers import Publisher
from pipelines.values import Via

URL = "https://example.com/sitemap.xml"
NAMESPACE = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc> https://example.com/a/1?x=1&amp;y=2 </loc>
    <lastmod>2025-08-13T10:00:00+05:30</lastmod>
    <news:news>
      <news:publication><news:name>Example</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2025-08-13T08:03:00+05:30</news:publication_date>
      <news:title>Harbour &amp; ferries</news:title>
    </news:news>
    <image:image><image:loc>https://example.com/i.jpg</image:loc><image:title>A picture</image:title></image:image>
  </url>
  <url><loc>https://example.com/a/2</loc><lastmod>2025-08-12</lastmod></url>
  <url><loc>https://example.com/a/2</loc></url>
  <url><loc></loc></url>
  <url><loc>ftp://example.com/a</loc></url>
</urlset>"""

INDEX = b"""<?xml version="1.0"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>https://example.com/sitemap-2025-07.xml.gz</loc><lastmod>2025-07-31</lastmod></sitemap>
  <sitemap><loc>/sitemap-2025-08.xml.gz</loc></sitemap>
  <sitemap><loc>https://example.com/sitemap.xml</loc></sitemap>
</sitemapindex>"""


def test_a_news_entry_gives_all_its_hints() -> None:
    assert parse_sitemap(NEWS, URL, "example").links[0] == Link(
        url="https://example.com/a/1?x=1&y=2",
        publisher="example",
        via=Via.SITEMAP,
        source_url=URL,
        title="Harbour & ferries",
        published="2025-08-13T08:03:00+05:30",
        modified="2025-08-13T10:00:00+05:30",
    )


def test_an_entry_stands_once_and_needs_a_web_address() -> None:
    listing = parse_sitemap(NEWS, URL, "example")
    assert [link.url for link in listing.links] == ["https://example.com/a/1?x=1&y=2", "https://example.com/a/2"]
    assert listing.fault is None


def test_an_index_names_other_sitemaps_but_not_itself() -> None:
    listing = parse_sitemap(INDEX, URL, "example")
    assert listing.links == []
    assert listing.nested == [
        Nested("https://example.com/sitemap-2025-07.xml.gz", "2025-07-31"),
        Nested("https://example.com/sitemap-2025-08.xml.gz"),
    ]


@pytest.mark.parametrize("body", [gzip.compress(NEWS), gzip.compress(NEWS[:200]) + gzip.compress(NEWS[200:])])
def test_a_gzipped_sitemap_is_read_by_its_bytes(body: bytes) -> None:
    assert parse_sitemap(body, URL, "example") == parse_sitemap(NEWS, URL, "example")


def test_a_text_sitemap_is_one_address_a_line() -> None:
    listing = parse_sitemap(b"\xef\xbb\xbfhttps://example.com/a\r\n\r\nhttps://example.com/b\n", URL, "example")
    assert [link.url for link in listing.links] == ["https://example.com/a", "https://example.com/b"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (gzip.compress(NEWS)[:-20], "cut short"),
        (gzip.compress(NEWS)[:40] + b"x" * 200, "damaged gzip"),
        (b"Not found", "neither XML nor a list of addresses"),
        (b"", "neither XML nor a list of addresses"),
        (b"<html><body>Not found</body></html>", "first element is html"),
        (b"<rss><channel/></rss>", "first element is rss"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, fault: str) -> None:
    listing = parse_sitemap(body, URL, "example")
    assert listing.links == []
    assert fault in (listing.fault or "")


def test_a_gzip_bomb_is_not_unpacked() -> None:
    assert gunzipped(gzip.compress(bytes(5_000_000)), limit=1_000_000) == (None, "more than 1000000 bytes unzipped")
    assert gunzipped(gzip.compress(bytes(1000)), limit=1000) == (bytes(1000), None)


def test_a_sitemap_without_its_namespaces_is_read() -> None:
    body = NEWS.replace(NAMESPACE, b"").replace(b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', b"")
    listing = parse_sitemap(body, URL, "example")
    assert listing.links == parse_sitemap(NEWS, URL, "example").links
    assert listing.fault


def test_a_sitemap_with_a_prefix_on_everything_is_read() -> None:
    body = b'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/a</s:loc></s:url></s:urlset>'
    assert [link.url for link in parse_sitemap(body, URL, "example").links] == ["https://example.com/a"]


def test_fifty_thousand_entries_are_read_in_a_few_seconds() -> None:
    entry = b"<url><loc>https://example.com/a/%d</loc><lastmod>2025-08-13</lastmod></url>"
    entries = b"".join(entry % n for n in range(50_000))
    start = perf_counter()
    listing = parse_sitemap(b"<urlset " + NAMESPACE + b">" + entries + b"</urlset>", URL, "example")
    assert len(listing.links) == 50_000
    assert perf_counter() - start < 10


def test_newest_comes_first_and_the_undated_last_in_their_order() -> None:
    def link(name: str, published: str | None = None, modified: str | None = None) -> Link:
        return Link(f"https://example.com/{name}", "example", published=published, modified=modified)

    entries = [
        link("undated-a"),
        link("day", modified="2025-08-12"),
        link("zone", published="2025-08-13T01:00:00+05:30"),
        link("rfc", published="Wed, 13 Aug 2025 08:03:00 GMT"),
        link("2025/08/14/in-the-url"),
        link("undated-b", modified="yesterday"),
    ]
    names = [entry.url.removeprefix("https://example.com/") for entry in newest_first(entries)]
    assert names == ["2025/08/14/in-the-url", "rfc", "zone", "day", "undated-a", "undated-b"]


def test_nested_sitemaps_are_ordered_by_lastmod_or_the_month_in_their_name() -> None:
    nested = parse_sitemap(INDEX, URL, "example").nested
    assert [entry.url[-10:] for entry in newest_first(nested)] == ["-08.xml.gz", "-07.xml.gz"]


def test_a_robots_txt_names_its_sitemaps() -> None:
    robots = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private
Sitemap: https://example.com/sitemap.xml  # the main one
sitemap:/news.xml
SITEMAP : https://example.com/sitemap.xml
# Sitemap: https://example.com/commented.xml
Sitemap: file:///etc/passwd
"""
    assert sitemaps_of(robots, "https://example.com/robots.txt") == [
        "https://example.com/sitemap.xml",
        "https://example.com/news.xml",
    ]


@pytest.mark.parametrize("body", [NEWS, INDEX, gzip.compress(NEWS), b"https://example.com/a\n"])
def test_the_kind_is_told_from_the_bytes(body: bytes) -> None:
    assert kind_of(body, "application/octet-stream") is Kind.SITEMAP


def test_a_feed_under_a_sitemaps_address_is_read_as_a_feed() -> None:
    body = b"<rss><channel><item><link>https://example.com/a</link></item></channel></rss>"
    assert [link.via for link in read_listing(gzip.compress(body), URL, Publisher(id="example")).links] == [Via.FEED]


def test_a_text_sitemap_is_read_to_the_protocols_limit() -> None:
    lines = "".join(f"https://news.example/{number}\n" for number in range(50_001))
    listing = parse_sitemap(lines.encode(), "https://news.example/sitemap.txt", "news")
    assert (len(listing.links), listing.fault) == (50_000, "more than 50000 entries")


@pytest.mark.parametrize(
    "raw",
    [
        "Fri, 20 Nov 99999999999999999999 10:00:00 GMT",
        "9999-12-31T23:59:59-23:59",
        "Fri, 20 Nov 2026 10:00:00 +99999999999999999999",
    ],
)
def test_a_date_that_no_calendar_has_stops_no_listing(raw: str) -> None:
    entries = f"<url><loc>https://news.example/1</loc><lastmod>{raw}</lastmod></url>"
    listing = parse_sitemap(f"<urlset>{entries}</urlset>".encode(), "https://news.example/sitemap.xml", "news")
    assert [link.url for link in newest_first(listing.links)] == ["https://news.example/1"]
