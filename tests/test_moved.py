"""A moved article is one article, whichever of its addresses is asked first; a copy is two."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from pipelines.items import Article, Link, Page, Reason, Rejected
from pipelines.moved import Moves
from pipelines.publishers import Publisher
from pipelines.runner import Outcome, extract_inline
from pipelines.settle import settle, settle_or_ask
from pipelines.store.protocol import Store
from tests.gazette import NOW
from tests.hostile.answers import page as markup

HOUSE = Publisher(id="stour", hosts=("stour.example",))
OLD, NEW = "https://stour.example/harbour", "https://stour.example/news/harbour"


def page(link: str, url: str, title: str = "The harbour of Stour reopens after nine days") -> Page:
    """What is fetched for a link: the page at an address, to which the link's may lead."""
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, markup("harbour", title=title), NOW, Link(link, "stour"), headers=headers)


@pytest.fixture(autouse=True)
def runs(store: Store) -> None:
    for run_id in ("run-1", "run-2"):
        store.start_run(run_id, "news", NOW)


def crawled(store: Store, run_id: str, fetched: Page, old: Page | Rejected) -> Article | Rejected:
    """The outcome as the pipeline makes it; `old` is what the old address answers if it is asked."""

    async def fetch(url: str, page: Page) -> Page | Rejected:
        assert url == OLD
        return old

    async def extract(page: Page) -> Outcome:
        return extract_inline(page, HOUSE)

    outcome, ages = extract_inline(fetched, HOUSE), (timedelta(hours=1),)
    settled = settle_or_ask(store, fetched, outcome, run_id, NOW, ages)
    if not isinstance(settled, Link):
        return settled
    moved = asyncio.run(Moves().lead_here(settled, fetched, outcome, fetch, extract))
    return settle(store, fetched, outcome, run_id, NOW, ages, settled if moved else None)


@pytest.mark.parametrize("order", [("look", "listing"), ("listing", "look")], ids="-".join)
def test_a_moved_article_keeps_its_id_in_whichever_order_its_addresses_answer(store: Store, order: tuple[str, ...]) -> None:
    first = crawled(store, "run-1", page(OLD, OLD), Rejected(Reason.FETCH))
    assert isinstance(first, Article)
    moved = {"look": page(OLD, NEW), "listing": page(NEW, NEW)}
    outcomes = [crawled(store, "run-2", moved[name], page(OLD, NEW)) for name in order]
    assert outcomes == [Rejected(Reason.UNCHANGED, outcome.detail) for outcome in outcomes if isinstance(outcome, Rejected)]
    assert len(outcomes) == 2


@pytest.mark.parametrize("old", [page(OLD, OLD), Rejected(Reason.HTTP_STATUS, "404"), Rejected(Reason.ROBOTS)])
def test_a_copy_and_what_cannot_be_known_to_have_moved_is_another_article(store: Store, old: Page | Rejected) -> None:
    first = crawled(store, "run-1", page(OLD, OLD), Rejected(Reason.FETCH))
    second = crawled(store, "run-2", page(NEW, NEW), old)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (second.id != first.id, second.duplicateOf) == (True, first.id)


def test_an_article_of_another_headline_is_not_asked_for(store: Store) -> None:
    crawled(store, "run-1", page(OLD, OLD, "Another headline above the same text"), Rejected(Reason.FETCH))
    fetched = page(NEW, NEW)
    assert isinstance(settle_or_ask(store, fetched, extract_inline(fetched, HOUSE), "run-2", NOW), Article)


def test_an_old_address_is_asked_once_however_many_pages_have_its_text(store: Store) -> None:
    crawled(store, "run-1", page(OLD, OLD), Rejected(Reason.FETCH))
    asked: list[str] = []

    async def fetch(url: str, fetched: Page) -> Page | Rejected:
        asked.append(url)
        return page(OLD, NEW)

    async def extract(fetched: Page) -> Outcome:
        return extract_inline(fetched, HOUSE)

    async def lead_here(urls: list[str]) -> list[bool]:
        moves, found = Moves(), []
        for fetched in (page(url, url) for url in urls):
            outcome = extract_inline(fetched, HOUSE)
            old = settle_or_ask(store, fetched, outcome, "run-2", NOW)
            assert isinstance(old, Link)
            found.append(await moves.lead_here(old, fetched, outcome, fetch, extract))
        return found

    assert asyncio.run(lead_here([f"{NEW}-{n}" for n in range(3)] + [NEW])) == [False, False, False, True]
    assert asked == [OLD]
