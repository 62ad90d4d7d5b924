"""Desk: the pages that a run has under extraction, at once as many as its memory has room for."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from pipelines.errors import DatelineError
from pipelines.items import Page, Rejected
from pipelines.publishers import Publisher
from pipelines.room import Room
from pipelines.runner import Outcome, Runner, Work, extract_inline

Result = TypeVar("Result")


class GivenUp(DatelineError):
    """The run ends before the page is extracted: its lease goes back, and a later run fetches it again."""


class Desk:
    """A run's workers; `given_up` once it waits for no page any more."""

    def __init__(self, workers: int, page_seconds: float, page_mib: int) -> None:
        self.given_up = False
        self._runner = Runner(workers, page_seconds, page_mib)
        self._room = Room(page_mib)
        self._started: asyncio.Future[None] | None = None
        self._under_way: set[asyncio.Future[Any]] = set()

    def open(self) -> None:
        # In a thread: the workers import their stack while the first listings are fetched.
        self._started = asyncio.ensure_future(asyncio.to_thread(self._runner.start))

    async def close(self) -> None:
        if self._started:
            # Not `await`: workers that could not be started failed every page, and what is committed is delivered all the same.
            await asyncio.wait([self._started])
        await asyncio.to_thread(self._runner.close)

    def give_up(self) -> None:
        """Leave the pages that are not extracted yet to a later run."""
        self.given_up = True
        for future in list(self._under_way):
            future.cancel()

    async def extracted(self, page: Page, publisher: Publisher) -> Outcome:
        """The page's outcome from a worker. Raises GivenUp."""
        return await self.worked(extract_inline, page, publisher, len(page.body))

    async def worked(self, work: Work[Result], page: Page, publisher: Publisher, size: int) -> Result | Rejected:
        """What a worker makes of a page that unpacks to `size` bytes. Raises GivenUp."""
        assert self._started is not None
        await self._started
        async with self._room.taken_by(size):
            future = asyncio.wrap_future(self._runner.apply(work, page, publisher))
            self._under_way.add(future)
            if self.given_up:
                future.cancel()
            try:
                return await future
            except asyncio.CancelledError:
                raise GivenUp(page.url) from None
            finally:
                self._under_way.discard(future)
