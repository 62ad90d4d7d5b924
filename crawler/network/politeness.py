"""What a site's owner asks for: robots.txt by RFC 9309, and Retry-After, 429 and 503, which pause the host.

Delays between requests are in hosts.py. Sources: RFC 9309 (robots.txt), RFC 9110 10.2.3 (Retry-After), RFC 6585 (429).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from crawler.network.hosts import HostDownloader

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

# RFC 9309, 2.5: a crawler must read at least 500 KiB; what follows is ignored.
ROBOTS_BYTES: Final = 500 * 1024
# The pause after a 429 that names no time; default of NEWS_PAUSE_SECONDS.
PAUSE_S: Final = 30.0
_POLL_S: Final = 1.0  # how soon a held request notices that the run is ending


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the address, or could not be had (`unreachable`), which forbids all of the host for this run."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class HostPaused(IgnoreRequest):
    """The host asked to be left alone for longer than this run waits."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with RFC 9309's answers to failure: 4xx allows, 5xx, timeouts and resets mean stop.

    Scrapy allows in both cases, and reads a 404's page as if it were rules. 429 counts as 5xx: it says that the server
    is there and wants fewer requests. It stands in RobotsTxtMiddleware's place (100) and obeys the same settings.
    """

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _Unreachable):
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsRefused(rp.reason, unreachable=True)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise RobotsRefused(f"robots.txt forbids {request.url}") from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            self._settle(netloc, _Unreachable(f"{response.url} answers {response.status}, so the host is left alone"))
            return
        body = response.body[:ROBOTS_BYTES] if 200 <= response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # A refused address refuses the page as well, with the better reason; too many redirects mean that there is no
        # robots.txt (RFC 9309, 2.3.1.2).
        if isinstance(exc, IgnoreRequest) and not isinstance(exc, HostPaused):
            super()._robots_error(exc, netloc)
            return
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
        reason = f"robots.txt of {netloc} cannot be had, so the host is left alone: {type(exc).__name__}: {exc}"
        self._settle(netloc, _Unreachable(reason))

    def _settle(self, netloc: str, parser: RobotParser) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        waiting.callback(parser)  # type: ignore[union-attr]


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, which sends nothing to a paused host and hears when a host asks for a pause.

    DOWNLOAD_HANDLERS names it for http and https. It stands where a request leaves its slot: a request held here keeps its
    place in the slot, so the ones behind it wait too, and a download's time limit starts after the wait.
    """

    async def download_request(self, request: Request) -> Response:
        downloader = self._crawler.engine.downloader
        if not isinstance(downloader, HostDownloader):
            return await super().download_request(request)
        host = downloader.get_slot_key(request)
        if downloader.has_stated_delay(host):
            request.meta["autothrottle_dont_adjust_delay"] = True
        await self._turn(downloader, host)
        response = await super().download_request(request)
        if seconds := pause_s(response, self._crawler.settings.getfloat("NEWS_PAUSE_SECONDS", PAUSE_S)):
            self._crawler.stats.inc_value("network/paused")
            downloader.pause(host, seconds)
        return response

    async def _turn(self, downloader: HostDownloader, host: str) -> None:
        while left_s := downloader.pause_left_s(host):
            if left_s > downloader.pause_max_s or self._is_ending():
                self._crawler.stats.inc_value("network/refused_paused")
                raise HostPaused(f"{host} asked to be left alone for {left_s:.0f} s more")
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
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (when - (now or datetime.now(UTC))).total_seconds()


class _Unreachable(RobotParser):
    """The rules of a robots.txt that could not be had: nothing is allowed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        return cls(robotstxt_body.decode("utf-8", "replace"))

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False
