"""ArticlePipeline: a fetched page to a committed outcome, and commits to the sink. The only file here that imports scrapy."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider, DropItem

from pipelines import clock, expectations
from pipelines.assemble import Extract, assembled
from pipelines.checkup import checkup
from pipelines.configuration import Configuration, configuration
from pipelines.courier import Courier
from pipelines.delivery.schema import to_dict
from pipelines.delivery.sinks import open_sink
from pipelines.desk import Desk, GivenUp
from pipelines.errors import DeliveryError, Exit, StoreError
from pipelines.items import Article, Draft, Link, Page, Reason, Rejected
from pipelines.moved import Moves
from pipelines.profiles import Profiles
from pipelines.publishers import Publisher
from pipelines.recipe import EXTRACTION_VERSION
from pipelines.runner import Outcome
from pipelines.settle import answered, settle, settle_or_ask
from pipelines.store.open import open_store
from pipelines.store.protocol import PublishersHeld, Store, Verdict
from pipelines.store.quarantine import QUARANTINED
from pipelines.vitals import Tally

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Outcomes from one look at the outbox's size to the next: a look takes 25 ms where a GiB waits.
COMMITS_A_LOOK = 32


class ArticlePipeline:
    """One run: it claims links for the spider, turns pages into outcomes, and delivers what is committed.

    Statistics: `page/claimed`, `page/article`, `page/rejected/<reason>`, `run/id`, `run/verdict`, `run/exit_code`, `run/manifest`,
    `run/alarms`, `run/left_pages` (claimed, without an outcome), `run/outbox_bytes`, `zone/learnt` and `zone/disagrees` (publishers).

    A spider that should be alone with publishers has their ids in `leases`; `held` are those that another run has, with its id.
    """

    def __init__(self, crawler: Crawler, config: Configuration) -> None:
        self.crawler, self.config = crawler, config
        self.run_id = f"{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self.desk = Desk(config.crawl_worker_count, config.page_seconds, config.page_mib)
        self.profiles = Profiles(crawler.stats.inc_value)
        self.moves = Moves()
        self.tally = Tally()
        self.started_at = clock.now()
        self.held: dict[str, str] = {}
        self.stop_reason: str | None = None
        self.store_failed = False
        self.rebuilt = False
        self.faults = 0
        self._commits = 0
        self._courier: Courier | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler, configuration(crawler.settings.get))
        crawler.signals.connect(pipeline.note_fault, signals.spider_error)
        crawler.signals.connect(pipeline.note_fault, signals.item_error)
        return pipeline

    @property
    def publishers(self) -> Mapping[str, Publisher]:
        """Those that this run visits, by their ids."""
        return self.profiles.publishers

    async def open_spider(self) -> None:
        try:
            await self._open()
        except StoreError as error:
            logger.error("Nothing is fetched: %s", error)
            self._end("store_failed", Exit.USAGE)
            raise CloseSpider("store_failed") from None

    async def _open(self) -> None:
        self.store: Store = open_store(self.config.store)
        sink = open_sink(self.config.sink, self.config.s3)
        courier = self._courier = Courier(self.store, sink, self.config.limits, self.config.end_seconds)
        await self._make_room(courier)
        await courier.look_around()
        self._start_run()
        self.desk.open()
        courier.start(self.run_id)
        logger.info("Run %s writes to %s", self.run_id, sink.url)

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
            self.store.commit(link, rejected, run_id=self.run_id, now=clock.now(), ages=self.config.recheck_ages)
        except StoreError as error:
            self.stop(error)
        else:
            self._count(link.publisher, link.url, rejected)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Page):
            return item
        page = replace(item, run_id=self.run_id, spider=getattr(self.crawler.spider, "name", ""))
        try:
            publisher = await self.profiles.of(page, self.store)
            extract = partial(self.desk.extracted, publisher=publisher)
            outcome = answered(self.store, page, publisher) or await self._read(page, extract)
            settled = await self._settled(page, outcome, extract)
            self._look_at_outbox()
            if isinstance(settled, Rejected) and settled.reason in QUARANTINED:
                self._quarantined(page, settled)
        except StoreError as error:
            self.stop(error)
            raise DropItem(f"{page.url}: not kept, a later run fetches it again") from None
        except GivenUp:
            raise DropItem(f"{page.url}: the run ends, a later one fetches it again") from None
        self._count(publisher.id, page.url, settled, outcome.traces.layout if isinstance(outcome, Draft) else None)
        if isinstance(settled, Rejected):
            raise DropItem(f"{page.url}: {settled.reason}: {settled.detail}")
        return to_dict(settled)

    def note_fault(self) -> None:
        """A page's or a listing's code raised: the log shows it, the run goes on, but it was not all well."""
        self.faults += 1

    def give_up(self) -> None:
        """Leave the pages that are not extracted yet to a later run: this one is asked to end and has waited for them."""
        self.desk.give_up()

    async def close_spider(self) -> None:
        await self.desk.close()
        if self._courier is None:  # there is no store
            return
        if self._stats.get_value("run/id"):
            await self._finish(self._courier)
        self._note_outbox()
        self._courier.close()
        if not self._courier.gave_up:
            self.store.close()

    def _note_outbox(self) -> None:
        try:
            self._stats.set_value("run/outbox_bytes", self.store.waiting().line_bytes)
        except StoreError as error:
            logger.warning("How much waits in the outbox is not known: %s", error)

    def know(self, publisher: Publisher) -> None:
        """Name a publisher that this run visits, so that its pages are read by its profile and its manifest lists it."""
        self.profiles.publishers[publisher.id] = publisher

    def stop(self, error: StoreError) -> None:
        """End the run when the store fails (a full disk): what it does not take would be fetched in vain."""
        self.store_failed = True
        self._stop("store_failed", error)

    @property
    def _stats(self) -> Any:
        return self.crawler.stats

    async def _read(self, page: Page, extract: Extract) -> Outcome:
        return await assembled(await extract(page), page, self._fetched, extract, self.config.article_pages)

    async def _settled(self, page: Page, outcome: Outcome | Article, extract: Extract) -> Article | Rejected:
        # In one step of the event loop: two pages of one article in one process cannot miss each other.
        settled = settle_or_ask(self.store, page, outcome, self.run_id, clock.now(), self.config.recheck_ages)
        if not isinstance(settled, Link):
            return settled
        moved = await self.moves.lead_here(settled, page, outcome, self._fetched, extract)
        return settle(self.store, page, outcome, self.run_id, clock.now(), self.config.recheck_ages, settled if moved else None)

    async def _fetched(self, url: str, page: Page) -> Page | Rejected:
        """Another page of a page's article, by the spider's own rules. Raises GivenUp if the run ends before."""
        fetch = getattr(self.crawler.spider, "fetch_page", None)
        fetched: Page | Rejected = await fetch(url, page.link) if fetch else Rejected(Reason.FETCH, "not in this archive")
        if isinstance(fetched, Rejected) and (self.desk.given_up or not self.crawler.crawling):
            raise GivenUp(page.url)
        return fetched

    async def _finish(self, courier: Courier) -> None:
        verdict = self._verdict(courier)
        try:
            self._stats.set_value("run/left_pages", self.store.release(self.run_id))
            manifest = await courier.finish(self.run_id, verdict, self.publishers)
        except (DeliveryError, StoreError) as error:
            logger.error("Not all is delivered; it is safe in %s and the next run delivers it: %s", self.store.url, error)
            self._end("undelivered", Exit.UNDELIVERED)
        else:
            self._stats.set_value("run/manifest", manifest)
            self._end(verdict, self._exit_code(verdict, courier))

    async def _make_room(self, courier: Courier) -> None:
        """Where the outbox is full, deliver first; where it stays full, nothing is fetched."""
        if not await courier.make_room(self.config.outbox_bytes):
            logger.error(
                "Nothing is fetched: %d MiB wait in the outbox, NEWS_OUTBOX_MIB allows %g. They are safe; see that the sink can be "
                "written, then run `scrapy deliver`, or this again",
                self.store.waiting().line_bytes // 2**20,
                self.config.outbox_mib,
            )
            self._end("undelivered", Exit.UNDELIVERED)
            raise CloseSpider("outbox_full")

    def _start_run(self) -> None:
        name, leases = getattr(self.crawler.spider, "name", ""), getattr(self.crawler.spider, "leases", ())
        try:
            self.held = self.store.start_run(self.run_id, name, clock.now(), code_hash=EXTRACTION_VERSION, publishers=leases)
        except PublishersHeld as error:
            logger.error("Nothing is fetched: %s", error)
            self._end("held", Exit.HELD)
            raise CloseSpider("publishers_held") from None
        self._stats.set_value("run/id", self.run_id)
        for rebuilt in self.store.untold(self.run_id):
            self.rebuilt = True
            logger.error("Before this run %s", rebuilt)
        for publisher, run_id in self.held.items():
            logger.warning("%s is left out: run %s is crawling it", publisher, run_id)

    def _look_at_outbox(self) -> None:
        """End the run in order where the outbox has reached its limit: nothing that was fetched is dropped."""
        self._commits += 1
        if self._commits % COMMITS_A_LOOK == 0 and self.store.waiting().line_bytes >= self.config.outbox_bytes:
            self._stop("outbox_full", f"{self.config.outbox_mib:g} MiB wait in the outbox, as much as NEWS_OUTBOX_MIB allows")

    def _quarantined(self, page: Page, rejected: Rejected) -> None:
        logger.warning("%s is in quarantine: %s: %s", page.url, rejected.reason, rejected.detail)
        for url in self.store.trim_quarantine(self.config.quarantine_bytes):
            logger.warning("%s leaves the quarantine, which NEWS_QUARANTINE_MIB bounds", url)

    def _stop(self, reason: str, message: object) -> None:
        if self.stop_reason is None:
            self.stop_reason = reason
            logger.error("The run ends: %s", message)
            self._ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def _count(self, publisher: str, url: str, settled: Article | Rejected, layout: str | None = None) -> None:
        outcome = "article" if isinstance(settled, Article) else f"rejected/{settled.reason}"
        self._stats.inc_value(f"page/{outcome}")
        self.tally.add(publisher, url, settled, layout)

    def _verdict(self, courier: Courier) -> Verdict:
        stopped = self._was_stopped()
        a_day = {} if stopped else self._checkup()
        missed = expectations.missed(self.publishers.values(), self.tally, a_day)
        self._stats.set_value("run/missed", missed)
        for line in missed:
            logger.warning("Expectation missed: %s", line)
        if stopped:
            return Verdict.STOPPED
        return Verdict.DEGRADED if missed or self.rebuilt or courier.lost else Verdict.OK

    def _checkup(self) -> dict[str, int]:
        """Compare the publishers that this run visited with what they used to give; their articles of the last 24 hours."""
        visited = [name for name in getattr(self.crawler.spider, "leases", ()) if name not in self.held]
        try:
            found = checkup(self.store, self.tally, visited, self.started_at, clock.now())
        except StoreError as error:
            self.stop(error)
            return {}
        self._stats.set_value("run/alarms", found.alarms)
        return found.a_day

    def _was_stopped(self) -> bool:
        """Whether the run ends before all is visited: by a signal, a CLOSESPIDER limit, or a store that failed or is full."""
        scheduler = self.crawler.engine.scheduler
        return not self.crawler.crawling or self.stop_reason is not None or bool(scheduler and scheduler.has_pending_requests())

    def _exit_code(self, verdict: Verdict, courier: Courier) -> Exit:
        if self.stop_reason or not courier.recovered_all:
            return Exit.UNDELIVERED
        if self.faults:
            return Exit.FAULT
        return Exit.DEGRADED if verdict is Verdict.DEGRADED else Exit.OK

    def _end(self, verdict: str, exit_code: Exit) -> None:
        self._stats.set_value("run/verdict", str(verdict))
        self._stats.set_value("run/exit_code", int(exit_code))
