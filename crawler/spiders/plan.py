"""Plan: what a spider's arguments ask for, checked in one place before anything is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from scrapy.settings import BaseSettings

from crawler.discovery.sites import ANY
from crawler.publishers import load
from pipelines.errors import ConfigurationError
from pipelines.items import Link
from pipelines.publishers import Address, Host, Publisher, publisher_of
from pipelines.values import Via

# Default of NEWS_RUN_SECONDS, what a run may take that `-a budget` gives no time: some hosts' time (NEWS_HOST_SECONDS) in a row.
RUN_SECONDS: Final = 7_200.0


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares of the publishers, numbered from 0: a publisher stays in its share whatever others there are."""

    index: int
    count: int

    def has(self, publisher_id: str) -> bool:
        """Whether the publisher belongs to this share: by a hash that is the same in every process and release.

        >>> [Shard(index, 3).has("business_standard") for index in range(3)].count(True)
        1
        """
        return int.from_bytes(sha256(publisher_id.encode()).digest()[:8], "big") % self.count == self.index


def _shard(value: object) -> object:
    """The share of `INDEX/COUNT`."""
    found = re.fullmatch(r"(\d{1,5})/(\d{1,5})", value) if isinstance(value, str) else None
    if found is None or int(found[1]) >= int(found[2]):
        raise ValueError("INDEX/COUNT")
    return Shard(int(found[1]), int(found[2]))


def _names(value: object) -> object:
    return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value


