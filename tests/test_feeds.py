"""Feeds: each format, each way in which they are broken in the wild, and what must not happen with hostile ones."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feeds import parse_feed
from crawler.discovery.listing import Kind
from crawler.discovery.reader import kind_of, read_listing
from pipelines.items import Link
from pipelines.publishers import Discover, Publisher
from pipelines.values import Via

URL = "https://example.com/feeds/news.xml"

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
  <title>Example News</title><link>https://example.com/</link>
  <atom:link href="https://example.com/feeds/news.xml" rel="self" type="application/rss+xml"/>
  <item>
    <title>Harbour reopens &amp; ferries return</title>
    <link>https://example.com/a/harbour?id=1&amp;ref=x</link>
    <description><![CDATA[<p>The <b>harbour</b> opened&nbsp;at noon.</p><p>Ferries followed.</p>]]></description>
    <content:encoded><![CDATA[<p>The whole article.</p>]]></content:encoded>
    <pubDate>Wed, 13 Aug 2025 08:03:00 +0530</pubDate>
    <atom:updated>2025-08-13T09:00:00Z</atom:updated>
    <guid isPermaLink="false">harbour-1</guid>
  </item>
  <item>
    <title>By guid alone</title>
    <guid>https://example.com/a/guid</guid>
    <dc:date>2025-08-12</dc:date>
  </item>
  <item><title>Relative</title><link>/a/relative</link></item>
  <item><title>No address</title><guid isPermaLink="true">not-an-address</guid></item>
  <item><title>Seen above</title><link>/a/relative</link></item>
  <item><title>Script</title><link>javascript:alert(1)</link></item>
</channel></rss>"""

RDF = b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.com/"><title>Example</title></channel>
<item rdf:about="https://example.com/a/rdf"><title>From 1.0</title><link>https://example.com/a/rdf</link>
<dc:date>2025-08-13T08:03:00+05:30</dc:date></item>
</rdf:RDF>"""

RSS_091 = b"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Old</title><link>https://example.com/a/old</link></item></channel></rss>"""

ATOM = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/blog/">
  <entry>
    <title type="html">Votes &amp;amp; &lt;i&gt;counts&lt;/i&gt;</title>
    <link rel="self" href="https://example.com/feeds/1.atom"/>
    <link rel="alternate" type="application/pdf" href="votes.pdf"/>
    <link rel="alternate" type="text/html" href="votes"/>
    <id>tag:example.com,2025:1</id>
    <summary>A short summary.</summary>
    <published>2025-08-13T02:33:00Z</published><updated>2025-08-13T05:00:00Z</updated>
  </entry>
  <entry xml:base="deeper/"><title>Only updated</title><link href="entry"/><updated>2025-08-12T00:00:00Z</updated></entry>
  <entry>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">By <em>id</em></div></title>
    <id>https://example.com/by-id</id>
  </entry>
</feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "1",
            "url": "/a/json",
            "title": "From JSON",
            "summary": "Short.",
            "content_html": "<p>Long.</p>",
            "date_published": "2025-08-13T08:03:00+05:30",
            "date_modified": "2025-08-13T09:00:00+05:30",
        },
        {"id": "https://example.com/a/by-id"},
        {"id": "2"},
        "not an item",
    ],
}


def links(body: bytes) -> list[Link]:
    return parse_feed(body, URL, "example").links


def urls(body: bytes) -> list[str]:
    return [link.url for link in links(body)]


