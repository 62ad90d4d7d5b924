"""Traffic: requests, bytes and unchanged answers by publisher, for the metrics of a run."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.http import Request, Response

from crawler.reporting.summary import Traffic

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class TrafficByPublisher:
    """Counts into the statistic `run/traffic`; a request that names no publisher, such as for a robots.txt, stands under ""."""

    def __init__(self, crawler: Crawler) -> None:
        self.traffic: defaultdict[str, Traffic] = defaultdict(Traffic)
        crawler.stats.set_value("run/traffic", self.traffic)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.request_reached_downloader, signal=signals.request_reached_downloader)
        crawler.signals.connect(extension.response_downloaded, signal=signals.response_downloaded)
        return extension

    def request_reached_downloader(self, request: Request) -> None:
        self.traffic[publisher_of_request(request)].requests += 1

    def response_downloaded(self, response: Response, request: Request) -> None:
        traffic = self.traffic[publisher_of_request(request)]
        traffic.bytes += len(response.body)
        traffic.unchanged += response.status == 304


def publisher_of_request(request: Request) -> str:
    """The id of the publisher that a request is made for; empty where it names none."""
    known = request.cb_kwargs
    if link := known.get("link"):
        return str(link.publisher)
    return str(known["publisher"].id) if known.get("publisher") else ""
