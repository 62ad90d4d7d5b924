"""Ending: a run that is asked to stop (SIGTERM, Ctrl-C) ends in seconds, however slow a site or a page is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy import signals
from scrapy.http import Request, Response

from crawler.network.politeness import HostPaused, PoliteHandler
from pipelines.item_pipelines import ArticlePipeline

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

# A supervisor kills after 10 s (Docker) to 90 s (systemd); most pages on their way are done in this time.
GRACE_S: Final = 5.0
_POLL_S: Final = 0.1  # how soon a stop is noticed: Scrapy has no signal for its beginning


class RunEnding(HostPaused):
    """The run was asked to stop while the request was on its way; a later run tries it again, as it does a paused host."""


class Ending:
    """GRACE_S after a stop, the requests on their way fail and the pages under extraction are left to the next run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.over = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._watch = asyncio.ensure_future(self._watched())

    def spider_closed(self) -> None:
        self._watch.cancel()

    async def _watched(self) -> None:
        while self.crawler.crawling:
            await asyncio.sleep(_POLL_S)
        await asyncio.sleep(GRACE_S)
        self.over.set()
        if pipeline := self.crawler.get_item_pipeline(ArticlePipeline):
            pipeline.give_up()


class EndingHandler(PoliteHandler):
    """The polite handler, whose requests fail with RunEnding when the run may wait for them no longer."""

    async def download_request(self, request: Request) -> Response:
        ending = self._crawler.get_extension(Ending)
        if ending is None:
            return await super().download_request(request)
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
