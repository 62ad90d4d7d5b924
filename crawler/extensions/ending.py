"""Ending: a run that is asked to stop (SIGTERM, Ctrl-C, its budget) ends in seconds, however slow a site or a page is."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy import signals
from scrapy.http import Request, Response

from crawler.network.hosts import HostDownloader, HostPaused
from crawler.network.politeness import PoliteHandler
from pipelines.item_pipelines import ArticlePipeline

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# A supervisor kills after 10 s (Docker) to 90 s (systemd); most pages on their way are done in this time.
GRACE_S: Final = 5.0
# A short budget's grace is this share of it.
GRACE_SHARE: Final = 0.1
_START_S: Final = 60.0  # no start takes longer
_POLL_S: Final = 0.1  # how soon a stop is noticed: Scrapy has no signal for its beginning


class RunEnding(HostPaused):
    """The run was asked to stop while the request was on its way; a later run tries it again, as it does a paused host."""


class Ending:
    """Stops a run whose budget is used up (`-a budget=SECONDS`), and ends a stopped one.

    After a stop what is on its way has its grace; then the requests fail and the pages under extraction are left to the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.over = asyncio.Event()
        self._grace_s = GRACE_S

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._watch = asyncio.ensure_future(self._watched())
        budget_s: float | None = getattr(self.crawler.spider, "budget_s", None)
        self._limit = asyncio.ensure_future(self._limited(budget_s)) if budget_s else None

    def spider_closed(self) -> None:
        self._watch.cancel()
        if self._limit:
            self._limit.cancel()

    async def _limited(self, budget_s: float) -> None:
        """Stop so early that the grace ends with the budget; what is delivered after it has the budget's last tenth."""
        self._grace_s = min(GRACE_S, GRACE_SHARE * budget_s)
        await asyncio.sleep(max(0.0, budget_s - self._grace_s - process_age_s()))
        logger.warning(
            "The run's %g s (-a budget, NEWS_RUN_SECONDS) are used up: no new request is sent, the rest is the next run's",
            budget_s,
        )
        self.crawler.stats.set_value("run/budget_used", True)
        # Not awaited: the end of the run cancels this very task.
        self._stopping = asyncio.ensure_future(self.crawler.stop_async())

    async def _watched(self) -> None:
        while self.crawler.crawling:
            await asyncio.sleep(_POLL_S)
        await asyncio.sleep(self._grace_s)
        self.over.set()
        assert self.crawler.engine is not None
        if isinstance(downloader := self.crawler.engine.downloader, HostDownloader):
            downloader.drain()
        if pipeline := self.crawler.get_item_pipeline(ArticlePipeline):
            pipeline.give_up()


def process_age_s() -> float:
    """The seconds since this process was started, by proc(5): its imports are part of a run's budget. 0 where there is no /proc."""
    try:
        ticks = float(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError):
        return 0.0
    # A container may have a boot time of its own.
    return age_s if 0 < age_s < _START_S else 0.0


class EndingHandler(PoliteHandler):
    """The polite handler, whose requests fail with RunEnding when the run may wait for them no longer."""

    async def download_request(self, request: Request) -> Response:
        ending = self._crawler.get_extension(Ending)
        if ending is None:
            return await super().download_request(request)
        if ending.over.is_set():
            raise RunEnding(f"the run was asked to stop before {request.url} was asked for")
        response = asyncio.ensure_future(super().download_request(request))
        over = asyncio.ensure_future(ending.over.wait())
        try:
            await asyncio.wait((response, over), return_when=asyncio.FIRST_COMPLETED)
            if response.done():
                return response.result()
            raise RunEnding(f"the run was asked to stop before {request.url} was fetched")
        finally:
            over.cancel()
            response.cancel()
