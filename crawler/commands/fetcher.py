"""One page fetched by the rules of a crawl: robots.txt, the address guard, the limits."""

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


class OnePageSpider(Spider):
    """Puts the page of `url`, or why there is none, into the list `got`."""

    name = "one_page"

    def __init__(self, url: str, fetched_at: datetime, got: list[Page | Rejected], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.url, self.fetched_at, self.got = url, fetched_at, got

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.parse, errback=self.failed)

    def parse(self, response: Response) -> None:
        self.got.append(page_of(response, Link(self.url, "", Via.GIVEN), self.fetched_at))

    def failed(self, failure: Failure) -> None:
        self.got.append(rejection(failure.value))