class Arguments(BaseModel):
    """The `-a` arguments. At most one of publishers, site, feed, sitemap and urls; `hosts` goes with site, feed and sitemap."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publishers: str | None = None
    site: Address | None = None
    feed: Address | None = None
    sitemap: Address | None = None
    urls: Path | None = None
    hosts: Annotated[tuple[Host, ...], BeforeValidator(_names)] = ()
    limit: Annotated[int, Field(ge=1)] | None = None
    budget: Annotated[float, Field(gt=0, le=604800)] | None = None
    due: Literal["all"] | None = None
    since: Annotated[datetime, AfterValidator(_aware)] | None = None
    shard: Annotated[Shard, BeforeValidator(_shard)] | None = None


ALLOWED = {
    "publishers": "ids of publisher files, separated by commas; `scrapy publishers` lists them",
    "site": "an http or https address",
    "feed": "an http or https address",
    "sitemap": "an http or https address",
    "urls": "a file with one http or https address a line",
    "limit": "a number of articles, at least 1",
    "budget": "the seconds that a run may take in all, above 0",
    "due": "all, to visit every listing now",
    "since": "a date or an instant, in UTC unless it names an offset: 2025-08-13 or 2025-08-13T06:00+02:00",
    "shard": "INDEX/COUNT, the INDEX from 0: 0/4, 1/4, 2/4 and 3/4 together visit every publisher once",
    "hosts": "further hosts, separated by commas, whose pages the site, feed or sitemap may name, in lower case; * for any",
}
# What scrapyd gives every spider of its own: https://scrapyd.readthedocs.io/en/latest/api.html#schedule-json
_SCHEDULERS = frozenset({"_job", "_version"})
_SOURCES = ("publishers", "site", "feed", "sitemap", "urls")


@dataclass(frozen=True, slots=True)
class Plan:
    """Publishers to visit by their files, sites to look over, single listings, given links; `limit` articles at most.

    `due_only` is whether listings that bring nothing yet are passed over; of listings with dates nothing before `since` is taken.
    """

    publishers: tuple[Publisher, ...] = ()
    sites: tuple[tuple[str, Publisher], ...] = ()
    feed: str | None = None
    sitemap: str | None = None
    links: tuple[Link, ...] = ()
    limit: int | None = None
    budget_s: float | None = None
    due_only: bool = False
    since: datetime | None = None

    @property
    def scheduled(self) -> tuple[Publisher, ...]:
        """The publishers whose listings are remembered from run to run; a listing given by its address is always read whole."""
        return () if self.feed or self.sitemap or self.links else self.publishers

    def listings(self, feed_priority: int, sitemap_priority: int) -> Iterator[tuple[str, Publisher, int]]:
        """(address, publisher, priority) of every listing that is known from the start."""
        single = self.publishers[0] if self.feed or self.sitemap else None
        if single:
            yield (self.feed, single, feed_priority) if self.feed else (str(self.sitemap), single, sitemap_priority)
            return
        if self.sites or self.links:
            return
        for publisher in self.publishers:
            yield from ((url, publisher, feed_priority) for url in publisher.discover.feeds)
            yield from ((url, publisher, sitemap_priority) for url in publisher.discover.sitemaps)
            yield from ((url, publisher, sitemap_priority) for url in publisher.discover.sections)


def plan_of(settings: BaseSettings, given: Mapping[str, object]) -> Plan:
    """The plan of a spider's arguments. Raises ConfigurationError with the argument's name and what is allowed."""
    arguments = _arguments({name: value for name, value in given.items() if name not in _SCHEDULERS})
    budget_s = arguments.budget or settings.getfloat("NEWS_RUN_SECONDS", RUN_SECONDS)
    return replace(_visited(arguments, load(settings)), limit=arguments.limit, budget_s=budget_s or None)


def _visited(arguments: Arguments, known: Mapping[str, Publisher]) -> Plan:
    named = [name for name in _SOURCES if getattr(arguments, name) is not None]
    if len(named) > 1:
        raise ConfigurationError(f"-a {named[0]} and -a {named[1]}: give one of {', '.join(_SOURCES)}")
    if arguments.shard and named not in ([], ["publishers"]):
        raise ConfigurationError(f"-a shard and -a {named[0]}: only the publishers of files are shared out")
    if arguments.urls:
        links = tuple(_links(arguments.urls, known))
        visited = {link.publisher: publisher_of(link.url, known.values()) for link in links}
        return Plan(publishers=tuple(visited.values()), links=links)
    address = arguments.site or arguments.feed or arguments.sitemap
    if arguments.hosts and address is None:
        raise ConfigurationError("-a hosts: give it with one of site, feed, sitemap; a publisher's file has link_hosts")
    if address is None:
        return Plan(
            publishers=tuple(_of_shard(arguments.shard, _chosen(arguments.publishers, known))),
            due_only=arguments.due is None and arguments.since is None,
            since=arguments.since,
        )
    publisher = publisher_of(address, known.values())
    # Who names a feed of a site without a file means what it lists; what a site's own pages lead to is held to that site.
    is_named = arguments.site is None and publisher.id not in known
    link_hosts = (*publisher.discover.link_hosts, *(arguments.hosts or ((ANY,) if is_named else ())))
    publisher = publisher.model_copy(update={"discover": publisher.discover.model_copy(update={"link_hosts": link_hosts})})
    sites = ((address, publisher),) if arguments.site else ()
    return Plan((publisher,), sites, arguments.feed, arguments.sitemap, since=arguments.since)


def _arguments(given: Mapping[str, object]) -> Arguments:
    try:
        return Arguments.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
    if name not in ALLOWED:
        raise ConfigurationError(f"-a {name}: no such argument; allowed are {', '.join(ALLOWED)}")
    raise ConfigurationError(f"-a {name}={given[name]}: allowed is {ALLOWED[name]}")


def _chosen(ids: str | None, known: Mapping[str, Publisher]) -> Iterator[Publisher]:
    if ids is None:
        if not known:
            raise ConfigurationError(
                "no publisher file was found; name a folder of them in NEWS_PUBLISHERS, or give -a site=URL"
            )
        yield from known.values()
        return
    names = list(dict.fromkeys(filter(None, (part.strip() for part in ids.split(",")))))
    if not names:
        raise ConfigurationError(f"-a publishers={ids}: allowed is {ALLOWED['publishers']}")
    for name in names:
        if name not in known:
            raise ConfigurationError(f"-a publishers={name}: no such publisher; known are {', '.join(sorted(known)) or 'none'}")
        yield known[name]


def _of_shard(shard: Shard | None, publishers: Iterable[Publisher]) -> Iterator[Publisher]:
    return (publisher for publisher in publishers if shard is None or shard.has(publisher.id))


def _links(path: Path, known: Mapping[str, Publisher]) -> Iterator[Link]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"-a urls={path}: cannot be read: {error}; name {ALLOWED['urls']}") from None
    for number, line in enumerate(lines, 1):
        url = line.strip()
        if url and not url.startswith("#"):
            if not _is_address(url):
                raise ConfigurationError(f"{path}:{number}: {url[:80]} is no http or https address")
            yield Link(url, publisher_of(url, known.values()).id, Via.GIVEN, source_url=None)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
