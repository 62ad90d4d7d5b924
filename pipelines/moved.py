"""Moved: whether a page that has the text of an article at another address of its publisher is that article, or a copy of it.

A listing may name an article's new address before or after the old one is looked at, or the two are asked for at once. The old address
is asked: where it leads to this page now, the article has moved and keeps its id, whichever answer came first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pipelines.items import Draft, Link, Page, Rejected
from pipelines.runner import Outcome
from pipelines.settle import twin_of
from pipelines.store.protocol import Store


class Moves:
    """A run's questions to old addresses: each is asked once, however many pages have the text of what stood there."""

    def __init__(self) -> None:
        self._leads_to: dict[str, str | None] = {}

    async def old_address(
        self,
        store: Store,
        page: Page,
        outcome: Outcome,
        fetch: Callable[[str, Page], Awaitable[Page | Rejected]],
        extract: Callable[[Page], Awaitable[Outcome]],
    ) -> Link | None:
        """The link by which the article of a page was known until it moved; None where it is new, or a copy. Raises StoreError."""
        if not isinstance(outcome, Draft) or (old := twin_of(store, page, outcome)) is None:
            return None
        if old.url not in self._leads_to:
            there = await fetch(old.url, page)
            read = there if isinstance(there, Rejected) else await extract(there)
            self._leads_to[old.url] = read.id if isinstance(read, Draft) else None
        return old if self._leads_to[old.url] == outcome.id else None
