"""What comes out is inert: valid UTF-8 without control characters, web addresses alone where an address stands, keys from hashes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from pipelines.delivery.schema import to_line
from pipelines.extract import extract
from pipelines.finish import finish
from pipelines.inert import MAX_CHARS, MAX_ITEMS
from pipelines.items import Article, Draft, Link, Memory, Page
from pipelines.publishers import Publisher
from pipelines.values import Via
from tests.cli import Cli
from tests.hostile.answers import answer, feed, listed, page
from tests.hostile.crawls import crawl, host_of_fault

URL = "https://news.example/2026/11/20/a-story"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
ADDRESSES = {"url", "requestedUrl", "canonicalUrl", "ampUrl", "sourceUrl", "isBasedOn"}
SCRIPT = "javascript:alert(document.domain)"
NASTY = "Nasty\\u0000\\u0001\\ud800\\udfff\\u202e\\u2028 text"
JSON_LD = json.dumps(
    {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": "HEAD", "url": SCRIPT, "@id": SCRIPT,
        "mainEntityOfPage": {"@id": SCRIPT}, "image": [{"url": SCRIPT, "caption": "HEAD"}, {"url": "data:image/png;base64,AAAA"}],
        "author": [{"@type": "Person", "name": "HEAD Mia", "url": SCRIPT}, {"@type": "Person", "name": "Tom HEAD", "url": "file:///etc/passwd"}],
        "publisher": {"@type": "Organization", "name": "HEAD", "url": SCRIPT, "logo": SCRIPT}, "license": SCRIPT, "isBasedOn": SCRIPT,
        "articleSection": "HEAD", "keywords": ["HEAD one", "two HEAD"], "copyrightNotice": "HEAD", "copyrightHolder": {"name": "HEAD"},
        "datePublished": "2026-11-20T09:30:00Z HEAD", "dateModified": "HEAD", "inLanguage": "en-HEAD", "description": "HEAD",
        "video": {"@type": "VideoObject", "contentUrl": SCRIPT, "name": "HEAD"}, "audio": {"contentUrl": SCRIPT},
        "isPartOf": {"@id": SCRIPT}, "creditText": "HEAD", "dateline": "HEAD",
    }
).replace("HEAD", NASTY)  # fmt: skip
MARKUP = (
    f'<link rel=canonical href="{SCRIPT}"><link rel=amphtml href="data:text/html,x"><meta property=og:url content="{SCRIPT}">'
    f'<meta property=og:image content="{SCRIPT}"><meta property=og:video content="{SCRIPT}"><meta property=og:audio content="file:///x">'
    '<meta name=author content="Mia&#0;&#1;&#x9f;&#xD800;&#x202e;Ferry"><meta name=keywords content="a&#8;b,c&#x1b;[31md">'
    '<meta name=description content="&#8;&#0;&lt;script&gt;alert(1)&lt;/script&gt;">'
    f'<script type="application/ld+json">{JSON_LD}</script>'
)
BODY = (
    "<p>Plain&#0;text&#8;with&#x1b;[31mcolour&#xD800;&#xDFFF;&#xFFFE;&#x110000;&#x202e;and marks.</p><p>\x01\x02\x1b[2J\x7fMore of it, "
    "with <script>alert(1)</script><b onclick=alert(1)>markup</b> and &lt;script&gt;alert(2)&lt;/script&gt; and ]]&gt; and {{7*7}} and ${jndi:ldap://x}.</p>"
    f'<ul class="breadcrumb"><li><a href="{SCRIPT}">Home</a></li><li><a href="vbscript:x">World</a></li></ul>'
    f'<figure><img src="{SCRIPT}"><figcaption>Caption&#8; of it</figcaption></figure><a rel=author href="{SCRIPT}">Mia Ferry</a>'
    f'<aside class=related><h3>Related</h3><a href="{SCRIPT}">A related story of five words</a><a href="../../../../etc/passwd">Another story of five words</a></aside>'
)
HEADERS = {"content-type": "text/html; charset=utf-8\x01", "etag": '"\x00\x9f\udce4"', "last-modified": "\x1b[2J now"}


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value with the key that it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
    elif isinstance(value, str):
        yield key, value


def assert_inert(line: bytes) -> None:
    value = json.loads(line.decode("utf-8"))
    for key, text in strings(value):
        assert not CONTROL.search(text.replace("\n", "")), (key, text)
        text.encode("utf-8")
        if key in ADDRESSES:
            assert urlsplit(text).scheme in ("http", "https") and urlsplit(text).hostname, (key, text)
    assert all("\n" not in text for key, text in strings(value) if key not in ("articleBody", "text")), "only texts have lines"


def article(markup: str, body: str, headers: dict[str, str]) -> Article:
    link = Link(
        URL,
        "news",
        Via.FEED,
        "https://news.example/feed",
        title="T\x00\ud800\x1b[31m",
        description="D\x01",
        published="\x07now",
        modified="\ud800",
    )
    fetched = Page(URL, page("inert", markup, body), datetime(2026, 11, 22, tzinfo=UTC), link, headers=headers)
    draft = extract(fetched, Publisher(id="news"))
    outcome = finish(draft, Memory())  # type: ignore[arg-type]
    assert isinstance(outcome, Article), outcome
    return outcome


@pytest.mark.parametrize("part", ["markup", "body", "headers", "all"])
def test_what_a_page_smuggles_does_not_come_out(part: str) -> None:
    made = article(
        MARKUP if part in ("markup", "all") else "", BODY if part in ("body", "all") else "",
        HEADERS if part in ("headers", "all") else {"content-type": "text/html"},
    )  # fmt: skip
    assert_inert(to_line(made))
    assert made.datePublished == "2026-11-20T09:30:00Z"


def test_what_an_article_is_based_on_is_an_address_or_nothing() -> None:
    said = '<script type="application/ld+json">{"@type": "NewsArticle", "isBasedOn": "%s"}</script>'
    for text, kept in (
        ("Ferry, M. (2015): Fermented foods, read 2022:", None),
        ("https://source.example/1", "https://source.example/1"),
    ):
        assert article(said % text, "", {"content-type": "text/html"}).syndication.isBasedOn == kept


def test_a_crawl_of_nasty_addresses_writes_inert_lines_under_keys_of_hashes_and_dates(scrapy: Cli) -> None:
    paths = [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/shadow", "/..%2f..%2fetc%2fhosts", "/a%00b", "/a%0d%0aSet-Cookie:%20x=1", "/dt=2020-01-01/x",
        "/a%ED%A0%80b", "/%FF%FE", "/<script>alert(1)</script>", "/?q='%22><svg/onload=alert(1)>", "/" + "%F0%9F%92%A9" * 20, "/con.txt", "/.ssh/id_rsa",
    ]  # fmt: skip
    routes = {
        "nasty": host_of_fault(answer(page("nasty", MARKUP, BODY)), "nasty")
        | {
            "/feed.xml": listed(feed("/good-1", "/good-2", *(path.replace("<", "&lt;") for path in paths))),
            "*": answer(page("any", MARKUP, BODY)),
        }
    }
    with crawl(scrapy, routes) as crawled:
        assert crawled.missing("nasty") == []
    assert crawled.done.code == 0, crawled.done.err
    for row in crawled.articles:
        assert_inert(json.dumps(row, ensure_ascii=False).encode())
    keys = scrapy.lake.keys()
    data = [key for key in keys if not key.startswith("_meta/")]
    assert data and all(
        re.fullmatch(r"articles/v1/dt=\d{4}-\d\d-\d\d/part-[0-9TZ]+-[0-9a-f]{8}-\d+-[0-9a-f]{8}\.jsonl\.\w+", key)
        for key in data
    )


def test_no_field_but_the_text_is_without_end() -> None:
    """A page can say of itself as much as it has bytes: what readers load beside the text is bounded."""
    many = {"keywords": [f"word {n}" for n in range(20_000)], "image": [f"https://news.example/{n}.jpg" for n in range(20_000)]}
    long = {"articleSection": "s" * 100_000, "copyrightNotice": "c " * 100_000, "publisher": {"name": "P" * 100_000}}
    declared = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A", **many, **long})
    markup = f'<meta name=description content="{"a b " * 100_000}"><script type="application/ld+json">{declared}</script>'
    fetched = Page(
        URL,
        page("bounded", markup),
        datetime(2026, 11, 22, tzinfo=UTC),
        Link(URL, "news"),
        headers={"content-type": "text/html"},
    )
    draft = extract(fetched, Publisher(id="news"))
    assert isinstance(draft, Draft)
    assert 0 < len(draft.keywords) <= MAX_ITEMS and 0 < len(draft.images) <= MAX_ITEMS
    texts = (draft.description, draft.articleSection, draft.copyrightNotice, draft.publisher.name)
    assert all(text and len(text) <= MAX_CHARS for text in texts)
