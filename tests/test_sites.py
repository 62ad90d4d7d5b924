"""Whose hosts a listing may name: the publisher's, by its file and the Public Suffix List, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.discovery.reader import read_home, read_listing
from crawler.discovery.sites import Site
from crawler.reporting.runs import report_key
from crawler.spiders.plan import plan_of
from pipelines.items import Link, Page
from pipelines.publishers import Discover, Publisher
from tests.cli import Cli
from tests.hostile.answers import answer, feed, listed, page
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


def test_what_has_no_domain_must_be_the_same_host_and_the_loopback_is_one() -> None:
    site = Site(Publisher(id="a", hosts=("127.0.0.1:8000", "10.0.0.1:8000", "anna.github.io")))
    own = ("127.0.0.1:8000", "127.0.0.2:80", "localhost", "news.localhost:1", "[::1]:8000", "10.0.0.1:8001", "anna.github.io")
    strange = ("10.0.0.2:8000", "eve.github.io", "intranet", "[2001:db8::1]")
    assert site.strangers(f"http://{host}/a" for host in (*own, *strange)) == dict.fromkeys(strange, 1)


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


STRANGE = (
    "http://victim.example.com/good-1",
    "http://victim.example.com/bad",
    "http://169.254.169.254/latest/",
    "http://10.0.0.1/a",
)


def test_a_feed_that_names_other_hosts_costs_them_nothing_and_is_told(scrapy: Cli) -> None:
    """Another publisher's articles, addresses of the inside."""
    routes = {"lister": host_of_fault(answer(page("lister")), "lister"), "stranger": {"/feed.xml": listed(feed(*STRANGE))}}
    routes["lister"]["/feed.xml"] = listed(feed(*GOOD, *STRANGE))
    with HostileSite(routes) as site:
        write_publishers(scrapy.folder / "publishers", site, {})
        crawled = run(scrapy, site, "-a", "publishers=lister,stranger")
    assert (crawled.done.code, crawled.missing("lister")) == (0, []), crawled.done.err
    (manifest,) = scrapy.lake.manifests()
    report = json.loads(scrapy.lake.sink.get(report_key(manifest.runId)) or b"")
    assert report["requests"]["strangeLinks"] == 2 * len(STRANGE)
    told = "4 addresses are not taken, their hosts are not the publisher's: victim.example.com, 169.254.169.254, 10.0.0.1"
    assert f"WARNING crawler.spiders.reading: {site.origin('stranger')}/feed.xml: {told}" in crawled.done.err
    assert f"INFO crawler.spiders.reading: {site.origin('lister')}/feed.xml: {told}" in crawled.done.err


@pytest.mark.parametrize(
    ("arguments", "takes"),
    [
        ({"feed": "https://feeds.example.net/all"}, True),
        ({"sitemap": "https://feeds.example.net/all"}, True),
        ({"feed": "https://feeds.example.net/all", "hosts": "www.a.org"}, False),
        ({"site": "https://feeds.example.net/"}, False),
        ({"site": "https://feeds.example.net/", "hosts": "*"}, True),
        ({"feed": "https://www.post.co.uk/feed"}, False),
    ],
)
def test_a_feed_that_a_person_names_may_name_any_host_unless_a_file_or_hosts_says_whose(
    arguments: dict[str, str], takes: bool, tmp_path: Path
) -> None:
    (tmp_path / "post.toml").write_text('hosts = ["www.post.co.uk"]\n')
    plan = plan_of(Settings({"NEWS_PUBLISHERS": str(tmp_path)}), arguments)
    assert Site(plan.publishers[0]).has("https://victim.example.com/a") is takes
