"""Visits: which listings of a run's publishers are due, what is asked of them, and what they answered, kept in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from scrapy.http import Response

from crawler.discovery import cadence
from crawler.discovery.cadence import Bounds
from crawler.discovery.listing import Nested
from crawler.discovery.sitemaps import instant, recent, worth_a_visit
from pipelines import clock
from pipelines.errors import StoreError
from pipelines.items import Link
from pipelines.publishers import Publisher
from pipelines.store.schedule import ListingState, Watched

if TYPE_CHECKING:
    from pipelines.item_pipelines import ArticlePipeline
    from pipelines.store.protocol import Store

T = TypeVar("T")
# Links of earlier runs that one run takes up of a publisher; the rest is the next one's.
MAX_OPEN: Final = 1_000
# Stored articles of a publisher that one run looks at again.
MAX_LOOKS: Final = 1_000
# How a listing came to be known: named in the publisher's file (the default), found by a look; and the site looked over.
LOOK, SITE = "look", "site"
LOOK_BACK: Final = timedelta(days=2)
# A look over a site that got no answer is taken again after this time.
LOOK_AGAIN: Final = timedelta(days=1)
_GONE: Final = (404, 410)
VALIDATOR_CHARS: Final = 1_024


class Visits:
    """The listings' side of one run. `force` visits what is not due, too; without a pipeline (`scrapy shell`) all is due."""

    def __init__(self, pipeline: ArticlePipeline | None, *, force: bool = False) -> None:
        self._pipeline, self._force = pipeline, force
        self._bounds = Bounds(*pipeline.config.listing_pause) if pipeline else Bounds()
        self._look_pause = pipeline.config.look_pause if pipeline else None
        self._known: dict[str, dict[str, ListingState]] = {}

    def is_due(self, url: str, publisher: Publisher, changed: datetime | None = None) -> bool:
        """Whether to ask for a listing now. `changed` is when another listing says that this one changed."""
        state, now = self._state(url, publisher), clock.now()
        due = cadence.due(state, self._bounds)
        # A visit that is still to come was noted by a clock that was ahead: waiting for its day would lose links.
        if self._force or due is None or due <= now or (state.visited and state.visited > now):
            return True
        return bool(changed and state.visited and changed > state.visited)

    def due_sitemaps(
        self, sitemaps: Iterable[Nested], publisher: Publisher, since: datetime | None, asked_since: datetime | None
    ) -> Iterator[str]:
        """The addresses of an index's sitemaps that are worth a visit and due; `asked_since` is the instant that a person named."""
        paused = asked_since or self.last_good(publisher)
        for sitemap in worth_a_visit(recent(list(sitemaps), asked_since or since), paused):
            if self.is_due(sitemap.url, publisher, instant(sitemap.lastmod) if sitemap.lastmod else None):
                yield sitemap.url

    def conditions(self, url: str, publisher: Publisher) -> dict[str, str]:
        """The headers that ask for the listing only if it changed (RFC 9110, 13.1), as its last answer gave them."""
        state = self._state(url, publisher)
        return conditions(state.etag, state.last_modified)

    def note(self, url: str, publisher: Publisher, response: Response, *, brought: bool, conditional: bool = True) -> None:
        """Keep what a visit gave. Called after the listing's links are in the store: a kill before it costs one more visit.

        `conditional` is False for a document whose own bytes do not tell whether there is news, such as a sitemap index.
        """
        state, now = self._state(url, publisher), clock.now()
        if response.status == 304:
            self._keep(cadence.unchanged(state, now))
            return
        etag, modified = (_header(response, name) if conditional else None for name in ("ETag", "Last-Modified"))
        self._keep(cadence.visited(state, now, brought=brought, etag=etag, last_modified=modified))

    def note_failure(self, url: str, publisher: Publisher, status: int | None) -> ListingState:
        """Keep that a visit failed. The state says whether the listing is retired by that."""
        state = cadence.failed(self._state(url, publisher), clock.now(), gone=status in _GONE)
        self._keep(state)
        return state

    def look_due(self, site: str, publisher: Publisher) -> bool:
        """Whether to look over a publisher's site for listings that its file does not name. The first run only starts the clock."""
        state, pause = self._state(site, publisher), self._look_pause
        if not pause or not publisher.discover.look:
            return False
        is_due = state.visited is not None and clock.now() - state.visited >= pause
        if state.visited is None or is_due:
            self._keep(replace(state, via=SITE, visited=clock.now()))
        return is_due

    def look_again(self, publisher: Publisher) -> None:
        """Keep that a look over the publisher's site got no answer: the next is due in a day, or at its usual time if that is sooner."""
        if (site := publisher.site) and (pause := self._look_pause):
            since = clock.now() - pause + min(pause, LOOK_AGAIN)
            self._keep(replace(self._state(site, publisher), visited=since))

    def enter(self, urls: Iterable[str], publisher: Publisher) -> list[str]:
        """Of listings that a look found those that are new, entered as the publisher's."""
        known = {*publisher.discover.feeds, *publisher.discover.sitemaps, *publisher.discover.sections}
        new = [url for url in dict.fromkeys(urls) if url not in known and self._state(url, publisher).visited is None]
        for url in new:
            self._keep(ListingState(url, publisher.id, clock.now(), LOOK))
        return new

    def entered(self, publisher: Publisher) -> list[str]:
        """The listings that looks found in earlier runs."""
        return [state.url for state in self._listings(publisher).values() if state.via == LOOK]

    def since(self, url: str, publisher: Publisher) -> datetime | None:
        """What a listing that a look found may reach back to: it goes on from there, it does not fetch a site's archive."""
        state = self._state(url, publisher)
        return state.found - LOOK_BACK if state.via == LOOK else None

    def open_links(self, publisher: Publisher) -> list[Link]:
        """The publisher's links that earlier runs left: a listing that did not change does not name them again."""
        return self._stored(lambda store: store.open_links(publisher.id, clock.now(), MAX_OPEN), [])

    def due_articles(self, publisher: Publisher) -> list[Watched]:
        """The publisher's stored articles whose next look is due, leased to this run."""
        return self._stored(lambda store: store.claim_due(publisher.id, self._run_id, clock.now(), MAX_LOOKS), [])

    def changed_articles(self, links: Iterable[Link]) -> list[Watched]:
        """Of a listing's links the stored articles that changed since they were fetched, as the listing says."""
        dated = [(link, when) for link in links if link.modified and (when := instant(link.modified))]
        return self._stored(lambda store: store.claim_changed(dated, self._run_id, clock.now()), []) if dated else []

    def last_good(self, publisher: Publisher) -> datetime | None:
        """When the publisher's last run that visited all of it began."""
        return self._stored(lambda store: store.last_good(publisher.id), None)

    @property
    def _run_id(self) -> str:
        return self._pipeline.run_id if self._pipeline else ""

    def _state(self, url: str, publisher: Publisher) -> ListingState:
        return self._listings(publisher).get(url) or ListingState(url, publisher.id, clock.now())

    def _listings(self, publisher: Publisher) -> dict[str, ListingState]:
        """The publisher's listings by URL, read from the store once a run."""
        if publisher.id not in self._known:
            listings: list[ListingState] = self._stored(lambda store: store.listings(publisher.id), [])
            self._known[publisher.id] = {listing.url: listing for listing in listings}
        return self._known[publisher.id]

    def _keep(self, state: ListingState) -> None:
        self._known[state.publisher][state.url] = state
        self._stored(lambda store: store.keep_listing(state), None)

    def _stored(self, ask: Callable[[Store], T], otherwise: T) -> T:
        """What the store says; `otherwise` without one, or after it failed, which ends the run.

        A store that failed is not asked again: it may take that a listing was visited after it did not take the listing's links.
        """
        if self._pipeline is None or self._pipeline.store_failed:
            return otherwise
        try:
            return ask(self._pipeline.store)
        except StoreError as error:
            self._pipeline.stop(error)
            return otherwise


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a request for what changed since these validators (RFC 9110, 13.1): both, as caches send them.

    What no server means (control characters, kilobytes) is not sent back.
    """
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in pairs.items() if value and value.isprintable() and len(value) <= VALIDATOR_CHARS}


def was_conditional(response: Response) -> bool:
    """Whether the response's request asked for what changed alone."""
    asked = response.request.headers if response.request else {}
    return b"If-None-Match" in asked or b"If-Modified-Since" in asked


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
