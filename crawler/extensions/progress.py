"""Progress: how far a crawl is, on a terminal while it runs. A job's log has LOGSTATS_INTERVAL instead."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Progress:
    """One line below the log: listings, pages claimed and done, articles, rejections. Off where stderr is no terminal."""

    def __init__(self, crawler: Crawler) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self.crawler = crawler
        self.bar = Bar(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(), console=_console(), transient=True,
        )  # fmt: skip

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not sys.stderr.isatty() or not crawler.settings.getbool("LOG_ENABLED"):
            raise NotConfigured
        extension = cls(crawler)
        for name in ("spider_opened", "spider_closed", "item_scraped", "item_dropped", "response_received"):
            crawler.signals.connect(getattr(extension, name), signal=getattr(signals, name))
        return extension

    def spider_opened(self) -> None:
        self.bar.start()
        # The log's handler was made before the bar took standard error over; through the bar it writes above the line.
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__:
                handler.setStream(sys.stderr)
        self.task = self.bar.add_task("pages", total=None, note="")

    def spider_closed(self) -> None:
        self.bar.stop()
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is not sys.stderr:
                handler.setStream(sys.stderr)

    def item_scraped(self) -> None:
        self._draw(1)

    def item_dropped(self) -> None:
        self._draw(1)

    def response_received(self) -> None:
        self._draw(0)

    def _draw(self, done: int) -> None:
        stats: dict[str, Any] = self.crawler.stats.get_stats()
        rejected = sum(n for name, n in stats.items() if name.startswith("page/rejected/"))
        listings = sum(n for name, n in stats.items() if name.startswith("listing/") and isinstance(n, int))
        note = f"{stats.get('page/article', 0)} articles, {rejected} rejected, {listings} listings"
        claimed = stats.get("page/claimed", 0)
        self.bar.update(self.task, advance=done, total=claimed or None, note=note)


def _console() -> Any:
    from rich.console import Console

    return Console(stderr=True)
