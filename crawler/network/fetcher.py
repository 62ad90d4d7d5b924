"""Given pages fetched by the rules of a crawl: robots.txt, the address guard, the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.network.failures import rejection
from crawler.network.pages import page_of
from pipelines.items import Link, Page, Rejected
from pipelines.values import Via

if TYPE_CHECKING:
    from twisted.python.failure import Failure


class PagesSpider(Spider):
    """Puts the page of each of the `urls`, or why there is none, into `got`."""

    name = "pages"

    def __init__(self, urls: list[str], fetched_at: datetime, got: dict[str, Page | Rejected], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls, self.fetched_at, self.got = urls, fetched_at, got

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, self.parse, cb_kwargs={"url": url}, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, url: str) -> None:
        self.got[url] = page_of(response, Link(url, "", Via.GIVEN), self.fetched_at)

    def failed(self, failure: Failure) -> None:
        self.got[failure.request.cb_kwargs["url"]] = rejection(failure.value)  # type: ignore[attr-defined]
