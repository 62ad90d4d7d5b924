"""Progress: how far a crawl is, on a terminal while it runs. A job's log has LOGSTATS_INTERVAL instead."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.utils.trackref import iter_all

from crawler.extensions.traffic import publisher_of_request

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

# Rate and time left are those of the last minute: hosts answer slower and faster in the course of a run.
WINDOW_S: Final = 60.0
# Going through the requests that wait takes a millisecond where they are thousands.
LOOK_S: Final = 1.0
# What is a fault of the site or of the network, not of a page's text.
_FAILED: Final = (
    "page/rejected/fetch",
    "page/rejected/http_status",
    "page/rejected/timeout",
    "listing/failed/",
    "spider_exceptions/",
)


class Progress:
    """Two lines below the log: publishers done, pages claimed and done, rate, time left; articles, rejections, listings, errors.

    Off where stderr is no terminal. A publisher is done when it was visited and no request of it is waiting or on its way.
    """

    def __init__(self, crawler: Crawler) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self.crawler = crawler
        self.pace = Pace()
        self._seen: set[str] = set()
        self._looked = 0.0
        self.bar = Bar(
            TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("{task.fields[note]}"),
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
        self.publishers = self.bar.add_task("publishers", total=None, note="")
        self.pages = self.bar.add_task("pages", total=None, note="")

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
        stats, now = self.crawler.stats.get_stats(), time.monotonic()
        self.pace.note(now, done)
        claimed = stats.get("page/claimed", 0)
        note = f"{self.pace.a_minute(now):.0f} a minute{self._left(claimed, now)}"
        self.bar.update(self.pages, completed=self.pace.done, total=claimed or None, note=note)
        self.bar.update(self.publishers, note=tally(stats))
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._draw_publishers()

    def _draw_publishers(self) -> None:
        busy = {publisher_of_request(request) for request in iter_all("Request") if isinstance(request, Request)} - {""}
        self._seen |= busy
        plan = getattr(self.crawler.spider, "plan", None)
        total = len(plan.publishers) if plan else len(self._seen)
        self.bar.update(self.publishers, completed=len(self._seen - busy), total=total or None)

    def _left(self, claimed: int, now: float) -> str:
        seconds = self.pace.left_s(claimed, now)
        return "" if seconds is None else f", {seconds // 60:.0f}:{seconds % 60:02.0f} left"


class Pace:
    """How many pages are done, and how fast the last ones were."""

    def __init__(self) -> None:
        self.done = 0
        self._began: float | None = None
        self._marks: deque[float] = deque()

    def note(self, now: float, done: int) -> None:
        """Count pages that are done now, in seconds of any one clock."""
        self._began = now if self._began is None else self._began
        self.done += done
        self._marks.extend([now] * done)

    def a_minute(self, now: float) -> float:
        """Pages a minute over the last minute, or since the beginning where that is less."""
        while self._marks and self._marks[0] < now - WINDOW_S:
            self._marks.popleft()
        span = min(WINDOW_S, now - self._began) if self._began is not None else 0.0
        return 60 * len(self._marks) / span if span else 0.0

    def left_s(self, claimed: int, now: float) -> float | None:
        """Seconds until the claimed pages are done at this pace; None while nothing tells."""
        rate = self.a_minute(now)
        return 60 * max(0, claimed - self.done) / rate if rate else None


def tally(stats: Mapping[str, Any]) -> str:
    """The counts of a run until now, in a line.

    >>> tally({"page/article": 7, "page/rejected/fetch": 1, "listing/feed": 2, "listing/failed/fetch": 1})
    '7 articles, 1 rejected, 2 listings, 2 errors'
    """
    rejected = _sum(stats, "page/rejected/")
    listings = sum(stats.get(f"listing/{kind}", 0) for kind in ("feed", "sitemap", "html", "unchanged"))
    errors = sum(_sum(stats, prefix) for prefix in _FAILED)
    return f"{stats.get('page/article', 0)} articles, {rejected} rejected, {listings} listings, {errors} errors"


def _sum(stats: Mapping[str, Any], prefix: str) -> int:
    return sum(count for name, count in stats.items() if name.startswith(prefix) and isinstance(count, int))


def _console() -> Any:
    from rich.console import Console

    return Console(stderr=True)
