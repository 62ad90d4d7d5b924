"""Listings that mislead cost what they name; sites without an end cost their budget."""

from __future__ import annotations

from collections import Counter

from tests.cli import Cli
from tests.hostile.answers import answer, feed, listed, page, redirect
from tests.hostile.crawls import QUICK, Crawled, host_of_fault, path_of, run, write_publishers
from tests.hostile.listings import FEEDS, LOST, endless_site, large_site, two_feeds
from tests.hostile.site import HostileSite


def test_a_listing_that_misleads_costs_what_it_names(scrapy: Cli) -> None:
    names = {f"feed{n}": name for n, name in enumerate(FEEDS)} | {f"lost{n}": name for n, name in enumerate(LOST)}
    routes = {host: two_feeds({**FEEDS, **LOST}[name], host) for host, name in names.items()}
    for host in routes:
        if host.startswith("feed"):
            routes[host]["/second.xml"] = listed(feed())
    with HostileSite(routes) as site:
        second = {host: f'sitemaps = ["{site.origin(host)}/second.xml"]' for host in routes}
        write_publishers(scrapy.folder / "publishers", site, second)
        crawled = run(scrapy, site, NEWS_PAGE_SECONDS="6")
        assert {names[host]: missing for host in routes if (missing := crawled.missing(host))} == {}
        assert [hit for hit in site.hits if hit.path == "/entity"] == []
    assert crawled.done.code == 0, crawled.done.err
    assert "Traceback" not in crawled.done.err
    assert "root:" not in "".join(article["headline"] or "" for article in crawled.articles)
    assert [outcome for outcome in crawled.outcomes.values() if outcome.name == "crashed"] == []
    assert crawled.peak_mib < 1024
    assert "timeout: extraction took longer than 6 s" in crawled.done.err, "400,000 attributes"
    told = [line for line in crawled.done.log if "declares entities, which are never read" in line]
    assert len(told) == 5
    assert "http_status: 304, which nobody asked for" in crawled.done.err


def test_an_endless_site_costs_its_articles_and_is_asked_for_nothing_else(scrapy: Cli) -> None:
    with HostileSite({"endless": endless_site("endless")}) as site:
        with scrapy.started(
            "crawl", "news", *QUICK[:-2], "-a", f"site={site.origin('endless')}/", NEWS_PUBLISHERS=""
        ) as started:
            done = started.ended()
        crawled = Crawled(site, scrapy, done)
    assert done.code == 0, done.err
    articles = {path_of(article["url"]) for article in crawled.articles}
    assert articles == {f"/news/2026/11/2{n}/a-good-story-of-endless-{n}" for n in range(3)}
    asked = Counter(hit.path.partition(";")[0].partition("?")[0] for hit in site.hits if hit.path not in ("/", "/robots.txt"))
    assert set(asked.values()) == {1} and set(asked) == articles


def test_a_large_site_costs_its_budget_the_newest_first_and_others_arrive(scrapy: Cli) -> None:
    """50,000 addresses a sitemap, 300 sitemaps: what is fetched is the budget, from the news sitemap and of the newest day."""
    routes = {"large": large_site(50_000, 300), "small": host_of_fault(answer(page("small")), "small")}
    routes["spread"] = host_of_fault(redirect("/"), "spread") | {
        "/feed.xml": listed(feed("/good-1", "/good-2", *(f"http://h{n}.invalid/a-story-of-{n}" for n in range(500))))
    }
    with HostileSite(routes) as site:
        write_publishers(scrapy.folder / "publishers", site, {"spread": 'link_hosts = ["*"]'})
        options = ("-s", "NEWS_HOST_PAGES=20", "-s", "NEWS_HOST_LISTINGS=4", "-s", "NEWS_HOST_FAILURES=2")
        crawled = run(scrapy, site, *options)
        listings = [hit.path for hit in site.asked("large") if hit.path.endswith(".xml")]
        pages = [hit.path for hit in site.asked("large") if not hit.path.endswith((".xml", ".txt"))]
    assert crawled.done.code == 0, crawled.done.err
    assert crawled.missing("small") == crawled.missing("spread") == []
    assert "/news-sitemap.xml" in listings and len(listings) == 5, "the index and four that it names"
    assert len(pages) == 20
    assert sum(name[0].startswith("http://h") for name in crawled.outcomes) <= 18
    assert crawled.peak_mib < 1024


def test_a_home_page_that_names_a_thousand_hosts_feeds_has_a_few_asked(scrapy: Cli) -> None:
    """Each host would have its own budget of listings; whoever names them has one, too."""
    feeds = "".join(f'<link rel=alternate type="application/rss+xml" href="http://h{n}.invalid/feed">' for n in range(1000))
    maps = "".join(f"Sitemap: http://m{n}.invalid/sitemap.xml\n" for n in range(1000))
    story = "/news/2026/11/20/a-good-story-of-the-day"
    home = f"<html><head>{feeds}</head><body><a href={story}>A good story of the day</a></body></html>"
    routes = {
        "names": {
            "/": answer(home.encode()),
            "/robots.txt": answer(maps.encode(), kind="text/plain"),
            story: answer(page("named")),
        }
    }
    with HostileSite(routes) as site:
        options = (*QUICK[:-2], "-s", "NEWS_HOST_LISTINGS=6", "-a", f"site={site.origin('names')}/")
        with scrapy.started("crawl", "news", *options, NEWS_PUBLISHERS="") as started:
            done = started.ended()
        crawled = Crawled(site, scrapy, done)
    assert done.code == 0, done.err
    assert crawled.missing("names", story) == []
    hosts = {line.split("http://")[1].partition("/")[0] for line in done.log if ".invalid/" in line and "WARNING news" in line}
    assert 0 < len(hosts) <= 6
