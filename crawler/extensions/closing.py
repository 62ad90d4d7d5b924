"""What extensions share that speak once, at the end of a run whose manifest is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from scrapy import signals

from pipelines.delivery.manifest import Manifest

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Closing(ABC):
    """Hands a run's manifest to `report`; a run that could not be delivered has none, and the pipeline says why."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        manifest: Manifest | None = self.crawler.stats.get_value("run/manifest")
        if manifest is not None:
            self.report(manifest)

    @abstractmethod
    def report(self, manifest: Manifest) -> None:
        """Say what the manifest shows."""
