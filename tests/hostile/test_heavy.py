"""Pages that are too much for a parser cost their worker's time and no other page."""

from __future__ import annotations

from tests.cli import Cli
from tests.hostile.crawls import crawl, host_of_fault
from tests.hostile.documents import HEAVY

# One of each kind; the whole table takes minutes.
TRIED = (
    "100,000 nested elements", "200,000 attributes", "500,000 paragraphs", "10 MB of JSON-LD", "nested JSON-LD", "9 MB of comments",
    "one word of 9 MB", "9 MB of ampersands", "a text of copyrights", "spaces before a charset", "an address of 1 MB", "open quotes",
)  # fmt: skip
ENDS = {"article", "timeout", "memory", "no_article"}


def test_a_page_that_holds_its_worker_costs_itself_alone(scrapy: Cli) -> None:
    hosts = {f"heavy{number}": name for number, name in enumerate(TRIED)}
    routes = {host: host_of_fault(HEAVY[name], host) for host, name in hosts.items()}
    with crawl(scrapy, routes, NEWS_PAGE_SECONDS="2", NEWS_WORKERS="2") as crawled:
        wrong = {
            name: (crawled.outcome(host), crawled.missing(host))
            for host, name in hosts.items()
            if crawled.outcome(host) not in ENDS or crawled.missing(host)
        }
    assert wrong == {}
    assert crawled.done.code == 0, crawled.done.err
    assert "Traceback" not in crawled.done.err
    assert crawled.peak_mib < 1024
