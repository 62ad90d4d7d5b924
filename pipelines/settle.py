"""Settle: a page's outcome to what is committed of it. It composes the store and `finish`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pipelines.errors import StoreError
from pipelines.finish import versioned, without_boilerplate
from pipelines.items import Article, Draft, Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import Outcome, place
from pipelines.store.protocol import Store, VersionTaken
from pipelines.tombstone import tombstone
from pipelines.validate import refused_by_owner


def answered(store: Store, page: Page, publisher: Publisher) -> Article | Rejected | None:
    """The outcome that the answer to a look at a stored article is by itself: nothing changed, or it is gone. None: extract."""
    if page.status == 304:
        return Rejected(Reason.UNCHANGED, "304")
    if page.status not in (404, 410):
        return None
    known = store.watched(page.link)
    if known and known.canceled:
        return Rejected(Reason.UNCHANGED, str(page.status))
    # 410 is meant; a 404 may be a slip, so it is believed when a later look finds it again.
    if known and (page.status == 410 or known.gone):
        return tombstone(known.id, known.version + 1, page, publisher)
    return Rejected(Reason.HTTP_STATUS, str(page.status))


def settle(
    store: Store,
    page: Page,
    outcome: Outcome | Article,
    run_id: str,
    now: datetime,
    ages: Sequence[timedelta] = (),
    known: Link | None = None,
) -> Article | Rejected:
    """Recall, finish and commit; again where another process took the article's version meanwhile. Raises StoreError.

    `ages` are those at which the article is looked at again; `known` is the link by which it was known, where that is not the page's own.
    """
    settled = settle_or_ask(store, page, outcome, run_id, now, ages, known, asks=False)
    assert not isinstance(settled, Link)
    return settled


def settle_or_ask(
    store: Store,
    page: Page,
    outcome: Outcome | Article,
    run_id: str,
    now: datetime,
    ages: Sequence[timedelta] = (),
    known: Link | None = None,
    *,
    asks: bool = True,
) -> Article | Rejected | Link:
    """As `settle`; but of a page that would be a copy of its publisher's article under the same headline nothing is committed if it `asks`.

    Then the link is given to where that article stands: it may have moved here.
    """
    while True:
        try:
            draft, settled = _finished(store, outcome, known or page.link)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- a fault in our code costs no page: it goes into quarantine
            outcome = Rejected(Reason.CRASHED, place(error))
            continue
        if asks and draft and _is_copy(settled) and (old := store.address_of_twin(draft)):
            return old
        urls = [page.url, *(filter(None, [settled.canonicalUrl]) if isinstance(settled, Article) else ())]
        # The article's other pages are done with it: a listing that names one brings nothing new.
        urls += [draft.url, *draft.pages] if draft else []
        try:
            store.commit(page.link, settled, run_id=run_id, now=now, draft=draft, urls=urls, ages=ages, page=page)
        except (TypeError, ValueError) as error:
            if isinstance(settled, Rejected):
                raise
            # What cannot be written as the contract wants it is no article.
            outcome = Rejected(Reason.CRASHED, place(error))
            continue
        except VersionTaken:
            # A tombstone has nothing to finish anew: what the other process wrote stands until the next look.
            outcome = outcome if isinstance(outcome, Draft) else Rejected(Reason.UNCHANGED, page.url)
            continue
        return settled


def _is_copy(settled: Article | Rejected) -> bool:
    return isinstance(settled, Article) and settled.version == 1 and settled.duplicateOf is not None


def _finished(store: Store, outcome: Outcome | Article, link: Link) -> tuple[Draft | None, Article | Rejected]:
    """The outcome, and for a draft what is kept of it: its twins are sought by its text without boilerplate."""
    if not isinstance(outcome, Draft):
        return None, outcome
    if refused := refused_by_owner(outcome):
        return None, refused
    memory = store.recall(outcome, link)
    draft = without_boilerplate(outcome, memory)
    if draft.text_hash != outcome.text_hash:
        memory = store.recall(draft, link)
    return draft, versioned(draft, memory)
