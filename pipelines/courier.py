"""Courier: what delivers beside a crawl, in threads: dead runs first, then the parts of this one as they close."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from pipelines import clock
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits
from pipelines.delivery.manifest import Manifest
from pipelines.delivery.sinks import Sink
from pipelines.erase import learn_erased
from pipelines.errors import DeliveryError, SinkError, StoreError
from pipelines.store.protocol import Store, Verdict

logger = logging.getLogger(__name__)

# How often the outbox is looked at; a part closes by its own size and age, not by this.
DELIVERY_SECONDS = 5.0


class Courier:
    """One store's way to one sink during a run. `recovered_all`: nothing that dead runs left is still in the outbox."""

    def __init__(self, store: Store, sink: Sink, limits: Limits) -> None:
        self.store, self.sink, self.limits = store, sink, limits
        self.recovered_all = True
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, run_id: str) -> None:
        """Begin to deliver, and go on until `finish`."""
        self._task = asyncio.create_task(self._deliver_in_turn(run_id))

    async def learn_erased(self) -> None:
        """Let the store know what was erased from the sink elsewhere, before anything is fetched.

        Where the sink is away this takes as long as its check, not as long as a delivery would try.
        """
        try:
            await asyncio.to_thread(self.sink.check)
            learnt = await asyncio.to_thread(learn_erased, self.store, self.sink, clock.now())
        except (DeliveryError, SinkError) as error:
            logger.warning("Articles that were erased elsewhere may be fetched: %s", error)
        else:
            if learnt:
                logger.info("%d articles were erased elsewhere and are not fetched", learnt)

    async def recover(self) -> None:
        """Finish the runs whose process is gone; the log says which, and which not."""
        self.recovered_all = True
        try:
            recovered = await asyncio.to_thread(recover, self.store, self.sink, clock.now(), limits=self.limits)
        except StoreError as error:
            self.recovered_all, recovered = False, []
            logger.warning("What killed runs left behind is not delivered: %s", error)
        for run in recovered:
            if run.error:
                self.recovered_all = False
                logger.warning("Run %s is still not delivered: %s", run.run_id, run.error)
            else:
                logger.info("Run %s had been killed; its articles are delivered now", run.run_id)

    async def rest(self) -> None:
        """Returns when nothing is delivered any more: two deliveries at once would each find the other's part not put."""
        self._closing.set()
        if self._task:
            await self._task

    async def finish(self, run_id: str, verdict: Verdict, sites: Iterable[str]) -> Manifest:
        """The run's manifest once all of it is in the sink. Raises DeliveryError, StoreError."""
        await self.rest()
        return await asyncio.to_thread(
            finish_run, self.store, self.sink, run_id, clock.now(), verdict=verdict, sites=sites, limits=self.limits
        )

    async def _deliver_in_turn(self, run_id: str) -> None:
        await self.recover()
        while not await self._is_closing():
            try:
                await asyncio.to_thread(deliver, self.store, self.sink, run_id, clock.now(), limits=self.limits)
            except (DeliveryError, StoreError) as error:
                logger.warning("Delivery waits, articles stay in the outbox: %s", error)

    async def _is_closing(self) -> bool:
        """Whether the run closes within the time from one delivery to the next."""
        try:
            await asyncio.wait_for(self._closing.wait(), DELIVERY_SECONDS)
        except TimeoutError:
            return False
        return True
