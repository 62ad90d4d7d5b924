"""Whose hosts a listing may name: the publisher's, by its file and the Public Suffix List, and no others."""

from __future__ import annotations

import json

import pytest

from crawler.discovery.reader import read_home, read_listing
from crawler.discovery.sites import Site
from crawler.reporting.runs import report_key
from pipelines.items import Link, Page
from pipelines.publishers import Discover, Publisher
from tests.cli import Cli
from tests.hostile.answers import answer, feed, listed, page, redirect
from tests.hostile.crawls import GOOD, host_of_fault, run, write_publishers
from tests.hostile.site import HostileSite
from tests.pages import FETCHED

POST = Publisher(id="post", hosts=("www.post.co.uk",), discover=Discover(feeds=("https://feeds.postmedia.com/all.rss",)))
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


@pytest.mark.parametrize(
    "host",
    [
        "www.post.co.uk",
        "post.co.uk",
        "sport.post.co.uk:8080",
        "WWW.Post.CO.UK.",
        "feeds.postmedia.com",
        "www.postmedia.com",
        "www.post.co.uk:443",
    ],
)
def test_a_host_of_the_publishers_domains_is_the_publishers(host: str) -> None:
    assert Site(POST).has(f"https://{host}/a")


@pytest.mark.parametrize(
    "host",
    [
        "other.co.uk", "co.uk", "www.post.co.uk.evil.com", "post.com", "notpost.co.uk", "127.0.0.1", "169.254.169.254", "localhost",
        "2130706433", "[::1]", "www.post.co.uk@evil.com",
    ],
)  # fmt: skip
def test_any_other_host_is_not(host: str) -> None:
    assert not Site(POST).has(f"http://{host}/a")


def test_what_has_no_domain_must_be_the_same_host_and_port() -> None:
    site = Site(Publisher(id="a", hosts=("127.0.0.1:8000", "localhost:8000", "anna.github.io")))
    assert site.has("http://127.0.0.1:8000/a") and site.has("http://localhost:8000/a") and site.has("https://anna.github.io/a")
    strange = [
        "http://127.0.0.1:8001/",
        "http://127.0.0.1/",
        "http://localhost/",
        "https://eve.github.io/",
        "http://127.0.0.2:8000/",
    ]
    assert site.strangers(strange) == {url.split("/")[2]: 1 for url in strange}


def test_a_name_in_its_own_letters_is_the_same_host() -> None:
    assert Site(Publisher(id="a", hosts=("www.müller.de",))).has("https://xn--mller-kva.de/a")


@pytest.mark.parametrize("link_hosts", [("feedproxy.example.net",), ("*",)])
def test_a_file_can_name_further_hosts(link_hosts: tuple[str, ...]) -> None:
    site = Site(Publisher(id="a", hosts=("www.a.org",), discover=Discover(link_hosts=link_hosts)))
    assert site.has("http://feedproxy.example.net/~r/a/1")
    assert site.has("http://b.example.com/") is (link_hosts == ("*",))


def test_each_kind_of_listing_gives_the_publishers_links_and_counts_the_others() -> None:
    links = [
        "https://www.post.co.uk/news/2026/11/22/a-story-of-the-day",
        "https://victim.example.com/news/2026/11/22/a-story-of-the-day",
    ]
    documents = {
        "feed": "<rss><channel>" + "".join(f"<item><link>{url}</link></item>" for url in links) + "</channel></rss>",
        "json": json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": url} for url in links]}),
        "sitemap": "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in links) + "</urlset>",
        "text": "\n".join(links),
    }
    for name, document in documents.items():
        listing = read_listing(document.encode(), "https://www.post.co.uk/x", POST)
        assert ([link.url for link in listing.links], listing.strangers) == (links[:1], {"victim.example.com": 1}), name


def test_an_index_names_sitemaps_of_its_own_host_and_of_the_publishers() -> None:
    urls = [
        "https://maps.vendor.net/post/1.xml",
        "https://post.co.uk/2.xml",
        "https://maps.other.net/3.xml",
        "http://169.254.169.254/4.xml",
    ]
    index = INDEX.format("".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls))
    listing = read_listing(index.encode(), "https://maps.vendor.net/post/index.xml", POST)
    assert [sitemap.url for sitemap in listing.nested] == urls[:2]
    assert listing.strangers == {"maps.other.net": 1, "169.254.169.254": 1}


def test_a_home_page_that_stands_at_another_publishers_gives_none_of_its_articles() -> None:
    body = b'<base href="https://victim.example.com/"><a href="/2026/11/22/a-story-of-the-day">A story of the day</a>'
    home = read_home(Page("https://victim.example.com/", body, FETCHED, Link("https://post.co.uk/", "post")), POST, None)
    assert (home.section.links, home.section.strangers) == ([], {"victim.example.com": 1})


def test_a_feed_that_names_other_hosts_costs_them_nothing_and_is_told(scrapy: Cli) -> None:
    """Another publisher's articles, a redirect to its feed, addresses of the inside; named in the file, a host is taken."""
    routes = {
        "victim": host_of_fault(answer(page("victim")), "victim"),
        "lister": host_of_fault(answer(page("lister")), "lister"),
        "mover": {"/feed.xml": redirect("{victim}/feed.xml")},
        "reader": {},
    }
    with HostileSite(routes) as site:
        victim = site.origin("victim")
        inside = ("http://169.254.169.254/latest/", "http://localhost:1/", "http://10.0.0.1/a")
        routes["lister"]["/feed.xml"] = listed(feed(*GOOD, f"{victim}/good-1", f"{victim}/bad", *inside))
        routes["reader"]["/feed.xml"] = listed(feed(f"{victim}/good-1"))
        write_publishers(
            scrapy.folder / "publishers",
            site,
            {"reader": f'link_hosts = ["{victim.removeprefix("http://")}"]', "victim": 'article = "nothing"'},
        )
        crawled = run(scrapy, site, "-a", "publishers=lister,mover,reader")
        asked = [hit.path for hit in site.asked("victim")]
        given = run(
            scrapy, site, "-a", f"feed={site.origin('lister')}/feed.xml", "-a", f"hosts={victim.removeprefix('http://')}"
        )
    assert crawled.done.code == given.done.code == 0, crawled.done.err
    assert crawled.missing("lister") == crawled.missing("victim", "/good-1") == []
    assert sorted(asked) == ["/feed.xml", "/good-1", "/robots.txt"]
    assert {article["publisher"]["id"] for article in crawled.articles if article["url"].startswith(victim)} == {
        "reader",
        "lister",
    }
    first, _ = scrapy.lake.manifests()
    report = json.loads(scrapy.lake.sink.get(report_key(first.runId)) or b"")
    assert report["requests"]["strangeLinks"] == 5 + 3
    assert f"WARNING crawler.spiders.reading: {victim}/feed.xml: 3 addresses are not taken" in crawled.done.err
    assert "5 addresses are not taken, their hosts are not the publisher's" in crawled.done.err
    assert "/bad" in [hit.path for hit in site.asked("victim")]
