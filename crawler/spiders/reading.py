"""Reading: a run's listings in its extraction workers, so that none holds the run: a page that is too much for a parser can be one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from scrapy.http import Response

from crawler.discovery.listing import Listing
from crawler.discovery.reader import Home, read_feeds, read_home, read_newest
from crawler.discovery.sitemaps import SITEMAP_BYTES
from crawler.network.encodings import GZIP_MAGIC
from crawler.network.pages import charset_of, page_of
from pipelines import clock
from pipelines.desk import GivenUp
from pipelines.items import Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import guarded

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from pipelines.item_pipelines import ArticlePipeline

logger = logging.getLogger(__name__)

T = TypeVar("T")
_STRANGERS: Final = (
    "%s: %d addresses are not taken, their hosts are not the publisher's: %s. If they are to be fetched, name the hosts in "
    "link_hosts of its file, or with -a hosts"
)
_SHOWN_HOSTS, _HOST_CHARS = 3, 100
MAX_LINKS: Final = 5_000  # a listing's newest links that one run looks at


class Reading:
    """Reads one listing at a time: a tree takes many times its bytes. Without a pipeline (`scrapy shell`) it reads in a thread.

    A listing over a page's limits is a Rejected; None is one that the end of the run left unread.
    """

    def __init__(self, pipeline: ArticlePipeline | None) -> None:
        self._pipeline = pipeline
        self._turn = asyncio.Lock()

    async def newest(self, response: Response, publisher: Publisher, since: datetime | None) -> Listing | Rejected | None:
        """Any listing, with its MAX_LINKS newest links of those that are not older than `since`."""
        return await self._read(partial(read_newest, since=since, most=MAX_LINKS), response, publisher)

    async def home(self, response: Response, publisher: Publisher) -> Home | Rejected | None:
        """The feeds that a home page names, and its article links."""
        return await self._read(read_home, response, publisher)

    async def feeds(self, response: Response, publisher: Publisher) -> list[str] | Rejected | None:
        """The feeds that a page names."""
        return await self._read(read_feeds, response, publisher)

    async def _read(self, read: Callable[..., T], response: Response, publisher: Publisher) -> T | Rejected | None:
        page = page_of(response, Link(response.url, publisher.id), clock.now())
        work = partial(guarded, partial(read, charset=charset_of(response)))
        async with self._turn:
            if self._pipeline is None:
                return await asyncio.to_thread(work, page, publisher)
            try:
                found = await self._pipeline.desk.worked(work, page, publisher, _size(page))
            except GivenUp:
                return None
        if isinstance(found, Rejected) and found.reason is Reason.CRASHED:
            # A page that crashes goes into quarantine; a listing would only bring nothing, and the run look well.
            self._pipeline.note_fault()
        return found


def _size(page: Page) -> int:
    """The bytes to reckon with: what is zipped tells nothing of its size."""
    return SITEMAP_BYTES if page.body.startswith(GZIP_MAGIC) else len(page.body)


def note(listing: Listing, url: str, stats: StatsCollector) -> None:
    """Count what a listing is and what of it is refused; a person is told of faults, and of hosts that are not the publisher's."""
    stats.inc_value(f"listing/{listing.kind}")
    if listing.fault:
        stats.inc_value("listing/fault")
        logger.warning("%s: %s", url, listing.fault)
    if listing.refused:
        stats.inc_value("discovery/refused_scheme", listing.refused)
    if listing.strangers:
        addresses = sum(listing.strangers.values())
        stats.inc_value("discovery/refused_host", addresses)
        # Feeds name other sites for good reasons; one that names nothing else is in the wrong file.
        level = logging.INFO if listing.links or listing.nested else logging.WARNING
        logger.log(level, _STRANGERS, url, addresses, _shown(listing.strangers))


def _shown(strangers: dict[str, int]) -> str:
    """The hosts that are named most often."""
    hosts = [host[:_HOST_CHARS] for host in sorted(strangers, key=lambda host: -strangers[host])]
    return ", ".join(hosts[:_SHOWN_HOSTS]) + (f" and {len(hosts) - _SHOWN_HOSTS} more" if len(hosts) > _SHOWN_HOSTS else "")
