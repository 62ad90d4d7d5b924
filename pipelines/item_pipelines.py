"""ArticlePipeline: a fetched page to a committed outcome, and commits to the sink. The only file here that imports scrapy."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import DropItem

from pipelines import clock, expectations
from pipelines.configuration import Configuration, configuration
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.manifest import Manifest
from pipelines.delivery.schema import to_dict
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import DeliveryError, StoreError
from pipelines.finish import finish
from pipelines.items import Article, Draft, Link, Page, Rejected
from pipelines.learnt import clocks_of, disagreement, with_learnt_zone
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

    Statistics: `page/claimed`, `page/article`, `page/rejected/<reason>`, `run/id`, `run/verdict`, `run/exit_code`, `run/manifest`,
    `zone/learnt` and `zone/disagrees` (publishers).
    """

    def __init__(self, crawler: Crawler, config: Configuration) -> None:
        self.crawler, self.config = crawler, config
        self.run_id = f"{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self.runner = Runner(config.worker_count, config.page_seconds, config.page_mib)
        self.publishers: dict[str, Publisher] = {}
        self._zoned: dict[str, asyncio.Future[Publisher]] = {}
        self.fill = expectations.Fill()
        self.recovered_all = True
        self.store_failed = False
        self.faults = 0
        self.given_up = False
        self._started: asyncio.Future[None] | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._under_way: set[asyncio.Future[Outcome]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler, configuration(crawler.settings.get))
        crawler.signals.connect(pipeline.note_fault, signals.spider_error)
        crawler.signals.connect(pipeline.note_fault, signals.item_error)
        return pipeline

    async def open_spider(self) -> None:
        # In a thread: the workers import their stack while the first listings are fetched.
        self._started = asyncio.ensure_future(asyncio.to_thread(self.runner.start))
        self.store: Store = open_store(self.config.store)
        self.sink: Sink = open_sink(self.config.sink)
        self.store.start_run(self.run_id, self._spider_name, clock.now(), code_hash=EXTRACTION_VERSION)
        self._stats.set_value("run/id", self.run_id)
        self._delivery = asyncio.create_task(self._deliver_in_turn())
        logger.info("Run %s writes to %s", self.run_id, self.sink.url)

    def claim(self, links: Sequence[Link], most: int | None = None) -> list[Link]:
        """The links that this run shall fetch, `most` of them: none with an outcome, none that another live run has leased."""
        try:
            claimed = self.store.claim(links, self.run_id, clock.now())
            if most is not None and len(claimed) > most:
                self.store.release(self.run_id, claimed[most:])
                del claimed[most:]
        except StoreError as error:
            self.stop(error)
            return []
        self._stats.inc_value("page/claimed", len(claimed))
        return claimed

    def reject(self, link: Link, rejected: Rejected) -> None:
        """Commit the outcome of a link that gave no page."""
        try:
            self.store.commit(link, rejected, run_id=self.run_id, now=clock.now())
        except StoreError as error:
            self.stop(error)
        else:
            self._count(link.publisher, rejected)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        page = replace(item, run_id=self.run_id, spider=self._spider_name)
        publisher = await self._publisher(page)
        outcome = await self._extracted(page, publisher)
        try:
            settled = self._settle(page, outcome)
        except StoreError as error:
            self.stop(error)
            raise DropItem(f"{page.url}: not kept, a later run fetches it again") from None
        self._count(publisher.id, settled)
        if isinstance(settled, Rejected):
            raise DropItem(f"{page.url}: {settled.reason}: {settled.detail}")
        return to_dict(settled)

    def note_fault(self) -> None:
        """A page's or a listing's code raised, which the log shows: the run goes on, but it was not all well."""
        self.faults += 1

    def give_up(self) -> None:
        """Leave the pages that are not extracted yet to a later run: this one is asked to end and has waited for them."""
        self.given_up = True
        for future in list(self._under_way):
            future.cancel()

    async def close_spider(self) -> None:
        self._closing.set()
        if self._started:
            # Not `await`: workers that could not be started failed every page, and what is committed is delivered all the same.
            await asyncio.wait([self._started])
        await asyncio.to_thread(self.runner.close)
        if self._delivery is None:  # the store could not be opened
            return
        # Two deliveries at once would each find the other's part not put.
        await self._delivery
        verdict = self._verdict()
        try:
            self.store.release(self.run_id)
            manifest = await asyncio.to_thread(self._finish, verdict)
        except (DeliveryError, StoreError) as error:
            logger.error("Not all is delivered; it is safe in %s and the next run delivers it: %s", self.store.url, error)
            self._end("undelivered", 4)
        else:
            self._stats.set_value("run/manifest", manifest)
            self._end(verdict, self._exit_code(verdict))
        self.store.close()

    def know(self, publisher: Publisher) -> None:
        """Name a publisher that this run visits, so that its pages are read by its profile and its manifest lists it."""
        self.publishers[publisher.id] = publisher

    def stop(self, error: StoreError) -> None:
        """End the run when the store fails (a full disk): what it does not take would be fetched in vain."""
        if self.store_failed:
            return
        self.store_failed = True
        logger.error("The run ends: %s", error)
        self._ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store_failed"))

    @property
    def _stats(self) -> Any:
        return self.crawler.stats

    @property
    def _spider_name(self) -> str:
        return str(self.crawler.spider.name) if self.crawler.spider else ""

    async def _publisher(self, page: Page) -> Publisher:
        """The page's publisher, with its learnt zone where its file names none: one zone for all its pages of a run."""
        publisher = self.publishers.get(page.link.publisher) or publisher_of(page.url, self.publishers.values())
        if publisher.id not in self._zoned:
            self._zoned[publisher.id] = asyncio.ensure_future(self._with_zone(publisher))
        return await self._zoned[publisher.id]

    async def _with_zone(self, publisher: Publisher) -> Publisher:
        try:
            # In a thread: the first publisher of a run compares hundreds of zones on each day that pages were seen.
            clocks = await asyncio.to_thread(lambda: clocks_of(publisher, self.store.clocks(publisher.id)))
        except StoreError as error:
            self.stop(error)
            return publisher
        if clocks.disagrees:
            self._stats.inc_value("zone/disagrees")
            logger.warning("%s", disagreement(publisher, clocks))
        zoned = with_learnt_zone(publisher, clocks)
        if zoned is not publisher:
            self._stats.inc_value("zone/learnt")
            logger.info(
                "%s: times without a zone are read as %s, learnt from %d articles",
                publisher.id,
                zoned.timezone,
                clocks.learnt.articles,
            )
        return zoned

    async def _extracted(self, page: Page, publisher: Publisher) -> Outcome:
        """The page's outcome from a worker. Raises DropItem if the run ends before; the page's lease goes back then."""
        assert self._started is not None
        await self._started
        future = asyncio.wrap_future(self.runner.submit(page, publisher))
        self._under_way.add(future)
        if self.given_up:
            future.cancel()
        try:
            return await future
        except asyncio.CancelledError:
            raise DropItem(f"{page.url}: the run ends, a later one fetches it again") from None
        finally:
            self._under_way.discard(future)

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
        sample = outcome.clock if isinstance(outcome, Draft) else None
        self.store.commit(
            page.link, settled, run_id=self.run_id, now=clock.now(), text_hash=text_hash, blocks=blocks, urls=urls, clock=sample
        )

    def _count(self, publisher: str, settled: Article | Rejected) -> None:
        outcome = "article" if isinstance(settled, Article) else f"rejected/{settled.reason}"
        self._stats.inc_value(f"page/{outcome}")
        if isinstance(settled, Article):
            self.fill.add(publisher, settled)

    def _verdict(self) -> Verdict:
        missed = expectations.missed(self.publishers.values(), self.fill)
        for line in missed:
            logger.warning("Expectation missed: %s", line)
        if self._was_stopped():
            return Verdict.STOPPED
        return Verdict.DEGRADED if missed else Verdict.OK

    def _was_stopped(self) -> bool:
        """Whether the run ends before all is visited: by a signal, a CLOSESPIDER limit, or a store that failed."""
        scheduler = self.crawler.engine.scheduler
        waiting = scheduler is not None and scheduler.has_pending_requests()
        return not self.crawler.crawling or self.store_failed or waiting

    def _exit_code(self, verdict: Verdict) -> int:
        if self.store_failed or not self.recovered_all:
            return 4
        if self.faults:
            return 1
        return 3 if verdict is Verdict.DEGRADED else 0

    def _end(self, verdict: str, exit_code: int) -> None:
        self._stats.set_value("run/verdict", str(verdict))
        self._stats.set_value("run/exit_code", exit_code)

    def _finish(self, verdict: Verdict) -> Manifest:
        return finish_run(
            self.store, self.sink, self.run_id, clock.now(), verdict=verdict, sites=self.publishers, limits=self.config.limits
        )

    async def _deliver_in_turn(self) -> None:
        """First what killed runs left behind, then this run's parts as they close. A sink that is away is tried again."""
        try:
            recovered = await asyncio.to_thread(recover, self.store, self.sink, clock.now(), limits=self.config.limits)
        except StoreError as error:
            self.recovered_all, recovered = False, []
            logger.warning("What killed runs left behind is not delivered: %s", error)
        for run in recovered:
            if run.error:
                self.recovered_all = False
                logger.warning("Run %s is still not delivered: %s", run.run_id, run.error)
            else:
                logger.info("Run %s had been killed; its articles are delivered now", run.run_id)
        while not await self._is_closing():
            try:
                await asyncio.to_thread(deliver, self.store, self.sink, self.run_id, clock.now(), limits=self.config.limits)
            except (DeliveryError, StoreError) as error:
                logger.warning("Delivery waits, articles stay in the outbox: %s", error)

    async def _is_closing(self) -> bool:
        """Whether the run closes within the time from one delivery to the next."""
        try:
            await asyncio.wait_for(self._closing.wait(), DELIVERY_SECONDS)
        except TimeoutError:
            return False
        return True
