"""What goes wrong between two machines costs the page: beside each fault the host's other articles arrive."""

from __future__ import annotations

from tests.cli import Cli
from tests.hostile.crawls import Crawled, crawl, host_of_fault
from tests.hostile.site import Answer
from tests.hostile.transport import FETCH, HOPS, STATUS, TRUNCATED, WHOLE_ONES

# What a redirect can end as beside `fetch`: the rules of the host that it leads to cannot be had.
REASONS = {
    "fetch": {"fetch", "robots"},
    "status": {"http_status", "empty"},
    "truncated": {"truncated"},
    "whole": {"article"},
}
# A page has 4 s here; a busy machine is late to notice.
LONGEST_S = 12
TABLES = {"fetch": FETCH, "status": STATUS, "truncated": TRUNCATED, "whole": WHOLE_ONES}
HOSTS: dict[str, tuple[str, str, Answer]] = {
    f"{table}-{number}": (table, name, bad)
    for table, faults in TABLES.items()
    for number, (name, bad) in enumerate(faults.items())
}


def test_each_fault_ends_as_its_page_and_nothing_else(scrapy: Cli) -> None:
    routes = {host: host_of_fault(bad, host, **HOPS) for host, (_, _, bad) in HOSTS.items()}
    with crawl(scrapy, routes) as crawled:
        wrong = {
            name: (crawled.outcome(host), crawled.missing(host))
            for host, (table, name, _) in HOSTS.items()
            if crawled.outcome(host) not in REASONS[table] or crawled.missing(host)
        }
    assert wrong == {}
    assert crawled.done.code == 0, crawled.done.err
    assert "Traceback" not in crawled.done.err
    assert "secret-word" not in crawled.done.err
    assert_bounded(crawled)


def assert_bounded(crawled: Crawled) -> None:
    """No exchange outlives a page's time, whatever the server does, and what is read of headers has its end."""
    site = crawled.site
    held = {hit.host: hit.ended - hit.began for hit in site.hits if hit.ended is not None and hit.ended - hit.began > LONGEST_S}
    assert held == {}
    floods = {
        name: hit.sent
        for host, (_, name, _) in HOSTS.items()
        for hit in site.asked(host, "/bad")
        if name.startswith("endless h") and hit.sent > 8 * 2**20
    }
    assert floods == {}, "a megabyte fills the buffers between the two; what is read beyond the limit shows here"
    assert crawled.peak_mib < 1024
    assert crawled.listening == set()
