"""ArticlePipeline: a fetched page to a committed outcome, and commits to the sink. The only file here that imports scrapy."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from pipelines import expectations
from pipelines.configuration import Configuration, configuration
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.manifest import Manifest
from pipelines.delivery.schema import to_dict
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import DeliveryError
from pipelines.finish import finish
from pipelines.items import Article, Draft, Link, Page, Rejected
from pipelines.publishers import Publisher, publisher_of
from pipelines.recipe import EXTRACTION_VERSION
from pipelines.runner import Outcome, Runner
from pipelines.store.open import open_store
from pipelines.store.protocol import Store, Verdict, VersionTaken

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# How often the outbox is looked at; a part closes by its own size and age, not by this.
DELIVERY_SECONDS = 5.0


class ArticlePipeline:
    """One run: it claims links for the spider, turns pages into outcomes, and delivers what is committed.

    Statistics: `page/claimed`, `page/article`, `page/rejected/<reason>`, `run/id`, `run/verdict`, `run/exit_code`, `run/manifest`.
    """

    def __init__(self, crawler: Crawler, config: Configuration) -> None:
        self.crawler, self.config = crawler, config
        self.run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self.runner = Runner(config.worker_count, config.page_seconds, config.page_mib)
        self.publishers: dict[str, Publisher] = {}
        self.fill = expectations.Fill()
        self.recovered_all = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, configuration(crawler.settings.get))

    async def open_spider(self) -> None:
        self.runner.start()
        self.store: Store = open_store(self.config.store)
        self.sink: Sink = open_sink(self.config.sink)
        self.store.start_run(self.run_id, self._spider_name, _now(), code_hash=EXTRACTION_VERSION)
        self._stats.set_value("run/id", self.run_id)
        self._delivery = asyncio.ensure_future(self._deliver_in_turn())
        logger.info("Run %s writes to %s", self.run_id, self.sink.url)

    def claim(self, links: Sequence[Link], most: int | None = None) -> list[Link]:
        """The links that this run shall fetch, `most` of them: none with an outcome, none that another live run has leased."""
        claimed = self.store.claim(links, self.run_id, _now())
        if most is not None and len(claimed) > most:
            self.store.release(self.run_id, claimed[most:])
            del claimed[most:]
        self._stats.inc_value("page/claimed", len(claimed))
        return claimed

    def reject(self, link: Link, rejected: Rejected) -> None:
        """Commit the outcome of a link that gave no page."""
        self.store.commit(link, rejected, run_id=self.run_id, now=_now())
        self._count(link.publisher, rejected)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        page = replace(item, run_id=self.run_id, spider=self._spider_name)
        publisher = self._publisher(page)
        outcome = await asyncio.wrap_future(self.runner.submit(page, publisher))
        settled = self._settle(page, outcome)
        self._count(publisher.id, settled)
        if isinstance(settled, Rejected):
            raise DropItem(f"{page.url}: {settled.reason}: {settled.detail}")
        return to_dict(settled)

    async def close_spider(self) -> None:
        self._delivery.cancel()
        await asyncio.to_thread(self.runner.close)
        self.store.release(self.run_id)
        verdict = self._verdict()
        try:
            manifest = await asyncio.to_thread(self._finish, verdict)
        except DeliveryError as error:
            logger.error("Not all is delivered; it is safe in %s and the next run delivers it: %s", self.store.url, error)
            self._end("undelivered", 4)
        else:
            self._stats.set_value("run/manifest", manifest)
            self._end(verdict, 4 if not self.recovered_all else 3 if verdict is Verdict.DEGRADED else 0)
        self.store.close()

    def know(self, publisher: Publisher) -> None:
        """Name a publisher that this run visits, so that its pages are read by its profile and its manifest lists it."""
        self.publishers[publisher.id] = publisher

    @property
    def _stats(self) -> Any:
        return self.crawler.stats

    @property
    def _spider_name(self) -> str:
        return str(self.crawler.spider.name) if self.crawler.spider else ""

    def _publisher(self, page: Page) -> Publisher:
        return self.publishers.get(page.link.publisher) or publisher_of(page.url, self.publishers.values())

    def _settle(self, page: Page, outcome: Outcome) -> Article | Rejected:
        """Recall, finish and commit in one step of the event loop; again where another process was faster."""
        while True:
            settled = finish(outcome, self.store.recall(outcome)) if isinstance(outcome, Draft) else outcome
            try:
                self._commit(page, outcome, settled)
            except VersionTaken:
                continue
            return settled

    def _commit(self, page: Page, outcome: Outcome, settled: Article | Rejected) -> None:
        urls = [page.url, *(filter(None, [settled.canonicalUrl]) if isinstance(settled, Article) else ())]
        text_hash = outcome.text_hash if isinstance(outcome, Draft) else None
        blocks = outcome.block_hashes if isinstance(outcome, Draft) else ()
        self.store.commit(page.link, settled, run_id=self.run_id, now=_now(), text_hash=text_hash, blocks=blocks, urls=urls)

    def _count(self, publisher: str, settled: Article | Rejected) -> None:
        outcome = "article" if isinstance(settled, Article) else f"rejected/{settled.reason}"
        self._stats.inc_value(f"page/{outcome}")
        if isinstance(settled, Article):
            self.fill.add(publisher, settled)

    def _verdict(self) -> Verdict:
        missed = expectations.missed(self.publishers.values(), self.fill)
        for line in missed:
            logger.warning("Expectation missed: %s", line)
        if missed:
            return Verdict.DEGRADED
        return Verdict.OK if self._stats.get_value("finish_reason", "finished") == "finished" else Verdict.STOPPED

    def _end(self, verdict: str, exit_code: int) -> None:
        self._stats.set_value("run/verdict", str(verdict))
        self._stats.set_value("run/exit_code", exit_code)

    def _finish(self, verdict: Verdict) -> Manifest:
        return finish_run(
            self.store, self.sink, self.run_id, _now(), verdict=verdict, sites=self.publishers, limits=self.config.limits
        )

    async def _deliver_in_turn(self) -> None:
        """First what killed runs left behind, then this run's parts as they close. A sink that is away is tried again."""
        recovered = await asyncio.to_thread(recover, self.store, self.sink, _now(), limits=self.config.limits)
        for run in recovered:
            if run.error:
                self.recovered_all = False
                logger.warning("Run %s is still not delivered: %s", run.run_id, run.error)
            else:
                logger.info("Run %s had been killed; its articles are delivered now", run.run_id)
        while True:
            await asyncio.sleep(DELIVERY_SECONDS)
            try:
                await asyncio.to_thread(deliver, self.store, self.sink, self.run_id, _now(), limits=self.config.limits)
            except DeliveryError as error:
                logger.warning("Delivery waits, articles stay in the outbox: %s", error)


def _now() -> datetime:
    return datetime.now(UTC)
