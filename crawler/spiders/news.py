"""The news spider: listings to unseen links to pages. It fetches; what a page says is the pipeline's business."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.discovery.budget import Budget
from crawler.discovery.listing import Kind, Listing
from crawler.discovery.reader import Home
from crawler.discovery.sitemaps import is_dated, sitemaps_of
from crawler.network.failures import rejection, was_asked
from crawler.network.pages import fetch_page, page_of
from crawler.network.robots import ROBOTS_BYTES
from crawler.spiders.plan import Plan, plan_of
from crawler.spiders.reading import Reading, note
from crawler.spiders.visits import Visits, conditions, was_conditional
from pipelines import clock
from pipelines.item_pipelines import ArticlePipeline
from pipelines.items import Link, Page, Reason, Rejected
from pipelines.publishers import Publisher, publisher_of
from pipelines.store.schedule import Watched

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

CLAIM_AT_ONCE = 100  # links in one transaction, which holds the event loop for some milliseconds
# Feeds say more of a link than sitemaps do, so their hints should be the first that the store learns.
FEED_PRIORITY, SITEMAP_PRIORITY, LOOK_PRIORITY = 20, 10, -10
ANSWERS = {"handle_httpstatus_list": [304, 404, 410]}  # to a look
# Asking for robots.txt needs nobody's leave.
AT_ROBOTS = {"dont_obey_robotstxt": True}


class NewsSpider(Spider):
    """Visits publishers by id (`publishers`, default all), or ad hoc a `site`, a `feed`, a `sitemap`, or the URLs of a file."""

    name = "news"

    def __init__(self, plan: Plan, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.plan, self.left, self.budget_s = plan, plan.limit, plan.budget_s
        self.visits, self.reading, self.budget = Visits(None), Reading(None), Budget()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> Self:
        spider = super().from_crawler(crawler, *args, plan=cls.planned(crawler.settings, arguments))
        spider.budget = Budget.of(crawler.settings.getint)
        return spider

    @classmethod
    def planned(cls, settings: BaseSettings, arguments: dict[str, str]) -> Plan:
        """What the arguments ask for. Raises ConfigurationError with the argument's name before anything is fetched."""
        return plan_of(settings, arguments)

    @property
    def leases(self) -> list[str]:
        """The publishers whose listings one run at a time reads; given addresses are leased one by one as they are claimed."""
        return [] if self.plan.links else [publisher.id for publisher in self.plan.publishers]

    async def start(self) -> AsyncIterator[Request]:
        if pipeline := self._pipeline:
            self.visits, self.reading = Visits(pipeline, force=not self.plan.due_only), Reading(pipeline)
            free = tuple(publisher for publisher in self.plan.publishers if publisher.id not in pipeline.held)
            self.plan = replace(self.plan, publishers=free)
            for publisher in self.plan.publishers:
                pipeline.know(publisher)
        for request in chain(self._listings(), self._articles(list(self.plan.links))):
            yield request
        for publisher in self.plan.scheduled:
            for request in self._articles(self.visits.open_links(publisher)):
                yield request
            for request in self._looks(self.visits.due_articles(publisher)):
                yield request

    def _listings(self) -> Iterator[Request]:
        for site, publisher in self.plan.sites:
            known = {"publisher": publisher}
            yield Request(urljoin(site, "/robots.txt"), self.parse_robots, cb_kwargs=known, errback=self.skip, meta=AT_ROBOTS)
            yield Request(site, self.parse_home, cb_kwargs=known, errback=self.skip)
        for url, publisher, priority in self.plan.listings(FEED_PRIORITY, SITEMAP_PRIORITY):
            if self.visits.is_due(url, publisher):
                yield self._listing(url, publisher, priority)
        for publisher in self.plan.scheduled if not self.plan.sites else ():
            for url in self.visits.entered(publisher):
                if self.visits.is_due(url, publisher):
                    yield self._listing(url, publisher, SITEMAP_PRIORITY)
            if (home := publisher.site) and self.visits.look_due(home, publisher):
                known = {"publisher": publisher}
                meta = AT_ROBOTS | {"handle_httpstatus_list": [404, 410]}
                yield Request(urljoin(home, "/robots.txt"), self.parse_look, cb_kwargs=known, errback=self.skip, meta=meta)
                yield Request(home, self.parse_look, cb_kwargs=known, errback=self.skip)

    def _listing(self, url: str, publisher: Publisher, priority: int, depth: int = 0, since: datetime | None = None) -> Request:
        """The request for a listing; one that is remembered from run to run is asked for only if it changed."""
        since, kept = since or self.visits.since(url, publisher), bool(self.plan.scheduled)
        known = {"publisher": publisher, "depth": depth, "listing": url if kept else None, "since": since}
        headers, meta = self.visits.conditions(url, publisher) if kept else {}, {"handle_httpstatus_list": [304]}
        return Request(
            url, self.parse_listing, "GET", headers, cb_kwargs=known, errback=self.skip, priority=priority, meta=meta
        )

    def parse_robots(self, response: Response, publisher: Publisher | None = None) -> Iterator[Request]:
        """The sitemaps that a site's robots.txt names."""
        publisher = publisher or self._publisher_of(response.url)
        yield from self._named(sitemaps_of(response.body[:ROBOTS_BYTES], response.url), publisher, SITEMAP_PRIORITY)

    async def parse_home(self, response: Response, publisher: Publisher | None = None) -> AsyncIterator[Request]:
        """The feeds that a home page names, and its own article links."""
        publisher = publisher or self._publisher_of(response.url)
        home = await self.reading.home(response, publisher)
        if not isinstance(home, Home):
            self._lost(response, home)
            return
        feeds = self._named(home.feeds, publisher, FEED_PRIORITY)
        for request in chain(feeds, self._found(home.section, response, publisher, depth=0)):
            yield request

    def _named(
        self, urls: Iterable[str], publisher: Publisher, priority: int, depth: int = 0, since: datetime | None = None
    ) -> Iterator[Request]:
        """Requests for the listings that a site names."""
        for url in self._in_budget(urls, publisher):
            yield self._listing(url, publisher, priority, depth, since=since)

    def _in_budget(self, urls: Iterable[str], publisher: Publisher) -> Iterator[str]:
        """As many listings as one run asks of a host, and for a publisher."""
        for url in urls:
            if self.budget.takes_listing(url, publisher.id):
                yield url
            else:
                self.crawler.stats.inc_value("discovery/over_budget/listings")

    async def parse_look(self, response: Response, publisher: Publisher) -> AsyncIterator[Request]:
        """The listings of a scheduled publisher's site that neither its file nor an earlier look named."""
        if response.status != 200:  # no robots.txt, as many sites have none
            return
        sitemaps = sitemaps_of(response.body[:ROBOTS_BYTES], response.url)
        feeds = await self.reading.feeds(response, publisher)
        if not isinstance(feeds, list):
            self._lost(response, feeds)
            return
        for url in self.visits.enter(self._in_budget([*sitemaps, *feeds], publisher), publisher):
            self.crawler.stats.inc_value("listing/found")
            self.logger.info("%s: a look at the site found the listing %s", publisher.id, url)
            yield self._listing(url, publisher, SITEMAP_PRIORITY)

    async def parse_listing(
        self,
        response: Response,
        publisher: Publisher | None = None,
        depth: int = 0,
        listing: str | None = None,
        since: datetime | None = None,
    ) -> AsyncIterator[Request]:
        """Any listing: a feed, a sitemap, a sitemap index, a section page.

        `listing` is the address it is remembered by, `since` the instant that it may reach back to.
        """
        publisher = publisher or self._publisher_of(response.url)
        if response.status == 304 and not was_conditional(response):
            self._lost(response, Rejected(Reason.HTTP_STATUS, "304, which nobody asked for", retry=True))
            return
        if response.status == 304:
            self.crawler.stats.inc_value("listing/unchanged")
            self.visits.note(listing or response.url, publisher, response, brought=False)
            return
        found = await self.reading.newest(response, publisher, self.plan.since or since)
        if not isinstance(found, Listing):
            self._lost(response, found)
            return
        brought = False
        for request in self._found(found, response, publisher, depth, since):
            brought = brought or request.callback == self.parse_article
            yield request
        # A run that is held to a limit has not seen all of it: the next one reads it again.
        if listing and self.left != 0:
            self.visits.note(listing, publisher, response, brought=brought, conditional=not found.nested)

    def _found(
        self, listing: Listing, response: Response, publisher: Publisher, depth: int, since: datetime | None = None
    ) -> Iterator[Request]:
        note(listing, response.url, self.crawler.stats)
        if depth == 0:
            nested = self.visits.due_sitemaps(listing.nested, publisher, since, self.plan.since)
            yield from self._named(nested, publisher, SITEMAP_PRIORITY, depth=1, since=since)
        links = listing.links
        if since and listing.kind is Kind.SITEMAP:
            links = list(filter(is_dated, links))
        yield from self._articles(links)
        if self.plan.scheduled:
            yield from self._looks(self.visits.changed_articles(links))

    def _articles(self, links: list[Link]) -> Iterator[Request]:
        """Requests for the links that no run has done; their number is held to the limit and to their hosts' budgets.

        `scrapy shell` and `scrapy parse` run without the pipeline: then every link is fetched.
        """
        pipeline = self._pipeline
        for start in range(0, len(links), CLAIM_AT_ONCE):
            if self.left == 0:
                return
            batch = links[start : start + CLAIM_AT_ONCE]
            # Addresses that a person gave are fetched, however many they are.
            chosen = batch if self.plan.links else self.budget.choose(batch)
            if len(chosen) < len(batch):
                self.crawler.stats.inc_value("discovery/over_budget/pages", len(batch) - len(chosen))
            claimed = pipeline.claim(chosen, self.left) if pipeline else chosen[: self.left]
            self.budget.take(claimed)
            if self.left is not None:
                self.left -= len(claimed)
            yield from filter(None, map(self._article, claimed))

    def _looks(self, articles: Iterable[Watched]) -> Iterator[Request]:
        """Requests for stored articles that may have changed, after the new ones; a 304, 404 or 410 is an answer, too."""
        for article in articles:
            if self.left == 0:
                return
            if self.left is not None:
                self.left -= 1
            headers = conditions(article.etag, article.last_modified)
            yield self._page(article.link, headers=headers, priority=LOOK_PRIORITY, meta=ANSWERS)

    def _article(self, link: Link) -> Request | None:
        """The request for a link; a link that no request can be made of has its outcome already."""
        try:
            return self._page(link)
        except ValueError as error:
            if pipeline := self._pipeline:
                pipeline.reject(link, Rejected(Reason.FETCH, f"no address: {error}"))
            return None

    def _page(self, link: Link, **more: Any) -> Request:
        return Request(link.url, self.parse_article, cb_kwargs={"link": link}, errback=self.reject, dont_filter=True, **more)

    def parse_article(self, response: Response, link: Link | None = None) -> Page:
        """The page as it was fetched; nothing is parsed here."""
        return page_of(response, link or Link(response.url, self._publisher_of(response.url).id), clock.now())

    async def fetch_page(self, url: str, link: Link) -> Page | Rejected:
        """A further page of an article, which the pipeline asks for; it counts as a page of its host."""
        further = replace(link, url=url)
        if not (self.plan.links or self.budget.choose([further])):
            return Rejected(Reason.FETCH, "the host has no page left in this run", retry=True)
        self.budget.take([further])
        return await fetch_page(self.crawler, url, link)

    def reject(self, failure: Failure) -> None:
        """The outcome of a link that could not be fetched; none for one that was not asked for, which a later run does."""
        link: Link = failure.request.cb_kwargs["link"]  # type: ignore[attr-defined]
        outcome = rejection(failure.value)
        self.logger.debug("%s: %s: %s", link.url, outcome.reason, outcome.detail)
        if "redirect_times" not in failure.request.meta and not was_asked(failure.value):  # type: ignore[attr-defined]
            self.crawler.stats.inc_value("page/postponed")
        elif pipeline := self._pipeline:
            pipeline.reject(link, outcome)

    def skip(self, failure: Failure) -> None:
        """A listing that could not be had costs its links only, and says so."""
        status = failure.value.response.status if isinstance(failure.value, HttpError) else None
        self._failed(failure.request, rejection(failure.value), status)  # type: ignore[attr-defined]

    def _lost(self, response: Response, rejected: Rejected | None) -> None:
        """A listing that was fetched and could not be read; None is one that the run's end left unread."""
        if rejected and response.request:
            self._failed(response.request, rejected)

    def _failed(self, request: Request, outcome: Rejected, status: int | None = None) -> None:
        self.crawler.stats.inc_value(f"listing/failed/{outcome.reason}")
        self.logger.warning("%s: %s: %s", request.url, outcome.reason, outcome.detail)
        if request.callback == self.parse_look and outcome.retry:
            self.visits.look_again(request.cb_kwargs["publisher"])
        listing = request.cb_kwargs.get("listing")
        if listing and self.visits.note_failure(listing, request.cb_kwargs["publisher"], status).retired:
            self.crawler.stats.inc_value("listing/retired")
            self.logger.warning("%s: retired, it has been gone for a week; it is asked again once a month", listing)

    # What `scrapy parse` calls where no callback is named.
    parse = parse_article

    def _publisher_of(self, url: str) -> Publisher:
        """The publisher of a response that `scrapy parse` hands in without one."""
        return publisher_of(url, self.plan.publishers)

    @property
    def _pipeline(self) -> ArticlePipeline | None:
        return self.crawler.get_item_pipeline(ArticlePipeline)
