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
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.pqueues import DownloaderAwarePriorityQueue
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings

from crawler.network.patience import HOST_SECONDS, Patience
from crawler.publishers import load
from pipelines.normalizers.urls import host_of

logger = logging.getLogger(__name__)

# The longest Crawl-delay that is obeyed as written; a longer one would let a host set the length of a run.
CRAWL_DELAY_MAX_S: Final = 30.0
# How long a host may be waited for; default of NEWS_PAUSE_MAX_SECONDS. One that asks for more is left alone for this run.
PAUSE_MAX_S: Final = 600.0
# Requests in a row that got no answer at all, after which a host is left alone for this run; default of NEWS_HOST_FAILURES.
HOST_FAILURES: Final = 10


class HostPaused(IgnoreRequest):
    """Nothing was sent: the host asked to be left alone for longer than this run waits, it does not answer, or its time is up."""


class HostDownloader(Downloader):
    """Scrapy's downloader with a slot for each host and port, the publishers' delays, Crawl-delay, pauses, and an end of patience.

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
        self._patience = Patience(crawler.settings.getfloat("NEWS_HOST_SECONDS", HOST_SECONDS))
        self.left_alone: dict[str, str] = {}  # hosts that get no more requests of this run, and why
        self._stated: dict[str, float] = {}
        for host, delay_s in _publishers_delays(crawler.settings).items():
            self.state_delay(host, delay_s)
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    def get_slot_key(self, request: Request) -> str:
        """The request's host, with its port unless that is 80 or 443; by its URL alone, wherever it was redirected from."""
        return host_of(request.url).removesuffix(":80").removesuffix(":443")

    async def _enqueue_request(self, request: Request) -> Response:
        """Scrapy's way into a host's slot. A host that is not waited for has no place there: each request would wait its delay."""
        host = self.get_slot_key(request)
        if self._patience.is_over(host, monotonic(), self._wait_s(host)):
            self._leave_alone(host, f"it has had the {self._patience.limit_s:g} s that NEWS_HOST_SECONDS gives a host")
        if why := self.refusal(host):
            self.crawler.stats.inc_value("network/refused_paused")
            raise HostPaused(why)
        self._patience.begin(host, monotonic())
        try:
            return await super()._enqueue_request(request)
        finally:
            self._patience.end(host, monotonic())

    def _wait_s(self, host: str) -> float:
        """The seconds that one more request would wait for the host's delay."""
        slot = self.slots.get(host)
        return max(0.0, slot.delay * (1 + len(slot.queue)) - (monotonic() - slot.lastseen)) if slot else 0.0

    def refusal(self, host: str) -> str | None:
        """Why the host is not waited for in this run; None where it is."""
        why = self.left_alone.get(host)
        return f"{host} is left alone for this run: {why}" if why else None

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
        if seconds > self.pause_max_s:
            self._leave_alone(host, f"it asks for {seconds:.0f} s, NEWS_PAUSE_MAX_SECONDS is {self.pause_max_s:g}")
        elif self._patience.is_over(host, now, self._paused_until[host] - now):
            self._leave_alone(host, f"a pause of {seconds:g} s is longer than NEWS_HOST_SECONDS leaves it")
        elif self._paused_s[host] > self.pause_max_s:
            self._leave_alone(host, f"{self.pause_max_s:g} s of pauses brought nothing but the next one")
        else:
            self._patience.pause(host, self._paused_until[host], now)

    def pause_left_s(self, host: str) -> float:
        """The seconds until the host may be asked again; 0 if it may be asked now."""
        return max(0.0, self._paused_until.get(host, 0.0) - monotonic())

    def drain(self) -> None:
        """Hand on what waits for its host's delay; its handler must send none of it. A run that ends would wait for each."""
        for slot in self.slots.values():
            self._hand_on(slot)

    def _hand_on(self, slot: Slot) -> None:
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
            self._leave_alone(host, f"{self._failures_max} requests in a row got no answer")

    def _leave_alone(self, host: str, why: str) -> None:
        if host in self.left_alone:
            return
        logger.warning("%s is left alone for this run, what is left of it is the next one's: %s", host, why)
        self.left_alone[host] = why
        self.crawler.stats.inc_value("network/given_up_hosts")
        self.crawler.stats.set_value("network/left_alone", dict(self.left_alone))
        self._paused_until[host] = float("inf")
        if slot := self.slots.get(host):
            self._hand_on(slot)

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
