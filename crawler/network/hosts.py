"""One slot a host, with the host's own delay and pause, and a queue in which no host takes the others' places.

Scrapy's slot is the host name without its port, it stays with a request that is redirected to another host, and a host that is
slow or paused can fill CONCURRENT_REQUESTS until nothing else moves. All three are changed here, by Scrapy's own settings.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from time import monotonic
from typing import Final

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.pqueues import DownloaderAwarePriorityQueue
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings

from crawler.publishers import load
from pipelines.normalizers.urls import host_of

logger = logging.getLogger(__name__)

# The longest Crawl-delay that is obeyed as written; a longer one would let a host set the length of a run.
CRAWL_DELAY_MAX_S: Final = 30.0
# How long a host may be waited for; default of NEWS_PAUSE_MAX_SECONDS. One that asks for more is left alone for this run.
PAUSE_MAX_S: Final = 600.0
# Requests in a row that got no answer at all, after which a host is left alone for this run; default of NEWS_HOST_FAILURES.
HOST_FAILURES: Final = 10


class HostDownloader(Downloader):
    """Scrapy's downloader with a slot for each host and port, the publishers' delays, Crawl-delay, and pauses.

    DOWNLOADER names it. A delay that a publisher file or a robots.txt states is kept without jitter; the longer one counts.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.pause_max_s = crawler.settings.getfloat("NEWS_PAUSE_MAX_SECONDS", PAUSE_MAX_S)
        self._user_agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._paused_until: dict[str, float] = {}
        self._paused_s: defaultdict[str, float] = defaultdict(float)  # since the host last gave what was asked for
        self._failures_max = crawler.settings.getint("NEWS_HOST_FAILURES", HOST_FAILURES)
        self._failures: Counter[str] = Counter()
        self._stated: dict[str, float] = {}
        for host, delay_s in _publishers_delays(crawler.settings).items():
            self.state_delay(host, delay_s)
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    def get_slot_key(self, request: Request) -> str:
        """The request's host, with its port unless that is 80 or 443; by its URL alone, wherever it was redirected from."""
        return host_of(request.url).removesuffix(":80").removesuffix(":443")

    def state_delay(self, host: str, delay_s: float) -> None:
        """Keeps at least so many seconds between requests to the host, from now on."""
        self._stated[host] = max(delay_s, self._stated.get(host, 0.0))
        self.per_slot_settings[host] = {**self.per_slot_settings.get(host, {}), "delay": self._stated[host], "jitter": 0.0}
        if slot := self.slots.get(host):
            slot.delay, slot.jitter = self._stated[host], 0.0

    def has_stated_delay(self, host: str) -> bool:
        """Whether a publisher file or a robots.txt sets the host's delay, so that AutoThrottle must not."""
        return host in self._stated

    def pause(self, host: str, seconds: float) -> None:
        """Sends nothing to the host for so many seconds; an earlier pause is never shortened.

        A host whose pauses come to more than NEWS_PAUSE_MAX_SECONDS without a page between them is left alone for this run.
        """
        now, until = monotonic(), self._paused_until.get(host, 0.0)
        self._paused_until[host] = max(now + seconds, until)
        self._paused_s[host] += self._paused_until[host] - max(now, until)
        if seconds <= self.pause_max_s < self._paused_s[host] < float("inf"):
            logger.warning(
                "%s: %g s of pauses brought nothing but the next one; it is left alone for this run", host, self.pause_max_s
            )
            self._give_up(host)

    def pause_left_s(self, host: str) -> float:
        """The seconds until the host may be asked again; 0 if it may be asked now."""
        return max(0.0, self._paused_until.get(host, 0.0) - monotonic())

    def drain(self) -> None:
        """Hand on what waits for its host's delay; its handler must send none of it. A run that ends would wait for each."""
        for slot in self.slots.values():
            slot.delay = slot.jitter = 0.0
            slot.close()
            self._process_queue(slot)

    def note_answer(self, host: str) -> None:
        """The host answered, whatever it said."""
        self._failures.pop(host, None)

    def note_service(self, host: str) -> None:
        """The host answered and asked for no pause."""
        self._paused_s.pop(host, None)

    def note_failure(self, host: str) -> None:
        """A request to the host got no answer; after NEWS_HOST_FAILURES in a row the host is left alone for this run."""
        self._failures[host] += 1
        if self._failures[host] == self._failures_max:
            logger.warning("%s: %d requests in a row got no answer; it is left alone for this run", host, self._failures_max)
            self._give_up(host)

    def _give_up(self, host: str) -> None:
        self.crawler.stats.inc_value("network/given_up_hosts")
        self._paused_until[host] = self._paused_s[host] = float("inf")

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        if delay_s := robotparser.crawl_delay(self._user_agent):
            self.state_delay(self.get_slot_key(request), min(delay_s, CRAWL_DELAY_MAX_S))


class HostQueue(DownloaderAwarePriorityQueue):
    """Scrapy's queue by slots, which leaves a request where it is while its host is busy or paused.

    SCHEDULER_PRIORITY_QUEUE names it. Busy counts every request on its way, also those that wait for a robots.txt.
    A host that asks for a longer pause than NEWS_PAUSE_MAX_SECONDS is not waited for: its requests come out and fail.
    """

    def pop(self) -> Request | None:
        held = {slot: self.pqueues.pop(slot) for slot in self._waiting()}
        try:
            return super().pop()
        finally:
            self.pqueues.update(held)

    def _waiting(self) -> list[str]:
        downloader = self.crawler.engine.downloader
        active = Counter(map(downloader.get_slot_key, downloader.active))
        return [slot for slot in self.pqueues if active[slot] >= _places(downloader, slot) or _is_paused(downloader, slot)]


def _places(downloader: Downloader, slot: str) -> int:
    known = downloader.slots.get(slot)
    return known.concurrency if known else downloader.domain_concurrency


def _is_paused(downloader: Downloader, slot: str) -> bool:
    return isinstance(downloader, HostDownloader) and 0 < downloader.pause_left_s(slot) <= downloader.pause_max_s


def _publishers_delays(settings: BaseSettings) -> dict[str, float]:
    publishers = load(settings).values()
    return {host: p.discover.delay for p in publishers if p.discover.delay is not None for host in p.hosts}
