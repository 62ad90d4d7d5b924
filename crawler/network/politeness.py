"""What a site's owner asks for while pages are fetched: Retry-After, 429 and 503 pause the host, and a page has its seconds.

Delays between requests are in hosts.py, robots.txt in robots.py. Sources: RFC 9110 10.2.3 (Retry-After), RFC 6585 (429).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Final

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Request, Response

from crawler.network.certificates import Certificates
from crawler.network.headers import CappedFactory
from crawler.network.hosts import HostDownloader, HostPaused

# The pause after a 429 that names no time; default of NEWS_PAUSE_SECONDS.
PAUSE_S: Final = 30.0
_POLL_S: Final = 1.0  # how soon a held request notices that the run is ending
_LEAST_S: Final = 0.1  # what the last of a page's redirects may take when the others took it all
_NO_ANSWER: Final = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError)
_SPENT: Final = "page_seconds_spent"


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, which sends nothing to a paused host and hears when a host asks for a pause.

    DOWNLOAD_HANDLERS names it for http and https. It stands where a request leaves its slot: a request held here keeps its
    place in the slot, so the ones behind it wait too, and a download's time limit starts after the wait. DOWNLOAD_TIMEOUT is
    one page's, with all its redirects; response headers end at 64 KiB.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = CappedFactory
        self._contextFactory = Certificates(crawler)  # type: ignore[assignment]  # zope's interfaces are no types
        self._page_s = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def download_request(self, request: Request) -> Response:
        downloader = self._crawler.engine.downloader
        if not isinstance(downloader, HostDownloader):
            return await super().download_request(request)
        host = downloader.get_slot_key(request)
        if downloader.has_stated_delay(host):
            request.meta["autothrottle_dont_adjust_delay"] = True
        await self._turn(downloader, host)
        try:
            response = await self._within_page_time(request)
        except _NO_ANSWER:
            downloader.note_failure(host)
            raise
        downloader.note_answer(host)
        if seconds := pause_s(response, self._crawler.settings.getfloat("NEWS_PAUSE_SECONDS", PAUSE_S)):
            self._crawler.stats.inc_value("network/paused")
            downloader.pause(host, seconds)
        else:
            downloader.note_service(host)
        return response

    async def _within_page_time(self, request: Request) -> Response:
        """The response in what the redirects before it left of the page's time; a retry has what its first try had."""
        spent_s: float = request.meta.get(_SPENT, 0.0) if "redirect_times" in request.meta else 0.0
        request.meta["download_timeout"] = max(_LEAST_S, self._page_s - spent_s)
        began = monotonic()
        response = await super().download_request(request)
        request.meta[_SPENT] = spent_s + monotonic() - began
        return response

    async def _turn(self, downloader: HostDownloader, host: str) -> None:
        while left_s := downloader.pause_left_s(host):
            why = downloader.refusal(host)
            if why or self._is_ending():
                self._crawler.stats.inc_value("network/refused_paused")
                raise HostPaused(why or f"{host} is paused and the run ends")
            await asyncio.sleep(min(left_s, _POLL_S))

    def _is_ending(self) -> bool:
        engine = self._crawler.engine
        # Scrapy has no public word for a spider that is closing while the engine still runs.
        return not engine.running or (engine._slot is not None and engine._slot.closing is not None)


def pause_s(response: Response, default_s: float = PAUSE_S, now: datetime | None = None) -> float:
    """The seconds for which a response pauses its host: Retry-After with 429 or 503, `default_s` for a bare 429, else 0."""
    if response.status not in (429, 503):
        return 0.0
    asked_s = _retry_after_s((response.headers.get("Retry-After") or b"").decode("latin-1").strip(), now)
    if asked_s is None:
        return default_s if response.status == 429 else 0.0
    return max(0.0, asked_s)


def _retry_after_s(value: str, now: datetime | None) -> float | None:
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (when - (now or datetime.now(UTC))).total_seconds()
