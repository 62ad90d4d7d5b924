"""Courier: what delivers beside a crawl, in a thread: dead runs first, then the parts of this one as they close."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar

from pipelines import clock
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits
from pipelines.delivery.manifest import Manifest
from pipelines.delivery.sinks import Sink
from pipelines.erase import learn_erased
from pipelines.errands import Errands
from pipelines.errors import DeliveryError, SinkError, StoreError
from pipelines.lost import find_lost, last_is_lost
from pipelines.store.protocol import Part, Store, Verdict

logger = logging.getLogger(__name__)

# How often the outbox is looked at; a part closes by its own size and age, not by this.
DELIVERY_SECONDS = 5.0
# What a run waits before it fetches for a look at its sink: as long as for the sink's check.
LOOK_SECONDS = 15.0
Result = TypeVar("Result")


class Courier:
    """One store's way to one sink during a run, whose end it does not hold up for more than `end_seconds`.

    `recovered_all`: nothing that dead runs left is still in the outbox. `lost`: articles that were delivered are gone from the
    sink. `gave_up`: a call to the sink is under way that nobody
    waits for; it holds the store until the process ends, as if that were killed.
    """

    def __init__(self, store: Store, sink: Sink, limits: Limits, end_seconds: float) -> None:
        self.store, self.sink, self.limits = store, sink, limits
        self.end_seconds = end_seconds
        self.recovered_all = True
        self.lost = False
        self.gave_up = False
        self._errands = Errands()
        self._closing = asyncio.Event()
        self._ends_at = float("inf")
        self._task: asyncio.Task[None] | None = None

    def start(self, run_id: str) -> None:
        """Begin to deliver, and go on until `finish`."""
        self._task = asyncio.create_task(self._deliver_in_turn(run_id))

    async def look_around(self) -> None:
        """Before anything is fetched: let the store know what was erased elsewhere, and see that the sink has what it was given.

        Where the sink is away this takes as long as its check, not as long as a delivery would try.
        """
        try:
            await asyncio.wait_for(self._do(self._look_around), LOOK_SECONDS)
        except TimeoutError:
            logger.warning("Articles that were erased elsewhere may be fetched: %s does not answer", self.sink.address)
        except (DeliveryError, SinkError) as error:
            logger.warning("Articles that were erased elsewhere may be fetched: %s", error)

    async def make_room(self, most_bytes: int) -> bool:
        """Whether the outbox has less than this, where it is full after a delivery of what dead runs left.

        That takes `end_seconds` and no longer; a sink that is slow is given more by the next run, or by `scrapy deliver`.
        """
        if self.store.waiting().line_bytes < most_bytes:
            return True
        logger.info("The outbox is full: before anything is fetched it is delivered, for %g s at most", self.end_seconds)
        is_over = time.monotonic() + self.end_seconds

        def told(part: Part) -> None:
            logger.info("Part %d of run %s is delivered: %d articles", part.seq, part.run_id, part.rows)
            if time.monotonic() > is_over:
                raise DeliveryError(f"the {self.end_seconds:g} s of NEWS_END_SECONDS are over")

        late = False
        try:
            await asyncio.wait_for(self.recover(told), self.end_seconds)
        except TimeoutError:
            late, self.recovered_all = True, False
            logger.warning(
                "%s has not taken all of it within the %g s of NEWS_END_SECONDS", self.sink.address, self.end_seconds
            )
        has_room = self.store.waiting().line_bytes < most_bytes
        self.gave_up = late and not has_room
        return has_room

    async def recover(self, tell: Callable[[Part], None] | None = None) -> None:
        """Finish the runs whose process is gone; the log says which, and which not."""
        self.recovered_all = True
        try:
            recovered = await self._do(partial(recover, self.store, self.sink, clock.now(), limits=self.limits, tell=tell))
        except StoreError as error:
            self.recovered_all, recovered = False, []
            logger.warning("What killed runs left behind is not delivered: %s", error)
        for run in recovered:
            if run.error:
                self.recovered_all = False
                logger.warning("Run %s is still not delivered: %s", run.run_id, run.error)
            else:
                logger.info("Run %s had been killed; its articles are delivered now", run.run_id)

    async def finish(self, run_id: str, verdict: Verdict, sites: Iterable[str]) -> Manifest:
        """The run's manifest once all of it is in the sink. Raises DeliveryError, also when `end_seconds` are over; StoreError."""
        self._ends_at = time.monotonic() + self.end_seconds
        self._closing.set()
        if self._task:
            # Two deliveries at once would each find the other's part not put.
            await self._in_time(self._task)
        finished = partial(finish_run, self.store, self.sink, run_id, verdict=verdict, sites=sites, limits=self.limits)
        return await self._in_time(self._do(lambda: finished(now=clock.now())))

    def close(self) -> None:
        self._errands.close()

    async def _in_time(self, under_way: Awaitable[Result]) -> Result:
        try:
            return await asyncio.wait_for(under_way, self._ends_at - time.monotonic())
        except TimeoutError:
            self.gave_up = True
            raise DeliveryError(
                f"the sink {self.sink.address} has not taken it within the {self.end_seconds:g} s of NEWS_END_SECONDS; see that it "
                "can be reached, then run `scrapy deliver`, or this again"
            ) from None

    def _do(self, call: Callable[[], Result]) -> asyncio.Future[Result]:
        return asyncio.wrap_future(self._errands.do(call))

    def _look_around(self) -> None:
        self.sink.check()
        if learnt := learn_erased(self.store, self.sink, clock.now()):
            logger.info("%d articles were erased elsewhere and are not fetched", learnt)
        if last_is_lost(self.store, self.sink) and (lost := find_lost(self.store, self.sink)):
            self.lost = bool(lost.gone)
            logger.log(logging.ERROR if self.lost else logging.WARNING, "%s: %s", self.sink.address, lost)

    async def _deliver_in_turn(self, run_id: str) -> None:
        await self.recover()
        while not await self._is_closing():
            try:
                await self._do(partial(deliver, self.store, self.sink, run_id, clock.now(), limits=self.limits))
            except (DeliveryError, StoreError) as error:
                logger.warning("Delivery waits, articles stay in the outbox: %s", error)

    async def _is_closing(self) -> bool:
        """Whether the run closes within the time from one delivery to the next."""
        try:
            await asyncio.wait_for(self._closing.wait(), DELIVERY_SECONDS)
        except TimeoutError:
            return False
        return True
