"""Settle: a page's extraction outcome to what is committed of it. It composes the store and `finish`."""

from __future__ import annotations

from datetime import datetime

from pipelines.finish import finish
from pipelines.items import Article, Draft, Page, Rejected
from pipelines.runner import Outcome
from pipelines.store.protocol import Store, VersionTaken


def settle(store: Store, page: Page, outcome: Outcome, run_id: str, now: datetime) -> Article | Rejected:
    """Recall, finish and commit; again where another process took the article's version meanwhile. Raises StoreError."""
    while True:
        settled = finish(outcome, store.recall(outcome)) if isinstance(outcome, Draft) else outcome
        try:
            _commit(store, page, outcome, settled, run_id, now)
        except VersionTaken:
            continue
        return settled


def _commit(store: Store, page: Page, outcome: Outcome, settled: Article | Rejected, run_id: str, now: datetime) -> None:
    urls = [page.url, *(filter(None, [settled.canonicalUrl]) if isinstance(settled, Article) else ())]
    text_hash = outcome.text_hash if isinstance(outcome, Draft) else None
    blocks = outcome.block_hashes if isinstance(outcome, Draft) else ()
    clock = outcome.clock if isinstance(outcome, Draft) else None
    store.commit(page.link, settled, run_id=run_id, now=now, text_hash=text_hash, blocks=blocks, urls=urls, clock=clock)
