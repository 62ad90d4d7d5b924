"""How often a host is asked, read in its log: by its latency, by what it states, two connections at most."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from tests.cli import Cli
from tests.hostile.answers import answer, feed, head, listed, page
from tests.hostile.crawls import Crawled, run, write_publishers
from tests.hostile.site import Answer, Exchange, Hit, HostileSite, Routes
from tests.hostile.transport import silence

PAGES = [f"/story-{n}" for n in range(6)]
ALLOWED = answer(b"User-agent: *\nAllow: /\n", kind="text/plain")


def after(seconds: float, body: bytes) -> Answer:
    """A page for which the server needs its time."""

    async def serve(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await exchange.send(body)

    return serve


def site_of(seed: str, latency_s: float = 0.0, robots: Answer = ALLOWED, **more: Answer) -> Routes:
    pages = {path: after(latency_s, answer(page(f"{seed}{path}"))) for path in PAGES}
    return {"/robots.txt": robots, "/feed.xml": listed(feed(*PAGES)), **pages, **more}


async def too_often(exchange: Exchange) -> None:
    """429 at first, the page when it is asked again."""
    asked = exchange.site.asked(exchange.hit.host, exchange.hit.path)
    first = head("HTTP/1.1 429 Slow down", "Retry-After: 3", "Content-Length: 0", "Connection: close")
    await exchange.send(first if len(asked) == 1 else answer(page("once more")))


def gaps_s(hits: list[Hit]) -> list[float]:
    return [later.began - earlier.began for earlier, later in pairwise(sorted(hits, key=lambda hit: hit.began))]


def most_at_once(hits: list[Hit]) -> int:
    return max(sum(other.began <= hit.began < (other.ended or hit.began) for other in hits) for hit in hits)


def pages_of(crawled: Crawled, host: str) -> list[Hit]:
    return [hit for hit in crawled.site.asked(host) if hit.path.startswith("/story-")]


def test_each_host_is_asked_as_often_as_it_can_bear(scrapy: Cli) -> None:
    delayed = answer(b"User-agent: *\nCrawl-delay: 1\n", kind="text/plain")
    routes = {
        "slow": site_of("slow", 0.6),
        "quick": site_of("quick"),
        "stated": site_of("stated", robots=delayed),
        "stated_slow": site_of("stated_slow", 0.5, robots=delayed),
        "paused": site_of("paused", **{PAGES[0]: too_often}),
        "dead": site_of("dead", **dict.fromkeys(PAGES, silence)),
    }
    with HostileSite(routes) as site:
        write_publishers(scrapy.folder / "publishers", site)
        options = (
            "-s",
            "DOWNLOAD_DELAY=0.05",
            "-s",
            "AUTOTHROTTLE_ENABLED=1",
            "-s",
            "DOWNLOAD_TIMEOUT=1",
            "-s",
            "NEWS_HOST_FAILURES=3",
            "-s",
            "RETRY_TIMES=1",
        )
        crawled = run(scrapy, site, "-s", "DOWNLOAD_DELAY=0.05", *options)
    assert crawled.done.code == 0, crawled.done.err
    arrived = {host: crawled.missing(host, *PAGES) for host in routes if host != "dead"}
    assert not any(arrived.values()), arrived
    assert max(most_at_once(site.asked(host)) for host in routes) <= 2
    # On a busy machine a request arrives late, and the next one that much sooner; the first two leave before a latency is known.
    assert min(gaps_s(pages_of(crawled, "slow"))[2:]) > 0.3, "about as long as the host needs"
    assert min(gaps_s(pages_of(crawled, "stated"))) > 0.9, "as the file states"
    assert min(gaps_s(pages_of(crawled, "stated_slow"))) > 0.9
    told = site.asked("paused", PAGES[0])[0]
    inside = [hit for hit in pages_of(crawled, "paused") if 0.5 < hit.began - told.began < 2.5]
    assert inside == [], "nothing in the time that the host asked for, but what had left before"
    asked = pages_of(crawled, "dead")
    assert len(asked) <= 4, "three without an answer, and one that had left"
    assert sum(crawled.outcome("dead", path) == "none" for path in PAGES) >= 2, "what was not asked for waits for the next run"
    assert "3 requests in a row got no answer" in crawled.done.err
    agents = {hit.headers["user-agent"] for hit in site.hits}
    assert agents == {"Dateline/0.1"}
