"""What Scrapy's users know works as Scrapy's documentation says: its commands, `-s`, `-a`, `-O`, its cache."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extensions.progress import Pace
from examples.newsroom.server import SITES, Newsroom
from tests.cli import Cli, troubles
from tests.conftest import Call

EXPECTED = [json.loads(line) for line in (SITES.parent / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
COURIER = next(row for row in EXPECTED if "lviv-students" in row["url"])
CRAWL = ("crawl", "news", "-a", "publishers=kyiv_courier")
ARTICLES = 7


def cached(folder: Path) -> tuple[str, ...]:
    return ("-s", "HTTPCACHE_ENABLED=1", "-s", f"HTTPCACHE_DIR={folder / 'cache'}")


def anew(scrapy: Cli, number: int) -> dict[str, str]:
    """The variables of a store and a sink that know nothing."""
    return {"NEWS_STORE": f"sqlite://{scrapy.folder}/{number}.db", "NEWS_SINK": (scrapy.folder / f"lake{number}").as_uri()}


# https://docs.scrapy.org/en/latest/topics/commands.html


def test_scrapy_check_finds_no_contract_broken(call: Call) -> None:
    done = call("check")
    assert (done.code, done.err.splitlines()[-1]) == (0, "OK")


def test_scrapy_parse_shows_the_page_that_a_callback_gives(scrapy: Cli, room: Newsroom) -> None:
    address = room.live(COURIER["url"])
    done = scrapy.run("parse", "--nolog", "--nocolour", "--spider", "news", "-c", "parse_article", address)
    assert (done.code, done.err) == (0, "")
    assert "# Scraped Items" in done.out and f"'url': '{address}'" in done.out
    assert not scrapy.store.exists() and not (scrapy.folder / "lake").exists()


def test_scrapy_parse_shows_the_requests_that_a_listing_gives(scrapy: Cli, room: Newsroom) -> None:
    listing = room.live("http://kyiv-courier.example/rss.xml")
    done = scrapy.run("parse", "--nolog", "--nocolour", "--spider", "news", "-c", "parse_listing", listing)
    assert (done.code, done.err) == (0, "")
    assert f"<GET {room.live('http://kyiv-courier.example/article/')}" in done.out


def test_scrapy_parse_with_the_pipelines_stores_the_article_and_writes_it(scrapy: Cli, room: Newsroom) -> None:
    file, address = scrapy.folder / "out.jsonl", room.live(COURIER["url"])
    done = scrapy.run("parse", "--nolog", "--spider", "news", "--pipelines", "-c", "parse_article", "-O", str(file), address)
    (row,) = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (stored,) = scrapy.lake.articles()
    assert (done.code, row["headline"], stored["id"]) == (0, COURIER["headline"], row["id"])


def test_scrapy_shell_fetches_further_pages(scrapy: Cli, room: Newsroom) -> None:
    address, home = room.live(COURIER["url"]), room.live("http://kyiv-courier.example/rss.xml")
    done = scrapy.run("shell", "--nolog", address, "-c", f"(response.status, fetch('{home}'), response.status, spider.name)")
    assert (done.code, done.err, done.out.strip()) == (0, "", "(200, None, 200, 'default')")


def test_a_setting_and_an_argument_on_the_command_line_count_for_one_run(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "out.jsonl"
    file.write_text("what was there before\n")
    done = scrapy.run(*CRAWL, "-a", "limit=2", "-s", "FEED_EXPORT_FIELDS=headline,url", "-O", str(file))
    assert (done.code, troubles(done.err)) == (0, [])
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [["headline", "url"]] * 2


# https://docs.scrapy.org/en/latest/topics/downloader-middleware.html#httpcache


def test_a_cached_crawl_asks_the_site_for_nothing_again(scrapy: Cli, room: Newsroom) -> None:
    assert scrapy.run(*CRAWL, *cached(scrapy.folder)).code == 0
    asked = len(room.requests)
    again, other = scrapy.run(*CRAWL, *cached(scrapy.folder)), scrapy.run(*CRAWL, *cached(scrapy.folder), **anew(scrapy, 2))
    assert [troubles(done.err) for done in (again, other)] == [[], []]
    assert {request.path for request in room.requests[asked:]} <= {"/robots.txt"}
    assert f"{ARTICLES} articles" in other.err
    assert sorted(manifest.counts.articles for manifest in scrapy.lake.manifests()) == [0, ARTICLES]


@pytest.mark.parametrize("policy", ["DummyPolicy", "RFC2616Policy"])
def test_a_cache_that_begins_with_conditional_requests_gives_a_new_store_all_articles(
    policy: str, scrapy: Cli, room: Newsroom
) -> None:
    """A 304 is the answer to what this store knows, and none to another's question."""
    with_cache = (*CRAWL, *cached(scrapy.folder), "-s", f"HTTPCACHE_POLICY=scrapy.extensions.httpcache.{policy}")
    assert scrapy.run(*CRAWL).code == 0
    second = scrapy.run(*with_cache)
    assert (second.code, [request.status for request in room.requests if request.path == "/rss.xml"]) == (0, [200, 304])
    other = scrapy.run(*with_cache, **anew(scrapy, 2))
    assert troubles(other.err) == []
    assert f"{ARTICLES} articles" in other.err


# Progress


def test_the_pace_is_that_of_the_last_minute() -> None:
    pace = Pace()
    assert (pace.a_minute(0.0), pace.left_s(10, 0.0)) == (0.0, None)
    pace.note(0.0, 0)
    for second in range(1, 31):
        pace.note(float(second), 1)
    assert (pace.a_minute(30.0), pace.left_s(90, 30.0)) == (60.0, 60.0)
    for second in range(40, 241, 10):
        pace.note(float(second), 1)
    assert pace.a_minute(240.0) == 7
    assert pace.left_s(pace.done, 240.0) == 0
    assert pace.a_minute(400.0) == 0
