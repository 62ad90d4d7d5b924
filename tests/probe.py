"""A crawl of given addresses by the network's parts alone: a task as JSON on stdin, each address's outcome and the statistics on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.network.failures import rejection


class Probe(Spider):
    """Asks for each of the `urls`; `outcomes` has what came of it."""

    name = "probe"

    def __init__(self, urls: list[str], outcomes: dict[str, Any], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls, self.outcomes = urls, outcomes

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)

    def parse(self, response: Response, asked: str) -> None:
        self.outcomes[asked] = {"status": response.status, "url": response.url, "bytes": len(response.body)}

    def failed(self, failure: Failure) -> None:
        assert failure.value is not None and failure.type is not None
        rejected, asked = rejection(failure.value), failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        told = {"reason": rejected.reason, "detail": rejected.detail, "retry": rejected.retry}
        self.outcomes[asked] = told | {"error": failure.type.__name__}


def main() -> None:
    task, outcomes = json.load(sys.stdin), dict[str, Any]()
    process = AsyncCrawlerProcess(task["settings"])
    crawler = process.create_crawler(Probe)
    process.crawl(crawler, urls=task["urls"], outcomes=outcomes)
    process.start()
    assert crawler.stats
    json.dump({"outcomes": outcomes, "stats": crawler.stats.get_stats()}, sys.stdout, default=str)


if __name__ == "__main__":
    main()
