"""Room: how many pages may be extracted at once, by the memory that they may take together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

# Bytes that a page's worst markup makes of each of its own: 370 for a megabyte of `<p>a`, by tests/hostile.
BYTES_A_BYTE: Final = 400
# What any page may take: more than ten at once would leave none of them this.
LEAST_BYTES: Final = 48 * 2**20


class Room:
    """Lets pages in, in their order, while all that are inside may not take more than `most_mib` together.

    A worker's own limit holds for one page; without this a run would need that limit for each of its workers.
    """

    def __init__(self, most_mib: int) -> None:
        self._most = most_mib * 2**20
        self._taken = 0
        self._door = asyncio.Lock()
        self._left = asyncio.Event()

    @asynccontextmanager
    async def taken_by(self, page_bytes: int) -> AsyncIterator[None]:
        """Waits until a page of this size may be extracted, and counts it until the block ends."""
        share = min(self._most, max(LEAST_BYTES, page_bytes * BYTES_A_BYTE))
        # The first in the row waits inside the door, so that small pages do not pass a large one by for ever.
        async with self._door:
            while self._taken + share > self._most:
                self._left.clear()
                await self._left.wait()
            self._taken += share
        try:
            yield
        finally:
            self._taken -= share
            self._left.set()
