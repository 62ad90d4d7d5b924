"""Moved: whether a page that has the text of an article at another address of its publisher is that article, or a copy of it.

A listing may name an article's new address before or after the old one is looked at, or the two are asked for at once. The old address
is asked: where it leads to this page now, the article has moved and keeps its id, whichever answer came first.
"""

from __future__ import annotations

from pipelines.assemble import Extract, Fetch
from pipelines.items import Article, Draft, Link, Page, Rejected
from pipelines.runner import Outcome


class Moves:
    """A run's questions to old addresses: each is asked once, however many pages have the text of what stood there."""

    def __init__(self) -> None:
        self._leads_to: dict[str, str | None] = {}

    async def lead_here(self, old: Link, page: Page, outcome: Outcome | Article, fetch: Fetch, extract: Extract) -> bool:
        """Whether the address of another article leads to the page's own now: the article has moved, and the page is no copy."""
        if old.url not in self._leads_to:
            there = await fetch(old.url, page)
            read = there if isinstance(there, Rejected) else await extract(there)
            self._leads_to[old.url] = read.id if isinstance(read, Draft) else None
        return isinstance(outcome, Draft) and self._leads_to[old.url] == outcome.id
