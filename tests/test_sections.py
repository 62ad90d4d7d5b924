"""Section pages: which links are articles, which sites they are of, and the feeds a page names."""

from __future__ import annotations

import pytest

from crawler.discovery.listing import Kind
from crawler.discovery.sections import feeds_of, is_same_site, looks_like_article, parse_section
from pipelines.publishers import Discover, Publisher
from pipelines.values import Via

URL = "https://www.example.com/world/"
PUBLISHER = Publisher(id="example", hosts=("www.example.com", "sport.example.org"))

PAGE = """<!doctype html><html><head><title>World</title>
<link rel="alternate" type="application/rss+xml" href="/feeds/world.xml" title="World">
<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://www.example.com/feeds/world.atom">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="Comments">
<link rel="alternate" hreflang="de" href="https://www.example.com/de/">
<link rel="stylesheet" href="/main.css">
</head><body>
<nav><a href="/">Home</a><a href="/world/">World</a>
<a href="/politics">Politics</a><a href="/tag/floods-in-the-north">Tag</a></nav>
<h2><a href="/world/2025/08/13/harbour-reopens">Harbour reopens</a></h2>
<a href="/world/2025/08/13/harbour-reopens#comments">12 comments</a>
<a href="ferries-return-after-long-night-123456.html"><img src="x.jpg"></a>
<a href="https://sport.example.org/final-won-by-late-goal">Late goal wins the final</a>
<a href="https://elsewhere.com/world/2025/08/13/not-ours">Not ours</a>
<a href="/author/jane-doe-of-the-north">Jane Doe</a>
<a href="/2025/08/13/picture-of-the-day.jpg">Picture</a>
<a href="mailto:desk@example.com">Desk</a><a href="javascript:void(0)">Menu</a><a>Nothing</a>
</body></html>"""


def test_the_articles_of_a_page_are_found_once_and_in_its_order() -> None:
    listing = parse_section(PAGE.encode(), URL, PUBLISHER)
    assert [link.url for link in listing.links] == [
        "https://www.example.com/world/2025/08/13/harbour-reopens",
        "https://www.example.com/world/ferries-return-after-long-night-123456.html",
        "https://sport.example.org/final-won-by-late-goal",
    ]
    assert listing.kind is Kind.HTML
    assert {(link.via, link.source_url, link.publisher) for link in listing.links} == {(Via.SECTION, URL, "example")}


def test_the_publishers_expression_replaces_the_general_rule() -> None:
    publisher = PUBLISHER.model_copy(update={"discover": Discover(article=r"/author/")})
    assert [link.url for link in parse_section(PAGE.encode(), URL, publisher).links] == [
        "https://www.example.com/author/jane-doe-of-the-north"
    ]


@pytest.mark.parametrize(
    "bait",
    [
        '<a rel="nofollow noopener" href="{}">x</a>',
        '<a style="display: none" href="{}">x</a>',
        '<div style="visibility:hidden"><a href="{}">x</a></div>',
        '<p hidden><b><a href="{}">x</a></b></p>',
    ],
)
def test_a_link_that_is_not_for_readers_is_left_alone(bait: str) -> None:
    trap, told = "/2025/08/13/a-story-for-robots", "/2025/08/13/a-story-for-readers"
    body = "".join(bait.format(path) for path in (trap, told)) + f'<a href="{told}">A story for readers</a>'
    listing = parse_section(f"<html><body>{body}</body></html>".encode(), URL, PUBLISHER)
    assert [link.url for link in listing.links] == [f"https://www.example.com{told}"]


def test_the_feeds_of_a_page_are_found_without_those_of_comments() -> None:
    assert feeds_of(PAGE.encode(), URL) == [
        "https://www.example.com/feeds/world.xml",
        "https://www.example.com/feeds/world.atom",
    ]


def test_a_base_element_moves_relative_links() -> None:
    body = b'<base href="https://www.example.com/deep/"><a href="2025/08/13/a-story">A</a>'
    assert [link.url for link in parse_section(body, URL, PUBLISHER).links] == [
        "https://www.example.com/deep/2025/08/13/a-story"
    ]


@pytest.mark.parametrize("body", [b"", b"\x00", b"   "])
def test_an_empty_page_says_so(body: bytes) -> None:
    listing = parse_section(body, URL, PUBLISHER)
    assert listing.links == []
    assert feeds_of(body, URL) == []


def test_a_charset_that_no_one_knows_is_ignored() -> None:
    assert len(parse_section(PAGE.encode(), URL, PUBLISHER, "x-unknown-9").links) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/world/2025/08/13/quake-hits-coast",
        "/2025-08-13/quake-hits.html",
        "/news/20250813/quake-coast",
        "/news/world-asia-68123456",
        "/politik/wahl-endet-mit-knapper-mehrheit",
        "/article/quake-hits-coast-1.234567",
        "/a/8f3kd02ma91x",
        "/story.php?id=48213",
        "/2025/aug/13/quake-hits-coast",
        "/news/c5yd7p9x1zqo",
        "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BE%D0%B4%D0%B8%D0%BD-%D0%B4%D0%B2%D0%B0-%D1%82%D1%80%D0%B8-%D1%87%D0%B5%D1%82",
    ],
)
def test_the_address_of_an_article_is_known(path: str) -> None:
    assert looks_like_article(f"https://example.com{path}")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/world",
        "/world/asia-pacific",
        "/2025/",
        "/2025/08/",
        "/2025/08/13/",
        "/tag/quake-in-the-far-east",
        "/author/jane-doe-12345",
        "/category/news/2025/08/13/list-of-all",
        "/search?q=quake&p=2",
        "/login?next=/world/2025/08/13/quake",
        "/page/12345",
        "/files/report-of-the-year-2025.pdf",
        "/about-us",
        "/privacy-policy",
    ],
)
def test_the_address_of_another_page_is_known(path: str) -> None:
    assert not looks_like_article(f"https://example.com{path}", words=3)


def test_a_long_link_text_makes_a_short_slug_an_article() -> None:
    assert looks_like_article("https://example.com/news/quake-coast", words=7)
    assert not looks_like_article("https://example.com/news/quake-coast", words=2)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://www.example.com/a", True),
        ("https://example.com/a", True),
        ("https://news.example.com/a", True),
        ("https://sport.example.org/a", True),
        ("https://example.org/a", False),
        ("https://notexample.com/a", False),
        ("https://example.com.evil.net/a", False),
        ("https://example.com:8000/a", False),
    ],
)
def test_a_site_is_its_hosts_and_their_subdomains(url: str, ours: bool) -> None:
    assert is_same_site(url, URL, PUBLISHER) is ours
