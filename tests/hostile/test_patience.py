"""A host may take its time of a run and no more: what is left of it is the next run's, and the report says so."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from crawler.network.patience import Patience
from crawler.reporting.runs import report_key
from tests.cli import Cli
from tests.hostile.answers import answer, feed, head, listed, page
from tests.hostile.crawls import run, write_publishers
from tests.hostile.site import Answer, Exchange, HostileSite, Routes

PATHS = [f"/story-{n}" for n in range(8)]


def trickle(body: bytes) -> Answer:
    """A page that comes whole, and just in time."""

    async def serve(exchange: Exchange) -> None:
        await exchange.send(head("HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(body)}"))
        for start in range(0, len(body), len(body) // 8):
            await asyncio.sleep(0.1)
            await exchange.send(body[start : start + len(body) // 8])

    return serve


def late(body: bytes) -> Answer:
    """A page that comes after a pause, each of which is short."""

    async def serve(exchange: Exchange) -> None:
        first = len(exchange.site.asked(exchange.hit.host, exchange.hit.path)) == 1
        pause = head("HTTP/1.1 429 Later", "Retry-After: 1", "Content-Length: 0", "Connection: close")
        await exchange.send(pause if first else answer(body))

    return serve


def host(seed: str, pages: dict[str, Answer], robots: bytes = b"") -> Routes:
    return {"/robots.txt": answer(robots, kind="text/plain"), "/feed.xml": listed(feed(*PATHS)), **pages}


def bodies(seed: str) -> dict[str, bytes]:
    return {path: page(f"{seed}{path}") for path in PATHS}


def report_of(scrapy: Cli) -> dict[str, Any]:
    """The report of the first run."""
    report: dict[str, Any] = json.loads(scrapy.lake.sink.get(report_key(scrapy.lake.manifests()[0].runId)))
    return report


def test_a_host_that_takes_its_time_is_left_to_the_next_run_and_the_report_says_so(scrapy: Cli) -> None:
    routes = {
        "trickling": host("trickling", {path: trickle(body) for path, body in bodies("trickling").items()}),
        "late": host("late", {path: late(body) for path, body in bodies("late").items()}),
        "delayed": host(
            "delayed", {path: answer(body) for path, body in bodies("delayed").items()}, b"User-agent: *\nCrawl-delay: 600\n"
        ),
        "away": host("away", {"*": answer(b"", "Retry-After: 86400", status="503 Later")}),
        "quick": host("quick", {path: answer(body) for path, body in bodies("quick").items()}),
    }
    slow = ("trickling", "late", "delayed", "away")
    with HostileSite(routes) as site:
        write_publishers(scrapy.folder / "publishers", site)
        crawled = run(scrapy, site, "-s", "NEWS_HOST_SECONDS=2", "-s", "RETRY_TIMES=1", "-s", "DOWNLOAD_TIMEOUT=10")
        report = report_of(scrapy)
        left = [(name, path) for name in slow for path in PATHS if crawled.outcome(name, path) == "none"]
        again = run(scrapy, site, "-a", "publishers=trickling", "-s", "RETRY_TIMES=1", "-s", "DOWNLOAD_TIMEOUT=10")
    assert crawled.done.code == 0, crawled.done.err
    assert crawled.done.seconds < 20
    assert crawled.missing("quick", *PATHS) == []
    assert set(report["left"]["hosts"]) == {site.origin(name).removeprefix("http://") for name in slow}
    assert all("NEWS_HOST_SECONDS" in why or "86400 s" in why for why in report["left"]["hosts"].values())
    assert report["left"]["pages"] == len([name for name, _ in left if name != "delayed"]) > 8, "of delayed no listing came"
    assert 2 <= 8 - len(crawled.missing("trickling", *PATHS)) < 8
    assert again.missing("trickling", *PATHS) == [], "nothing is lost"


def test_a_run_without_a_budget_has_one(scrapy: Cli) -> None:
    paths = [f"/story-{n}" for n in range(40)]
    pages = {path: trickle(page(f"trickling{path}")) for path in paths}
    with HostileSite({"trickling": {**host("trickling", pages), "/feed.xml": listed(feed(*paths))}}) as site:
        write_publishers(scrapy.folder / "publishers", site)
        crawled = run(scrapy, site, "-s", "NEWS_RUN_SECONDS=6", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    (manifest,) = scrapy.lake.manifests()
    report = report_of(scrapy)
    assert (crawled.done.code, manifest.verdict) == (0, "stopped"), crawled.done.err
    assert report["left"]["budgetUsed"] and report["left"]["pages"] > 0
    assert crawled.done.seconds < 6 * 1.1 + 4


def test_only_what_a_host_takes_itself_is_its_time() -> None:
    patience = Patience(10)
    patience.begin("a", 100)
    patience.begin("a", 101)
    patience.end("a", 103)
    patience.end("a", 104)
    assert patience.spent_s("a", 200) == 4, "two at once count once, and nothing counts between requests"
    patience.pause("a", 205, 200)
    assert patience.spent_s("a", 203) == 7
    patience.begin("a", 204)
    assert patience.spent_s("a", 206) == 10
    assert not patience.is_over("a", 206) and patience.is_over("a", 206, 0.1) and patience.is_over("a", 207)
    assert not Patience(0).is_over("b", 10**9)


@pytest.mark.parametrize("setting", ["NEWS_HOST_SECONDS=-1", "NEWS_RUN_SECONDS=long"])
def test_a_time_that_is_none_is_refused_before_the_run(scrapy: Cli, setting: str) -> None:
    (scrapy.folder / "publishers").mkdir()
    done = scrapy.run("crawl", "news", "-s", setting)
    assert done.code == 2
    assert f"{setting}: allowed is a number of seconds, 0 or more" in done.err
