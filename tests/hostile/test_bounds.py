"""What a run may take: time by its budget and after SIGTERM, memory at any moment, and no port to listen on."""

from __future__ import annotations

import re
import signal

from tests.cli import Cli, wait_until
from tests.hostile.answers import answer, feed, head, listed, page
from tests.hostile.crawls import QUICK, Watch, crawl, host_of_fault, write_publishers
from tests.hostile.documents import heavy, in_head
from tests.hostile.site import Exchange, HostileSite, Routes
from tests.hostile.transport import drip, silence

BUDGET_S = 15
MIB = 2**20


async def a_feed_without_end(exchange: Exchange) -> None:
    """Another thousand articles each time it is asked."""
    paths = [f"/more-{len(exchange.site.hits)}-{n}" for n in range(1000)]
    await exchange.send(exchange.site.fill(exchange.hit.host, listed(feed(*paths))))


def slow_hosts() -> dict[str, Routes]:
    endless: Routes = {"/feed.xml": a_feed_without_end, "*": answer(page("endless"))}
    return {
        "endless": endless,
        "silent": host_of_fault(silence, "silent"),
        "dripping": host_of_fault(drip(head("HTTP/1.1 200 OK", "Content-Length: 1000000"), b"a"), "dripping"),
        "heavy": host_of_fault(heavy(b"<p>word</p>" * 500_000), "heavy"),
        "no_rules": {"/robots.txt": silence},
    }


def test_a_run_ends_within_a_tenth_of_its_budget_with_all_delivered(scrapy: Cli) -> None:
    options = (
        "-a",
        f"budget={BUDGET_S}",
        "-s",
        "DOWNLOAD_TIMEOUT=30",
        "-s",
        "NEWS_PAGE_SECONDS=60",
        "-s",
        "DOWNLOAD_DELAY=0.05",
    )
    # Two workers: the heavy page holds one of them for all of the run, and the endless site's pages must leave the other one time.
    with crawl(scrapy, slow_hosts(), *options, NEWS_WORKERS="2") as crawled:
        pass
    assert crawled.done.code == 0, crawled.done.err
    assert "Traceback" not in crawled.done.err
    (manifest,) = scrapy.lake.manifests()
    assert (manifest.verdict, manifest.counts.articles) == ("stopped", len(crawled.articles))
    assert crawled.missing("silent") == crawled.missing("dripping") == crawled.missing("heavy") == []
    assert 0.85 * BUDGET_S <= crawled.done.seconds <= 1.1 * BUDGET_S


def test_sigterm_ends_a_run_amid_all_that_is_slow_within_20_seconds(scrapy: Cli) -> None:
    with HostileSite(slow_hosts()) as site:
        write_publishers(scrapy.folder / "publishers", site)
        options = (*QUICK, "-s", "DOWNLOAD_TIMEOUT=30", "-s", "NEWS_PAGE_SECONDS=60")
        with scrapy.started("crawl", "news", *options) as run:
            slow = ("silent", "dripping", "heavy")
            wait_until(lambda: all(site.asked(host, "/bad") for host in slow) and site.asked("no_rules"), "the slow pages")
            run.process.send_signal(signal.SIGTERM)
            done = run.ended(20)
            wait_until(lambda: not run.family(), "the end of the workers")
    assert (done.code, "Traceback" in done.err) == (0, False), done.err
    assert scrapy.lake.manifests()[0].verdict == "stopped"
    assert scrapy.lake.unnamed() == []


def test_a_run_holds_less_than_a_gibibyte_whatever_it_is_sent(scrapy: Cli) -> None:
    """More hosts than are asked at once send the largest page that is read, and stop before its end; others send what fills a worker."""
    largest = b"<p>" + b"a" * (10 * MIB - 200)
    held = drip(head("HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(largest) + 100}") + largest, b"a")
    routes = {f"large{n}": host_of_fault(held, f"large{n}") for n in range(34)}
    routes |= {f"whole{n}": host_of_fault(answer(largest), f"whole{n}") for n in range(20)}
    routes |= {f"tiny{n}": host_of_fault(heavy(b"<p>a" * 400_000), f"tiny{n}") for n in range(3)}
    routes |= {
        f"json{n}": host_of_fault(
            in_head(b'<script type="application/ld+json">[' + b"{}," * 600_000 + b"{}]</script>"), f"json{n}"
        )
        for n in range(2)
    }
    with crawl(scrapy, routes, "-s", "NEWS_PAGE_SECONDS=3", "-s", "DOWNLOAD_TIMEOUT=5", NEWS_WORKERS="4") as crawled:
        pass
    assert crawled.done.code == 0, crawled.done.err
    assert {host: missing for host in routes if (missing := crawled.missing(host))} == {}
    assert crawled.peak_mib < 1024


def test_no_process_of_a_run_listens(scrapy: Cli) -> None:
    with HostileSite({"one": host_of_fault(silence, "one")}) as site:
        write_publishers(scrapy.folder / "publishers", site)
        with scrapy.started("crawl", "news", *QUICK, executed=True) as run, Watch(run.family) as watch:
            wait_until(lambda: site.asked("one", "/bad") and watch.looks > 2, "the run to be under way")
            assert run.ended().code == 0
    assert (watch.listening, watch.looks > 2) == (set(), True)
    assert re.search(r"spider.*finished", run.log(), re.I | re.S)
