"""robots.txt by RFC 9309: what it forbids, what its absence means, how long it is kept, and which AI crawlers it shuts out.

Source: https://www.rfc-editor.org/rfc/rfc9309
"""

from __future__ import annotations

import asyncio
import codecs
import logging
import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.python import to_unicode
from twisted.internet.defer import Deferred

from crawler.network.groups import groups_of
from crawler.network.guard import AddressRefused
from crawler.network.rules import Rules, rules_for, rules_of
from pipelines import clock
from pipelines.item_pipelines import ArticlePipeline

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler

    from pipelines.store.protocol import Store

logger = logging.getLogger(__name__)

# RFC 9309, 2.5: a crawler must read at least 500 KiB; what follows is ignored.
ROBOTS_BYTES: Final = 500 * 1024
# RFC 9309, 2.4: no copy should be used for longer than a day; default of NEWS_ROBOTS_SECONDS.
ROBOTS_S: Final = 86_400.0
_TOO_MANY_REDIRECTS: Final = "max redirections reached"  # Scrapy's own words
# Not what RFC 9309 asks for, but what some editors on Windows save: their owner's rules all the same.
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REASON_CHARS: Final = 300  # of a log line
_MAX_AGE: Final = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})")
# Product tokens of crawlers that gather text for training models, as their operators document them. A site that shuts one of
# these out of a page which it lets us read has opted out of that use: https://darkvisitors.com/agents names each operator.
AI_AGENTS: Final = (
    "GPTBot", "CCBot", "Google-Extended", "anthropic-ai", "ClaudeBot", "Claude-Web", "Applebot-Extended",
    "meta-externalagent", "FacebookBot", "Bytespider", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "omgili",
    "omgilibot", "webzio-extended", "AI2Bot", "Ai2Bot-Dolma", "PanguBot", "Timpibot", "ImagesiftBot", "img2dataset",
    "Kangaroo", "Amazonbot", "PerplexityBot",
)  # fmt: skip
AI_RULES: Final = 200
# https://contentsignals.org: what a site says beside its rules of the use of its text.
_NO_TRAINING: Final = re.compile(r"^\s*content-signal\s*:[^#\n]*\bai-train\s*=\s*no\b", re.I | re.M)
_IS_ROBOTS: Final = "is_robots_txt"
REFUSED_AGENTS: Final = "refused_ai_agents"
"""The key of a request's meta under which the refused ones of AI_AGENTS stand."""


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids the address, or could not be had (`unreachable`), which forbids all of the host for this run."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with RFC 9309's answers to failure: 4xx allows, 5xx, timeouts and resets mean stop.

    Scrapy allows in both cases, and reads a 404's page as if it were rules. 429 counts as 5xx: it says that the server
    is there and wants fewer requests. It stands in RobotsTxtMiddleware's place (100) and obeys the same settings. The store
    keeps each file for a day, or for what its Cache-Control says if that is less; a host whose file cannot be had is left alone
    even where an old copy is there, since its rules may have changed (2.3.1.4: complete disallow).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._keep_s = crawler.settings.getfloat("NEWS_ROBOTS_SECONDS", ROBOTS_S)
        self._coming: Counter[Request] = Counter()
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        if "@" in urlparse_cached(request).netloc:
            # Not named: the log would show the password.
            self._stats.inc_value("network/refused_user")
            raise IgnoreRequest("an address with a user's name is not asked for")
        await super().process_request(request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _Unreachable):
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsRefused(rp.reason, unreachable=True)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise RobotsRefused(f"robots.txt forbids {request.url}") from None
        if isinstance(rp, _Rules):
            request.meta[REFUSED_AGENTS] = rp.refused_ai_agents(request.url)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, fetched by its first request of a run if no fresh copy is kept."""
        netloc = urlparse_cached(request).netloc
        if netloc not in self._parsers:
            self._parsers[netloc] = Deferred()
            try:
                await self._learn(request, netloc)
            except Exception as error:  # noqa: BLE001 -- whatever it was: the host's rules are not known
                self._robots_error(error, netloc)
            self._stats.inc_value("robotstxt/request_count")
        parser = self._parsers[netloc]
        return await maybe_deferred_to_future(parser) if isinstance(parser, Deferred) else parser

    async def _learn(self, request: Request, netloc: str) -> None:
        kept = store.robots_txt(netloc, clock.now()) if (store := self._store) else None
        if kept is not None:
            self._stats.inc_value("robotstxt/kept")
            await self._rule(kept, netloc, request)
            return
        url = f"{urlparse_cached(request).scheme}://{netloc}/robots.txt"
        # A stated length is no reason to refuse: only as much is read as counts.
        meta = {"dont_obey_robotstxt": True, _IS_ROBOTS: True, "download_maxsize": 0}
        asked = Request(url, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        await self._parse_robots(await self.crawler.engine.download_async(asked), netloc, request)

    def _bytes_received(self, data: bytes, request: Request) -> None:
        """Read no more of a robots.txt than counts: one of gigabytes has rules like any other."""
        if request.meta.get(_IS_ROBOTS):
            self._coming[request] += len(data)
            if self._coming[request] > ROBOTS_BYTES:
                del self._coming[request]
                raise StopDownload(fail=False)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500 or response.status == 429:
            self._stop(netloc, f"{response.url} answers {response.status}")
            return
        body = response.body[:ROBOTS_BYTES] if 200 <= response.status < 300 else b""
        if (store := self._store) and (keep_s := min(self._keep_s, max_age_s(response))) > 0:
            store.keep_robots_txt(netloc, body, clock.now() + timedelta(seconds=keep_s), clock.now())
        await self._rule(body, netloc, request)

    async def _rule(self, body: bytes, netloc: str, request: Request) -> None:
        agent = self._robotstxt_useragent or self._default_useragent
        # In a thread: half a megabyte of rules takes a second.
        parser = await asyncio.to_thread(_Rules, body, agent)
        await self.crawler.signals.send_catch_log_async(signal=signals.robots_parsed, robotparser=parser, request=request)
        self._settle(netloc, parser)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # Too many redirects mean that there is no robots.txt (2.3.1.2); a host whose own address is refused has its pages
        # refused too, with the better reason.
        if (type(exc) is IgnoreRequest and str(exc) == _TOO_MANY_REDIRECTS) or (
            isinstance(exc, AddressRefused) and exc.host == _hostname(netloc)
        ):
            self._settle(netloc, None)
        else:
            self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
            self._stop(netloc, f"{type(exc).__name__}: {exc}")

    def _stop(self, netloc: str, why: str) -> None:
        reason = f"robots.txt of {netloc} cannot be had, so the host is left alone: {why}"
        logger.warning("%s", reason[:_REASON_CHARS])
        self._settle(netloc, _Unreachable(reason))

    def _settle(self, netloc: str, parser: RobotParser | None) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        waiting.callback(parser)  # type: ignore[union-attr]

    @property
    def _store(self) -> Store | None:
        pipeline = self.crawler.get_item_pipeline(ArticlePipeline)
        return pipeline.store if pipeline else None


class _Rules(RobotParser):
    """The rules of a robots.txt for this crawler, and beside them those for AI_AGENTS."""

    def __init__(self, body: bytes, agent: str) -> None:
        text = body.decode("utf-16" if body.startswith(_UTF_16) else "utf-8-sig", "ignore")
        own = groups_of(text, (agent, "*"))
        self._own = rules_for(rules_of(own), agent) or Rules()
        self._signals = ["Content-Signal"] if _NO_TRAINING.search(own) else []
        # Whoever shuts an agent out of some pages says so in a few lines.
        named = rules_of(groups_of(text, AI_AGENTS, most_rules=AI_RULES))
        self._ai = [(agent, rules) for agent in AI_AGENTS if (rules := rules_for(named, agent))]

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        return cls(robotstxt_body, crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Whether this crawler may fetch the address; Scrapy asks for no other's leave."""
        return self._own.allow(to_unicode(url))

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        return self._own.delay_s

    def refused_ai_agents(self, url: str) -> list[str]:
        """Those of AI_AGENTS that the file names and shuts out of this address, and Content-Signal where it refuses training."""
        return self._signals + [agent for agent, rules in self._ai if not rules.allow(url)]


def max_age_s(response: Response) -> float:
    """The seconds for which Cache-Control lets an answer be kept; no limit where it says nothing of them (RFC 9111, 5.2.2)."""
    said = b",".join(response.headers.getlist("Cache-Control")).decode("latin-1").lower()
    if "no-store" in said or "no-cache" in said:
        return 0.0
    found = _MAX_AGE.search(said)
    return float(found[1]) if found else float("inf")


def _hostname(netloc: str) -> str:
    return urlsplit(f"//{netloc}").hostname or ""


class _Unreachable(RobotParser):
    """The rules of a robots.txt that could not be had: nothing is allowed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        return cls(robotstxt_body.decode("utf-8", "replace"))

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False
