"""Health: publishers from which a run got pages but no article, or nothing although they were visited for the first time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals

from pipelines.delivery.manifest import Manifest
from pipelines.items import Reason

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Fewer pages than this are chance: a notice, a gallery, a broken link.
MIN_PAGES = 3


class Health:
    """Warns of a publisher whose pages all ended without an article in this run, and names the commonest reason."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        manifest: Manifest | None = self.crawler.stats.get_value("run/manifest")
        for line in alarms(manifest) if manifest else ():
            logger.warning(line)


def alarms(manifest: Manifest) -> list[str]:
    """A sentence for each publisher that gave pages but no article; a page known already is none to worry about."""
    found = []
    for name, site in manifest.sites.items():
        failed = {reason: pages for reason, pages in site.rejected.items() if reason != Reason.UNCHANGED}
        if not site.articles and sum(failed.values()) >= MIN_PAGES:
            reason = max(failed, key=lambda r: failed[r])
            found.append(f"{name}: {sum(failed.values())} pages and no article, {failed[reason]} of them {reason}")
    return found
