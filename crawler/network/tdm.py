"""The file in which a host reserves text and data mining: asked for once a host and run, kept as a robots.txt is.

Source: the TDM Reservation Protocol, https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/#sec-tdm-file
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.network.robots import ROBOTS_S, max_age_s
from pipelines import clock
from pipelines.item_pipelines import ArticlePipeline

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

PATH: Final = "/.well-known/tdmrep.json"
RESERVED: Final = "tdm_reserved"
"""The key of a request's meta under which stands whether the file reserves its address."""
# A site that reserves its rights says so in a few lines.
TDM_BYTES: Final = 64 * 1024
MAX_RULES: Final = 200


class Reservations:
    """The rules of a file. One that is none says nothing."""

    def __init__(self, body: bytes) -> None:
        self._rules = _rules(body[:TDM_BYTES])

    def of(self, url: str) -> bool | None:
        """Whether rights are reserved in what stands at the address, by the first rule for it; None where no rule is.

        >>> Reservations(b'[{"location": "/open/*.html$", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]').of("http://a/x")
        True
        """
        path = unquote(urlsplit(url).path) or "/"
        return next((reserved for location, reserved in self._rules if _matches(location, path)), None)


class TdmMiddleware:
    """Downloader middleware: notes on an article's request what its host's file says; no answer, or one that is none, says nothing.

    It stands behind the robots.txt, which may forbid the file.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._keep_s = crawler.settings.getfloat("NEWS_ROBOTS_SECONDS", ROBOTS_S)
        self._files: dict[str, asyncio.Future[Reservations]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("NEWS_TDM_FILE"):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if "link" not in request.cb_kwargs:
            return
        parts = urlparse_cached(request)
        if parts.netloc not in self._files:
            self._files[parts.netloc] = asyncio.ensure_future(self._file(parts.scheme, parts.netloc))
        request.meta[RESERVED] = (await asyncio.shield(self._files[parts.netloc])).of(request.url)

    async def _file(self, scheme: str, netloc: str) -> Reservations:
        pipeline = self.crawler.get_item_pipeline(ArticlePipeline)
        kept = pipeline.store.robots_txt(netloc + PATH, clock.now()) if pipeline else None
        if kept is not None:
            return Reservations(kept)
        asked = Request(f"{scheme}://{netloc}{PATH}", meta={"dont_retry": True}, callback=NO_CALLBACK)
        try:
            assert self.crawler.engine is not None
            response = await self.crawler.engine.download_async(asked)
        except Exception:  # noqa: BLE001 -- whatever it was: nothing is said
            self.crawler.stats.inc_value("tdm/no_answer")
            return Reservations(b"")
        self.crawler.stats.inc_value(f"tdm/response_status_count/{response.status}")
        body = response.body[:TDM_BYTES] if response.status == 200 else b""
        if pipeline and response.status < 500 and (keep_s := min(self._keep_s, max_age_s(response))) > 0:
            pipeline.store.keep_robots_txt(netloc + PATH, body, clock.now() + timedelta(seconds=keep_s), clock.now())
        return Reservations(body)


def _rules(body: bytes) -> list[tuple[str, bool]]:
    try:
        rules = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []
    # Some sites leave the array out where they have one rule, and the location where it is the whole site.
    rules = [rules] if isinstance(rules, dict) else rules if isinstance(rules, list) else []
    read = [(rule.get("location", "/"), rule.get("tdm-reservation")) for rule in rules[:MAX_RULES] if isinstance(rule, dict)]
    return [(place, str(value) == "1") for place, value in read if isinstance(place, str) and str(value) in ("0", "1")]


def _matches(location: str, path: str) -> bool:
    """Whether a location is the path's, as robots.txt writes them: a beginning, `*` for any characters, `$` for the end. Linear."""
    first, *others = unquote(location.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    last = others.pop() if others and location.endswith("$") else None
    place = len(first)
    for part in others:
        if (found := path.find(part, place)) < 0:
            return False
        place = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= place
    return place == len(path) or not location.endswith("$")