def item(body: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><item>{body}</item></channel></rss>'.encode()


def test_an_rss_item_gives_all_its_hints() -> None:
    assert links(RSS)[0] == Link(
        url="https://example.com/a/harbour?id=1&ref=x",
        publisher="example",
        via=Via.FEED,
        source_url=URL,
        title="Harbour reopens & ferries return",
        description="The harbour opened at noon. Ferries followed.",
        published="Wed, 13 Aug 2025 08:03:00 +0530",
        modified="2025-08-13T09:00:00Z",
    )


def test_an_rss_item_without_link_has_its_permanent_guid() -> None:
    assert (links(RSS)[1].url, links(RSS)[1].published) == ("https://example.com/a/guid", "2025-08-12")


def test_items_without_a_web_address_are_left_out_and_repeats_too() -> None:
    assert urls(RSS) == [
        "https://example.com/a/harbour?id=1&ref=x",
        "https://example.com/a/guid",
        "https://example.com/a/relative",
    ]


def test_a_well_formed_feed_has_no_fault() -> None:
    assert parse_feed(RSS, URL, "example").fault is None


@pytest.mark.parametrize(("body", "url"), [(RDF, "https://example.com/a/rdf"), (RSS_091, "https://example.com/a/old")])
def test_the_older_rss_formats_are_read(body: bytes, url: str) -> None:
    assert urls(body) == [url]


def test_rss_1_has_its_date_from_dublin_core() -> None:
    assert links(RDF)[0].published == "2025-08-13T08:03:00+05:30"


def test_an_atom_entry_has_its_html_alternate_resolved_against_the_base() -> None:
    assert urls(ATOM) == [
        "https://example.com/blog/votes",
        "https://example.com/blog/deeper/entry",
        "https://example.com/by-id",
    ]


def test_atom_titles_are_text_in_each_of_their_types() -> None:
    assert [link.title for link in links(ATOM)] == ["Votes & counts", "Only updated", "By id"]


def test_atom_updated_is_never_a_publication_date() -> None:
    assert [(link.published, link.modified) for link in links(ATOM)] == [
        ("2025-08-13T02:33:00Z", "2025-08-13T05:00:00Z"),
        (None, "2025-08-12T00:00:00Z"),
        (None, None),
    ]


def test_a_json_feed_is_read() -> None:
    first, second = links(json.dumps(JSON_FEED).encode())
    assert (first.url, first.title, first.description) == ("https://example.com/a/json", "From JSON", "Short.")
    assert (first.published, first.modified) == ("2025-08-13T08:03:00+05:30", "2025-08-13T09:00:00+05:30")
    assert second.url == "https://example.com/a/by-id"


@pytest.mark.parametrize("body", [b'{"items": 3}', b"{" * 100_000, b'{"a":' * 100_000, b"{"])
def test_broken_json_says_why(body: bytes) -> None:
    listing = parse_feed(body, URL, "example")
    assert listing.links == []
    assert listing.fault


BROKEN = {
    "text before the declaration": b"<br />Warning: something in line 3\n" + RSS,
    "space before the declaration": b"\n\n  " + RSS,
    "text after the end": RSS + b"<!-- served in 3 ms --> done",
    "an encoding that no one knows": RSS.replace(b"UTF-8", b"utf8mb4"),
    "a cut end": RSS[: RSS.index(b"<item><title>No address")],
    "an undeclared prefix": RSS.replace(b' xmlns:dc="http://purl.org/dc/elements/1.1/"', b""),
    "a bare ampersand": RSS.replace(b"id=1&amp;ref", b"id=1&ref"),
    "an HTML entity": RSS.replace(b"reopens &amp; ferries", b"reopens &amp; &shy;ferries").replace(b"&shy;", b"&zwnj;"),
    "a control character": RSS.replace(b"By guid", b"By\x0b guid\x08"),
    "a reference to a control character": RSS.replace(b"By guid", b"By&#8; guid"),
    "a byte order mark": b"\xef\xbb\xbf" + RSS,
    "utf-16": RSS.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"),
    "an internal subset": RSS.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY x "y">]><rss', 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_feed_is_mended(name: str) -> None:
    assert urls(BROKEN[name]) == urls(RSS)
    assert links(BROKEN[name])[1].published == "2025-08-12"


@pytest.mark.parametrize(
    ("declared", "real"),
    [("utf-8", "windows-1252"), ("iso-8859-1", "utf-8"), ("windows-1251", "windows-1251"), ("shift_jis", "shift_jis")],
)
def test_the_bytes_decide_the_encoding_and_then_the_declaration(declared: str, real: str) -> None:
    title = {"windows-1251": "Новости дня", "shift_jis": "今日のニュース"}.get(declared, "Überfälle in Málaga")
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    body = f"{head}<rss><channel><item><title>{title}</title><link>https://example.com/a</link></item></channel></rss>"
    assert links(body.encode(real))[0].title == title


def test_the_headers_charset_is_asked_where_nothing_is_declared() -> None:
    body = "<rss><channel><item><title>Новости</title><link>https://example.com/a</link></item></channel></rss>"
    assert parse_feed(body.encode("koi8-r"), URL, "example", "koi8-r").links[0].title == "Новости"


def test_html_entities_outside_of_cdata_become_characters() -> None:
    body = item("<title>caf&eacute; &hellip; &unknown; AT&T</title><link>https://example.com/a</link>")
    assert links(body)[0].title == "café … &unknown; AT&T"


def test_an_address_in_cdata_keeps_its_ampersands_in_a_broken_feed() -> None:
    body = item("<title>A & B</title><link><![CDATA[https://example.com/a?x=1&y=2]]></link>")
    assert urls(body) == ["https://example.com/a?x=1&y=2"]


def test_the_address_behind_a_feed_proxy_is_preferred() -> None:
    head = '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
    body = f"{head}<link>https://proxy.example/1</link><feedburner:origLink>https://example.com/a</feedburner:origLink></item></channel></rss>"
    assert urls(body.encode()) == ["https://example.com/a"]


@pytest.mark.parametrize("body", [b"", b"   ", b"<html><body>Not found</body></html>", b"plain text", b"\x00\xff\x00", b"<rss"])
def test_what_is_no_feed_gives_no_links_and_says_why(body: bytes) -> None:
    listing = parse_feed(body, URL, "example")
    assert listing.links == []
    assert listing.fault


def test_an_external_entity_is_not_read(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("SECRET")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    listing = parse_feed(item("<title>A &x; B</title><link>https://example.com/a</link>", doctype), URL, "example")
    assert "SECRET" not in repr(listing)
    assert listing.links[0].url == "https://example.com/a"


def test_entities_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{entities}]>'
    body = item('<title a="&e29;">&e29;</title><link>https://example.com/a</link>', doctype)
    start = perf_counter()
    listing = parse_feed(body, URL, "example")
    assert perf_counter() - start < 1
    assert "lol" not in repr(listing)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<![CDATA[" * 400_000,
        b"<rss>" + b"<item>" * 400_000,
        b"<rss><item><title>" + b"&lt;" * 600_000 + b"</title><link>https://example.com/a</link></item>",
        b"<rss " + b'a="b" ' * 200_000 + b"/>",
        b"<" * 2_000_000,
        b"<rss><item>" + b"<link>x" * 300_000,
    ],
)
def test_a_hostile_document_costs_little_time(body: bytes) -> None:
    start = perf_counter()
    parse_feed(body, URL, "example")
    assert perf_counter() - start < 5


@given(st.binary(max_size=300))
def test_no_bytes_raise(tail: bytes) -> None:
    for body in (tail, RSS[:400] + tail, b'{"items": [' + tail, ATOM[:300] + tail):
        parse_feed(body, URL, "example")
        read_listing(body, URL, Publisher(id="example"), "text/xml")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, Kind.FEED),
        (RDF, Kind.FEED),
        (ATOM, Kind.FEED),
        (json.dumps(JSON_FEED).encode(), Kind.FEED),
        (BROKEN["utf-16"], Kind.FEED),
        (BROKEN["text before the declaration"], Kind.FEED),
        (b"<!doctype html><title>x</title>", Kind.HTML),
        (b"", Kind.UNKNOWN),
        (b"%PDF-1.7", Kind.UNKNOWN),
    ],
)
def test_the_kind_is_told_from_the_bytes(body: bytes, kind: Kind) -> None:
    assert kind_of(body, "text/plain") is kind


def test_a_listing_holds_only_what_the_publisher_calls_articles() -> None:
    publisher = Publisher(id="example", discover=Discover(article=r"/a/(harbour|guid)"))
    assert [link.url for link in read_listing(RSS, URL, publisher).links] == urls(RSS)[:2]
