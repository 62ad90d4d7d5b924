"""Assemble: an article that is spread over several pages from its first page on. The host fetches and extracts; this says what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pipelines.items import Draft, Page, Reason, Rejected
from pipelines.join import belongs, has_all, join, new_blocks, with_whole

Fetch = Callable[[str, Page], Awaitable[Page | Rejected]]
"""The page at an address, asked for by the rules of a crawl, on behalf of a page that links it."""
Extract = Callable[[Page], Awaitable[Draft | Rejected]]


async def assembled(draft: Draft | Rejected, page: Page, fetch: Fetch, extract: Extract, most: int) -> Draft | Rejected:
    """The whole article of a page, put together from `most` pages at the most. A page that is not one of several is as it was.

    A later page's article is its first page's; where that cannot be had, the rejection says why. A missing page leaves the
    article truncated, with a flag.
    """
    if isinstance(draft, Rejected) or most < 2 or not (draft.paging.later or draft.paging.first):
        return draft
    at_hand = {draft.paging.number: draft}
    first = await _draft_at(draft.paging.first, page, draft, fetch, extract) if draft.paging.first else draft
    if isinstance(first, Rejected):
        return first
    if first.paging.whole:
        whole = await _draft_at(first.paging.whole, page, first, fetch, extract)
        if isinstance(whole, Draft) and has_all(whole, first):
            return with_whole(first, whole)
    return await _with_later(first, page, at_hand, fetch, extract, most)


async def _with_later(first: Draft, page: Page, at_hand: dict[int, Draft], fetch: Fetch, extract: Extract, most: int) -> Draft:
    """The pages in their order, each naming those behind it; one that brings nothing new is the end, as no page links itself."""
    addresses = dict(first.paging.later) | {number: each.url for number, each in at_hand.items()}
    later: list[Draft] = []
    complete, number = True, 2
    while number <= max(addresses):
        if number > most:
            return join(first, later, complete=False)
        found = at_hand.get(number) or (
            await _draft_at(addresses[number], page, first, fetch, extract) if number in addresses else None
        )
        if isinstance(found, Draft):
            if not new_blocks([block for each in (first, *later) for block in each.blocks], found.blocks):
                break
            later.append(found)
            addresses = dict(found.paging.later) | addresses
        else:
            complete = False
        number += 1
    return join(first, later, complete=complete)


async def _draft_at(url: str, page: Page, known: Draft, fetch: Fetch, extract: Extract) -> Draft | Rejected:
    """The draft of another page of the article; a Rejected where it cannot be had or is another article's."""
    fetched = await fetch(url, page)
    if isinstance(fetched, Rejected):
        return fetched
    outcome = await extract(replace(fetched, link=page.link, run_id=page.run_id, spider=page.spider))
    if isinstance(outcome, Draft) and not belongs(known, outcome):
        return Rejected(Reason.NO_ARTICLE, f"{url} led to {outcome.url}, which is no page of the article")
    return outcome
