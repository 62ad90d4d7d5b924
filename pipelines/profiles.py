"""Profiles: the publishers of a run, each with the zone that its pages showed where its file names none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pipelines.items import Page
from pipelines.learnt import clocks_of, disagreement, with_learnt_zone
from pipelines.publishers import Publisher, publisher_of
from pipelines.store.protocol import Store

logger = logging.getLogger(__name__)


class Profiles:
    """By their ids in `publishers`. `count` hears of `zone/learnt` and `zone/disagrees`, once a publisher."""

    def __init__(self, count: Callable[[str], None]) -> None:
        self.publishers: dict[str, Publisher] = {}
        self._count = count
        self._zoned: dict[str, asyncio.Future[Publisher]] = {}

    async def of(self, page: Page, store: Store) -> Publisher:
        """The page's publisher, with one zone for all its pages of a run. Raises StoreError."""
        publisher = self.publishers.get(page.link.publisher) or publisher_of(page.url, self.publishers.values())
        if publisher.id not in self._zoned:
            self._zoned[publisher.id] = asyncio.ensure_future(self._with_zone(publisher, store))
        return await self._zoned[publisher.id]

    async def _with_zone(self, publisher: Publisher, store: Store) -> Publisher:
        # In a thread: the first publisher of a run compares hundreds of zones on each day that pages were seen.
        clocks = await asyncio.to_thread(lambda: clocks_of(publisher, store.clocks(publisher.id)))
        if clocks.disagrees:
            self._count("zone/disagrees")
            logger.warning("%s", disagreement(publisher, clocks))
        zoned = with_learnt_zone(publisher, clocks)
        if zoned is not publisher:
            self._count("zone/learnt")
            logger.info(
                "%s: times without a zone are read as %s, learnt from %d articles",
                publisher.id,
                zoned.timezone,
                clocks.learnt.articles,
            )
        return zoned
